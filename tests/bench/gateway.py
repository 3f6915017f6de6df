"""What a call costs beside the bare `openai` client: `python tests/bench/gateway.py [--rounds 3] [--at-once 200] [--calls 5]`.

The model is on loopback, in a process of its own, and takes 0.2 s for each answer. So many threads at once make so many calls
each, of the size that the desk makes them: with the client, with our gateway, with our gateway that counts them, and with one
that holds each within a budget on SQLite, whose rows are then settled by a commit of their own. In a round all have their turn,
one after the other. Told are the milliseconds of processor time a call, those of the slowest twentieth beyond the 0.2 s, and
each round's difference to the client: the medians. The exit code is 1 where the gateway takes more than 3 ms a call.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import openai

from groupchats.desk import team
from switchboard.cases.spending.budgets import Budgets
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.outcomes import ModelOutcome
from switchboard.loop.prompts.instructions import system_text
from switchboard.migrations import migrate_cases
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.money.budgets import Budget

SECONDS, LIMIT_MS = 0.2, 3.0
Call = Callable[[list[dict[str, Any]], list[dict[str, Any]], str], None]


class Figures(NamedTuple):
    """Milliseconds."""

    cpu: float
    late: float


@contextmanager
def model() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).parent / "peers" / "model_server.py"), str(SECONDS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        yield server.stdout.readline().strip()
        server.stdin.close()


def request(number: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What an agent of the desk asks for: its policy, its prompt, and its tools."""
    refunds = team.members["refunds"]
    words = f"I was charged twice for order #W{1_000_000 + number}."
    messages = [{"role": "system", "content": system_text(team, refunds)}, {"role": "user", "content": words}]
    return messages, [tool.schema for tool in refunds.tools]


def bare(url: str) -> Call:
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=2, timeout=60)

    def call(messages: Any, tools: Any, _: str) -> None:
        assert client.chat.completions.create(model="m", messages=messages, tools=tools).choices

    return call


def ours(url: str, spending: Budgets | None = None) -> Call:
    entry = {"model": "m", "base_url": url, "price": [0.01, 0.01]}
    gateway = Gateway(read_endpoints(json.dumps([entry])), spending=spending)

    def call(messages: Any, tools: Any, case_id: str) -> None:
        came = gateway.ask_for(case_id, "fast", messages, tools=tools)
        assert came.answer, came.error
        if spending and came.day:
            gateway.settle(case_id, ModelOutcome(answer=came.answer, error="", seconds=0.0, asked="", day=came.day))

    return call


def measured(call: Call, at_once: int, calls: int) -> Figures:
    """Calls of so many threads, after one of each that opens its connection."""
    given = [request(number) for number in range(at_once)]
    took: list[float] = []

    def work(number: int) -> None:
        for _ in range(calls):
            began = time.perf_counter()
            call(*given[number], f"case_{number}")
            took.append(time.perf_counter() - began)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda number: call(*given[number], f"case_{number}"), range(at_once)))
        began = time.process_time()
        list(pool.map(work, range(at_once)))
        cpu = time.process_time() - began
    slowest = sorted(took)[int(len(took) * 0.95)]
    return Figures(cpu / len(took) * 1000, (slowest - SECONDS) * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--calls", type=int, default=5)
    given = parser.parse_args()
    with model() as url, TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "rows.db"))
        migrate_cases(engine)
        within = Budgets(lambda: engine, [Budget("day", "tokens", 10**12), Budget("month", "cost_usd", 1e9)])
        sides = {"openai": bare(url), "gateway": ours(url), "gateway with budgets": ours(url, within)}
        turn = [(name, call) for _ in range(given.rounds) for name, call in sides.items()]
        figures = [(name, measured(call, given.at_once, given.calls)) for name, call in turn]
        engine.dispose()
    rounds = [dict(figures[n : n + len(sides)]) for n in range(0, len(figures), len(sides))]
    print(f"{given.at_once} at once, {given.calls} calls each, {given.rounds} rounds, medians:")
    for name in sides:
        cpu, late = (median(getattr(each[name], field) for each in rounds) for field in Figures._fields)
        beside = median(each[name].cpu - each["openai"].cpu for each in rounds)
        print(f"{name:22} {cpu:6.2f} ms a call ({beside:+.2f}), the slowest twentieth {late:7.1f} ms late")
    sys.exit(0 if median(each["gateway"].cpu for each in rounds) <= LIMIT_MS else 1)


if __name__ == "__main__":
    main()
