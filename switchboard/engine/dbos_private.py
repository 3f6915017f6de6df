"""Every name of DBOS that it does not offer to others; tests/test_dbos_private.py says when one of them goes."""

from collections.abc import Callable
from typing import Any

import dbos._queue
import dbos._serialization
import dbos._sys_db
from dbos import Queue
from dbos._dbos import _get_dbos_instance
from dbos._serialization import DBOSPortableJSON

from switchboard.database import is_away

PortableJSON = DBOSPortableJSON
"""Plain JSON in DBOS's rows."""


class NotJson(ValueError):
    """What stands in DBOS's rows was not put there by us."""


def refuse_pickle() -> None:
    """Have DBOS read nothing but JSON. A row says itself in which form it is, and one that says pickle would run."""
    dbos._serialization.DefaultSerializer.deserialize = _refused  # type: ignore[method-assign, assignment]


def _refused(serializer: Any, serialized_data: str) -> Any:
    raise NotJson("A row of the engine holds a pickle, which this program never writes. It is not read.")


def wait_for_the_database() -> None:
    """Have DBOS wait for its database as long, and for the same reasons, as everything else of a run does."""
    dbos._sys_db.retriable_postgres_exception = is_away  # type: ignore[assignment, attr-defined]


_begin: Callable[..., Any] = dbos._queue.execute_dequeued_workflow  # type: ignore[attr-defined]


def tell_of_what_cannot_begin(tell: Callable[[str], None]) -> None:
    """Tell the id of what DBOS took from a queue and could not begin: it would stay in its rows as under way."""

    def begin(instance: Any, status: Any, owner: str) -> Any:
        try:
            return _begin(instance, status, owner)
        except Exception as error:
            if is_away(error):
                raise
            tell(str(status["workflow_uuid"]))

    dbos._queue.execute_dequeued_workflow = begin  # type: ignore[attr-defined, assignment]


def set_own_bound(queue_name: str, room: Callable[[], int]) -> None:
    """Let this process take as many workflows of a queue as it has room for.

    DBOS keeps the bound of a worker in the queue's row, one for all.
    """
    tables = _get_dbos_instance()._sys_db
    read = tables.get_queue

    def with_own_room(name: str, **options: Any) -> Queue | None:
        queue = read(name, **options)
        if queue is not None and name == queue_name:
            queue._worker_concurrency = room()
        return queue

    tables.get_queue = with_own_room  # type: ignore[method-assign]
