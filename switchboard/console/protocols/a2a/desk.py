"""What is asked of the desk over A2A: a case is a context, and what a message without a task begins in it a task."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.types.a2a_pb2 import (
    AgentCard,
    CancelTaskRequest,
    GetTaskRequest,
    ListTaskPushNotificationConfigsResponse,
    ListTasksRequest,
    ListTasksResponse,
    SendMessageRequest,
    SubscribeToTaskRequest,
    Task,
    TaskPushNotificationConfig,
)
from a2a.utils.errors import (
    ExtendedAgentCardNotConfiguredError,
    InvalidParamsError,
    PushNotificationNotSupportedError,
    TaskNotCancelableError,
    TaskNotFoundError,
    UnsupportedOperationError,
)
from anyio.to_thread import run_sync

from switchboard.console.protocols.a2a.errors import foreseen, told
from switchboard.console.protocols.a2a.values import IS_OVER, Heard, as_task, context_of, heard, piece, state_of, updates
from switchboard.console.protocols.deciding import decide, waiting, was_decided
from switchboard.console.protocols.seam import Scope, Served
from switchboard.console.protocols.waiting import pieces, until_over
from switchboard.service import recovery
from switchboard.service.place import case_here
from switchboard.service.programs import messages

LONGEST_WAIT, LONGEST_STREAM = 45.0, 120.0
"""Seconds until the answer, and the end of a stream, is that the agents still work on it."""
DECIDES: Scope = "approvals:decide"


@dataclass(frozen=True)
class Taken:
    """What was kept of a message: its task and case, the line after which the answer comes, and what is told instead of one."""

    task_id: str
    case_id: str
    after: int = 0
    instead: str = ""


class Desk(RequestHandler):
    """The context of a call says who was let in, by `name`, for which `scope`, and whether they may decide."""

    def __init__(self, place: Served, team: str) -> None:
        self._place, self._team = place, team

    @foreseen
    async def on_message_send(self, params: SendMessageRequest, context: ServerCallContext) -> Task:
        taken = await run_sync(self._take, params, context)
        is_answered = taken.instead or params.configuration.return_immediately
        await until_over(self._place, taken.case_id, 0 if is_answered else LONGEST_WAIT)
        return await run_sync(self._task, taken, context)

    async def on_message_send_stream(
        self, params: SendMessageRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event, None]:
        try:
            taken = await run_sync(self._take, params, context)
            async for event in self._events(taken, context):
                yield event
        except Exception as error:  # noqa: BLE001 - the library would tell it as it stands
            raise told(error) from None

    async def on_subscribe_to_task(
        self, params: SubscribeToTaskRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event, None]:
        try:
            taken = await run_sync(self._of(context).taken, params.id)
            if (await run_sync(self._task, taken, context)).status.state in IS_OVER:
                raise UnsupportedOperationError("This task is over. Get it instead.")
            async for event in self._events(taken, context):
                yield event
        except Exception as error:  # noqa: BLE001 - as above
            raise told(error) from None

    @foreseen
    async def on_get_task(self, params: GetTaskRequest, context: ServerCallContext) -> Task:
        return await run_sync(self._task, await run_sync(self._of(context).taken, params.id), context)

    @foreseen
    async def on_cancel_task(self, params: CancelTaskRequest, context: ServerCallContext) -> Task:
        """End the task's case. Its customer hears what was and what was not done."""
        taken = await run_sync(self._of(context).taken, params.id)
        if (await run_sync(self._task, taken, context)).status.state in IS_OVER:
            raise TaskNotCancelableError("This task is over.")
        await run_sync(recovery.cancel, self._place, taken.case_id, context.state["name"])
        await until_over(self._place, taken.case_id, LONGEST_WAIT)
        return await run_sync(self._task, taken, context)

    @foreseen
    async def on_list_tasks(self, params: ListTasksRequest, context: ServerCallContext) -> ListTasksResponse:
        """The task of a context."""
        if not params.context_id:
            raise UnsupportedOperationError("Name the context whose task is to be listed.")
        task = await run_sync(self._task, await run_sync(self._of(context).taken, context_of(params.context_id)), context)
        return ListTasksResponse(tasks=[task], page_size=1, total_size=1)

    async def on_create_task_push_notification_config(self, params: Any, context: Any) -> TaskPushNotificationConfig:
        raise PushNotificationNotSupportedError

    async def on_get_task_push_notification_config(self, params: Any, context: Any) -> TaskPushNotificationConfig:
        raise PushNotificationNotSupportedError

    async def on_list_task_push_notification_configs(
        self, params: Any, context: Any
    ) -> ListTaskPushNotificationConfigsResponse:
        raise PushNotificationNotSupportedError

    async def on_delete_task_push_notification_config(self, params: Any, context: Any) -> None:
        raise PushNotificationNotSupportedError

    async def on_get_extended_agent_card(self, params: Any, context: Any) -> AgentCard:
        raise ExtendedAgentCardNotConfiguredError

    def _of(self, context: ServerCallContext) -> "Tasks":
        return Tasks(self._place, context.state["name"])

    def _take(self, params: SendMessageRequest, context: ServerCallContext) -> Taken:
        """Keep what a message says, in the case of its task or context, or in a new one."""
        message, tasks = params.message, self._of(context)
        given = heard(message)
        named = (
            tasks.taken(message.task_id or context_of(message.context_id)) if message.task_id or message.context_id else None
        )
        if named and message.context_id and context_of(named.task_id) != message.context_id:
            raise InvalidParamsError("The task is one of another context.")
        if given.decision:
            if not named or context.state["scope"] != DECIDES:
                raise InvalidParamsError("A decision names its task, and is sent with a token that may decide.")
            if not was_decided(self._place, context.state["name"], named.case_id, given.decision):
                decide(self._place, context.state["name"], named.case_id, given.decision)
            return named
        if not named:
            return tasks.begin(self._team, given)
        is_over = state_of(case_here(self._place, named.case_id).end) in IS_OVER
        if message.task_id and is_over and not tasks.was_said(named, given):
            raise UnsupportedOperationError("This task is over. Name its context alone to go on with the case.")
        return tasks.say_more(named, given, begins=not message.task_id)

    async def _events(self, taken: Taken, context: ServerCallContext) -> AsyncGenerator[Event, None]:
        """A task, what its agents say while they work, and what came of it."""
        task = await run_sync(self._task, taken, context)
        yield task
        number = 0
        async for text in pieces(self._place, taken.case_id, taken.after, 0 if taken.instead else LONGEST_STREAM):
            if text and not taken.instead:
                number += 1
                yield piece(taken.task_id, number, text)
        for event in updates(await run_sync(self._task, taken, context)):
            yield event

    def _task(self, taken: Taken, context: ServerCallContext) -> Task:
        found = messages.told(self._place, taken.case_id, taken.instead)
        call = waiting(self._place, context.state["name"], taken.case_id) if context.state["may_decide"] else None
        return as_task(taken.task_id, found, call)


@dataclass(frozen=True)
class Tasks:
    """The tasks of who asks: their names lead to a case for them alone, whoever else knows them."""

    place: Served
    name: str

    def taken(self, task_id: str) -> Taken:
        case_id = messages.case_under(self.place, self._key(task_id))
        if not case_id:
            raise TaskNotFoundError
        case_here(self.place, case_id)
        return Taken(task_id, case_id, messages.newest_line(self.place, case_id))

    def begin(self, team: str, given: Heard) -> Taken:
        task_id = _named(given.id)
        kept = messages.begin(self.place, team, given.words or "", given.email, self._key(task_id), by=self.name)
        return Taken(task_id, kept.case_id, 0, kept.instead)

    def say_more(self, named: Taken, given: Heard, *, begins: bool) -> Taken:
        """Further words of the customer, in the task that is named, or in the next one of its context."""
        following = f"{context_of(named.task_id)}.{_named(given.id)}"
        key = self._key(following) if begins else self._further(named, given)
        kept = messages.say_more(self.place, named.case_id, given.words or "", given.email, key, by=self.name)
        return Taken(following if begins else named.task_id, named.case_id, named.after, kept.instead)

    def was_said(self, named: Taken, given: Heard) -> bool:
        """Whether a message was kept in this task already, so that it gets the task again."""
        return bool(messages.case_under(self.place, self._further(named, given)))

    def _further(self, named: Taken, given: Heard) -> str:
        return self._key(f"{named.task_id} {given.id}")

    def _key(self, task_id: str) -> str:
        return messages.own_key("a2a", self.name, task_id)


def _named(message_id: str) -> str:
    """What a message that begins a task names it: sent again it is the same one."""
    return sha256(message_id.encode()).hexdigest()[:32]
