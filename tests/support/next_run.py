"""Going on with a run as the next run of a case does, without an engine: frozen, thawed, begun with what is given."""

import json
from typing import Any

from switchboard.cases.runs import begin
from switchboard.cases.snapshot import freeze, thaw
from switchboard.declare.human import Human, Nobody
from switchboard.declare.transcript import Entry, MessageEntry
from switchboard.loop.drive import RunResult, drive
from switchboard.loop.state import Run

Json = dict[str, Any]


def go_on(before: RunResult, given: Json, human: Human | None = None, between: tuple[Entry, ...] = ()) -> RunResult:
    """The next run of a case; `between` are lines that were added while no agent worked on it."""
    old = before.run
    state = json.loads(json.dumps(freeze(old)))
    fresh = Run(old.id, old.team, old.engine, human or Nobody(), old.gateway, services=old.services, identity=old.identity)
    fresh.codes, fresh.journal = old.codes, old.journal  # which remembers what was moved for the customer
    run = thaw(fresh, state, [*old.transcript, *between])
    return drive(run, lambda: begin(run, given))


def words(text: str) -> Json:
    return {"kind": "words", "words": text}


def answer(before: RunResult, yes: bool, by: str = "ines", reason: str = "") -> Json:
    """An operator's answer to the call that waits, and that of as many others as it asks for."""
    [call_id] = [e.call_id for e in before.run.transcript if e.kind == "result" and e.status == "waiting"]
    [operators] = [asked.operators for asked in before.run.asking if asked.call_id == call_id]
    voices = [by, *(f"operator {n}" for n in range(2, operators + 1))] if operators > 1 else []
    approval = {"answer": "approve" if yes else "refuse", "by": by, "reason": reason, "voices": voices}
    return {"kind": "answer", "call_id": call_id, "approval": approval}


def handed_back(note: str, by: str = "ines") -> Json:
    return {"kind": "handed_back", "by": by, "note": note}


def spoken(by: str, text: str) -> Entry:
    """What an operator told the customer."""
    return MessageEntry("operator", text, "human", operator=by)


def written(text: str) -> Entry:
    """What the customer wrote while a human had the case."""
    return MessageEntry("customer", text, "human")
