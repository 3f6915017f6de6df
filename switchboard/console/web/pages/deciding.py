"""A yes or a no to a call that waits: bound to its hash, so that nobody approves what they have not seen."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from switchboard.cases.approvals import WaitingCall, check_seen
from switchboard.console.web.asked import Asked
from switchboard.console.web.pages import case
from switchboard.console.web.pages.forms import changes_in
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.service import approvals
from switchboard.service.place import case_here

MOST_DIGITS = 6


def approve(asked: Asked) -> Response:
    """Approve the call that the form names, with the arguments that were checked where it has others."""

    def approved(call: WaitingCall) -> str:
        check_seen(call.since, _seen(asked))
        arguments = approvals.edited(asked.desk, call, _changes(asked, call))
        answer = approvals.approve(asked.desk, call, asked.person.name, arguments)
        return "another" if answer.needs_another else "approved"

    return _decided(asked, approved)


def refuse(asked: Asked) -> Response:
    """Refuse it; the agents hear why."""

    def refused(call: WaitingCall) -> str:
        if not (why := words_of(asked, "why")):
            raise OperatorError("Say why, so that the agents can tell the customer.")
        approvals.deny(asked.desk, call, asked.person.name, why)
        return "refused"

    return _decided(asked, refused)


def edit(asked: Asked) -> Response:
    """Show what the call would do with other arguments, which are checked; nothing is approved by that."""
    try:
        call = _call(asked)
        arguments = approvals.edited(asked.desk, call, _changes(asked, call))
    except OperatorError as error:
        return case.page(asked, _case_id(asked), wrong=str(error), status=409)
    return case.page(asked, call.case_id, edited=(call.hash, arguments) if arguments else None)


def words_of(asked: Asked, name: str) -> str:
    """What was typed into a field."""
    return spoken(asked.form.get(name, "")).replace("\r\n", "\n")


def _decided(asked: Asked, decide: Callable[[WaitingCall], str]) -> Response:
    """Decide, and lead back to the case; where it cannot be, its page says why, and who was first."""
    try:
        call = _call(asked)
        then = case.after(asked, call.case_id)
        told = decide(call)
    except OperatorError as error:
        return case.page(asked, _case_id(asked), wrong=str(error), status=409)
    asked.request.app.state.live.wake()
    return case.leading_on(call.case_id, told, then)


def _call(asked: Asked) -> WaitingCall:
    bound = asked.form.get("hash", "")
    if not bound:
        raise OperatorError("The form does not say which call it is about. Nothing was done.")
    return approvals.waiting_call(asked.desk, _case_id(asked), bound)


def _seen(asked: Asked) -> int:
    """How many of the customer's words since stood above the button; what is no number is none."""
    given = asked.form.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < MOST_DIGITS else 0


def _case_id(asked: Asked) -> str:
    return str(asked.request.path_params["case_id"])


def _changes(asked: Asked, call: WaitingCall) -> dict[str, Any]:
    team = asked.desk.environment.teams[case_here(asked.desk, call.case_id).team]
    return changes_in(team.tools[call.tool], call.arguments, asked.form)
