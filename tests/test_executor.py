"""The executor's own promises: time limits, transactions, many runs at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from own_shop import seeded
from sqlalchemy import text
from toys import agent, run, statuses, team, told

from groupchats.desk import team as desk
from runtime.moves import Say, call
from runtime.run import run_team
from runtime.team import Rule, TeamSpec
from runtime.tool import Context, tool

LET_GO = threading.Event()


@tool(effect="write", public=True, timeout=0.1)
def write_late(ctx: Context) -> str:
    """Write a row, too late."""
    ctx.session.execute(text("INSERT INTO late VALUES (1)"))
    LET_GO.wait(5)
    return "written"


@tool(effect="write", public=True)
def write_and_break(ctx: Context) -> str:
    """Write a row, then fail."""
    ctx.session.execute(text("INSERT INTO late VALUES (2)"))
    raise RuntimeError("after the write")


@tool(effect="read", public=True)
def talk(ctx: Context) -> str:
    """Say far too much."""
    return "x" * 100_000


def holding(*tools: Any) -> TeamSpec:
    """A team whose worker calls its one tool once and then repeats what came of it."""
    spec = team()
    worker = agent("worker", lambda v: Say(v.calls[0].text or "ok") if v.calls else call(tools[0].name), *tools)
    return TeamSpec(**{**vars(spec), "members": {**spec.members, "worker": worker}, "approvals": (Rule("approve"),)})


def rows(folder: Path) -> int:
    from runtime.database import open_engine, sqlite_url

    with open_engine(sqlite_url(folder / "toys.db")).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM late")).scalar() or 0)


def with_table(folder: Path) -> Path:
    from runtime.database import open_engine, sqlite_url

    with open_engine(sqlite_url(folder / "toys.db")).begin() as connection:
        connection.execute(text("CREATE TABLE late (n INTEGER)"))
    return folder


def test_a_tool_that_takes_too_long_is_given_up_and_its_row_never_comes(tmp_path: Path) -> None:
    LET_GO.clear()
    started = time.monotonic()
    result = run(with_table(tmp_path), holding(write_late))
    assert statuses(result)[-1] == ("write_late", "failed")
    assert "did not finish within 0.1 seconds" in told(result)
    assert time.monotonic() - started < 3
    LET_GO.set()
    time.sleep(0.2)
    assert rows(tmp_path) == 0


def test_a_tool_that_fails_after_a_write_leaves_no_row(tmp_path: Path) -> None:
    assert run(with_table(tmp_path), holding(write_and_break)).end == "failed"
    assert rows(tmp_path) == 0


def test_a_result_that_nobody_can_read_is_refused(tmp_path: Path) -> None:
    assert "too long to be shown" in told(run(tmp_path, holding(talk)))


def test_many_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    shop = seeded(tmp_path)
    people = {"emma.lindqvist@example.com": "#W1000001", "jonas.okafor@example.com": "#W1000002"}
    cases = list(people.items()) * 10

    def one(case: tuple[str, str]) -> dict[str, Any]:
        return run_team(desk, f"Where is my order {case[1]}?", engine=shop, known={"email": case[0]}).document

    with ThreadPoolExecutor(10) as pool:
        documents = list(pool.map(one, cases))
    assert {d["end"] for d in documents} == {"resolved"}
    for (email, order), document in zip(cases, documents, strict=True):
        other = next(o for e, o in people.items() if e != email)
        assert order in document["reply"]
        assert other not in str(document["transcript"])
