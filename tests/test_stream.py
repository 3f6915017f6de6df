"""Whoever listens hears what happens in a case as it happens; nobody else pays for it, and no run suffers from it."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter
from sqlalchemy import Engine
from support import toys
from support.toys import team

from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.events.stream import EntryAdded, Event, RunFinished, RunStarted, Stream
from switchboard.loop.drive import RunResult, run_team
from switchboard.migrations import migrate_cases
from switchboard.service.place import work

WORDS = "Please pay me."
EMAIL = {"email": "ada@example.com"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    toys.PAID.clear()
    engine = open_engine(sqlite_url(tmp_path / "cases.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


def played(engine: Engine, listener) -> RunResult:  # type: ignore[no-untyped-def]
    return run_team(team(), WORDS, engine=engine, known=EMAIL, listener=listener)


def test_a_run_tells_its_begin_each_entry_in_order_and_its_end(engine: Engine) -> None:
    heard: list[Event] = []
    result = played(engine, heard.append)
    case_id = result.run.id
    assert heard[0] == RunStarted(case_id=case_id, run=1, team="toys")
    assert heard[-1] == RunFinished(case_id=case_id, run=1, end=result.end)
    entries = [event for event in heard if event.kind == "entry_added"]
    assert [event.number for event in entries] == list(range(1, len(result.run.transcript) + 1))
    assert [event.entry for event in entries] == result.run.transcript
    assert len(heard) == len(entries) + 2


def test_the_words_that_open_a_case_are_told_once_and_each_run_has_its_number(engine: Engine) -> None:
    every: list[Event] = []
    mine: list[Event] = []
    environment = Environment(engine, {"toys": team()})
    environment.stream.listen(every.append)
    with Worker(environment) as worker:
        ref = worker.open_case("toys", WORDS, known=EMAIL)
        assert every == []
        document = work(worker, ref, mine.append)
        assert work(worker, worker.open_case("toys", WORDS, known=EMAIL))["end"] == document["end"]
    of_first = [event for event in every if event.case_id == ref.case_id]
    assert mine == of_first
    assert len(every) == 2 * len(mine)
    assert [event.entry.text for event in mine if event.kind == "entry_added"].count(WORDS) == 1
    assert mine[-1] == RunFinished(case_id=ref.case_id, run=1, end=document["end"])


def test_nothing_is_made_where_nobody_listens(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(**facts: object) -> None:
        raise AssertionError(facts)

    monkeypatch.setattr("switchboard.loop.state.EntryAdded", made)
    monkeypatch.setattr("switchboard.loop.drive.RunStarted", made)
    monkeypatch.setattr("switchboard.loop.drive.RunFinished", made)
    assert run_team(team(), WORDS, engine=engine, known=EMAIL).end != "failed"


def test_a_listener_that_fails_ends_no_run_and_keeps_no_other_from_hearing(engine: Engine) -> None:
    stream, heard = Stream(), []

    def fails(event: Event) -> None:
        raise ZeroDivisionError

    stream.listen(fails, "a")
    stream.listen(heard.append)
    stream.tell(RunStarted(case_id="a", run=1, team="toys"))
    assert len(heard) == 1
    assert played(engine, fails).end == run_team(team(), WORDS, engine=engine, known=EMAIL).end


def test_who_left_hears_nothing_more_and_is_heard_of_no_more() -> None:
    stream, heard = Stream(), []
    leave_one, leave_again, leave_all = stream.listen(heard.append, "a"), stream.listen(heard.append, "a"), stream.listen(print)
    leave_one()
    leave_all()
    stream.tell(RunStarted(case_id="a", run=1, team="toys"))
    assert len(heard) == 1
    assert (stream.is_heard("a"), stream.is_heard("b")) == (True, False)
    leave_again()
    leave_again()
    assert not stream.is_heard("a")


def test_who_listens_hears_each_event_once_while_others_come_and_go_in_many_threads() -> None:
    stream, heard = Stream(), Counter[tuple[str, int]]()
    lock, events = threading.Lock(), 300

    def count(event: Event) -> None:
        with lock:
            heard[event.case_id, event.run] += 1

    def tell(case_id: str) -> None:
        for number in range(events):
            stream.tell(RunStarted(case_id=case_id, run=number, team="toys"))

    def come_and_go(case_id: str) -> None:
        for _ in range(events):
            stream.listen(lambda event: None, case_id)()

    names = [f"case {n}" for n in range(4)]
    for name in names:
        stream.listen(count, name)
    threads = [threading.Thread(target=act, args=(name,)) for name in names for act in (tell, come_and_go)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {(name, number): 1 for name in names for number in range(events)}


def test_an_event_goes_to_json_and_comes_back_as_what_it_was() -> None:
    adapter = TypeAdapter(Annotated[RunStarted | EntryAdded | RunFinished, Field(discriminator="kind")])
    for event in (RunStarted(case_id="a", run=2, team="toys"), RunFinished(case_id="a", run=2, end=None)):
        assert adapter.validate_json(adapter.dump_json(event)) == event
