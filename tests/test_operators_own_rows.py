"""Notes, what somebody has seen, and their views, on SQLite and on Postgres alike."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.staffed import Place, places, read_only

from switchboard.cases.cases import hear, open_case, speak, take
from switchboard.errors import OperatorError
from switchboard.service.operators.notes import add_note, notes_of
from switchboard.service.operators.seen import see, unread
from switchboard.service.operators.views import MOST_VIEWS, drop_view, keep_view, views_of
from switchboard.service.tickets.working import assign
from switchboard.service.watching.changes import mark_of_queue, marks_of
from switchboard.service.watching.queue import QueuedCase
from switchboard.tables.project_file import ProjectFile


@pytest.fixture(params=["sqlite", "postgres"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    yield from places(tmp_path, request.param, request)


def test_notes_are_in_order_and_change_the_marks_and_are_unread_until_seen(place: Place) -> None:
    case_id = open_case(place.engine, place.environment.run("case_1", "desk"), "Is it open on Sundays?", None).case_id
    before = marks_of(place.engine, [case_id]), mark_of_queue(place.engine)
    see(place, "Dana", case_id)
    first, second = (add_note(place, "case", "erik", text) for text in ("One.\r\nTwo.", "Three \U0001f600."))
    after = marks_of(place.engine, [case_id]), mark_of_queue(place.engine)
    assert before[0] != after[0] and before[1] != after[1]
    assert [(note.text, note.by) for note in notes_of(place, case_id)] == [
        ("One.\nTwo.", "erik"),
        ("Three \U0001f600.", "erik"),
    ]
    assert notes_of(place, case_id, first.number) == [second]
    row = QueuedCase(case_id, "done", "desk", None, "", "", second.at)
    assert unread(place, "dana", [row]) == {case_id} and unread(place, "erik", [row]) == set()
    see(place, "DANA", case_id)
    assert unread(place, "dana", [row]) == set()


def test_a_case_is_read_where_it_cannot_be_kept_that_it_is(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    case_id = open_case(place.engine, place.environment.run("case_1", "desk"), "Is it open on Sundays?", None).case_id
    read_only(place.engine)
    see(place, "dana", case_id)
    assert "that dana has seen case_1 is not kept" in caplog.text


@pytest.mark.slow
def test_the_queue_hears_of_each_message_to_people_and_of_what_they_do(place: Place) -> None:
    with place.worker() as worker:
        ref = worker.open_case("desk", "I want to speak to a human being, please.")
        assert worker.work(ref)["end"] == "escalated"
    case_id, marks = ref.case_id, [mark_of_queue(place.engine)]

    def changes(do: Callable[[], object]) -> bool:
        do()
        marks.append(mark_of_queue(place.engine))
        return marks[-1] != marks[-2]

    def writes(words: str) -> Callable[[], object]:
        return lambda: hear(place.engine, case_id, words, None)

    for words in ("Hello?", "Hello?", "Fire! My charger burns!", "It still burns!"):
        assert changes(writes(words)), words
        time.sleep(1.1)
    desk: Any = SimpleNamespace(engine=place.engine, project=SimpleNamespace(file=ProjectFile(name="desk")))
    assert changes(lambda: assign(desk, "T000001", "dana", "erik"))
    assert changes(lambda: assign(desk, "T000001", "fay", "erik"))
    assert changes(lambda: take(place.engine, case_id, "dana"))
    assert changes(lambda: speak(place.engine, case_id, "dana", "Leave the house, please."))
    assert changes(writes("Hello?")) and changes(writes("Hello?"))
    assert not changes(lambda: None)


def test_of_many_pages_at_once_each_keeps_what_it_may(place: Place) -> None:
    case_id = open_case(place.engine, place.environment.run("case_1", "desk"), "Is it open on Sundays?", None).case_id
    together = threading.Barrier(4)

    def both(_: int) -> int:
        together.wait(10)
        see(place, "dana", case_id)
        with suppress(OperatorError):  # another one keeps it in this moment
            return keep_view(place, "dana", "Mine", {"whose": "dana", "page": "3"}).number
        return 0

    with ThreadPoolExecutor(4) as pool:
        numbers = {*pool.map(both, range(4))} - {0}
    [view] = views_of(place, "dana")
    assert numbers == {view.number} and (view.name, view.query) == ("Mine", "whose=dana")
    for n in range(MOST_VIEWS - 1):
        keep_view(place, "dana", f"view {n}", {})
    with pytest.raises(OperatorError, match="Delete one first"):
        keep_view(place, "dana", "one more", {})
    drop_view(place, "erik", view.number)
    drop_view(place, "dana", view.number)
    assert view not in views_of(place, "dana") and len(views_of(place, "dana")) == MOST_VIEWS - 1
