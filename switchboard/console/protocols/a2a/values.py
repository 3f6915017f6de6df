"""A case as a task of A2A, and a message of A2A as what a customer or an operator says."""

from typing import Any

from a2a.helpers.proto_helpers import new_data_part, new_text_part
from a2a.types.a2a_pb2 import (
    Artifact,
    Message,
    Role,
    Task,
    TaskArtifactUpdateEvent,
    TaskState,
    TaskStatus,
    TaskStatusUpdateEvent,
)
from a2a.utils.errors import ContentTypeNotSupportedError, InvalidParamsError
from google.protobuf.json_format import MessageToDict
from pydantic import BaseModel, ConfigDict

from switchboard.console.protocols.bounds import Email, Once, Words
from switchboard.console.protocols.deciding import Decision
from switchboard.events.masking import masked
from switchboard.service.programs.messages import Told

MOST_PARTS = 100
STATES = {
    None: TaskState.TASK_STATE_WORKING,
    "escalated": TaskState.TASK_STATE_WORKING,
    "awaiting_customer": TaskState.TASK_STATE_INPUT_REQUIRED,
    "awaiting_approval": TaskState.TASK_STATE_INPUT_REQUIRED,
    "resolved": TaskState.TASK_STATE_COMPLETED,
    "not_found": TaskState.TASK_STATE_COMPLETED,
    "cancelled": TaskState.TASK_STATE_CANCELED,
    "ignored": TaskState.TASK_STATE_REJECTED,
}
"""How a case stands, as the state of its task: with a person it is still worked on; any other end is a failure."""
IS_OVER = (
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_CANCELED,
    TaskState.TASK_STATE_REJECTED,
    TaskState.TASK_STATE_FAILED,
)


class Heard(BaseModel):
    """What was sent: words of the customer or, in place of them, an operator's decision. `id` makes it count once."""

    model_config = ConfigDict(frozen=True)

    id: Once
    words: Words | None
    decision: Decision | None
    email: Email


def heard(message: Message) -> Heard:
    """Raises A2A's errors, and pydantic's, for what cannot be taken."""
    if message.role != Role.ROLE_USER or not 1 <= len(message.parts) <= MOST_PARTS:
        raise InvalidParamsError(f"Send a message of the role ROLE_USER with 1 to {MOST_PARTS} parts.")
    kinds = [part.WhichOneof("content") for part in message.parts]
    if kinds == ["data"]:
        words, decision = None, MessageToDict(message.parts[0].data)
    elif set(kinds) == {"text"}:
        words, decision = "\n".join(part.text for part in message.parts), None
    else:
        raise ContentTypeNotSupportedError("Text is understood, or one part of data alone, which is an operator's decision.")
    email = MessageToDict(message.metadata).get("email", "")
    return Heard.model_validate({"id": message.message_id, "words": words, "decision": decision, "email": email})


def state_of(end: str | None) -> TaskState:
    return STATES.get(end, TaskState.TASK_STATE_FAILED)


def context_of(task_id: str) -> str:
    """The context of a task: a case, whose first task has its name."""
    return task_id.partition(".")[0]


def as_task(task_id: str, told: Told, call: dict[str, Any] | None) -> Task:
    """A case as it is told; `call` is what waits for whoever asks to decide it."""
    reply, end = masked(told.reply), told.document["end"]
    parts = [new_text_part(reply)] if reply else []
    parts += [new_data_part(call)] if call else []
    task = Task(id=task_id, context_id=context_of(task_id), status=TaskStatus(state=state_of(end)))
    if parts:
        task.status.message.CopyFrom(_said(task_id, f"{task_id}.now", parts))
    if reply and task.status.state == TaskState.TASK_STATE_COMPLETED:
        task.artifacts.append(Artifact(artifact_id="reply", name="reply", parts=[new_text_part(reply)]))
    task.metadata.update({"case_id": told.document["case_id"], "end": end or "working", "waits_for": told.waits_for})
    return task


def updates(task: Task) -> list[TaskArtifactUpdateEvent | TaskStatusUpdateEvent]:
    """The last of a stream: what came of it, and how the task stands."""
    made = [
        TaskArtifactUpdateEvent(task_id=task.id, context_id=task.context_id, artifact=one, last_chunk=True)
        for one in task.artifacts
    ]
    stands = TaskStatusUpdateEvent(task_id=task.id, context_id=task.context_id, status=task.status, metadata=task.metadata)
    return [*made, stands]


def piece(task_id: str, number: int, text: str) -> TaskStatusUpdateEvent:
    """Something that the agents say while they work."""
    message = _said(task_id, f"{task_id}.{number}", [new_text_part(text)])
    status = TaskStatus(state=TaskState.TASK_STATE_WORKING, message=message)
    return TaskStatusUpdateEvent(task_id=task_id, context_id=context_of(task_id), status=status)


def _said(task_id: str, message_id: str, parts: list[Any]) -> Message:
    return Message(message_id=message_id, task_id=task_id, context_id=context_of(task_id), role=Role.ROLE_AGENT, parts=parts)
