"""A case as events of AG-UI: what its agents say and call, how it stands, and whom it waits for."""

from collections.abc import Iterator
from typing import Any

from ag_ui.core import (
    BaseEvent,
    Interrupt,
    RunErrorEvent,
    RunFinishedCancelledOutcome,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedOutcome,
    RunFinishedSuccessOutcome,
    StateSnapshotEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallResultEvent,
    ToolCallStartEvent,
)

from switchboard.console.protocols.agui.values import APPROVAL, QUESTION, Heard
from switchboard.console.protocols.deciding import Verdict
from switchboard.console.protocols.problems import Problem
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import Entry, as_json
from switchboard.events.masking import masked, masked_data
from switchboard.service.programs.messages import Told


def text(message_id: str, said: str) -> Iterator[BaseEvent]:
    yield TextMessageStartEvent(message_id=message_id, role="assistant")
    yield TextMessageContentEvent(message_id=message_id, delta=said)
    yield TextMessageEndEvent(message_id=message_id)


def words_in(entry: Entry) -> str:
    """What a line says to the customer."""
    return masked(entry.text.strip()) if entry.kind == "message" and entry.speaker != CUSTOMER else ""


def call_in(message_id: str, entry: Entry) -> Iterator[BaseEvent]:
    """A call that an agent makes, and its result once there is one."""
    if entry.kind == "call":
        yield ToolCallStartEvent(tool_call_id=entry.call_id, tool_call_name=entry.tool)
        yield ToolCallArgsEvent(tool_call_id=entry.call_id, delta=as_json(masked_data(dict(entry.arguments))))
        yield ToolCallEndEvent(tool_call_id=entry.call_id)
    elif entry.kind == "result" and entry.status != "waiting":
        content = as_json(masked_data(entry.result)) if entry.status == "done" else masked(entry.text)
        yield ToolCallResultEvent(message_id=message_id, tool_call_id=entry.call_id, content=content)


def state(told: Told) -> StateSnapshotEvent:
    document = told.document
    snapshot = {"case_id": document["case_id"], "end": document["end"] or "working", "waits_for": masked(told.waits_for)}
    return StateSnapshotEvent(snapshot=snapshot)


def question_of(told: Told) -> str:
    """The id of the interrupt that the customer's next words answer; "" where nobody waits for them."""
    return f"{QUESTION}{told.run}" if told.document["end"] == "awaiting_customer" else ""


def finished(given: Heard, told: Told, call: dict[str, Any] | None) -> RunFinishedEvent:
    """The end of a run; `call` is what waits for whoever asks to decide it: it interrupts them, and nobody else."""
    return RunFinishedEvent(thread_id=given.thread_id, run_id=given.run_id, outcome=_outcome(given, told, call))


def _outcome(given: Heard, told: Told, call: dict[str, Any] | None) -> RunFinishedOutcome:
    if given.gives_up:
        return RunFinishedCancelledOutcome()
    if call:
        return RunFinishedInterruptOutcome(interrupts=[_approval(told, call)])
    if asks := question_of(told):
        one = Interrupt(id=asks, reason="input_required", message=masked(told.reply), response_schema={"type": "string"})
        return RunFinishedInterruptOutcome(interrupts=[one])
    return RunFinishedSuccessOutcome()


def _approval(told: Told, call: dict[str, Any]) -> Interrupt:
    lines = told.document["transcript"]
    asked = next(
        (one["call_id"] for one in reversed(lines) if one.get("status") == "waiting" and one["tool"] == call["tool"]), None
    )
    return Interrupt(
        id=APPROVAL + call["hash"],
        reason="tool_call",
        message=call["in_words"] or call["why"],
        tool_call_id=asked,
        response_schema=Verdict.model_json_schema(),
        expires_at=call["deadline"],
        metadata=call,
    )


def failed(problem: Problem) -> RunErrorEvent:
    return RunErrorEvent(message=problem.detail, code=problem.title.lower().replace(" ", "_"))
