"""Calls that wait for operators, shown where these can press a button, and what a press does.

A press is bound to the hash of the call that was shown, and decides as the account of who pressed. Each call is shown once, or
a second time where the process died as it was shown: of two presses the second is told who was first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from switchboard.cases.approvals import WaitingCall
from switchboard.cases.channels.noticed import has_read, notice, was_read
from switchboard.errors import OperatorError
from switchboard.service import approvals
from switchboard.service.accounts import person_called
from switchboard.service.place import Place

AT_ONCE = 50


@dataclass(frozen=True)
class Pressed:
    """Which button was pressed for which call, and by whom, by their id in that place."""

    by: str
    case_id: str
    hash: str
    approves: bool


def show_new(place: Place, channel: str, show: Callable[[WaitingCall, str], None]) -> int:
    """Show each call that waits and was not shown yet, with what it would do in words. Returns how many; raises what `show`
    does, after which the call is shown again.
    """
    shown = 0
    for call in _new(place, channel):
        key = f"{call.case_id} {call.hash}"
        notice(place.engine, channel, key)
        show(call, approvals.card(place, call).in_words)
        has_read(place.engine, channel, key, 1)
        shown += 1
    return shown


def _new(place: Place, channel: str) -> Iterator[WaitingCall]:
    for call in approvals.list_approvals(place, AT_ONCE):
        if call.team in place.environment.teams and not was_read(place.engine, channel, f"{call.case_id} {call.hash}"):
            yield call


def decide(place: Place, pressed: Pressed, people: Mapping[str, str], where: str) -> tuple[str, bool]:
    """Decide as the account of who pressed. Returns what is to be told to all, and whether the call waits on for another
    operator. Raises OperatorError with what the one who pressed is told.
    """
    if pressed.by not in people:
        raise OperatorError(f"Nothing was done: you are not named in [channels.{where}] of the project.")
    person = person_called(place, people[pressed.by])
    if not person.may("operator"):
        raise OperatorError(f"Nothing was done: {person.name} is {person.role}, and this needs operator.")
    call = approvals.waiting_call(place, pressed.case_id, pressed.hash)
    if call.since:
        raise OperatorError("Nothing was done: the customer has written meanwhile. Look at the case before you decide.")
    if not pressed.approves:
        approvals.deny(place, call, person.name, f"Refused in {where.capitalize()}.")
        return f"Refused by {person.name}.", False
    answered = approvals.approve(place, call, person.name, {})
    more = " Another operator must approve it, too." if answered.needs_another else ""
    return f"Approved by {person.name}.{more}", answered.needs_another
