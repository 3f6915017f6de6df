"""The desk on real model servers, which refuse, translate and answer as no script of ours would."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.model_servers import litellm, llama_cpp, portkey, provider
from support.own_shop import rows, seeded

from groupchats.desk import team
from scenarios import names, scenario_called
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.scenario import play

pytestmark = pytest.mark.slow

ORDER, EMAIL = "#W1000001", "emma.lindqvist@example.com"
OPENING = f"The same amount was taken twice for order {ORDER}. Please give me one of them back."
REFUND = {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 4250, "reason": "It was taken twice."}
STEPS: list[tuple[str, dict[str, Any]]] = [("list_charges", {"order_id": ORDER}), ("refund_order", REFUND)]
ROOM = 200
"""Tokens of an answer: a small model finds no end by itself, and its server serves nobody else meanwhile."""
ANSWER = f"I have refunded the duplicate charge of 42.50 USD on order {ORDER}. It arrives in 5-7 business days."


def ask(shop: Engine, url: str, model: str, **entry: Any) -> tuple[RunResult, Gateway]:
    entries = [{"model": model, "base_url": url, "price": [0, 0], **entry}]
    gateway = Gateway(read_endpoints(json.dumps(entries)), timeout=150, retries=0)
    return run_team(team, OPENING, engine=shop, gateway=gateway, known={"email": EMAIL}), gateway


def refunds(shop: Engine) -> list[int]:
    with shop.connect() as connection:
        return list(connection.execute(text("SELECT amount_cents FROM refunds WHERE order_id = :o"), {"o": ORDER}).scalars())


def by_model(result: RunResult) -> list[tuple[str, Any]]:
    return [(e["kind"], e["tool"]) for e in result.document["transcript"] if e["by"] == "model"]


def test_a_small_real_model_answers_in_words_and_in_the_form_that_its_server_takes(shop: Engine, tmp_path: Path) -> None:
    with llama_cpp(tmp_path) as url:
        result, gateway = ask(shop, url, "smollm2", max_tokens=ROOM)
        assert result.document["tokens"] > 0 and result.end != "failed" and refunds(shop) in ([], [4250])
        assert gateway.probe(gateway.endpoints[0]) is None
        found = " ".join(gateway.shortcomings(gateway.endpoints[0]))
        assert "json_schema" in found and "structure" not in found, "this server takes json_object alone"
        schema = {"type": "object", "properties": {"month": {"enum": ["May", "June"]}}, "required": ["month"]}
        form = {"type": "json_schema", "json_schema": {"name": "Month", "schema": schema}}
        asked = [{"role": "user", "content": "Which month comes after May?"}]
        assert json.loads(gateway.ask("fast", asked, response_format=form).text)["month"] in ("May", "June")


@pytest.mark.parametrize("name", names())
def test_with_a_small_real_model_a_case_ends_as_it_would_with_none(name: str, tmp_path: Path) -> None:
    scenario, alone, with_model = scenario_called(name), seeded(tmp_path / "alone"), seeded(tmp_path / "model")
    by_rules = play(scenario, alone)
    with llama_cpp(tmp_path) as url:
        entry = {"model": "smollm2", "base_url": url, "price": [0, 0], "max_tokens": ROOM}
        gateway = Gateway(read_endpoints(json.dumps([entry])), timeout=60, retries=0)
        result = play(scenario, with_model, gateway=gateway)
    assert (result.document["tokens"] > 0) == (result.document["model_calls"] > 0), "it answered where it was asked"
    assert (result.end, rows(with_model)) == (by_rules.end, rows(alone))
    assert scenario.complaints(result, with_model) == []


def anthropic(path: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Anthropic's own interface, as strict as it is: tools beside their history, roles in turn, a result for each use."""
    parts = [p for m in request["messages"] for p in m["content"] if isinstance(m["content"], list)]
    used, told = ([p for p in parts if p["type"] == kind] for kind in ("tool_use", "tool_result"))
    roles = [m["role"] for m in request["messages"]]
    sound = all(re.fullmatch("[A-Za-z0-9_-]+", p["id"]) for p in used) and len(used) == len(told)
    if not sound or (used and not request.get("tools")) or roles != ["user", "assistant"] * (len(roles) // 2) + ["user"]:
        return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "odd messages"}}
    said: dict[str, Any] = {"type": "text", "text": ANSWER}
    if len(told) < len(STEPS):
        name, given = STEPS[len(told)]
        said = {"type": "tool_use", "id": f"toolu_{len(told)}", "name": name, "input": given}
    kind = {"type": "message", "role": "assistant", "stop_reason": "tool_use" if "input" in said else "end_turn"}
    usage = {"input_tokens": 100, "output_tokens": 20}
    return 200, {"id": "msg_1", "model": request["model"], "content": [said], "stop_sequence": None, "usage": usage, **kind}


def mistral(path: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Mistral's: ids of nine letters and digits, and no user right behind a tool."""
    made = [call for m in request["messages"] for call in m.get("tool_calls") or ()]
    told = [m for m in request["messages"] if m["role"] == "tool"]
    odd = [call["id"] for call in made if not re.fullmatch("[A-Za-z0-9]{9}", call["id"])]
    if odd or any(set(m) - {"role", "content", "tool_calls", "tool_call_id", "name", "prefix"} for m in request["messages"]):
        return 422, {"object": "error", "message": f"Tool call id was {odd} but must be a-z, A-Z, 0-9, with a length of 9."}
    message: dict[str, Any] = {"role": "assistant", "content": ANSWER}
    if len(told) < len(STEPS):
        name, given = STEPS[len(told)]
        function = {"name": name, "arguments": json.dumps(given)}
        message = {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "D681PevKs", "type": "function", "function": function}],
        }
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if "tool_calls" in message else "stop"}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return 200, {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


@pytest.mark.parametrize(("kind", "answer"), [("anthropic", anthropic), ("mistral", mistral)])
def test_a_provider_behind_a_real_proxy_does_the_refund_in_three_moves(
    kind: str, answer: Any, shop: Engine, tmp_path: Path
) -> None:
    statuses: list[int] = []

    def kept(path: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, document = answer(path, request)
        statuses.append(status)
        return status, document

    with provider(kept) as behind:
        params = {"model": f"{kind}/some-model", "api_base": behind + ("/v1" if kind == "mistral" else ""), "api_key": "k"}
        with litellm(tmp_path, {"ours": params}) as url:
            result, gateway = ask(shop, url, "ours")
    assert by_model(result) == [("call", "list_charges"), ("call", "refund_order"), ("message", None)]
    assert (result.document["reply"], refunds(shop), set(statuses)) == (ANSWER, [4250], {200})
    assert gateway.problems() == {} and result.document["tokens"] == 360


def test_a_proxy_that_is_told_by_headers_whom_to_ask_does_too(shop: Engine, tmp_path: Path) -> None:
    with provider(anthropic) as behind, portkey(tmp_path) as url:
        headers = {"x-portkey-provider": "anthropic", "x-portkey-custom-host": behind}
        result, gateway = ask(shop, url, "some-model", default_headers=headers, max_tokens=500)
    assert by_model(result) == [("call", "list_charges"), ("call", "refund_order"), ("message", None)]
    assert (result.document["reply"], refunds(shop), gateway.problems()) == (ANSWER, [4250], {})
