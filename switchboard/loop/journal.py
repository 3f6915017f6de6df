"""The journal of a run: where its effects are recorded, so that none of them is made a second time."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.declare.outcomes import Outcome


class Diverged(BaseException):
    """The record says that the run went another way than today's code would go.

    No `Exception`, so that nothing between the effect and the run takes it for an answer; the same holds below.
    """


class Lost(BaseException):
    """What a step came to could not be recorded: the database was away. The run goes on from its record."""


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
