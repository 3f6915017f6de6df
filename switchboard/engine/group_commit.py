"""Records of many runs in one transaction: one thread of a process writes what its runs have to record, as it comes.

A run waits for its record, but not for a sync of its own: what comes while a commit is under way goes with the next one.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from switchboard.cases.cases import RunRef
from switchboard.cases.entries import STEP, Row, add
from switchboard.cases.people.keyboard import record_answers
from switchboard.cases.spending.rows import settle_recorded
from switchboard.cases.tables import CaseRow, RunRow
from switchboard.database import patiently
from switchboard.loop.journal import Lost, Superseded

MOST_AT_ONCE = 200
"""Records of one transaction."""
NEWEST = (
    select(RunRow.case_id, RunRow.number, RunRow.owner, CaseRow.cancelled_by, CaseRow.held_by)
    .join(CaseRow, (CaseRow.id == RunRow.case_id) & (CaseRow.run == RunRow.number))
    .where(CaseRow.end.is_(None), RunRow.case_id.in_(bindparam("case_ids", expanding=True)))
)
"""The newest runs of cases, of those that are under way. Made once, as it is asked at each record."""


@dataclass
class Record:
    """Entries of a run that are to be written, and what came of it.

    `displaces` are the owners that this process may take the run from, `before` the record of the same run that nobody
    waited for: where that one could not be written, this one must not be either.
    """

    ref: RunRef
    rows: Sequence[Row]
    displaces: tuple[str | None, ...] = ()
    before: "Record | None" = None
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    wanted: str | None = None

    def result(self) -> str | None:
        """Wait until it is written. Returns what somebody wants of the case. Raises Superseded or Lost."""
        self.done.wait()
        if self.error:
            raise self.error
        return self.wanted


class GroupCommit:
    """The writer of one process, whose name in the rows is `owner`. `lock` is held while it writes."""

    def __init__(self, engine: Engine, owner: str, lock: threading.Lock) -> None:
        self._engine, self._owner, self._lock = engine, owner, lock
        self._waiting: list[Record] = []
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._write_on, name="records", daemon=True)
        self._thread.start()

    def submit(self, record: Record) -> Record:
        with self._changed:
            self._waiting.append(record)
            self._changed.notify()
        return record

    def close(self) -> None:
        """Write what is there, and stop."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def _write_on(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._changed.wait()
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            if not batch:
                return
            self._write(batch)
            for record in batch:
                record.done.set()

    def _write(self, batch: list[Record]) -> None:
        try:
            with self._lock:
                self._commit(batch)
        except IntegrityError:  # another process has written one of the numbers: find out whose they are
            if len(batch) == 1:
                batch[0].error = Lost()
            else:
                for record in batch:
                    self._write([record])
        except BaseException as error:  # noqa: BLE001 - the runs that wait for it raise it
            for record in batch:
                record.error = error

    @patiently
    def _commit(self, batch: list[Record]) -> None:
        with self._engine.begin() as connection:
            mine = owned(connection, self._owner, batch)
            rows: list[Row] = []
            for record in batch:
                record.error = record.before.error if record.before else None
                if record.ref not in mine:
                    record.error = Superseded()
                if record.error:
                    continue
                record.wanted = mine[record.ref]
                rows += [
                    {**row, "data": {**row["data"], "wanted": record.wanted}} if row["kind"] == STEP else row
                    for row in record.rows
                ]
            add(connection, rows)
            steps = [row for row in rows if row["kind"] == STEP]
            settle_recorded(connection, steps)
            record_answers(connection, steps)


def owned(connection: Connection, owner: str, records: Sequence[Record]) -> dict[RunRef, str | None]:
    """Those runs that are under way and this process's own, or become so now, with what somebody wants of their cases."""
    refs: dict[RunRef, tuple[str | None, ...]] = {}
    for record in records:
        refs[record.ref] = (*refs.get(record.ref, ()), *record.displaces)
    found = connection.execute(NEWEST, {"case_ids": [ref.case_id for ref in refs]}).all()
    mine: dict[RunRef, str | None] = {}
    for case_id, number, its_owner, cancelled_by, held_by in found:
        ref = RunRef(case_id, number)
        if ref in refs and (its_owner == owner or its_owner in refs[ref]):
            mine[ref] = "cancel" if cancelled_by else "take" if held_by else None
        if its_owner != owner and ref in mine:
            this = (RunRow.case_id == ref.case_id, RunRow.number == ref.number)
            connection.execute(update(RunRow).where(*this).values(owner=owner))
    return mine
