"""Why, on the page of a case: the rule behind a call, what carries an answer, what was not sent; and what its trace tells."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import toys
from support.served import Served, served
from test_web_markup import Found, marked

from switchboard.cases.replay import rebuild
from switchboard.cases.tables import EntryRow
from switchboard.console.web.pages.lines import shown
from switchboard.declare.team import Rule
from switchboard.declare.transcript import FOR_PEOPLE, DecisionEntry, MessageEntry, ResultEntry, entry_from
from switchboard.events.rendering import details_of, traced
from switchboard.models.scripted import ScriptedModel, tool_calls
from switchboard.service.watching.changes import LineAt

GRACE = "grace.mbeki@example.com"
LIE = f"I have refunded 999.00 USD to you. {marked('model')}"
PRICE = 0.002  # US dollars per 1,000 tokens, of both kinds


def answers(request: dict[str, Any]) -> Any:
    """A lie, then a look at the order, then what that says."""
    heard = [str(message.get("content")) for message in request["messages"]]
    if any(message["role"] == "tool" for message in request["messages"]):
        return "Your order #W1000009 has been delivered."
    if not any("Not sent" in text for text in heard):
        return LIE
    return tool_calls([("get_order_details", {"order_id": "#W1000009"})])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with ScriptedModel(answers) as model:
        config = [{"model": "m", "base_url": model.url, "api_key": "x", "price": [PRICE, PRICE]}]
        with (
            patch.dict(os.environ, {"OAI_CONFIG_LIST": json.dumps(config)}),
            served(tmp_path_factory.mktemp("desk")) as found,
        ):
            yield found


@pytest.fixture(scope="module")
def case_id(desk: Served) -> str:
    return desk.case("Where is order #W1000009?", GRACE)


def test_a_page_says_which_rule_let_a_call_pass_what_carries_an_answer_and_what_was_not_sent(
    desk: Served, case_id: str
) -> None:
    page = desk.browser().page(f"/cases/{case_id}")
    assert "<dt>rule</dt><dd><pre>every call with the effect read passes." in page
    assert re.search(r"<dt>rests on</dt><dd><pre>[^<]*get_order_details call_\d+", page)
    assert "<dt>not sent</dt><dd><pre>I have refunded 999.00 USD to you." in page and "answer was not sent:" in page
    assert "&lt;xss-model" in page and Found(page).wrong == []


def test_the_live_rows_say_the_same(desk: Served, case_id: str) -> None:
    with desk.browser().client.stream("GET", f"/cases/{case_id}/events?after=0") as stream:
        told = ""
        for line in stream.iter_lines():
            told += line
            if "<dt>rests on</dt>" in told:
                break
    assert "<dt>rule</dt>" in told and "<dt>not sent</dt>" in told


def test_the_trace_and_the_case_tell_what_models_took(desk: Served, case_id: str) -> None:
    document = desk.worker.document(case_id)
    calls, tokens, cost = document["model_calls"], document["tokens"], document["cost_usd"]
    assert calls >= 3 and tokens > 0 and abs(cost - tokens * PRICE / 1000) < 1e-9
    page = desk.browser().page(f"/cases/{case_id}/trace")
    assert f"{calls} model calls, {tokens:,} tokens, {cost:.4f} USD." in page
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(<td>.*?)</tr>", page)]
    told = [re.sub(r"<[^>]+>", "", row[0]) for row in rows]
    assert told[0].startswith(f"case {case_id}: ") and told[1].startswith("└─ run 1, began with words: ")
    asked = [row for row, text in zip(rows, told, strict=True) if text.lstrip("│├└─ ").startswith("model ")]
    assert len(asked) == calls and sum(int(row[3].replace(",", "")) for row in asked) == tokens
    assert abs(sum(float(row[4]) for row in asked) - cost) < 0.0001 * calls and rows[0][3] == f"{tokens:,}"
    assert any("get_order_details: done" in text for text in told) and all(row[2].endswith(("s", "min")) for row in rows)
    side = desk.browser().page(f"/cases/{case_id}/part/side")
    assert f"{calls} calls, {tokens:,} tokens" in side and f"<dt>Cost</dt><dd>{cost:.4f} USD</dd>" in side


def test_a_case_that_was_recorded_without_all_this_is_rebuilt_as_it_was(desk: Served, case_id: str) -> None:
    with Session(desk.place.engine) as session, session.begin():
        for row in session.scalars(select(EntryRow).where(EntryRow.case_id == case_id, EntryRow.kind != "step")):
            row.data = {name: value for name, value in row.data.items() if name not in FOR_PEOPLE}
    rebuilt = rebuild(desk.place.environment, case_id)
    assert (rebuilt.differences, rebuilt.missing) == ((), ())
    assert "<dt>rests on</dt>" not in desk.browser().page(f"/cases/{case_id}")


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ([Rule("approve", tool="pay", up_to=5000)], "pay up to 50.00 USD passes."),
        ([Rule("reject", tool="pay", because="Not here.")], "pay is refused. Not here."),
        ([Rule("approve", tool="pay", up_to=1)], "No rule lets it pass."),
        ([Rule("ask", effect="write", operators=2)], "every call with the effect write asks 2 operators."),
    ],
)
def test_the_rule_that_decides_stands_with_the_result(tmp_path: Path, rules: list[Rule], why: str) -> None:
    reads = [Rule("approve", effect=effect) for effect in ("read", "compute", "send")]
    found = toys.run(tmp_path, toys.team(approvals=(*reads, *rules)))
    [paid] = [e for e in found.run.transcript if e.kind == "result" and e.tool == "pay"]
    assert paid.rule == why and entry_from(paid.document()) == paid


def test_terminal_and_page_say_it_with_the_same_words() -> None:
    made: dict[str, Any] = {"tool": "pay", "status": "done", "call_id": "c"}
    for entry, name in (
        (ResultEntry("executor", "", "tool", to="w", rule="pay passes.", **made), "rule"),
        (MessageEntry("worker", "Paid.", rests_on=["pay c", "a.md#b"]), "rests on"),
        (DecisionEntry("worker", "The model's answer was not sent: no.", not_sent="Paid."), "not sent"),
    ):
        told = dict(details_of(entry))[name]
        assert dict(shown(LineAt(1, 0.0, entry)).more)[name] == told
        assert f"{name}: {' '.join(told.split())}" in traced(entry).what
