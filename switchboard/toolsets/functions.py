"""A tool's own work: in a thread with a time limit, inside a transaction that its caller commits."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from switchboard.database import IDLE_TRANSACTION_SECONDS, is_away
from switchboard.declare.outcomes import ToolOutcome
from switchboard.declare.tool import Context, Tool
from switchboard.declare.transcript import as_json
from switchboard.errors import Away, GaveUp, NotKnown, ToolError
from switchboard.events.masking import masked

BY_HAND = "The run was stopped by hand."
GRACE_SECONDS = 0.2
"""How long a tool may take to leave the database after its statement was interrupted."""
MOST_IDLE = 3
"""How often a tool is tried that leaves its transaction idle until the server ends it: a frozen process does so, too."""
MOST_RESULT_CHARACTERS = 20_000
PAUSES = (0.5, 2.0)
"""Seconds before each further try of an effect on another side."""
log = logging.getLogger("switchboard")


class Timed:
    """One run of a tool. Only its caller commits, so what was given up is never half done."""

    def __init__(self, tool: Tool, arguments: Mapping[str, Any], context: Context) -> None:
        self._tool, self._arguments, self._context = tool, dict(arguments), context
        self._result: Any = None
        self._error: BaseException | None = None
        self._connection: Any = None
        self._begun = threading.Event()

    def outcome(self, tries: int = 1) -> ToolOutcome:
        """What the tool gave. Raises GaveUp after its timeout, and what `is_away` knows, to be tried again."""
        started = time.monotonic()
        thread = threading.Thread(target=self._work, daemon=True, name=self._tool.name)
        stopped = None
        try:
            thread.start()
            thread.join(self._tool.timeout)
        except KeyboardInterrupt:
            if not self._begun.wait(GRACE_SECONDS):
                raise
            thread.join(self._tool.timeout)  # what may be done already must be known before the run ends
            stopped = BY_HAND
        if thread.is_alive():
            self._cut_off(thread)
            raise GaveUp(f"{self._tool.name} did not finish within {self._tool.timeout:g} seconds.")
        seconds = time.monotonic() - started
        if self._error and is_away(self._error):
            if seconds > IDLE_TRANSACTION_SECONDS and tries >= MOST_IDLE:
                raise GaveUp(f"{self._tool.name} left its transaction idle for more than {IDLE_TRANSACTION_SECONDS:g} seconds.")
            raise self._error
        return self._told(seconds, stopped)

    def _work(self) -> None:
        self._begun.set()
        try:
            given = {**self._arguments, **({"ctx": self._context} if self._tool.takes_context else {})}
            self._result = self._made_with_rows(given) if self._tool.asks_rows else plain(self._tool(**given))
        except BaseException as error:  # noqa: BLE001 - the thread's caller tells it
            self._error = error

    def _made_with_rows(self, given: Mapping[str, Any]) -> Any:
        session = self._context.session
        self._connection = session.connection()
        try:
            result = plain(self._tool(**given))
            session.flush()
            return result
        except BaseException as error:  # one that ends the program, too: its caller commits
            if not is_away(error):  # what a refused call wrote is undone; that it was refused is still to be recorded
                session.rollback()
            raise

    def _told(self, seconds: float, stopped: str | None) -> ToolOutcome:
        error, customer_id = self._error, self._context.customer_id
        given = ToolOutcome(status="done", result=self._result, seconds=seconds, customer_id=customer_id, stopped=stopped)
        if isinstance(error, ToolError):
            return replace(given, status="refused", result=None, **refusal(error))
        if error is not None:
            log.error("case %s: %s failed", self._context.case_id, self._tool.name, exc_info=error)
            text = f"{self._tool.name} failed: {told(error)}"
            return replace(given, status="failed", result=None, text=text, code="failed", unforeseen=True)
        return given

    def _cut_off(self, thread: threading.Thread) -> None:
        """Take the connection from a tool that was given up: its transaction holds locks that others wait for."""
        if self._connection is None:
            return
        driver = self._connection.connection.driver_connection
        interrupt = getattr(driver, "interrupt", None) or driver.cancel
        interrupt()
        thread.join(GRACE_SECONDS)
        if thread.is_alive():
            self._connection.invalidate()  # closed, and never back in the pool


def made_outside(tool: Tool, context: Context, result: Any, *, sent_before: bool = False) -> Any:
    """What the tool's effect on the other side gives, in the caller's thread. One that ends the program has failed; Ctrl-C
    passes, which only the main thread hears.

    What never came to the other side is sent again, and what has a key, too. What has none is sent once: where no answer came,
    or it was `sent_before`, it is looked up. Raises NotKnown where nobody can tell what came of it: after a try that may have
    been heard, neither that the next one was not heard nor that it is refused tells that nothing was done.
    """
    assert tool.outside
    unknown = NotKnown(f"Whether {tool.name} came to the other side is not known.") if sent_before else None
    try:
        for pause in (*PAUSES, None):
            try:
                if unknown and not tool.keyed:
                    raise unknown
                made = tool.outside(context, result)
            except (Away, NotKnown) as error:
                unknown = error if isinstance(error, NotKnown) else unknown
                if unknown and (found := _looked_up(tool, context, result)) is not None:
                    return found
                if pause is None or (unknown and not tool.keyed):
                    raise unknown or error from None
                time.sleep(pause)
            except ToolError as refused:
                raise unknown or refused from None
            else:
                return _shown(made)
    except (KeyboardInterrupt, SystemExit) as ended:
        if isinstance(ended, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise
        raise RuntimeError(told(ended)) from ended


def _shown(made: Any) -> Any:
    """What an effect gave; where that is too long to be told, that it is done."""
    try:
        return plain(made)
    except ToolError:
        return {"done": True}


def _looked_up(tool: Tool, context: Context, result: Any) -> Any:
    """What came of an effect that may have been made; None where nothing tells."""
    try:
        return plain(tool.look(context, result)) if tool.look else None
    except ToolError:  # what it would have told stays unknown, and the first error says so
        return None


def refusal(error: ToolError) -> dict[str, Any]:
    """A refusal as an outcome holds it: the sentence for the model, and the code and data for rules."""
    return {"text": str(error), "code": error.code, "data": json.loads(as_json(error.data))}


def plain(value: Any) -> Any:
    """The result as JSON data. Raises ToolError when it is too long to be read by anyone."""
    text = as_json(_dumped(value))
    if len(text) > MOST_RESULT_CHARACTERS:
        raise ToolError("The result is too long to be shown. Ask for less of it.", code="result_too_long")
    return json.loads(text)


def as_data(value: Any) -> Any:
    """The result as JSON data, however long it is."""
    return json.loads(as_json(_dumped(value)))


def _dumped(value: Any) -> Any:
    """The result with what its models hold in the place of them."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json", exclude_none=True)
        case Mapping():
            return {name: _dumped(one) for name, one in value.items()}
        case list() | tuple():
            return [_dumped(one) for one in value]
        case _:
            return value


def told(error: BaseException) -> str:
    """An unforeseen error as the record may hold it: a database's own words quote rows, so only its kind is told."""
    kind = type(error).__name__
    if isinstance(error, SystemExit | KeyboardInterrupt):
        return f"it ended with {kind}, which no tool may raise"
    return kind if isinstance(error, SQLAlchemyError) else masked(f"{kind}: {error}")
