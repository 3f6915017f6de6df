"""One case: the talk as a person reads it, what is known beside it, and what can be done; what is new comes as it happens."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import RedirectResponse, Response

from switchboard.cases.approvals import WaitingCall
from switchboard.cases.cases import GOES_ON
from switchboard.cases.people.drafts import drafts
from switchboard.console.web.asked import Asked
from switchboard.console.web.desk import Desk
from switchboard.console.web.drawing import html_of
from switchboard.console.web.live import marks
from switchboard.console.web.pages.forms import Field, fields_of
from switchboard.console.web.pages.lines import Steps, grouped, noted, shown, together
from switchboard.console.web.streams import Page, Streamed, event, seen_last
from switchboard.errors import OperatorError
from switchboard.events.rendering import money_of
from switchboard.events.tracing import telling
from switchboard.service import approvals, cases
from switchboard.service.accounts import Person
from switchboard.service.approvals import Card
from switchboard.service.cases import Shown
from switchboard.service.operators.notes import notes_of
from switchboard.service.operators.seen import see
from switchboard.service.operators.suggesting import suggestion_of
from switchboard.service.outcomes.flags import flagged_in
from switchboard.service.tickets import working
from switchboard.service.watching import traces
from switchboard.service.watching.changes import LineAt, lines_after
from switchboard.service.watching.queue import Wanted, queue
from switchboard.tickets.rows import OPEN

MOST_AT_ONCE = 60
"""Lines and groups of steps that a page begins with: those before them are folded."""
ID = re.compile(r"[\w-]{1,60}", re.ASCII)
PARTS = {name: f"case_{name}.html" for name in ("head", "side", "since", "decide", "act", "keys")}
FIELDS = {
    "words": "may_speak",
    "note": "may_speak",
    "matter": "may_escalate",
    "again": "may_reopen",
    "why": "may",
    "instead": "may",
}
"""What is typed into the forms of a case, by what says whether they are there; a note has its form always."""
TOLD = {
    "approved": "Approved. The agents go on with it.",
    "another": "Noted. Another operator must approve it, too.",
    "refused": "Refused. The agents hear why, and tell the customer.",
    "taken": "The case is yours. The agents are silent, and what the customer writes comes to you.",
    "noted": "The note is kept. Who may look at cases here sees it, and no customer and no agent.",
    "replied": "Sent. The customer sees it when they look at the case.",
    "handed_back": "Handed back. The agents go on with it.",
    "escalated": "Escalated. Who is on call hears of it now; the customer does not.",
    "programs": "Escalated, and the ticket is urgent. [notifications] names programs alone, which hear of it, and no person.",
    "untold": "Escalated, and the ticket is urgent. No notification goes out: [notifications] names nobody.",
    "before": "It was escalated already. Nothing more was sent, and why is kept as a note.",
    "opened": "The case is open again, and waits for a person. What was done stays done.",
    "ended": "The case is being ended. The customer is told what was done and what was not.",
    "prepares": "Asked for. The customer hears nothing of it, and you send it or not.",
    "suggested": "A suggested answer waits already.",
    "sent": "The answer is sent, and its ticket closed.",
    "dropped": "The suggested answer is dropped. The ticket waits on.",
    "flagged": "Flagged. `eval flagged` says whether today's code does it otherwise.",
    "unflagged": "No longer flagged.",
    "forked": "This is the fork. The agents go on with it; what changes something waits for a yes.",
    "assigned": "The ticket is assigned.",
    "closed": "The ticket is closed.",
    "reopened": "The ticket is open again.",
}
"""What a page says after something was done, by the word in its address: no address can have it say anything else."""


@dataclass(frozen=True)
class ToDecide:
    """A call that waits, with what it would do, and its arguments as a form; `edited` are those that are given instead."""

    call: WaitingCall
    card: Card
    fields: Sequence[Field]
    edited: Mapping[str, Any] | None = None


def show(asked: Asked) -> Response:
    """The whole page."""
    return page(asked, asked.request.path_params["case_id"])


def page(
    asked: Asked,
    case_id: str,
    *,
    wrong: str = "",
    status: int = 200,
    edited: tuple[str, Mapping[str, Any]] | None = None,
) -> Response:
    """The page of a case. `wrong` says why what was just asked for was not done; what was typed then stands there still."""
    stand = cases.show(asked.desk, case_id)
    case_id = stand.standing.case_id
    mark = marks(asked.desk, [case_id])[case_id]  # before the lines are read: what comes between is told once more
    see(asked.desk, asked.person.name, case_id)
    flags = flagged_in(asked.desk, case_id)
    lines = [shown(line, flags.get(line.number, "")) for line in lines_after(asked.desk.engine, case_id)]
    notes = notes_of(asked.desk, case_id)
    talk = grouped(together(lines, notes))
    of = asked.request.query_params.get("of", "")
    told = TOLD.get(asked.request.query_params.get("told", ""), "") if not wrong else ""
    known, waiting = _known_of(asked.desk, asked.person, stand), _waiting(asked.desk, stand, edited)
    return asked.page(
        "case.html",
        status,
        lines=talk[-MOST_AT_ONCE:],
        earlier=talk[:-MOST_AT_ONCE],
        newest=lines[-1].number if lines else 0,
        newest_note=notes[-1].number if notes else 0,
        mark=mark,
        told=told,
        told_of=of if told and ID.fullmatch(of) else "",
        wrong=wrong,
        typed=asked.form,
        given_back=_without_a_field(asked, {**known, "waiting": waiting}) if wrong else "",
        waiting=waiting,
        **known,
    )


def _without_a_field(asked: Asked, known: Mapping[str, Any]) -> str:
    """What was typed into a form that the page has no more, as somebody else was faster."""
    form = asked.form
    has = {name: known[on] for name, on in FIELDS.items()}
    if "hash" in form:
        has["why"] = known["waiting"]
    elif number := asked.request.path_params.get("number"):
        state = "closed" if asked.request.path_params["what"] == "reopen" else OPEN
        has["why"] = has["to"] = any((one.listed.number, one.listed.status) == (number, state) for one in known["tickets"])
    return next((form[name] for name, there in has.items() if form.get(name, "").strip() and not (there and known["may"])), "")


def part(asked: Asked) -> Response:
    """A part of the page, drawn anew."""
    name = asked.request.path_params["part"]
    template = PARTS.get(name)
    if template is None:
        raise OperatorError("There is no such part of a case.")
    stand = cases.show(asked.desk, asked.request.path_params["case_id"])
    if name == "head":  # it comes with each change, to a page that is open
        see(asked.desk, asked.person.name, stand.standing.case_id)
    waiting = _waiting(asked.desk, stand) if name == "decide" else []  # each card tries a call, which takes its time
    return asked.page(template, typed={}, wrong="", waiting=waiting, **_known_of(asked.desk, asked.person, stand))


def after(asked: Asked, case_id: str) -> str | None:
    """The case to go on with where a form says so: the one behind this one in the queue before anything is done, which others
    do not have; "" where there is none, and None where the form leads back to its own.
    """
    if asked.form.get("then") != "next":
        return None
    rows = [row for row in queue(asked.desk, Wanted()).rows if row.with_whom in ("", asked.person.name)]
    ids = [row.case_id for row in rows]
    at = ids.index(case_id) + 1 if case_id in ids else 0
    return next((one for one in [*ids[at:], *ids[:at]] if one != case_id), "")


def leading_on(case_id: str, told: str, then: str | None) -> Response:
    """To the page after something was done with a case, which says so."""
    to = f"/cases/{case_id}?told={told}" if then is None else f"/cases/{then}?told={told}&of={case_id}" if then else "/"
    return RedirectResponse(to, 303)


def trace(asked: Asked) -> Response:
    """The trace as a tree."""
    found = traces.trace(asked.desk, asked.request.path_params["case_id"])
    rows = [(guide, telling.told(span), *telling.numbers(span)) for guide, span in telling.drawn(found)]
    return asked.page("trace.html", case_id=found.case_id, rows=rows, summed=telling.summed(found))


def _waiting(desk: Desk, found: Shown, edited: tuple[str, Mapping[str, Any]] | None = None) -> list[ToDecide]:
    return [_to_decide(desk, one, edited) for one in found.standing.approvals]


def _known_of(desk: Desk, person: Person, found: Shown) -> dict[str, Any]:
    stand = found.standing
    mine = stand.held_by == person.name
    is_ours = stand.team in desk.environment.teams and stand.can_go_on and not stand.parent
    may = person.may("operator") and is_ours
    tickets = working.of_case(desk, stand.case_id)
    is_over, is_open = stand.end not in (None, *GOES_ON), any(one.listed.status == OPEN for one in tickets)
    may_take = may and not mine and (not is_over or is_open or bool(stand.held_by))
    may_speak = may and stand.end is not None and stand.is_with_human and stand.held_by in (None, person.name)
    return {
        "stand": stand,
        "customer": desk.customers.known(stand.customer_id),
        "document": stand.document,
        "progress": found.progress,
        "state": _state(stand.end, tickets),
        "cost": money_of(stand.document) if stand.document["model_calls"] else "",
        "tickets": tickets,
        "since": list(dict.fromkeys(text for one in stand.approvals for text in one.since)),
        "drafts": drafts(desk.engine, case_id=stand.case_id),
        "mine": mine,
        "may": may,
        "may_take": may_take and cases.may_take(desk, stand.held_by, person.name),
        "may_speak": may_speak,
        "key": secrets.token_urlsafe(18),
        "suggestion": suggestion_of(desk, stand.case_id) if may_speak else None,
        "may_escalate": may and (not is_over or is_open),
        "may_reopen": may and is_over and (not tickets or (is_open and not stand.is_with_human)),
        "may_end": may and not is_over and stand.held_by in (None, person.name),
    }


def _to_decide(desk: Desk, call: WaitingCall, edited: tuple[str, Mapping[str, Any]] | None) -> ToDecide:
    given = edited[1] if edited and edited[0] == call.hash else call.edited
    team = desk.environment.teams.get(call.team)
    tool = team.tools.get(call.tool) if team else None
    fields = fields_of(tool, given or call.arguments) if tool else []
    return ToDecide(call, approvals.card(desk, call, given), fields, given)


def _state(end: str | None, tickets: Sequence[working.ShownTicket]) -> str:
    """How a case stands, in a word; one that waits because somebody opened it again says that."""
    still = [one for one in tickets if one.listed.status == OPEN]
    if end == "escalated" and any(line["what"] == "reopened" for one in still for line in one.facts.get("history", [])):
        return "reopened"
    return "running" if end is None else end


def events(asked: Asked) -> Streamed:
    """The lines of a case after the one that was seen last, each with its number, and word of whatever else has changed."""
    request, state = asked.request, asked.request.app.state
    case_id = cases.show(asked.desk, request.path_params["case_id"]).standing.case_id
    number = seen_last(request.headers.get("last-event-id"), request.query_params.get("after", ""))
    page = Page(case_id, request.query_params.get("mark", ""), number, lambda line: _drawn(line, asked, case_id))
    page.alike = f"{asked.token} {asked.person.may('operator')}"
    page.note, page.noted = seen_last(None, request.query_params.get("note", "")), partial(_notes, asked.desk, case_id)
    return Streamed(state.live, state.room, asked.hears(), page)


def _notes(desk: Desk, case_id: str, number: int) -> tuple[list[str], int]:
    """The notes on a case after one, as events, and the number of the newest."""
    notes = notes_of(desk, case_id, number)
    told = [event("note", html_of("line_alone.html", item=noted(one), may=False, token="", case_id="")) for one in notes]
    return told, notes[-1].number if notes else number


def _drawn(line: LineAt, asked: Asked, case_id: str) -> str:
    one = shown(line)
    group = Steps([one]) if one.side == "step" else one
    values = {"token": asked.token, "may": asked.person.may("operator"), "case_id": case_id}
    return event("entry", html_of("line_alone.html", item=group, **values), line.number)
