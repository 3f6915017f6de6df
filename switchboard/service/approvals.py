"""Calls that wait for operators: looking at them, approving and refusing them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from switchboard.cases.approvals import WaitingCall, answer, call_that_waits, count_open, decisions_on, open_approvals
from switchboard.cases.documents import load
from switchboard.consent.record import in_words
from switchboard.declare.human import Approval
from switchboard.declare.outcomes import ToolOutcome
from switchboard.declare.tool import Context, Tool
from switchboard.errors import OperatorError, ToolError
from switchboard.events.rendering import in_facts
from switchboard.events.stream import Listener
from switchboard.service.place import Place, Worked, case_here, go_on
from switchboard.toolsets.functions import Timed


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
        tried, _ = _rehearsed(place, asked, tool, tool.validated(arguments))
    except ToolError as error:
        raise OperatorError(f"Nothing was approved. {error}") from None
    if tried and tried.status != "done":
        raise OperatorError(f"Nothing was approved. {tried.text}")
    return arguments


def _rehearsed(
    place: Place, asked: WaitingCall, tool: Tool, arguments: Mapping[str, Any]
) -> tuple[ToolOutcome | None, bool | None]:
    """What comes of a call now, and whether the rows say that it is owed: one transaction, of which all that is written is
    undone. Of a call on another side it is what its check finds there. None for a call that needs no rows, and for a tool that
    cannot tell what is owed.
    """
    tried, is_due = None, None
    with Session(place.engine) as session:

        def outcome(made: Tool, given: Mapping[str, Any]) -> ToolOutcome:
            context = Context(asked.case_id, "rehearsal", asked.agent, session, asked.customer_id)
            context.services = place.environment.services
            return Timed(made, given, context).outcome()

        if tool.check and (tool.due or tool.remote):  # before the call: it changes the rows that this one looks at
            known = {name: value for name, value in arguments.items() if name in tool.check.arguments.model_fields}
            looked = outcome(tool.check, known)
            is_due = looked.status == "done" and tool.is_due(looked.result) if tool.due else None
            tried = looked if tool.remote else None
        if tool.rehearses:
            tried = outcome(tool, arguments)
        session.rollback()
    return tried, is_due


@dataclass(frozen=True)
class Card:
    """What an operator sees of a call beside its arguments: what it would do, in words, or why the rows refuse it by now;
    whether they say that the customer is owed it (None where the tool cannot tell); what the case has looked up about the
    same thing; and what operators said to earlier calls about it, the newest first.
    """

    in_words: str = ""
    refused: str = ""
    is_due: bool | None = None
    looked_up: tuple[str, ...] = ()
    decided_before: tuple[str, ...] = ()


def card(place: Place, asked: WaitingCall, arguments: Mapping[str, Any] | None = None) -> Card:
    """The card of a call that waits, with the arguments that an operator would give instead, if any."""
    team = place.environment.teams.get(asked.team)
    tool = team.tools.get(asked.tool) if team else None
    if tool is None:
        return Card()
    given = dict(arguments or asked.arguments)
    tried, is_due = _rehearsed(place, asked, tool, given)
    is_done = tried is None or tried.status == "done"
    words, refused = "", "" if tried is None or is_done else tried.text
    try:
        words = in_words(tool, given, tried.result if tried else None) if is_done else ""
    except ToolError as error:
        refused = str(error)
    return Card(
        words,
        refused,
        is_due,
        tuple(_looked_up(place, asked, given.get(tool.about))) if tool.about else (),
        tuple(decisions_on(place.engine, asked.tool, tool.about, asked.arguments.get(tool.about))) if tool.about else (),
    )


def _looked_up(place: Place, asked: WaitingCall, about: Any) -> Iterator[str]:
    """What the case's calls that only read have found about a thing, each tool's newest result."""
    tools = place.environment.teams[asked.team].tools
    found = {}
    for line in load(place.engine, asked.case_id)["transcript"]:
        tool = tools.get(str(line.get("tool")))
        is_look = line["kind"] == "result" and line.get("status") == "done" and tool is not None and not tool.changes
        if is_look and about in (line.get("arguments") or {}).values():
            found[str(line["tool"])] = line["result"]
    return (f"{name.replace('_', ' ')}: {in_facts(result)}" for name, result in found.items())


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
