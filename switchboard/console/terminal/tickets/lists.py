"""Tickets on the screen: the inbox, lists, one of them, and what is done with it."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.terminal.screen import out, say, show_facts, show_record, show_table
from switchboard.events.masking import masked
from switchboard.events.rendering import cut
from switchboard.service.tickets import working
from switchboard.service.tickets.working import ShownTicket

LATE = {"at_risk": "at risk", "breached": "OVERDUE", "on_time": "", "": ""}


def show_inbox(limit: int, data: Path | None, json: bool) -> None:
    found, in_all = working.inbox(Workplace(data), limit)
    if json:
        show_record([asdict(one) for one in found])
        return
    rows = [
        (one.name, moment(one.due), one.what, LATE[one.state], one.urgency, one.assigned_to, one.case_id, short(one.subject))
        for one in found
    ]
    if rows:
        show_table("", ("what", "due, UTC", "for", "state", "urgency", "with", "case", "about"), rows)
    else:
        say("Nothing waits for a person.")
    if in_all > len(found):
        say(f"{in_all - len(found)} more wait. All of them:", f"switchboard inbox --limit {in_all}")


def show_list(limit: int, data: Path | None, json: bool, *, closed: bool) -> None:
    found = working.list_tickets(Workplace(data), limit, closed=closed)
    if json:
        show_record([asdict(one) for one in found])
    elif not found:
        say(f"No ticket is {'closed' if closed else 'open'}.")
    else:
        rows = [
            (
                one.number,
                one.urgency,
                one.department,
                one.assigned_to,
                moment(one.created_at),
                f"{moment(one.next.due)} {LATE[one.next.state]}".rstrip() if one.next else "",
                short(one.subject),
            )
            for one in found
        ]
        show_table("", ("ticket", "urgency", "of", "with", "UTC", "due", "about"), rows)


def show_ticket(number: str, data: Path | None, json: bool) -> None:
    told(working.show(Workplace(data), number), json)


def assign_ticket(number: str, to: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    by = place.called(name)
    told(working.assign(place, number, place.called(to) if to else by, by), json)


def close_ticket(number: str, why: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    told(working.close(place, number, place.called(name), why), json)


def reopen_ticket(number: str, why: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    told(working.reopen(place, number, place.called(name), why), json)


def told(ticket: ShownTicket, json: bool) -> None:
    """Show a ticket, whole."""
    if json:
        show_record(asdict(ticket))
        return
    one, found = ticket.listed, ticket.facts
    due = {one.what: f"{moment(one.due)} UTC {one.state.replace('_', ' ')}" for one in ticket.deadlines}
    history = [f"{line['at']} {line['what']} by {line['by']}: {line['words']}" for line in found.get("history", [])]
    known = ", ".join(f"{name} {found[name]}" for name in ("category", "sentiment", "confidence", "decision") if name in found)
    facts = {
        "status": one.status,
        "urgency": one.urgency,
        "of": one.department,
        "with": one.assigned_to or "nobody",
        "about": one.subject,
        **due,
        **({"reach": ticket.contact} if ticket.contact else {}),
        **({"found": known} if known else {}),
        **({"like": f"{one.duplicate_of}, which says the same"} if one.duplicate_of else {}),
        "summary": ticket.summary,
        **({"before": "\n".join(found["past"])} if found.get("past") else {}),
        **({"draft": ticket.draft} if ticket.draft else {}),
        **({"settled": ticket.resolution} if ticket.resolution else {}),
        **({"history": "\n".join(history)} if history else {}),
    }
    show_facts(one.number, {name: masked(words) for name, words in facts.items()})
    if ticket.has_case:
        say("Its case, whole:", f"switchboard show {one.case_id}")


def moment(when: datetime) -> str:
    return f"{when:%m-%d %H:%M}"


def short(subject: str) -> str:
    return cut(masked(" ".join(subject.split())), max(20, out.width - 90))
