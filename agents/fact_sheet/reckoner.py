"""The reckoner: the figures of a text with their units."""

import re

from agents.fact_sheet.workers import NO_FIGURES
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

FIGURE = re.compile(
    r"(?<![\d.,])-?\d[\d.,]{0,20}(?: to \d[\d.,]{0,20})? ?(?:%|°C|kWh|kW|years|decibels|minutes|hours|metres|litres|dollars)"
)


def without_model(view: View) -> Move:
    return Say("; ".join(dict.fromkeys(FIGURE.findall(view.text))) or NO_FIGURES)


agent = AgentSpec(
    name="reckoner",
    description="Lists the figures of a text.",
    prompt="You list the figures of a text with their units.",
    rules_first=True,
    without_model=without_model,
)
