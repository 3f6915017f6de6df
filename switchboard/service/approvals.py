"""Calls that wait for operators: looking at them, approving and refusing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from switchboard.cases.approvals import WaitingCall, answer, call_that_waits, decisions_on, open_approvals
from switchboard.declare.human import Approval
from switchboard.declare.tool import Context, Tool
from switchboard.errors import OperatorError, ToolError
from switchboard.events.stream import Listener
from switchboard.service.place import Place, Worked, case_here, go_on
from switchboard.toolsets.functions import Timed


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
    tool = place.environment.teams[case_here(place, asked.case_id).team].tools[asked.tool]
    arguments = {**asked.arguments, **changes}
    try:
        refused = _rehearsed(place, asked, tool, tool.validated(arguments))
    except ToolError as error:
        refused = str(error)
    if refused:
        raise OperatorError(f"Nothing was approved. {refused}")
    return arguments


def _rehearsed(place: Place, asked: WaitingCall, tool: Tool, arguments: Mapping[str, Any]) -> str:
    """Why the rows refuse a call that an operator has edited; "" where they take it. What it wrote is undone."""
    if not tool.takes_context:
        return ""
    with Session(place.engine) as session:
        context = Context(asked.case_id, "rehearsal", asked.agent, session, asked.customer_id)
        context.services = place.environment.services
        outcome = Timed(tool, arguments, context).outcome()
        session.rollback()
    return "" if outcome.status == "done" else outcome.text


def decided_before(place: Place, asked: WaitingCall) -> list[str]:
    """What operators said to earlier calls of the same tool about the same thing, such as an order, the newest first."""
    team = place.environment.teams.get(asked.team)
    tool = team.tools.get(asked.tool) if team else None
    if tool is None or not tool.about:
        return []
    return decisions_on(place.engine, asked.tool, tool.about, asked.arguments.get(tool.about))


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
