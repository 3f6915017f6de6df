"""What durability costs. How many cases a process works on is measured by `core.py`.

    python tests/bench/durable.py [steps] [waiting]

prints, as JSON, for SQLite and a real Postgres (which syncs each commit here, unlike in the tests):
- steps: milliseconds of a recorded step and of a transaction with one row, beside the same without a record;
- waiting: what a worker needs while 5,000 cases wait for an approval, and what each of them takes on disk.
Limits: a step under 10 ms on SQLite and 15 ms on Postgres, no thread for a waiting case and under 5 % of one processor.
Linux only: it reads /proc.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.crowd import crowd
from support.postgres import running_server
from support.sample import prepared

from groupchats.desk import team
from switchboard.cases.cases import RunRef, open_case
from switchboard.cases.runs import Begun, Environment
from switchboard.database import sqlite_url
from switchboard.engine.journal import Recorded
from switchboard.engine.worker import Worker
from switchboard.engine.workflows import Workflows
from switchboard.loop.journal import Journal, Unrecorded
from switchboard.loop.recording.words import words_of_customer

STEPS = 200
WORDS = "Hello."
WAITING = 5000
MOST_STEP_MS = {"sqlite": 10.0, "postgres": 15.0}
MOST_IDLE = 0.05
ROOT = Path(__file__).parent.parent.parent

Fresh = Callable[[], str]


class Place(NamedTuple):
    """A database of its own, and what a worker has to be told to find it."""

    engine: Engine
    variables: dict[str, str]


def main() -> None:
    sections = {"steps": steps, "waiting": waiting}
    with tempfile.TemporaryDirectory() as folder, running_server() as fresh:
        places = {"sqlite": sqlite_places(Path(folder)), "postgres": postgres_places(fresh)}
        found = {
            section: {name: sections[section](next(some)) for name, some in places.items()}
            for section in sys.argv[1:] or sections
        }
    print(json.dumps(found, indent=2))
    sys.exit(1 if over_limits(found) else 0)


def over_limits(found: dict[str, Any]) -> list[str]:
    """What is over its limit; each is said on standard error."""
    over = [
        f"{kind} on {name} takes {figures[kind]} ms"
        for name, figures in found.get("steps", {}).items()
        for kind in ("step_ms", "transaction_ms")
        if figures[kind] > MOST_STEP_MS[name]
    ]
    for name, figures in found.get("waiting", {}).items():
        if figures["processor_share"] > MOST_IDLE or figures["threads"] > figures["threads_of_an_idle_worker"] + 5:
            over.append(f"waiting cases on {name}: {figures}")
    for line in over:
        print(line, file=sys.stderr)
    return over


def sqlite_places(folder: Path) -> Iterator[Place]:
    number = 0
    while True:
        number += 1
        data = folder / str(number)
        data.mkdir()
        yield Place(prepared(sqlite_url(data / "switchboard.db")), {"SWITCHBOARD_DATA": str(data)})


def postgres_places(fresh: Fresh) -> Iterator[Place]:
    while True:
        url = fresh().replace("postgresql://", "postgresql+psycopg://")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET fsync = on"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield Place(prepared(url), {"SWITCHBOARD_DATABASE_URL": url, "SWITCHBOARD_DATA": tempfile.gettempdir()})


def steps(place: Place) -> dict[str, Any]:
    """Milliseconds of a step with an outcome of some 1,000 characters, and of a transaction that writes one row as well."""
    with place.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench (number INTEGER PRIMARY KEY)"))
    numbers = iter(range(10**6))
    outcome = {"answer": "x" * 1000, "seconds": 0.1}

    def write(session: Session) -> dict[str, Any]:
        session.execute(text("INSERT INTO bench VALUES (:n)"), {"n": next(numbers)})
        return outcome

    def timed(journal: Journal) -> tuple[float, float]:
        found: dict[str, list[float]] = {"step": [], "transaction": []}
        for n in range(STEPS):
            for kind, act in (("step", lambda: outcome), ("transaction", write)):
                started = time.perf_counter()
                getattr(journal, kind)(f"{kind} {n}", act)
                found[kind].append((time.perf_counter() - started) * 1000)
        return median(found["step"]), median(found["transaction"])

    plain = timed(Unrecorded(place.engine))
    recorded: list[float] = []
    run = Environment(place.engine, {"desk": team}).run("case_bench", "desk")

    def work(ref: RunRef, begun: Begun, journal: Recorded) -> None:
        journal.line(words_of_customer(WORDS))  # with which the run begins
        recorded.extend(timed(journal))

    workflows = Workflows(place.engine, work, teams=())
    workflows.run_here(open_case(place.engine, run, WORDS, workflows.executor))
    workflows.close()
    place.engine.dispose()
    names = ("step_ms", "transaction_ms", "plain_step_ms", "plain_transaction_ms")
    figures = dict(zip(names, (round(value, 4) for value in (*recorded, *plain)), strict=True))
    return figures | {"transaction_ratio": round(recorded[1] / plain[1], 1)}


def waiting(place: Place) -> dict[str, Any]:
    """What a worker needs while nothing is to be done, and after that while 5,000 cases wait for an operator."""
    environment = Environment(place.engine, {"desk": team})
    who = crowd(place.engine, 1, lambda n: 9000)[0]
    with Worker(environment) as worker:
        ref = worker.open_case("desk", who.words, known={"email": who.email})
        assert ref
        assert worker.work(ref)["end"] == "awaiting_approval"
    figures: dict[str, Any] = {}
    with at_work(place, 1) as pids:
        figures["idle_mb"], figures["threads_of_an_idle_worker"] = memory_mb(pids[0]), threads(pids[0])
        figures["idle_processor_share"] = share_of_processor(pids)
    size = stored(place.engine)
    clone(place.engine, ref.case_id)
    figures["bytes_per_waiting_case"] = round((stored(place.engine) - size) / WAITING)
    with at_work(place, 1) as pids:
        figures["processor_share"] = share_of_processor(pids)
        figures["mb"], figures["threads"] = memory_mb(pids[0]), threads(pids[0])
    place.engine.dispose()
    return figures


def clone(engine: Engine, case_id: str) -> None:
    """As many cases as should wait, as copies of one that does."""
    own = {"cases": ("id", {"message_id"}), "runs": ("case_id", set()), "entries": ("case_id", set())}
    own["approvals"] = ("case_id", {"id"})
    with engine.begin() as connection:
        for table, (key, new) in own.items():
            names = [c["name"] for c in inspect(connection).get_columns(table) if c["name"] != key and c["name"] not in new]
            columns = ", ".join(f'"{name}"' for name in names)
            copy = text(f'INSERT INTO {table} ("{key}", {columns}) SELECT :new, {columns} FROM {table} WHERE "{key}" = :old')
            connection.execute(copy, [{"new": f"case_clone_{n}", "old": case_id} for n in range(WAITING)])


@contextmanager
def at_work(place: Place, number: int, *options: str, **variables: str) -> Iterator[list[int]]:
    """So many worker processes, from when they take cases on. What they print is thrown away."""
    command = [sys.executable, "-c", "from switchboard.console.terminal.cli import main; main()", "worker", *options]
    ours = ("SWITCHBOARD_", "OAI_", "OPENAI_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {**inherited, "PYTHONPATH": str(ROOT), **place.variables, **variables}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(number)
    ]
    try:
        for process in processes:
            assert process.stderr
            assert b"Taking cases" in process.stderr.readline()
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.communicate(timeout=60)


def processor_seconds(pids: Sequence[int]) -> float:
    ticks = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13] for pid in pids]
    return sum(int(value) for pair in ticks for value in pair) / os.sysconf("SC_CLK_TCK")


def share_of_processor(pids: Sequence[int], seconds: float = 15.0) -> float:
    time.sleep(5)  # its start is not what waiting costs
    before = processor_seconds(pids)
    time.sleep(seconds)
    return round((processor_seconds(pids) - before) / seconds, 4)


def memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def stored(engine: Engine) -> int:
    """Bytes that the database takes."""
    query = "SELECT pg_database_size(current_database())"
    if engine.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


if __name__ == "__main__":
    main()
