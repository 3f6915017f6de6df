"""One-time codes: who writes back the code that was sent to a customer's address on file is that customer.

Of a code nothing is kept but the chance that it was made from: the code follows from that, from the case and the customer it
is for, and from a key that is not in the database. So the same one can be sent again after a crash, and no copy of the rows
tells it. What nobody was found for is kept and counted in the same way, so that nobody learns who has an account.
"""

import hmac
import logging
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, func, select
from sqlalchemy.orm import Session

from switchboard.consent.typed_codes import DIGITS, mark_of
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry, ResultEntry
from switchboard.mail.letters import Letter, NoSuchMailbox, NotSent, Sender
from switchboard.reading.languages import said

log = logging.getLogger("switchboard")
VALID_SECONDS = 10 * 60.0
MOST_TRIES = 5
MOST_OF_CASE = 3
MOST_OF_DAY = 6
"""Codes of one case, and for one customer within a day."""
DAY_SECONDS = 24 * 60 * 60.0

Code = Literal["code_sent", "code_not_sent", "too_many_codes", "code_wrong", "code_late", "code_void", "code_right"]
ASKED: tuple[Code, ...] = ("code_sent", "code_wrong", "code_late", "code_void")
"""As the result of a call that verifies: the customer may still write a code of this case."""

codes = Table(
    "codes",
    MetaData(),
    Column("case_id", String, primary_key=True),
    Column("call_id", String, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("counts_for", String, nullable=False, index=True),
    Column("salt", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("made_at", Float, nullable=False),
)
"""Codes by the call that asked for them. `customer_id` is "" where nobody was found; `counts_for` is whom the bound of a day
is of, or a hash of what was looked for; `state` is open, used or void; `made_at` is in seconds since the epoch.
"""


@dataclass(frozen=True)
class Codes:
    """What codes need of the process: the key that they are made with, who sends them, and in whose name."""

    key: bytes = field(repr=False)
    sender: Sender = field(repr=False)
    name: str = ""

    def code(self, row: Any) -> str:
        """The six digits of a code's row."""
        made = self._mac("code", row.case_id, row.call_id, row.customer_id, row.salt)
        return f"{int.from_bytes(made[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

    def counted(self, customer_id: str, looked_for: str) -> str:
        return customer_id or "?" + self._mac("looked for", looked_for).hex()[:32]

    def send(self, row: Any, address: str, language: str = "en") -> tuple[Code, float]:
        """Send the code of a row to the address that is on file; where there is no customer, only see to it that it takes as
        long. Returns what came of it, and the seconds. It is logged, for operators, why a code could not be sent.
        """
        started = time.monotonic()
        return self._sent(row, address, language), time.monotonic() - started

    def _sent(self, row: Any, address: str, language: str) -> Code:
        try:
            if row.customer_id:
                self.sender.send(self._letter(row, address, language))
            elif why := self.sender.probe():
                raise NotSent(why)
        except NoSuchMailbox as error:  # whether there is such an address is told to nobody who writes to us
            log.warning("case %s: a code was not sent. %s. Correct the address on file.", row.case_id, error)
        except NotSent as error:
            log.error("case %s: a code was not sent. %s. `switchboard check` tells more.", row.case_id, error)
            return "code_not_sent"
        except Exception as error:  # noqa: BLE001 - a project's own sender; what it says may quote the letter
            log.error("case %s: a code was not sent: the sender failed (%s).", row.case_id, type(error).__name__)
            return "code_not_sent"
        return "code_sent"

    def _letter(self, row: Any, address: str, language: str) -> Letter:
        us, minutes = self.name or said("code.us", language), f"{VALID_SECONDS / 60:.0f}"
        text = said("code.mail", language, us=us, code=self.code(row), minutes=minutes)
        return Letter(address, said("code.subject", language, us=us), text, f"{row.case_id}:{row.call_id}")

    def _mac(self, *parts: str) -> bytes:
        return hmac.digest(self.key, "\0".join(parts).encode(), "sha256")


def begin_code(session: Session, made: Codes, case_id: str, call_id: str, customer_id: str, looked_for: str) -> bool:
    """Keep a new code of a case, in place of its earlier ones. False where there were too many of the case or the customer."""
    now, counts_for = time.time(), made.counted(customer_id, looked_for)
    of_case = session.scalar(select(func.count()).where(codes.c.case_id == case_id))
    lately = (codes.c.counts_for == counts_for, codes.c.made_at > now - DAY_SECONDS)
    of_day = session.scalar(select(func.count()).where(*lately))
    if (of_case or 0) >= MOST_OF_CASE or (of_day or 0) >= MOST_OF_DAY:
        return False
    session.execute(codes.update().where(codes.c.case_id == case_id, codes.c.state == "open").values(state="void"))
    new = {"case_id": case_id, "call_id": call_id, "customer_id": customer_id, "counts_for": counts_for}
    session.execute(codes.insert().values(**new, salt=secrets.token_hex(16), tries=0, state="open", made_at=now))
    return True


def kept(session: Session, case_id: str, call_id: str) -> Any:
    """The row of a code."""
    return session.execute(select(codes).where(codes.c.case_id == case_id, codes.c.call_id == call_id)).one()


class Tried(NamedTuple):
    """What came of codes that a customer wrote: the customer where one was right, else how many tries are `left`."""

    code: Code
    customer_id: str = ""
    left: int = 0


def try_codes(session: Session, made: Codes, case_id: str, written: Sequence[str]) -> Tried:
    """Try what the customer wrote against the open code of their case; each is a try."""
    one = (codes.c.case_id == case_id, codes.c.state == "open")
    row = session.execute(select(codes).where(*one).with_for_update()).first()
    if row is None:
        return Tried("code_void")
    update = codes.update().where(codes.c.case_id == case_id, codes.c.call_id == row.call_id)
    if time.time() >= row.made_at + VALID_SECONDS:
        session.execute(update.values(state="void"))
        return Tried("code_late")
    right, tries = made.code(row), row.tries
    for code in written:
        tries += 1
        if hmac.compare_digest(right, code) and row.customer_id:
            session.execute(update.values(state="used", tries=tries))
            return Tried("code_right", row.customer_id)
        if tries >= MOST_TRIES:
            session.execute(update.values(state="void", tries=tries))
            return Tried("code_void")
    session.execute(update.values(tries=tries))
    return Tried("code_wrong", left=MOST_TRIES - tries)


def marks(session: Session, made: Codes, case_id: str) -> list[str]:
    """What the codes of a case are known by that count no more."""
    rows = session.execute(select(codes).where(codes.c.case_id == case_id))
    return [mark_of(case_id, made.code(row)) for row in rows]


def awaited(transcript: Sequence[Entry]) -> ResultEntry | None:
    """The result of the call that the customer may write a code for; None where there is none."""
    asked = None
    for entry in transcript:
        if entry.kind == "result" and entry.code in ASKED:
            asked = entry
        elif asked and entry.kind == "result" and entry.status == "done" and entry.tool == asked.tool:
            asked = None
    return asked


def asks_else(transcript: Sequence[Entry]) -> bool:
    """Whether the customer was asked something last that a number may answer: no yes or no to calls."""
    said = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER and not line.meanwhile]
    return bool(said) and said[-1].asks and not said[-1].confirms


def is_asked(transcript: Sequence[Entry], asked: ResultEntry | None) -> bool:
    """Whether a code is what the customer was asked for last."""
    said = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER]
    return asked is not None and asked.code != "code_void" and bool(said) and said[-1].speaker == asked.to and said[-1].asks
