"""The rows of outreach: to whom a letter went, or waits to go, and who wants none. An address is a key, so it has one row."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from switchboard.characters import normal
from switchboard.mail.outbox import InOutbox
from tools.rows import Row


def folded(address: str) -> str:
    """An address as it is compared: case and width of its letters do not count, and its domain is that of the DNS."""
    local, _, domain = normal(address).rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"


BECAME = {
    "queued": "handed in, waits to be sent",
    "sending": "handed in, is being sent",
    "sent": "sent",
    "not_known": "not known whether it went out; it is not sent again, and a ticket says so",
    "refused": "not sent",
    "withdrawn": "not sent",
}


def became(state: str, why: str) -> str:
    """What became of a letter, for whoever asks, with the one reason that its row has."""
    return f"{BECAME[state]}: {why.rstrip('.')}" if why else BECAME[state]


class OutreachLetter(InOutbox, Row):
    """The one letter to an address. `key` names the call that it is of, and is what the mail server knows it by; one that is
    `withdrawn` did not go out in time, or they unsubscribed before it did.
    """

    __tablename__ = "outreach_letters"
    address: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]


class Unsubscribed(Row):
    """An address that no letter goes to any more. `case_id` is the case in which they said so; "" where an operator did."""

    __tablename__ = "unsubscribed"
    address: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    since: Mapped[datetime]
