"""Deadlines of tickets: hours that count while people answer, and what is at risk, late, or met. Pure functions of moments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from switchboard.tickets.kinds import ON_CALL, URGENCIES, Urgency, urgency_of
from switchboard.tickets.rows import CLOSED, Ticket, utc
from switchboard.tickets.table import DeadlinesTable, TicketsTable

Of = Literal["answer", "resolution"]
What = Of | Literal["urgency", "escalation", "opened"]
State = Literal["met", "missed", "on_time", "at_risk", "breached"]
"""Of what was done `met` or `missed`; of what was not, how near its deadline is."""
LATE: tuple[State, ...] = ("at_risk", "breached")
MOST_DAYS = 4000
"""Days that are looked through for working hours."""


@dataclass(frozen=True)
class Hours:
    """When people answer, by weekday (0 is Monday), such as "09:00-17:00", in a time zone. Without any, at any time."""

    days: Sequence[tuple[int, str]] = ()
    zone: str = "UTC"

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches in which people answer from a moment on, in order, in UTC."""
        zone, by_day = ZoneInfo(self.zone), dict(self.days)
        first = since.astimezone(zone).date()
        for day in (first + timedelta(days=n) for n in range(MOST_DAYS)):
            if span := by_day.get(day.weekday()):
                begins, ends = (_at(day, one, zone) for one in span.split("-"))
                if ends > since:
                    yield max(utc(begins), since), utc(ends)

    def after(self, since: datetime, hours: float) -> datetime:
        """The moment at which so many hours have passed."""
        left, ends = timedelta(hours=hours), since
        if not self.days:
            return since + left
        for begins, ends in self.spans(since):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        return ends


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """A moment of a day; 24:00 is where the next one begins."""
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone)


@dataclass(frozen=True)
class Deadline:
    """By when a ticket's first answer, or its resolution, is due, and how that stands. Moments are in UTC."""

    what: Of
    due: datetime
    state: State


def deadlines(ticket: Ticket, table: TicketsTable, hours: Hours, now: datetime) -> list[Deadline]:
    """Both deadlines of a ticket, the answer's first. What was reopened is answered anew."""
    found = []
    for what, risky, due, done in _moments(ticket, table, hours):
        if ticket.status == CLOSED or done:  # of a row that says no moment, none is known
            state: State = "met" if done is None or utc(done) <= due else "missed"
        else:
            state = "breached" if now >= due else "at_risk" if now >= risky else "on_time"
        found.append(Deadline(what, due, state))
    return found


def next_change(ticket: Ticket, table: TicketsTable, hours: Hours, now: datetime) -> datetime | None:
    """When a deadline of an open ticket comes to be at risk, or breached, next."""
    moments = [moment for _, *both, done in _moments(ticket, table, hours) if done is None for moment in both]
    return min((moment for moment in moments if moment > now), default=None)


def _moments(ticket: Ticket, table: TicketsTable, hours: Hours) -> Iterator[tuple[Of, datetime, datetime, datetime | None]]:
    """Of each deadline of a ticket from when on it is at risk, when it is due, and when it was done."""
    urgency, since = urgency_of(ticket.priority), ticket.since
    counted = Hours() if urgency in table.always else hours
    closed = ticket.closed_at if ticket.status == CLOSED else None
    kinds: list[tuple[Of, DeadlinesTable, datetime | None]]
    kinds = [("answer", table.answer, ticket.answered_at or closed), ("resolution", table.resolution, closed)]
    for what, table_of, done in kinds:
        most = table_of.of(urgency)
        yield what, counted.after(since, most * table.at_risk), counted.after(since, most), done


@dataclass(frozen=True)
class Alert:
    """What is told of a ticket once: that a deadline is at risk or breached, or, of its `urgency`, how urgent it is, and of an
    `escalation` as how urgent an operator escalated it; to programs alone, that it was `opened`. `times` is how often the
    ticket had been reopened.
    """

    ticket: int
    what: What
    state: State | Urgency | Literal["open"]
    times: int

    def __str__(self) -> str:
        return f"{self.ticket} {self.what} {self.state} {self.times}"

    @staticmethod
    def from_text(text: str) -> "Alert":
        """The alert that was written so."""
        ticket, what, state, times = text.split()
        return Alert(int(ticket), cast(What, what), cast(State | Urgency | Literal["open"], state), int(times))


def alerts(ticket: Ticket, table: TicketsTable, hours: Hours, now: datetime) -> list[Alert]:
    """What is due to be told of an open ticket. Of a deadline that was breached before anybody looked it is told that alone."""
    late = [one for one in deadlines(ticket, table, hours, now) if one.state in LATE]
    return [Alert(ticket.id, one.what, one.state, ticket.reopened) for one in late]


def has_become_urgent(ticket: Ticket) -> bool:
    """Whether who is on call has not heard yet that a ticket is as urgent as it is."""
    urgency, told = urgency_of(ticket.priority), ticket.told_as
    return urgency in ON_CALL and (told is None or URGENCIES.index(urgency) > URGENCIES.index(urgency_of(told)))


def nearest(found: Sequence[Deadline]) -> Deadline | None:
    """The next deadline of what is not done."""
    waiting = [one for one in found if one.state not in ("met", "missed")]
    return min(waiting, key=lambda one: one.due) if waiting else None
