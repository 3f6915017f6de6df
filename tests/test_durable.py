"""What a run keeps of itself as it goes, and how it ends when something breaks in the middle of it."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session
from support import toys
from support.crowd import malformed
from support.killed import Nursery
from support.sample import prepared

from switchboard.cases import cases, documents, runs
from switchboard.cases.entries import steps_of
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.cases.tables import RunRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Prepared
from switchboard.declare.moves import Say, call
from switchboard.declare.outcomes import Outcome
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import ToolError
from switchboard.loop.journal import Lost, Superseded
from switchboard.loop.recording.words import words_of_customer
from tools.rows import CaseNote
from tools.store import migrate

Document = dict[str, Any]
REFUND = "I was charged twice for order #W1000001, please refund the second charge."
EMMA = "emma.lindqvist@example.com"


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate(engine)
    yield engine
    engine.dispose()


def write(ctx: Context) -> None:
    note = CaseNote(key=ctx.key, case_id=ctx.case_id, customer_id=None, agent=ctx.agent, text="-", created_at=datetime.now(UTC))
    ctx.session.add(note)
    ctx.session.flush()


def value(engine: Engine, query: str) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def team_with(made: Any, **facts: Any) -> TeamSpec:
    """The toys' team, whose worker calls this tool and tells what came of it."""

    def worker(view: View) -> Any:
        done = view.last(made.name)
        return Say(f"It is {done.status}. {done.text}".strip()) if done else call(made.name)

    spec = toys.team(worker, **facts)
    agent = replace(spec.members["worker"], tools=(made,))
    return replace(spec, members={**spec.members, "worker": agent}, approvals=(Rule("approve"),))


def work(engine: Engine, spec: TeamSpec, **options: Any) -> tuple[Document, list[tuple[str, Outcome]]]:
    """Work on one case in this process. Returns its document and its record, after the record was checked by a replay."""
    environment = Environment(engine, {spec.name: spec})
    with Worker(environment) as worker:
        ref = worker.open_case(spec.name, "Please do it.", known={"email": "ada@example.com"}, **options)
        assert ref
        document = worker.work(ref)
        again = rebuild(environment, ref.case_id)
        assert (again.differences, again.complete) == ((), True)
        assert {**again.document, "reason": document["reason"]} == document, (
            "its taker's name is in the rows, not in the record"
        )
        return document, steps_of(runs.read_run(engine, ref).kept)


def names(records: list[tuple[str, Outcome]]) -> list[str]:
    return [name for name, _ in records]


def test_each_effect_is_one_record_under_its_name(rows: Engine) -> None:
    human = Prepared(["Please do it again."], [True])

    def worker(view: View) -> Any:
        done = view.last("pay")
        return Say("Anything else that I shall pay?", asks=True) if done else call("pay", cents=6000)

    _, records = work(rows, toys.team(worker), human=human)
    assert names(records) == [
        "call_1 find_customer",
        "call_2.moved pay",
        "human approve call_2",
        "call_2 pay",
        "human words",
        "human words",
        "end of run",
    ]


def test_a_step_inside_of_a_step_is_refused(rows: Engine) -> None:
    environment = Environment(rows, {"toys": toys.team()})
    with Worker(environment) as worker:
        ref = worker.open_case("toys", "Please pay me.")
        assert ref

        def step_in_step(ref: cases.RunRef, begun: Any, journal: Any) -> Any:
            journal.line(words_of_customer("Please pay me."))
            return journal.step("outer", lambda: journal.step("inner", dict))

        worker.workflows.work = step_in_step
        with pytest.raises(AssertionError, match="inner is called inside of another step"):
            worker.workflows.run_here(ref)


def test_what_a_refusing_tool_wrote_is_undone_and_the_refusal_recorded(rows: Engine) -> None:
    @tool(effect="write")
    def refuse(ctx: Context) -> str:
        """Write, and then refuse."""
        write(ctx)
        raise ToolError("It cannot be done.")

    document, records = work(rows, team_with(refuse))
    assert dict(records)["call_2 refuse"]["status"] == "refused"
    assert document["end"] == "resolved"
    assert document["reply"] == "It is refused. It cannot be done."
    assert value(rows, "SELECT count(*) FROM case_notes") == 0


def test_what_a_breaking_tool_wrote_is_undone_and_the_failure_recorded(rows: Engine) -> None:
    @tool(effect="write")
    def crash(ctx: Context) -> str:
        """Write, and then break."""
        write(ctx)
        raise ZeroDivisionError("it broke")

    document, records = work(rows, team_with(crash))
    assert dict(records)["call_2 crash"]["status"] == "failed"
    assert (document["end"], document["reason"]) == ("failed", "crash failed: ZeroDivisionError: it broke")
    assert value(rows, "SELECT count(*) FROM case_notes") == 0


@pytest.mark.slow
def test_a_tool_that_gives_up_is_recorded_as_failed_and_wrote_nothing(rows: Engine) -> None:
    @tool(effect="write", timeout=0.2)
    def linger(ctx: Context) -> str:
        """Write, and then take too long."""
        write(ctx)
        time.sleep(0.6)
        return "late"

    document, records = work(rows, team_with(linger))
    assert names(records) == ["call_1 find_customer", "call_2 linger", "end of run"]
    assert document["reply"] == "It is failed. linger did not finish within 0.2 seconds."
    assert value(rows, "SELECT count(*) FROM case_notes") == 0


@pytest.mark.slow
def test_ctrl_c_during_a_tool_ends_the_run_and_what_was_done_by_then_is_kept(rows: Engine) -> None:
    @tool(effect="write")
    def interrupted(ctx: Context) -> str:
        """Write, while somebody presses Ctrl-C."""
        write(ctx)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        return "done"

    document, records = work(rows, team_with(interrupted))
    assert (document["end"], document["reason"]) == ("cancelled", "The run was stopped by hand.")
    assert "What was done: interrupted." in document["reply"]
    assert dict(records)["call_2 interrupted"]["status"] == "done"
    assert value(rows, "SELECT count(*) FROM case_notes") == 1
    assert value(rows, 'SELECT "end" FROM cases') == "cancelled"


def test_ctrl_c_while_a_human_is_asked_ends_the_run(rows: Engine) -> None:
    class Leaving(Prepared):
        def next_words(self, question: str) -> str | None:
            raise KeyboardInterrupt

    document, records = work(rows, toys.team(), human=Leaving())
    assert document["end"] == "cancelled"
    assert dict(records)["human words"]["stopped"]


@pytest.mark.parametrize("how, end", [("cancel", "cancelled"), ("take", "escalated")])
def test_an_operator_elsewhere_stops_a_run_at_its_next_step(how: str, end: str, rows: Engine) -> None:
    @tool(effect="read")
    def wait(ctx: Context) -> str:
        """Be at work when an operator comes."""
        if how == "cancel":
            cases.cancel(rows, ctx.case_id, "ines", None)
        else:
            cases.take(rows, ctx.case_id, "ines")
        return "waited"

    document, records = work(rows, team_with(wait))
    assert document["end"] == end
    assert names(records) == ["call_1 find_customer", "call_2 wait", "end of run"]
    assert value(rows, 'SELECT "end" FROM cases') == end
    assert value(rows, "SELECT held_by FROM cases") == ("ines" if how == "take" else None)
    assert value(rows, "SELECT cancelled_by FROM cases") is None


def test_an_error_of_our_own_does_not_leave_a_run_at_work_for_ever(rows: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real, broken = runs.written, [True]

    def breaks_once(row: Any, run: Any) -> None:
        if broken and broken.pop():
            raise RuntimeError("nobody foresaw this")
        real(row, run)

    monkeypatch.setattr(runs, "written", breaks_once)
    with Worker(Environment(rows, {"toys": toys.team()})) as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        assert ref
        document = worker.work(ref)
    assert (document["end"], malformed(document)) == ("failed", [])
    assert "RuntimeError: nobody foresaw this" in document["reason"]
    assert "What was done: pay 3.00 USD." in document["reply"]


def left_by_a_killed_process(nursery: Nursery, url: str, dies: str) -> None:
    nursery.start("case", url, words=REFUND, email=EMMA, dies=dies).was_killed()


def the_end(engine: Engine) -> tuple[Document, str]:
    """The document of the only run, and the summary of its ticket."""
    summary = value(engine, "SELECT summary FROM tickets WHERE case_id LIKE 'case_%'")
    return documents.load(engine, value(engine, "SELECT id FROM cases")), summary


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared(sqlite_url(tmp_path / "shop.db"))
    yield engine
    engine.dispose()


TOLD = [("after 5", "It is not known yet whether this was done"), ("after 6", "What was done")]
"""What is told of a refund whose rows are committed, before and after its payment was asked for."""


@pytest.mark.slow
@pytest.mark.parametrize(("dies", "told"), TOLD)
def test_a_run_whose_code_was_changed_meanwhile_is_closed_truthfully(
    dies: str, told: str, shop: Engine, nursery: Nursery
) -> None:
    url = shop.url.render_as_string()
    left_by_a_killed_process(nursery, url, dies)
    nursery.start("resume", url, changed=True).ended()
    document, ticket = the_end(shop)
    assert (document["end"], malformed(document)) == ("failed", [])
    assert "The program was changed while this run was under way" in document["reason"]
    assert f"{told}: the refund of order #W1000001, 42.50 USD." in document["reply"]
    assert "amount 42.50 USD" in ticket and "refund_order" not in ticket
    assert value(shop, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == 1


@pytest.mark.slow
@pytest.mark.parametrize(("dies", "told"), TOLD)
def test_a_run_that_its_processes_die_of_is_given_to_a_human(dies: str, told: str, shop: Engine, nursery: Nursery) -> None:
    url = shop.url.render_as_string()
    left_by_a_killed_process(nursery, url, dies)
    with shop.begin() as connection:
        connection.execute(text("UPDATE runs SET attempts = :most, reached = 99"), {"most": runs.MOST_ATTEMPTS})
    nursery.start("resume", url).ended()
    document, ticket = the_end(shop)
    assert (document["end"], malformed(document)) == ("failed", [])
    assert "died 5 times" in document["reason"]
    assert f"{told}: the refund of order #W1000001, 42.50 USD." in document["reply"]
    assert "amount 42.50 USD" in ticket and "refund_order" not in ticket


@pytest.mark.slow
def test_a_run_is_tried_again_five_times(shop: Engine, nursery: Nursery) -> None:
    url = shop.url.render_as_string()
    left_by_a_killed_process(nursery, url, "before 3")
    for _ in range(runs.MOST_ATTEMPTS):
        nursery.start("resume", url, dies="before 3").was_killed()
    assert value(shop, 'SELECT "end" FROM cases') is None
    nursery.start("resume", url).ended()
    document, _ = the_end(shop)
    assert document["end"] == "failed"
    assert "Nothing was changed." in document["reply"]


@pytest.mark.slow
def test_a_program_without_the_team_of_a_run_leaves_it_to_one_that_has_it(shop: Engine, nursery: Nursery) -> None:
    url = shop.url.render_as_string()
    left_by_a_killed_process(nursery, url, "after 4")
    without = nursery.start("resume", url, teams=[])
    without.ended()
    assert "is a case of the team 'desk', which this program does not have: it is left alone" in without.told()
    assert value(shop, 'SELECT "end" FROM cases') is None
    nursery.start("resume", url).ended()
    assert value(shop, 'SELECT "end" FROM cases') == "resolved"


def test_a_run_whose_record_was_lost_goes_on_from_it(rows: Engine) -> None:
    toys.PAID.clear()
    losses = [Lost(), Lost()]
    with Worker(Environment(rows, {"toys": toys.team()})) as worker:
        real = worker.workflows.work

        def lost_at_first(ref: cases.RunRef, begun: Any, journal: Any) -> Any:
            following = real(ref, begun, journal) if len(losses) != 2 else None
            if losses:
                raise losses.pop()
            return following

        worker.workflows.work = lost_at_first
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        assert worker.work(ref)["reply"] == "Paid 300."
    assert len(toys.PAID) == 1


def test_a_second_thread_of_one_process_does_not_work_on_the_same_run(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": toys.team()})) as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        assert worker.workflows.begins(ref)
        assert not worker.workflows.begins(ref)


def test_what_another_process_owns_by_now_is_not_recorded_and_not_done(rows: Engine) -> None:
    @tool(effect="read")
    def lose(ctx: Context) -> str:
        """Be frozen until another process has the run."""
        with Session(rows) as session, session.begin():
            session.execute(update(RunRow).values(owner="another process"))
        return "too late"

    spec = team_with(lose)
    with Worker(Environment(rows, {spec.name: spec})) as worker:
        ref = worker.open_case(spec.name, "Please do it.", known={"email": "ada@example.com"})
        with pytest.raises(Superseded):
            work_here(worker, ref)
    assert names(steps_of(runs.read_run(rows, ref).kept)) == ["call_1 find_customer"]


def test_a_process_that_was_frozen_asks_before_it_pays_for_a_model(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": toys.team()})) as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        journal = worker.workflows.journal(ref, runs.read_run(rows, ref))
        journal.check()
        with rows.begin() as connection:
            connection.execute(text("UPDATE runs SET owner = 'another process'"))
        journal.check()  # its own heartbeat is fresh, so nobody else can have taken the run over
        worker.workflows.ledger.lease.lapse()
        with pytest.raises(Superseded):
            journal.check()


def work_here(worker: Worker, ref: cases.RunRef) -> None:
    begun = runs.read_run(worker.environment.engine, ref)
    runs.work_on(worker.environment, ref, begun, worker.workflows.journal(ref, begun))
