"""Processes at work on runs, for tests that kill, freeze and thaw them.

A nursery has everything imported and forks each of them, so that one costs a fraction of a second and not two.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
IMPORTED = (
    "alembic.migration",
    "alembic.operations",
    "dbos._sys_db_sqlite",
    "genai_prices.data",
    "genai_prices.data_snapshot",
    "groupchats.desk",
    "groupchats.setup",
    "scenarios",
    "sqlalchemy.dialects.postgresql.psycopg",
    "starlette.testclient",
    "support.help_desk_jobs",
    "support.office",
    "support.reviewer",
    "support.sample",
    "support.searchers",
    "switchboard.cases.migrations.from_0_2",
    "switchboard.cases.replay",
    "switchboard.engine.worker",
    "switchboard.loop.autogen_chat",
    "switchboard.models.gateway",
    "switchboard.tables.messages",
    "switchboard.tables.team",
    "tools.store",
)
"""All that a child needs and that takes long."""


class Process:
    """A child of the nursery. `log` is what it wrote; its last line is `done` where it came to its end."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log

    @property
    def is_running(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def signal(self, number: int) -> None:
        if self.is_running:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.gone()

    def stop(self) -> None:
        self.signal(signal.SIGTERM)
        self.ended()

    def gone(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while self.is_running:
            assert time.monotonic() < until, f"still running after {seconds} s: {self.told()}"
            time.sleep(0.01)

    def ended(self, seconds: float = 60) -> None:
        self.gone(seconds)
        assert self.told().endswith("done\n"), self.told()

    def was_killed(self, seconds: float = 60) -> None:
        self.gone(seconds)
        assert "done" not in self.told(), self.told()
        assert "Traceback" not in self.told(), self.told()

    def lines(self) -> list[dict[str, Any]]:
        """What it told in JSON."""
        return [json.loads(line) for line in self.told().splitlines() if line.startswith("{")]

    def told(self) -> str:
        return self.log.read_text(encoding="utf-8")


class Nursery:
    """As a context manager; what is still running at its end is killed."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._children: list[int] = []
        self._lock = threading.Lock()

    def start(self, job: str, url: str, models: Path | None = None, **given: Any) -> Process:
        """A process that does a job of JOBS on a database, with the models of an OAI_CONFIG_LIST."""
        log = self._folder / f"process_{next(self._numbers)}.log"
        log.touch()
        order = {"job": job, "url": url, "models": str(models or ""), "log": str(log), "given": given}
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            self._children.append(int(self._process.stdout.readline()))
            return Process(self._children[-1], log)

    def clear(self) -> None:
        """Kill what is still running."""
        while self._children:
            with suppress(ProcessLookupError):
                pid = self._children.pop()
                if os.getpgid(pid) == self._process.pid:  # else it is gone, and another process has its number
                    os.kill(pid, signal.SIGKILL)

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
            start_new_session=True,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


def nursery() -> None:
    """Fork a process for each line, and end with all of them when nobody writes lines any more."""
    for name in IMPORTED:  # what the children would import one by one
        import_module(name)
    from groupchats.desk import team
    from switchboard.engine.worker import warm_up

    warm_up(team)
    gc.freeze()  # what they share is not looked through again by each of them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children, and a dead one must not stay as a zombie
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        print(pid, flush=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def child(order: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.close(0)
    try:
        made, mail = environment(order["url"], order["models"]), order["given"].pop("mail", 0)
        if mail:
            by_codes(made, mail)
        if letters := order["given"].pop("letters", None):
            made.services = {**made.services, "mail": Dying(*letters)}
        if api := order["given"].pop("api", None):
            from support.office import office

            made.teams["office"] = office(api[0], Path(api[1]), keyed=api[2])
        if tokens := order["given"].pop("tokens_a_day", 0):
            budgeted(made, tokens)
        if name := order["given"].pop("scenario", ""):
            from scenarios import scenario_called

            made.teams[scenario_called(name).team.name] = scenario_called(name).team
        if folder := order["given"].pop("project", ""):
            made.teams["desk"] = desk_of_project(Path(folder))
        if folder := order["given"].pop("house", ""):
            with_house(made, Path(folder))
        JOBS[order["job"]](made, **order["given"])
        print("done", flush=True)
    except BaseException:  # noqa: BLE001 - the log is what the test reads
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


def environment(url: str, models: str) -> Any:
    from groupchats.desk import team
    from support.sample import prepared
    from support.searchers import searchers
    from switchboard.cases.runs import Environment
    from switchboard.models.endpoints import read_endpoints
    from switchboard.models.gateway import Gateway

    gateway = Gateway(read_endpoints(Path(models).read_text("utf-8")), retries=0) if models else None
    return Environment(prepared(url), {"desk": team, "searchers": searchers()}, gateway)


def budgeted(environment: Any, tokens: int) -> None:
    """Have all models together take so many tokens in a day."""
    from switchboard.cases.spending.budgets import Budgets
    from switchboard.models.money.budgets import Budget

    environment.gateway.spending = Budgets(lambda: environment.engine, [Budget("day", "tokens", tokens)])


def by_codes(environment: Any, port: int) -> None:
    """Verify customers by codes, which the mail server on a port is sent."""
    from switchboard.consent.codes import Codes
    from switchboard.mail.smtp import Smtp

    environment.identity = "code"
    environment.codes = Codes(b"k" * 32, Smtp("127.0.0.1", port, "desk@example.com", tls="none"))


class Dying:
    """Sends letters to the mail server on a port; the process dies `before` or `after` it has sent one, where that is said."""

    def __init__(self, port: int, dies: str = "") -> None:
        from switchboard.mail.smtp import Smtp

        self._smtp, self._dies = Smtp("127.0.0.1", port, "desk@example.com", tls="none"), dies

    def send(self, letter: Any) -> None:
        if self._dies == "before":
            die()
        self._smtp.send(letter)
        if self._dies == "after":
            die()

    def probe(self) -> str:
        return ""


def with_house(environment: Any, folder: Path) -> None:
    """Have two teams as well whose tools are an MCP server's."""
    from support.house import house, team_of, tools_of

    tools = tools_of(house(folder))
    environment.teams |= {wanted: replace(team_of(tools, wanted), name=wanted) for wanted in ("reserve", "ring")}


def desk_of_project(folder: Path) -> Any:
    """The team that a project's file makes."""
    from switchboard.project import FILE
    from switchboard.tables.project_file import read_file
    from switchboard.tables.team import desk_of

    return desk_of(folder, read_file(folder / FILE))


def case(
    environment: Any,
    words: str,
    email: str,
    dies: str = "",
    team: str = "desk",
    by: int = signal.SIGKILL,
    reviews: Sequence[str] = (),
) -> None:
    """Open a case and work on it, as `ask` does; and die at a point such as `inside 3`, or freeze by SIGSTOP.

    With `reviews`, what a Reviewer is given, it is a chat whose every move an operator sees.
    """
    from switchboard.engine.worker import Worker

    with Worker(environment) as worker:
        dies_at(dies, signal.Signals(by))
        ref = worker.open_case(team, words, known={"email": email} if email else {}, human=reviewer(reviews))
        assert ref
        if dies == "before its workflow":
            die()
        worker.work(ref)


def reply(environment: Any, words: str, dies: str = "") -> None:
    """Write to the one case there is, as `reply` does, and work on it; and die at a point."""
    from switchboard.cases import cases
    from switchboard.cases import documents as record
    from switchboard.engine.worker import Worker

    with Worker(environment) as worker:
        dies_at(dies)
        (row,) = record.listing(environment.engine, 2)
        ref, _ = cases.hear(environment.engine, row["case_id"], words, worker.workflows.executor)
        assert ref
        if dies == "before its workflow":
            die()
        worker.work(ref)


def propose(environment: Any, tool: str, arguments: dict[str, Any], email: str, says: str = "", dies: str = "") -> None:
    """Propose a call as a program does, always under the same key, and tell how it stands; before that, where one `says` yes to
    it, say so; and die at a point.
    """
    from contextlib import nullcontext
    from types import SimpleNamespace

    from switchboard.cases.cases import RunRef
    from switchboard.engine.worker import Worker
    from switchboard.service.programs import proposals

    with Worker(environment, takes_cases=True) as worker:
        dies_at(dies)
        place: Any = SimpleNamespace(engine=environment.engine, environment=environment, worker=lambda _: nullcontext(worker))
        kept = proposals.propose(place, "desk", tool, arguments, email, "k" * 20, "robin")
        asked = proposals.came_of(place, kept.case_id).asked
        if says and asked:
            proposals.say(place, kept.case_id, asked.hash, asked.run, f"{says}{asked.run}", yes=True)
        worker.wait_for(RunRef(kept.case_id, 2 if says else 1))
        print(json.dumps({"status": proposals.came_of(place, kept.case_id).status}))


def approve(environment: Any, by: str, dies: str = "") -> None:
    """Approve the one call that waits, as an operator, and go on with its case; and die at a point."""
    from switchboard.cases.approvals import answer, open_approvals
    from switchboard.declare.human import Approval
    from switchboard.engine.worker import Worker

    with Worker(environment) as worker:
        dies_at(dies)
        (asked,) = open_approvals(environment.engine)
        ref = answer(environment.engine, asked.case_id, asked.hash, Approval("approve", by), worker.workflows.executor)
        assert ref
        worker.work(ref)


def reviewer(given: Sequence[str]) -> Any:
    """Who reviews in this process: the file that notes what they are asked, and the customer's words; nobody without."""
    from support.reviewer import Reviewer

    return Reviewer(Path(given[0]), given[1]) if given else None


def resume(
    environment: Any,
    dies: str = "",
    changed: bool = False,
    teams: Sequence[str] = ("desk", "searchers"),
    reviews: Sequence[str] = (),
) -> None:
    """Go on with what dead processes left, as `switchboard resume --all` does, then replay every run.

    With `changed`, today's program goes another way than the one that began them; with other `teams` it has only those;
    with `reviews` an operator sits here, too.
    """
    from switchboard.cases import documents as record
    from switchboard.cases.cases import RunRef
    from switchboard.cases.entries import steps_of
    from switchboard.cases.replay import rebuild
    from switchboard.cases.runs import read_run
    from switchboard.engine.worker import Worker

    environment.teams = {name: changed_team() if changed else team for name, team in environment.teams.items() if name in teams}
    if human := reviewer(reviews):
        environment.humans = {row["case_id"]: human for row in record.listing(environment.engine, 1000)}
    with Worker(environment) as worker:
        dies_at(dies)
        begun = worker.take_up()
        while begun:
            for ref in begun:
                worker.wait_for(ref)
            begun = worker.take_up()
        for row in record.listing(environment.engine, 1000) if environment.teams else ():
            again = rebuild(environment, row["case_id"])
            steps = [name for name, _ in steps_of(read_run(environment.engine, RunRef(row["case_id"], 1)).kept)]
            same = again.document == worker.document(row["case_id"])
            print(json.dumps({"differences": again.differences, "complete": again.complete, "same": same, "steps": steps}))


def changed_team() -> Any:
    """The desk with a triage that does another thing first than it did."""
    from groupchats.desk import team
    from switchboard.declare.moves import Say

    triage = replace(team.members["triage"], without_model=lambda view: Say("Good day. What is it about?", asks=True))
    return replace(team, members={**team.members, "triage": triage})


def work(environment: Any, concurrency: int, freezes: str = "") -> None:
    """Take cases from the queue until SIGTERM; and freeze at a point such as `inside 3`."""
    from switchboard.engine.worker import Worker

    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    dies_at(freezes, signal.SIGSTOP)
    with Worker(environment, takes_cases=True, concurrency=concurrency):
        print("at work", flush=True)
        told.wait()


def send(environment: Any, by: str, dies: str = "") -> None:
    """Send the one draft that waits, as an operator, and tell what became of it; and die within its transaction."""
    from switchboard.cases.people import drafts
    from switchboard.errors import OperatorError

    if dies:
        drafts.note_on = lambda *_: die()  # type: ignore[assignment]
    try:
        (waits,) = drafts.drafts(environment.engine)
        drafts.send_draft(environment.engine, waits.case_id, by, waits.hash)
        print(json.dumps({"sent": by}))
    except (OperatorError, ValueError) as error:
        print(json.dumps({"refused": str(error)}))


def suggest(environment: Any, by: str, dies: str = "") -> None:
    """Ask for a suggested answer in the one case there is, and prepare it; and die at a point."""
    from switchboard.cases import documents as record
    from switchboard.cases.people.suggesting import ask_for_suggestion
    from switchboard.engine.worker import Worker

    with Worker(environment) as worker:
        dies_at(dies)
        (row,) = record.listing(environment.engine, 2)
        asked = ask_for_suggestion(environment.engine, row["case_id"], by, worker.workflows.executor)
        assert asked
        if dies == "before its workflow":
            die()
        worker.work(asked.ref)


def mails(environment: Any, imap: int, smtp: int, dies: str = "") -> None:
    """Read the mailbox once, work on its cases and send the answers."""
    from support.mail_jobs import POINTS, serve_mails

    if dies not in POINTS:
        dies_at(dies)
    serve_mails(environment, imap, smtp, dies, die)


def help_desk(environment: Any, name: str, at: str, came: list[Any], drafts: str = "", dies: str = "") -> None:
    """Hear a help desk, work on its cases and post the answers."""
    from support.help_desk_jobs import MARKS, POINTS, serve_help_desk

    if dies not in (*POINTS, *MARKS):
        dies_at(dies)
    serve_help_desk(environment, name, at, came, drafts, dies, die)


def slack(environment: Any, at: str, secrets: Any, people: dict[str, str], came: Sequence[Any] = (), dies: str = "") -> None:
    """Show the calls that wait in Slack, and hear presses."""
    from support.help_desk_jobs import PRESSES, SHOWS, serve_slack

    if dies not in (*PRESSES, *SHOWS):
        dies_at(dies)
    serve_slack(environment, at, secrets, people, list(came), dies, die)


JOBS: dict[str, Callable[..., None]] = {
    "send": send,
    "suggest": suggest,
    "mails": mails,
    "help_desk": help_desk,
    "slack": slack,
    "case": case,
    "reply": reply,
    "propose": propose,
    "approve": approve,
    "resume": resume,
    "work": work,
}


def die(by: signal.Signals = signal.SIGKILL) -> None:
    os.kill(os.getpid(), by)
    time.sleep(60 if by == signal.SIGKILL else 0)


def dies_at(point: str, by: signal.Signals = signal.SIGKILL) -> None:
    """Die at the nth recorded step: `before` it; `inside`, when it is done, and its rows are written and not committed;
    `after` it. Or at the nth commit of many records at once: `written`, when it is about to be committed.
    """
    from switchboard.engine import group_commit
    from switchboard.engine.journal import Recorded

    when, _, number = point.partition(" ")
    begun, struck, written = count(1), count(1), count(1)

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(journal: Any, name: str, act: Callable[..., Any]) -> Any:
            mine = number == str(next(begun))

            def acting(*session: Any) -> Any:
                outcome = act(*session)
                if mine and when == "inside" and next(struck) == 1:
                    for each in session:
                        each.flush()
                    die(by)
                return outcome

            if mine and when == "before":
                die(by)
            outcome = real(journal, name, acting)
            if mine and when == "after":
                die(by)
            return outcome

        return step

    def adding(*given: Any, real: Callable[..., None] = group_commit.add) -> None:
        real(*given)
        if when == "written" and number == str(next(written)):
            die(by)

    Recorded.step, Recorded.transaction = dying(Recorded.step), dying(Recorded.transaction)  # type: ignore[method-assign]
    group_commit.add = adding


if __name__ == "__main__":
    nursery()
