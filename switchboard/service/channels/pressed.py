"""Calls that wait for operators, shown where these can press a button, and what a press does.

A press is bound to the hash of the call that was shown, and decides as the account of who pressed. Each call is shown once, or
a second time where the process died as it was shown: of two presses the second is told who was first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from switchboard.cases.approvals import WaitingCall, open_approvals, open_hashes
from switchboard.cases.channels.noticed import has_read, notice, notices_of
from switchboard.errors import OperatorError
from switchboard.service import approvals
from switchboard.service.accounts import person_called
from switchboard.service.approvals import Card
from switchboard.service.place import Place

AT_ONCE = 50
MOST_FAILED = 3
"""After so many that cannot be shown the others wait for the next round: the other side is away, it seems."""


@dataclass(frozen=True)
class Pressed:
    """Which button was pressed for which call, and by whom, by their id in that place."""

    by: str
    case_id: str
    hash: str
    approves: bool


def show_new(place: Place, channel: str, show: Callable[[WaitingCall, Card], None]) -> int:
    """Show each call that waits and was not shown yet, with what the rows say of it. Returns how many; one that cannot be shown
    is tried again, and keeps no other one waiting: what it raised is raised at the end.
    """
    shown, failed = 0, list[Exception]()
    for call in islice(_new(place, channel), AT_ONCE):
        key = _key(call.case_id, call.hash)
        notice(place.engine, channel, key)
        try:
            show(call, approvals.card(place, call, call.edited))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this one
            failed.append(error)
            if len(failed) >= MOST_FAILED:
                break
            continue
        has_read(place.engine, channel, key, 1)
        shown += 1
    if failed:
        raise failed[0]
    return shown


def _new(place: Place, channel: str) -> Iterator[WaitingCall]:
    """What was not shown, least tried first, so that what fails each time comes after what is new."""
    waiting = open_hashes(place.engine, place.environment.teams)
    known = notices_of(place.engine, channel, [_key(*one) for one in waiting])
    tried = {one: known.get(_key(*one), (0, 0)) for one in waiting}
    for case_id, bound in sorted((one for one in waiting if not tried[one][1]), key=lambda one: tried[one][0]):
        yield from (call for call in open_approvals(place.engine, case_id) if call.hash == bound)


def _key(case_id: str, bound: str) -> str:
    return f"{case_id} {bound}"


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
    if against := approvals.card(place, call, call.edited).against:
        raise OperatorError(f"Nothing was done: look at it on its page before you approve it. {against[0]}")
    answered = approvals.approve(place, call, person.name, {})
    more = " Another operator must approve it, too." if answered.needs_another else ""
    return f"Approved by {person.name}.{more}", answered.needs_another
