"""The use cases as values: what any console is told, with no terminal in sight."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session
from support import toys
from support.toys import team

from switchboard.cases.approvals import answer
from switchboard.cases.cases import hear
from switchboard.cases.documents import find
from switchboard.cases.runs import Environment, read_run, work_on
from switchboard.cases.standing import standing
from switchboard.cases.tables import CaseRow, RunRow
from switchboard.console.asked import asked
from switchboard.console.terminal import ask, screen
from switchboard.console.terminal.ask import Chat
from switchboard.console.terminal.live.at_terminal import AtTerminal
from switchboard.console.terminal.live.keyboard import BrokenOff
from switchboard.console.terminal.screen import Seen
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval, Nobody
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Limits
from switchboard.declare.transcript import View
from switchboard.engine.journal import Ledger, Recorded
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.events.rendering import Line, traced
from switchboard.events.stream import Event
from switchboard.loop.state import Used
from switchboard.migrations import migrate_cases
from switchboard.service import approvals, cases, conversations, records, recovery

ADA = "ada@example.com"
ASKS = team(lambda view: Say("How much?", asks=True) if not view.questions else call("pay", cents=7000))
"""It asks the customer, and then for an approval."""
SAME = {
    "team": "toys",
    "end": "resolved",
    "reason": "",
    "opening": "Hello",
    "seconds": 1.0,
    "used": asdict(Used()),
    "inbox": [],
    "state": {},
}
"""What the rows of cases that are over have in common."""


@dataclass
class Here:
    """A place of these rows, with a worker for each use case that needs one."""

    engine: Engine
    environment: Environment

    @contextmanager
    def worker(self, about: str = "") -> Iterator[Worker]:
        with Worker(self.environment) as worker:
            yield worker


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    toys.PAID.clear()
    engine = open_engine(sqlite_url(tmp_path / "cases.db"))
    migrate_cases(engine)
    yield Here(engine, Environment(engine, {"toys": ASKS}))
    engine.dispose()


def many(engine: Engine, number: int) -> None:
    """So many cases with two runs each; case_000000 is the oldest."""
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    of_run = {"first": 1, "given": {"kind": "words"}, "start": {}, "version": "", "attempts": 0, "reached": 0, "priority": 0}
    with Session(engine) as session, session.begin():
        rows = [{"id": f"case_{n:06}", "created_at": begun + timedelta(minutes=n), **SAME, "run": 2} for n in range(number)]
        session.execute(insert(CaseRow), rows)
        runs = [
            {"case_id": row["id"], "number": k, "started_at": row["created_at"] + timedelta(seconds=k), "end": "resolved"}
            for row in rows
            for k in (1, 2)
        ]
        session.execute(insert(RunRow), [{**run, **of_run} for run in runs])


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """What is asked of the database."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:  # type: ignore[no-untyped-def]
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def plan(engine: Engine, statement: str, parameters: tuple[object, ...]) -> str:
    """How SQLite goes about a statement."""
    with engine.connect() as connection:
        return " / ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))


@pytest.mark.slow
def test_agents_go_on_only_with_cases_of_their_own_project_and_nothing_is_written_or_waited_for(here: Here) -> None:
    waits = conversations.ask(here, "toys", "Please pay me.", ADA)["case_id"]
    conversations.ask_again(here, waits, "70")
    asks = conversations.ask(here, "toys", "Please pay me.", ADA)["case_id"]
    cut_off = conversations.ask(here, "toys", "Please pay me.", ADA)["case_id"]
    with Session(here.engine) as session, session.begin():
        session.get_one(CaseRow, cut_off).end = None
    [asked] = approvals.list_approvals(here)
    elsewhere = Here(here.engine, Environment(here.engine, {"others": ASKS}))
    before = [standing(here.engine, case_id) for case_id in (waits, asks, cut_off)]
    for use in (
        lambda: conversations.ask_again(elsewhere, asks, "70"),
        lambda: cases.hand_back(elsewhere, asks, "dana", "Go on."),
        lambda: approvals.waiting_call(elsewhere, waits),
        lambda: approvals.edited(elsewhere, asked, {"cents": 1}),
        lambda: recovery.cancel(elsewhere, asks, "dana"),
        lambda: recovery.resume(elsewhere, cut_off),
    ):
        with pytest.raises(OperatorError, match="is a case of the team 'toys', which this project does not have"):
            use()
    assert recovery.cut_off(elsewhere) == []
    assert recovery.cut_off(here) == [cut_off]
    assert [standing(here.engine, case_id) for case_id in (waits, asks, cut_off)] == before


@pytest.mark.slow
def test_a_case_goes_from_its_first_words_to_an_approval_and_each_run_keeps_its_end(here: Here) -> None:
    heard: list[Event] = []
    first = conversations.ask(here, "toys", "Please pay me.", ADA, heard.append)
    case_id = first["case_id"]
    assert (first["end"], heard[-1].kind) == ("awaiting_customer", "run_finished")
    with pytest.raises(OperatorError, match="not begun with that e-mail address"):
        conversations.ask_again(here, case_id, "70", "eve@example.com")
    second = conversations.ask_again(here, case_id, "70", f" {ADA.upper()} ")
    assert (second.here, second.document["end"]) == (True, "awaiting_approval")

    kept = conversations.ask_again(here, case_id, "Are you there?")
    assert (kept.here, kept.document["end"], toys.PAID) == (False, "awaiting_approval", [])
    [asked] = approvals.list_approvals(here)
    assert (asked.case_id, asked.tool, asked.arguments, asked.since) == (case_id, "pay", {"cents": 7000}, ["Are you there?"])
    with pytest.raises(OperatorError, match="Nothing was approved"):
        approvals.edited(here, asked, {"cents": "much"})
    changed = approvals.edited(here, asked, {"cents": 6000})
    answered = approvals.approve(here, approvals.waiting_call(here, f"{case_id}:2", asked.hash), "dana", changed)
    assert (answered.needs_another, answered.worked.here) == (False, True)
    assert [key for key in toys.PAID if "rehearsal" not in key] == [f"{case_id}:call_2"]

    ends = {run.run_id: run.end for run in cases.list_runs(here, 10)}
    assert ends[f"{case_id}:1"] == "awaiting_customer"
    assert ends[f"{case_id}:2"] == "awaiting_approval"
    assert None not in ends.values()
    [listed] = cases.list_cases(here, 10)
    assert (listed.case_id, listed.run_id, listed.end) == (case_id, max(ends), answered.worked.document["end"])
    assert records.replay(here, case_id).differences == ()


@pytest.mark.slow
def test_a_case_is_taken_spoken_in_handed_back_and_cancelled(here: Here) -> None:
    case_id = conversations.ask(here, "toys", "Please pay me.", ADA)["case_id"]
    taken = cases.take(here, f"{case_id}:1", "dana")
    assert (taken.standing.held_by, taken.standing.end) == ("dana", "escalated")
    assert cases.speak(here, case_id, "dana", "One moment.").document["transcript"][-1]["text"] == "One moment."
    with pytest.raises(OperatorError, match="dana has this case"):
        cases.hand_back(here, case_id, "erik", "Go on.")
    back = cases.hand_back(here, case_id, "dana", "Go on.")
    assert (back.here, cases.show(here, case_id).standing.held_by) == (True, None)
    heard: list[Event] = []
    assert recovery.cancel(here, case_id, "dana", heard.append)["end"] == "cancelled"
    assert heard[-1].kind == "run_finished"
    assert recovery.cut_off(here) == []
    with pytest.raises(OperatorError, match="is over; it ended cancelled"):
        recovery.resume(here, case_id)
    assert records.clean_up(here, 30) == 0


@pytest.mark.slow
def test_a_case_that_nobody_works_on_is_shown_as_far_as_it_is_and_resumed(here: Here) -> None:
    with here.worker() as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": ADA})
        live = cases.show(here, ref.case_id)
        assert live.progress and live.progress.worker
    left = cases.show(here, ref.case_id)
    assert left.progress
    assert (left.progress.worker, left.progress.steps, left.standing.end) == (None, 0, None)
    assert recovery.cut_off(here) == [ref.case_id]
    heard: list[Event] = []
    [resumed] = recovery.resume_these(here, [ref.case_id], heard.append)
    assert (resumed.document["end"], resumed.instead) == ("awaiting_customer", "")
    assert {event.case_id for event in heard} == {ref.case_id}


@pytest.mark.slow
def test_a_conversation_hears_the_customer_and_sees_what_others_do(here: Here) -> None:
    with here.worker() as worker:
        heard: list[Event] = []
        talk, ref = conversations.open_conversation(worker, "toys", "Please pay me.", Nobody(), heard.append, ADA)
        assert talk.work(ref)["end"] == "awaiting_customer"
        assert talk.look().end == "awaiting_customer"
        assert (talk.has_news(), talk.is_called_away(), talk.stays()) == (False, False, True)
        cases.take(here, talk.case_id, "dana")
        assert (talk.has_news(), talk.claimed(), talk.is_called_away()) == (True, None, True)
        assert talk.hear("Hello?") == (None, "Your message was added to the case. dana answers it.")
        talk.close()
        assert not here.environment.stream.is_heard(talk.case_id)


def written_meanwhile(here: Here, *, loops: bool) -> tuple[str, list[str]]:
    """What customers hear whose further words came while a run was worked on that gave their case to a human, and all lines."""

    def to_a_human(view: View) -> Move:
        given = view.last("call_a_human")
        return Say("A colleague has it.") if given else call("call_a_human", summary="Help.")

    stuck = Call("call_a_human", {"summary": "The desk is stuck."})
    spec = team(rescue=lambda transcript: stuck, limits=Limits(turns=1 if loops else 20))
    gives = toys.agent("worker", to_a_human, toys.call_a_human)
    here.environment.teams = {"toys": replace(spec, members={**spec.members, "worker": gives})}
    with here.worker() as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": ADA})
        assert "was kept" in hear(here.engine, ref.case_id, "And now?", None)[1]
        document = worker.work(ref)
        assert worker.newest_run(ref.case_id) == ref  # no agent takes up what is with a human
    return document["reply"], [str(line.get("text")) for line in document["transcript"]]


@pytest.mark.slow
@pytest.mark.parametrize("loops", [False, True])
def test_what_is_written_while_a_case_goes_to_a_human_is_added_and_the_answer_is_still_told(here: Here, loops: bool) -> None:
    reply, lines = written_meanwhile(here, loops=loops)
    assert "colleague" in reply and lines[-1] == "And now?"


def test_a_case_is_found_by_its_id_a_beginning_or_the_id_of_a_run(here: Here) -> None:
    many(here.engine, 3)
    with Session(here.engine) as session:
        session.execute(insert(CaseRow).values(id="kase_1", created_at=datetime.now(UTC), run=1, **SAME))
        for given, found in {
            "case_000001": "case_000001",
            "case_000001:2": "case_000001",
            "ka": "kase_1",
            "ka:1": "kase_1",
        }.items():
            assert find(session, given).id == found
        for given, words in {
            "case_": "More than one case begins with 'case_'",
            "case_:1": "More than one case",
            "": "More than one case",
            ":2": "No case begins with ':2'",
            "case_000001:3": "case_000001 has no run 3",
            "case_000001:0": "case_000001 has no run 0",
            "ka:2": "kase_1 has no run 2",
            "case_000001:x": "No case begins with 'case_000001:x'",
            "case_00000%": "No case begins with",
        }.items():
            with pytest.raises(OperatorError, match=words):
                find(session, given)


@pytest.mark.slow
def test_lists_are_read_in_the_order_of_an_index_and_load_no_document_however_many_there_are(here: Here) -> None:
    many(here.engine, 2000)
    with statements(here.engine) as asked:
        newest, runs = cases.list_cases(here, 3), cases.list_runs(here, 3)
    assert [case.case_id for case in newest] == ["case_001999", "case_001998", "case_001997"]
    assert [run.run_id for run in runs] == ["case_001999:2", "case_001999:1", "case_001998:2"]
    assert newest[0].run_id == "case_001999:2"
    of_cases, of_runs = (one for one in asked if one[0].startswith("SELECT"))
    assert "ix_cases_created_at" in plan(here.engine, *of_cases)
    assert "ix_runs_started_at" in plan(here.engine, *of_runs)
    for statement, parameters in (of_cases, of_runs):
        assert "TEMP B-TREE FOR ORDER BY" not in plan(here.engine, statement, parameters)
        assert "SCAN entries" not in plan(here.engine, statement, parameters), "only those of a listed case are looked at"


def test_a_case_named_by_its_whole_id_is_read_without_looking_at_the_others(here: Here) -> None:
    many(here.engine, 50)
    with statements(here.engine) as asked:
        assert standing(here.engine, "case_000007").end == "resolved"
    plans = [plan(here.engine, *one) for one in asked if one[0].startswith("SELECT")]
    assert plans
    assert not [one for one in plans if "SCAN" in one]
    assert len([one for one in asked if one[0].startswith("SELECT entries.")]) == 1, "its transcript is read once"


@pytest.mark.slow
def test_a_chat_shows_each_line_once_whoever_made_it(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Line] = []
    monkeypatch.setattr(screen, "show_line", shown.append)
    monkeypatch.setattr(asked, "trace", True)

    def called_away(has_news: Callable[[], bool]) -> str:
        assert has_news()
        raise BrokenOff

    monkeypatch.setattr(ask, "spoken_line", called_away)
    with here.worker() as worker:
        human, seen = AtTerminal(), Seen(silent=False)
        talk, ref = conversations.open_conversation(worker, "toys", "Please pay me.", human, seen, ADA)
        chat = Chat(talk, human, seen)
        monkeypatch.setattr(human, "next_words", lambda question: "70")
        assert talk.work(ref)["end"] == "awaiting_approval"
        assert talk.hear("Are you there?")[0] is None
        [waiting] = approvals.list_approvals(here)
        elsewhere = Environment(here.engine, here.environment.teams)
        second = answer(here.engine, talk.case_id, waiting.hash, Approval("approve", "dana"), None)
        assert second
        ledger, begun = Ledger(here.engine, "elsewhere"), read_run(here.engine, second)
        third = work_on(elsewhere, second, begun, Recorded(ledger, second, begun.kept, begun.row.first, None))
        ledger.close()
        assert third
        assert chat.next_run() == third
        talk.work(third)
        seen.catch_up(talk.lines(seen.number))
        lines = [traced(entry) for _, entry in talk.lines(0)]
    assert [line for line in shown if line in lines] == lines
    assert [line.kind for line in shown if line not in lines] == ["waiting"]


@pytest.mark.slow
def test_of_many_calls_that_wait_the_oldest_are_shown_and_rehearsed_and_the_others_are_counted(here: Here) -> None:
    waiting = []
    for _ in range(4):
        case_id = conversations.ask(here, "toys", "Please pay me.", ADA)["case_id"]
        conversations.ask_again(here, case_id, "70")
        waiting.append(case_id)
    assert [asked.case_id for asked in approvals.list_approvals(here, 2)] == waiting[:2]
    assert (len(approvals.list_approvals(here)), approvals.count_approvals(here)) == (4, 4)
