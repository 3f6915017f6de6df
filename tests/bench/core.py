"""How fast the core is beside its peers: the refund case, three model calls of 0.2 s over HTTP, 50 and 200 cases at once.

    python tests/bench/core.py [--envs DIR] [--rounds 3] [--at-once 50 200] [--cases N] [--only NAME ...] [--json]

prints, for each peer and number at once, cases per second and milliseconds of processor time a case: the medians of the
rounds, and the median of each round's ratio to openai-agents in that round. The ratios are what to read: this machine is
another one tomorrow, and shared today. In a round all peers have their turn, one after the other, each in a process of its
own that has imported all it needs and worked on some cases before the clock begins. One process works on the cases, but
for the row with two workers. The model server and Postgres (which syncs each commit) are processes of their own, whose
processor time is not counted. What the peers do is in tests/bench/peers: their tools look into a SQLite database in
memory, which is less than Switchboard's own do. A run that fails is told of and left out, and then the exit code is 1.

The frameworks are installed on demand, at the versions of tests/bench/peers/requirements.txt, into an environment in DIR
(by default the user's cache folder); AutoGen and Switchboard run in the environment of this program. Not for Windows.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import platformdirs
from sqlalchemy import create_engine, text

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.postgres import running_server

PEERS = Path(__file__).parent / "peers"
REQUIREMENTS = PEERS / "requirements.txt"
OURS = ("SWITCHBOARD_", "OAI_", "OPENAI_", "DBOS_", "LANGCHAIN_", "LANGSMITH_", "LOGFIRE_", "PYTHONPATH")
"""Beginnings of variables that would tell a peer something else than what it is told here."""
LONGEST_RUN = 900

Fresh = Callable[[], str]


class Peer(NamedTuple):
    """`record` is where it keeps its cases; `own` says that it runs in the environment of this program.

    Of several `workers` each works on so many cases at once, and on so many in all.
    """

    name: str
    script: str
    record: str = ""
    more: tuple[str, ...] = ()
    own: bool = False
    workers: int = 1


class Figures(NamedTuple):
    cases_per_second: float
    cpu_ms: float

    def __str__(self) -> str:
        return f"{self.cases_per_second:.1f} cases/s, {self.cpu_ms:.1f} ms"


PEERS_OF_ALL = (
    Peer("openai-agents", "openai_agents.py"),
    Peer("langgraph", "langgraph_peer.py", "none"),
    Peer("langgraph, SQLite", "langgraph_peer.py", "sqlite"),
    Peer("langgraph, Postgres", "langgraph_peer.py", "postgres"),
    Peer("pydantic-ai", "pydantic_ai_peer.py", "none"),
    Peer("pydantic-ai, DBOS on SQLite", "pydantic_ai_peer.py", "sqlite"),
    Peer("pydantic-ai, DBOS on Postgres", "pydantic_ai_peer.py", "postgres"),
    Peer("AutoGen pair", "autogen_peer.py", more=("--chat", "pair"), own=True),
    Peer("AutoGen auto", "autogen_peer.py", more=("--chat", "auto"), own=True),
    Peer("Switchboard", "switchboard_peer.py", "none", own=True),
    Peer("Switchboard, SQLite", "switchboard_peer.py", "sqlite", own=True),
    Peer("Switchboard, Postgres", "switchboard_peer.py", "postgres", own=True),
    Peer("Switchboard, Postgres, 2 workers", "switchboard_peer.py", "postgres", own=True, workers=2),
)

AGAINST = PEERS_OF_ALL[0]

Cell = tuple[Peer, int]


def main() -> None:
    given = arguments()
    chosen = [peer for peer in PEERS_OF_ALL if not given.only or any(word in peer.name for word in given.only)]
    python = environment(given.envs) if any(not peer.own for peer in chosen) else Path(sys.executable)
    cells = [(peer, at_once) for at_once in given.at_once for peer in chosen]
    rounds: list[dict[Cell, Figures]] = []
    with running_server() as fresh, model_server() as url:
        places = Places(synced(fresh))
        for number in range(1, given.rounds + 1):
            rounds.append({})
            for cell in cells:
                cases = (given.cases or max(200, 2 * cell[1])) * cell[0].workers
                figures = run(cell, cases, python, url, places)
                tell(f"round {number}: {cell[0].name}, {cell[1]} at once: {figures or 'failed'}")
                if figures:
                    rounds[-1][cell] = figures
    rows = [row(cell, rounds) for cell in cells if any(cell in each for each in rounds)]
    print(json.dumps(rows, indent=2) if given.json else table(rows))
    sys.exit(0 if all(cell in each for each in rounds for cell in cells) else 1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--envs", type=Path, default=platformdirs.user_cache_path("switchboard") / "bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--cases", type=int, default=0, help="of each peer and round; else twice as many as at once, but 200")
    parser.add_argument("--only", nargs="+", default=[], help="peers whose name holds one of these words")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def environment(folder: Path) -> Path:
    """The Python of an environment with the frameworks, which is made where there is none with these versions yet."""
    wanted = f"{sys.version_info[:3]} {REQUIREMENTS.read_text('utf-8')}"
    home = folder / f"peers-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"
    python, done = home / "bin" / "python", home / "complete"
    if not done.exists():
        tell(f"Installing the peers into {home}.")
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "-r", REQUIREMENTS], check=True, stdout=sys.stderr)
        done.touch()
    return python


@contextmanager
def model_server() -> Iterator[str]:
    """The model in a process of its own, until the end of the block. Gives its base URL."""
    command = [sys.executable, str(PEERS / "model_server.py")]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin
    assert server.stdout
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(10)


def synced(fresh: Fresh) -> Fresh:
    """The same server, which now waits for the disk at each commit, as one does that holds more than tests."""
    address = fresh().replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = on"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()
    return fresh


class Places:
    """Empty databases, one for each run."""

    def __init__(self, fresh: Fresh) -> None:
        self._fresh = fresh

    @contextmanager
    def one(self, record: str) -> Iterator[str]:
        """The address of a Postgres, or a file that is not there yet: Switchboard's shop is in one, recorded or not."""
        if record == "postgres":
            yield self._fresh()
            return
        with tempfile.TemporaryDirectory(prefix="switchboard-bench-", ignore_cleanup_errors=True) as folder:
            yield str(Path(folder) / "bench.db")


def run(cell: Cell, cases: int, python: Path, url: str, places: Places) -> Figures | None:
    """Have a peer work on so many cases in a process of its own, or in several. None when it fails, which is told."""
    peer, at_once = cell
    command = [sys.executable if peer.own else str(python), str(PEERS / peer.script), *peer.more]
    command += ["--base-url", url, "--at-once", str(at_once), "--cases", str(cases)]
    command += ["--record", peer.record] if peer.record else []
    command += ["--workers", str(peer.workers)]
    variables = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    with places.one(peer.record) as database:
        command += ["--database", database]
        try:
            done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=LONGEST_RUN, check=True)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            tell(f"{error}\n{str(error.stderr)[-4000:]}")
            return None
    found = json.loads(done.stdout)
    return Figures(found["cases"] / found["seconds"], found["cpu_seconds"] / found["cases"] * 1000)


def row(cell: Cell, rounds: Sequence[dict[Cell, Figures]]) -> dict[str, Any]:
    """The medians of a peer, and of what it is of others in each round; a ratio is None where the other was left out."""
    peer, at_once = cell
    own = [each[cell] for each in rounds if cell in each]
    found = {
        "peer": peer.name,
        "at_once": at_once,
        "rounds": len(own),
        "cases_per_second": round(median(each.cases_per_second for each in own), 1),
        "rate_ratio": ratio(rounds, cell, (AGAINST, at_once), "cases_per_second"),
        "cpu_ms": round(median(each.cpu_ms for each in own), 1),
        "cpu_ratio": ratio(rounds, cell, (AGAINST, at_once), "cpu_ms"),
    }
    if peer.workers > 1:
        one = next(each for each in PEERS_OF_ALL if (each.script, each.record, each.workers) == (peer.script, peer.record, 1))
        found["rate_ratio_to_one_worker"] = ratio(rounds, cell, (one, at_once), "cases_per_second")
    return found


def ratio(rounds: Sequence[dict[Cell, Figures]], cell: Cell, other: Cell, figure: str) -> float | None:
    """What a figure is of another peer's: the median of the rounds, each of which is compared with itself."""
    found = [getattr(each[cell], figure) / getattr(each[other], figure) for each in rounds if cell in each and other in each]
    return round(median(found), 3) if found else None


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows for the eye, with ratios to openai-agents."""
    lines = [f"{'peer':<34}{'at once':>8}{'cases/s':>9}{'ratio':>8}{'cpu ms':>9}{'ratio':>8}"]
    for each in rows:
        rate, cpu = (f"{each[name]:.2f}" if each[name] is not None else "-" for name in ("rate_ratio", "cpu_ratio"))
        figures = f"{each['cases_per_second']:>9.1f}{rate:>8}{each['cpu_ms']:>9.1f}{cpu:>8}"
        lines.append(f"{each['peer']:<34}{each['at_once']:>8}{figures}")
        if to_one := each.get("rate_ratio_to_one_worker"):
            lines[-1] += f"  ({to_one:.2f} of one worker's cases/s)"
    return "\n".join(lines)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
