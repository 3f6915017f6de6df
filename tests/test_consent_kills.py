"""A real `kill -9` at every boundary of a consent: the call is made once, and only after the customer's yes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.killed import Nursery
from support.kills import boundaries, every_other, mostly_slow, rows
from support.sample import prepared

from scenarios.cancel_order import ORDER, scenario
from switchboard.database import sqlite_url

QUESTION = (
    "call_1 find_user_id_by_email",
    "call_2 get_order_details",
    "call_3.rehearsal cancel_pending_order",
    "end of run",
)
"""The recorded steps of the run that asks."""
YES = ("call_3 cancel_pending_order", "call_3 cancel_pending_order outside", "call_4 add_case_note", "end of run")
"""Those of the run that the yes begins."""
POINTS = (
    *(f"question {point}" for point in boundaries(QUESTION)),
    "yes before its workflow",
    *(f"yes {point}" for point in boundaries(YES)),
)
FEW = ("yes inside 1",)
PAID_BACK = f"SELECT count(*) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'"
STATUS = f"SELECT status FROM orders WHERE id = '{ORDER}'"
END = 'SELECT "end" FROM cases'


def dies(nursery: Nursery, url: str, job: str, at: str, **given: str) -> None:
    """Do a job that is killed at a point, and have another process go on with what it left."""
    nursery.start(job, url, dies=at, **given).was_killed()
    resumed = nursery.start("resume", url)
    resumed.ended()
    assert resumed.lines() == [{"differences": [], "complete": True, "same": True, "steps": list(QUESTION)}]


def is_done_once_and_after_the_yes(point: str, nursery: Nursery, url: str) -> None:
    part, _, at = point.partition(" ")
    opened = {"words": scenario.opening, "email": scenario.email}
    prepared(url).dispose()
    if part == "question":
        dies(nursery, url, "case", at, **opened)
    else:
        nursery.start("case", url, **opened).ended()
    assert rows(url, STATUS, PAID_BACK, END) == ["pending", 0, "awaiting_customer"]
    if part == "yes":
        dies(nursery, url, "reply", at, words=scenario.turns[0])
    else:
        nursery.start("reply", url, words=scenario.turns[0]).ended()
    assert rows(url, PAID_BACK, END, *scenario.expected.rows) == [1, "resolved", *scenario.expected.rows.values()]


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_confirmed_call_is_made_once_wherever_its_run_is_killed(point: str, nursery: Nursery, tmp_path: Path) -> None:
    is_done_once_and_after_the_yes(point, nursery, sqlite_url(tmp_path / "shop.db"))


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_confirmed_call_is_made_once_wherever_its_run_is_killed_on_postgres(
    point: str, nursery: Nursery, addresses: Callable[[], str]
) -> None:
    is_done_once_and_after_the_yes(point, nursery, addresses())
