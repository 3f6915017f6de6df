"""Telling people what they must see: a case waits for them, a ticket is late, a budget runs out. What is due is sent, and kept
as sent, due again, or lost.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.cases.spending.budgets import Budgets
from switchboard.cases.tables import CaseRow, clock
from switchboard.errors import OperatorError
from switchboard.notifications import rows
from switchboard.notifications.delivery import check_url, send
from switchboard.notifications.rows import Notification
from switchboard.notifications.table import check_program
from switchboard.notifications.webhooks import post
from switchboard.service.programs.events import event_of
from switchboard.service.programs.subjects import BudgetUsed, RunOver, Subject, is_for_people, subject_of
from switchboard.service.tickets.alerts import keep_alerts, not_told
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.kinds import URGENCIES, urgency_of
from switchboard.tickets.rows import OPEN, Ticket, open_of
from switchboard.toolsets.environment import value_of

log = logging.getLogger("switchboard")
Send = Callable[[str, str, str, str, str], str]
"""(url, how it is shown, title, text, key) to why it failed, or ""."""
UNKNOWN = "What it is about is not known to this version."
WHERE = "[notifications]"
MOST_BATCHES = 500
MOST_NAMED = 5
"""How many tickets of a case are named, the most urgent first."""
WHY = {
    "escalated": "The agents have handed it to a person.",
    "awaiting_approval": "A call waits for an operator's yes or no.",
    "failed": "It could not be brought to its end.",
    "limit": "It went on for too long and was stopped.",
    "loop": "The agents went in circles and were stopped.",
}
THEN = {"awaiting_approval": "`switchboard approvals` shows the call.", "escalated": "`switchboard take {}` takes it over."}


def send_due(engine: Engine, file: ProjectFile, deliver: Send = send, *, at_once: int = MOST_BATCHES) -> list[str]:
    """Send what is due, or so many batches of it. Returns a sentence for each that could not be sent; safe in several processes
    at once.
    """
    if file.notifications is None:
        return []
    keep_alerts(engine, file, file.notifications)
    Budgets(lambda: engine, file.budgets.made(), file.time_zone, whom=file.notifications).keep_alerts()
    troubles: list[str] = []
    for _ in range(at_once):
        found = rows.take_due(engine, [*_urls(file)], _now(engine))
        troubles += [trouble for one in found if (trouble := _sent(engine, file, one, deliver))]
        if len(found) < rows.MOST_AT_ONCE or len(troubles) >= rows.MOST_AT_ONCE:  # the rest is tried later
            break
    return troubles


def try_out(file: ProjectFile, deliver: Send = send) -> dict[str, str]:
    """Send a test to each URL. Returns by URL why it failed, or ""."""
    text = "This is a test. You will hear here of each case that waits for a person."
    people = [url for url in _urls(file) if not _is_program(file, url)]
    return {url: _delivered(url, f"{file.name}: a test", text, "", deliver) for url in people}


def troubles(engine: Engine, file: ProjectFile) -> list[str]:
    """What is wrong with the URLs, and how many notifications did not go out."""
    found = []
    for url in _urls(file):
        try:
            if _is_program(file, url):
                _program(file, url)
            else:
                check_url(value_of(url, WHERE), url)
        except ValueError as error:
            found.append(f"{url}: {error}.")
        except OperatorError as error:
            found.append(str(error))
    unsent = rows.newest(engine, 1000, unsent=True)
    if unsent:
        found.append(f"{len(unsent)} notifications did not go out: `switchboard notifications` shows which, and why.")
    return list(dict.fromkeys(found))


def newest(engine: Engine, limit: int) -> list[dict[str, object]]:
    """The newest notifications, as they are shown."""
    return [
        {
            "case_id": one.case_id,
            "run": one.run,
            "to": one.url,
            "end": one.end,
            "state": one.state,
            "tries": one.tries,
            "at": datetime.fromtimestamp(one.due_at, UTC).isoformat(timespec="seconds"),
            "trouble": one.trouble,
        }
        for one in rows.newest(engine, limit)
    ]


def _sent(engine: Engine, file: ProjectFile, one: Notification, deliver: Send) -> str:
    """Send one that was taken. One that cannot be made stops no other. Returns what the operator should hear, or ""."""
    try:
        trouble = _tried(engine, file, one, deliver)
    except Exception as error:
        log.warning("a notification of %s could not be made", one.case_id, exc_info=error)
        trouble = f"It could not be made ({type(error).__name__})."
    if trouble is None:
        rows.settle(engine, one, "", _now(engine), overtaken=True)
        return ""
    rows.settle(engine, one, trouble, _now(engine))
    if not trouble:
        return ""
    is_program = _is_program(file, one.url)
    told = f"{one.url} could not be told." if is_program else f"nobody could be notified through {one.url}."
    return f"{one.case_id}: {told} {trouble} {_then(one)}"


def _tried(engine: Engine, file: ProjectFile, one: Notification, deliver: Send) -> str | None:
    """Why one was not taken, or ""; None where nobody there needs to hear of it any more, or at all."""
    subject = subject_of(one)
    if subject is None:
        return UNKNOWN
    if _is_program(file, one.url):
        return _told_program(file, one, _now(engine))
    if not is_for_people(subject, one):
        return None
    if _is_overtaken(engine, one, subject):
        if isinstance(subject, RunOver) and file.notifications:  # what is urgent and open after all is told by itself
            not_told(engine, one.case_id, one.run, file.notifications)
        return None
    text = letter(one, subject, _tickets(engine, one))
    return _delivered(one.url, f"{file.name}: {title(one, subject)}", text, one.key, deliver)


def _then(one: Notification) -> str:
    return "It is tried again later." if one.tries <= len(rows.PAUSES) else "It is given up."


def _is_program(file: ProjectFile, url: str) -> bool:
    return bool(file.notifications and url in file.notifications.webhooks)


def _program(file: ProjectFile, url: str) -> tuple[str, str]:
    """A program's address and what it is told is signed with. Raises OperatorError, and ValueError for what is no address."""
    assert file.notifications and file.notifications.secret, "webhooks are declared with one"
    address, secret = value_of(url, WHERE), value_of(file.notifications.secret, WHERE)
    check_program(address)
    return address, secret


def _told_program(file: ProjectFile, one: Notification, now: float) -> str | None:
    """Tell a program what happened. Returns why it was not taken, or ""; None for what is for people alone."""
    if (event := event_of(one)) is None:
        return None
    try:
        allowed = file.notifications.allow_private if file.notifications else ()
        return post(*_program(file, one.url), one.key, event.model_dump(), int(now), allowed)
    except (OperatorError, ValueError) as error:
        return str(error)


def title(one: Notification, subject: Subject) -> str:
    """What it is about, in short."""
    if isinstance(subject, BudgetUsed):
        return f"a budget of models {'is used up' if one.end == 'used_up' else 'runs out'}"
    if isinstance(subject, RunOver):
        return "a case waits for a person"
    what, state = subject.what, subject.state
    return f"a ticket is {'escalated' if what == 'escalation' else state if what == 'urgency' else 'late'}"


def letter(one: Notification, subject: Subject, tickets: Sequence[Ticket] = ()) -> str:
    """What is sent: nothing of it is the customer's words, which would be read by another company's service."""
    again = " You may have had this already." if one.may_be_second else ""
    if isinstance(subject, BudgetUsed):
        then = "No model is asked any more; the rules go on. " if one.end == "used_up" else ""
        used = f"{subject.share} % or more of {subject.budget} are used."
        return f"{used} {then}`switchboard check` shows how each budget stands.{again}"
    called = f"{one.case_id}{f' ({one.department})' if one.department else ''}"
    if not isinstance(subject, RunOver):
        alert = subject
        number, late = f"T{alert.ticket:06d}", "is nearly due" if alert.state == "at_risk" else "is overdue"
        of = {
            "answer": f"the first answer of ticket {number} {late}",
            "resolution": f"the resolution of ticket {number} {late}",
        }
        others = {"escalation": f"an operator has escalated ticket {number} as {alert.state}, and a person must see it"}
        told = (of | others).get(alert.what, f"ticket {number} is {alert.state}, and a person must see it")
        urgency = next((urgency_of(one.priority) for one in tickets if one.id == alert.ticket and alert.what in of), "")
        told += f". It is {urgency}" if urgency else ""
        return f"Case {called}: {told}. `switchboard tickets show {number}` tells more.{again}"
    then = THEN.get(one.end, "`switchboard show {}` tells more.").format(one.case_id)
    soonest = sorted(tickets, key=lambda ticket: -URGENCIES.index(urgency_of(ticket.priority)))
    named = ", ".join(f"{ticket.number} ({urgency_of(ticket.priority)})" for ticket in soonest[:MOST_NAMED])
    more = f" and {len(soonest) - MOST_NAMED} more" if len(soonest) > MOST_NAMED else ""
    return f"Case {called}: {WHY[one.end]} {then}{f' Ticket: {named}{more}.' if named else ''}{again}"


def _tickets(engine: Engine, one: Notification) -> list[Ticket]:
    with Session(engine.execution_options(reading=True), expire_on_commit=False) as session:
        return open_of(session, one.case_id, locked=False)


def _delivered(url: str, title: str, text: str, key: str, deliver: Send) -> str:
    try:
        return deliver(value_of(url, WHERE), url, title, text, key)
    except OperatorError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - another's plugin; what it says may hold the URL
        return f"Sending failed ({type(error).__name__})."


def _is_overtaken(engine: Engine, one: Notification, subject: Subject) -> bool:
    """Whether the case has gone on since, or a person has it; of an alert, whether what was late is done. What is critical is
    told in any case.
    """
    if isinstance(subject, BudgetUsed):
        return False
    with Session(engine.execution_options(reading=True)) as session:
        row = session.get(CaseRow, one.case_id)
        if isinstance(subject, RunOver):
            return row is None or row.run != one.run or bool(row.held_by)
        alert = subject
        ticket = session.get(Ticket, alert.ticket)
        if ticket is None or ticket.status != OPEN or ticket.reopened != alert.times:
            return True
        if alert.what == "escalation":  # whoever has the case has asked for help with it
            return False
        if alert.what == "urgency":
            return alert.state != "critical" and row is not None and bool(row.held_by)
        return alert.what == "answer" and ticket.answered_at is not None


def _urls(file: ProjectFile) -> list[str]:
    return [*file.notifications.places(is_urgent=True), *file.notifications.webhooks] if file.notifications else []


def _now(engine: Engine) -> float:
    with Session(engine.execution_options(reading=True)) as session:
        return clock(session).timestamp()
