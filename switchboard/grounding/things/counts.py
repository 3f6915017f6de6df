"""How many a text says there are of something, and which one of several alternatives a thing is said to be."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from switchboard.declare.transcript import as_json
from switchboard.grounding.evidence import Evidence, passages_of
from switchboard.grounding.figures import COUNTS
from switchboard.grounding.things.records import Thing, says_something
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun

TIMES = {"once": 1, "twice": 2, "einmal": 1, "zweimal": 2, "dreimal": 3}


def another_count(evidence: Evidence, said: Sequence[str], things: Sequence[Thing], tongue: Tongue) -> str | None:
    """A number of things that is not the number of those that a result lists under that name."""
    lengths = _lengths(evidence, {name for thing in things for name in thing.top().called})
    if (tongue.hedges - {"only"} | tongue.conditions - TIMES.keys() | tongue.denials) & set(said):
        return None
    for place, word in enumerate(said):
        number = _number(word)
        following = said[place + 1 : place + 2]
        found = lengths.get(following[0], set()) if following else set()
        if number and number > 1 and found and number not in found:
            return f"{word} {following[0]}"
        times = TIMES.get(word) or (number if following and following[0] in ("times", "mal", "fois", "veces") else None)
        before = {begun(one) for one in said[:place]}
        counted = [n for name, ns in lengths.items() if begun(name) in before for n in ns]
        if times and counted and times not in counted:
            return f"{word}, of {counted[0]}"
        if word == "second" and counted and max(counted) < 2:
            return f"{word}, of {counted[0]}"
        if word == "only" and following == ("one",) and said[place + 2 : place + 3]:
            one = lengths.get(f"{said[place + 2]}s", set())
            if one and 1 not in one:
                return f"only one {said[place + 2]}"
    return None


def another_alternative(
    evidence: Evidence, said: Sequence[str], things: Sequence[Thing], tongue: Tongue, *, before: bool
) -> str | None:
    """A word for what these are not, where the rows have another of its kind for them. Of a time `before` their state may
    be any.
    """
    spoken = {*" ".join(said).replace("at once", "").split()}  # which is no condition
    if (tongue.hedges | tongue.conditions | tongue.denials | tongue.shall) & spoken or not things:
        return None
    held = {fact[1] for thing in things for one in (thing.top(), *thing.top().below()) for fact in one.own if fact[0] == "word"}
    for group in evidence.vocabulary.alternatives[1 if before else 0 :]:
        those = [one for one in group if one in held]
        other = next((one for one in group if one in spoken and one not in held), None)
        if those and other:
            return other
    for place, state in enumerate(evidence.vocabulary.alternatives[0] if evidence.vocabulary.alternatives else ()):
        forms = {form for row, forms in evidence.vocabulary.states if state.startswith(row) for form in forms.split()}
        own = [n for n, one in enumerate(evidence.vocabulary.alternatives[0]) if one in held]
        if own and max(own) < place and (late := forms & spoken):
            return min(late)
    return None


def too_many(said: Sequence[str], place: int, things: Sequence[Thing]) -> bool:
    """Whether the word before a name counts more things than are called so, and is no number of theirs."""
    number = _number(said[place - 1]) if place else None
    if not number or number < 2 or not said[place:]:
        return False
    own = {fact for thing in things for fact in (*thing.own, *thing.top().own)}
    return number > len(things) and ("number", str(number)) not in own


def _number(word: str) -> int | None:
    return int(word) if re.fullmatch(r"\d{1,2}", word) else COUNTS.get(word)


def _lengths(evidence: Evidence, names: Collection[str]) -> dict[str, set[int]]:
    """How many there are in each list of the rows that tell of these, by its name."""
    found = dict[str, set[int]]()
    for entry in evidence.results:
        told = as_json([entry.arguments, entry.result]).lower()
        if not passages_of(entry.result) and (not names or any(name in told for name in names)):
            for name, length in _lists(entry.result):
                found.setdefault(name, set()).add(length)
    return {name: {*sizes, sum(sizes)} for name, sizes in found.items()}


def _lists(value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if isinstance(one, list) and says_something(str(name)):
                yield str(name), len(one)
            yield from _lists(one)
    elif isinstance(value, list):
        for one in value:
            yield from _lists(one)
