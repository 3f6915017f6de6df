"""The only three places where a run touches the world: a model call, a tool call, a human answer.

Everything between them is a pure function of what they returned, so recording these three records the run.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from runtime.errors import ModelUnavailable, ToolError
from runtime.state import Run
from runtime.tool import Context, Tool
from runtime.transcript import Status, as_json

if TYPE_CHECKING:
    from runtime.answer import Answer

MOST_RESULT_CHARACTERS = 20_000
T = TypeVar("T")


@dataclass(frozen=True)
class ModelReply:
    """What one model call gave: an answer, or the reason why no endpoint answered. `seconds` is its duration."""

    answer: "Answer | None"
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class ToolReply:
    """What one tool call gave. `text` is the refusal or failure; `customer_id` who is verified after it."""

    status: Status
    result: Any
    seconds: float
    text: str = ""
    customer_id: str | None = None


def model_call(run: Run, tag: str, messages: list[dict[str, Any]], **options: Any) -> ModelReply:
    """One answer of a model, from the first endpoint that gives one."""
    started = time.monotonic()
    try:
        answer = run.gateway.ask(tag, messages, **options) if run.gateway else None
    except ModelUnavailable as error:
        return ModelReply(None, time.monotonic() - started, str(error))
    return ModelReply(answer, time.monotonic() - started)


def human_answer(ask: Callable[..., T], *question: Any) -> T:
    """One answer of a human: the next words, a review, or an approval."""
    return ask(*question)


def tool_call(run: Run, agent: str, call_id: str, tool: Tool, arguments: Mapping[str, Any]) -> ToolReply:
    """Run a tool in one transaction, which commits only if the tool returned in time."""
    started = time.monotonic()
    # Reading must not wait for a writer; on SQLite a transaction says at its start which of them it is.
    engine = run.engine if tool.effect in ("write", "send") else run.engine.execution_options(reading=True)
    context = Context(run.id, call_id, agent, Session(engine), run.customer_id, run.folder, run.known)
    outcome = _Outcome()
    worker = threading.Thread(target=_run, args=(outcome, context, tool, dict(arguments)), daemon=True, name=tool.name)
    worker.start()
    try:
        worker.join(tool.timeout)
    except KeyboardInterrupt:
        worker.join(tool.timeout)  # what may be done already must be known before the run ends
        run.stop("cancelled", "The operator stopped the run.")
    seconds = time.monotonic() - started
    if outcome.too_late():
        outcome.cut_off()
        return ToolReply(
            "failed", None, seconds, f"{tool.name} did not finish within {tool.timeout:g} seconds.", run.customer_id
        )
    if isinstance(outcome.error, ToolError):
        return ToolReply("refused", None, seconds, str(outcome.error), run.customer_id)
    if outcome.error is not None:
        raise outcome.error if isinstance(outcome.error, Exception) else RuntimeError(repr(outcome.error))
    return ToolReply("done", outcome.result, seconds, customer_id=context.customer_id)


class _Outcome:
    """What a tool's thread leaves behind; either it commits or the run gives up on it, never both."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._finished = self.given_up = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.connection: Any = None

    def cut_off(self) -> None:
        """Close the connection of a tool that was given up: its transaction holds locks that others wait for."""
        if self.connection is not None:
            interrupt = getattr(self.connection, "interrupt", None) or self.connection.cancel
            interrupt()
            self.connection.close()

    def too_late(self) -> bool:
        with self._lock:
            self.given_up = not self._finished
            return self.given_up

    def finish(self, commit: Callable[[], None]) -> None:
        with self._lock:
            if not self.given_up:
                commit()
                self._finished = True


def _run(outcome: _Outcome, context: Context, tool: Tool, arguments: dict[str, Any]) -> None:
    session = context.session
    try:
        if tool.takes_context:
            outcome.connection = session.connection().connection.driver_connection
        value = tool(**arguments, ctx=context) if tool.takes_context else tool(**arguments)
        outcome.result = plain(value)
        outcome.finish(session.commit)
    except BaseException as error:  # noqa: BLE001 - the thread's caller raises it again or tells the model
        outcome.error = error
        outcome.finish(session.rollback)
    finally:
        # Of a tool that was given up the connection is closed already, and must not go back to the pool.
        session.invalidate() if outcome.given_up else session.close()


def plain(value: Any) -> Any:
    """The result as JSON data. Raises ToolError when it is too long to be read by anyone."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_none=True)
    elif isinstance(value, list | tuple):
        value = [plain(item) for item in value]
    if len(as_json(value)) > MOST_RESULT_CHARACTERS:
        raise ToolError("The result is too long to be shown. Ask for less of it.")
    return value
