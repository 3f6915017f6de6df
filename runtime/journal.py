"""The journal of a run: where its effects are recorded, so that none of them is made a second time."""

import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from tenacity import (
    RetryCallState,
    retry,
    retry_if_exception,
    stop_after_delay,
    stop_never,
    wait_exponential,
    wait_random,
)
from tenacity.stop import stop_base

log = logging.getLogger("switchboard")

F = TypeVar("F", bound=Callable[..., Any])
Outcome = dict[str, Any]
"""What an effect gave, as plain JSON data."""


class GaveUp(Exception):
    """A tool did not finish in time, and its transaction cannot be used any more. The text is for the model."""


class Diverged(BaseException):
    """The record says that the run went another way than today's code would go.

    No `Exception`, so that nothing between the effect and the leg takes it for an answer; the same holds below.
    """


class Lost(BaseException):
    """What a step came to could not be recorded: the database was away. The leg goes on from its record."""


class Journal(Protocol):
    """Runs an effect and records its outcome under the next number; on a replay it gives the recorded outcome instead."""

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        """An effect that is read only, or whose other side honours a key."""

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        """Writes to our rows: they and the record of the step commit together. Raises GaveUp when `act` did."""

    def wanted(self, session: Session | None = None) -> str | None:
        """What somebody outside wants of the run: `cancel`, or `take` by an operator; asked inside of steps.

        A transaction asks in its own `session`: many that wait for a second connection would wait for each other.
        """

    def records(self) -> list[tuple[str, Outcome]]:
        """The recorded steps, by name."""


class Unrecorded:
    """No record: effects are made, and forgotten with the process. For scenarios on a shop that is thrown away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        return act()

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        with Session(self._engine) as session:
            outcome = act(session)
            session.commit()
            return outcome

    def wanted(self, session: Session | None = None) -> str | None:
        return None

    def records(self) -> list[tuple[str, Outcome]]:
        return []


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached, did not let us in yet, or has no room: what was tried was not done."""
    if not isinstance(error, DBAPIError):
        return False
    state, text = getattr(error.orig, "sqlstate", None) or "", str(error.orig)
    if state == "57014":  # the statement was cancelled, by a timeout or by us
        return False
    away = (
        "connection failed",
        "connection is bad",
        "failed to resolve host",
        "closed the connection",
        "connection to server",
        "database is locked",
        "is closed",
        "disk is full",
    )
    rolled_back = ("25P03", "40001", "40P01")  # for being idle too long, or for another transaction
    known = state in rolled_back or state[:2] in ("08", "53", "57")
    return error.connection_invalidated or known or any(words in text for words in away)


def _tell(state: RetryCallState) -> None:
    if state.attempt_number % 10 == 0:
        error = state.outcome.exception() if state.outcome else None
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        log.warning("waiting since %d s for the database: %s", state.seconds_since_start or 0, reason)


def _waiting(stop: stop_base) -> Callable[[F], F]:
    wait = wait_exponential(multiplier=0.05, max=2) + wait_random(0, 0.1)
    decorator: Any = retry(retry=retry_if_exception(is_away), stop=stop, wait=wait, before_sleep=_tell, reraise=True)
    return cast(Callable[[F], F], decorator)


patiently = _waiting(stop_never)
"""Decorator for what belongs to a run, and can be made again as a whole: a run waits until its database is back."""

for_a_while = _waiting(stop_after_delay(15))
"""The same for what a person waits for: after a quarter of a minute they hear of it."""
