"""The entries of a case: the one copy of its transcript, and the journal of its runs, in one append-only table."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from switchboard.accounts.seals import seal
from switchboard.cases.tables import EntryRow
from switchboard.cases.words.rows import keep_words, said_in
from switchboard.declare.flow import EXECUTOR
from switchboard.declare.outcomes import Joined, Outcome, ToolOutcome, outcome_from
from switchboard.declare.transcript import CallEntry, Entry, ResultEntry, entry_from
from switchboard.errors import NotKnown
from switchboard.loop.journal import OUTSIDE, Diverged

STEP = "step"
"""The kind of an entry that is no line of the transcript, but what an effect gave."""
TABLE = EntryRow.__table__
INSERT = insert(TABLE)  # type: ignore[arg-type]
SEALED = ("case_id", "n", "run", "kind", "name", "data")
KEPT = (
    select(EntryRow.n, EntryRow.kind, EntryRow.name, EntryRow.data)
    .where(EntryRow.case_id == bindparam("case_id"), EntryRow.run == bindparam("run"))
    .order_by(EntryRow.n)
)

Asked = Session | Connection
Row = dict[str, Any]


class Kept(NamedTuple):
    """An entry as it is kept: `name` is empty for a line of the transcript."""

    n: int
    kind: str
    name: str
    data: dict[str, Any]


class Reading:
    """What is recorded of a run, given back in its order as the run's code comes to it again.

    Raises Diverged where today's code comes to something else. `steps` counts the recorded steps that it has come to.
    """

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._kept, self._at = kept, 0
        self.steps = 0

    @property
    def is_over(self) -> bool:
        return self._at == len(self._kept)

    @property
    def number(self) -> int:
        """Of the entry that comes next, or that today's code came to something else at."""
        return self._kept[self._at].n

    def line(self, entry: Entry) -> Kept:
        """What is recorded in the place of a line."""
        kept = self._kept[self._at]
        if kept.kind == STEP:
            raise Diverged(f"step {self.steps + 1} is recorded as {kept.name!r}, and today a {entry.kind} would be said before")
        if kept.kind != entry.kind:  # what the run would do next does not follow from the recorded line
            raise Diverged(f"entry {kept.n} is recorded as a {kept.kind}, and today it would be a {entry.kind}")
        self._at += 1
        return kept

    def step(self, name: str) -> Outcome:
        """What is recorded in the place of a step."""
        kept = self._kept[self._at]
        if kept.name != name:
            there = repr(kept.name) if kept.kind == STEP else f"a {kept.kind}"
            raise Diverged(f"step {self.steps + 1} is recorded as {there}, and today it would be {name!r}")
        self._at += 1
        self.steps += 1
        return kept.data


def line_row(case_id: str, n: int, run: int, entry: Entry) -> Row:
    return {"case_id": case_id, "n": n, "run": run, "kind": entry.kind, "name": "", "data": entry.document(), "at": time.time()}


def step_row(case_id: str, n: int, run: int, name: str, outcome: Outcome) -> Row:
    return {"case_id": case_id, "n": n, "run": run, "kind": STEP, "name": name, "data": outcome, "at": time.time()}


def add(asked: Asked, rows: Sequence[Row]) -> None:
    """Write entries, sealed, and the words of the lines among them, by which their cases are found. Raises IntegrityError where
    another process has written one of their numbers.
    """
    if rows:
        asked.execute(INSERT, [{**row, "seal": seal(asked, *sealed_in(row))} for row in rows])
        keep_words(asked, [(row["case_id"], said_in(row["data"])) for row in rows if row["kind"] != STEP])


def sealed_in(row: Mapping[str, Any]) -> tuple[object, ...]:
    """What the seal of an entry binds."""
    return "entry", *(row[name] for name in SEALED)


def next_number(asked: Asked, case_id: str) -> int:
    newest = asked.execute(select(func.max(EntryRow.n)).where(EntryRow.case_id == case_id)).scalar()
    return 1 if newest is None else int(newest) + 1


def append_lines(session: Session, case_id: str, run: int, entries: Iterable[Entry], *, gap: int = 0) -> None:
    """Add lines to a case that no agent works on, and leave out so many numbers before them."""
    first = next_number(session, case_id) + gap
    add(session, [line_row(case_id, first + i, run, entry) for i, entry in enumerate(entries)])


def lines_of(asked: Asked, case_id: str, newest_run: int, before: int | None = None) -> list[Entry]:
    """The transcript of a case, in order; up to an entry's number where one is given.

    That a call waited, in a run before the newest one, is left out: what came of the call stands in its place.
    """
    query = select(EntryRow.run, EntryRow.data).where(EntryRow.case_id == case_id, EntryRow.kind != STEP).order_by(EntryRow.n)
    found = asked.execute(query if before is None else query.where(EntryRow.n < before))
    return [entry_from(data) for run, data in found if run == newest_run or data.get("status") != "waiting"]


def lines_since(asked: Asked, case_id: str, newest_run: int, number: int) -> list[tuple[int, Entry]]:
    """The lines of a case after an entry's number, each with its own, as `lines_of` gives them."""
    columns = (EntryRow.n, EntryRow.run, EntryRow.data)
    query = select(*columns).where(EntryRow.case_id == case_id, EntryRow.n > number, EntryRow.kind != STEP)
    found = asked.execute(query.order_by(EntryRow.n))
    return [(n, entry_from(data)) for n, run, data in found if run == newest_run or data.get("status") != "waiting"]


def kept_of(asked: Asked, case_id: str, run: int) -> list[Kept]:
    """All entries of a run, in order: its lines, and its recorded steps between them."""
    return [Kept(*row) for row in asked.execute(KEPT, {"case_id": case_id, "run": run})]


def steps_of(kept: Iterable[Kept]) -> list[tuple[str, Outcome]]:
    """The recorded steps among entries, by name."""
    return [(entry.name, entry.data) for entry in kept if entry.kind == STEP]


NOT_TOLD = ToolOutcome(
    status="failed", text="Whether it came to the other side is not known.", code=NotKnown.code, seconds=0.0, customer_id=None
)


def unsaid(kept: Sequence[Kept]) -> list[Entry]:
    """The lines that a run did not come to write: results of calls, and what branches came to, that are recorded and stand in
    no line yet. Of a call whose effect on another side is not recorded, nobody can tell whether it was made.
    """
    said = {(entry.kind, entry.data.get("call_id")) for entry in kept}
    joined = {entry.data["case_id"] for entry in kept if entry.kind == "branch"}
    branches: list[Entry] = []
    results: dict[str, ResultEntry] = {}
    calls: dict[str, list[Entry]] = {}
    for name, outcome in steps_of(kept):
        gave, (call_id, _, tool) = outcome_from(outcome), name.partition(" ")
        if isinstance(gave, Joined):
            branches += [ended.entry for ended in gave.branches if ended.entry.case_id not in joined]
        if not isinstance(gave, ToolOutcome) or "." in call_id or ("result", call_id) in said:
            continue
        came = NOT_TOLD if gave.outside else gave
        told = {"text": came.text, "result": came.result, "status": came.status, "code": came.code, "data": came.data}
        if name.endswith(OUTSIDE) and call_id in results:  # what the other side said of the call before
            results[call_id] = replace(results[call_id], **told)
        elif gave.agent:
            call = CallEntry(gave.agent, tool=tool, arguments=gave.arguments, call_id=call_id)
            calls[call_id] = [] if ("call", call_id) in said else [call]
            told |= {"tool": tool, "arguments": gave.arguments, "call_id": call_id, "to": gave.agent}
            results[call_id] = ResultEntry(EXECUTOR, by="tool", **told)
    return [*branches, *(line for call_id, result in results.items() for line in (*calls[call_id], result))]


def forget_steps(session: Session, case_ids: Sequence[str]) -> None:
    """Delete what the effects of cases gave; what was said and done stays."""
    session.execute(delete(EntryRow).where(EntryRow.case_id.in_(case_ids), EntryRow.kind == STEP))
