"""A run is rebuilt from its record alone, and it is said where today's code would go another way."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support.killed import Nursery
from support.sample import prepared

from groupchats.desk import team
from scenarios.refund_duplicate_charge import scenario
from switchboard.cases.cases import RunRef
from switchboard.cases.entries import steps_of
from switchboard.cases.replay import Replay, rebuild
from switchboard.cases.runs import Environment, read_run
from switchboard.cases.tables import EntryRow
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say
from switchboard.declare.team import TeamSpec
from switchboard.engine.worker import Worker
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.scenario import scripted_by_agent

Recorded = tuple[Environment, dict[str, Any], ScriptedModel]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared(sqlite_url(tmp_path / "shop.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def recorded(shop: Engine) -> Iterator[Recorded]:
    """A refund by a model, the document that it left, and the server, which is still there."""
    with ScriptedModel(scripted_by_agent(scenario)) as model:
        entry = {"model": "scripted", "base_url": model.url, "api_key": "scripted"}
        environment = Environment(shop, {"desk": team}, Gateway(read_endpoints(json.dumps([entry])), retries=0))
        with Worker(environment) as worker:
            ref = worker.open_case("desk", scenario.opening, known={"email": scenario.email})
            assert ref
            document = worker.work(ref)
        yield environment, document, model


def replayed(environment: Environment, case_id: str, today: TeamSpec = team) -> Replay:
    return rebuild(replace(environment, teams={"desk": today}), case_id)


def with_agent(name: str, **facts: Any) -> TeamSpec:
    changed: AgentSpec = replace(team.members[name], **facts)
    return replace(team, members={**team.members, name: changed})


def test_a_replay_gives_the_same_document_and_calls_no_model_and_no_tool(recorded: Recorded, shop: Engine) -> None:
    environment, document, model = recorded
    with shop.begin() as connection:
        for change in ("UPDATE payments SET refund_id = NULL", "DELETE FROM refunds", "DELETE FROM case_notes"):
            connection.execute(text(change))
    before = model.count
    again = replayed(environment, document["case_id"])
    assert (again.differences, again.complete, again.steps) == ((), True, 11)
    assert again.document == document
    assert model.count == before == 3
    with shop.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM refunds")).scalar() == 0


def test_a_replay_says_where_todays_rules_go_another_way(recorded: Recorded) -> None:
    environment, document, _ = recorded
    today = with_agent("triage", without_model=lambda view: Say("Good day. What is it about?", asks=True))
    again = replayed(environment, document["case_id"], today)
    assert not again.complete
    assert re.fullmatch(r"run 1: entry \d is recorded as a call, and today it would be a message", again.differences[0])
    assert "it was recorded with version" in again.differences[-1]


def test_a_replay_says_where_a_model_would_be_asked_otherwise(recorded: Recorded) -> None:
    environment, document, _ = recorded
    again = replayed(environment, document["case_id"], with_agent("refunds", prompt="Be kind."))
    assert again.differences[0] == "run 1: refunds would be asked otherwise today"
    asked = [(one.run, one.n, one.what) for one in again.others]
    assert all(what == "refunds would be asked otherwise today" for _, _, what in asked)
    with Session(environment.engine) as session:
        rows = [session.get_one(EntryRow, (document["case_id"], n)) for _, n, _ in asked]
    assert {row.data["speaker"] for row in rows} == {"refunds"}, "it is the lines that the model's answers became"
    assert not again.complete
    assert again.document["reply"] == document["reply"], "what is recorded is what was said"


@pytest.mark.slow
def test_a_run_that_was_cut_off_is_rebuilt_as_far_as_it_is_recorded(shop: Engine, tmp_path: Path) -> None:
    with Nursery(tmp_path) as nursery:
        url = shop.url.render_as_string()
        nursery.start("case", url, words=scenario.opening, email=scenario.email, dies="after 5").was_killed()
    environment = Environment(shop, {"desk": team})
    with shop.connect() as connection:
        case_id = connection.execute(text("SELECT id FROM cases")).scalar_one()
    names = [name for name, _ in steps_of(read_run(shop, RunRef(case_id, 1)).kept)]
    begun = ["call_1 find_user_id_by_email", "call_2 list_charges"]
    assert names == [*begun, "call_3.moved refund_order", "call_3.check quote_refund", "call_3 refund_order"]
    again = replayed(environment, case_id)
    assert (again.differences, again.complete, again.steps) == ((), False, 5)
    assert [call["tool"] for call in again.document["tool_calls"] if call["status"] == "done"][:2] == [
        "find_user_id_by_email",
        "list_charges",
    ]
