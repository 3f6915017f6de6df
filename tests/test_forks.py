"""A case goes on from one of its lines as a new one: nothing before is paid or done again, nothing after it without a yes."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support import toys
from support.commands import GRACE, LARGE, document, said, switchboard
from support.terminal import PLAIN, environment

from groupchats.desk import team as desk
from switchboard.cases.approvals import open_approvals
from switchboard.cases.runs import Environment
from switchboard.cases.statistics.queries import stats_of
from switchboard.cases.tracing.tree import run_of, trace_of
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.team import Rule
from switchboard.engine.worker import Worker
from switchboard.migrations import migrate_cases
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, tool_calls
from switchboard.service.conversations import ask
from switchboard.service.fork import fork, lines

EMMA = ["--email", "emma.lindqvist@example.com"]
TWICE = "I was charged twice for order #W1000001, please refund it."
BOTH = "SELECT count(*) FROM refunds"


def listed(folder: Path, case_id: str) -> list[dict[str, Any]]:
    return list(json.loads(switchboard(folder, "fork", case_id, "--json").stdout))


def number(folder: Path, case_id: str, kind: str, which: int = 0, **facts: str) -> int:
    found = [one for one in listed(folder, case_id) if one["kind"] == kind and facts.items() <= one.items()]
    return int(found[which]["number"])


def count(shop: Engine, query: str = BOTH) -> int:
    with shop.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


@pytest.mark.slow
def test_other_words_make_another_case_and_leave_the_first_as_it_was(tmp_path: Path, shop: Engine) -> None:
    first = document(tmp_path, "ask", TWICE, *EMMA)
    forked = document(tmp_path, "fork", first["case_id"], "--from", "1", "--with", "Where is my order #W1000001?")
    assert (forked["end"], forked["department"]) == ("resolved", "orders")
    assert forked["case_id"] != first["case_id"]
    assert document(tmp_path, "show", first["case_id"])["transcript"] == first["transcript"]
    assert switchboard(tmp_path, "replay", forked["case_id"]).returncode == 0
    assert f"It was forked from {first['case_id']}." in said(switchboard(tmp_path, "show", forked["case_id"]))


@pytest.mark.slow
def test_what_was_done_before_is_not_done_again_and_what_comes_after_waits(tmp_path: Path, shop: Engine) -> None:
    before = count(shop)
    first = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    assert count(shop) == before + 1
    told = number(tmp_path, first, "message", 1)
    forked = document(tmp_path, "fork", first, "--from", str(told))
    assert forked["end"] == "resolved"
    assert switchboard(tmp_path, "replay", forked["case_id"]).returncode == 0
    assert count(shop) == before + 1


@pytest.mark.slow
def test_what_a_fork_has_of_another_case_is_neither_counted_nor_traced_again(tmp_path: Path) -> None:
    with ScriptedModel(["I have paid nothing yet."], repeat=True) as model:
        bank = Bank(tmp_path)
        entry = [{"model": "little", "base_url": model.url, "price": [0.5, 1.0]}]
        bank.environment.gateway = Gateway(read_endpoints(json.dumps(entry)), retries=0)
        first = ask(bank, "toys", "Please pay me.")["case_id"]
        before, asked = stats_of(bank.engine), model.count
        at = [one.number for one in lines(bank, first) if one.entry.kind == "message"][-1]
        forked = fork(bank, first, at)["case_id"]
        assert asked == before.all.model_calls > 0 and model.count == asked
    assert stats_of(bank.engine) == before
    assert trace_of(bank.engine, forked).usage.model_calls == 0
    assert trace_of(bank.engine, first).usage.model_calls == asked
    sent = run_of(bank.engine, forked, 1)
    assert sent and not [span for span in sent.span.walk() if span.kind == "model"]


class Bank:
    """A place of the toys, whose worker pays by a rule, as often as it is asked."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(sqlite_url(folder / "toys.db"))
        migrate_cases(self.engine)
        self.environment = Environment(self.engine, {"toys": toys.team()})

    @contextmanager
    def worker(self, about: str = "") -> Iterator[Worker]:
        with Worker(self.environment) as worker:
            yield worker


@pytest.mark.slow
def test_what_a_rule_lets_pass_waits_for_an_operator_in_a_fork(tmp_path: Path) -> None:
    bank = Bank(tmp_path)
    toys.PAID.clear()
    first = ask(bank, "toys", "Please pay me.", "ada@example.com")
    paid = next(one.number for one in lines(bank, first["case_id"]) if one.entry.kind == "call" and one.entry.tool == "pay")
    assert (first["end"], len(toys.PAID)) == ("resolved", 1)
    again = fork(bank, first["case_id"], paid)
    assert (again["end"], len(toys.PAID)) == ("awaiting_approval", 1)
    (asked,) = open_approvals(bank.engine, again["case_id"])
    assert f"forked from {first['case_id']}, in which it may have been done" in asked.why
    assert fork(bank, first["case_id"], paid + 3)["end"] == "resolved"
    assert len(toys.PAID) == 1
    bank.engine.dispose()


@pytest.mark.slow
def test_no_model_is_paid_again_for_what_is_before(tmp_path: Path, shop: Engine) -> None:
    def script(request: dict[str, Any]) -> Any:
        tools = sum(message["role"] == "tool" for message in request["messages"])
        look = tool_calls([("get_order_details", {"order_id": "#W1000009"})])
        return [look, "Your order #W1000009 is delivered."][min(tools, 1)]

    with ScriptedModel(script) as model:
        config = {"OAI_CONFIG_LIST": json.dumps([{"model": "m", "base_url": model.url, "api_key": "x"}])}
        first = document(tmp_path, "ask", "Where is my order #W1000009?", *GRACE, **config)
        asked = len(model.requests)
        reply = number(tmp_path, first["case_id"], "message", 1)
        forked = document(tmp_path, "fork", first["case_id"], "--from", str(reply), **config)
        assert (forked["end"], len(model.requests)) == (first["end"], asked)
        result = number(tmp_path, first["case_id"], "result", 1)
        document(tmp_path, "fork", first["case_id"], "--from", str(result), **config)
        assert 0 < len(model.requests) - asked < asked


@pytest.mark.slow
def test_a_yes_of_an_operator_holds_for_no_fork(tmp_path: Path, shop: Engine) -> None:
    before = count(shop)
    case_id = document(tmp_path, "ask", LARGE, *GRACE)["case_id"]
    bound = document(tmp_path, "show", case_id)["approvals"][0]["hash"]
    assert document(tmp_path, "approve", case_id, "--for", bound)["end"] == "resolved"
    assert count(shop) == before + 1
    answered = number(tmp_path, case_id, "decision")
    refused = switchboard(tmp_path, "fork", case_id, "--from", str(answered))
    assert (refused.returncode, "holds for that case alone" in said(refused)) == (2, True)
    assert count(shop) == before + 1


@pytest.mark.slow
def test_what_cannot_be_forked_says_what_would_work(tmp_path: Path, shop: Engine) -> None:
    case_id = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    assert "has no line 3." in said(switchboard(tmp_path, "fork", case_id, "--from", "3")), "a step is no line"
    result = number(tmp_path, case_id, "result")
    others = switchboard(tmp_path, "fork", case_id, "--from", str(result), "--with", "Hello")
    assert (others.returncode, "is not the customer's" in said(others)) == (2, True)
    switchboard(tmp_path, "clean-up", "--older-than", "0")
    assert "no record of its steps" in said(switchboard(tmp_path, "fork", case_id, "--from", str(result)))


@pytest.mark.slow
def test_code_that_goes_another_way_before_the_line_is_told(
    tmp_path: Path, shop: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    told = number(tmp_path, case_id, "message", 1)
    monkeypatch.setattr("groupchats.desk.team", replace(desk, approvals=(Rule("reject", tool="list_charges"), *desk.approvals)))
    refused = switchboard(tmp_path, "fork", case_id, "--from", str(told))
    assert (refused.returncode, "goes another way before line" in said(refused)) == (2, True)
    called = number(tmp_path, case_id, "call", tool="find_user_id_by_email")
    assert document(tmp_path, "fork", case_id, "--from", str(called))["end"] == "awaiting_customer"


@pytest.mark.slow
def test_the_customer_of_a_chat_says_something_else_at_a_line_within_it(tmp_path: Path, shop: Engine) -> None:
    switchboard(tmp_path, "chat", *EMMA, given="Where is my order?\nThe one with the kettle, #W1000001\n")
    case_id = json.loads(switchboard(tmp_path, "cases", "--json").stdout)[0]["case_id"]
    second = number(tmp_path, case_id, "message", 1, speaker="customer")
    forked = document(tmp_path, "fork", case_id, "--from", str(second), "--with", "I want to speak to a person.")
    assert forked["end"] == "escalated"


@pytest.mark.slow
def test_one_that_is_killed_goes_on_with_resume(tmp_path: Path, shop: Engine) -> None:
    first = document(tmp_path, "ask", TWICE, *EMMA)["case_id"]
    env = environment(tmp_path)
    process = subprocess.Popen([*PLAIN, "fork", first, "--from", "1"], cwd=tmp_path, env=env, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while count(shop, "SELECT count(*) FROM cases") < 2:
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    switchboard(tmp_path, "resume", "--all")
    found = json.loads(switchboard(tmp_path, "cases", "--json").stdout)
    assert [one["end"] for one in found] == ["resolved", "resolved"]
    assert count(shop, "SELECT count(*) FROM refunds WHERE order_id = '#W1000001'") == 1
