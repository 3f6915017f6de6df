"""Calls that wait for operators: looking at them, approving and refusing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.cases.approvals import WaitingCall, answer, call_that_waits, open_approvals
from switchboard.declare.human import Approval
from switchboard.errors import OperatorError, ToolError
from switchboard.events.stream import Listener
from switchboard.service.place import Place, Worked, case_here, go_on


@dataclass(frozen=True)
class Answered:
    """What became of an answer: of the case, and whether another operator must approve the same call, too."""

    worked: Worked
    needs_another: bool


def list_approvals(place: Place) -> list[WaitingCall]:
    """What waits for operators, the nearest deadline first."""
    return open_approvals(place.engine)


def waiting_call(place: Place, case_id: str, bound: str = "") -> WaitingCall:
    """The call of a case that waits for operators, with this hash where one is given."""
    return call_that_waits(place.engine, case_here(place, case_id).case_id, bound)


def edited(place: Place, asked: WaitingCall, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The call's arguments with those that the operator gives instead, as the tool takes them; {} without changes."""
    if not changes:
        return {}
    team = place.environment.teams[case_here(place, asked.case_id).team]
    arguments = {**asked.arguments, **changes}
    try:
        team.tools[asked.tool].validated(arguments)
    except ToolError as error:
        raise OperatorError(f"Nothing was approved. {error}") from None
    return arguments


def approve(
    place: Place, asked: WaitingCall, operator: str, arguments: Mapping[str, Any], listener: Listener | None = None
) -> Answered:
    """Approve a call that waits, with other arguments where `edited` gave some."""
    return _answer(place, asked, Approval("approve", operator, arguments=dict(arguments)), listener)


def deny(place: Place, asked: WaitingCall, operator: str, why: str, listener: Listener | None = None) -> Answered:
    """Refuse a call that waits; the agent hears why."""
    return _answer(place, asked, Approval("refuse", operator, why), listener)


def _answer(place: Place, asked: WaitingCall, approval: Approval, listener: Listener | None) -> Answered:
    needs_another = False

    def begin(executor: str | None) -> Any:
        nonlocal needs_another
        ref = answer(place.engine, asked.case_id, asked.hash, approval, executor)
        needs_another = ref is None
        return ref

    worked = go_on(place, asked.case_id, begin, listener)
    return Answered(worked, needs_another)
