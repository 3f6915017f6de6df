"""A real `kill -9` at every boundary of a chat in which an operator sees each move: what nobody let pass is not done."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.killed import Nursery
from support.kills import WHEN, boundaries, every_other, left, mostly_slow, rows
from support.sample import prepared

from scenarios.cancel_order import ORDER, scenario
from switchboard.database import sqlite_url

STEPS = (
    "human review triage",
    "call_1 find_user_id_by_email",
    "human review triage",
    "human review orders",
    "call_2 get_order_details",
    "human review orders",
    "call_3.rehearsal cancel_pending_order",
    "human words",
    "call_3 cancel_pending_order",
    "call_3 cancel_pending_order outside",
    "human review orders",
    "human words",
    "human review summarizer",
    "call_4 add_case_note",
    "human review summarizer",
    "end of run",
)
"""The recorded steps of the chat."""
ASKED = [
    '["triage","find_user_id_by_email"]',
    '["triage","HandOffs"]',
    '["orders","get_order_details"]',
    '["orders","cancel_pending_order"]',
    "customer",
    '["orders","Say"]',
    "customer",
    '["summarizer","add_case_note"]',
    '["summarizer","Note"]',
]
"""What the one at the keyboard is asked in it."""
PASSED, MADE = 6, "call_3 cancel_pending_order"
"""The step with which the call is let pass, and the one in which it is made."""
POINTS = ("before its workflow", *boundaries(STEPS))
FEW = ("inside 9",)
LEFT_ALONE = ("inside 1", "after 4", "before 6", "inside 6", "after 6", "inside 8")
"""Points before the customer's yes is recorded."""
STATUS = f"SELECT status FROM orders WHERE id = '{ORDER}'"
PAID_BACK = f"SELECT count(*) FROM payments WHERE order_id = '{ORDER}' AND kind = 'refund'"
END = 'SELECT "end" FROM cases'
QUERIES = (STATUS, PAID_BACK, END, *scenario.expected.rows)


class Chat:
    """The case on a database of its own; what is asked of the one at the keyboard goes into a file."""

    def __init__(self, nursery: Nursery, url: str, folder: Path, models: Path | None = None) -> None:
        self._nursery, self.url, self._asked, self._models = nursery, url, folder / "asked", models
        self._asked.touch()
        prepared(url).dispose()

    @property
    def reviews(self) -> list[str]:
        return [str(self._asked), scenario.turns[0]]

    @property
    def asked(self) -> list[str]:
        lines = self._asked.read_text("utf-8").splitlines()
        return ["customer" if line.startswith('["customer"') else line for line in lines]

    def begin(self, dies: str = "") -> None:
        given = {"words": scenario.opening, "email": scenario.email, "reviews": self.reviews}
        process = self._nursery.start("case", self.url, self._models, **given, dies=dies)
        process.was_killed() if dies else process.ended()

    def go_on(self, **given: Any) -> list[str]:
        """Have another process end what was left. Returns the recorded steps of the first run."""
        resumed = self._nursery.start("resume", self.url, self._models, **given)
        resumed.ended()
        (line,) = resumed.lines()
        assert (line["differences"], line["complete"], line["same"]) == ([], True, True)
        steps: list[str] = line["steps"]
        return steps

    def do(self, job: str, **given: Any) -> None:
        self._nursery.start(job, self.url, self._models, **given).ended()


@pytest.fixture(scope="module")
def without_a_kill(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("without")
    chat = Chat(nursery, sqlite_url(folder / "shop.db"), folder)
    chat.begin()
    found = left(chat.url, *QUERIES)
    assert found[1] == ["cancelled", 1, "resolved", *scenario.expected.rows.values()]
    assert chat.asked == ASKED
    return found


def is_asked_again_and_ends_the_same(point: str, chat: Chat, without_a_kill: Any, steps: Sequence[str] = STEPS) -> None:
    chat.begin(dies=point)
    assert rows(chat.url, STATUS) == ["cancelled" if is_past(point, steps.index(MADE) + 1) else "pending"]
    assert chat.go_on(reviews=chat.reviews) == list(steps)
    expected = list(ASKED)
    when, _, number = point.partition(" ")
    of_people = [n for n, name in enumerate(steps, start=1) if name.startswith("human ")]
    if when == "inside" and int(number) in of_people:  # the answer was given, and lost before it was written down
        place = of_people.index(int(number))
        expected.insert(place, ASKED[place])
    assert chat.asked == expected
    assert left(chat.url, *QUERIES) == without_a_kill


def is_past(point: str, step: int) -> bool:
    """Whether a point comes after a step was recorded."""
    when, _, number = point.partition(" ")
    return number.isdigit() and (int(number), WHEN.index(when)) >= (step, WHEN.index("after"))


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_review_that_a_kill_has_cut_off_is_asked_again_and_the_chat_ends_as_without_it(
    point: str, nursery: Nursery, tmp_path: Path, without_a_kill: Any
) -> None:
    is_asked_again_and_ends_the_same(point, Chat(nursery, sqlite_url(tmp_path / "shop.db"), tmp_path), without_a_kill)


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_review_that_a_kill_has_cut_off_is_asked_again_and_the_chat_ends_as_without_it_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, without_a_kill: Any, addresses: Callable[[], str]
) -> None:
    is_asked_again_and_ends_the_same(point, Chat(nursery, addresses(), tmp_path), without_a_kill)


def is_not_done_where_nobody_reviews(point: str, chat: Chat) -> None:
    """Somebody else goes on with the case where no operator sits: the customer's yes alone does not make the call."""
    chat.begin(dies=point)
    chat.go_on()
    chat.do("reply", words=scenario.turns[0])
    if not is_past(point, PASSED):
        assert rows(chat.url, STATUS, PAID_BACK, END) == ["pending", 0, "awaiting_approval"]
        chat.do("approve", by="joe")
    assert rows(chat.url, STATUS, PAID_BACK, END) == ["cancelled", 1, "resolved"]
    assert rows(chat.url, *scenario.expected.rows) == list(scenario.expected.rows.values())


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(LEFT_ALONE, ("inside 6",)))
def test_where_nobody_reviews_after_a_kill_a_call_that_nobody_let_pass_waits_for_an_operator(
    point: str, nursery: Nursery, tmp_path: Path
) -> None:
    is_not_done_where_nobody_reviews(point, Chat(nursery, sqlite_url(tmp_path / "shop.db"), tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(LEFT_ALONE))
def test_where_nobody_reviews_after_a_kill_a_call_that_nobody_let_pass_waits_for_an_operator_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, addresses: Callable[[], str]
) -> None:
    is_not_done_where_nobody_reviews(point, Chat(nursery, addresses(), tmp_path))
