"""The outbox of letters to companies, each of which was approved: one that its address has unsubscribed from stays unsent."""

import logging
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, exists
from sqlalchemy.orm import Session

from switchboard.mail.letters import Letter, Sender
from switchboard.mail.outbox import Outbox
from tools.outreach.rows import OutreachLetter, Unsubscribed
from tools.shop import Ticket, now

log = logging.getLogger("switchboard")


def send_kept(session: Session, sender: Sender | None, key: str) -> OutreachLetter:
    """Send the letter of a call, if it is still to be sent; returns its row as it is then. Commits before it sends, too."""
    return OUTBOX.send_kept(session, sender.send if sender else None, key)


def settle_outbox(engine: Engine, sender: Sender | None) -> int:
    """Send what could not be sent when it was approved; returns how many went out. What was cut off is told."""
    sent, trouble = OUTBOX.settle(engine, sender.send if sender else None)
    if trouble:
        log.warning("letters wait: %s.", trouble)
    return sent


def _as_letter(session: Session, letter: OutreachLetter) -> Letter:
    return Letter(letter.recipient, letter.subject, letter.text, letter.key, unsubscribe=True)


def _unsubscribed(at: datetime) -> tuple[ColumnElement[bool], str]:
    return exists().where(Unsubscribed.address == OutreachLetter.address), "They unsubscribed."


def _open_ticket(session: Session, letter: OutreachLetter) -> None:
    """The ticket for a letter of which nobody knows whether it went out, once."""
    key = f"{letter.key}:not_known"
    if letter.state != "not_known" or session.query(Ticket.id).where(Ticket.key == key).first() is not None:
        return
    ticket = Ticket(key=key, case_id=letter.case_id, created_at=now())
    ticket.department, ticket.priority, ticket.status = "general", "normal", "open"
    ticket.subject = f"It is not known whether the letter to {letter.recipient} went out"
    ticket.summary = f"{letter.why} It is not sent again. The mail server's log tells; ask {letter.recipient} otherwise."
    session.add(ticket)


OUTBOX = Outbox(OutreachLetter, _as_letter, _unsubscribed, _open_ticket, lambda session: now())
