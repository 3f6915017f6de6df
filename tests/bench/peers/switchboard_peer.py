"""Switchboard itself: nothing recorded, or durable cases on SQLite or Postgres, by one worker process or several.

Nothing recorded, each case is a run in a thread of its own, on a shop in a SQLite file. Recorded, this process keeps the
cases, puts them on the queue and works on them as `switchboard worker` does; the clock begins before the first is kept,
and ends when the row of the last one says how it ended. With more workers the others are processes of their own, whose
processor time is asked for when the clock begins and when it ends. What this file knows of Switchboard is in its first half.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from common import Watch, answered, cpu_seconds, options
from sqlalchemy import Connection, Engine

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[3]))

from support.crowd import Customer, crowd, refunds
from support.sample import prepared

from groupchats.desk import team
from switchboard.cases.intake import Message, keep
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.engine.worker import Worker
from switchboard.loop.drive import run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway

LOOK_SECONDS, LAST_LOOK_SECONDS = 0.25, 0.02
"""How long until the next look at how many have ended, and how long when almost all have: the looks are no part of the work."""


def opened(given: argparse.Namespace) -> Engine:
    """The database, migrated and with the sample shop."""
    if given.record == "postgres":
        return prepared(given.database.replace("postgresql://", "postgresql+psycopg://"))
    return prepared(sqlite_url(Path(given.database)))


def gateway_to(given: argparse.Namespace) -> Gateway:
    entry = {"model": "scripted", "base_url": given.base_url, "api_key": "scripted", "price": [0, 0]}
    return Gateway(read_endpoints(json.dumps([entry])))


def run_case(engine: Engine, gateway: Gateway, who: Customer) -> str:
    """A case of which nothing is recorded. Returns what the customer was told."""
    return str(run_team(team, who.words, engine=engine, gateway=gateway, known={"email": who.email}).document["reply"])


@contextmanager
def working(engine: Engine, given: argparse.Namespace) -> Iterator[Worker]:
    """This process at work as a worker, until the end of the block."""
    environment = Environment(engine, {"desk": team}, gateway_to(given))
    with Worker(environment, takes_cases=True, concurrency=given.at_once) as worker:
        yield worker


def submit(worker: Worker, customers: Sequence[Customer]) -> None:
    keep(worker.environment, "desk", [Message(who.id, who.words, {"email": who.email}, 5) for who in customers])
    worker.put_on_queue()


def resolved(connection: Connection) -> int:
    """How many recorded cases have ended well. Raises where one has ended otherwise."""
    driver = connection.connection.cursor()
    driver.execute('SELECT "end", count(*) FROM cases WHERE "end" IS NOT NULL GROUP BY "end"')
    found = {str(end): int(number) for end, number in driver.fetchall()}
    connection.connection.rollback()  # what it sees next is what there is then
    if found.keys() - {"resolved"}:
        raise AssertionError(f"cases have ended otherwise: {found}")
    return found.get("resolved", 0)


# What follows knows nothing of Switchboard.


def main() -> None:
    given = options("switchboard", record=("none", "sqlite", "postgres"), role=("first", "other"))
    engine = opened(given)
    if given.role == "other":
        help_along(engine, given)
    customers = crowd(engine, given.warm_up + given.cases)
    measure = unrecorded if given.record == "none" else recorded
    measure(engine, given, customers)
    if len(refunds(engine)) != len(customers):
        raise AssertionError(f"{len(refunds(engine))} refunds were made in {len(customers)} cases")


def unrecorded(engine: Engine, given: argparse.Namespace, customers: Sequence[Customer]) -> None:
    gateway = gateway_to(given)

    def one(who: Customer) -> None:
        answered(who.order_id, run_case(engine, gateway, who))

    with ThreadPoolExecutor(given.at_once) as pool:
        list(pool.map(one, customers[: given.warm_up]))
        watch = Watch()
        list(pool.map(one, customers[given.warm_up :]))
        watch.report(given)


def recorded(engine: Engine, given: argparse.Namespace, customers: Sequence[Customer]) -> None:
    # The connection is opened first: two workers can take all that a Postgres gives.
    with engine.execution_options(reading=True).connect() as connection, working(engine, given) as worker:
        others = [OtherWorker() for _ in range(given.workers - 1)]
        submit(worker, customers[: given.warm_up])
        wait_for(connection, given.warm_up)
        spent_before = sum(other.cpu_seconds() for other in others)
        watch = Watch()
        submit(worker, customers[given.warm_up :])
        wait_for(connection, len(customers))
        watch.report(given, sum(other.cpu_seconds() for other in others) - spent_before)
        for other in others:
            other.end()


def wait_for(connection: Connection, number: int) -> None:
    until = time.monotonic() + 600
    while (ended := resolved(connection)) < number:
        if time.monotonic() > until:
            raise AssertionError(f"only {ended} of {number} cases have ended")
        time.sleep(LOOK_SECONDS if ended < 0.95 * number else LAST_LOOK_SECONDS)


class OtherWorker:
    """A worker in a process of its own, started as this one was. It takes cases by the time that it is made."""

    def __init__(self) -> None:
        command = [sys.executable, __file__, *sys.argv[1:], "--role", "other"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.cpu_seconds()

    def cpu_seconds(self) -> float:
        """The processor seconds that it has spent so far."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate(timeout=60)


def help_along(engine: Engine, given: argparse.Namespace) -> NoReturn:
    """Be the other worker: say what was spent for each line that the first one writes, until it writes no more.

    Then it ends at once, also where the first one has failed and cases are under way.
    """
    with working(engine, given):
        for _ in sys.stdin:
            print(cpu_seconds(), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main()
