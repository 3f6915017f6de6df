"""An outbox: rows of what is to be sent, each once, to a side that knows no key, as a mail server is.

That one is being sent is committed before it is. Who finds it so after a crash does not send it again: whether it went out
is then known to nobody, and a person hears of it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, Engine, and_, or_, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from switchboard.mail.letters import LetterRefused, MayBeSent, NotSent, NotThisOne, Overtaken

log = logging.getLogger("switchboard")
SETTLES, EXPIRES = timedelta(minutes=5), timedelta(hours=72)
"""How long whoever works on a letter may take until others do, and how long one may wait for a mail server."""
NO_SERVER = "No mail server is configured: set host and sender of [mail] in switchboard.toml."
TOLD = ("not_known", "refused", "withdrawn")
"""The states of what nobody tries any more, and may not have arrived."""
UNTOLD = "The program ended while it sent this letter."


class InOutbox:
    """What the rows of an outbox have. `key` is what a letter is known by, the same in each try.

    `state` is `queued`; `sending`, written before it is sent, so that it is not sent a second time; `sent`; `not_known` where
    nobody can tell; `refused` where it is never taken, for its address or itself, as `why` tells; `withdrawn`, where it is
    not sent; or `overtaken`, where somebody else has answered.
    """

    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(index=True)
    why: Mapped[str]
    queued_at: Mapped[datetime]
    changed_at: Mapped[datetime]


R = TypeVar("R", bound=InOutbox)
L = TypeVar("L")


@dataclass(frozen=True)
class Outbox(Generic[R, L]):
    """Rows of a kind, each of which is `made` into what is sent. `withheld` is what is so of one that is not to go out at that
    time after all, and in words why; `told` sees to it, in the transaction, that a person hears of one that is `not_known`,
    `refused` or `withdrawn`. `rests` is how long one that could not be sent waits for its next try. `arrived`, where whoever
    carries it can be asked, tells of one that was cut off whether it went out, None where nobody can tell; it raises NotSent.
    `ours` is what is so of the rows that this outbox looks after, where others of the kind go elsewhere.
    """

    row: type[R]
    made: Callable[[Session, R], L]
    withheld: Callable[[datetime], tuple[ColumnElement[bool], str]]
    told: Callable[[Session, R], object]
    clock: Callable[[Session], datetime]
    rests: timedelta = SETTLES
    arrived: Callable[[L], bool | None] | None = None
    ours: ColumnElement[bool] = field(default_factory=true)

    def send_kept(self, session: Session, send: Callable[[L], object] | None, key: str) -> R:
        """Send a letter, if it is still to be sent; returns its row as it is then. Commits before it sends, too."""
        self._try(session, send, key)
        return self.letter(session, key)

    def _try(self, session: Session, send: Callable[[L], object] | None, key: str) -> bool:
        """Returns whether others may be sent."""
        letter, goes_on = self.letter(session, key), True
        if letter.state == "sending":
            self._look(session, letter)
        elif letter.state == "queued" and send is None:
            self._changed(session, key, ("queued", letter.changed_at), "queued", NO_SERVER)
        elif letter.state == "queued" and send is not None and self._claimed(session, letter):
            goes_on = self._send(session, send, letter)
        session.commit()
        return goes_on

    def settle(self, engine: Engine, send: Callable[[L], object] | None) -> tuple[int, str]:
        """Send what waits, what was tried longest ago first, and tell of what was cut off. Returns how many went out, and why
        one could not be sent now; no other one was tried after it, unless the trouble was with this letter alone.

        Safe when several processes do it at once: each letter is claimed by one, and what another has taken up since is left
        to it.
        """
        sent, trouble = 0, ""
        with Session(engine) as session:
            due = self._due(self.clock(session))
            for key in session.scalars(select(self.row.key).where(due).order_by(self.row.changed_at)).all():
                letter, now = self.letter(session, key), self.clock(session)
                waits = SETTLES if letter.state == "sending" else self.rests
                if letter.state == "queued" and now - _utc(letter.queued_at) > EXPIRES:
                    why = f"It waited too long to be sent. {letter.why}".strip()
                    self._changed(session, key, ("queued", letter.changed_at), "withdrawn", why)
                elif now - _utc(letter.changed_at) >= waits and (letter.state == "sending" or send is not None):
                    goes_on, letter = self._try(session, send, key), self.letter(session, key)
                    sent += letter.state == "sent"
                    trouble = letter.why if letter.state == "queued" and letter.why else trouble
                    if not goes_on:
                        break
                session.commit()
        return sent, trouble

    def letter(self, session: Session, key: str) -> R:
        """The row as it is now."""
        session.expire_all()
        return session.scalars(select(self.row).where(self.row.key == key)).one()

    def _due(self, now: datetime) -> ColumnElement[bool]:
        queued = and_(self.row.state == "queued", self.row.changed_at <= now - self.rests)
        return and_(self.ours, or_(queued, and_(self.row.state == "sending", self.row.changed_at < now - SETTLES)))

    def _changed(self, session: Session, key: str, was: tuple[str, datetime], state: str, why: str) -> bool:
        """Give a letter another state than it had since a moment, unless somebody else has done so since."""
        still = (self.row.key == key, self.row.state == was[0], self.row.changed_at == was[1])
        change = update(self.row).where(*still).values(state=state, why=why, changed_at=self.clock(session))
        changed = _count(session, change) == 1
        if changed and state in TOLD:
            self.told(session, self.letter(session, key))
        return changed

    def _claimed(self, session: Session, letter: R) -> bool:
        """Commit that the letter is being sent. False where somebody else has claimed it, or it is withheld since."""
        now = self.clock(session)
        key, (withheld, why) = letter.key, self.withheld(now)
        mine = (self.row.key == key, self.row.state == "queued")
        claimed = _count(session, update(self.row).where(*mine, ~withheld).values(state="sending", changed_at=now)) == 1
        if not claimed:
            change = update(self.row).where(*mine, withheld).values(state="withdrawn", why=why, changed_at=now)
            if _count(session, change) == 1:
                self.told(session, self.letter(session, key))
        session.commit()
        return claimed

    def _look(self, session: Session, letter: R) -> None:
        """Find out what became of a letter that was cut off; where it cannot be found out now, it is looked for again."""
        key, was, state, why = letter.key, ("sending", letter.changed_at), "not_known", letter.why or UNTOLD
        sending = self._made(session, letter) if self.arrived else None
        if self.arrived and sending is not None:
            waits = self.clock(session) - _utc(letter.queued_at) <= EXPIRES
            session.commit()
            try:
                found = self.arrived(sending)
                state = "not_known" if found is None else "sent" if found else "queued"
            except NotSent as error:
                state, why = "sending" if waits else "not_known", str(error)
        self._changed(session, key, was, state, "" if state == "sent" else why)

    def _made(self, session: Session, letter: R) -> L | None:
        """What is sent; None where it cannot be made, which keeps no other one waiting."""
        try:
            return self.made(session, letter)
        except (LookupError, ValueError, TypeError):
            log.warning("A letter could not be made (%s)", letter.key, exc_info=True)
            return None

    def _send(self, session: Session, send: Callable[[L], object], letter: R) -> bool:
        """Returns whether others may be sent: what is wrong is with this one alone, if anything."""
        state, why, goes_on = "sent", "", True
        key, sending, was = letter.key, self._made(session, letter), ("sending", letter.changed_at)
        if sending is None:
            self._changed(session, key, was, "refused", "What it says cannot be had")
            return True
        session.commit()  # whoever writes to the same rows, and on SQLite to any, must not wait for the mail server
        try:
            send(sending)
        except MayBeSent as error:
            state, why = "sending" if self.arrived else "not_known", str(error)
        except Overtaken as error:
            state, why = "overtaken", str(error)
        except LetterRefused as error:
            state, why = "refused", str(error)
        except NotSent as error:
            state, why, goes_on = "queued", str(error), isinstance(error, NotThisOne)
        except Exception as error:  # noqa: BLE001 - a project's own sender; what it says may quote the letter
            state, why = "not_known", f"The sender failed ({type(error).__name__})"
        if not self._changed(session, key, was, state, why) and state == "sent":  # it was given up, and went out after all
            session.execute(update(self.row).where(self.row.key == key).values(state=state, why=why))
        return goes_on


def _count(session: Session, change: Any) -> int:
    return cast(CursorResult[Any], session.execute(change.execution_options(synchronize_session=False))).rowcount


def _utc(moment: datetime) -> datetime:
    """SQLite gives moments back without a time zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
