"""Intake, while a complaint is `received`: sees to it that it says what happened, and when."""

import re

from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say
from switchboard.declare.transcript import View

WHEN = re.compile(
    r"\b(?:today|yesterday|since|last|ago|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,4}[-./]\d{1,2}|"
    r"heute|gestern|seit|letzte[nmrs]?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"aujourd'hui|depuis|dernière?|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"hoy|ayer|desde|pasad[oa]|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
MOST_QUESTIONS = 2


def without_model(view: View) -> Move:
    if not WHEN.search(view.text) and view.questions < MOST_QUESTIONS:
        return Say(says(view, "when_again" if view.questions else "when"), asks=True)
    return HandOff("assessor", "It says what happened and when." if WHEN.search(view.text) else "It does not say when.")


agent = AgentSpec(
    name="intake",
    description="Takes complaints in.",
    prompt="You take complaints in.",
    rules_first=True,
    without_model=without_model,
)
