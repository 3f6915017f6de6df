"""Hire: what a bicycle costs for so many days."""

import re

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

PER_DAY = 15
NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
DAYS = re.compile(r"\b(\d{1,2}|a|one|two|three|four|five|six|seven) (day|week)s?\b", re.IGNORECASE)


def without_model(view: View) -> Move:
    """What the rules do: a pure function of what the agent can see. It asks, or it answers."""
    found = DAYS.search(view.text)
    if not found:
        return Say("For how many days would you like the bicycle?", asks=True)
    days = int(NUMBERS.get(found[1].lower(), found[1])) * (7 if found[2].lower() == "week" else 1)
    return Say(f"A bicycle costs {PER_DAY}.00 EUR a day: {days * PER_DAY}.00 EUR in all.")


agent = AgentSpec(
    name="hire",
    description="Bicycles for hire, by the day: what they cost.",
    prompt=f"You tell what it costs to hire a bicycle: {PER_DAY}.00 EUR a day. Ask for how many days, where that is not said.",
    without_model=without_model,
)
