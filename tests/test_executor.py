"""The executor's own promises: time limits, transactions, many runs at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.own_shop import Desk, seeded
from support.toys import agent, run, statuses, team, told

from groupchats.desk import team as desk
from switchboard.declare.human import Nobody
from switchboard.declare.moves import Call, Calls, Say, call, call_from
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import CallEntry
from switchboard.errors import OF_THE_CALL, Refused
from switchboard.loop.drive import run_team
from switchboard.loop.executor import do_call
from switchboard.loop.state import Run
from tools.identity import find_user_id_by_email

LET_GO, LATE = threading.Event(), threading.Event()


@tool(effect="write", public=True, timeout=0.1)
def write_late(ctx: Context) -> str:
    """Write a row, too late."""
    ctx.session.execute(text("INSERT INTO late VALUES (1)"))
    LET_GO.wait(60)
    LATE.set()
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
    from switchboard.database import open_engine, sqlite_url

    with open_engine(sqlite_url(folder / "toys.db")).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM late")).scalar() or 0)


def with_table(folder: Path) -> Path:
    from switchboard.database import open_engine, sqlite_url

    with open_engine(sqlite_url(folder / "toys.db")).begin() as connection:
        connection.execute(text("CREATE TABLE late (n INTEGER)"))
    return folder


@pytest.mark.slow
def test_a_tool_that_takes_too_long_is_given_up_and_its_row_never_comes(tmp_path: Path) -> None:
    LET_GO.clear()
    LATE.clear()
    result = run(with_table(tmp_path), holding(write_late))
    assert statuses(result)[-1] == ("write_late", "failed")
    assert "did not finish within 0.1 seconds" in told(result)
    assert not LATE.is_set()
    LET_GO.set()
    assert LATE.wait(60)
    time.sleep(0.2)  # in which a row would come
    assert rows(tmp_path) == 0


def test_a_tool_that_fails_after_a_write_leaves_no_row(tmp_path: Path) -> None:
    assert run(with_table(tmp_path), holding(write_and_break)).end == "failed"
    assert rows(tmp_path) == 0


def test_a_result_that_nobody_can_read_is_refused(tmp_path: Path) -> None:
    assert "too long to be shown" in told(run(tmp_path, holding(talk)))


def test_a_tool_that_was_given_up_holds_no_lock(tmp_path: Path) -> None:
    LET_GO.clear()
    LATE.clear()
    run(with_table(tmp_path), holding(write_late))
    second = run(tmp_path, holding(write_and_break))
    assert "RuntimeError" in second.document["reason"], "the second write had to wait for the first"
    assert not LATE.is_set()
    LET_GO.set()


def test_what_a_database_says_of_its_rows_is_in_no_record(tmp_path: Path) -> None:
    @tool(effect="write", public=True)
    def write_badly(ctx: Context) -> str:
        """Write a row into a table that is not there."""
        ctx.session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "4111-secret ada@example.com"})
        return "written"

    document = run(tmp_path, holding(write_badly)).document
    assert document["end"] == "failed"
    assert "OperationalError" in document["reason"]
    assert "secret" not in str(document)


def test_a_tool_that_exits_does_not_end_the_program(tmp_path: Path) -> None:
    @tool(effect="read", public=True)
    def leave() -> str:
        """Leave."""
        raise SystemExit(3)

    assert run(tmp_path, holding(leave)).end == "failed"


@pytest.mark.parametrize("ends", [SystemExit, KeyboardInterrupt])
def test_a_tool_that_ends_the_program_after_a_write_leaves_no_row(tmp_path: Path, ends: type[BaseException]) -> None:
    @tool(effect="write", public=True)
    def write_and_leave(ctx: Context) -> str:
        """Write a row, then leave."""
        ctx.session.execute(text("INSERT INTO late VALUES (3)"))
        raise ends

    result = run(with_table(tmp_path), holding(write_and_leave))
    assert result.document["reason"] == f"write_and_leave failed: it ended with {ends.__name__}, which no tool may raise"
    assert result.end == "failed"
    assert rows(tmp_path) == 0


@pytest.mark.parametrize("ends", [SystemExit, KeyboardInterrupt])
def test_an_effect_on_the_other_side_that_ends_the_program_ends_its_run_alone(
    tmp_path: Path, ends: type[BaseException]
) -> None:
    def leave(ctx: Context, result: Any) -> Any:
        raise ends

    @tool(effect="send", public=True, outside=leave)
    def send(ctx: Context) -> str:
        """Send it."""
        return "sent"

    with ThreadPoolExecutor(1) as worker:  # no Ctrl-C is heard there
        result = worker.submit(run, tmp_path, holding(send)).result()
    assert result.end == "failed"
    assert f"it ended with {ends.__name__}, which no tool may raise" in result.document["reason"]


def test_one_message_makes_no_more_calls_than_the_limit(tmp_path: Path) -> None:
    many = Calls(tuple(Call("look_up", {"number": n}) for n in range(200)))
    result = run(tmp_path, team(lambda view: many))
    assert result.end == "limit"
    assert [s for _, s in statuses(result)].count("done") == team().limits.tool_calls


@pytest.mark.parametrize("raw", ['{"number": NaN}', '{"number": 1e999}', '{"n": ' + "9" * 5000 + "}", "[" * 20_000, "null"])
def test_arguments_that_python_would_take_and_json_is_not_are_told_to_the_agent(tmp_path: Path, raw: str) -> None:
    def odd(view: Any) -> Any:
        return Say(view.calls[0].text) if view.calls else Calls((call_from("look_up", raw),))

    result = run(tmp_path, team(odd))
    assert result.end == "resolved"
    assert statuses(result)[-1] == ("look_up", "refused")


def test_a_channel_address_verifies_nobody_else(tmp_path: Path) -> None:
    desk_of = Desk(seeded(tmp_path), known={"email": "mallory@evil.example"})
    with pytest.raises(Refused, match="writes from another address"):
        desk_of.call(find_user_id_by_email, email="emma.lindqvist@example.com")
    assert desk_of.customer is None


def test_a_refusal_names_the_tools_that_find_the_customer(tmp_path: Path) -> None:
    run_ = Run("r", desk, seeded(tmp_path), Nobody())
    run_.add(CallEntry("orders", tool="get_order_details", arguments={"order_id": "#W1000001"}, call_id="call_1"))
    said = do_call(run_, "call_1", Call("get_order_details", {"order_id": "#W1000001"}))
    assert "what find_user_id_by_email or find_user_id_by_name_zip needs" in said.text


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


def test_each_code_of_a_refusal_that_says_nothing_of_the_case_is_one_that_is_given() -> None:
    library = "".join(
        path.read_text("utf-8")
        for path in (Path(__file__).parent.parent / "switchboard").rglob("*.py")
        if path.name != "errors.py"
    )
    assert [code for code in OF_THE_CALL if f'"{code}"' not in library] == []
