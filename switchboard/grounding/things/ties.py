"""Whether what a text says of a thing is a fact of that thing, and not of another one that the case knows too."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.things.beside import is_their_total, wrong_among_all
from switchboard.grounding.things.clauses import wrong_of_a_clause
from switchboard.grounding.things.reading import BOUNDARY, Reading
from switchboard.grounding.things.records import Fact, Family, Thing, families_of, says_something
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import begun, folded, sentences

SEGMENT = re.compile(r";\s+")
IN_BRACKETS = re.compile(r"\([^()]{1,80}\)")
HAS = listed("contains contain includes include has enthalt contient comprend contiene incluye")
MORE_THAN_A_NAME = 3
"""Words of a field that tells something, such as where something is."""
NEXT = 3
OF = listed("of from vom du del de")


def tied_wrongly(evidence: Evidence, text: str, language: str) -> str | None:
    """The first fact of a text that is one of another thing than the text says; None where each is of its own."""
    for family in families_of(evidence):
        if not family.things:
            continue
        asked = Reading(evidence, family, language, evidence.said_last, [], named=False) if not family.of_rows else None
        before, named = _only(family) or (asked.spoken_of() if asked else []), False
        for sentence in sentences(text):
            for part in SEGMENT.split(sentence):
                reading = Reading(evidence, family, language, part, before, named=named)
                wrong = _wrong(reading)
                if wrong:
                    return f"{part[:120]!r} ({wrong})"
                named = named or bool(reading.groups)
                before = reading.spoken_of() or before
    return None


def _only(family: Family) -> list[Thing]:
    """What is spoken of where nothing is named: the one thing that there is."""
    roots = [one for one in family.roots() if one.called]
    return roots if len(roots) == 1 and len(family.roots()) <= 2 else []


def _wrong(reading: Reading) -> str | None:
    """What is said of the wrong thing, or put into it."""
    if "?" in reading.text:
        return None
    for one, other in pairwise(reading.groups):
        between = {folded(t[0]) for t in reading.tokens if one.end <= t.start() < other.start}
        of_parts = {a.parent is None for a in one.things} != {b.parent is None for b in other.things}
        joined = of_parts and (other.complement or between & HAS) and not reading.is_apart(one.end, other.start)
        if joined and not any(a.related(b) for a in one.things for b in other.things):
            return reading.text[other.start : other.end]
    wrong = _beside_another(reading) or _elsewhere(reading) or wrong_among_all(reading)
    if wrong:
        return wrong
    facts = reading.facts()
    strange = next((reading.text[start:end] for start, end, fact in facts if not _is_so(reading, start, end, fact)), None)
    return strange or (wrong_of_a_clause(reading) if reading.family.of_rows else None)


def _beside_another(reading: Reading) -> str | None:
    """A name in brackets behind the name of something else: "the lamp (number 7)"."""
    names, begins = reading.family.names(), 0
    for match in IN_BRACKETS.finditer(reading.text):
        last = max([begins, *(m.end() for m in BOUNDARY.finditer(reading.text, begins, match.start()))])
        begins = match.end()
        outside, inside = (
            [one for place, token in enumerate(reading.tokens) if a <= token.start() < b for one in reading.of(names, place)]
            for a, b in ((last, match.start()), match.span())
        )
        if outside and inside and not any(one.related(other) for one in outside for other in inside):
            return match[0]
    return None


def _elsewhere(reading: Reading) -> str | None:
    """A place that is put to what a field tells in its own words, and that is another field's: held in Seattle."""
    tops = [thing for group in reading.groups for thing in group.things] or reading.before
    for thing in {one.top() for one in tops}:
        texts = [{one[1] for one in own if one[0] == "word"} for own in thing.fields.values()]
        for text in (one for one in texts if len(one) > MORE_THAN_A_NAME):
            for verb, where, place in zip(reading.tokens, reading.tokens[1:], reading.tokens[2:], strict=False):
                here = folded(verb[0]) in text and folded(where[0]) in ("in", "at", "near") and place[0][0].isupper()
                if here and folded(place[0]) not in text and any(folded(place[0]) in one for one in texts):
                    return place[0]
    return None


def _is_so(reading: Reading, start: int, end: int, fact: Fact) -> bool:
    """Whether it is a fact of what it is said of, and of the field that is named beside it."""
    things, strict, every = reading.said_of(start)
    if not things:
        return True
    beside = [g.things for g in reading.groups if 0 < g.start - start < 40 and not reading.is_apart(start, g.start)]
    allowed = [*things, *(beside[0] if beside and fact[0] == "word" else ())]
    if fact[0] == "cents" and not strict:
        allowed += [
            one
            for thing in things
            for one in (*thing.above(), *(thing.below() if reading.language != "en" or not reading.named else ()))
        ]
    before = [group.end for group in reading.groups if group.end <= start][-1:]
    if fact[0] == "cents" and strict and before and reading.is_apart(before[0], start):  # a clause of its own: of the whole
        allowed += [one for thing in things for one in thing.above()]
    if every:
        return all(thing.holds(fact) for thing in things)
    if not is_their_total(reading, fact, things) or not any(thing.holds(fact) for thing in allowed):
        return False
    asked = _field(reading, start, end, fact, allowed)
    every_one = [*allowed, *(above for thing in allowed for above in thing.above())]
    if not asked:
        return _is_the_first(reading, start, fact, allowed)
    return any(fact in thing.fields.get(name, ()) for thing in every_one for name in asked)


def _is_the_first(reading: Reading, start: int, fact: Fact, things: Sequence[Thing]) -> bool:
    """Whether what is told as the day "of" a thing is the first of its days."""
    before = [token for token in reading.tokens if token.end() <= start][-2:]
    if fact[0] != "day" or not before or folded(before[-1][0]) not in OF:
        return True
    behind_it = any(0 <= before[-1].start() - group.end < NEXT for group in reading.groups)
    if not behind_it and not folded(before[0][0]).startswith("dat"):  # "it dates from", "datiert vom"
        return True
    dates = [one[1] for thing in things for one in thing.own if one[0] == "date"]
    return not dates or bool(fact[1] == (min(dates).month, min(dates).day))


def _field(reading: Reading, start: int, until: int, fact: Fact, things: Sequence[Thing]) -> list[str]:
    """The fields of that kind that the word nearest before a fact names; else the word next behind it."""
    things = [*things, *(one for thing in things for one in thing.above() if fact[0] != "cents")]
    fields = {name for thing in things for name, own in thing.fields.items() if any(one[0] == fact[0] for one in own)}
    if fact[0] not in ("cents", "day", "id"):
        return []
    last = max((end for a, end, one in reading.told if one[0] == fact[0] and end <= start), default=0)
    last = max([last, *(m.end() for m in BOUNDARY.finditer(reading.text[:start]))])
    behind = [t for t in reading.tokens if t.start() >= until and not re.search(r"\d", t[0])][:1]
    for token in (*[t for t in reading.tokens if last <= t.start() and t.end() <= start][::-1], *behind):
        found = [name for name in fields if _names(reading, folded(token[0]), name, fact[0], things)]
        if found:
            return found
    return []


def _names(reading: Reading, word: str, name: str, kind: str, things: Sequence[Thing]) -> bool:
    """Whether a word names a field: by its name, by another word for it, or by what it says around a day."""
    if not says_something(word):
        return False
    states: Iterable[tuple[str, str]] = reading.evidence.vocabulary.states
    other = any(name.startswith(row) and word.startswith(tuple(forms.split())) for row, forms in states)
    around = kind == "day" and any(("word", word) in thing.fields.get(name, ()) for thing in things)
    return other or around or (word == name if kind == "cents" else begun(word) == begun(name))
