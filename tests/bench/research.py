"""What a research report costs whose six parts are looked into side by side: `python tests/bench/research.py [--rounds 5]`.

The model is on loopback, in a process of its own, and takes 0.3 s for each answer: one for the plan, two for each part, one
each for the report and the verdict. Each round runs it on a recorded case in SQLite three times: with one part, with six side
by side, and with six one after the other. Told are the seconds from the beginning of the first branch to the end of the last,
of the longest branch, and of the join behind them; and each round's ratios. `goal` says whether the branches and the join took
at most 1.2 times the longest branch plus the join.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from support import research_model
from support.sample import prepared

from groupchats.research import team
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.engine.worker import Worker
from switchboard.events.stream import Event
from switchboard.loop import drive
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from tools.documents import SOURCES

GOAL = 1.2


class Took(NamedTuple):
    """Seconds."""

    branches: float
    longest: float
    join: float
    parts: int

    @property
    def meets_goal(self) -> bool:
        return self.branches + self.join <= GOAL * self.longest + self.join


class Watch:
    """Listens to a run, and notes when each branch of it began and ended."""

    def __init__(self) -> None:
        self.begun: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self.over = 0.0

    def __call__(self, event: Event) -> None:
        now = time.perf_counter()
        if event.kind == "run_started" and event.parent:
            self.begun[event.case_id] = now
        elif event.kind == "run_finished" and event.parent:
            self.ended[event.case_id] = now
        elif event.kind == "run_finished":
            self.over = now

    @property
    def took(self) -> Took:
        last = max(self.ended.values())
        each = [self.ended[case_id] - begun for case_id, begun in self.begun.items()]
        return Took(last - min(self.begun.values()), max(each), self.over - last, len(each))


@contextmanager
def model(seconds: float, parts: int) -> Iterator[str]:
    """Its OAI_CONFIG_LIST."""
    command = [sys.executable, research_model.__file__, str(seconds), str(parts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        url = process.stdout.readline().strip()
        yield f'[{{"model": "scripted", "base_url": "{url}", "api_key": "scripted", "price": [0, 0]}}]'
        process.stdin.close()


def run(worker: Worker, at_once: int) -> Took:
    watch, before = Watch(), drive.AT_ONCE
    drive.AT_ONCE = at_once
    leave = worker.environment.stream.listen(watch)
    try:
        ref = worker.open_case("research", research_model.QUESTION, folder=SOURCES)
        assert ref
        document = worker.work(ref)
    finally:
        drive.AT_ONCE = before
        leave()
    assert document["end"] == "resolved" and all(branch["end"] == "resolved" for branch in document["branches"]), document
    return watch.took


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=research_model.LATENCY_SECONDS, help="of a model's answer")
    given = parser.parse_args()
    rounds: list[tuple[Took, Took, Took]] = []
    with TemporaryDirectory() as folder, model(given.seconds, 1) as alone, model(given.seconds, 6) as six:
        engine = prepared(sqlite_url(Path(folder) / "bench.sqlite"))
        with Worker(Environment(engine, {"research": team}, None)) as worker:
            gateways = [Gateway(read_endpoints(config), retries=0) for config in (alone, six, six)]
            for number in range(given.rounds + 1):  # the first warms up
                took = []
                for gateway, at_once in zip(gateways, (1, drive.AT_ONCE, 1), strict=True):
                    worker.environment.gateway = gateway
                    took.append(run(worker, at_once))
                if number:
                    rounds.append((took[0], took[1], took[2]))
                    print(f"round {number}: {told(rounds[-1])}", flush=True)
        engine.dispose()
    beside, in_turn = (median(of[way].branches / of[way].longest for of in rounds) for way in (1, 2))
    print(f"side by side {beside:.2f} x the longest branch, one after the other {in_turn:.2f} x (medians)")
    is_met = beside <= GOAL
    beside, in_turn = (median(of[way].branches / of[0].branches for of in rounds) for way in (1, 2))
    print(f"against one part alone {beside:.2f} x and {in_turn:.2f} x")
    print(f"goal of {GOAL} x: met in {sum(of[1].meets_goal for of in rounds)} of {len(rounds)} rounds")
    sys.exit(0 if is_met else 1)


def told(took: tuple[Took, Took, Took]) -> str:
    one, beside, in_turn = took
    return (
        f"one part {one.branches:.2f} s; six side by side {beside.branches:.2f} s, the longest {beside.longest:.2f} s, "
        f"join {beside.join:.2f} s; one after the other {in_turn.branches:.2f} s, the longest {in_turn.longest:.2f} s"
    )


if __name__ == "__main__":
    main()
