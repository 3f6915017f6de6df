"""Tickets over the REST API: what people settle, and that they did."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from switchboard.console.protocols.rest.asking import Reads, Writes
from switchboard.console.protocols.rest.values import Assign, Limit, Number, Settle, Ticket, Tickets
from switchboard.events.masking import masked_data
from switchboard.service.tickets import working
from switchboard.service.tickets.working import ShownTicket

router = APIRouter(prefix="/v1/tickets", tags=["tickets"])
Before = Annotated[str, Query(pattern=r"^(T[0-9]{1,12})?$", description="`next` of the page before.")]

Status = Literal["open", "closed"]


@router.get("", response_model=Tickets)
def list_tickets(by: Reads, status: Status = "open", limit: Limit = 20, cursor: Before = "") -> dict[str, Any]:
    """The newest tickets, newest first, a page at a time."""
    found = working.list_tickets(by.place, limit + 1, closed=status == "closed", before=cursor)
    page = found[:limit]
    rows = masked_data([asdict(one) for one in page])
    return {"tickets": rows, "next": page[-1].number if len(found) > limit else None}


@router.get("/{number}", response_model=Ticket)
def show_ticket(by: Reads, number: Number) -> dict[str, Any]:
    """All of a ticket."""
    return _told(working.show(by.place, number))


@router.post("/{number}/assign", response_model=Ticket)
def assign(by: Writes, number: Number, given: Assign) -> dict[str, Any]:
    """Give an open ticket to somebody."""
    return _told(working.assign(by.place, number, by.place.called(given.to), by.name))


@router.post("/{number}/close", response_model=Ticket)
def close(by: Writes, number: Number, given: Settle) -> dict[str, Any]:
    """Keep that a person has settled a ticket, and how."""
    return _told(working.close(by.place, number, by.name, given.why))


@router.post("/{number}/reopen", response_model=Ticket)
def reopen(by: Writes, number: Number, given: Settle) -> dict[str, Any]:
    """Open a closed ticket again."""
    return _told(working.reopen(by.place, number, by.name, given.why))


def _told(ticket: ShownTicket) -> dict[str, Any]:
    return {"ticket": masked_data(asdict(ticket))}
