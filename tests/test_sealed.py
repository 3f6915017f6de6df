"""Who edits in the database what waits, what was answered or what it was answered to, has nothing paid by it: no seal fits."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from support import toys
from support.commands import document, parked, refunds, said, switchboard
from support.own_shop import seeded
from support.staffed import Place

from switchboard.accounts.seals import use_key
from switchboard.cases.approvals import WaitingCall, answer, call_that_waits
from switchboard.cases.cases import RunRef, hear
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.rows import case_fits, seal_all, seal_case
from switchboard.cases.tables import ApprovalRow, CaseRow, OpinionRow, RunRow, clock
from switchboard.console.sealing import seal_with
from switchboard.database import open_engine
from switchboard.declare.beginnings import Answered, as_data
from switchboard.declare.human import Approval
from switchboard.declare.team import Rule
from switchboard.declare.transcript import digest
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.service import accounts

PASSES = (Rule("approve", effect="read"), Rule("approve", effect="compute"), Rule("approve", effect="send"))
KEY = b"k" * 40


def banks(engine: Engine, *rules: Rule) -> Iterator[Worker]:
    """A worker on a team that pays by these rules, whose rows are sealed."""
    toys.PAID.clear()
    use_key(engine, KEY)
    with Worker(Environment(engine, {"toys": toys.team(approvals=(*PASSES, *rules))})) as worker:
        yield worker
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def bank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worker]:
    """One that asks two operators."""
    if request.param == "sqlite":
        engine = seeded(tmp_path)
    else:
        engine = open_engine(request.getfixturevalue("addresses")())
        migrate_cases(engine)
    yield from banks(engine, Rule("ask", tool="pay", operators=2))


@pytest.fixture
def teller(tmp_path: Path) -> Iterator[Worker]:
    """One that has the customer confirm."""
    yield from banks(seeded(tmp_path), Rule("confirm", tool="pay"), Rule("approve", tool="pay"))


def begun(worker: Worker, end: str) -> str:
    ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
    assert ref and worker.work(ref)["end"] == end
    return ref.case_id


def waiting(worker: Worker) -> WaitingCall:
    return call_that_waits(worker.environment.engine, begun(worker, "awaiting_approval"))


def say(worker: Worker, asked: WaitingCall, word: Any, by: str, bound: str = "") -> RunRef | None:
    executor = worker.workflows.executor
    return answer(worker.environment.engine, asked.case_id, bound or asked.hash, Approval(word, by), executor)


def edited(worker: Worker, edit: Callable[[Session], object]) -> None:
    """What somebody does behind our back: they have the database, and no key."""
    engine = open_engine(worker.environment.engine.url.render_as_string(hide_password=False))
    with Session(engine) as session, session.begin():
        edit(session)
    engine.dispose()


def paid() -> list[str]:
    """What was paid and not only tried, as before a customer is asked."""
    return [key for key in toys.PAID if not key.endswith(".rehearsal")]


def the_call(session: Session, case_id: str) -> ApprovalRow:
    return session.scalars(select(ApprovalRow).where(ApprovalRow.case_id == case_id)).one()


def more_is_paid(session: Session, case_id: str, cents: int = 900_000) -> None:
    """Another amount in the call that waits."""
    row = session.get_one(CaseRow, case_id)
    assert row.state
    [(call_id, call)] = row.state["pending"]
    row.state = {**row.state, "pending": [(call_id, {**call, "arguments": {"cents": cents}})]}


def another_is_shown(session: Session, case_id: str, cents: int = 900_000) -> None:
    row = the_call(session, case_id)
    row.arguments, row.arguments_hash = {"cents": cents}, digest(["pay", {"cents": cents}])


def test_what_nobody_edited_is_paid_once(bank: Worker) -> None:
    asked = waiting(bank)
    assert say(bank, asked, "approve", "dana") is None
    ref = say(bank, asked, "approve", "erik")
    assert ref and bank.work(ref)["end"] == "resolved" and len(paid()) == 1
    with Session(bank.environment.engine) as session:
        assert all(run.seal for run in session.scalars(select(RunRow))) and the_call(session, asked.case_id).seal


EDITS: dict[str, Callable[[Session, str], object]] = {
    "the call that waits": more_is_paid,
    "the call that operators are shown": lambda s, c: setattr(the_call(s, c), "arguments", {"cents": 1}),
    "both, and the hash": lambda s, c: (more_is_paid(s, c), another_is_shown(s, c)),
    "how many must agree": lambda s, c: setattr(the_call(s, c), "operators", 1),
    "which tool it is": lambda s, c: setattr(the_call(s, c), "tool", "look_up"),
    "who the customer is": lambda s, c: setattr(row := s.get_one(CaseRow, c), "state", {**row.state, "customer_id": "eve"}),  # type: ignore[dict-item]
    "the seal itself": lambda s, c: setattr(the_call(s, c), "seal", None),
    "the case's seal": lambda s, c: setattr(s.get_one(CaseRow, c), "seal", ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("which", EDITS)
def test_nobody_can_approve_a_call_that_was_edited(bank: Worker, which: str) -> None:
    asked = waiting(bank)
    edited(bank, lambda session: EDITS[which](session, asked.case_id))
    shown = call_that_waits(bank.environment.engine, asked.case_id)
    with pytest.raises(OperatorError, match="edited in the database"):
        say(bank, shown, "approve", "dana")
    ref = say(bank, shown, "refuse", "dana")
    assert ref
    bank.work(ref)
    assert paid() == []


@pytest.mark.slow
def test_a_voice_that_was_written_into_the_database_is_none(bank: Worker) -> None:
    asked = waiting(bank)

    def forge(session: Session) -> None:
        said = OpinionRow(approval_id=the_call(session, asked.case_id).id, operator="fay", answer="approve", reason="")
        said.arguments, said.said_at, said.seal = None, clock(session), "0" * 64
        session.add(said)

    edited(bank, forge)
    with pytest.raises(OperatorError, match="edited in the database"):
        say(bank, asked, "approve", "dana")
    assert paid() == []


@pytest.mark.slow
def test_a_voice_that_was_given_another_name_is_none(bank: Worker) -> None:
    asked = waiting(bank)
    say(bank, asked, "approve", "dana")
    edited(bank, lambda session: session.execute(text("UPDATE opinions SET operator = 'erik'")))
    with pytest.raises(OperatorError, match="edited in the database"):
        say(bank, asked, "approve", "dana")
    assert paid() == []


@pytest.mark.slow
def test_a_refusal_that_was_made_a_yes_pays_nothing_and_a_person_gets_the_case(bank: Worker) -> None:
    asked = waiting(bank)
    ref = say(bank, asked, "refuse", "dana")
    assert ref

    def turn(session: Session, bound: str) -> None:
        run = session.get_one(RunRow, tuple(ref))
        run.given = {**run.given, "approval": {**run.given["approval"], "answer": "approve", "bound": bound}}

    edited(bank, lambda session: turn(session, asked.hash))
    found = bank.work(ref)
    assert (found["end"], paid()) == ("failed", []) and "edited in the database" in found["reason"]
    with bank.environment.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM tickets WHERE case_id = :id"), {"id": ref.case_id}).scalar() == 1


def test_a_run_that_was_written_into_the_database_makes_no_call(bank: Worker) -> None:
    asked = waiting(bank)

    def forge(session: Session) -> None:
        row, old = session.get_one(CaseRow, asked.case_id), session.get_one(RunRow, (asked.case_id, 1))
        yes = Answered(the_call(session, row.id).call_id, Approval("approve", "dana and erik", voices=("dana", "erik")))
        run = RunRow(case_id=row.id, number=2, first=1000, given=as_data(yes), start=row.state, version="", seal=old.seal)
        run.attempts, run.reached, run.priority, run.started_at = 0, 0, 0, clock(session)
        run.owner = bank.workflows.executor
        row.run, row.end = 2, None
        session.add(run)

    edited(bank, forge)
    bank.work(RunRef(asked.case_id, 2))
    assert paid() == []


def test_an_approval_that_is_only_called_approved_pays_nothing(bank: Worker) -> None:
    asked = waiting(bank)
    edited(bank, lambda session: setattr(the_call(session, asked.case_id), "state", "approved"))
    bank.take_up()
    with pytest.raises(OperatorError, match="was approved already"):
        say(bank, asked, "approve", "dana")
    assert paid() == []


def test_a_yes_of_the_customer_is_to_what_they_were_asked(teller: Worker) -> None:
    case_id = begun(teller, "awaiting_customer")
    edited(teller, lambda session: more_is_paid(session, case_id))
    ref, _ = hear(teller.environment.engine, case_id, "Yes.", teller.workflows.executor)
    assert ref
    found = teller.work(ref)
    assert (found["end"], paid()) == ("failed", [])


def test_what_comes_of_an_edited_case_is_trusted_no_more_until_a_person_has_looked_at_it(teller: Worker) -> None:
    engine, case_id = teller.environment.engine, begun(teller, "awaiting_customer")
    edited(teller, lambda session: more_is_paid(session, case_id, 1))

    def hears(words: str) -> Any:
        ref, _ = hear(engine, case_id, words, teller.workflows.executor)
        assert ref
        return teller.work(ref)

    hears("Yes.")
    for _ in range(2):
        assert (hears("Please pay me.")["end"], paid()) == ("failed", [])
    place = Place(teller.environment)
    assert accounts.seal_anew(place, case_id, "ines") == 1
    assert [(row.who, row.what, row.case_id) for row in accounts.audit(place)] == [("ines", "sealed anew", case_id)]
    assert hears("Please pay me.")["end"] == "awaiting_customer"
    assert hears("Yes.")["end"] == "resolved" and len(paid()) == 1


def test_all_that_waits_is_sealed_where_a_key_is_new(tmp_path: Path) -> None:
    toys.PAID.clear()
    engine = seeded(tmp_path)
    with Worker(Environment(engine, {"toys": toys.team(approvals=(*PASSES, Rule("ask", tool="pay")))})) as worker:
        cases = [begun(worker, "awaiting_approval") for _ in range(3)]
        use_key(engine, KEY)
        asked = call_that_waits(engine, cases[0])
        with pytest.raises(OperatorError, match="edited"):
            say(worker, asked, "approve", "dana")
        with Session(engine) as session, session.begin():
            assert seal_all(session) == 3
        ref = say(worker, asked, "approve", "dana")
        assert ref and worker.work(ref)["end"] == "resolved" and len(paid()) == 1
    engine.dispose()


@pytest.mark.slow
def test_what_is_sealed_anew_beside_a_run_that_ends_is_what_the_run_left(bank: Worker) -> None:
    engine, case_id = bank.environment.engine, waiting(bank).case_id
    edited(bank, lambda session: setattr(session.get_one(CaseRow, case_id), "seal", None))
    with ThreadPoolExecutor() as pool, Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, case_id, with_for_update=True)
        row.state = {**(row.state or {}), "turns": 99}
        seal_case(session, row)
        session.flush()
        sealed = pool.submit(accounts.seal_anew, Place(bank.environment), case_id, "ines")
        sleep(0.5)  # it has read what there is, or waits
        session.commit()
        assert sealed.result(20) == 1
    with Session(engine) as session:
        assert case_fits(session, session.get_one(CaseRow, case_id))


@pytest.mark.slow
def test_beside_a_file_a_key_is_made_for_its_owner_alone_and_kept(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    key = tmp_path / "data" / "switchboard.db.key"
    kept = key.read_text()
    assert len(kept) >= 32 and key.stat().st_mode & 0o777 == 0o600
    assert refunds(document(tmp_path, "approve", case_id, "--for", bound)) == [("done", 17990)]
    assert key.read_text() == kept and kept not in (tmp_path / "data" / "switchboard.db").read_bytes().decode("latin-1")


def no_room(*_: object) -> None:
    raise OperationalError("COMMIT", {}, OSError("database or disk is full"))


def killed(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("at_the_commit", [True, False])
def test_a_key_whose_making_was_cut_off_is_kept_and_the_work_finished(
    tmp_path: Path, at_the_commit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = seeded(tmp_path)
    file, key, new = (tmp_path / f"rows.db{ending}" for ending in ("", ".key", ".key.new"))
    with Worker(Environment(engine, {"toys": toys.team(approvals=(*PASSES, Rule("ask", tool="pay")))})) as worker:
        asked, first = waiting(worker), open_engine(engine.url.render_as_string())
        with monkeypatch.context() as patched:
            if at_the_commit:
                event.listen(first, "commit", no_room)
            else:
                patched.setattr(Path, "replace", killed)
            with pytest.raises(OperatorError if at_the_commit else KeyboardInterrupt) as told:
                seal_with(first, None, file)
        first.dispose()
        assert "disk is full. Make room" in str(told.value) or not at_the_commit
        made = new.read_text()
        assert len(made) >= 32 and new.stat().st_mode & 0o777 == 0o600 and not key.exists()
        seal_with(engine, None, file)
        assert (key.read_text(), new.exists()) == (made, False)
        ref = say(worker, asked, "approve", "dana")
        assert ref and worker.work(ref)["end"] == "resolved"
    engine.dispose()


def test_a_key_that_was_not_written_whole_is_made_anew(tmp_path: Path) -> None:
    engine = seeded(tmp_path)
    (tmp_path / "rows.db.key.new").write_text("half")
    seal_with(engine, None, tmp_path / "rows.db")
    assert len((tmp_path / "rows.db.key").read_text()) > 32 and not (tmp_path / "rows.db.key.new").exists()
    engine.dispose()


@pytest.mark.slow
def test_at_the_terminal_an_edited_call_is_refused_and_sealed_by_who_looked_at_it(tmp_path: Path, shop: Engine) -> None:
    case_id, bound = parked(tmp_path)
    with shop.begin() as connection:
        before = connection.execute(text("SELECT arguments FROM approvals")).scalar_one()
        connection.execute(text("UPDATE approvals SET arguments = replace(arguments, '17990', '1')"))
    told = switchboard(tmp_path, "approve", case_id, "--for", bound)
    assert (told.returncode, f"switchboard seal {case_id}" in said(told)) == (2, True)
    assert refunds(document(tmp_path, "show", case_id)) == [("waiting", 17990)]
    with shop.begin() as connection:
        connection.execute(text("UPDATE approvals SET arguments = :arguments"), {"arguments": before})
    assert "1 case is sealed" in said(switchboard(tmp_path, "seal", case_id, "--as", "ines"))
    assert refunds(document(tmp_path, "approve", case_id, "--for", bound)) == [("done", 17990)]
    assert json.loads(switchboard(tmp_path, "audit", "--json").stdout)[-1]["what"] == "sealed anew"


@pytest.mark.slow
def test_who_loses_the_key_hears_so_and_another_key_opens_nothing(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    other = switchboard(tmp_path, "approve", case_id, "--for", bound, SWITCHBOARD_SEAL_KEY="x" * 32)
    assert (other.returncode, "not the one that sealed the rows" in said(other)) == (2, True)
    short = switchboard(tmp_path, "approve", case_id, "--for", bound, SWITCHBOARD_SEAL_KEY="short")
    assert (short.returncode, "SWITCHBOARD_SEAL_KEY is wrong" in said(short)) == (2, True)
    (tmp_path / "data" / "switchboard.db.key").write_text("")
    empty = switchboard(tmp_path, "cases")
    assert (empty.returncode, "holds no key" in said(empty)) == (2, True)
