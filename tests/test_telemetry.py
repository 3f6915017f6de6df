"""Traces and metrics leave by OTLP over HTTP where they are wanted, read back here by a real receiver on loopback."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support import toys
from support.commands import GRACE, LARGE, document, said, switchboard
from support.otlp_receiver import Received, Receiver, roots
from support.postgres import Fresh
from support.working import worker

from switchboard.cases.runs import Environment
from switchboard.cases.tracing.tree import trace_of
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.moves import Say
from switchboard.engine.worker import Worker
from switchboard.events.stream import RunFinished
from switchboard.events.tracing.span import trace_id
from switchboard.events.tracing.table import TelemetryTable
from switchboard.migrations import migrate_cases
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, Slow, tool_calls
from switchboard.service.watching.export import exported


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    toys.PAID.clear()
    engine = open_engine(sqlite_url(tmp_path / "cases.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def worked_on(engine: Engine, receiver: Receiver, cases: int = 1, gateway: Gateway | None = None, **table: Any) -> list[str]:
    """The ids of cases of toys that were worked on, and what was said at the end to the operator."""
    toys.PAID.clear()
    environment = Environment(engine, {"toys": toys.team()}, gateway)
    told: list[str] = []
    with exported(environment, TelemetryTable(endpoint=receiver.url, **table), told.append, {}), Worker(environment) as at_work:
        for _ in range(cases):
            ref = at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
            document = at_work.work(ref)
    return [str(document["case_id"]), *told]


@pytest.mark.slow
def test_each_span_has_the_names_of_the_conventions(engine: Engine, receiver: Receiver) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 64}}

    def answers(request: dict[str, Any]) -> bytes:
        paid = any(message["role"] == "tool" for message in request["messages"])
        message: Any = {"role": "assistant", "content": "It is paid, all 3.00 of it."}
        message = message if paid else tool_calls([("pay", {"cents": 300})])
        return json.dumps({"model": "little-1", "choices": [{"message": message}], "usage": usage}).encode()

    with ScriptedModel(answers) as model:
        entry = {"model": "little", "base_url": model.url, "api_key": "k", "price": [0.5, 1.0]}
        case_id, *told = worked_on(engine, receiver, gateway=Gateway(read_endpoints(json.dumps([entry])), retries=0))
    spans = receiver.spans
    assert told == [] and {span.trace_id for span in spans} == {trace_id(case_id)}
    assert {span.attributes["gen_ai.conversation.id"] for span in spans} == {case_id}
    (root,) = roots(spans)
    assert (root.name, root.attributes["gen_ai.operation.name"]) == ("invoke_workflow toys", "invoke_workflow")
    chat = next(span for span in spans if span.name == "chat little")
    assert chat.kind == 3 and chat.attributes["gen_ai.provider.name"] == "openai_compatible"
    assert chat.attributes["gen_ai.request.model"] == "little" and chat.attributes["gen_ai.response.model"] == "little-1"
    assert chat.attributes["gen_ai.usage.input_tokens"] == 100 and chat.attributes["gen_ai.usage.output_tokens"] == 7
    assert chat.attributes["gen_ai.usage.cache_read.input_tokens"] == 64
    assert chat.attributes["switchboard.cost_usd"] == pytest.approx(0.057)
    agent = next(span for span in spans if span.name == "invoke_agent worker")
    pay = next(span for span in spans if span.name == "execute_tool pay")
    assert chat.parent_id == pay.parent_id == agent.span_id and agent.parent_id == root.span_id
    assert pay.attributes["gen_ai.tool.call.id"] and pay.attributes["switchboard.tool.status"] == "done"
    assert all(name.startswith(("gen_ai.", "switchboard.", "error.")) for span in spans for name in span.attributes)
    tree = trace_of(engine, case_id)
    assert {span.span_id for span in spans} == {span.id for span in tree.walk() if span.kind != "case"}


@pytest.mark.slow
def test_what_was_said_leaves_only_where_it_is_asked_for(engine: Engine, receiver: Receiver) -> None:
    worked_on(engine, receiver)
    assert b"Please pay me" not in receiver.bytes and b"cents" not in receiver.bytes
    worked_on(engine, receiver, texts=True)
    (root, *_) = [span for span in receiver.spans if "gen_ai.input.messages" in span.attributes]
    assert "Please pay me." in root.attributes["gen_ai.input.messages"]
    assert any(span.attributes.get("gen_ai.tool.call.arguments") == '{"cents":300}' for span in receiver.spans)


@pytest.mark.slow
def test_metrics_tell_tokens_durations_ends_and_the_queue(engine: Engine, receiver: Receiver) -> None:
    with ScriptedModel([tool_calls([("pay", {"cents": 300})]), "It is paid, all 3.00 of it."]) as model:
        entry = {"model": "little", "base_url": model.url, "api_key": "k"}
        worked_on(engine, receiver, gateway=Gateway(read_endpoints(json.dumps([entry])), retries=0))
    found = receiver.metrics
    assert {"gen_ai.client.token.usage", "gen_ai.client.operation.duration", "gen_ai.execute_tool.duration"} <= set(found)
    assert {"gen_ai.invoke_agent.duration", "gen_ai.invoke_workflow.duration", "switchboard.runs.ended"} <= set(found)
    assert [point.as_int or point.as_double for point in found["switchboard.queue.depth"]] == [0]
    assert [point.as_int or point.as_double for point in found["switchboard.breaker.open"]] == [0]
    assert "switchboard.cost" not in found  # no price is known
    labels = {one.key for points in found.values() for point in points for one in point.attributes}
    assert labels.isdisjoint({"gen_ai.conversation.id", "switchboard.case.id"})


def test_without_a_collector_nothing_is_imported_or_sent(engine: Engine) -> None:
    environment = Environment(engine, {"toys": toys.team()})
    with exported(environment, None, print, {}), exported(environment, TelemetryTable(), print, {"OTEL_SDK_DISABLED": "true"}):
        assert not environment.stream.is_heard("case_0")


@pytest.mark.slow
def test_a_collector_that_is_away_fails_no_case_and_what_is_lost_is_said(engine: Engine) -> None:
    with Receiver(answers=503) as away:
        case_id, *told = worked_on(engine, away, cases=3)
    assert trace_of(engine, case_id).status == "resolved"
    (words,) = told
    assert words.startswith("The collector did not take") and "switchboard trace CASE" in words


@pytest.mark.slow
def test_a_collector_that_hangs_slows_no_case(engine: Engine) -> None:
    environment = Environment(engine, {"toys": toys.team()})
    told: list[str] = []
    with Receiver(seconds=30) as hangs, exported(environment, TelemetryTable(endpoint=hangs.url), told.append, {}):
        began = time.monotonic()
        with Worker(environment) as at_work:
            for _ in range(5):
                at_work.work(at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"}))
            assert time.monotonic() - began < 15
        ended = time.monotonic()
    assert time.monotonic() - ended < 10 and told


@pytest.mark.slow
def test_one_trace_goes_over_an_approval_wait_and_its_runs_are_linked(tmp_path: Path, receiver: Receiver) -> None:
    asked = document(tmp_path, "ask", LARGE, *GRACE, **receiver.variables)
    assert asked["end"] == "awaiting_approval"
    (waiting,) = document(tmp_path, "approvals")
    document(tmp_path, "approve", asked["case_id"], "--for", waiting["hash"], **receiver.variables)
    first, second = roots(receiver.spans)
    assert {span.trace_id for span in receiver.spans} == {trace_id(asked["case_id"])}
    assert first.links == () and second.links == ((first.trace_id, first.span_id),)
    assert second.attributes["switchboard.run.waited_for"] == "operator"
    assert second.attributes["switchboard.run.began_with"] == "answer"
    assert all(span.end - span.start < 60 for span in receiver.spans)


@pytest.mark.slow
def test_one_trace_goes_over_a_kill_a_second_worker_and_an_approval(tmp_path: Path, receiver: Receiver) -> None:
    asked, goes_on = threading.Event(), threading.Event()

    def answers(request: dict[str, Any]) -> Any:
        asked.set()
        return Slow(0 if goes_on.is_set() else 60, "I cannot tell.")

    with ScriptedModel(answers) as model:
        models = json.dumps([{"model": "little", "base_url": model.url, "api_key": "k"}])
        (tmp_path / "mails.jsonl").write_text(json.dumps({"id": "m-1", "text": LARGE, "email": GRACE[1]}) + "\n")
        variables = {**receiver.variables, "OAI_CONFIG_LIST": models}
        switchboard(tmp_path, "submit", "mails.jsonl", "--no-wait", **variables)
        with worker(tmp_path, **variables) as first:
            assert asked.wait(60)
            os.kill(first.process.pid, signal.SIGKILL)
            first.process.wait()
        assert receiver.spans == []
        goes_on.set()
        with worker(tmp_path, **variables) as second:
            receiver.wait_for(5, 60)
            (waiting,) = document(tmp_path, "approvals")
            switchboard(tmp_path, "approve", waiting["case_id"], "--for", waiting["hash"], **variables)
            ended(tmp_path, waiting["case_id"])
            second.signal(signal.SIGTERM)
            second.stopped()
    spans = receiver.spans
    first_run, second_run = roots(spans)
    assert {span.trace_id for span in spans} == {trace_id(waiting["case_id"])}
    assert first_run.attributes["switchboard.run.restarts"] == 1
    assert first_run.attributes["switchboard.run.end"] == "awaiting_approval"
    assert second_run.links == ((first_run.trace_id, first_run.span_id),)
    assert len({span.span_id for span in spans}) == len(spans)
    assert {parent for span in spans if (parent := span.parent_id)} <= {span.span_id for span in spans}


@pytest.mark.slow
def test_of_two_workers_on_one_postgres_the_one_that_is_left_ends_each_trace_once(
    tmp_path: Path, fresh: Fresh, receiver: Receiver
) -> None:
    goes_on = threading.Event()

    def answers(request: dict[str, Any]) -> Any:
        return Slow(0 if goes_on.is_set() else 10, "I cannot tell.")

    messages = [{"id": f"m-{n}", "text": LARGE, "email": GRACE[1]} for n in range(4)]
    (tmp_path / "mails.jsonl").write_text("".join(f"{json.dumps(message)}\n" for message in messages))
    with ScriptedModel(answers) as model:
        models = json.dumps([{"model": "little", "base_url": model.url, "api_key": "k"}])
        variables = {**receiver.variables, "SWITCHBOARD_DATABASE_URL": fresh.shop(), "OAI_CONFIG_LIST": models}
        two = ("--concurrency", "2")
        with worker(tmp_path, *two, **variables) as first, worker(tmp_path, *two, **variables) as second:
            switchboard(tmp_path, "submit", "mails.jsonl", "--no-wait", **variables)
            until = time.monotonic() + 60
            while len(model.requests) < 4 and time.monotonic() < until:  # two at each worker
                time.sleep(0.05)
            first.process.kill()
            first.process.wait()
            goes_on.set()
            until = time.monotonic() + 120
            while len(roots(receiver.spans)) < 4 and time.monotonic() < until:
                time.sleep(0.1)
            second.process.send_signal(signal.SIGTERM)
            second.process.wait(90)
    cases = document(tmp_path, "cases", **variables)
    spans = receiver.spans
    assert sorted(root.trace_id for root in roots(spans)) == sorted(trace_id(case["case_id"]) for case in cases)
    assert len({span.span_id for span in spans}) == len(spans)
    assert {root.attributes["switchboard.run.restarts"] for root in roots(spans)} <= {0, 1}
    assert any(root.attributes["switchboard.run.restarts"] == 1 for root in roots(spans))


def ended(folder: Path, case_id: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while document(folder, "show", case_id)["end"] != "resolved":
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.slow
def test_a_run_that_is_sent_twice_has_the_same_ids(engine: Engine, receiver: Receiver) -> None:
    case_id, *_ = worked_on(engine, receiver)
    environment = Environment(engine, {"toys": toys.team(lambda view: Say("x"))})
    with exported(environment, TelemetryTable(endpoint=receiver.url), print, {}):
        environment.stream.tell(RunFinished(case_id=case_id, run=1, end="resolved"))
    spans = receiver.spans
    half = len(spans) // 2
    assert half and ids(spans[:half]) == ids(spans[half:])


def ids(spans: list[Received]) -> list[tuple[str, ...]]:
    return sorted((span.trace_id, span.span_id, span.parent_id, span.name) for span in spans)


@pytest.mark.slow
def test_the_project_file_and_the_variable_say_whereto(tmp_path: Path, receiver: Receiver) -> None:
    done = switchboard(tmp_path, "ask", "Where is my order #W1000009?", *GRACE, **receiver.variables)
    assert done.returncode in (0, 3), said(done)
    assert roots(receiver.spans)
    told = said(switchboard(tmp_path, "check", **receiver.variables))
    assert f"traces and metrics are sent to {receiver.url}, names, numbers and ids alone" in told
    for wrong in (
        "ftp://x",
        "http://ada:secret@x",
        "localhost:4318",
        "http://x/?key=1",
        "http://x:99999",
        "http://[::1",
        "http://a b",
    ):
        with pytest.raises(ValueError, match=r"address|secret"):
            TelemetryTable(endpoint=wrong)
    for wrong in ("localhost:4318", "http://x:99999", "nowhere"):
        done = switchboard(tmp_path, "check", OTEL_EXPORTER_OTLP_ENDPOINT=wrong)
        assert f"OTEL_EXPORTER_OTLP_ENDPOINT is {wrong}, which is no address" in said(done) and done.returncode == 2
