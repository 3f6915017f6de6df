"""The lead: has each part of a question looked up, then the figures counted, and tells both."""

import re
from enum import StrEnum

from agents.fact_sheet.workers import NO_FIGURES, NOT_FOUND
from agents.requests.our_rules import without_rules
from agents.sourced.quotes import asked_in
from agents.sourced.says import NOTHING, nothing, says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, HandOffs, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.flows.supervisor import assigned, plan_of
from switchboard.search.words import terms

PARTS = re.compile(r"[?.;,]\s|\b(?:and|or|versus|compared with)\b", re.I)
LEANS = re.compile(r"\b(?:it|its|they|them|their|sie|er|ihr\w{0,2}|elle|il|elles|ils|ella|ello)\b", re.I)
"""What stands for something that another part names."""
MOST_PARTS, LONGEST = 4, 1000


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
        told = [says(view, "figures", figures=counted[-1])] if counted[-1] != NO_FIGURES else []
        told += [says(view, "nothing_on", parts="; ".join(dict.fromkeys(missing)))] if missing else []
        return Say("\n".join([*dict.fromkeys("\n".join(found).splitlines()), *told]))
    if found:
        return HandOff(Worker.RECKONER, "\n".join(found))
    asked_anew = view.asked in NOTHING
    text = without_rules(view.latest if asked_anew else view.text)
    parts = parts_of(text)
    if view.branches and not (asked_anew and set(parts) - {one.task for one in searched}):
        return nothing(view)
    if not parts:
        return Say(says(view, "which"), asks=True)
    return Unsure(HandOffs(tuple(HandOff(Worker.SEARCHER, part) for part in parts)))


def parts_of(text: str) -> list[str]:
    """The parts of a question, each once, of a long text the questions in it; one that leans on another stays with it."""
    parts: list[str] = []
    for part in (one.strip(" ?!.") for one in PARTS.split(asked_in(text, LONGEST)) if terms(one)):
        if parts and LEANS.search(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return list(dict.fromkeys(parts))[:MOST_PARTS]


agent = AgentSpec(
    name="lead",
    description="Assigns the parts of a question, and tells what came of them.",
    prompt=PROMPT,
    rules_first=True,
    output=plan_of(Worker),
    read=assigned,
    without_model=without_model,
)
