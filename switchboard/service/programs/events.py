"""What programs are told of by webhooks: runs that ended, calls that wait, cases and tickets that wait for a person. And what
became of each delivery.
"""

from datetime import UTC, datetime
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from switchboard.notifications import rows
from switchboard.notifications.rows import Notification, State
from switchboard.service.place import Place
from switchboard.service.programs.subjects import RunOver, subject_of
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.deadlines import Alert, Of
from switchboard.tickets.kinds import Urgency
from switchboard.toolsets.environment import VARIABLE

Late = Literal["ticket.at_risk", "ticket.breached"]


class Event(BaseModel):
    """`department` is "" where it is none that is declared. No event holds the customer's words."""

    model_config = ConfigDict(frozen=True)

    type: str
    case_id: str = Field(examples=["case_0123456789ab"])
    department: str


class RunEnded(Event):
    """A run of a case ended, whatever its `end`, and whatever follows."""

    type: Literal["run.ended"] = "run.ended"
    run: int
    end: str = Field(examples=["resolved", "awaiting_customer"])


class ApprovalWaiting(Event):
    """A call of a case waits for an operator's yes or no."""

    type: Literal["approval.waiting"] = "approval.waiting"
    run: int


class CaseEscalated(Event):
    """The agents handed a case to a person."""

    type: Literal["case.escalated"] = "case.escalated"
    run: int


class OfTicket(Event):
    ticket: str = Field(examples=["T000001"])


class TicketOpened(OfTicket):
    """A ticket was opened, or opened again. One that is closed before anybody looks, some seconds later, is not told of,
    nor one that waited for longer than a day by then.
    """

    type: Literal["ticket.opened", "ticket.reopened"] = "ticket.opened"
    urgency: Urgency


class TicketUrgent(OfTicket):
    """A ticket has become urgent since anybody was told of it, by what was written or as an operator escalated it."""

    type: Literal["ticket.urgent"] = "ticket.urgent"
    urgency: Urgency


class TicketLate(OfTicket):
    """A ticket's first answer, or its resolution, is nearly due, or overdue."""

    type: Late
    deadline: Of


EVENTS: dict[str, type[Event]] = {
    "run.ended": RunEnded,
    "approval.waiting": ApprovalWaiting,
    "case.escalated": CaseEscalated,
    **dict.fromkeys(("ticket.opened", "ticket.reopened"), TicketOpened),
    "ticket.urgent": TicketUrgent,
    **dict.fromkeys(get_args(Late), TicketLate),
}
"""All that programs are told of, by its type."""


def event_of(one: Notification) -> Event | None:
    """What a program is told; the same each time that it is tried. None for what is for people alone, or not known."""
    case_id, department, alert = one.case_id, one.department, subject_of(one)
    if isinstance(alert, RunOver):
        if not alert.also:
            return RunEnded(case_id=case_id, department=department, run=one.run, end=one.end)
        kinds: dict[str, type[ApprovalWaiting] | type[CaseEscalated]]
        kinds = {"approval.waiting": ApprovalWaiting, "case.escalated": CaseEscalated}
        return kinds[alert.also](case_id=case_id, department=department, run=one.run)
    if not isinstance(alert, Alert):
        return None
    ticket = f"T{alert.ticket:06d}"
    if alert.what == "opened":
        kind: Literal["ticket.opened", "ticket.reopened"] = "ticket.reopened" if alert.times else "ticket.opened"
        urgency = cast(Urgency, one.end)
        return TicketOpened(type=kind, case_id=case_id, department=department, ticket=ticket, urgency=urgency)
    if alert.what == "urgency" or alert.what == "escalation":
        return TicketUrgent(case_id=case_id, department=department, ticket=ticket, urgency=cast(Urgency, alert.state))
    late = cast(Late, f"ticket.{alert.state}")
    return TicketLate(type=late, case_id=case_id, department=department, ticket=ticket, deadline=alert.what)


def _shown(url: str) -> str:
    """The scheme and host of a program's address, or the variable that it begins with."""
    place = urlsplit(url)
    if place.scheme and place.hostname and not place.netloc.startswith("$"):
        return f"{place.scheme}://{place.netloc.rpartition('@')[2]}"
    variable = VARIABLE.match(url)
    return variable[0] if variable else ""


class Delivery(BaseModel):
    """What became of one event at one program. `id` is its `Webhook-Id`; `to` is the scheme and the host of its address in
    `switchboard.toml`, since a path may hold a secret, or the name of a variable; `at` is when it was sent, or is tried next;
    `trouble` is why it was not taken at last.
    """

    id: str
    type: str
    case_id: str
    run: int | None
    to: str
    state: State
    tries: int
    at: datetime
    trouble: str


def deliveries(place: Place, file: ProjectFile, limit: int, state: State | None = None) -> list[Delivery]:
    """The newest deliveries to the programs that the project's file names, the newest first."""
    urls = file.notifications.webhooks if file.notifications else []
    found = rows.newest(place.engine, limit, urls=urls, state=state)
    return [_delivery(one, event.type) for one in found if (event := event_of(one))]


def _delivery(one: Notification, kind: str) -> Delivery:
    at = datetime.fromtimestamp(one.due_at, UTC)
    given = {"id": one.key, "type": kind, "case_id": one.case_id, "run": one.run or None, "to": _shown(one.url)}
    return Delivery.model_validate({**given, "state": one.state, "tries": one.tries, "at": at, "trouble": one.trouble})
