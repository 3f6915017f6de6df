"""A real `kill -9` at every point of a run that branches: it ends as without it, and no branch does anything twice."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.killed import Nursery
from support.kills import documents, every_other, mostly_slow, recorded, values
from support.sample import prepared
from support.searchers import EACH, REPLY, WORDS, answer, who

from switchboard.cases import documents as record
from switchboard.database import sqlite_url
from switchboard.models.scripted import Reply, ScriptedModel

STEPS = 1 + 2 * len(EACH) + 1
"""The step that is made of the branches, those of the branches, and the end of the run."""
POINTS = (
    "before its workflow",
    "before 1",
    *(f"{when} {number}" for number in range(1, STEPS + 1) for when in ("inside", "after")),
    *(f"written {number}" for number in (1, 2, 4)),
)
FEW = ("inside 5", "after 8")
IN_FLIGHT = 2
"""Each of the two branches may have an answer under way that is lost with its process."""


@pytest.fixture(scope="module")
def without_a_kill(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("without")
    url = sqlite_url(folder / "shop.db")
    with ScriptedModel(answer) as server:
        looked = str(folder / "looked")
        nursery.start("case", url, server.config(folder), words=WORDS, email=looked, team="searchers").ended()
    engine = prepared(url)
    found = documents(engine)
    engine.dispose()
    assert (found["CASE"]["end"], found["CASE"]["reply"], found["CASE"]["model_calls"]) == ("resolved", REPLY, 4)
    return found


def goes_on(point: str, nursery: Nursery, url: str, folder: Path) -> dict[str, Any]:
    """Kill a case at a point, end it with a second process, and return the documents that it left."""
    asked: list[str] = []

    def reply(request: dict[str, Any]) -> Reply:
        asked.append(f"{who(request)} {len(request['messages'])}")
        return answer(request)

    looked = folder / "looked"
    looked.touch()
    prepared(url).dispose()
    with ScriptedModel(reply) as server:
        models = server.config(folder)
        nursery.start("case", url, models, words=WORDS, email=str(looked), team="searchers", dies=point).was_killed()
        before = Counter(asked)
        resumed = nursery.start("resume", url, models)
        resumed.ended()
    engine = prepared(url)
    found, steps = documents(engine), recorded(engine)
    unended = values(engine, 'SELECT count(*) FROM cases WHERE "end" IS NULL', "SELECT count(*) FROM workers")
    engine.dispose()
    assert unended == [0, 0]
    parent, *branches = steps.values()
    assert parent == ["branches 1", "end of run"]
    of_each = [["model" if name.startswith("model") else name for name in one] for one in branches]
    assert of_each == [EACH, EACH]
    (line,) = resumed.lines()
    assert (line["differences"], line["complete"], line["same"]) == ([], True, True)
    calls = Counter(looked.read_text("utf-8").splitlines())
    for counted, kinds in ((Counter(asked), 4), (calls, 2)):
        assert len(counted) == kinds
        assert counted.total() - kinds <= IN_FLIGHT, counted
    if point in ("inside 1", "after 1", "inside 10", "after 10"):  # both branches had ended
        assert Counter(asked) == before, "a branch that has ended is read from its record"
        assert calls.total() == 2
    return found


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_run_that_branches_and_is_killed_at_any_point_ends_as_without_the_kill(
    point: str, nursery: Nursery, tmp_path: Path, without_a_kill: dict[str, Any]
) -> None:
    assert goes_on(point, nursery, sqlite_url(tmp_path / "shop.db"), tmp_path) == without_a_kill


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_run_that_branches_and_is_killed_at_any_point_ends_as_without_the_kill_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, without_a_kill: dict[str, Any], addresses: Callable[[], str]
) -> None:
    assert goes_on(point, nursery, addresses(), tmp_path) == without_a_kill


@pytest.mark.slow
@pytest.mark.parametrize("point", ["inside 2", "inside 4", "inside 6", "inside 9"])
def test_a_process_that_was_frozen_in_a_branch_and_comes_back_finds_that_it_has_lost_the_run(
    point: str, nursery: Nursery, tmp_path: Path, without_a_kill: dict[str, Any], addresses: Callable[[], str]
) -> None:
    url, looked = addresses(), tmp_path / "looked"
    engine = prepared(url)
    with ScriptedModel(answer) as server:
        models = server.config(tmp_path)
        given = {"words": WORDS, "email": str(looked), "team": "searchers"}
        frozen = nursery.start("case", url, models, **given, dies=point, by=int(signal.SIGSTOP))
        other = None
        until = time.monotonic() + 180
        while not record.listing(engine, 1) or record.listing(engine, 1)[0]["end"] is None:
            assert time.monotonic() < until, frozen.told()
            other = other or nursery.start("work", url, models, concurrency=2)
            time.sleep(0.2)
        ended = documents(engine), recorded(engine)
        assert ended[0] == without_a_kill
        frozen.signal(signal.SIGCONT)
        frozen.ended()
        assert other
        other.stop()
        assert (documents(engine), recorded(engine)) == ended, "what it would have written was refused"
    engine.dispose()


if __name__ == "__main__":
    pytest.main([__file__])
