"""A real `kill -9` at every boundary of a call that a program proposes: it is made once, and only after the customer's yes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.killed import Nursery
from support.kills import boundaries, every_other, mostly_slow, rows
from support.sample import prepared

from scenarios.cancel_order import ORDER, scenario
from switchboard.database import sqlite_url

QUESTION = ("call_1 find_user_id_by_email", "who answers", "call_2.rehearsal cancel_pending_order", "end of run")
"""The recorded steps of the run that asks."""
YES = ("call_2 cancel_pending_order", "call_2 cancel_pending_order outside", "end of run")
"""Those of the run that the yes begins."""
POINTS = (*(f"question {point}" for point in boundaries(QUESTION)), *(f"yes {point}" for point in boundaries(YES)))
FEW = ("yes inside 1",)
PAID_BACK = f"SELECT count(*) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'"
STATUS = f"SELECT status FROM orders WHERE id = '{ORDER}'"
END, CASES = 'SELECT "end" FROM cases', "SELECT count(*) FROM cases"
GIVEN = {
    "tool": "cancel_pending_order",
    "arguments": {"order_id": ORDER, "reason": "ordered by mistake"},
    "email": scenario.email,
}


def is_made_once_and_after_the_yes(point: str, nursery: Nursery, url: str) -> None:
    part, _, at = point.partition(" ")
    prepared(url).dispose()
    for says in ("", "yes"):
        dies = at if part == ("yes" if says else "question") else ""
        asked = nursery.start("propose", url, says=says, dies=dies, **GIVEN)
        if not dies:
            asked.ended()
            assert asked.lines()[-1:] == [{"status": "done" if says else "asks"}]
            continue
        asked.was_killed()
        resumed = nursery.start("resume", url)
        resumed.ended()
        assert resumed.lines() == [{"differences": [], "complete": True, "same": True, "steps": list(QUESTION)}]
        again = nursery.start("propose", url, **GIVEN)  # the program asks once more, under the same key
        again.ended()
        assert again.lines() == [{"status": "done" if says else "asks"}]
        assert rows(url, STATUS) == ["cancelled" if says else "pending"]
    assert rows(url, PAID_BACK, END, CASES, *scenario.expected.rows) == [1, "resolved", 1, *scenario.expected.rows.values()]


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_proposed_call_is_made_once_wherever_its_run_is_killed(point: str, nursery: Nursery, tmp_path: Path) -> None:
    is_made_once_and_after_the_yes(point, nursery, sqlite_url(tmp_path / "shop.db"))


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_proposed_call_is_made_once_wherever_its_run_is_killed_on_postgres(
    point: str, nursery: Nursery, addresses: Callable[[], str]
) -> None:
    is_made_once_and_after_the_yes(point, nursery, addresses())
