"""The planner: splits a question into the parts that an answer needs, each for a researcher."""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, Field

from agents.reasons import Reason
from agents.research.computing import COMPUTES
from agents.research.findings import PART_OF, bare
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, HandOffs, Unsure
from switchboard.declare.transcript import View
from switchboard.search.words import terms

PROMPT = """\
You plan how a question is answered from a folder of source documents. Split it into the parts that an answer needs, at most \
six, each a question of its own that names what it is about, the most important first. A question that is about one thing is \
one part. You do not answer it."""
MOST_PARTS = 6
MOST_BY_RULES = 4
LONGEST = 300
"""Characters of a part."""
SIDES = re.compile(
    r"(?<![?!.;\n])[?!.;\n]+(?:\s|$)|\b(?:compared? (?:with|to)|versus|vs\.?|(?:better|cheaper|safer|rather) than|and|or"
    r"|und|oder|im vergleich (?:zu|mit)|et|ou|par rapport (?:à|aux?)|y|en comparación con)\b",
    re.I,
)


NAME = r"(?:the\s|an?\s)?[A-Z][\w.+-]{0,30}(?:\s[A-Z][\w.+-]{0,30})?"
SHARED = re.compile(rf"(?P<one>{NAME}) and (?P<other>{NAME})\s(?P<rest>[^,;.?!\n]{{1,200}})(?=[?!.;\n]|$)")
"""Two names of which the same is asked."""

LEANS = re.compile(r"\b(?:it|its|they|them|their|he|she|him|her|sie|er|ihn|ihnen|elles?|ils?|ellas?|ellos?)\b", re.I)
"""What stands for something that another part names: alone such a part asks about anything."""


IT = re.compile(r"\b(?:it|they|them)\b", re.I)
SUBJECT = re.compile(
    r"(?:how \w{2,20}|what|where|who) (?:is|are|was|were) ((?:(?:an?|the|my|our|your) )?[\w-]{2,30}(?: [\w-]{1,30}){0,3})", re.I
)
"""A question about one thing, which other parts call "it"."""


HOW = ("how", "much", "many")
VERBS = ("need", "needs", "want", "wants", "take", "takes", "have", "made", "used")
"""Words that say little alone, and belong to the telling ones behind or before them."""


class Parts(BaseModel):
    """The parts of a question, the most important first."""

    parts: list[str] = Field(min_length=1, max_length=MOST_PARTS)


def without_model(view: View) -> Unsure:
    return Unsure(handed_out(queries(view.text), view.text))


def read(plan: Parts, view: View) -> HandOffs:
    parts = list(dict.fromkeys(" ".join(part.split())[:LONGEST] for part in plan.parts if terms(part)))
    return handed_out(parts or queries(view.text), view.text)


def handed_out(parts: list[str], question: str) -> HandOffs:
    """The parts as tasks, each with the question that it is a part of where there are several."""
    whole = f"{PART_OF}{' '.join(question.split())[:LONGEST]}" if len(parts) > 1 else ""
    tasks = (HandOff("researcher", f"{part}{whole}", reason=Reason.PART) for part in parts)
    computing = (HandOff("table_analyst", question[:LONGEST], reason=Reason.COMPUTE),) if COMPUTES.search(question) else ()
    return HandOffs((*tasks, *computing), are_tasks=True)


def queries(question: str) -> list[str]:
    """The whole question, then its parts: its sentences, and the sides of a comparison or a list."""
    whole = bare(" ".join(question.split())[:LONGEST]) or "?"
    sides = [side.strip() for side in SIDES.split(SHARED.sub(shared, question[: 4 * LONGEST])) if terms(side)]
    telling = [part for side in named(sides) if not leans(side) and (part := trimmed(side))]
    return list(dict.fromkeys([whole, *(telling if len(sides) > 1 else [])]))[:MOST_BY_RULES]


def named(sides: Sequence[str]) -> Iterator[str]:
    """The sides, with what the first one asks about in the place of the "it" of others."""
    subject = SUBJECT.fullmatch(sides[0]) if sides else None
    for side in sides:
        yield IT.sub(subject[1], side) if subject else side


def shared(found: re.Match[str]) -> str:
    """Two names and what is asked of both, once for each: "the oak and the elm keep leaves" asks of each whether it does."""
    one, other, rest = found["one"], found["other"], found["rest"]
    return f"{one} {rest} and {other} {rest}"


def leans(side: str) -> bool:
    """Whether a side is about something that another one names, as "how long does it last" is; a name before it is its own."""
    found = LEANS.search(side)
    return found is not None and not any(terms(name) for name in re.findall(r"[A-Z][\w.+-]*", side[: found.start()]))


def trimmed(part: str) -> str:
    """A part without the words at its ends that say nothing: "How do heat pumps" becomes "heat pumps"."""
    words = [word.strip(" ,:()") for word in part.split()]
    telling = [n for n, word in enumerate(words) if terms(word)]
    if not telling:
        return ""
    begins, ends = telling[0], telling[-1] + 1
    while begins and words[begins - 1].lower() in HOW:
        begins -= 1
    while ends < len(words) and words[ends].lower() in VERBS:
        ends += 1
    return " ".join(words[begins:ends])[:LONGEST]


agent = AgentSpec(
    name="planner",
    description="Splits a question into the parts that researchers look into.",
    prompt=PROMPT,
    output=Parts,
    read=read,
    without_model=without_model,
    model="strong",
)
