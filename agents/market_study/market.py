"""The market: how many companies of the file make what a question names, where, how large, and since when."""

from collections.abc import Mapping
from typing import Any

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say, call
from switchboard.declare.transcript import View
from tools.outreach.companies import market_figures

LONGEST = 500
"""Characters of what is looked for."""


def without_model(view: View) -> Move:
    counted = view.last(market_figures.name)
    if counted is None:
        return call(market_figures.name, words=" ".join(view.text.split())[:LONGEST])
    if not counted.done:
        return Say(f"It could not be counted: {counted.text}")
    return Say(told(counted.result, view) if counted.result["makers"] else says(view, "no_makers"))


def told(figures: Mapping[str, Any], view: View) -> str:
    """The figures in sentences, each of which says a number of the file."""
    regions = ", ".join(f"{region} ({count})" for region, count in figures["regions"].items())
    people = figures["people"]
    lines = [says(view, "makers", number=str(figures["makers"]), all=str(figures["candidates"]))]
    lines += [says(view, "regions", regions=regions)] if regions else []
    if people:
        least, half, most = map(str, people)
        lines.append(says(view, "people", least=least, half=half, most=most))
    lines += [says(view, "oldest", year=str(figures["oldest"]))] if figures.get("oldest") else []
    return "\n".join(f"- {line}" for line in lines)


agent = AgentSpec(
    name="market",
    description="Counts the companies that make what a question names.",
    prompt="You count the companies that make what a question names.",
    tools=(market_figures,),
    rules_first=True,
    without_model=without_model,
)
