"""Budgets of a project: what all models may take in a day, a month and in all, on all of its processes together."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support.crowd import crowd, refund_step_by_step
from support.killed import Nursery
from support.postgres import Fresh, with_driver
from support.sample import prepared
from test_storm import check_that_each_was_refunded_once, open_cases, until_all_are_over

from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.cases.spending import budgets as by_clock
from switchboard.cases.spending.budgets import Budgets
from switchboard.cases.spending.rows import holds, settle, spending
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Say, Unsure
from switchboard.declare.outcomes import Wasted
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.events.stream import Event
from switchboard.flows.hub import hub
from switchboard.loop.drive import run_team
from switchboard.migrations import migrate_cases
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.money.budgets import Budget, Estimate, Spending, Stand
from switchboard.models.scripted import ScriptedModel
from switchboard.tables.project_file import ProjectFile, read_table

GREETER = AgentSpec("greeter", "Greets.", "You greet.", lambda view: Unsure(Say("The rules greet you.")))
TEAM = TeamSpec("counter", "Greets.", {"greeter": GREETER}, hub("greeter", {}), (Rule("approve"),))
CALL = Estimate(100, 0.5, 60.0)
ROOT = Path(__file__).parent.parent


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


def budget(engine: Engine, *given: Budget, zone: str | None = None, wait: float = 0.0) -> Budgets:
    return Budgets(lambda: engine, given, zone, wait=wait)


def gateway(model: ScriptedModel, counts: Spending) -> Gateway:
    entry = {"model": "house-model", "base_url": model.url, "price": [0.01, 0.01]}
    return Gateway(read_endpoints(json.dumps([entry])), retries=0, spending=counts)


def spent(engine: Engine) -> tuple[int, int]:
    """Calls and tokens so far."""
    with Session(engine) as session:
        calls, tokens = session.execute(select(func.sum(spending.c.calls), func.sum(spending.c.tokens))).one()
        return int(calls or 0), int(tokens or 0)


def held(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(holds)) or 0


@contextmanager
def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(by_clock, "clock", lambda _: datetime.fromisoformat(moment).astimezone(UTC))
        yield


def test_a_run_asks_the_model_within_the_budget_and_goes_on_by_rules_beyond_it(rows: Engine) -> None:
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        environment = Environment(rows, {"counter": TEAM}, gateway(model, budget(rows, Budget("day", "tokens", 10))))
        with Worker(environment) as worker:
            documents = [worker.work(worker.open_case("counter", "Hello")) for _ in range(3)]
        asked = model.count
    assert [d["model_calls"] for d in documents] == [1, 0, 0] and asked == 1
    assert [d["end"] for d in documents] == ["resolved"] * 3
    assert [d["reply"] for d in documents][1:] == ["The rules greet you."] * 2
    why = next(e["text"] for e in documents[1]["transcript"] if e["kind"] == "decision")
    assert "The budget is used up" in why and "of 10 tokens of the day" in why and "until tomorrow" in why
    assert why.endswith("The rules answer.")
    assert spent(rows) == (1, documents[0]["tokens"]) and held(rows) == 0


def test_what_a_replay_comes_to_does_not_depend_on_the_budget_of_today(rows: Engine) -> None:
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        environment = Environment(rows, {"counter": TEAM}, gateway(model, budget(rows, Budget("project", "tokens", 10))))
        with Worker(environment) as worker:
            documents = [worker.work(worker.open_case("counter", "Hello")) for _ in range(2)]
        asked, environment.gateway = model.count, gateway(model, budget(rows))
        for document in documents:
            again = rebuild(environment, document["case_id"])
            assert again.complete and not again.differences and again.document == document
        assert model.count == asked and spent(rows)[0] == 1


def test_what_no_journal_records_is_counted_too(rows: Engine, tmp_path: Path) -> None:
    thrown_away = open_engine(sqlite_url(tmp_path / "thrown_away.db"))
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        asked = gateway(model, budget(rows, Budget("day", "tokens", 10)))
        first, second = (run_team(TEAM, "Hello", engine=thrown_away, gateway=asked) for _ in range(2))
    thrown_away.dispose()
    assert (first.document["model_calls"], second.document["model_calls"]) == (1, 0)
    assert spent(rows) == (1, first.document["tokens"]) and held(rows) == 0


def test_without_a_budget_calls_are_counted_all_the_same_so_that_one_can_be_set_later(rows: Engine) -> None:
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        environment = Environment(rows, {"counter": TEAM}, gateway(model, budget(rows)))
        with Worker(environment) as worker:
            document = worker.work(worker.open_case("counter", "Hello"))
    assert spent(rows) == (1, document["tokens"])
    (stand,) = budget(rows, Budget("month", "tokens", 1)).stand()
    assert stand.is_used_up and stand.used == document["tokens"]


def test_a_budget_that_runs_out_is_told_once_as_an_event_and_a_line(rows: Engine, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Event] = []
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        one = gateway(model, budget(rows))
        environment = Environment(rows, {"counter": TEAM}, one)
        environment.stream.listen(heard.append)
        with Worker(environment) as worker, caplog.at_level(logging.WARNING, "switchboard"):
            took = worker.work(worker.open_case("counter", "Hello"))["tokens"]
            one.spending = budget(rows, Budget("day", "tokens", int(took * 2.1)), wait=0.0)
            with Session(rows) as session:
                settle(session.connection(), [("another", datetime.now(UTC).date().isoformat(), Wasted(1, took, 0.0))])
                session.commit()
            for _ in range(4):
                worker.work(worker.open_case("counter", "Hello"))
    told = [event.text for event in heard if event.kind == "budget_warned"]
    assert told == [record.getMessage() for record in caplog.records]
    assert len(told) == 2 and f"{2 * took} of" in told[0] and "runs out" in told[0] and "the rules go on" in told[1]


def test_a_case_that_nears_a_limit_of_its_own_tells_it_once(rows: Engine, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Event] = []
    with ScriptedModel(["Welcome, dear customer."], repeat=True) as model:
        environment = Environment(rows, {"counter": TEAM}, gateway(model, budget(rows)))
        environment.stream.listen(heard.append)
        with Worker(environment) as worker, caplog.at_level(logging.WARNING, "switchboard"):
            took = worker.work(worker.open_case("counter", "Hello"))["tokens"]
            for most in (int(took * 1.5), int(took / 0.9)):
                environment.teams = {"counter": replace(TEAM, limits=Limits(tokens=most))}
                document = worker.work(worker.open_case("counter", "Hello"))
    told = [event.text for event in heard if event.kind == "budget_warned"]
    assert told == [f"Budget of {document['case_id']}: {took:,} of {most:,} tokens are used. It runs out."]
    assert told == [record.getMessage() for record in caplog.records]


def test_at_eighty_and_at_a_hundred_per_cent_each_process_together_tells_once(rows: Engine) -> None:
    both = [budget(rows, Budget("day", "cost_usd", 10.0)) for _ in range(2)]
    told: list[str] = []
    for number in range(30):
        begun = both[number % 2].begin(f"case-{number}", lambda: Estimate(1, 0.01, 60.0))
        told += begun.warnings
        if not begun.refused:
            both[0].settle(f"case-{number}", begun.day, Wasted(1, 1, 1.0))
    assert len(told) == 2
    assert "8.00 of 10.00 US dollars of the day" in told[0] and "runs out" in told[0]
    assert "10.00 of 10.00" in told[1] and "the rules go on" in told[1]


def test_calls_of_unknown_price_are_told_beside_a_budget_of_money_and_count_to_one_of_tokens(rows: Engine) -> None:
    counts = budget(rows, Budget("day", "cost_usd", 1.0), Budget("day", "tokens", 1000))
    begun = counts.begin("case", lambda: CALL)
    counts.settle("case", begun.day, Wasted(2, 700, 0.25, 1))
    money, tokens = sorted(counts.stand(), key=lambda stand: stand.budget.unit)
    assert money.told == "0.25 of 1.00 US dollars of the day (beside 1 call of unknown price)"
    assert tokens.told == "700 of 1,000 tokens of the day"


def test_a_day_is_one_of_the_projects_time_zone_and_a_month_is_its_days(rows: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    daily, monthly = Budget("day", "tokens", 100), Budget("month", "tokens", 250)
    berlin = budget(rows, daily, monthly, zone="Europe/Berlin")

    def call(name: str, moment: str) -> str:
        with at(monkeypatch, moment):
            begun = berlin.begin(name, lambda: CALL)
            if not begun.refused:
                berlin.settle(name, begun.day, Wasted(1, 100, 0.0))
            return begun.refused or begun.day

    assert call("a", "2026-03-01T22:30:00+00:00") == "2026-03-01"
    assert "of the day" in call("b", "2026-03-01T22:59:00+00:00")
    assert call("c", "2026-03-01T23:01:00+00:00") == "2026-03-02", "in Berlin the next day has begun"
    assert call("d", "2026-03-05T12:00:00+00:00") == "2026-03-05"
    assert "of the month" in call("e", "2026-03-31T21:59:00+00:00")
    assert call("f", "2026-03-31T22:01:00+00:00") == "2026-04-01"


def test_a_call_that_is_under_way_holds_what_it_may_take_until_it_is_counted_or_its_process_is_long_dead(
    rows: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = budget(rows, Budget("project", "tokens", 150))
    first = counts.begin("first", lambda: Estimate(150, 0.0, 60.0))
    assert not first.refused
    refused = counts.begin("second", lambda: CALL).refused
    assert "held by calls that are under way" in refused and "0 of 150 tokens of the project" in refused
    assert not counts.begin("first", lambda: CALL).refused, "the same call, made again after a crash, holds anew"
    later = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 61, UTC).isoformat()
    with at(monkeypatch, later):
        assert not counts.begin("second", lambda: CALL).refused


def test_while_there_is_room_for_many_calls_at_once_nothing_is_held_and_beyond_it_is(rows: Engine) -> None:
    counts = budget(rows, Budget("day", "tokens", 100_000))
    assert counts.begin("first", lambda: CALL).day and held(rows) == 0
    counts.settle("first", counts.begin("second", lambda: CALL).day, Wasted(1, 75_000, 0.0))
    assert counts.begin("third", lambda: CALL).day and held(rows) == 1


@pytest.mark.slow
def test_a_call_waits_for_what_others_hold_and_is_made_where_they_took_less(rows: Engine) -> None:
    counts = budget(rows, Budget("day", "tokens", 150), wait=30.0)
    first = counts.begin("first", lambda: Estimate(150, 0.0, 0.6))  # it lapses while the second one waits
    assert not first.refused and not counts.begin("second", lambda: CALL).refused


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_four_processes_hold_a_budget_to_within_one_call(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    fresh: Fresh | None = request.getfixturevalue("fresh") if kind == "postgresql" else None
    url = with_driver(fresh()) if fresh else sqlite_url(tmp_path / "rows.db")
    engine = open_engine(url)
    migrate_cases(engine)
    takes, most = 700, 20_000
    program = [sys.executable, str(ROOT / "tests" / "support" / "spender.py"), url]
    given: dict[str, Any] = {"env": {**os.environ, "PYTHONPATH": str(ROOT)}, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([*program, f"p{n}", str(most), str(takes)], **given) for n in range(4)]
    said = [process.communicate(timeout=60)[0] for process in started]
    calls, tokens = spent(engine)
    engine.dispose()
    assert [process.returncode for process in started] == [0] * 4, said
    assert most <= tokens <= most + takes and calls == tokens // takes
    assert all("is used up" in text for text in said)
    assert sum(text.count("runs out") for text in said) == 1 and sum(text.count("the rules go on") for text in said) == 1


@pytest.mark.slow
def test_four_workers_on_postgres_end_every_case_and_hold_the_budget(fresh: Fresh, nursery: Nursery, tmp_path: Path) -> None:
    engine = prepared(with_driver(fresh()))
    customers = crowd(engine, 40)
    with ScriptedModel(refund_step_by_step(customers, 0.1)) as model:
        config = model.config(tmp_path)
        one = {"concurrency": 5, "tokens_a_day": 80_000}
        address = engine.url.render_as_string(hide_password=False)
        workers = [nursery.start("work", address, config, **one) for _ in range(4)]
        opened = open_cases(engine, customers)
        until_all_are_over(engine, 40, seconds=120)
        for worker in workers:
            worker.stop()
        asked = model.count
    calls, tokens = spent(engine)
    check_that_each_was_refunded_once(engine, opened)
    print(f"{calls} of {3 * 40} calls, {tokens} tokens of 80,000")
    assert calls == asked < 3 * 40
    assert 80_000 <= tokens <= 80_000 + tokens / calls * 4
    assert sum(worker.told().count("runs out") for worker in workers) == 1
    engine.dispose()


def test_budgets_are_declared_in_the_projects_file(tmp_path: Path) -> None:
    text = 'name = "Acme"\n[budgets.day]\ntokens = 1_000\ncost_usd = 2\n[budgets.project]\ncost_usd = 50.5\n'
    (tmp_path / "switchboard.toml").write_text(text, encoding="utf-8")
    made = read_table(tmp_path / "switchboard.toml", ProjectFile).budgets.made()
    assert made == (Budget("day", "tokens", 1000), Budget("day", "cost_usd", 2.0), Budget("project", "cost_usd", 50.5))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[budgets.week]\ntokens = 1", 'there is no key "budgets.week"'),
        ("[budgets.day]\ntokens = 0", "greater than or equal to 1"),
        ("[budgets.day]\ncost = 1", "cost_usd"),
        ('[prices."m"]\ninput = -1\noutput = 1', "greater than or equal to 0"),
        ('[prices."m"]\ninput = 1', '"prices.m.output" is missing'),
    ],
)
def test_a_budget_or_price_that_is_none_is_refused_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "switchboard.toml").write_text(f'name = "Acme"\n{text}\n', encoding="utf-8")
    with pytest.raises(OperatorError, match="line") as caught:
        read_table(tmp_path / "switchboard.toml", ProjectFile)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("used", "most", "told"),
    [
        (0.0, 20, "0.00 of 20.00"),
        (1234.567, 2000, "1,234.56 of 2,000.00"),
        (0.29, 1, "0.29 of 1.00"),
        (0.4999, 0.5, "0.49 of 0.50"),
        (0.0009, 0.001, "0.000900 of 0.00100"),
        (0.1 + 0.2, 0.4, "0.30 of 0.40"),
    ],
)
def test_no_budget_reads_as_used_up_or_as_nothing_before_it_is(used: float, most: float, told: str) -> None:
    assert Stand(Budget("day", "cost_usd", most), used, 0, 0).told == f"{told} US dollars of the day"
