"""Calls that wait for operators: looking at them, approving and refusing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switchboard.cases.approvals import WaitingCall, answer, call_that_waits, count_open, decisions_on, open_approvals
from switchboard.consent.record import in_words
from switchboard.declare.human import Approval
from switchboard.errors import OperatorError, ToolError
from switchboard.events.stream import Listener
from switchboard.service.place import Place, Worked, case_here, go_on
from switchboard.service.rehearsals import rehearsed


@dataclass(frozen=True)
class Answered:
    """What became of an answer: of the case, and whether another operator must approve the same call, too."""

    worked: Worked
    needs_another: bool


def list_approvals(place: Place, limit: int | None = None) -> list[WaitingCall]:
    """What waits for operators, the nearest deadline first, which is the oldest: so many of them, or all."""
    return open_approvals(place.engine, limit=limit)


def count_approvals(place: Place) -> int:
    """How many calls wait for operators."""
    return count_open(place.engine)


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
        refused = rehearsed(place, asked, tool, tool.validated(arguments)).refused
    except ToolError as error:
        raise OperatorError(f"Nothing was approved. {error}") from None
    if refused:
        raise OperatorError(f"Nothing was approved. {refused}")
    return arguments


@dataclass(frozen=True)
class Card:
    """What an operator sees of a call beside its arguments: what it would do, in words, or why the rows refuse it by now;
    whether they say that the customer is owed it (None where the tool cannot tell); what is known about the same thing, as it
    is now where that was asked, and what of it has changed since the case read it; what became of earlier calls about it, the
    newest first; and whether one like it was sent before, of which nobody knows what came.
    """

    in_words: str = ""
    refused: str = ""
    is_due: bool | None = None
    looked_up: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    decided_before: tuple[str, ...] = ()
    is_unknown: bool = False

    @property
    def against(self) -> tuple[str, ...]:
        """What is to be looked at before it is approved, in words."""
        return (
            *((f"The rows refuse it by now: {self.refused}",) if self.refused else ()),
            *(("Owed: the rows do not say so",) if self.is_due is False else ()),
            *(f"Changed since: {one}" for one in self.changed),
            *(f"Before: {one}" for one in self.decided_before),
        )


def card(place: Place, asked: WaitingCall, arguments: Mapping[str, Any] | None = None) -> Card:
    """The card of a call that waits, with the arguments that an operator would give instead, if any."""
    team = place.environment.teams.get(asked.team)
    tool = team.tools.get(asked.tool) if team else None
    if tool is None:
        return Card()
    given = dict(arguments or asked.arguments)
    tried = rehearsed(place, asked, tool, given)
    words, refused = "", tried.refused
    decided = decisions_on(place.engine, asked.tool, tool.about, asked.arguments.get(tool.about)) if tool.about else ()
    try:
        words = in_words(tool, given, tried.outcome.result if tried.outcome else None) if not refused else ""
    except ToolError as error:
        refused = str(error)
    return Card(
        words,
        refused,
        tried.is_due,
        tried.looked_up,
        tried.changed,
        (*tried.sent, *decided),
        bool(tried.sent),
    )


def approve(
    place: Place, asked: WaitingCall, operator: str, arguments: Mapping[str, Any], listener: Listener | None = None
) -> Answered:
    """Approve a call that waits, with other arguments where `edited` gave some. What the customer wrote after `asked` was
    looked up is nothing that the operator has seen.
    """
    return _answer(place, asked, Approval("approve", operator, arguments=dict(arguments)), listener)


def deny(place: Place, asked: WaitingCall, operator: str, why: str, listener: Listener | None = None) -> Answered:
    """Refuse a call that waits; the agent hears why."""
    return _answer(place, asked, Approval("refuse", operator, why), listener)


def _answer(place: Place, asked: WaitingCall, approval: Approval, listener: Listener | None) -> Answered:
    needs_another = False

    def begin(executor: str | None) -> Any:
        nonlocal needs_another
        ref = answer(place.engine, asked.case_id, asked.hash, approval, executor, seen=len(asked.since))
        needs_another = ref is None
        return ref

    worked = go_on(place, asked.case_id, begin, listener)
    return Answered(worked, needs_another)
