"""Tickets on the screen: the inbox, lists, one of them, and what is done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import acting
from switchboard.console.terminal.screen import out, say, show_facts, show_record, show_table
from switchboard.events.masking import masked
from switchboard.events.rendering import cut
from switchboard.service import cases
from switchboard.service.tickets import working
from switchboard.service.tickets.working import ListedTicket, ShownTicket, Waiting

DRAFTED = {True: "waits", False: ""}
LATE = {"at_risk": "at risk", "breached": "OVERDUE", "on_time": "", "": ""}


def show_inbox(limit: int, data: Path | None, json: bool) -> None:
    found, in_all = working.inbox(Workplace(data), limit)
    if json:
        show_record([asdict(one) for one in found])
        return
    rows = [
        (
            *(one.name, moment(one.due), one.what, LATE[one.state], DRAFTED[one.drafted], one.urgency, one.assigned_to),
            *(one.case_id, short(one.subject)),
        )
        for one in found
    ]
    if rows:
        show_table("", ("what", "due, UTC", "for", "state", "draft", "urgency", "with", "case", "about"), rows)
        _tell_of_drafts(found)
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
                DRAFTED[one.drafted],
                short(one.subject),
            )
            for one in found
        ]
        show_table("", ("ticket", "urgency", "of", "with", "UTC", "due", "draft", "about"), rows)
        _tell_of_drafts(found)


def _tell_of_drafts(found: Sequence[Waiting | ListedTicket]) -> None:
    if any(one.drafted for one in found):
        say("Where a draft waits, an answer can be sent as it is, or edited:", "switchboard drafts")


def show_ticket(number: str, data: Path | None, json: bool) -> None:
    told(working.show(Workplace(data), number), json)


def assign_ticket(number: str, to: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    by = acting(place, name)
    told(working.assign(place, number, place.called(to) if to else by, by), json)


def close_ticket(number: str, why: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    told(working.close(place, number, acting(place, name), why), json)


def reopen_ticket(number: str, why: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    told(working.reopen(place, number, acting(place, name), why), json)


def escalate_case(case_id: str, why: str, critical: bool, name: str, data: Path | None, json: bool) -> None:
    """Escalate a case, and send at once what is due because of it."""
    place = Workplace(data)
    found = cases.escalate(place, case_id, acting(place, name), "critical" if critical else "high", why)
    place.send_notifications(at_once=1)
    if json:
        show_record(asdict(found))
    elif not found.is_new:
        say(f"{found.case_id} was escalated already. Nothing more was sent, and why is kept as a note.")
    else:
        alone = "No person is notified: [notifications] names programs alone, which hear of it."
        nobody = alone if found.tells_programs else "Nobody is notified: [notifications] names nobody."
        who = "Who is on call hears of it." if found.is_told else nobody
        say(f"{found.case_id} is escalated as {found.urgency}. {who}", f"switchboard tickets show {found.ticket}")


def reopen_case(case_id: str, why: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    number = cases.reopen(place, case_id, acting(place, name), why)
    if json:
        told(working.show(place, number), json)
    else:
        say("The case is open again, and waits for a person:", f"switchboard tickets show {number}")


def told(ticket: ShownTicket, json: bool) -> None:
    """Show a ticket, whole."""
    if json:
        show_record(asdict(ticket))
        return
    one, found = ticket.listed, ticket.facts
    due = {one.what: f"{moment(one.due)} UTC {one.state.replace('_', ' ')}" for one in ticket.deadlines}
    history = [
        f"{moment(datetime.fromisoformat(line['at']))} UTC {line['what']}{by(line)}: {line['words']}"
        for line in found.get("history", [])
    ]
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
        **({"settled": ticket.resolution} if ticket.resolution else {}),
        **({"history": "\n".join(history)} if history else {}),
    }
    shown = {name: masked(words) for name, words in facts.items()}
    if ticket.draft:
        shown["draft"] = ticket.draft  # whoever sends it sees all that the customer will
    show_facts(one.number, shown, draft_commands(one.case_id, ticket.draft_hash) if ticket.draft_hash else ())
    if ticket.has_case:
        say("Its case, whole:", f"switchboard show {one.case_id}")


def draft_commands(case_id: str, bound: str) -> tuple[str, str]:
    """What sends a draft, and what drops it, bound to its text."""
    return f"switchboard send {case_id} --for {bound}", f"switchboard drop {case_id} --for {bound}"


def by(line: Mapping[str, Any]) -> str:
    """Who did what a ticket's history tells; nobody did what came by itself, such as a draft that is void."""
    return f" by {line['by']}" if line["by"] else ""


def moment(when: datetime) -> str:
    return f"{when:%m-%d %H:%M}"


def short(subject: str) -> str:
    return cut(masked(" ".join(subject.split())), max(20, out.width - 90))
