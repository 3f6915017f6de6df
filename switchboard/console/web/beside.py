"""What the project knows of a case's customer, beside the page: a few rows, soon, or one sentence instead."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from switchboard.declare.tool import Context, Tool, at
from switchboard.errors import SwitchboardError
from switchboard.events.rendering import cut, in_facts, printable
from switchboard.project import Look, Project
from switchboard.tables.team import customer_in

log = logging.getLogger("switchboard")
MOST_ROWS, MOST_TITLE, MOST_TEXT = 10, 40, 200
"""Rows, and characters of each."""
PATIENCE_SECONDS = 1.0
"""How long a page waits for it."""
KEPT_SECONDS, MOST_KEPT = 20.0, 200
"""How long what was found, or not, is shown again, as a page that is open asks with each change; and of how many customers."""
LATE_SECONDS = 120.0
"""How long one whose source was late is not asked for again."""
MOST_MASKED, MOST_HALF = 20, 100
"""How many times what is shown is looked through for what is masked; and how long a number may be that is cut in two there."""
AT_ONCE, HELD_SECONDS, MOST_LEFT = 4, 5.0, 16
"""How many customers are asked for at once; after how long one whose source hangs takes no place of others; and how many there
may be, with those, until one comes back.
"""
LATE = "What is known of them could not be read in time."
FAILED = "What is known of them could not be read just now."


@dataclass(frozen=True)
class Known:
    """Rows of a title and a text, or why there are none."""

    rows: Sequence[tuple[str, str]] = ()
    trouble: str = ""


class _Asking:
    """One customer who is asked for."""

    def __init__(self) -> None:
        now = time.monotonic()
        self.came, self.late_at, self.found = threading.Event(), now + PATIENCE_SECONDS, Known(trouble=LATE)
        self.held_until = now + HELD_SECONDS


class Customers:
    """What a process knows of customers. Of a source that hangs, no more than `MOST_LEFT` threads wait, and no page twice."""

    def __init__(self, engine: Engine, services: Mapping[str, Any], look: Look | None) -> None:
        self._engine, self._services, self._look = engine, services, look
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._under_way: dict[str, _Asking] = {}

    def known(self, customer_id: str | None) -> Known:
        if not self._look or not customer_id:
            return Known()
        with self._lock:
            until, found = self._kept.get(customer_id, (0.0, Known()))
        return found if time.monotonic() < until else self._asked(self._look, customer_id)

    def _keep(self, customer_id: str, found: Known) -> None:
        with self._lock:
            if found.trouble == LATE and time.monotonic() < self._kept.get(customer_id, (0.0, found))[0]:
                return  # it came in this moment
            seconds = LATE_SECONDS if found.trouble == LATE else KEPT_SECONDS
            self._kept[customer_id] = (time.monotonic() + seconds, found)
            self._kept.move_to_end(customer_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _asked(self, look: Look, customer_id: str) -> Known:
        """Ask in a thread, which is left behind where it is late: what it finds then is kept, too. Nobody is asked for twice at
        a time.
        """
        with self._lock:
            asking = self._under_way.get(customer_id)
            if asking is None:
                now = time.monotonic()
                held = sum(now < one.held_until for one in self._under_way.values())
                if held >= AT_ONCE or len(self._under_way) >= MOST_LEFT:
                    return Known(trouble=LATE)
                asking = self._under_way[customer_id] = _Asking()
                thread = threading.Thread(target=self._ask, args=(look, customer_id, asking), daemon=True, name="customer")
                try:
                    thread.start()
                except RuntimeError:  # the machine has no thread left
                    del self._under_way[customer_id]
                    return Known(trouble=FAILED)
        if not asking.came.wait(max(0.0, asking.late_at - time.monotonic())):
            self._keep(customer_id, Known(trouble=LATE))
        return asking.found

    def _ask(self, look: Look, customer_id: str, asking: _Asking) -> None:
        try:
            asking.found = Known(tuple(_bounded(look(self._engine, self._services, customer_id))))
        except Exception as error:  # noqa: BLE001 - a project's own code, without which the page does
            level = logging.WARNING if isinstance(error, SwitchboardError) else logging.ERROR
            log.log(level, "what is known of a customer could not be read: %s", type(error).__name__)
            asking.found = Known(trouble=FAILED)
        finally:
            self._keep(customer_id, asking.found)
            with self._lock:
                del self._under_way[customer_id]
            asking.came.set()


def look_of(project: Project) -> Look | None:
    """How a project finds what it knows of a customer: the setup's own, else the call that its file names."""
    if project.setup.customer or not (asked := project.file.customer):
        return project.setup.customer
    tool = customer_in(project.folder, project.file)
    assert tool
    return lambda engine, services, customer_id: rows_of(tool, asked.fields, asked.title or "", services, customer_id)


def rows_of(
    tool: Tool, fields: Sequence[str], title: str, services: Mapping[str, Any], customer_id: str
) -> list[tuple[str, str]]:
    """What a call on another side, which asks no rows of ours, answers of a customer."""
    context = Context("", "customer", "", None, customer_id, services=services)  # type: ignore[arg-type]
    return list(rows_in(tool(ctx=context), [field.split(".") for field in fields], title))


def rows_in(answer: Any, paths: Sequence[Sequence[str]], title: str, name: str = "") -> Iterator[tuple[str, str]]:
    """A row for each field, and of a list one for each of its lines, which has all its fields."""
    if isinstance(answer, list):
        for line in answer:
            told = (in_facts(at(line, ".".join(path)), ()) for path in paths)
            yield title or name, ", ".join(one for one in told if one)
    elif isinstance(answer, Mapping):
        for first in dict.fromkeys(path[0] for path in paths):
            below = [path[1:] for path in paths if path[0] == first and path[1:]]
            words = first.replace("_", " ")
            if below:
                yield from rows_in(answer.get(first), below, title, words)
            else:
                yield words, in_facts(answer.get(first), ())


def _bounded(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for title, text in rows[:MOST_ROWS]:
        if text:
            yield _shown(title, MOST_TITLE), _shown(text, MOST_TEXT)


def _shown(text: object, most: int) -> str:
    """So many characters of a text, masked. Of what is longer by far the end is not masked, which takes long, and not shown."""
    whole, looked_at = str(text), most * MOST_MASKED
    shown = printable(whole[:looked_at])
    return cut(shown if len(whole) <= looked_at else shown[:-MOST_HALF], most)
