"""Models that fail in every way, one of several, or all of them: each case comes to a named end, in time."""

import json
import os
import threading
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support.crowd import crowd, malformed, refund_step_by_step, refunds
from support.faulty_model import NOT_AGAIN, FaultyModel
from support.toys import run

from groupchats.desk import team
from switchboard.cases.intake import Message
from switchboard.cases.runs import Environment
from switchboard.cases.tables import EntryRow
from switchboard.console.terminal.check import _asked
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Say, Unsure
from switchboard.declare.team import Rule, TeamSpec
from switchboard.engine.worker import Worker
from switchboard.flows.hub import hub
from switchboard.loop.state import End
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, tool_calls
from switchboard.service import intake

TIMEOUT, RETRIES = 2.0, 2
PASS_ON = tool_calls([("hand_off", {"to": "back", "note": "go on"})])


def entry(server: Any, **facts: Any) -> dict[str, Any]:
    return {"model": "m", "base_url": server.url, "price": [0.01, 0.01], **facts}


def gateway(*entries: dict[str, Any], **options: Any) -> Gateway:
    given = {"timeout": TIMEOUT, "retries": RETRIES, "pause": 0.5, **options}
    return Gateway(read_endpoints(json.dumps(entries)), **given)


def model_seconds(engine: Engine) -> list[float]:
    """How long each recorded call of a model took."""
    with Session(engine) as session:
        found = session.scalars(select(EntryRow.data).where(EntryRow.name.startswith("model ")))
        return [float(data["seconds"]) for data in found]


@pytest.mark.slow
def test_500_tickets_with_a_model_server_that_fails_30_per_cent_of_the_time_all_end_with_a_name_and_in_time(
    shop: Engine,
) -> None:
    customers = crowd(shop, 500)
    began = time.monotonic()
    with FaultyModel(refund_step_by_step(customers), 0.3, seed=12) as model:
        environment = Environment(shop, {"desk": team}, gateway(entry(model)))
        messages = [Message(who.id, who.words, {"email": who.email}) for who in customers]
        with Worker(environment, stands_by=True, concurrency=20) as worker:
            intake.submit(worker, "desk", messages)
            documents = list(intake.results(worker, [m.id for m in messages], lambda: None))
    took = model_seconds(shop)
    met = Counter(fault for faults in model.met.values() for fault in faults)
    ends = Counter(document["end"] for document in documents)
    asked = sum(1 for document in documents if document["model_calls"])
    print(
        f"{dict(ends)} in {time.monotonic() - began:.0f} s; {len(took)} calls of {asked} cases, the longest {max(took):.2f} s"
    )
    print(f"faults: {dict(met)}; {max(map(len, model.met.values()))} tries of one request at most")

    assert len(documents) == 500 and set(ends) <= set(get_args(End)), "a named end"
    assert ends["failed"] == ends["loop"] == ends["limit"] == 0
    assert [wrong for document in documents for wrong in malformed(dict(document))] == []
    paid = refunds(shop)
    assert all(paid.get(who.order_id, []) in ([], [who.cents]) for who in customers), (
        "what a model asked for twice is done once"
    )
    resolved = {document["id"] for document in documents if document["end"] == "resolved"}
    assert len(resolved) > 400 and all(who.order_id in paid for who in customers if who.id in resolved)

    assert max(took) <= 2 * TIMEOUT + 2.0, "a request begins within the time of an answer, and has that time itself"
    assert max(document["seconds"] for document in documents) < team.limits.seconds
    assert [faults for faults in model.met.values() if any(one in NOT_AGAIN for one in faults[:-1])] == []
    waited_for = [faults for faults in model.met.values() if "too many" not in faults]
    assert max(map(len, waited_for)) <= 2 * (1 + RETRIES), "each of two answers is tried for so often"
    assert all(met[fault] for fault in ("too many", "error", "reset", "hang", "cut", "nonsense", "denied", "no money", ""))


@pytest.mark.slow
def test_with_every_endpoint_down_the_desk_goes_on_by_rules_says_so_and_uses_the_models_again(shop: Engine) -> None:
    customers = crowd(shop, 3)
    with (
        FaultyModel(refund_step_by_step(customers), 0.0, seed=1) as one,
        FaultyModel(refund_step_by_step(customers), 0.0, seed=2) as other,
    ):
        environment = Environment(shop, {"desk": team}, gateway(entry(one), entry(other, model="n"), retries=0, pause=0.3))
        with Worker(environment) as worker:

            def case(number: int) -> Any:
                who = customers[number]
                return worker.work(worker.open_case("desk", who.words, known={"email": who.email}))

            before = case(0)
            one.down = other.down = True
            during = case(1)
            states = environment.gateway.states() if environment.gateway else {}
            one.down = other.down = False
            time.sleep(0.5)
            after = case(2)
    assert [document["end"] for document in (before, during, after)] == ["resolved"] * 3
    assert [document["model_calls"] > 0 for document in (before, during, after)] == [True, False, True]
    said = [e["text"] for e in during["transcript"] if e["kind"] == "decision" and e["text"].endswith("The rules answer.")]
    assert said and all("No model endpoint answered" in text for text in said)
    assert len(refunds(shop)) == 3
    assert len(states) == 2 and all("left alone" in " ".join(told) for told in states.values())


def two_tags() -> TeamSpec:
    front = AgentSpec("front", "First.", "You greet.", lambda view: Unsure(HandOff("back", "go on")), model="fast")
    back = AgentSpec("back", "Then.", "You answer.", lambda view: Unsure(Say("The rules greet you.")), model="strong")
    return TeamSpec("counter", "Greets.", {"front": front, "back": back}, hub("front", {"back": []}), (Rule("approve"),))


def test_two_agents_of_a_team_use_two_providers_by_their_tags(tmp_path: Path) -> None:
    with ScriptedModel([PASS_ON]) as fast, ScriptedModel(["Welcome, dear customer."]) as strong:
        entries = entry(strong, tags=["strong"], model="large"), entry(fast, tags=["fast"], model="small")
        result = run(tmp_path, two_tags(), "Hello", gateway=gateway(*entries))
    assert (result.document["reply"], result.document["model_calls"]) == ("Welcome, dear customer.", 2)
    assert [request["model"] for request in fast.requests] == ["small"]
    assert [request["model"] for request in strong.requests] == ["large"]
    assert "You greet." in json.dumps(fast.requests) and "You answer." in json.dumps(strong.requests)


def test_each_of_two_providers_has_a_breaker_of_its_own(tmp_path: Path) -> None:
    with ScriptedModel([500], repeat=True) as fast, ScriptedModel(["Welcome, dear customer."], repeat=True) as strong:
        entries = entry(strong, tags=["strong"], model="large"), entry(fast, tags=["fast"], model="small")
        shared = gateway(*entries, retries=0, pause=60)
        results = [run(tmp_path, two_tags(), "Hello", gateway=shared) for _ in range(5)]
        (name,) = shared.states()
    assert [result.document["reply"] for result in results] == ["Welcome, dear customer."] * 5
    assert (fast.count, strong.count) == (3, 5), "one is left alone after three failures, the other is asked on"
    assert name.startswith("small at") and "is left alone for" in shared.states()[name][0]


@pytest.mark.slow
def test_what_a_process_leaves_alone_is_in_its_row_for_others_to_see(shop: Engine) -> None:
    from switchboard.service.workers import endpoints

    with ScriptedModel([500], repeat=True) as model:
        asked = gateway(entry(model), retries=0, pause=60)
        with Worker(Environment(shop, {"desk": team}, asked)):
            assert list(endpoints(shop).values()) == [{}]
            for _ in range(3):
                asked.ask_for("case", "fast", [{"role": "user", "content": "Hello"}])
            until = time.monotonic() + 20
            while not (told := next(iter(endpoints(shop).values()))):
                assert time.monotonic() < until
                threading.Event().wait(0.1)
            (shown,) = _asked(SimpleNamespace(gateway=asked, engine=shop))  # type: ignore[arg-type]
        assert endpoints(shop) == {}
    assert shown["state"] == "odd" and "left alone for" in shown["text"] and f":{os.getpid()})." in shown["text"]
    assert [*told] == [f"m at {model.url.split('/')[2]}"] and "after 3 failures in a row" in told[next(iter(told))][0]
