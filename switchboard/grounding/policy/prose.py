"""What somebody wrote in a record of another side carries nothing that is said as ours: it may be quoted."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from switchboard.declare.transcript import Entry
from switchboard.grounding.carried import light, telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, folded, plain, sentences, words
from switchboard.plays.prose import LINK, parted
from switchboard.reading.languages import SPOKEN, languages

QUOTED = re.compile(r"[„“”\"«]([^„“”\"«»]{1,400})[“”\"»]")
BEFORE = re.compile(r"[.!?]\s|\n")
MOST_BEFORE, FEW = 120, 2
"""Characters before a quotation in which a record is named; and words of a record alone that make a sentence one of it."""


def without_prose(transcript: Sequence[Entry], remote: Collection[str]) -> tuple[list[Entry], list[str]]:
    """A transcript without the prose in results of these tools, and that."""
    lines, prose = list[Entry](), list[str]()
    for line in transcript:
        if line.kind == "result" and line.tool in remote:
            result, found = parted(line.result)
            prose += found
            line = replace(line, result=result) if found else line
        lines.append(line)
    return lines, prose


def without_quotations(prose: Sequence[str], text: str) -> str:
    """A text without the quotations of a record, where it says before them that a record says so."""
    return QUOTED.sub(lambda quoted: "" if _is_of_record(prose, text, quoted) else quoted[0], text) if prose else text


def _is_of_record(prose: Sequence[str], text: str, quoted: re.Match[str]) -> bool:
    before = BEFORE.split(text[max(0, quoted.start() - MOST_BEFORE) : quoted.start()])[-1]
    if LINK.search(quoted[1]) or not any(word.startswith(_records()) for word in words(before)):
        return False
    held = [_run(one) for one in prose]
    return all(any(_run(part) in one for one in held) for part in quoted[1].split("…") if words(part))


def _run(text: str) -> str:
    return f" {' '.join(words(plain(text)))} "


@cache
def _records() -> tuple[str, ...]:
    return tuple(folded(word) for code in SPOKEN for word in languages()[code].record)


def told_as_ours(evidence: Evidence, text: str, tongue: Tongue) -> str | None:
    """The first sentence that says what stands in a record's prose and nowhere else; None where there is none."""
    if not evidence.prose:
        return None
    known = evidence.told_words | evidence.customer_words | light(tongue) | {begun(w) for w in words(plain(evidence.policy))}
    held = [(frozenset(map(begun, words(plain(one)))), _run(one)) for one in evidence.prose]
    for sentence in sentences(text):
        new = {word for word in telling(sentence, tongue) if word not in known}
        if any(len(new & beginnings) >= FEW or (new and _run(sentence) in run) for beginnings, run in held):
            return sentence
    return None
