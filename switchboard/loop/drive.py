"""Running a team: from the customer's opening message to a document that says all that happened."""

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine

from switchboard.consent.before import NOT_IN_A_BRANCH
from switchboard.consent.codes import Codes
from switchboard.consent.identity import Identity
from switchboard.declare.beginnings import Branched
from switchboard.declare.document import Document
from switchboard.declare.flow import CUSTOMER, Branch
from switchboard.declare.human import Human, Nobody
from switchboard.declare.outcomes import BranchEnded, Joined, Outcome
from switchboard.declare.team import Limits, TeamSpec
from switchboard.declare.transcript import BranchEntry, MessageEntry
from switchboard.errors import DeclarationError, Stopped
from switchboard.events.stream import Listener, RunFinished, RunStarted
from switchboard.flows.inner.alone import Alone
from switchboard.loop.closing import close, close_failed
from switchboard.loop.executor import run_pending
from switchboard.loop.journal import Journal, Lost
from switchboard.loop.limits import share, turns_of
from switchboard.loop.recording.proposals import settle
from switchboard.loop.recording.words import customer_words
from switchboard.loop.state import Run, Used
from switchboard.loop.summary import document
from switchboard.toolsets.functions import BY_HAND, told

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

log = logging.getLogger("switchboard")
T = TypeVar("T")
AT_ONCE = 8
"""Branches of one run that are worked on at a time."""
LEFT_BEHIND_SECONDS = 2.0


@dataclass(frozen=True)
class RunResult:
    """What a run left: `document` is what every command prints with --json."""

    run: Run

    @cached_property
    def document(self) -> Document:
        return document(self.run)

    @property
    def end(self) -> str:
        return str(self.run.end)


def run_team(
    team: TeamSpec,
    opening: str,
    *,
    engine: Engine,
    gateway: "Gateway | None" = None,
    human: Human | None = None,
    folder: Path | None = None,
    known: Mapping[str, str] | None = None,
    services: Mapping[str, Any] | None = None,
    identity: Identity = "channel",
    codes: Codes | None = None,
    listener: Listener | None = None,
    allows_code: bool = False,
    allows_web: bool = False,
    came_on: date | None = None,
) -> RunResult:
    """Run a team on one opening message, without a record. Never raises for what happens inside the run: that is its end.

    `known` is what is known beside the customer's words, such as the e-mail address of the channel they wrote from;
    `identity` says whether they are verified by that alone, or by what they type too, or by `codes` that are sent;
    `allows_code` whether agents may run code in a sandbox, `allows_web` whether they may ask the web; `came_on` is the day on
    which the customer writes.
    """
    run = Run(new_id(), team, engine, human or Nobody(), gateway, folder, dict(known or {}), dict(services or {}), identity)
    run.codes, run.allows_code, run.allows_web, run.came_on = codes, allows_code, allows_web, came_on
    if listener:
        run.stream.listen(listener, run.id)
    result = drive(run, lambda: customer_words(run, opening))
    tell_end(run, run.end)
    return result


def new_id() -> str:
    return f"case_{uuid.uuid4().hex[:12]}"


def drive(run: Run, begin: Callable[[], Any]) -> RunResult:
    """Let a run go on until it ends: `begin` records what came in, then the group chat, then the closing."""
    from switchboard.loop.autogen_chat import converse  # AutoGen takes most of a second to import

    if run.stream.is_heard(run.id, run.under):
        run.stream.tell(RunStarted(case_id=run.id, run=run.number, team=run.team.name, parent=run.under))
    try:
        begin()
        run_pending(run)
        settle(run)
        if not run.end:
            converse(run)
    except (Stopped, KeyboardInterrupt) as stopped:
        run.stop("cancelled", str(stopped) or BY_HAND)
    except Exception as error:
        log.exception("case %s failed", run.id)
        run.stop("failed", told(error))
    try:
        close(run)
    except (Exception, KeyboardInterrupt) as error:
        log.exception("case %s could not be closed", run.id)
        close_failed(run, error)
    return RunResult(run)


def tell_end(run: Run, end: str | None) -> None:
    """Tell those who listen that a run is over: once its rows say so, where it has any."""
    if run.stream.is_heard(run.id, run.under):
        run.stream.tell(RunFinished(case_id=run.id, run=run.number, end=end, parent=run.under))


def branch_out(run: Run, branches: Sequence[Branch]) -> None:
    """Work on branches side by side, each a child run with a record of its own, and put what they came to into the transcript
    in their order.

    One step of the run, which is made of theirs. What a branch found is its text; it changes nothing and asks nobody, and
    its share of the limits is all that it may use. The move of who joins them is what a human reviews.
    """
    agents = [branch.agent for branch in branches]
    if not agents or not run.team.members.keys() >= set(agents):
        raise DeclarationError(f"The flow branches to {agents}, and not to members of the team {run.team.name}.")
    limits = share(run, len(branches))
    if limits.turns < 1:
        run.stop("limit", f"The run reached its limit of {run.team.limits.turns} turns.")
        return
    place, told = run.journal.newest, Event()
    children = [(_child(run, f"{run.id}.{place}-{n}", told), branch) for n, branch in enumerate(branches, start=1)]

    def act() -> Outcome:
        run.journal.check()
        came = side_by_side([partial(_work_on, run, child, branch, limits) for child, branch in children], told)
        ended = tuple(one or _cut_off(child, branch) for one, (child, branch) in zip(came, children, strict=True))
        return Joined(branches=ended, stopped=BY_HAND if told.is_set() else None).as_data()

    joined = Joined.from_data(run.journal.step(f"branches {place}", act))
    for ended in joined.branches:
        run.used.add(Used.from_data(ended.used))
        run.add(ended.entry)
    if joined.stopped:
        raise Stopped(joined.stopped)
    run.heard(joined)


def _child(run: Run, case_id: str, told: Event) -> Run:
    given = (run.gateway, run.folder, run.known, run.services, run.identity)
    child = Run(case_id, run.team, run.engine, Nobody(), *given, parent=run.id, is_interrupted=told.is_set, stream=run.stream)
    child.customer_id, child.asks_model = run.customer_id, run.asks_model
    child.allows_code, child.allows_web = run.allows_code, run.allows_web
    return child


def _work_on(run: Run, child: Run, branch: Branch, limits: Limits) -> BranchEnded:
    """Work on a branch to its end, or read from its record what it came to."""
    given = Branched(run.id, branch.agent, branch.task, asdict(limits))

    def work(journal: Journal) -> Outcome:
        child.journal = journal
        drive(child, lambda: begin_branch(child, given))
        return came_of(child).as_data()

    ended = BranchEnded.from_data(run.journal.branch(child, given, work))
    if child.end:  # it was worked on now, and not read from its record
        tell_end(child, child.end)
    return ended


def begin_branch(run: Run, given: Branched) -> None:
    """Put its task into the run of a branch, in which its agent is alone."""
    run.parent = given.parent
    flow = Alone(given.agent, tuple(run.team.members))
    run.team = replace(run.team, flow=flow, limits=Limits(**given.limits))
    run.add(MessageEntry(CUSTOMER, given.task))


def came_of(run: Run) -> BranchEnded:
    """What the run of a branch came to."""
    agent, (task, *lines) = run.team.flow.entry, run.transcript
    said = next((e for e in reversed(lines) if e.speaker == agent and e.kind in ("message", "note")), None)
    results = [e for e in lines if e.kind == "result"]
    entry = BranchEntry(
        agent,
        said.text if said else "",
        said.by if said else "rules",
        case_id=run.id,
        task=task.text,
        end=str(run.end),
        reason=run.reason,
        not_done=list(dict.fromkeys(e.tool for e in results if e.code == NOT_IN_A_BRANCH)),
        turns=len(turns_of(lines)),
        calls=len(results),
    )
    return BranchEnded(entry=entry, used=asdict(run.used))


def _cut_off(child: Run, branch: Branch) -> BranchEnded:
    """What is told of a branch that was left behind where the run was stopped by hand."""
    entry = BranchEntry(branch.agent, case_id=child.id, task=branch.task, end="cancelled", reason=BY_HAND)
    return BranchEnded(entry=entry, used={})


def side_by_side(works: Sequence[Callable[[], T]], told: Event) -> list[T | None]:
    """Do several things at the same time, some `AT_ONCE`, and return what each gave. Raises what one of them raised.

    Ctrl-C sets `told`; what does not heed it within moments is left behind, and gives None.
    """
    gave: list[T | None] = [None] * len(works)
    left, raised = deque(range(len(works))), list[BaseException]()

    def work() -> None:
        while left and not told.is_set() and not raised:
            with suppress(IndexError):  # another thread took the last one
                number = left.popleft()
                try:
                    gave[number] = works[number]()
                except BaseException as error:  # noqa: BLE001 - raised below, when all have come to rest
                    raised.append(error)

    threads = [Thread(target=work, name="branch", daemon=True) for _ in works[:AT_ONCE]]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        told.set()
        until = time.monotonic() + LEFT_BEHIND_SECONDS
        for thread in threads:
            if thread.ident:  # it was started by then
                thread.join(max(0.0, until - time.monotonic()))
    if raised:
        raise min(raised, key=lambda error: isinstance(error, Lost))
    return gave
