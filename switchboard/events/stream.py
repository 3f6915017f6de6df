"""The stream of events: what happens in cases, told to whoever listens in this process as it happens.

A terminal, a web page and a trace take the same events. Nothing is made or told where nobody listens.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from switchboard.declare.transcript import Entry

log = logging.getLogger("switchboard")


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """A process begins to work on a run, or goes on with it from its record. `parent` is the case that it is a branch of."""

    case_id: str
    run: int
    team: str
    parent: str | None = None
    kind: Literal["run_started"] = "run_started"


@dataclass(frozen=True, kw_only=True)
class EntryAdded:
    """A line of the transcript. `number` is its key among the case's entries, as `cases.entries` keeps them: one that is told
    again, by whoever goes on from the record, has the same.
    """

    case_id: str
    run: int
    number: int
    entry: Entry
    kind: Literal["entry_added"] = "entry_added"


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """A run is over, and its rows say so. `end` is None where the case goes on at once, or the run was given up."""

    case_id: str
    run: int
    end: str | None
    parent: str | None = None
    kind: Literal["run_finished"] = "run_finished"


@dataclass(frozen=True, kw_only=True)
class BudgetWarned:
    """A budget of the project runs out, or is used up, as a call of this case found. It is told once, by one process."""

    case_id: str
    text: str
    parent: None = None
    kind: Literal["budget_warned"] = "budget_warned"


Event = RunStarted | EntryAdded | RunFinished | BudgetWarned
"""What happens in a case, told apart by `kind`. A run whose process dies, or loses it to another one, tells no end."""

Listener = Callable[[Event], object]
"""It is called in the thread that works on the run, in the order of the case, and for several cases at the same time. Who
listens to a case hears that its branches begin and end, too, each in the branch's thread."""


class Stream:
    """The events of one process, and who listens to them: to one case, or to all."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._to_all: tuple[Listener, ...] = ()
        self._to_one: dict[str, tuple[Listener, ...]] = {}

    def listen(self, listener: Listener, case_id: str | None = None) -> Callable[[], None]:
        """Tell a listener of the events of a case, or of all cases, from now on. Returns what ends that."""
        with self._changing:
            if case_id is None:
                self._to_all += (listener,)
            else:  # the dictionary is another one each time, so that it can be read while it is changed
                self._to_one = {**self._to_one, case_id: (*self._to_one.get(case_id, ()), listener)}
        return lambda: self._leave(listener, case_id)

    def _leave(self, listener: Listener, case_id: str | None) -> None:
        with self._changing:
            if case_id is None:
                self._to_all = without(self._to_all, listener)
                return
            left = without(self._to_one.get(case_id, ()), listener)
            others = {other: heard for other, heard in self._to_one.items() if other != case_id}
            self._to_one = {**others, case_id: left} if left else others

    def is_heard(self, case_id: str, parent: str | None = None) -> bool:
        """Whether anybody listens to a case, or to the one that it is a branch of: to be asked before an event is made."""
        return bool(self._to_all) or case_id in self._to_one or parent in self._to_one

    def tell(self, event: Event) -> None:
        """Tell an event to those who listen. What goes wrong with one of them is no business of the run."""
        parent = None if event.kind == "entry_added" else event.parent
        of_parent = self._to_one.get(parent, ()) if parent else ()
        for listener in (*self._to_one.get(event.case_id, ()), *of_parent, *self._to_all):
            try:
                listener(event)
            except Exception:
                log.exception("a listener to %s failed", event.case_id)


def without(listeners: tuple[Listener, ...], one: Listener) -> tuple[Listener, ...]:
    """The listeners but for one, which may listen a second time."""
    at = next((i for i, other in enumerate(listeners) if other == one), None)
    return listeners if at is None else listeners[:at] + listeners[at + 1 :]
