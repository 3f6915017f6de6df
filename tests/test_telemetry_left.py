"""What a collector did not take at once: it is sent when there is one that does, whoever is at work then."""

import json
import os
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from support import toys
from support.commands import GRACE, LARGE, document, switchboard
from support.otlp_receiver import Receiver, roots
from support.working import worker
from test_telemetry import worked_on

from switchboard.cases.runs import Environment
from switchboard.cases.tracing.sent import unsent
from switchboard.cases.tracing.tree import trace_of
from switchboard.engine.worker import Worker
from switchboard.events.stream import RunFinished
from switchboard.events.tracing.leaving import Leaving, Masks
from switchboard.events.tracing.otlp import Otlp
from switchboard.events.tracing.span import trace_id
from switchboard.events.tracing.table import TelemetryTable
from switchboard.service.watching.export import Exporting, exported


@pytest.mark.slow
@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_redirect_is_followed_nowhere_and_what_it_did_not_take_is_said(engine: Engine, status: int) -> None:
    with Receiver() as elsewhere, Receiver(answers=status, location=f"{elsewhere.url}/v1/traces") as redirects:
        _, *told = worked_on(engine, redirects)
    assert elsewhere.bodies == []
    assert told and told[0].startswith("The collector did not take")


@pytest.mark.slow
def test_what_a_collector_did_not_take_is_sent_when_it_is_back(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.service.watching.export.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("switchboard.cases.tracing.sent.JUST_NOW", timedelta(0))
    environment = Environment(engine, {"toys": toys.team()})
    told: list[str] = []
    with Receiver(answers=400) as away, exported(environment, TelemetryTable(endpoint=away.url), told.append, {}):
        with Worker(environment) as at_work:
            for _ in range(3):
                ref = at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
                at_work.work(ref)
        away.answers = 200
        spans = away.wait_for(3 * len(list(trace_of(engine, ref.case_id).walk())) - 3)
        assert len(roots(spans)) == 3
    assert told == [] and len({span.span_id for span in away.spans}) == len(away.spans)


@pytest.mark.slow
def test_what_is_refused_for_good_keeps_nothing_else_from_being_sent(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.service.watching.export.LOOK_SECONDS", 0.2)
    monkeypatch.setattr("switchboard.cases.tracing.sent.JUST_NOW", timedelta(0))
    environment = Environment(engine, {"toys": toys.team()})
    with Worker(environment) as at_work:
        refs = [at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"}) for _ in range(5)]
        for ref in refs:
            at_work.work(ref)
    sent: list[str] = []
    told: list[str] = []

    class Refuses(Otlp):
        def send(self, spans: Sequence[Leaving]) -> int:
            sent.append(spans[0].trace_id)
            return len(spans) if spans[0].trace_id == trace_id(refs[0].case_id) else 0

    exporting = Exporting(engine, Refuses("http://127.0.0.1:9", "1", {}), Masks(), told.append)
    until = time.monotonic() + 20
    while len(unsent(engine)) > 1 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1.0)
    exporting.close()
    assert sent.count(trace_id(refs[0].case_id)) == 1 and set(sent) == {trace_id(ref.case_id) for ref in refs}
    assert unsent(engine) == [refs[0]] and "1 run" in told[0]


@pytest.mark.slow
def test_what_a_killed_process_had_not_sent_is_sent_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.cases.tracing.sent.JUST_NOW", timedelta(0))
    (tmp_path / "mails.jsonl").write_text(json.dumps({"id": "m-1", "text": LARGE, "email": GRACE[1]}) + "\n")
    with Receiver(seconds=30) as hangs, worker(tmp_path, **hangs.variables) as first:
        switchboard(tmp_path, "submit", "mails.jsonl", "--no-wait")
        until = time.monotonic() + 60
        while not (waiting := document(tmp_path, "approvals")) and time.monotonic() < until:
            time.sleep(0.1)
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        assert hangs.bodies == []
    with Receiver() as receiver:
        asked = document(tmp_path, "ask", "Where is my order #W1000009?", *GRACE, **receiver.variables)
    both = {trace_id(waiting[0]["case_id"]), trace_id(asked["case_id"])}
    assert {root.trace_id for root in roots(receiver.spans)} == both


@pytest.mark.slow
def test_more_runs_than_wait_stay_in_their_rows_and_are_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.service.watching.export.MOST_WAITING", 3)
    environment = Environment(engine, {"toys": toys.team()})
    told: list[str] = []
    with Receiver(seconds=5) as slow, exported(environment, TelemetryTable(endpoint=slow.url), told.append, {}):
        with Worker(environment) as at_work:
            ref = at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
            at_work.work(ref)
        began = time.monotonic()
        for number in range(1000):
            environment.stream.tell(RunFinished(case_id=ref.case_id, run=number, end="resolved"))
        assert time.monotonic() - began < 2
    assert " runs. " in told[0]
