"""Payments over a real API in a process of its own: done once or with a person, whatever the API does; and our own kill -9."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.killed import Nursery
from support.kills import boundaries, mostly_slow
from support.office import EMAIL, WORDS, PaymentsApi, office
from support.sample import prepared

from switchboard.cases import documents as record
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import steps_of
from switchboard.cases.runs import read_run
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Prepared
from switchboard.loop.drive import run_team

KNOWN = "Paid P-1."
OPEN = "not known yet whether this was done"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[PaymentsApi]:
    with PaymentsApi(tmp_path) as api:
        yield api


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    yield engine
    engine.dispose()


def asked(api: PaymentsApi, engine: Engine, **facts: bool) -> dict[str, Any]:
    team = office(api.address, api.folder, **facts)
    human = Prepared(approvals=[True])
    return dict(run_team(team, WORDS, engine=engine, known={"email": EMAIL}, human=human).document)


@pytest.mark.slow
@pytest.mark.parametrize("ways", ["", "error", "late", "error late"])
def test_with_a_key_it_is_done_once_and_told(ways: str, api: PaymentsApi, engine: Engine) -> None:
    api.answers(*ways.split())
    document = asked(api, engine)
    assert document["reply"].startswith(KNOWN)
    assert [one["amount"] for one in api.paid()] == [12.5]


def test_with_a_key_an_api_that_dies_and_comes_back_has_done_it_once(api: PaymentsApi, engine: Engine) -> None:
    api.answers("dies")

    def back() -> None:
        api.process.wait(30)
        api.start()

    again = threading.Thread(target=back)
    again.start()
    document = asked(api, engine)
    again.join()
    assert len(api.paid()) == 1
    assert document["reply"].startswith(KNOWN) or (document["end"], OPEN in document["reply"]) == ("failed", True)


@pytest.mark.slow
def test_where_no_answer_ever_comes_a_person_has_it(api: PaymentsApi, engine: Engine) -> None:
    api.answers("error", "error", "error")
    document = asked(api, engine)
    assert (document["end"], OPEN in document["reply"]) == ("failed", True)
    assert [one["tool"] for one in document["tool_calls"]][-1] == "call_the_office"
    assert len(api.paid()) == 1


def test_what_the_api_refuses_is_said_by_its_code(api: PaymentsApi, engine: Engine) -> None:
    api.answers("refuses")
    assert asked(api, engine)["reply"].startswith("Not paid: over_the_limit.")
    assert api.paid() == []


def test_an_api_that_is_gone_has_done_nothing_and_that_is_said(engine: Engine, tmp_path: Path) -> None:
    with PaymentsApi(tmp_path) as api:
        team = office(api.address, api.folder)
    document = run_team(team, WORDS, engine=engine, known={"email": EMAIL}).document
    assert document["end"] != "resolved" and api.paid() == []


@pytest.mark.parametrize("way", ["error", "late"])
def test_without_a_key_it_is_sent_once_and_looked_up(way: str, api: PaymentsApi, engine: Engine) -> None:
    api.answers(way)
    assert asked(api, engine, keyed=False)["reply"].startswith(KNOWN)
    assert len(api.paid()) == 1


def test_without_a_key_and_a_look_a_person_has_what_nobody_knows(api: PaymentsApi, engine: Engine) -> None:
    api.answers("error")
    document = asked(api, engine, keyed=False, looks=False)
    assert (document["end"], OPEN in document["reply"]) == ("failed", True)
    assert len(api.paid()) == 1


STEPS = ("call_1 find_member", "call_2.moved pay", "call_2 pay", "call_2 pay sent", "call_2 pay outside", "end of run")
"""The recorded steps of the keyed run."""
POINTS = ("before its workflow", *boundaries(STEPS), "in flight")
ASKED = ("call_1 find_member", "call_2.moved pay", "human approve call_2", "end of run")
APPROVED = ("call_2.moved pay", "call_2 pay", "call_2 pay sent", "call_2 pay outside", "end of run")
"""Those of the run that begins when an operator has approved the one without a key."""
WITHOUT = (*boundaries(APPROVED), "in flight")


def ended(nursery: Nursery, url: str, api: PaymentsApi, point: str, keyed: bool) -> dict[str, Any]:
    """A case killed at a point and taken up by a second process: its document."""
    prepared(url).dispose()
    given = {"api": [api.address, str(api.folder), keyed]}
    opened = {"words": WORDS, "email": EMAIL, "team": "office", **given}
    if in_flight := point.startswith("in flight"):
        api.answers("late")
    dies = "" if in_flight else point
    if keyed:
        process = nursery.start("case", url, dies=dies, **opened)
    else:
        nursery.start("case", url, **opened).ended()
        process = nursery.start("approve", url, by="olga", dies=dies, **given)
    if in_flight:
        until = time.monotonic() + 60
        while not api.paid():
            assert time.monotonic() < until, process.told()
            time.sleep(0.02)
        process.kill()
    process.was_killed()
    if "gone" in point:
        api.kill()
    again = nursery.start("resume", url, teams=["office"], **given)
    again.ended()
    steps = list(STEPS if keyed else ASKED)[:-1]
    assert [one["steps"][: len(steps)] for one in again.lines()] == [steps]
    assert all(one["same"] and one["complete"] and not one["differences"] for one in again.lines()), again.told()
    engine = prepared(url)
    try:
        (row,) = record.listing(engine, 10)
        last = [name for name, _ in steps_of(read_run(engine, RunRef(row["case_id"], 1 if keyed else 2)).kept)]
        assert last[: len(APPROVED) - 1] == list(APPROVED)[:-1] or keyed
        return dict(record.load(engine, row["case_id"]))
    finally:
        engine.dispose()


def with_a_key(nursery: Nursery, url: str, api: PaymentsApi, point: str) -> None:
    document = ended(nursery, url, api, point, keyed=True)
    assert document["end"] == "resolved" and document["reply"].startswith(KNOWN)
    assert len(api.paid()) == 1


def without_a_key(nursery: Nursery, url: str, api: PaymentsApi, point: str) -> None:
    """Done and told, or with a person who looks: never twice, and never said to be undone where it was done."""
    document = ended(nursery, url, api, point, keyed=False)
    done = document["end"] == "resolved" and document["reply"].startswith(KNOWN)
    with_a_person = document["end"] == "failed" and OPEN in document["reply"]
    assert (done and len(api.paid()) == 1) or (with_a_person and len(api.paid()) <= 1), (document["reply"], api.paid())


FEW = ("in flight", "inside 4")
"""In flight, and when it is recorded that it is sent and it is not: the two that nothing but the other side can tell apart."""


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_killed_at_any_point_a_keyed_write_is_done_once(point: str, nursery: Nursery, tmp_path: Path, api: PaymentsApi) -> None:
    with_a_key(nursery, sqlite_url(tmp_path / "shop.db"), api, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(WITHOUT, FEW))
def test_killed_at_any_point_a_write_without_a_key_is_never_doubled_and_never_lost(
    point: str, nursery: Nursery, tmp_path: Path, api: PaymentsApi
) -> None:
    without_a_key(nursery, sqlite_url(tmp_path / "shop.db"), api, point)


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def test_killed_in_flight_and_the_api_gone_since_nobody_says_that_it_is_not_done(
    database: str, keyed: bool, nursery: Nursery, tmp_path: Path, api: PaymentsApi, request: pytest.FixtureRequest
) -> None:
    url = sqlite_url(tmp_path / "shop.db") if database == "sqlite" else request.getfixturevalue("addresses")()
    document = ended(nursery, url, api, "in flight, and gone", keyed)
    assert (document["end"], OPEN in document["reply"]) == ("failed", True)
    assert len(api.paid()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_a_keyed_write_is_done_once_on_postgres(
    point: str, nursery: Nursery, api: PaymentsApi, addresses: Callable[[], str]
) -> None:
    with_a_key(nursery, addresses(), api, point)


@pytest.mark.slow
@pytest.mark.parametrize("point", WITHOUT)
def test_killed_at_any_point_a_write_without_a_key_is_never_doubled_on_postgres(
    point: str, nursery: Nursery, api: PaymentsApi, addresses: Callable[[], str]
) -> None:
    without_a_key(nursery, addresses(), api, point)
