"""The joiner: the market and what the sources say, one below the other."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

HEADINGS = {"market": "The market:", "researcher": "What the sources say:"}
NOT_FOUND = "Neither the companies' file nor the sources hold anything on this. Which goods is it about?"


def without_model(view: View) -> Move:
    found = {one.speaker: one.text or "It was not found out." for one in view.branches}
    if not any(text.startswith("- ") for text in found.values()):
        return Say(NOT_FOUND, asks=True)
    return Say("\n".join(f"{heading}\n{found[name]}" for name, heading in HEADINGS.items()))


agent = AgentSpec(
    name="joiner",
    description="Joins the market and what the sources say.",
    prompt="You join what two colleagues found.",
    rules_first=True,
    without_model=without_model,
)
