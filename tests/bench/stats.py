"""How long the figures on many cases take, on SQLite and on Postgres.

    python tests/bench/stats.py [cases]

prints, as JSON, seconds for each group of `switchboard stats`, and for one case's trace. The limit for all groups together of
10,000 cases is 5 s.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.many_cases import fill
from support.postgres import running_server, with_driver

from switchboard.cases.statistics.figures import By
from switchboard.cases.statistics.queries import stats_of
from switchboard.cases.tracing.tree import trace_of
from switchboard.database import open_engine, sqlite_url
from switchboard.migrations import migrate_cases

MOST_SECONDS = 5.0


def took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 3)


def measured(url: str, cases: int) -> dict[str, float]:
    engine = open_engine(url)
    migrate_cases(engine)
    fill(engine, cases)
    found: dict[str, float] = {by: took(lambda by=by: stats_of(engine, None, [by])) for by in get_args(By)}  # type: ignore[misc]
    found["all groups"] = took(lambda: stats_of(engine))
    found["trace"] = took(lambda: trace_of(engine, f"case_{cases // 2:012x}"))
    engine.dispose()
    return found


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    figures: dict[str, Any] = {"cases": cases}
    with tempfile.TemporaryDirectory() as folder:
        figures["sqlite"] = measured(sqlite_url(Path(folder) / "cases.db"), cases)
    with running_server() as fresh:
        figures["postgres"] = measured(with_driver(fresh()), cases)
    print(json.dumps(figures, indent=2))
    slow = [kind for kind in ("sqlite", "postgres") if figures[kind]["all groups"] > MOST_SECONDS]
    sys.exit(f"too slow: {', '.join(slow)}" if slow and cases <= 10_000 else 0)


if __name__ == "__main__":
    main()
