"""What finding cases by their words costs: `python tests/bench/words.py [cases]`, else with 10,000.

Prints, as JSON, for SQLite and a real Postgres:
- line_ms: milliseconds (median) of a transaction that adds a line of 40 words to a case, and of one without its words;
- page_ms: those of a page of the queue without a search, and with words that one, a few, many and all of the cases have.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))

from support.many_cases import DEPARTMENTS, ENDS, FIRST
from support.postgres import running_server
from support.sample import prepared, sample_project

from switchboard.cases import entries
from switchboard.cases.entries import append_lines, line_row
from switchboard.cases.tables import CaseRow
from switchboard.database import sqlite_url
from switchboard.declare.transcript import MessageEntry
from switchboard.service.watching.queue import STATES, Wanted, queue
from switchboard.tickets.rows import Ticket

LINES, WORDS, TIMES, AT_ONCE = 8, 40, 100, 500
CHANCE = random.Random(7)
KNOWN = ["".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz", k=CHANCE.randint(3, 10))) for _ in range(20_000)]
WEIGHTS = list(accumulate(1 / (n + 1) for n in range(len(KNOWN))))
"""Of the words of a language the second is half as frequent as the first, the third a third."""


class Place:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.project = engine, sample_project()


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    found = {}
    with tempfile.TemporaryDirectory() as folder, running_server() as fresh:
        for name, url in (("sqlite", sqlite_url(Path(folder) / "rows.db")), ("postgres", fresh())):
            engine = prepared(url.replace("postgresql://", "postgresql+psycopg://"))
            fill(engine, cases)
            found[name] = {"line_ms": line_ms(engine), "page_ms": page_ms(engine)}
            engine.dispose()
    print(json.dumps(found, indent=2))


def sentence() -> str:
    return "hello " + " ".join(CHANCE.choices(KNOWN, cum_weights=WEIGHTS, k=WORDS))


def fill(engine: Engine, cases: int) -> None:
    for start in range(0, cases, AT_ONCE):
        with Session(engine) as session, session.begin():
            some = range(start, min(start + AT_ONCE, cases))
            session.execute(insert(CaseRow), [case(n) for n in some])
            lines = [(n, k, MessageEntry("customer", f"{sentence()} W{1_000_000 + n}")) for n in some for k in range(LINES)]
            entries.add(session, [line_row(f"case_{n:012x}", k + 1, 1, line) for n, k, line in lines])
            session.execute(insert(Ticket), [ticket(n) for n in some if ENDS[n % 5] == "escalated"])
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def case(n: int) -> dict[str, Any]:
    row = {"id": f"case_{n:012x}", "team": "desk", "end": ENDS[n % 5], "reason": "", "department": DEPARTMENTS[n % 3]}
    return row | {"opening": sentence(), "created_at": FIRST, "seconds": 1.0, "run": 1, "used": {}, "state": {}, "inbox": []}


def ticket(n: int) -> dict[str, Any]:
    row = {"key": f"key_{n}", "case_id": f"case_{n:012x}", "department": "hire", "priority": "high", "status": "open"}
    return row | {"subject": sentence()[:120], "summary": "-", "contact_email": f"p{n}@example.com", "created_at": FIRST}


def line_ms(engine: Engine) -> dict[str, float]:
    cases = iter(range(TIMES * 2 + 2))

    def write() -> None:
        with Session(engine) as session, session.begin():
            append_lines(session, f"case_{next(cases):012x}", 1, [MessageEntry("customer", sentence(), "human")])

    kept = timed(write)
    with patch.object(entries, "keep_words", lambda *_: None):
        return {"with_its_words": kept, "without": timed(write)}


def page_ms(engine: Engine) -> dict[str, float]:
    place: Any = Place(engine)
    sought = {"no search": "", "one case": "W1000777", "few": KNOWN[15_000], "many": KNOWN[300], "all": "hello"}
    sought |= {"three words": f"{KNOWN[100]} {KNOWN[200]} {KNOWN[300]}", "an address": "p777@example.com"}
    return {name: timed(partial(queue, place, Wanted(STATES, words)), 7) for name, words in sought.items()}


def timed(act: Callable[[], object], times: int = TIMES) -> float:
    def each() -> Iterator[float]:
        for _ in range(times):
            began = time.perf_counter()
            act()
            yield 1000 * (time.perf_counter() - began)

    act()
    return round(median(each()), 2)


if __name__ == "__main__":
    main()
