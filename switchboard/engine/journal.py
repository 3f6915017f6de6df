"""The journal of a run that is recorded: each effect is one insert under the case's next number, with the lines before it.

Of two processes that would go on with the same run one is refused: by the owner in the run's row, which each record looks at,
and by the number, which is a key. Before something is paid for, a process that may have been frozen asks whether it still is
the owner.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.amounts import note, so_far, unknown_elsewhere
from switchboard.cases.branches import finish_branch, keep_branch
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import STEP, Kept, Reading, Row, add, kept_of, line_row, step_row
from switchboard.cases.runs import END
from switchboard.cases.tables import CaseRow
from switchboard.database import is_away, patiently
from switchboard.declare.beginnings import Branched
from switchboard.declare.outcomes import GivenUp, Outcome, outcome_from
from switchboard.declare.transcript import Entry, entry_from
from switchboard.engine.group_commit import GroupCommit, Record, owned
from switchboard.errors import GaveUp
from switchboard.loop.journal import Amount, Journal, Lost, Superseded
from switchboard.loop.state import Run

LEASE_SECONDS = 2.0
"""How long after its last sign of life a process may still take its runs for its own; others wait longer than that."""


class Lease:
    """When this process was last seen alive by its own heartbeat: one that was frozen finds that it is long ago."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self._seen = time.clock_gettime(time.CLOCK_MONOTONIC), time.time()

    def lapse(self) -> None:
        self._seen = (-math.inf, -math.inf)

    @property
    def holds(self) -> bool:
        monotonic, wall = self._seen
        return max(time.clock_gettime(time.CLOCK_MONOTONIC) - monotonic, time.time() - wall) < LEASE_SECONDS


class Ledger:
    """What the journals of one process share: the writer, the lock of SQLite's one writer, the name in the rows, the lease."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine, self.owner, self.lease = engine, owner, Lease()
        # SQLite lets one writer in, and has the others look again and again; here they stand in line.
        self.lock = threading.Lock()
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.writer = GroupCommit(engine, owner, self.lock)

    def close(self) -> None:
        self.writer.close()


class Recorded:
    """The journal of one run. `kept` is what is recorded of it already, `was` who owned it when that was read.

    That of a branch stands `under` its parent's run: who owns that one may write it, and what is wanted of that one's case is
    wanted of the branch.
    """

    counts = True

    def __init__(
        self, ledger: Ledger, ref: RunRef, kept: Sequence[Kept], first: int, was: str | None, under: RunRef | None = None
    ) -> None:
        self._ledger, self._ref, self._owned = ledger, ref, under or ref
        self._displaces: tuple[str | None, ...] = () if was == ledger.owner else (was,)
        self._reading = Reading(kept)
        self._next = kept[-1].n + 1 if kept else first
        self.newest = first - 1
        self._lines: list[Row] = []
        self._unwaited: Record | None = None
        self._wanted: str | None = None
        self._is_inside = False

    def line(self, entry: Entry) -> Entry:
        if not self._reading.is_over:
            kept = self._reading.line(entry)
            self.newest = kept.n
            return entry_from(kept.data)
        self.newest = self._number()
        self._lines.append(line_row(self._ref.case_id, self.newest, self._ref.number, entry))
        return entry

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        recorded = self._recorded(name)
        if recorded is not None:
            return recorded
        outcome = self._within(name, act)
        record = self._submitted(step_row(self._ref.case_id, self._number(), self._ref.number, name, outcome))
        return {**outcome, "wanted": record.result()}

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        recorded = self._recorded(name)
        if recorded is not None:
            if isinstance(gave := outcome_from(recorded), GivenUp):
                raise GaveUp(gave.gave_up)
            return recorded
        try:
            return self._within(name, lambda: self._committed(name, act))
        except GaveUp as late:
            record = self._submitted(step_row(*self._key(), name, GivenUp(str(late)).as_data()))
            record.result()
            raise
        except IntegrityError as error:
            raise Lost from error
        except DBAPIError as error:
            if is_away(error):  # whether it was committed is in the record
                raise Lost from error
            raise

    def wanted(self, session: Session) -> str | None:
        return self._wanted  # asked when the transaction began

    def moved(self, session: Session, customer_id: str, about: str) -> int:
        return so_far(session, customer_id, about)

    def note(self, session: Session, call_id: str, amount: Amount) -> None:
        note(session, self._ref.case_id, call_id, amount)

    def unknown(self, session: Session, made: Amount, arguments: Mapping[str, Any]) -> Sequence[str]:
        return unknown_elsewhere(session, self._ref.case_id, made, arguments)

    def check(self) -> None:
        if self._displaces or not self._ledger.lease.holds:
            self._submitted().result()
        elif self._lines:  # it can be read elsewhere while a model thinks, or a tool waits for another side
            self._unwaited = self._submitted()

    def branch(self, child: Run, given: Branched, work: Callable[[Journal], Outcome]) -> Outcome:
        kept = self._begun(child, given)
        if kept and (kept[-1].kind, kept[-1].name) == (STEP, END):
            return kept[-1].data
        journal = Recorded(self._ledger, RunRef(child.id, child.number), kept, 1, self._ledger.owner, under=self._ref)
        outcome = work(journal)
        return journal.transaction(END, lambda session: finish_branch(session, child, outcome))

    @patiently
    def _begun(self, child: Run, given: Branched) -> list[Kept]:
        """What is recorded of a branch; where it is new, its rows are written. Raises Superseded where the run is another's."""
        alone = self._ledger.lock if self._ledger.is_sqlite else nullcontext()
        try:
            with alone, Session(self._ledger.engine) as session, session.begin():
                if self._ref not in owned(session.connection(), self._ledger.owner, [Record(self._ref, ())]):
                    raise Superseded
                if session.get(CaseRow, child.id) is None:
                    keep_branch(session, child, given)
                return kept_of(session, child.id, child.number)
        except IntegrityError as error:  # another process has begun it at this moment
            raise Lost from error

    def _committed(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        alone = self._ledger.lock if self._ledger.is_sqlite else nullcontext()
        if self._unwaited:
            self._unwaited.result()
        with alone, Session(self._ledger.engine) as session:
            self._begin(session)
            outcome = act(session)
            if not session.in_transaction():  # the call was refused, and with what it wrote all else is undone
                self._begin(session)
            number = self._next
            add(session.connection(), [step_row(self._ref.case_id, number, self._ref.number, name, outcome)])
            session.commit()
        self._next, self._lines, self._displaces = number + 1, [], ()
        return outcome

    def _begin(self, session: Session) -> None:
        """Write the lines so far, in a transaction of a run that is still this process's. Raises Superseded."""
        mine = owned(session.connection(), self._ledger.owner, [Record(self._owned, (), self._displaces)])
        if self._owned not in mine:
            raise Superseded
        self._wanted = mine[self._owned]
        add(session.connection(), self._lines)

    def _recorded(self, name: str) -> Outcome | None:
        """What is recorded in the place of a step; None where nothing is yet."""
        return None if self._reading.is_over else self._reading.step(name)

    def _within(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        # Inside of another step this one would be made again after a crash and recorded in the wrong order.
        assert not self._is_inside, f"{name} is called inside of another step"
        self._is_inside = True
        try:
            return act()
        finally:
            self._is_inside = False

    def _submitted(self, *rows: Row) -> Record:
        lines, self._lines = self._lines, []
        record = Record(self._owned, [*lines, *rows], self._displaces, self._unwaited)
        self._unwaited, self._displaces = None, ()
        return self._ledger.writer.submit(record)

    def _key(self) -> tuple[str, int, int]:
        return self._ref.case_id, self._number(), self._ref.number

    def _number(self) -> int:
        self._next += 1
        return self._next - 1
