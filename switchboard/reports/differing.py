"""What sources say against each other: sentences of several documents that are alike but for a number, a negation or a name."""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from switchboard.reports.report import Reference, Statement
from switchboard.reports.words.stems import stems
from switchboard.search.copies import COUNTED, NAME, NEGATION, NUMBER, numbers_in
from switchboard.search.passages import Passage

MOST = 4
LEAST_SHARED = 2
"""Telling words that two sentences have in common, which say the same of nothing else."""
ASKS_NAME = re.compile(
    r"\b(?:who|whose|where|which|what|wer|wo|welche[mnrs]?|qui|où|quel(?:le)?|quién|dónde|cuál)\b", re.IGNORECASE
)
IS_ONE = re.compile(r"\b(?:is|was|ist|war|est|était|es|era|fue)\b", re.IGNORECASE)
"""What a name follows that is the only one: "we sell in Oslo" does not speak against "we sell in Rome"."""


def disagreements(
    question: str, references: Sequence[Reference], resolve: Callable[[str], Passage | None]
) -> tuple[tuple[Statement, ...], ...]:
    """The groups of quotes that cannot all be true of what is asked; rows of tables, which are of other things each, are none.

    Where a heading names what is asked about and a sentence does not, those below other headings are about something else.
    """
    asked = stems(question)
    groups: dict[tuple[frozenset[str], frozenset[str], str], list[Reference]] = {}
    for one in references:
        passage = resolve(one.citation)
        if passage is None or one.quote.startswith("|"):
            continue
        above = stems(f"{passage.title} {passage.heading} {PurePath(passage.source).stem}")
        left = asked & above - stems(one.quote)
        frame = stems(COUNTED.sub(" ", NUMBER.sub(" ", NEGATION.sub(" ", one.quote))))
        if len(frame) >= LEAST_SHARED:
            groups.setdefault((frame, left, ""), []).append(one)
        if begun := _before_name(question, one.quote):
            groups.setdefault((stems(NAME.sub(" ", one.quote)), left, begun), []).append(one)
    found = [
        tuple(dict.fromkeys(_statement(one) for one in group))
        for (_, _, begun), group in groups.items()
        if len({one.citation.partition("#")[0] for one in group}) > 1 and len({_telling(one.quote, begun) for one in group}) > 1
    ]
    return tuple(found[:MOST])


def _before_name(question: str, sentence: str) -> str:
    """What stands before the name that a question asks for; "" where it asks for none, or there may be several."""
    name = NAME.search(sentence)
    begun = sentence[: name.start()] if name and ASKS_NAME.search(question) else ""
    return " ".join(begun.lower().split()) if IS_ONE.search(begun) else ""


def _telling(sentence: str, begun: str) -> tuple[object, ...]:
    if begun:
        return tuple(sorted(set(NAME.findall(sentence))))
    return frozenset(numbers_in(sentence)), bool(NEGATION.search(sentence))


def _statement(one: Reference) -> Statement:
    return Statement(text=one.quote, references=(one.number,))
