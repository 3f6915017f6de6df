"""A real `kill -9` at every point of the refund scenario: the run ends as without it, and nothing is done twice."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, text
from support.crowd import malformed
from support.killed import Nursery, Process
from support.kills import every_other, mostly_slow
from support.postgres import running_server
from support.sample import prepared

from scenarios.refund_duplicate_charge import scenario
from switchboard.cases import documents as record
from switchboard.database import sqlite_url
from switchboard.models.scripted import Reply, ScriptedModel
from switchboard.scenario import scripted_by_agent
from switchboard.settings import load_settings

STEPS = (
    "call_1 find_user_id_by_email",
    "model refunds",
    "call_2 list_charges",
    "model refunds",
    "call_3.moved refund_order",
    "call_3.check quote_refund",
    "call_3 refund_order",
    "call_3 refund_order outside",
    "model refunds",
    "call_4 add_case_note",
    "end of run",
)
"""The recorded steps of the scenario."""
MODEL = tuple(number for number, name in enumerate(STEPS, start=1) if name.startswith("model"))
POINTS = (
    "before its workflow",
    "before 1",
    *(f"inside {number}" for number in range(1, len(STEPS) + 1)),
    *(f"written {number}" for number in (1, 2, 4)),
    *(f"after {number}" for number in range(1, len(STEPS) + 1)),
)
FEW = ("inside 4", "written 2")


class Holding(NamedTuple):
    """A model server that can hold a request until the process that asks is dead. `answered` are the requests that were."""

    server: ScriptedModel
    answered: list[dict[str, Any]]
    held: list[int]
    """The number of the answer, from 0, that is held back once."""
    asked: threading.Event
    dead: threading.Event


@pytest.fixture
def model() -> Iterator[Holding]:
    script, answered, held = scripted_by_agent(scenario), [], []
    asked, dead = threading.Event(), threading.Event()
    given: dict[str, Reply] = {}

    def reply(request: dict[str, Any]) -> Reply:
        if held == [len(answered)]:
            held.clear()
            asked.set()
            dead.wait(60)
            return 500
        answered.append(request)
        assert callable(script)
        asked_for = json.dumps(request)
        if asked_for not in given:  # who asks the same again is answered the same
            given[asked_for] = script(request)
        return given[asked_for]

    with ScriptedModel(reply) as server:
        yield Holding(server, answered, held, asked, dead)


@pytest.fixture(scope="module")
def without_a_kill(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of the run as it is when nobody is killed."""
    folder = tmp_path_factory.mktemp("without")
    url = sqlite_url(folder / "shop.db")
    with ScriptedModel(scripted_by_agent(scenario)) as server:
        nursery.start("case", url, server.config(folder), words=scenario.opening, email=scenario.email).ended()
    engine = prepared(url)
    document = the_run(engine)
    engine.dispose()
    assert document["end"] == "resolved"
    return told(document)


def the_run(engine: Engine) -> dict[str, Any]:
    (row,) = record.listing(engine, 10)
    return record.load(engine, row["case_id"])


def told(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what differs from run to run; Postgres leaves out a number for what was rolled back."""
    kept = {name: value for name, value in document.items() if name not in ("case_id", "run_id", "seconds")}
    return dict(json.loads(re.sub(r"\bRF\d{6}\b", "RF", json.dumps(kept))))


def killed_at(point: str, nursery: Nursery, url: str, models: Path, model: Holding) -> Process:
    when, _, number = point.partition(" ")
    by_hand = when == "inside" and number.isdigit() and int(number) in MODEL
    if by_hand:
        model.held.append(MODEL.index(int(number)))
    given = {"words": scenario.opening, "email": scenario.email, "dies": "" if by_hand else point}
    process = nursery.start("case", url, models, **given)
    if by_hand:
        assert model.asked.wait(60), process.told()
        process.kill()
        model.dead.set()
    process.was_killed()
    return process


def goes_on_as_if_nothing_had_happened(point: str, nursery: Nursery, url: str, folder: Path, model: Holding) -> dict[str, Any]:
    """Kill a case at a point, end it with a second process, and return the run's document."""
    models = model.server.config(folder)
    prepared(url).dispose()
    killed_at(point, nursery, url, models, model)
    resumed = nursery.start("resume", url, models)
    resumed.ended()
    engine = prepared(url)
    document = the_run(engine)
    with engine.connect() as connection:
        rows = {query: connection.execute(text(query)).scalar() for query in scenario.expected.rows}
        notes = connection.execute(text("SELECT count(*) FROM case_notes")).scalar()
        end = connection.execute(text('SELECT "end" FROM cases')).scalar()
        kept = connection.execute(text("SELECT count(*) FROM workers")).scalar()
    engine.dispose()
    assert (end, rows, notes, kept) == ("resolved", scenario.expected.rows, 1, 0)
    different = {json.dumps(request) for request in model.answered}
    # An answer that is lost on its way into the record has to be asked for again; there is nobody to honour a key.
    lost = 1 if point.startswith("written") else 0
    assert len(different) == len(MODEL)
    assert len(model.answered) - len(different) <= lost
    assert resumed.lines() == [{"differences": [], "complete": True, "same": True, "steps": list(STEPS)}]
    assert malformed(document) == []
    return told(document)


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_run_killed_at_any_point_ends_as_without_the_kill(
    point: str, nursery: Nursery, tmp_path: Path, model: Holding, without_a_kill: dict[str, Any]
) -> None:
    url = sqlite_url(tmp_path / "shop.db")
    assert goes_on_as_if_nothing_had_happened(point, nursery, url, tmp_path, model) == without_a_kill


@pytest.fixture(scope="module")
def addresses() -> Iterator[Any]:
    with running_server() as fresh:
        yield lambda: str(load_settings(database_url=fresh()).database_url)


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_run_killed_at_any_point_ends_as_without_the_kill_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, model: Holding, without_a_kill: dict[str, Any], addresses: Any
) -> None:
    assert goes_on_as_if_nothing_had_happened(point, nursery, addresses(), tmp_path, model) == without_a_kill
