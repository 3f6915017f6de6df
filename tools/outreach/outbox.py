"""The outbox: letters that were approved, each sent once.

That a letter is being sent is committed before it is. Who finds it so after a crash does not send it again: whether it went out
is then known to nobody, and a ticket says so.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, exists, select, update
from sqlalchemy.orm import Session

from switchboard.cases.tables import utc
from switchboard.mail.letters import Letter, MayBeSent, NoSuchMailbox, NotSent, Sender
from tools.outreach.rows import OutreachLetter, Unsubscribed
from tools.shop import Ticket, now

SETTLES, EXPIRES = timedelta(minutes=5), timedelta(hours=72)
"""How long whoever works on a letter may take until others do, and how long one may wait for a mail server."""
NO_SERVER = "No mail server is configured: set host and sender of [mail] in switchboard.toml."
UNTOLD = "The program ended while it sent this letter."
log = logging.getLogger("switchboard")


def send_kept(session: Session, sender: Sender | None, key: str) -> OutreachLetter:
    """Send the letter of a call, if it is still to be sent; returns its row as it is then. Commits before it sends, too."""
    letter = _letter(session, key)
    if letter.state == "sending":
        _changed(session, key, ("sending", letter.changed_at), "not_known", UNTOLD)
    elif letter.state == "queued" and sender is None:
        _changed(session, key, ("queued", letter.changed_at), "queued", NO_SERVER)
    elif letter.state == "queued" and sender is not None and _claimed(session, letter):
        _send(session, sender, letter)
    session.commit()
    return _letter(session, key)


def settle_outbox(engine: Engine, sender: Sender | None) -> int:
    """Send what could not be sent when it was approved, oldest first; returns how many went out. What was cut off is told.

    Safe when several processes do it at once: each letter is claimed by one, and what another has taken up since is left to it.
    """
    sent = 0
    with Session(engine) as session:
        query = select(OutreachLetter).where(
            OutreachLetter.state.in_(("queued", "sending")), OutreachLetter.changed_at < now() - SETTLES
        )
        for key in [one.key for one in session.scalars(query.order_by(OutreachLetter.queued_at))]:
            letter = _letter(session, key)
            if letter.state == "queued" and now() - utc(letter.queued_at) > EXPIRES:
                why = f"It waited too long to be sent. {letter.why}".strip()
                _changed(session, key, ("queued", letter.changed_at), "withdrawn", why)
            elif now() - utc(letter.changed_at) > SETTLES and (letter.state == "sending" or sender is not None):
                sent += send_kept(session, sender, key).state == "sent"
            session.commit()
    return sent


def _letter(session: Session, key: str) -> OutreachLetter:
    session.expire_all()
    return session.scalars(select(OutreachLetter).where(OutreachLetter.key == key)).one()


def _changed(session: Session, key: str, was: tuple[str, datetime], state: str, why: str) -> bool:
    """Give a letter another state than it had since a moment, unless somebody else has done so since."""
    still = (OutreachLetter.key == key, OutreachLetter.state == was[0], OutreachLetter.changed_at == was[1])
    change = update(OutreachLetter).where(*still).values(state=state, why=why, changed_at=now())
    change = change.execution_options(synchronize_session=False)
    changed = cast(CursorResult[Any], session.execute(change)).rowcount == 1
    if changed and state == "not_known":
        _open_ticket(session, _letter(session, key))
    return changed


def _claimed(session: Session, letter: OutreachLetter) -> bool:
    """Commit that the letter is being sent. False where somebody else has claimed it, or they have unsubscribed since."""
    wants_none = exists().where(Unsubscribed.address == letter.address)
    mine = (OutreachLetter.key == letter.key, OutreachLetter.state == "queued")
    change = update(OutreachLetter).where(*mine, ~wants_none).values(state="sending", changed_at=now())
    claimed = cast(CursorResult[Any], session.execute(change)).rowcount == 1
    if not claimed:
        session.execute(update(OutreachLetter).where(*mine, wants_none).values(state="withdrawn", why="They unsubscribed."))
    session.commit()
    return claimed


def _send(session: Session, sender: Sender, letter: OutreachLetter) -> None:
    state, why = "sent", ""
    sending = Letter(letter.recipient, letter.subject, letter.text, letter.key, unsubscribe=True)
    was = ("sending", letter.changed_at)
    session.commit()  # whoever writes to the same rows, and on SQLite to any, must not wait for the mail server
    try:
        sender.send(sending)
    except MayBeSent as error:
        state, why = "not_known", str(error)
    except NoSuchMailbox as error:
        state, why = "refused", str(error)
    except NotSent as error:
        state, why = "queued", str(error)
        log.warning("letter %s waits: %s.", sending.key, error)
    except Exception as error:  # noqa: BLE001 - a project's own sender; what it says may quote the letter
        state, why = "not_known", f"The sender failed ({type(error).__name__})"
    if not _changed(session, sending.key, was, state, why) and state == "sent":  # it was given up, and went out after all
        session.execute(update(OutreachLetter).where(OutreachLetter.key == sending.key).values(state=state, why=why))


def _open_ticket(session: Session, letter: OutreachLetter) -> None:
    """The ticket for a letter of which nobody knows whether it went out, once."""
    key = f"{letter.key}:not_known"
    if session.scalars(select(Ticket.id).where(Ticket.key == key)).first() is not None:
        return
    ticket = Ticket(key=key, case_id=letter.case_id, created_at=now())
    ticket.department, ticket.priority, ticket.status = "general", "normal", "open"
    ticket.subject = f"It is not known whether the letter to {letter.recipient} went out"
    ticket.summary = f"{letter.why} It is not sent again. The mail server's log tells; ask {letter.recipient} otherwise."
    session.add(ticket)
