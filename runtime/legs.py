"""Working on one leg of a run: from what began it to the row that says how it ended."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime.approvals import DEADLINE_HOURS, ask_operators
from runtime.cases import GOES_ON, Leg, begin_leg, hear_inbox, taken_over
from runtime.errors import OperatorError
from runtime.flow import CUSTOMER, EXECUTOR, OPERATOR
from runtime.frozen import freeze, thaw
from runtime.human import Approval, Human, Nobody
from runtime.journal import Diverged, Journal, Outcome, patiently
from runtime.prompt import fingerprint
from runtime.record import written
from runtime.run import document, drive
from runtime.state import Run
from runtime.tables import LegRow, RunRow
from runtime.team import TeamSpec
from runtime.timed import told
from runtime.transcript import Entry
from runtime.turn import customer_words

if TYPE_CHECKING:
    from runtime.gateway import Gateway

log = logging.getLogger("switchboard")
MOST_ATTEMPTS = 5
"""How often a leg is taken over from a process that died of it, perhaps, before a human gets it."""


@dataclass
class Company:
    """What a process gives to the runs that it works on.

    `humans` are those who sit at this process and `watchers` see each line as it comes, by run id.
    """

    engine: Engine
    teams: Mapping[str, TeamSpec]
    gateway: "Gateway | None" = None
    services: Mapping[str, Any] = field(default_factory=dict)
    humans: dict[str, Human] = field(default_factory=dict)
    watchers: dict[str, Callable[[Entry], None]] = field(default_factory=dict)
    approval_hours: float = DEADLINE_HOURS

    def run(self, run_id: str, team: str, journal: Journal | None = None) -> Run:
        """An empty run of a team. Raises OperatorError when this program has no such team."""
        if team not in self.teams:
            raise OperatorError(f"{run_id} is a run of the team {team!r}, which this program does not have.")
        human = self.humans.get(run_id) or Nobody()
        run = Run(run_id, self.teams[team], self.engine, human, self.gateway, services=self.services)
        if journal:
            run.journal = journal
        run.on_entry = self.watchers.get(run_id)
        return run


class NotOurs(BaseException):
    """The leg is of a team that this program does not have. As with a process that died, another one takes it over."""


@patiently
def read_leg(engine: Engine, leg: Leg) -> tuple[str, LegRow]:
    """The name of the run's team, and the leg's row."""
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        return session.get_one(RunRow, leg.run_id).team, session.get_one(LegRow, (leg.run_id, leg.number))


def work_on(company: Company, leg: Leg, journal: Journal) -> Leg | None:
    """Work on a leg to its end, and record it. Returns the next leg where there is one at once.

    Everything that this does to the world goes through the journal, so it can be repeated after a crash.
    """
    team, row = read_leg(company.engine, leg)
    if team not in company.teams:
        log.error("%s is a run of the team %r, which this program does not have: another one must end it", leg.run_id, team)
        raise NotOurs
    run = thaw(company.run(leg.run_id, team, journal), json.loads(row.start))
    given = json.loads(row.given)
    try:
        drive(run, lambda: begin(run, given))
        outcome = journal.transaction("end of leg", lambda session: finish(session, run, leg, company.approval_hours))
    except Diverged as diverged:
        why = f"The program was changed while this run was under way ({diverged}), so it could not go on by itself."
        return give_up(company.engine, leg, why, journal.records())
    except Exception as error:  # what the team does ends its run in `drive`, so this is an error of our own
        log.exception("run %s could not be ended", leg.run_id)
        why = f"This run could not be brought to its end: {told(error)}."
        return give_up(company.engine, leg, why, journal.records())
    return Leg(leg.run_id, outcome["next"]) if outcome["next"] else None


def begin(run: Run, given: Mapping[str, Any]) -> None:
    """Put what began the leg into the run."""
    run.live, run.reviewed = bool(given.get("live")), bool(given.get("reviewed"))
    if run.asks_model is None:  # it was submitted, and whoever works on it first says whether there is a model
        run.asks_model = run.journal.step("who answers", lambda: {"asks_model": run.gateway is not None})["asks_model"]
    match given["kind"]:
        case "words":
            _drop_pending(run, "The run had ended before, so this call was not made.")
            customer_words(run, given["words"])
        case "answer":
            run.answered[given["call_id"]] = Approval(**given["approval"])
        case "cancel":
            run.stop("cancelled", f"{given['by']} cancelled the run.")
        case "handed_back":
            _drop_pending(run, f"{given['by']} took the case over, so this call was not made.")
            facts = {"by": given["by"], "handed_back": True}
            run.add(Entry(OPERATOR, "decision", given["note"], "human", facts=facts))
        case "given_up":
            for line in given["lines"]:
                run.add(Entry(**line))
            run.pending.clear()
            run.stop("failed", given["why"])


def _drop_pending(run: Run, why: str) -> None:
    callers = {e.call_id: e.speaker for e in run.transcript if e.kind == "call"}
    while run.pending:
        call_id, call = run.pending.popleft()
        entry = Entry(EXECUTOR, "result", why, "tool", call.tool, dict(call.arguments), status="refused", call_id=call_id)
        run.add(replace(entry, to=callers[call_id], facts={"dropped": True}))


def finish(session: Session, run: Run, leg: Leg, hours: float) -> Outcome:
    """Record how a leg ended, and begin the next one where the customer has written meanwhile."""
    row = session.get(RunRow, leg.run_id, with_for_update=True, populate_existing=True)
    assert row is not None
    if row.leg != leg.number:  # this leg was given up, and the case has gone on without it
        return {"end": row.end, "next": None}
    written(row, document(run))
    row.state, cancelled_by, row.cancelled_by = json.dumps(freeze(run), default=str), row.cancelled_by, None
    session.get_one(LegRow, (leg.run_id, leg.number)).version = fingerprint(run.team)
    for asked in run.asking:
        ask_operators(session, run.id, asked, hours)
    inbox = json.loads(row.inbox)
    following = None
    if row.held_by:
        taken_over(session, row)
    elif cancelled_by and row.end in GOES_ON:  # it was asked for after the last step
        following = begin_leg(session, row, {"kind": "cancel", "by": cancelled_by}, None)
    elif row.end in ("escalated", "cancelled"):
        hear_inbox(row)
    elif inbox and row.end != "awaiting_approval":
        row.inbox = json.dumps(inbox[1:])
        following = begin_leg(session, row, {"kind": "words", "words": inbox[0]}, None)
    return {"end": row.end or run.end, "next": following.number if following else None}  # none where the next leg began


@patiently
def give_up(engine: Engine, leg: Leg, why: str, records: Sequence[tuple[str, Outcome]]) -> Leg | None:
    """Begin a leg that tells the customer and a human how things stand, in place of one that cannot go on.

    What was done in the old one is read from its record, so that nothing is left out of what they are told. None when
    the leg that gives up is itself the one that cannot go on, or another process was faster.
    """
    with Session(engine) as session, session.begin():
        row = session.get(RunRow, leg.run_id, with_for_update=True, populate_existing=True)
        old = session.get_one(LegRow, (leg.run_id, leg.number))
        if row is None or row.leg != leg.number or row.end is not None:
            return None
        if json.loads(old.given)["kind"] == "given_up":
            row.end = "failed"
            row.document = json.dumps({**json.loads(row.document), "end": row.end, "reason": why})
            return None
        given = {"kind": "given_up", "why": why, "lines": _lines(json.loads(old.given), records)}
        return begin_leg(session, row, given, None)


def _lines(given: Mapping[str, Any], records: Sequence[tuple[str, Outcome]]) -> list[dict[str, Any]]:
    """What is known of a leg that could not go on: what the customer wrote, and each call that was made."""
    lines = [Entry(CUSTOMER, "message", given["words"], "human")] if given["kind"] == "words" else []
    for name, outcome in records:
        if name.endswith(" outside") and "gave_up" not in outcome:  # what the other side said of the call before
            lines[-1] = replace(lines[-1], **{kept: outcome[kept] for kept in ("text", "result", "status")})
        elif "agent" in outcome and "." not in name and "gave_up" not in outcome:
            call_id, tool = name.split()
            agent, arguments = outcome["agent"], outcome["arguments"]
            lines.append(Entry(agent, "call", tool=tool, arguments=arguments, call_id=call_id))
            result: Any = (outcome["text"], "tool", tool, arguments, outcome["result"], outcome["status"], call_id, agent)
            lines.append(Entry(EXECUTOR, "result", *result))
    return [line.document() for line in lines]
