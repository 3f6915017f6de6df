"""The draft of an answer that waits on a ticket for a person to send it: which one waits, and what became of the last one."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.declare.transcript import digest
from switchboard.tickets.rows import OPEN, Ticket, note_on, open_of

SENT, DROPPED = "draft sent", "draft dropped"
SUGGESTED = "suggested"
"""In the facts of a ticket: which draft an operator asked for, by its hash. It settles no ticket, as no reply does."""
WROTE = "the customer has written since"
WENT_ON = "the case went on"


def waiting(session: Session, case_id: str) -> list[Ticket]:
    """The open tickets of a case whose drafts wait, the newest first, locked until the transaction ends."""
    query = select(Ticket).where(Ticket.case_id == case_id, Ticket.status == OPEN, Ticket.draft.is_not(None))
    return list(session.scalars(query.order_by(Ticket.id.desc()).with_for_update()))


def suggest(ticket: Ticket, text: str, by: str, now: datetime) -> None:
    """Have an answer wait on a ticket that an operator asked for."""
    ticket.draft = text
    ticket.facts = {**(ticket.facts or {}), SUGGESTED: digest(text)}
    note_on(ticket, "answer suggested", by, "", now)


def was_asked_for(ticket: Ticket) -> bool:
    """Whether an operator asked for the draft of a ticket."""
    return bool(ticket.draft) and (ticket.facts or {}).get(SUGGESTED) == digest(ticket.draft)


def drop(session: Session, case_id: str, by: str, why: str, now: datetime) -> None:
    """Take the drafts away that wait on a case, and keep who did so and why."""
    for ticket in waiting(session, case_id):
        ticket.draft = None
        note_on(ticket, DROPPED, by, why, now)


def of_answers(session: Session, case_id: str) -> Ticket | None:
    """The open ticket of a case on which an answer waits, or has waited: no other is settled by sending one."""
    return next((one for one in open_of(session, case_id) if one.draft or _became(one.facts)), None)


def what_became(session: Session, case_id: str) -> str:
    """What became of the last draft of a case, in a sentence; "" where it never had one."""
    query = select(Ticket.facts).where(Ticket.case_id == case_id).order_by(Ticket.id.desc())
    found = [line for facts in session.scalars(query) for line in _became(facts)]
    if not found:
        return ""
    last = max(found, key=lambda line: str(line["at"]))
    if last["what"] == SENT:
        return f"{last['by']} has sent an answer already."
    return f"{last['by']} has dropped it." if last["by"] else f"It was dropped, as {last['words']}."


def _became(facts: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What became of the drafts of a ticket, as its history has it."""
    return [line for line in (facts or {}).get("history", []) if line["what"] in (SENT, DROPPED)]
