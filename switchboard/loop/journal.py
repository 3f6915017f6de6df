"""The journal of a run: where its lines and its effects are recorded, so that none of them is made a second time."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.declare.beginnings import Branched
from switchboard.declare.outcomes import Outcome
from switchboard.declare.transcript import Entry

if TYPE_CHECKING:
    from switchboard.loop.state import Run


class Diverged(BaseException):
    """The record says that the run went another way than today's code would go.

    No `Exception`, so that nothing between the effect and the run takes it for an answer; the same holds below.
    """


class Lost(BaseException):
    """What a step came to could not be recorded: the database was away. The run goes on from its record."""


class Superseded(BaseException):
    """Another process has the run by now, or it was given up. What this one would do is not done, and not recorded."""


OUTSIDE = " outside"
"""How the name of the step ends in which a call's effect is made on the other side; before it stand the call and its tool."""
SENT = " sent"
"""The same of the step that is kept before a call is sent, so that it may be done from then on."""


class Amount(NamedTuple):
    """What a call moved of a customer's money; `about` names the one thing that it was for, such as an order."""

    tool: str
    customer_id: str
    about: str
    cents: int


class Journal(Protocol):
    """Runs an effect and records its outcome under the next number; on a replay it gives the recorded outcome instead."""

    newest: int
    """The number, among the entries of its case, of the line that came last."""
    counts: bool
    """Whether it counts with the record of a call what models took."""

    def line(self, entry: Entry) -> Entry:
        """A line of the transcript, to be recorded with the next step; on a replay, the line as it was recorded."""

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        """An effect that is read only, or whose other side honours a key.

        The outcome has a further field `wanted`: what somebody outside wants of the case by now, `cancel`, or `take` by an
        operator; None where nobody wants anything.
        """

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        """Writes to our rows: they and the record of the step commit together. Raises GaveUp when `act` did."""

    def wanted(self, session: Session) -> str | None:
        """What somebody outside wants of the case, asked in a transaction before it writes."""

    def moved(self, session: Session, customer_id: str, about: str) -> int:
        """The cents that approval rules count beside a call's own: for the customer over days, or about this one thing."""

    def note(self, session: Session, call_id: str, amount: Amount) -> None:
        """Keep what a call moved, in the transaction of its rows."""

    def unknown(self, session: Session, made: Amount, arguments: Mapping[str, Any]) -> Sequence[str]:
        """When and in which other cases such a call was sent of which nobody knows what came of it, in words."""

    def check(self) -> None:
        """Make sure that the run is still this process's, before something is paid for or waited for, and have the lines so far
        recorded, so that others can read them meanwhile. Raises Superseded.
        """

    def branch(self, child: "Run", given: Branched, work: Callable[["Journal"], Outcome]) -> Outcome:
        """Work on a branch of the run, on a record of its own. What it came to stands at the end of that, and is given back
        in place of a second try.
        """


class Unrecorded:
    """No record: effects are made, and forgotten with the process. For scenarios on rows that are thrown away."""

    counts = False

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._amounts: dict[str, Amount] = {}
        self.newest = 0

    def line(self, entry: Entry) -> Entry:
        self.newest += 1
        return entry

    def step(self, name: str, act: Callable[[], Outcome]) -> Outcome:
        outcome = act()
        if name.endswith(OUTSIDE) and outcome.get("status") == "refused":
            self._amounts.pop(name.partition(" ")[0], None)
        return {**outcome, "wanted": None}

    def transaction(self, name: str, act: Callable[[Session], Outcome]) -> Outcome:
        with Session(self._engine) as session:
            outcome = act(session)
            session.commit()
            return outcome

    def wanted(self, session: Session) -> str | None:
        return None

    def moved(self, session: Session, customer_id: str, about: str) -> int:
        return sum(amount.cents for amount in self._amounts.values() if amount.customer_id == customer_id)

    def note(self, session: Session, call_id: str, amount: Amount) -> None:
        self._amounts[call_id] = amount

    def unknown(self, session: Session, made: Amount, arguments: Mapping[str, Any]) -> Sequence[str]:
        return ()

    def check(self) -> None:
        return None

    def branch(self, child: "Run", given: Branched, work: Callable[[Journal], Outcome]) -> Outcome:
        return work(Unrecorded(self._engine))
