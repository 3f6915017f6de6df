"""The lead: has each part of a question looked up, then the figures counted, and tells both."""

import re
from enum import StrEnum

from agents.sourced.quotes import NOTHING
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, HandOffs, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.flows.supervisor import assigned, plan_of
from switchboard.search.words import terms

PARTS = re.compile(r"[?.;,]\s|\b(?:and|or|versus|compared with)\b", re.I)
MOST_PARTS = 4


class Worker(StrEnum):
    SEARCHER = "searcher"
    RECKONER = "reckoner"


PROMPT = """\
You lead. Split the question into the parts that an answer needs, and give each as a task of its own to the searcher, who \
sees nothing but that: name the thing that it is about."""


def without_model(view: View) -> Move | Unsure:
    found = [one.text for one in view.branches if one.speaker == Worker.SEARCHER and one.text.startswith("- ")]
    counted = [one.text for one in view.branches if one.speaker == Worker.RECKONER]
    if counted:
        return Say("\n".join([*dict.fromkeys("\n".join(found).splitlines()), f"Figures in this: {counted[-1]}"]))
    if found:
        return HandOff(Worker.RECKONER, "\n".join(found))
    if view.branches:
        return Say(NOTHING, asks=True)
    parts = [part for part in PARTS.split(view.text) if terms(part)][:MOST_PARTS]
    return Unsure(HandOffs(tuple(HandOff(Worker.SEARCHER, part.strip()) for part in parts or [view.text])))


agent = AgentSpec(
    name="lead",
    description="Assigns the parts of a question, and tells what came of them.",
    prompt=PROMPT,
    rules_first=True,
    output=plan_of(Worker),
    read=assigned,
    without_model=without_model,
)
