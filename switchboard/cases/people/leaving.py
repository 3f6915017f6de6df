"""A case that waits for a person: it has an open ticket, and who is on call is to hear of it, once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from switchboard.cases.entries import lines_of
from switchboard.cases.tables import CaseRow, clock
from switchboard.consent.answers import stance_of
from switchboard.declare.beginnings import Answered, Beginning, Words
from switchboard.declare.flow import CUSTOMER
from switchboard.mail.history import own_words
from switchboard.notifications.rows import ALSO_TOLD, notify
from switchboard.notifications.table import NotificationsTable
from switchboard.plays.asked.thanks import only_thanks
from switchboard.reading.danger import danger_in
from switchboard.reading.mood import urgency
from switchboard.tickets.kinds import ON_CALL, URGENCIES, Urgency, urgency_of
from switchboard.tickets.rows import WAITS, Ticket, newest_of, open_for_person, open_of, take_up_again

WROTE_AGAIN = "The customer wrote again."


def leave_to_people(session: Session, row: CaseRow, whom: NotificationsTable | None) -> None:
    """Open a ticket, and write who is to be notified, in the transaction that ends the newest run of a case; where that leaves
    it to a person, and nobody has taken it over.
    """
    if row.held_by or row.parent is not None or row.end is None:
        return
    tickets = open_for(session, row)
    for text in _words_of(session, row) if tickets else ():
        raise_to(urgency_told(text), tickets)
    if whom and row.end in whom.ends:
        _notify(session, row, tickets, whom)


def tell_programs(
    session: Session, row: CaseRow, run: int, end: str | None, whom: NotificationsTable | None, *, is_own: bool = True
) -> None:
    """Write which programs hear that a run ended, whatever its end and whatever follows, and, where the end is its own and
    not that an operator took the case over, what it leaves to people; in the transaction that ends it.
    """
    if whom and whom.webhooks and row.parent is None and end:
        for about in ("", *([ALSO_TOLD[end]] if is_own and end in ALSO_TOLD else ())):
            notify(session, row.id, run, whom.webhooks, end, row.department, clock(session).timestamp(), about)


def wrote_again(session: Session, row: CaseRow, words: str) -> bool:
    """See to it that a person finds what a customer writes on a case that is with people: its ticket is open, and as urgent as
    the words. Who is on call hears of what has become urgent, or is opened again, as of all such tickets. False where a settled
    case stays settled, as they thank and want nothing.
    """
    newest, is_waited_for = newest_of(session, row.id), bool(open_of(session, row.id))
    if not is_waited_for and only_thanks(words) and not row.held_by:
        return False
    if newest and not is_waited_for:
        take_up_again(newest, CUSTOMER, WROTE_AGAIN, clock(session))
    tickets = open_for(session, row, "escalated", "" if row.end in WAITS else WROTE_AGAIN)
    raise_to(urgency_told(words), tickets)
    _look_now(session, tickets)
    return True


def alarm(session: Session, row: CaseRow, words: str) -> str:
    """What is said first to who writes of danger on a case that no agent reads at once, "" to everybody else. Where the case
    waits for an operator's answer, which may take days, it has an urgent ticket.
    """
    danger = danger_in(words)
    if danger and row.end == "awaiting_approval":
        tickets = open_for(session, row, "escalated", danger.for_operators)
        raise_to("critical", tickets)
        _look_now(session, tickets)
    return f"{danger.said} " if danger else ""


def _look_now(session: Session, tickets: Sequence[Ticket]) -> None:
    """Have whoever looks for what is late look at tickets anew; by that, open pages of the queue know that they were written
    to, too (`mark_of_queue`).
    """
    for ticket in tickets:
        ticket.look_at = clock(session).timestamp()


def only_decides(given: Beginning) -> bool:
    """Whether it is a yes or no to a call, and nothing more: an answer that waits beside the call waits on."""
    return isinstance(given, Answered) or (isinstance(given, Words) and stance_of(own_words(given.words)) != "other")


def _words_of(session: Session, row: CaseRow) -> list[str]:
    """All that the customer of a case wrote."""
    lines = lines_of(session, row.id, row.run)
    return [row.opening, *(line.text for line in lines if line.kind == "message" and line.speaker == CUSTOMER)]


def open_for(session: Session, row: CaseRow, end: str = "", reason: str = "") -> list[Ticket]:
    """The open tickets of a case, one at least where it waits for a person, by its end, or by that."""
    known = row.state["known"] if row.state else {}
    about = {"department": row.department, "opening": row.opening, "contact_email": known.get("email")}
    about |= {"reason": reason or row.reason, "customer_id": row.state["customer_id"] if row.state else None}
    return open_for_person(session, row.id, row.run, end or row.end or "", about, clock(session))


def _notify(session: Session, row: CaseRow, tickets: Sequence[Ticket], whom: NotificationsTable) -> None:
    is_urgent = any(urgency_of(ticket.priority) in ON_CALL for ticket in tickets)
    sorted_ones = (ticket.department for ticket in tickets if "category" in (ticket.facts or {}))
    whose = next(sorted_ones, row.department)
    to = whom.places(is_urgent=is_urgent)
    notify(session, row.id, row.run, to, row.end or "", whose, clock(session).timestamp())
    for ticket in tickets:
        ticket.told_as = ticket.priority


def urgency_told(text: str) -> Urgency:
    """How soon a person must see what a customer wrote, as far as their words say it: danger comes before all."""
    if danger_in(text):
        return "critical"
    return "high" if urgency(text) == "high" else "low"


def raise_to(told: Urgency, tickets: Sequence[Ticket]) -> None:
    """Make tickets at least as urgent as that."""
    for ticket in tickets:
        if URGENCIES.index(told) > URGENCIES.index(urgency_of(ticket.priority)):
            ticket.priority = told
