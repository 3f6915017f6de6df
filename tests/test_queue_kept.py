"""What a process that shows the queue to many people has counted a moment ago, and does not count for each of them."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, update
from sqlalchemy.orm import Session
from support.many_cases import fill
from support.sample import sample_project

from switchboard.cases.tables import CaseRow
from switchboard.service.watching import surveys as kept
from switchboard.service.watching.changes import mark_of_queue
from switchboard.service.watching.queue import Wanted, queue
from switchboard.service.watching.surveys import Surveys
from switchboard.tickets.rows import opened


@pytest.fixture
def place(shop: Engine) -> Any:
    """Ten cases, two of which were left to people, without a ticket yet."""
    fill(shop, 10)
    with Session(shop) as session, session.begin():
        session.execute(update(CaseRow).values(state={}))
    return SimpleNamespace(engine=shop, project=sample_project())


def counted(place: Any, surveys: Surveys, wanted: Wanted) -> tuple[int, int]:
    """How many cases wait for people, and how often all were counted for that."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.extend(["counted"] if "GROUP BY" in statement else [])

    event.listen(place.engine, "before_cursor_execute", note)
    try:
        return queue(place, wanted, surveys).for_people, len(seen)
    finally:
        event.remove(place.engine, "before_cursor_execute", note)


def ticket(place: Any, number: int) -> None:
    with Session(place.engine) as session, session.begin():
        opened(
            session,
            f"key-{number}",
            f"case_{number:012x}",
            {"department": "hire", "priority": "normal", "subject": "A tent", "summary": "It leaks."},
        )


def test_the_same_is_counted_once(place: Any) -> None:
    surveys = Surveys()
    assert [counted(place, surveys, Wanted()) for _ in range(3)] == [(0, 1), (0, 0), (0, 0)]
    assert [counted(place, surveys, Wanted(words="tent"))[1] for _ in range(2)] == [1, 1], "a search holds nobody up"


def test_what_is_on_other_pages_of_the_same_cases_is_not_counted_again(place: Any) -> None:
    surveys = Surveys()
    others = [Wanted(sort="newest"), Wanted(states=("done",)), Wanted(page=2)]
    assert [counted(place, surveys, wanted)[1] for wanted in (Wanted(), *others)] == [1, 0, 0, 0]
    assert counted(place, surveys, Wanted(department="hire"))[1] == 1


def test_what_happens_while_a_page_is_read_is_told_to_it_afterwards(place: Any) -> None:
    class Meanwhile(Surveys):
        def once(self, engine: Any, what: Any, stand: Any, find: Any) -> Any:
            found = super().once(engine, what, stand, find)
            if isinstance(what, Wanted):
                ticket(place, 2)
            return found

    page = queue(place, Wanted(), Meanwhile())
    assert page.rows == [] and page.mark != mark_of_queue(place.engine)
    assert queue(place, Wanted()).mark == mark_of_queue(place.engine)


def test_what_happens_is_seen_at_once(place: Any) -> None:
    surveys = Surveys()
    counted(place, surveys, Wanted())
    ticket(place, 2)
    assert counted(place, surveys, Wanted()) == (1, 1)
    assert [row.case_id for row in queue(place, Wanted(), surveys).rows] == ["case_000000000002"]


@pytest.mark.slow
def test_many_who_look_while_it_changes_wait_for_each_other_without_a_connection(place: Any) -> None:
    few = create_engine(place.engine.url, pool_size=2, max_overflow=0, pool_timeout=20)
    desk, surveys, seen = SimpleNamespace(engine=few, project=place.project), Surveys(), list[int]()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.is_set():
            seen.append(len(queue(desk, Wanted(), surveys).rows))

    looking = [threading.Thread(target=look) for _ in range(24)]
    for one in looking:
        one.start()
    for number in range(1, 10):
        ticket(place, number)
        time.sleep(0.2)
    is_over.set()
    until = time.monotonic() + 15
    for one in looking:
        one.join(max(0.0, until - time.monotonic()))
    assert not any(one.is_alive() for one in looking)
    few.dispose()
    assert len(seen) > 24 and queue(place, Wanted(), surveys).for_people == 9


def test_whose_cases_they_are_is_looked_up_each_time(place: Any) -> None:
    surveys = Surveys()
    assert [counted(place, surveys, Wanted(whose="dana"))[1] for _ in range(2)] == [1, 1]


def test_it_is_kept_for_a_moment_only(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT_SECONDS", -1.0)
    surveys = Surveys()
    assert [counted(place, surveys, Wanted())[1] for _ in range(2)] == [1, 1]
