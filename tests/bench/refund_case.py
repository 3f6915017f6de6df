"""What the refund case costs on the model path, over HTTP, against one agent that has the same two tools and policy.

    python tests/bench/refund_case.py

prints, as JSON: model calls, prompt characters of all requests (message contents, call arguments and tool schemas) and
processor seconds of this process, for the desk and for a stock AutoGen pair of one AssistantAgent and one UserProxyAgent.
The model server runs in a process of its own. Limits: 3 calls, no more characters than the single agent, 20 ms.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import autogen
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.sample import prepared

from agents.desk import refunds
from groupchats.desk import team
from switchboard.database import sqlite_url
from switchboard.declare.tool import Context
from switchboard.declare.transcript import as_json
from switchboard.loop.drive import run_team
from switchboard.loop.prompts.instructions import policy_text
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.toolsets.functions import plain
from tools.money import list_charges, refund_order

ORDER, EMAIL = "#W1000001", "emma.lindqvist@example.com"
OPENING = f"Hello, I was charged twice for my order {ORDER}. Please refund the second charge."
REFUND = {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 4250, "reason": "The order was charged twice."}
REPLIES = [
    {"calls": [["list_charges", {"order_id": ORDER}]]},
    {"calls": [["refund_order", REFUND]]},
    f"I have refunded the duplicate charge of 42.50 USD on order {ORDER} to your card. It arrives in 5-7 business days.",
]


def main(times: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = prepared(sqlite_url(Path(folder) / "shop.db"))
        server, url = model_server(Path(folder))
        try:
            desk, single = measure(engine, url, times)
        finally:
            server.stdin.close()
            server.wait(10)
    print(json.dumps({"desk": desk, "single_agent": single}, indent=2))
    sent = desk["prompt_characters"] <= single["prompt_characters"]
    sys.exit(0 if desk["model_calls"] <= 3 and sent and desk["cpu_ms"] <= 20 else 1)


def model_server(folder: Path) -> tuple[Any, str]:
    """The scripted model in a process of its own, so that its processor time is not counted as ours."""
    script = folder / "script.json"
    script.write_text(json.dumps(REPLIES), encoding="utf-8")
    command = [sys.executable, "-m", "switchboard.models.scripted", str(script), "--repeat"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, server.stdout.readline().strip()


def measure(engine: Engine, url: str, times: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both ways in turn, so that a change of the machine's speed meets both. The first run of each is a warm-up."""
    config = [{"model": "scripted", "base_url": url, "api_key": "scripted", "price": [0, 0]}]
    gateway = Gateway(read_endpoints(json.dumps(config)))
    sent: list[int] = []
    ask = gateway.ask

    def counted(tag: str, messages: list[dict[str, Any]], **options: Any) -> Any:
        sent.append(characters(messages, options.get("tools") or []))
        return ask(tag, messages, **options)

    gateway.ask = counted  # type: ignore[method-assign]
    desks, singles = [], []
    for _ in range(times + 1):
        sent.clear()
        started = time.process_time()
        result = run_team(team, OPENING, engine=engine, gateway=gateway, known={"email": EMAIL})
        desks.append((time.process_time() - started, result.document["model_calls"], sum(sent)))
        assert result.end == "resolved" and result.document["tool_calls"][-1]["status"] == "done", result.document
        undo(engine)
        singles.append(single_agent(engine, config))
        undo(engine)
    return figures(desks[1:]), figures(singles[1:])


def figures(runs: list[tuple[float, int, int]]) -> dict[str, Any]:
    cpu, calls, sent = zip(*runs, strict=True)
    return {
        "model_calls": max(calls),
        "prompt_characters": max(sent),
        "cpu_ms": round(statistics.median(cpu) * 1000, 1),
        "cpu_ms_worst": round(max(cpu) * 1000, 1),
    }


def single_agent(engine: Engine, config: list[dict[str, Any]]) -> tuple[float, int, int]:
    """The same case by stock AutoGen: one assistant with policy, prompt and two tools, one proxy that runs them."""
    numbers = iter(range(1, 9))

    def running(tool: Any) -> Any:
        def run(**arguments: Any) -> str:
            with Session(engine) as session, session.begin():
                context = Context("single", f"call_{next(numbers)}", "single", session, "emma_lindqvist_1001")
                return as_json(plain(tool(ctx=context, **tool.validated(arguments))))

        return run

    started = time.process_time()
    tools = [list_charges.schema, refund_order.schema]
    policy = policy_text(team.policy) if team.policy else ""
    assistant = autogen.AssistantAgent(
        "assistant",
        system_message=f"{policy}\n\n{refunds.agent.prompt}",
        llm_config={"config_list": config, "tools": tools, "cache_seed": None, "temperature": 0.1},
    )
    proxy = autogen.UserProxyAgent(
        "customer",
        human_input_mode="NEVER",
        code_execution_config=False,
        is_termination_msg=lambda m: not m.get("tool_calls"),
    )
    proxy.register_function({t.name: running(t) for t in (list_charges, refund_order)})
    message = f"Verified customer: emma_lindqvist_1001\nCustomer: {OPENING}"
    with redirect_stdout(sys.stderr):  # AutoGen prints its events whatever it is told
        proxy.initiate_chat(assistant, message=message, silent=True)
    seconds = time.process_time() - started
    history = [{"role": "system", "content": assistant.system_message}, *flat(assistant.chat_messages[proxy])]
    turns = [i for i, m in enumerate(history) if m["role"] == "assistant"]
    return seconds, len(turns), sum(characters(history[:i], tools) for i in turns)


def flat(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages as they are sent: AutoGen keeps the results of one turn in one message."""
    return [part for message in messages for part in message.get("tool_responses") or [message]]


def characters(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> int:
    """What a model reads of a request: contents, calls with their arguments, and tool schemas."""
    calls = [c["function"] for m in messages for c in m.get("tool_calls") or []]
    contents = sum(len(m.get("content") or "") for m in messages)
    return contents + sum(len(c["name"]) + len(c["arguments"]) for c in calls) + (len(as_json(tools)) if tools else 0)


def undo(engine: Engine) -> None:
    """Take the refund back, so that the next run finds the same rows."""
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM payments WHERE refund_id IN (SELECT id FROM refunds WHERE order_id = :o)"), {"o": ORDER}
        )
        connection.execute(text("DELETE FROM refunds WHERE order_id = :o"), {"o": ORDER})


if __name__ == "__main__":
    main()
