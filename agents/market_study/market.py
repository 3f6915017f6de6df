"""The market: how many companies of the file make what a question names, where, how large, and since when."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.outreach.companies import market_figures

LONGEST = 500
"""Characters of what is looked for."""
NOTHING = "No company of the file makes what the question names."


def without_model(view: View) -> Move:
    counted = view.last(market_figures.name)
    if counted is None:
        return call(market_figures.name, words=" ".join(view.text.split())[:LONGEST])
    if not counted.done:
        return Say(f"It could not be counted: {counted.text}")
    return Say(told(counted.result) if counted.result["makers"] else NOTHING)


def told(figures: Mapping[str, Any]) -> str:
    """The figures in sentences, each of which says a number of the file."""
    regions = ", ".join(f"{region} ({count})" for region, count in figures["regions"].items())
    people = figures["people"]
    return "\n".join(
        line
        for line in (
            f"- {figures['makers']} of {figures['candidates']} companies make it.",
            f"- They are in {regions}." if regions else "",
            f"- They have {people[0]} to {people[2]} people, half of them up to {people[1]}." if people else "",
            f"- The oldest has been at work since {figures['oldest']}." if figures.get("oldest") else "",
        )
        if line
    )


agent = AgentSpec(
    name="market",
    description="Counts the companies that make what a question names.",
    prompt="You count the companies that make what a question names.",
    tools=(market_figures,),
    rules_first=True,
    without_model=without_model,
)
