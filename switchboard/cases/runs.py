"""Working on one run of a case: from what began it to the row that says how it ended."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, bindparam, select, update
from sqlalchemy.orm import Session

from switchboard.cases.approvals import DEADLINE_HOURS, ask_operators
from switchboard.cases.branches import close_left_behind
from switchboard.cases.cases import GOES_ON, RunRef, begin_run, hear_inbox, taken_over
from switchboard.cases.documents import written
from switchboard.cases.entries import Kept, kept_of, lines_of, unsaid
from switchboard.cases.people.leaving import leave_to_people, tell_programs
from switchboard.cases.people.suggesting import PREPARE, count, finish_suggestion
from switchboard.cases.sealed.rows import EDITED, edited_entry, run_fits, seal_case
from switchboard.cases.snapshot import agent_gone, freeze, thaw
from switchboard.cases.tables import CaseRow, RunRow, utc
from switchboard.consent.codes import Codes
from switchboard.consent.identity import Identity
from switchboard.consent.record import waits_for_yes
from switchboard.database import patiently
from switchboard.declare.beginnings import (
    Answered,
    Branched,
    Cancelled,
    HandedBack,
    Ignored,
    Proposed,
    Suggested,
    Unfinished,
    Words,
    beginning_from,
)
from switchboard.declare.flow import EXECUTOR, OPERATOR
from switchboard.declare.human import Human, Nobody
from switchboard.declare.outcomes import Outcome, RunBegun, RunEnded
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import DecisionEntry, Entry, ResultEntry
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.events.stream import Stream
from switchboard.flows.matters import is_with_a_human
from switchboard.loop.drive import begin_branch, drive, tell_end
from switchboard.loop.journal import Diverged, Journal
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.recording.proposals import propose
from switchboard.loop.recording.words import customer_words, words_of_customer
from switchboard.loop.state import Run, Used
from switchboard.notifications.table import NotificationsTable
from switchboard.toolsets.functions import told

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

log = logging.getLogger("switchboard")
RUN_AND_TEAM = (
    select(RunRow, CaseRow.team)
    .join(CaseRow, CaseRow.id == RunRow.case_id)
    .where(RunRow.case_id == bindparam("case_id"), RunRow.number == bindparam("run"))
)
ENDED = (
    update(RunRow.__table__)  # type: ignore[arg-type]
    .where(RunRow.case_id == bindparam("its_case"), RunRow.number == bindparam("its_number"))
    .values(version=bindparam("version"), end=bindparam("end"))
)
ENDS_AT_ONCE = (Unfinished, Cancelled, Ignored)
END = "end of run"
"""The step that ends a run."""
MOST_ATTEMPTS = 5
"""How often a run is taken over from a process that died of it, perhaps, before a human gets it."""


@dataclass
class Environment:
    """What a process gives to the runs that it works on.

    `humans` are those who sit at this process, by case id; `stream` tells whoever listens what happens as it happens.
    """

    engine: Engine
    teams: Mapping[str, TeamSpec]
    gateway: "Gateway | None" = None
    services: Mapping[str, Any] = field(default_factory=dict)
    humans: dict[str, Human] = field(default_factory=dict)
    stream: Stream = field(default_factory=Stream)
    approval_hours: float = DEADLINE_HOURS
    identity: Identity = "channel"
    codes: Codes | None = None
    notifications: NotificationsTable | None = None
    allows_code: bool = False
    allows_web: bool = False
    """Whether agents may run code, or ask the web, in what is begun here; what was begun elsewhere keeps what was said then."""

    def run(self, case_id: str, team: str, journal: Journal | None = None) -> Run:
        """An empty run of a team. Raises OperatorError when this program has no such team."""
        if team not in self.teams:
            raise OperatorError(f"{case_id} is a case of the team {team!r}, which this program does not have.")
        human = self.humans.get(case_id) or Nobody()
        run = Run(case_id, self.teams[team], self.engine, human, self.gateway, services=self.services, stream=self.stream)
        run.identity, run.codes = self.identity, self.codes
        run.allows_code, run.allows_web = self.allows_code, self.allows_web
        if journal:
            run.journal = journal
        return run


class NotOurs(BaseException):
    """The run is of a team that this program does not have. As with a process that died, another one takes it over."""


class Begun(NamedTuple):
    """What a run begins with: its rows as they were written, the transcript until then, and what it has recorded so far.
    `edited` is the number of an entry that does not hold what was recorded.
    """

    team: str
    row: RunRow
    transcript: list[Entry]
    kept: list[Kept]
    edited: int | None


@patiently
def read_run(engine: Engine, ref: RunRef) -> Begun:
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        row, team = session.execute(RUN_AND_TEAM, {"case_id": ref.case_id, "run": ref.number}).one()
        before = lines_of(session, ref.case_id, ref.number, row.first) if row.first > 1 else []
        if isinstance(given := beginning_from(row.given), Suggested):
            before = lines_of(session, given.of, given.run, given.upto + 1)
        edited = edited_entry(session, ref.case_id, team)
        return Begun(team, row, before, kept_of(session, ref.case_id, ref.number), edited)


@patiently
def runs_among(engine: Engine, refs: Sequence[RunRef]) -> set[RunRef]:
    """Those of the refs that a run stands behind."""
    query = select(RunRow.case_id, RunRow.number).where(RunRow.case_id.in_({ref.case_id for ref in refs}))
    with Session(engine.execution_options(reading=True)) as session:
        return {*refs} & {RunRef(*row) for row in session.execute(query)} if refs else set()


def thawed(environment: Environment, ref: RunRef, begun: Begun, journal: Journal) -> Run:
    """The run as it stood when it began."""
    run = thaw(environment.run(ref.case_id, begun.team, journal), begun.row.start, begun.transcript)
    run.suggests_for = begun.row.given.get("of")
    run.number, zone = ref.number, ZoneInfo(run.team.time_zone or "UTC")
    run.came_on = utc(begun.row.started_at).astimezone(zone).date()
    return run


def work_on(environment: Environment, ref: RunRef, begun: Begun, journal: Journal) -> RunRef | None:
    """Work on a run to its end, and record it. Returns the next run where there is one at once.

    Everything that this does to the world goes through the journal, so it can be repeated after a crash.
    """
    if begun.team not in environment.teams:
        log.error("%s is a case of the team %r, which this program does not have", ref.case_id, begun.team)
        raise NotOurs
    run = thawed(environment, ref, begun, journal)
    holds = begun.edited is None and run_fits(environment.engine, begun.row, begun.team)
    if not holds and not isinstance(beginning_from(begun.row.given), ENDS_AT_ONCE):
        log.error("%s: %s", ref.workflow_id, EDITED)
        return _gave_up(run, ref, f"{EDITED}.", environment)
    try:
        drive(run, lambda: begin(run, begun.row.given))
        finishes = partial(finish, begun=begun.row, environment=environment, holds=holds)
        ends = finish_suggestion if run.suggests_for else finishes
        kept = journal.transaction(END, lambda session: ends(session, run))
    except Diverged as diverged:
        why = f"The program was changed while this run was under way ({diverged}), so it could not go on by itself."
        return _gave_up(run, ref, why, environment)
    except Exception as error:  # what the team does ends its run in `drive`, so this is an error of our own
        log.exception("run %s could not be ended", ref.workflow_id)
        return _gave_up(run, ref, f"This run could not be brought to its end: {told(error)}.", environment)
    ended = RunEnded.from_data(kept)
    tell_end(run, None if ended.next else ended.end)
    return RunRef(ref.case_id, ended.next) if ended.next else None


def _gave_up(run: Run, ref: RunRef, why: str, environment: Environment) -> RunRef | None:
    following = give_up(run.engine, ref, why, environment.notifications)
    tell_end(run, None)
    return following


def begin(run: Run, given: Mapping[str, Any]) -> None:
    """Put what began the run, as its row has it, into the run. A case whose agent is gone has come to its end with that."""
    run.live = False
    gone = "" if run.parent else agent_gone(run.team, run.transcript, [call_id for call_id, _ in run.pending])
    match beginning_from(given):
        case Words(words, live, reviewed, allows_code, before=before):
            run.live, run.reviewed, run.allows_code = live, run.reviewed or reviewed, run.allows_code or allows_code
            if not waits_for_yes(run.transcript):
                _drop_pending(run, "The run had ended before, so this call was not made.")
            customer_words(run, words, before=before)
        case Proposed() as proposed:
            propose(run, proposed)
        case Ignored(words, why):
            run.add(words_of_customer(spoken(words)))
            run.stop("ignored", why)
        case Answered(call_id, approval):
            run.answered[call_id] = approval
        case Cancelled(by):
            run.stop("cancelled", f"{by} cancelled the case.")
        case HandedBack(by, note):
            _drop_pending(run, f"{by} took the case over, so this call was not made.")
            run.add(DecisionEntry(OPERATOR, note, "human", handed_back=True, operator=by))
        case Suggested(by=by):
            run.add(DecisionEntry(OPERATOR, PREPARE, "human", handed_back=True, operator=by))
        case Branched() as branched:
            begin_branch(run, branched)
        case Unfinished(why, lines):
            for line in lines:
                run.add(line)
            run.pending.clear()
            run.stop("failed", why)
    if gone and not run.end:
        why = f"The agent {gone!r}, who had this case, is no member of the team {run.team.name} any more."
        _drop_pending(run, f"{why} This call was not made.")
        run.stop("failed", why)
    if run.asks_model is None:  # it was submitted, and whoever works on it first says whether there is a model
        kept = run.journal.step("who answers", lambda: RunBegun(run.gateway is not None).as_data())
        run.asks_model = RunBegun.from_data(kept).asks_model


def _drop_pending(run: Run, why: str) -> None:
    callers = {e.call_id: e.speaker for e in run.transcript if e.kind == "call"}
    while run.pending:
        call_id, call = run.pending.popleft()
        made: dict[str, Any] = {"tool": call.tool, "arguments": dict(call.arguments), "call_id": call_id}
        run.add(ResultEntry(EXECUTOR, why, "tool", status="refused", to=callers[call_id], dropped=True, **made))


def finish(session: Session, run: Run, begun: RunRow, environment: Environment, *, holds: bool = True) -> Outcome:
    """Record how a run ended, which began with what we had written if it `holds`; and begin the next one where the customer
    has written meanwhile.

    The step that this is itself is written after it, so its number is left out.
    """
    row = session.get(CaseRow, begun.case_id, with_for_update=True, populate_existing=True)
    assert row is not None and row.state is not None
    if row.run != begun.number:  # this run was given up, and the case has gone on without it
        return RunEnded(row.end).as_data()
    suggested = Used.from_data(row.state["used"]).since(Used.from_data(begun.start["used"]))
    written(row, run)
    row.team, row.state = run.team.name, freeze(run)
    count(row, suggested)
    seal_case(session, row, holds=holds)
    cancelled_by, row.cancelled_by = row.cancelled_by, None
    version = fingerprint(run.team)
    end: str | None = run.end
    for asked in run.asking:
        ask_operators(session, run.id, asked, environment.approval_hours)
    if run.end in ("cancelled", "failed") or any(line.kind == "branch" for line in run.transcript):
        close_left_behind(session, run.id)
    following, with_human = None, is_with_a_human(run.transcript)
    would_go_on = row.end in GOES_ON or (row.inbox and row.end != "cancelled" and not with_human)
    if row.held_by:
        taken_over(session, row, gap=1)
        end = row.end
    elif cancelled_by and would_go_on:  # it was asked for after the last step
        following = begin_run(session, row, Cancelled(cancelled_by), None, gap=1)
    elif row.end == "escalated" or with_human:
        hear_inbox(session, row, gap=1)
    elif row.inbox and row.end != "awaiting_approval":
        words, *row.inbox = row.inbox
        following = begin_run(session, row, Words(words, before=True), None, gap=1)
    if following is None:
        leave_to_people(session, row, environment.notifications)
    tell_programs(session, row, begun.number, end, environment.notifications, is_own=end == run.end)
    its = {"its_case": begun.case_id, "its_number": begun.number}
    session.connection().execute(ENDED, {**its, "version": version, "end": end})
    return RunEnded(row.end or run.end, following.number if following else None).as_data()  # none where the next run began


@patiently
def give_up(engine: Engine, ref: RunRef, why: str, whom: NotificationsTable | None = None) -> RunRef | None:
    """Begin a run that tells the customer and a human how things stand, in place of one that cannot go on.

    What was done in the old one is in its entries, so that nothing is left out of what they are told. `whom` has who hears of
    it. None when the run that gives up is itself the one that cannot go on, or another process was faster.
    """
    with Session(engine) as session, session.begin():
        row = session.get(CaseRow, ref.case_id, with_for_update=True, populate_existing=True)
        old = session.get_one(RunRow, (ref.case_id, ref.number))
        if row is None or row.run != ref.number or row.end is not None:
            return None
        old.end = "failed"
        tell_programs(session, row, ref.number, old.end, whom)
        if isinstance(beginning_from(old.given), Unfinished | Suggested):
            row.end, row.reason = "failed", why
            leave_to_people(session, row, whom)
            return None
        return begin_run(session, row, Unfinished(why, unsaid(kept_of(session, ref.case_id, ref.number))), None)
