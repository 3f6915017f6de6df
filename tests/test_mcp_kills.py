"""A real `kill -9` of our process at every boundary of an effect on an MCP server: done once, or left to a person."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.house import all_gone, done
from support.killed import Nursery
from support.kills import boundaries, documents, mostly_slow, recorded
from support.sample import prepared

from switchboard.database import sqlite_url

pytest.importorskip("mcp", reason="the extra mcp is not installed")
ONCE = ("call_2.moved reserve", "call_2 reserve", "call_2 reserve sent", "call_2 reserve outside")
KEYED = ("call_1 find_member", *ONCE, "end of run")
KEYLESS = ("call_2.moved ring", "call_2 ring", "call_2 ring sent", "call_2 ring outside", "end of run")
"""The recorded steps of a run; the second one's begins when an operator has approved the call."""
FEW = ("inside 4", "inside 5")
BOTH = ["reserve", "ring"]
ASKS: dict[str, Any] = {"words": "Please", "email": "ada@example.com"}


def left(url: str) -> tuple[dict[str, Any], list[str]]:
    engine = prepared(url)
    try:
        ((_, steps),) = recorded(engine).items()
        return documents(engine)["CASE"], steps
    finally:
        engine.dispose()


def resumed(nursery: Nursery, url: str, house: Path) -> None:
    process = nursery.start("resume", url, house=str(house), teams=BOTH)
    process.ended()
    for line in process.lines():
        assert (line["differences"], line["complete"], line["same"]) == ([], True, True)
    assert all_gone(house)


def with_a_key(point: str, nursery: Nursery, url: str, house: Path) -> None:
    prepared(url).dispose()
    nursery.start("case", url, team="reserve", house=str(house), dies=point, **ASKS).was_killed()
    assert all_gone(house), "a server has outlived its desk"
    resumed(nursery, url, house)
    document, steps = left(url)
    assert (document["end"], steps) == ("resolved", list(KEYED))
    assert document["reply"].startswith("Done: R-1.")
    assert len(done(house)) == 1


def without_a_key(point: str, nursery: Nursery, url: str, house: Path) -> None:
    prepared(url).dispose()
    nursery.start("case", url, team="ring", house=str(house), **ASKS).ended()
    assert done(house) == []
    nursery.start("approve", url, house=str(house), by="an operator", dies=point).was_killed()
    assert all_gone(house), "a server has outlived its desk"
    times = len(done(house))
    resumed(nursery, url, house)
    document, _ = left(url)
    assert times <= len(done(house)) <= 1
    if document["end"] == "resolved":
        assert len(done(house)) == 1
        assert document["reply"].startswith("Done: B-1.")
    else:  # it was sent, and whether it was done a person finds out
        assert point in ("inside 4", "after 3", "before 4")
        assert document["end"] == "failed"
        assert "not known yet whether this was done: the bell" in document["reply"]


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(["before its workflow", *boundaries(KEYED)], FEW))
def test_what_has_a_key_is_done_once(point: str, nursery: Nursery, tmp_path: Path) -> None:
    with_a_key(point, nursery, sqlite_url(tmp_path / "shop.db"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(boundaries(KEYLESS), FEW))
def test_what_has_no_key_is_done_once_or_left_to_a_person(point: str, nursery: Nursery, tmp_path: Path) -> None:
    without_a_key(point, nursery, sqlite_url(tmp_path / "shop.db"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("point", boundaries(KEYED))
def test_what_has_a_key_is_done_once_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, addresses: Callable[[], str]
) -> None:
    with_a_key(point, nursery, addresses(), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("point", boundaries(KEYLESS))
def test_what_has_no_key_is_done_once_or_left_to_a_person_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, addresses: Callable[[], str]
) -> None:
    without_a_key(point, nursery, addresses(), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["before slow", "after slow"])
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_one_that_dies_while_the_server_is_at_it_leaves_it_done_once(
    database: str, how: str, nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = sqlite_url(tmp_path / "shop.db") if database == "sqlite" else request.getfixturevalue("addresses")()
    prepared(url).dispose()
    (tmp_path / "behave").write_text(how)
    process = nursery.start("case", url, team="reserve", house=str(tmp_path), **ASKS)
    until = time.monotonic() + 30
    while (tmp_path / "behave").exists():
        assert time.monotonic() < until, process.told()
        time.sleep(0.01)
    process.kill()
    resumed(nursery, url, tmp_path)
    document, _ = left(url)
    assert document["end"] == "resolved"
    assert len(done(tmp_path)) == 1
