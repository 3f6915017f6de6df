"""The lead: has each part of a question looked up, then the figures counted, and tells both."""

import re
from enum import StrEnum

from agents.fact_sheet.workers import NOT_FOUND
from agents.requests.our_rules import without_rules
from agents.sourced.quotes import NOTHING
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, HandOffs, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.flows.supervisor import assigned, plan_of
from switchboard.search.words import terms

PARTS = re.compile(r"[?.;,]\s|\b(?:and|or|versus|compared with)\b", re.I)
MOST_PARTS = 4
WHICH = "I did not understand what you would like to know. Which question can I look up in the sources?"


class Worker(StrEnum):
    SEARCHER = "searcher"
    RECKONER = "reckoner"


PROMPT = """\
You lead. Split the question into the parts that an answer needs, and give each as a task of its own to the searcher, who \
sees nothing but that: name the thing that it is about."""


def without_model(view: View) -> Move | Unsure:
    searched = [one for one in view.branches if one.speaker == Worker.SEARCHER]
    found = [one.text for one in searched if one.text.startswith("- ")]
    counted = [one.text for one in view.branches if one.speaker == Worker.RECKONER]
    if counted:
        missing = [one.task for one in searched if one.text == NOT_FOUND]
        told = [f"The sources hold nothing on this: {'; '.join(missing)}."] if missing else []
        return Say("\n".join([*dict.fromkeys("\n".join(found).splitlines()), f"Figures in this: {counted[-1]}", *told]))
    if found:
        return HandOff(Worker.RECKONER, "\n".join(found))
    asked_anew = view.asked == NOTHING
    text = without_rules(view.latest if asked_anew else view.text)
    parts = [part.strip() for part in PARTS.split(text) if terms(part)][:MOST_PARTS]
    if view.branches and not (asked_anew and set(parts) - {one.task for one in searched}):
        return Say(NOTHING, asks=True)
    if not parts:
        return Say(WHICH, asks=True)
    return Unsure(HandOffs(tuple(HandOff(Worker.SEARCHER, part) for part in parts)))


agent = AgentSpec(
    name="lead",
    description="Assigns the parts of a question, and tells what came of them.",
    prompt=PROMPT,
    rules_first=True,
    output=plan_of(Worker),
    read=assigned,
    without_model=without_model,
)
