"""Branches of a recorded run: their rows, who owns them, what is listed, and what becomes of them with their parent."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session
from support import toys
from support.commands import said
from support.small_project import small_project
from support.terminal import PLAIN, environment
from test_branches import finds, searching, verified

from switchboard.cases import cases, runs
from switchboard.cases.branches import branches_of, entries_of_branches
from switchboard.cases.documents import listing, load, runs_of
from switchboard.cases.entries import kept_of, unsaid
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.cases.standing import standing, unfinished
from switchboard.cases.tables import RunRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.beginnings import Branched
from switchboard.declare.moves import Say, call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.engine import heartbeat
from switchboard.engine.cleanup import clean_up
from switchboard.engine.queues import COMMANDS
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.events.stream import Event, RunFinished, RunStarted
from switchboard.loop.journal import Lost, Superseded
from switchboard.migrations import migrate_cases
from switchboard.service import cases as service
from switchboard.service import recovery
from switchboard.service.place import work

FINDS = verified(finds)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    toys.PAID.clear()
    engine = open_engine(sqlite_url(tmp_path / "cases.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


def worked(rows: Engine, spec: TeamSpec, listener: Callable[[Event], object] | None = None) -> dict[str, Any]:
    with Worker(Environment(rows, {"toys": spec})) as worker:
        return work(worker, worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"}), listener)


def steps(rows: Engine, case_id: str) -> list[str]:
    with Session(rows) as session:
        return [kept.name for kept in kept_of(session, case_id, 1) if kept.name]


def test_a_branch_has_a_record_of_its_own_under_its_parent(rows: Engine) -> None:
    found = worked(rows, searching(FINDS, FINDS))
    parent = found["case_id"]
    assert steps(rows, parent) == ["branches 1", "end of run"]
    assert steps(rows, f"{parent}.1-1") == ["call_1 find_customer", "call_2 look_up", "end of run"]
    child = load(rows, f"{parent}.1-2")
    assert (child["end"], child["department"], child["reply"]) == ("resolved", "right", "Found 12 of 'Where is it?'.")
    assert [branch["case_id"] for branch in found["branches"]] == [f"{parent}.1-1", f"{parent}.1-2"]


def test_how_far_a_run_is_counts_what_its_branches_recorded(rows: Engine) -> None:
    parent = worked(rows, searching(FINDS, FINDS))["case_id"]
    with Session(rows) as session:
        assert entries_of_branches(session, parent) == sum(
            len(kept_of(session, f"{parent}.1-{number}", 1)) for number in (1, 2)
        )


def test_what_branches_came_to_is_told_by_a_run_that_is_given_up_before_it_said_so(rows: Engine) -> None:
    parent = worked(rows, searching(FINDS, FINDS))["case_id"]
    with Session(rows) as session:
        kept = kept_of(session, parent, 1)
    said = [line for line in unsaid(kept[:2]) if line.kind == "branch"]
    assert [(line.case_id, line.text) for line in said] == [
        (f"{parent}.1-1", "Found 12 of 'Where is it?'."),
        (f"{parent}.1-2", "Found 12 of 'Where is it?'."),
    ]
    assert unsaid(kept) == []


def test_lists_show_cases_and_a_case_its_branches(rows: Engine) -> None:
    found = worked(rows, searching(FINDS, FINDS))
    parent = found["case_id"]
    assert [row["case_id"] for row in listing(rows, 10)] == [row["case_id"] for row in runs_of(rows, 10)] == [parent]
    stand = standing(rows, parent[:8])
    assert (stand.case_id, stand.parent) == (parent, None), "a beginning of its id names the case, and none of its branches"
    assert [(branch.agent, branch.end) for branch in stand.branches] == [("left", "resolved"), ("right", "resolved")]
    assert standing(rows, f"{parent}.1-2").parent == parent


def test_a_case_and_its_branches_are_replayed_without_a_tool_called(rows: Engine) -> None:
    spec = searching(FINDS, FINDS)
    found = worked(rows, spec)
    for case_id, count in ((found["case_id"], 8), (f"{found['case_id']}.1-1", 3)):
        again = rebuild(Environment(rows, {"toys": spec}), case_id)
        assert (again.differences, again.complete, again.steps) == ((), True, count)
        assert again.document == load(rows, case_id)
    otherwise = searching(lambda view: Say("Another thing."), FINDS)
    differs = rebuild(Environment(rows, {"toys": otherwise}), found["case_id"]).differences
    assert differs and all(words.startswith(f"branch {found['case_id']}.1-1: ") for words in differs[:1])


def test_deleting_what_is_old_of_a_case_deletes_that_of_its_branches(rows: Engine) -> None:
    parent = worked(rows, searching(FINDS, FINDS))["case_id"]
    assert clean_up(rows, datetime.now(UTC) + timedelta(days=1), lambda refs: None) == 1
    with Session(rows) as session:
        assert session.scalars(select(RunRow.case_id)).all() == []
    assert steps(rows, f"{parent}.1-1") == []
    assert load(rows, f"{parent}.1-1")["reply"], "what was said stays"
    assert [branch.agent for branch in standing(rows, parent).branches] == ["left", "right"]


def test_nobody_speaks_in_takes_or_cancels_a_branch(rows: Engine) -> None:
    branch = worked(rows, searching(FINDS, FINDS))["branches"][0]["case_id"]
    for act in (
        lambda: cases.hear(rows, branch, "Hello", None),
        lambda: cases.take(rows, branch, "ines"),
        lambda: cases.cancel(rows, branch, "ines", None),
    ):
        with pytest.raises(OperatorError, match="is a branch of"):
            act()


def test_who_listens_to_a_case_hears_its_branches_begin_and_end(rows: Engine) -> None:
    heard: list[Event] = []
    parent = worked(rows, searching(FINDS, FINDS), heard.append)["case_id"]
    started = {event.case_id: event.parent for event in heard if isinstance(event, RunStarted)}
    finished = {event.case_id: (event.parent, event.end) for event in heard if isinstance(event, RunFinished)}
    branches = {f"{parent}.1-1": parent, f"{parent}.1-2": parent}
    assert started == {parent: None, **branches}
    assert finished == {parent: (None, "resolved"), **dict.fromkeys(branches, (parent, "resolved"))}
    assert {event.case_id for event in heard if event.kind == "entry_added"} == {parent}


def losing(rows: Engine) -> TeamSpec:
    """A team one branch of which is frozen until another process has the run."""

    @tool(effect="read", public=True)
    def lose(ctx: Context) -> str:
        """Be frozen until another process has the run."""
        with Session(rows) as session, session.begin():
            session.execute(update(RunRow).where(RunRow.owner.is_not(None)).values(owner="another process"))
        return "too late"

    spec = searching(lambda view: Say("Here.") if view.calls else call("lose"), lambda view: Say("Here."))
    members = dict(spec.members)
    members["left"] = toys.agent("left", members["left"].without_model, lose, toys.find_customer)
    return toys.team(members=members, flow=spec.flow)


def test_a_branch_of_a_run_that_another_process_owns_by_now_records_nothing_more(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": losing(rows)})) as worker:
        ref = worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"})
        begun = runs.read_run(rows, ref)
        with pytest.raises(Superseded):
            runs.work_on(worker.environment, ref, begun, worker.workflows.journal(ref, begun))
    assert steps(rows, f"{ref.case_id}.1-1") == steps(rows, ref.case_id) == []


@pytest.mark.slow
def test_what_a_branch_lost_on_the_way_into_its_record_is_made_again_and_the_other_is_read_from_its_own(rows: Engine) -> None:
    made: list[str] = []

    def counts(view: Any) -> Any:
        made.append(view.agent)
        return Say("Here.")

    losses = [Lost()]

    def loses(view: Any) -> Any:
        if losses:
            time.sleep(0.3)
            raise losses.pop()
        return counts(view)

    found = worked(rows, searching(loses, counts))
    assert (found["end"], sorted(made)) == ("resolved", ["left", "right"])
    assert found["reply"] == "left: Here. + right: Here."


@pytest.mark.slow
def test_branches_are_no_runs_that_a_process_has_left(rows: Engine) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def waits(view: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return Say("Here.")

    with Worker(Environment(rows, {"toys": searching(waits, lambda view: Say("Here."))})) as worker:
        ref = worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"})
        thread = threading.Thread(target=lambda: worker.wait_for(ref))
        with Session(rows) as session, session.begin():
            worker.workflows.enqueue_all(session, [(ref, 0)], COMMANDS)
        thread.start()
        assert inside.wait(20)
        assert [found.case_id for found in unfinished(rows, ["toys"])] == [ref.case_id]
        assert heartbeat.take_up(worker.workflows, COMMANDS) == []
        assert heartbeat._refs_of(worker.workflows, worker.workflows.executor) == [ref]
        branch = branches_of_case(rows, ref.case_id)[0]
        assert worker.claim(branch) is None
        with pytest.raises(OperatorError, match="is a branch of"):
            recovery.check_it_was_cut_off(Here(rows), standing(rows, branch))
        shown = service.show(Here(rows), branch)
        assert shown.progress and shown.progress.worker
        go_on.set()
        thread.join(20)
        assert worker.document(ref.case_id)["end"] == "resolved"


class Here:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine


def branches_of_case(rows: Engine, case_id: str) -> list[str]:
    with Session(rows) as session:
        return [branch.case_id for branch in branches_of(session, [case_id])]


def test_an_operator_who_cancels_the_case_ends_its_branches(rows: Engine) -> None:
    begun: list[str] = []

    @tool(effect="read", public=True)
    def cancels(ctx: Context) -> str:
        """Be cancelled elsewhere meanwhile."""
        cases.cancel(rows, begun[0], "ines", None)
        return "cancelled"

    spec = searching(lambda view: call("cancels"), lambda view: Say("Here."))
    members = dict(spec.members)
    members["left"] = toys.agent("left", members["left"].without_model, cancels, toys.find_customer)
    with Worker(Environment(rows, {"toys": toys.team(members=members, flow=spec.flow)})) as worker:
        ref = worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"})
        begun.append(ref.case_id)
        found = worker.work(ref)
    assert (found["end"], found["branches"][0]["end"]) == ("cancelled", "cancelled")
    assert steps(rows, f"{ref.case_id}.1-1") == ["call_1 cancels", "end of run"]


@pytest.mark.slow
def test_a_run_that_is_given_up_names_the_end_of_the_branches_that_it_leaves_behind(rows: Engine) -> None:
    spec = searching(FINDS, FINDS)
    with Worker(Environment(rows, {"toys": spec})) as worker:
        ref = worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"})
        begun = runs.read_run(rows, ref)
        journal = worker.workflows.journal(ref, begun)

        run = runs.thawed(worker.environment, ref, begun, journal)
        child = type(run)(f"{ref.case_id}.1-1", spec, rows, run.human, parent=ref.case_id)
        given = Branched(ref.case_id, "left", "a", {})
        assert journal._begun(child, given) == []
        runs.give_up(rows, ref, "It cannot go on.")
        worker.take_up()
        worker.wait_for(cases.RunRef(ref.case_id, 2))
        assert worker.document(ref.case_id)["end"] == "failed"
    assert load(rows, child.id)["end"] == "cancelled"
    with rows.connect() as connection:
        assert connection.execute(text('SELECT count(*) FROM runs WHERE "end" IS NULL')).scalar() == 0


@pytest.mark.slow
def test_ctrl_c_ends_the_branches_in_their_rows_too_and_one_that_is_left_behind_writes_nothing_more(rows: Engine) -> None:
    released, begun = threading.Event(), threading.Event()

    def stops(view: Any) -> Any:
        assert begun.wait(20)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)
        return call("find_customer", email="ada@example.com")

    def stuck(view: Any) -> Any:
        begun.set()
        released.wait(30)
        return Say("Too late.")

    with Worker(Environment(rows, {"toys": searching(stops, stuck)})) as worker:
        found = worker.work(worker.open_case("toys", "Where is it?", known={"email": "ada@example.com"}))
        released.set()
        time.sleep(0.5)
    branches = [branch["case_id"] for branch in found["branches"]]
    assert [found["end"], *(load(rows, branch)["end"] for branch in branches)] == ["cancelled"] * 3
    assert steps(rows, branches[0]) == ["call_1 find_customer", "end of run"]
    assert [line["kind"] for line in load(rows, branches[1])["transcript"]] == []


TEAM = """
    from switchboard.declare.agent import AgentSpec
    from switchboard.declare.moves import Say
    from switchboard.declare.team import Rule, TeamSpec
    from switchboard.flows.fan_out import fan_out

    names = ("attic", "cellar")
    looking = [AgentSpec(name, name, "You look.", lambda view: Say(f"Nothing in the {view.agent}.")) for name in names]
    joiner = AgentSpec("joiner", "Joins.", "You join.", lambda view: Say(" ".join(b.text for b in view.branches)))
    members = {spec.name: spec for spec in (*looking, joiner)}
    team = TeamSpec("counter", "Looks.", members, fan_out(names, "joiner"), (Rule("approve"),))
    """


@pytest.mark.slow
def test_the_terminal_shows_branches_under_their_case(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    (project / "groupchats" / "counter.py").write_text(dedent(TEAM), encoding="utf-8")

    def told(*arguments: str, code: int = 0) -> str:
        """What a command prints, in a process of its own, since a process has one project."""
        found = environment(tmp_path, COLUMNS="200")
        done = subprocess.run([*PLAIN, *arguments], cwd=project, env=found, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, said(done)
        return done.stdout if "--json" in arguments else said(done)

    asked = told("ask", "Where is the hammer?", "--trace")
    (listed,) = json.loads(told("cases", "--json"))
    parent = listed["case_id"]
    branches = [f"{parent}.1-1", f"{parent}.1-2"]
    assert all(f"{branch} begins" in asked and f"{branch} ended resolved" in asked for branch in branches)
    assert "Nothing in the attic. Nothing in the cellar." in asked
    shown = told("show", parent)
    assert all(branch in shown for branch in branches)
    child = json.loads(told("show", branches[1], "--json"))
    assert (child["parent"], child["reply"]) == (parent, "Nothing in the cellar.")
    assert f"This is a branch of {parent}." in told("show", branches[1])
    assert "is a branch of" in told("ask", "--case", branches[0], "Hello", code=2)
