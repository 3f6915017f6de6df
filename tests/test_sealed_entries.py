"""Who edits in the database what a run has recorded, a line or a step, has nothing paid when the run is taken up again."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session
from support import toys
from support.own_shop import seeded
from support.staffed import Place
from test_sealed import KEY, PASSES, banks, begun, edited, paid, say, waiting

from switchboard.accounts.seals import seal
from switchboard.cases import runs
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import STEP
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.rows import BEFORE, _of_run, edited_entry
from switchboard.cases.tables import AmountRow, CaseRow, EntryRow, RunRow
from switchboard.database import open_engine
from switchboard.declare.team import Rule
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.service import accounts
from switchboard.service.fork import fork


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if getattr(request, "param", "sqlite") == "sqlite":
        return seeded(tmp_path)
    found = open_engine(request.getfixturevalue("addresses")())
    migrate_cases(found)
    return found


@pytest.fixture
def bank(engine: Engine) -> Iterator[Worker]:
    """One that pays at once."""
    yield from banks(engine, Rule("approve", tool="pay"))


@pytest.fixture
def asking(engine: Engine) -> Iterator[Worker]:
    """One that asks an operator."""
    yield from banks(engine, Rule("ask", tool="pay"))


class Here(Place):
    """A place whose worker is there already."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(worker.environment)
        self._worker = worker

    def worker(self, about: str = "") -> Any:
        return nullcontext(self._worker)


def cut_off(worker: Worker, case_id: str) -> RunRef:
    """As if the process had died before it paid: what it recorded until then is there, and no more."""
    with Session(worker.environment.engine) as session, session.begin():
        its = select(EntryRow).where(EntryRow.case_id == case_id, EntryRow.kind == STEP).order_by(EntryRow.n)
        paying = next(entry.n for entry in session.scalars(its) if "pay" in entry.name)
        session.execute(delete(EntryRow).where(EntryRow.case_id == case_id, EntryRow.n >= paying))
        session.execute(delete(AmountRow).where(AmountRow.case_id == case_id))
        session.get_one(CaseRow, case_id).end = None
        run = session.get_one(RunRow, (case_id, 1))
        run.end, run.owner = None, worker.workflows.executor
    toys.PAID.clear()
    return RunRef(case_id, 1)


def taken_up(worker: Worker, ref: RunRef) -> str | None:
    found = runs.read_run(worker.environment.engine, ref)
    following = runs.work_on(worker.environment, ref, found, worker.workflows.journal(ref, found))
    if following:
        worker.work(following)
    with Session(worker.environment.engine) as session:
        return session.get_one(CaseRow, ref.case_id).end


def step(session: Session, case_id: str) -> EntryRow:
    """Who the customer is found to be."""
    its = select(EntryRow).where(EntryRow.case_id == case_id, EntryRow.kind == STEP).order_by(EntryRow.n)
    return next(entry for entry in session.scalars(its) if "find_customer" in entry.name)


def line(session: Session, case_id: str) -> EntryRow:
    return session.scalars(select(EntryRow).where(EntryRow.case_id == case_id, EntryRow.kind == "message")).first()  # type: ignore[return-value]


def other_customer(session: Session, case_id: str) -> None:
    held = step(session, case_id)
    assert held.data["customer_id"] == "ada"
    held.data = {**held.data, "customer_id": "eve"}


def other_words(session: Session, case_id: str) -> None:
    held = line(session, case_id)
    held.data = {**held.data, "text": "Yes, pay all of it."}


def one_more(session: Session, case_id: str) -> None:
    held = line(session, case_id)
    last = session.scalars(select(EntryRow.n).where(EntryRow.case_id == case_id).order_by(EntryRow.n.desc())).first() or 0
    row = EntryRow(case_id=case_id, n=last + 1, run=1, kind=held.kind, name="", data=held.data, at=held.at, seal=held.seal)
    session.add(row)


EDITS: dict[str, Callable[[Session, str], object]] = {
    "a step": other_customer,
    "a line": other_words,
    "a line more": one_more,
    "a name": lambda s, c: setattr(step(s, c), "name", "pay"),
    "a seal": lambda s, c: setattr(line(s, c), "seal", None),
    "a seal of another": lambda s, c: setattr(line(s, c), "seal", step(s, c).seal),
    "another run": lambda s, c: setattr(line(s, c), "run", 7),
}


@pytest.mark.slow
@pytest.mark.parametrize("which", EDITS)
def test_a_run_is_not_taken_up_again_on_what_nobody_recorded(bank: Worker, which: str) -> None:
    ref = cut_off(bank, begun(bank, "resolved"))
    edited(bank, lambda session: EDITS[which](session, ref.case_id))
    assert (taken_up(bank, ref), paid()) == ("failed", [])


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
def test_what_nobody_edited_is_taken_up_again_and_paid_once(bank: Worker) -> None:
    ref = cut_off(bank, begun(bank, "resolved"))
    assert taken_up(bank, ref) == "resolved" and len(paid()) == 1
    with Session(bank.environment.engine) as session:
        assert all(session.scalars(select(EntryRow.seal).where(EntryRow.case_id == ref.case_id)))


@pytest.mark.slow
def test_without_a_key_such_an_edit_is_believed(tmp_path: Path) -> None:
    toys.PAID.clear()
    rows = seeded(tmp_path)
    with Worker(Environment(rows, {"toys": toys.team(approvals=(*PASSES, Rule("approve", tool="pay")))})) as worker:
        ref = cut_off(worker, begun(worker, "resolved"))
        edited(worker, lambda session: other_customer(session, ref.case_id))
        assert taken_up(worker, ref) == "resolved" and len(paid()) == 1
    rows.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
def test_a_yes_to_a_case_whose_lines_were_edited_pays_nothing_until_a_person_has_looked_at_it(asking: Worker) -> None:
    rows, asked = asking.environment.engine, waiting(asking)
    edited(asking, lambda session: other_words(session, asked.case_id))
    with pytest.raises(OperatorError, match="edited in the database"):
        fork(Here(asking), asked.case_id, 2)
    ref = say(asking, asked, "approve", "dana")
    assert ref and asking.work(ref)["end"] == "failed" and paid() == []
    assert accounts.seal_anew(Place(asking.environment), asked.case_id, "ines") == 1
    with Session(rows) as session:
        assert edited_entry(session, asked.case_id, "toys") is None


@pytest.mark.slow
def test_a_case_from_before_entries_were_sealed_goes_on_and_what_follows_is_sealed(asking: Worker) -> None:
    asked = waiting(asking)
    with Session(asking.environment.engine) as session, session.begin():
        run = session.get_one(RunRow, (asked.case_id, 1))
        run.seal = seal(session, *_of_run(run, "toys", BEFORE))
        session.execute(text("UPDATE entries SET seal = NULL"))
    ref = say(asking, asked, "approve", "dana")
    assert ref and asking.work(ref)["end"] == "resolved" and len(paid()) == 1
    edited(asking, lambda session: session.execute(text("UPDATE entries SET run = 1 WHERE run = 2")))
    with Session(asking.environment.engine) as session:
        assert edited_entry(session, asked.case_id, "toys") is None  # an older run's entries are not looked at
        session.execute(text("UPDATE entries SET run = 9 WHERE run = 1"))
        assert edited_entry(session, asked.case_id, "toys") == 1


@pytest.mark.slow
def test_the_key_is_not_in_the_rows(bank: Worker) -> None:
    begun(bank, "resolved")
    with Session(bank.environment.engine) as session:
        assert not any(KEY.decode() in str(row) for row in session.execute(select(EntryRow.seal)))
