"""Entities: the names, amounts, dates and addresses of a text."""

import re

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

ENTITIES = {
    "addresses": re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}\b"),
    "amounts": re.compile(r"[$€£]\s?\d(?:[\d.,]{0,20}\d)?|(?<![\d.,])\d[\d.,]{0,20} ?(?:dollars|euros?|USD|EUR|kWh|%)"),
    "dates": re.compile(r"\b\d{4}-\d\d-\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"),
    "names": re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{1,40}(?: [A-Z][a-z]{1,40})?\b(?<!day)"),
}


def without_model(view: View) -> Move:
    found = {kind: list(dict.fromkeys(form.findall(view.text))) for kind, form in ENTITIES.items()}
    return Say(
        "; ".join(f"{says(view, kind)}: {', '.join(all_of)}" for kind, all_of in found.items() if all_of) or says(view, "none")
    )


agent = AgentSpec(
    name="entities",
    description="Finds names, amounts, dates and addresses.",
    prompt="List the names, amounts, dates and addresses of the text, as they stand in it. One line.",
    rules_first=True,
    without_model=without_model,
)
