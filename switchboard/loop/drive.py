"""Running a team: from the customer's opening message to a document that says all that happened."""

import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Engine

from switchboard.declare.document import Document, MadeCall
from switchboard.declare.human import Human, Nobody
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry, MessageEntry, Status
from switchboard.errors import Stopped
from switchboard.events.stream import Listener, RunFinished, RunStarted
from switchboard.loop.closing import close, reply, reply_in
from switchboard.loop.executor import run_next_call
from switchboard.loop.state import Run, Used
from switchboard.loop.summary import done_list
from switchboard.loop.turn import customer_words
from switchboard.toolsets.functions import BY_HAND, told

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

log = logging.getLogger("switchboard")


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
    listener: Listener | None = None,
) -> RunResult:
    """Run a team on one opening message, without a record. Never raises for what happens inside the run: that is its end.

    `known` is what is known beside the customer's words, such as the e-mail address of the channel they wrote from.
    """
    run = Run(new_id(), team, engine, human or Nobody(), gateway, folder, dict(known or {}), dict(services or {}))
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

    if run.stream.is_heard(run.id):
        run.stream.tell(RunStarted(case_id=run.id, run=run.number, team=run.team.name))
    try:
        begin()
        while run.pending and not run.end:
            run_next_call(run)
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
        run.end, run.reason = "failed", type(error).__name__
        if not reply(run):
            done = "; ".join(done_list(run)) or "nothing"
            run.add(MessageEntry(run.team.flow.entry, f"Something went wrong on our side. What was done: {done}."))
    return RunResult(run)


def tell_end(run: Run, end: str | None) -> None:
    """Tell those who listen that a run is over: once its rows say so, where it has any."""
    if run.stream.is_heard(run.id):
        run.stream.tell(RunFinished(case_id=run.id, run=run.number, end=end))


class Stands(NamedTuple):
    """How a case stands beside its transcript: `run` is the number of its newest run, `end` None while one works on it."""

    case_id: str
    run: int
    team: str
    end: str | None
    reason: str
    department: str | None
    used: Used


def stands(run: Run) -> Stands:
    return Stands(run.id, run.number, run.team.name, run.end, run.reason, department(run), run.used)


def document(run: Run) -> Document:
    """The case as JSON-ready data: its end, what was said and called, by whom, and what it cost."""
    return as_document(stands(run), run.transcript)


def as_document(case: Stands, transcript: Sequence[Entry]) -> Document:
    """The same for a case that nobody works on here."""
    notes = [e.text for e in transcript if e.kind == "note"]
    return {
        "case_id": case.case_id,
        "run_id": f"{case.case_id}:{case.run}",
        "team": case.team,
        "end": case.end,
        "reason": case.reason,
        "department": case.department,
        "reply": reply_in(transcript),
        "note": notes[-1] if notes else "",
        "transcript": [e.document() for e in transcript],
        "tool_calls": tool_calls(transcript),
        "model_calls": case.used.model_calls,
        "tokens": case.used.tokens,
        "cost_usd": round(case.used.cost_usd, 6),
        "cost_known": case.used.cost_known,
        "seconds": round(case.used.seconds, 3),
    }


def department(run: Run) -> str | None:
    """The first agent that the entry agent handed the case to."""
    return next((e.to for e in run.transcript if e.kind == "handoff" and e.speaker == run.team.flow.entry), None)


def tool_calls(transcript: Sequence[Entry]) -> list[MadeCall]:
    """Every call with how it ended."""
    results = {e.call_id: e for e in transcript if e.kind == "result"}
    rows = []
    for e in transcript:
        if e.kind == "call":
            answer = results.get(e.call_id)
            arguments = dict(answer.arguments if answer else e.arguments)
            status: Status = answer.status if answer else "refused"
            rows.append(MadeCall(tool=e.tool, agent=e.speaker, arguments=arguments, status=status))
    return rows
