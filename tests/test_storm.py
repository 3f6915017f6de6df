"""Workers that are killed and frozen while they work on many cases on Postgres: nothing is lost, nothing is done twice."""

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.crowd import Customer, crowd, malformed, order_of, refund_step_by_step, refunds, sent_back
from support.killed import Nursery, Process
from support.postgres import running_server
from support.sample import prepared

from groupchats.desk import team
from switchboard.cases import documents as record
from switchboard.cases.cases import open_case
from switchboard.cases.runs import Environment
from switchboard.database import SHARED_ENGINE
from switchboard.loop.drive import new_id
from switchboard.models.scripted import ScriptedModel
from switchboard.settings import load_settings

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def fresh() -> Iterator[Callable[[], str]]:
    with running_server() as fresh:
        yield fresh


@pytest.fixture
def shop(fresh: Callable[[], str]) -> Iterator[Engine]:
    engine = prepared(str(load_settings(database_url=fresh()).database_url))
    yield engine
    engine.dispose()


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def open_cases(engine: Engine, customers: list[Customer]) -> dict[str, Customer]:
    """A case for each customer, begun and left to whichever worker sweeps it up. By run id."""
    opened = {new_id(): who for who in customers}
    environment = Environment(engine, {"desk": team})
    for case_id, who in opened.items():
        run = environment.run(case_id, "desk")
        run.known, run.asks_model = {"email": who.email}, True
        open_case(engine, run, who.words, None)
    return opened


def ends(engine: Engine) -> Counter[str | None]:
    with engine.connect() as connection:
        return Counter(connection.execute(text('SELECT "end" FROM cases')).scalars())


def until_all_are_over(engine: Engine, number: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while ends(engine)[None]:
        assert time.monotonic() < until, ends(engine)
        time.sleep(0.2)
    assert ends(engine) == {"resolved": number}, reasons(engine)


def reasons(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        others = text("SELECT reason FROM cases WHERE \"end\" <> 'resolved'")
        return list(connection.execute(others).scalars())


def check_that_each_was_refunded_once(engine: Engine, opened: dict[str, Customer]) -> None:
    documents = {case_id: record.load(engine, case_id) for case_id in opened}
    assert [wrong for document in documents.values() for wrong in malformed(document)] == []
    for case_id, who in opened.items():
        assert documents[case_id]["end"] == "resolved"
        assert "I have refunded the duplicate charge" in documents[case_id]["reply"]
        assert who.order_id in documents[case_id]["reply"]
    assert refunds(engine) == {who.order_id: [who.cents] for who in opened.values()}
    assert sent_back(engine) == {who.order_id: who.cents for who in opened.values()}
    postgres = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        notes = Counter(connection.execute(text("SELECT case_id FROM case_notes WHERE case_id LIKE 'case_%'")).scalars())
        unfinished = text(f"SELECT count(*) FROM {SHARED_ENGINE}.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')")
        assert not postgres or connection.execute(unfinished).scalar() == 0
    assert notes == Counter(opened.keys())


def seconds_until_taken_over(engine: Engine, pid: int) -> float:
    """How long it takes until the others have put on the queue what a dead process held."""
    since = time.monotonic()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(text("SELECT count(*) FROM workers WHERE pid = :pid"), {"pid": pid}).scalar():
            assert time.monotonic() - since < 30, "nobody took its cases over"
            time.sleep(0.02)
    return time.monotonic() - since


@pytest.mark.slow
def test_300_cases_survive_100_kills_of_their_two_workers(shop: Engine, nursery: Nursery, tmp_path: Path) -> None:
    cases, kills = 300, 100
    customers = crowd(shop, cases)
    opened = open_cases(shop, customers)
    chance = random.Random(7)
    with ScriptedModel(refund_step_by_step(customers, 0.3)) as model:
        config = model.config(tmp_path)

        def worker() -> Any:
            return nursery.start("work", address(shop), config, concurrency=3)

        workers, started = [worker(), worker()], time.monotonic()
        takeovers = []
        for number in range(kills):
            time.sleep(chance.uniform(0.2, 1.5))
            at = chance.randrange(2)
            dead = workers[at]
            dead.kill()
            workers[at] = worker()
            takeovers += [seconds_until_taken_over(shop, dead.pid)] if number % 10 == 0 else []
        during = ends(shop)["resolved"]
        storm = time.monotonic() - started
        until_all_are_over(shop, cases, seconds=180)
        seconds = time.monotonic() - started
        for each in workers:
            each.stop()
        asked = Counter(order_of(request) for request in model.requests)
    check_that_each_was_refunded_once(shop, opened)
    average = sum(takeovers) / len(takeovers)
    print(f"{cases} cases, {kills} kills in {storm:.0f} s: {during} over by then, all after {seconds:.0f} s;")
    print(f"taken over in {average:.1f} s, at most {max(takeovers):.1f} s; {model.count} calls for {3 * cases} answers")
    assert min(asked.values()) == 3
    assert during < cases, "the storm was over after the cases"


@pytest.mark.slow
def test_a_frozen_worker_loses_its_runs_and_goes_on_with_others_when_it_thaws(
    shop: Engine, nursery: Nursery, tmp_path: Path
) -> None:
    customers = crowd(shop, 30)
    with ScriptedModel(refund_step_by_step(customers, 2.0)) as model:
        config = model.config(tmp_path)
        frozen = nursery.start("work", address(shop), config, concurrency=20)
        opened = open_cases(shop, customers[:20])
        wait_until(lambda: model.count >= 20, frozen)
        time.sleep(1.0)  # the answers to the first calls come while it is frozen
        frozen.signal(signal.SIGSTOP)
        stopped = time.monotonic()
        other = nursery.start("work", address(shop), config, concurrency=20)
        until_all_are_over(shop, 20, seconds=60)
        seconds = time.monotonic() - stopped
        frozen.signal(signal.SIGCONT)
        other.stop()
        opened |= open_cases(shop, customers[20:])
        until_all_are_over(shop, 30, seconds=60)
        frozen.stop()
    check_that_each_was_refunded_once(shop, opened)
    print(f"20 cases of a frozen worker were over {seconds:.1f} s after it froze")


@pytest.mark.slow
def test_a_worker_that_is_frozen_with_locks_in_its_hands_does_not_hold_up_the_others(
    shop: Engine, nursery: Nursery, tmp_path: Path
) -> None:
    customers = crowd(shop, 5)
    with ScriptedModel(refund_step_by_step(customers)) as model:
        config = model.config(tmp_path)
        frozen = nursery.start("work", address(shop), config, concurrency=1, freezes="inside 6")  # its refund is written
        opened = open_cases(shop, customers[:1])
        wait_until(lambda: is_stopped(frozen.pid), frozen)
        stopped = time.monotonic()
        other = nursery.start("work", address(shop), config, concurrency=1)
        until_all_are_over(shop, 1, seconds=60)
        seconds = time.monotonic() - stopped
        frozen.signal(signal.SIGCONT)
        other.stop()
        opened |= open_cases(shop, customers[1:])
        until_all_are_over(shop, 5, seconds=60)
        frozen.stop()
    check_that_each_was_refunded_once(shop, opened)
    print(f"a case whose order was locked by a frozen worker was over {seconds:.1f} s after it froze")


def wait_until(holds: Callable[[], bool], worker: Process) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, worker.told()
        time.sleep(0.05)


def is_stopped(pid: int) -> bool:
    return subprocess.check_output(["ps", "-o", "stat=", "-p", str(pid)], text=True).startswith("T")
