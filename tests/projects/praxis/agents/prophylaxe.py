"""Prophylaxe: was die professionelle Zahnreinigung für so viele Personen kostet."""

import re

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

PRICE = 95
NUMBERS = {"eine": 1, "einen": 1, "mich": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5}
PEOPLE = re.compile(r"\b(\d|eine|einen|mich|zwei|drei|vier|fünf)\b", re.IGNORECASE)


def without_model(view: View) -> Move:
    found = PEOPLE.search(view.text)
    if not found:
        return Say("Für wie viele Personen soll die Zahnreinigung sein?", asks=True)
    people = int(NUMBERS.get(found[1].lower(), found[1]))
    return Say(f"Eine professionelle Zahnreinigung kostet {PRICE},00 EUR, zusammen {people * PRICE},00 EUR.")


agent = AgentSpec(
    name="prophylaxe",
    description="Die professionelle Zahnreinigung: was sie kostet.",
    prompt=f"Sie sagen, was die professionelle Zahnreinigung kostet: {PRICE},00 EUR je Person.",
    without_model=without_model,
)
