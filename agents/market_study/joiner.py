"""The joiner: the market and what the sources say, one below the other."""

from agents.sourced.says import says, tells_something
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

HEADINGS = {"market": "market", "researcher": "sources_say"}


def without_model(view: View) -> Move:
    found = {one.speaker: one.text or says(view, "not_found_out") for one in view.branches}
    if not tells_something(view.text) or not any(text.startswith("- ") for text in found.values()):
        return Say(says(view, "which_goods"), asks=True)
    return Say("\n".join(f"{says(view, heading)}\n{found[name]}" for name, heading in HEADINGS.items()))


agent = AgentSpec(
    name="joiner",
    description="Joins the market and what the sources say.",
    prompt="You join what two colleagues found.",
    rules_first=True,
    without_model=without_model,
)
