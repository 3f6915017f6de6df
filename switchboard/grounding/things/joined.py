"""What is told in one breath, such as a street, a city and a zip, stands in one record, or so in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.wording import WORD, folded, plain

BREATH = re.compile(r"[\s,]{1,3}(?:(?:in|en|à)\s)?")


def joined_wrongly(evidence: Evidence, text: str) -> str | None:
    """The first two values of records that a text writes side by side and that stand in no one record; else None."""
    records = [one for e in evidence.transcript if e.kind == "result" for v in (e.arguments, e.result) for one in _records(v)]
    values = {value for one in records for value in one}
    if not values:
        return None
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(values, key=len, reverse=True)))})(?!\w)")
    low, known = folded(text), _spoken(folded(evidence.everything))
    for one, other in pairwise(pattern.finditer(low)):
        together = any(one[0] in record and other[0] in record for record in records)
        beside = f" {_spoken(low[one.start() : other.end()])} " in f" {known} "
        if BREATH.fullmatch(low, one.end(), other.start()) and not together and not beside:
            return text[one.start() : other.end()]
    return None


def _records(value: Any) -> Iterator[frozenset[str]]:
    """The texts of each innermost mapping of several fields that has a number among them, as an address has its zip."""
    if isinstance(value, Mapping):
        own = [folded(plain(one)) for one in value.values() if isinstance(one, str) and len(one) > 1]
        if len(own) == sum(map(bool, value.values())) and len(own) > 2 and any(one.isdecimal() for one in own):
            yield frozenset(own)
        yield from _each(value.values())
    elif isinstance(value, list | tuple):
        yield from _each(value)


def _each(values: Iterable[Any]) -> Iterator[frozenset[str]]:
    for one in values:
        yield from _records(one)


def _spoken(text: str) -> str:
    return " ".join(WORD.findall(text))
