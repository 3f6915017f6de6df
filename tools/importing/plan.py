"""What an import would change: each record against its row, and against what the last import said of it.

Of a row that the desk has changed since, an import that says what the last one said takes nothing back. One that says
something new of it, and any of a row that came by no import, would overwrite what nobody has compared: it is refused unless
the operator says which of both holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from tools.importing.kinds.records import Record
from tools.importing.memory import digests, last_given
from tools.importing.reading.problems import Problems
from tools.importing.references import check_parents, resolved
from tools.importing.stored import PARENT, stored

What = Literal["new", "changed", "unchanged", "kept"]
Holds = Literal["neither", "file", "desk"]
"""Whose word holds where a file and the desk have both changed a row."""
KINDS = ("customer", "payment_method", "product", "item", "order")


@dataclass(frozen=True)
class Change:
    """What becomes of a record; `fields` are those that change, from what to what. `given` is what is remembered of it."""

    record: Record
    what: What
    fields: Mapping[str, tuple[Any, Any]]
    given: Mapping[str, str] | None


def plan(session: Session, records: Sequence[Record], holds: Holds, problems: Problems) -> list[Change]:
    """What each record would change, kind by kind. What cannot be is a problem."""
    found: list[Change] = []
    for kind in KINDS:
        own = [record for record in records if record.kind == kind]
        if not own:
            continue
        there = stored(session, kind, [record.id for record in own])
        if kind in PARENT:
            check_parents(own, there, problems)
        if kind == "order":
            own = resolved(session, own, there, problems)
        before = last_given(session, kind, [record.id for record in own])
        found += [_change(record, there.get(record.id), before.get(record.id), holds, problems) for record in own]
    return found


def _change(
    record: Record, now: Mapping[str, Any] | None, before: Mapping[str, str] | None, holds: Holds, problems: Problems
) -> Change:
    given = digests(record.value)
    remembered = {**(before or {}), **given}
    if now is None:
        fields = {name: (None, value) for name, value in record.value.items() if value not in (None, "", [], {})}
        return Change(record, "new", fields, remembered)
    holding = digests(now)
    differs = {name: (now[name], value) for name, value in record.value.items() if given[name] != holding[name]}
    if not differs:
        return Change(record, "unchanged", {}, remembered if remembered != before else None)
    if before is not None and all(before.get(name) == given[name] for name in differs):
        return Change(record, "kept", differs, None)
    by_desk = before is None or any(holding.get(name) != one for name, one in before.items())
    if by_desk and holds == "desk":
        return Change(record, "kept", differs, remembered)
    if by_desk and holds == "neither":
        problems.add(record.line, _refusal(record, differs, before is not None))
    return Change(record, "changed", differs, remembered)


def _refusal(record: Record, differs: Mapping[str, Any], imported: bool) -> str:
    why = "was changed at the desk since it was imported" if imported else "is there already and came by no import"
    names = ", ".join(differs)
    called = f"{record.kind.replace('_', ' ')} {record.id}"
    return f"{called} {why}, and the file says otherwise of {names}; --overwrite takes the file's word, --keep the desk's"
