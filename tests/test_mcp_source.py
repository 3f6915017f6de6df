"""Tools of a real MCP server, over its pipes and over HTTP: asked, pinned, killed, and asked again."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.house import CALLS, all_gone, done, house, is_running, over_http, pids, team_of, tools_of
from support.ports import free_port

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Prepared
from switchboard.declare.tool import Context, Tool
from switchboard.errors import Away, DeclarationError, NotKnown, OperatorError, ToolError
from switchboard.loop.drive import run_team
from switchboard.toolsets import functions
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.opened import open_sources
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

pytest.importorskip("mcp", reason="the extra mcp is not installed")
LOOKED_UP = Facts(effect="send", operation="ring_the_bell", customer="member", status_of="last_bell", found="number")
LAST = Facts(effect="read", customer="member")


@pytest.fixture
def sources() -> Iterator[list[Any]]:
    opened: list[Any] = []
    yield opened
    for source in opened:
        source.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "PAUSES", (0.0, 0.7))


def context() -> Context:
    return Context("case", "call", "desk", None, "M-7")  # type: ignore[arg-type]


def made(tool: Tool, **arguments: Any) -> Any:
    """What one try of an effect gives."""
    assert tool.outside
    return tool.outside(context(), tool(ctx=context(), **arguments))


def behave(folder: Path, how: str) -> None:
    (folder / "behave").write_text(how)


def run(tools: dict[str, Tool], engine: Engine, wanted: str = "reserve") -> dict[str, Any]:
    human = Prepared(approvals=[True])
    known = {"email": "ada@example.com"}
    document = run_team(team_of(tools, wanted), "A room, please", engine=engine, known=known, human=human).document
    return dict(document)


@pytest.mark.slow
def test_a_case_is_done_over_pipes(tmp_path: Path, engine: Engine, sources: list[Any]) -> None:
    sources.append(house(tmp_path))
    document = run(tools_of(sources[0]), engine)
    assert (document["end"], document["reply"].split("\n")[0]) == ("resolved", "Done: R-1.")
    assert [(one["day"], one["member"]) for one in done(tmp_path)] == [("Monday", "M-7")]
    assert done(tmp_path)[0]["key"].startswith(document["case_id"])
    sources[0].close()
    assert all_gone(tmp_path)


@pytest.mark.slow
def test_a_case_is_done_over_http(tmp_path: Path, engine: Engine, sources: list[Any]) -> None:
    with over_http(tmp_path) as (address, _):
        sources.append(house(tmp_path, address))
        assert run(tools_of(sources[0]), engine)["reply"].startswith("Done: R-1.")
        assert sources[0].problems() == []


@pytest.mark.slow
def test_who_opens_a_desk_starts_no_server_once_its_tools_are_pinned(tmp_path: Path, sources: list[Any]) -> None:
    sources += [house(tmp_path), house(tmp_path)]
    first = tools_of(sources[0])
    assert "request" not in first["reserve"].schema["function"]["parameters"]["properties"]
    assert len(pids(tmp_path)) == 1
    assert {name: tool.schema for name, tool in tools_of(sources[1]).items()} == {name: t.schema for name, t in first.items()}
    assert len(pids(tmp_path)) == 1


@pytest.mark.slow
def test_a_server_that_died_is_started_again(tmp_path: Path, sources: list[Any]) -> None:
    sources.append(house(tmp_path))
    tools = tools_of(sources[0])
    tools["find_member"](ctx=context(), email="ada@example.com")
    os.kill(pids(tmp_path)[-1], signal.SIGKILL)
    while is_running(pids(tmp_path)[-1]):
        time.sleep(0.01)
    time.sleep(0.1)  # until the end of its output is read
    assert made(tools["ring"]) == {"number": "B-1"}
    behave(tmp_path, "read die")  # in flight, and to read twice does no harm
    assert tools["find_member"](ctx=context(), email="ada@example.com")["member"] == {"id": "M-7"}
    assert len(pids(tmp_path)) == 3


@pytest.mark.slow
@pytest.mark.parametrize("how", ["before die", "after die", "before silence", "after silence"])
@pytest.mark.parametrize("over", ["pipes", "http"])
def test_what_has_a_key_is_done_once_whenever_the_server_dies(
    how: str, over: str, tmp_path: Path, engine: Engine, sources: list[Any]
) -> None:
    quick = {"reserve": CALLS["reserve"].model_copy(update={"timeout": 1.0})} if "silence" in how else {}
    with over_http(tmp_path, port := free_port()) as (address, _):
        sources.append(house(tmp_path, address if over == "http" else "", **quick))
        tools = tools_of(sources[0], **quick)
        tools["find_member"](ctx=context(), email="ada@example.com")
        behave(tmp_path, how)
        if over == "pipes" or "silence" in how:
            document = run(tools, engine)
            is_done = "silence" not in how or over == "http"
        else:  # nobody starts it again but the test
            with pytest.raises(NotKnown):
                made(tools["reserve"], day="Monday")
            with over_http(tmp_path, port):
                document = run(tools, engine)
            assert len({one["key"] for one in done(tmp_path)}) == len(done(tmp_path))
            is_done = True
    if is_done:
        assert document["end"] == "resolved", document["reply"]
    assert len({one["key"] for one in done(tmp_path)}) == len(done(tmp_path)) >= int(is_done)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "times"), [("before die", 0), ("after die", 1), ("after silence", 1), ("before fail", 0), ("after fail", 1)]
)
def test_what_has_no_key_is_sent_once_and_then_with_a_person(
    how: str, times: int, tmp_path: Path, engine: Engine, sources: list[Any]
) -> None:
    quick = {"ring": CALLS["ring"].model_copy(update={"timeout": 1.0})}
    sources.append(house(tmp_path, **quick))
    tools = tools_of(sources[0], **quick)
    tools["find_member"](ctx=context(), email="ada@example.com")
    behave(tmp_path, how)
    document = run(tools, engine, "ring")
    assert (document["end"], len(done(tmp_path))) == ("failed", times)
    assert "not known yet whether this was done: the bell" in document["reply"]


@pytest.mark.slow
def test_what_has_no_key_is_looked_up(tmp_path: Path, engine: Engine, sources: list[Any]) -> None:
    calls = {"ring": LOOKED_UP, "last_bell": LAST}
    sources.append(house(tmp_path, **calls))
    tools = tools_of(sources[0], **calls)
    tools["find_member"](ctx=context(), email="ada@example.com")
    for how in ("after die", "after fail"):  # an error is no proof that it was not done
        behave(tmp_path, how)
        assert run(tools, engine, "ring")["reply"].startswith("Done: B-")
    assert len(done(tmp_path)) == 2


@pytest.mark.slow
def test_a_refusal_is_one_and_its_words_are_data(tmp_path: Path, engine: Engine, sources: list[Any]) -> None:
    sources.append(house(tmp_path))
    tools = tools_of(sources[0])
    with pytest.raises(ToolError, match="There is no such member") as refused:
        tools["find_member"](ctx=context(), email="nobody@example.com")
    assert refused.value.code == "away"


@pytest.mark.slow
def test_an_error_of_a_tool_that_changes_something_means_that_it_is_undone_where_the_project_says_so(
    tmp_path: Path, engine: Engine, sources: list[Any]
) -> None:
    knows = {"reserve": CALLS["reserve"].model_copy(update={"not_done_on": ("error",)})}
    sources.append(house(tmp_path, **knows))
    behave(tmp_path, "before fail")
    assert run(tools_of(sources[0], **knows), engine)["reply"].startswith("Not done: refused.")
    behave(tmp_path, "before fail")
    assert run(tools_of(sources[0]), engine)["reply"].startswith("Done: R-1.")  # by its key it is asked again
    assert len(done(tmp_path)) == 1


@pytest.mark.slow
def test_a_server_that_cannot_be_started_is_away_and_tried_less_and_less(tmp_path: Path, sources: list[Any]) -> None:
    sources.append(house(tmp_path))
    tools = tools_of(sources[0])
    sources[0].close()
    from switchboard.toolsets.mcp.source import McpSource

    (tmp_path / "gone").write_text("#!/bin/sh\necho started >> starts\nexit 3\n")
    (tmp_path / "gone").chmod(0o755)
    sources.append(McpSource("house", SourceTable(mcp=["./gone"], calls=CALLS), tmp_path))
    tools = tools_of(sources[1])
    for _ in range(10):
        with pytest.raises(Away):
            made(tools["ring"])
    assert len((tmp_path / "starts").read_text().splitlines()) <= 3
    assert "cannot be reached" in sources[1].problems()[0] or "a moment ago" in sources[1].problems()[0]


@pytest.mark.slow
def test_a_description_that_changed_is_called_no_more(tmp_path: Path, sources: list[Any], caplog: Any) -> None:
    sources.append(house(tmp_path))
    tools_of(sources[0])
    sources[0].close()
    path = tmp_path / "tools" / "house.pinned.json"
    pinned = json.loads(path.read_text())
    pinned["ring_the_bell"]["description"] = "Ring once."
    pinned["reserve_room"]["inputSchema"]["properties"]["floor"] = {"type": "string"}
    pinned["close_house"] = {"name": "close_house", "inputSchema": {"type": "object"}}
    path.write_text(json.dumps(pinned))
    closes = {"close_house": Facts(effect="write", key="request")}
    with pytest.raises(DeclarationError, match="key names 'request'"):
        tools_of(house(tmp_path, **closes), **closes)
    closes = {"close_house": Facts(effect="write")}
    sources.append(house(tmp_path, **closes))
    tools = tools_of(sources[1], **closes)
    assert tools["find_member"](ctx=context(), email="ada@example.com")["member"]["id"] == "M-7"
    for name, arguments in (("ring", {}), ("reserve", {"day": "Monday"}), ("close_house", {})):
        with pytest.raises(ToolError) as refused:
            made(tools[name], **arguments)
        assert refused.value.code == "description_changed"
    assert done(tmp_path) == []
    assert "switchboard pin house" in caplog.text
    assert [problem.split()[1] for problem in sources[1].problems()] == ["reserve_room", "ring_the_bell", "close_house"]


@pytest.mark.slow
def test_only_what_is_listed_is_handed_on_and_errors_go_to_the_log(
    tmp_path: Path, sources: list[Any], caplog: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("HOUSE_TOKEN", "also secret")
    from switchboard.toolsets.mcp.source import McpSource

    with caplog.at_level(logging.INFO, "switchboard"):
        command = house(tmp_path)._table.mcp
        table = SourceTable(mcp=command, calls=CALLS, environment={"TOKEN": "${HOUSE_TOKEN}"})
        sources.append(McpSource("house", table, tmp_path))
        tools_of(sources[0])
        sources[0].close()
    handed = next(record.message for record in caplog.records if "HANDED ON" in record.message)
    assert "'TOKEN'" in handed and "OPENAI" not in handed and "HOUSE_TOKEN" not in handed
    assert "The house is open." in caplog.text
    assert "The house is open." not in capfd.readouterr().err
    with pytest.raises(OperatorError, match="stands in no file"):
        McpSource("house", SourceTable(mcp=command, calls=CALLS, environment={"TOKEN": "abc"}), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(effect="read", operation="find_membr"), "no tool find_membr"),
        (Facts(effect="send", operation="ring_the_bell", key="request"), "key names 'request'"),
        (Facts(effect="read", operation="last_bell", names={"who": "person"}), "names gives a name to person"),
    ],
)
def test_facts_that_do_not_fit_are_refused(facts: Facts, why: str, tmp_path: Path, sources: list[Any]) -> None:
    sources.append(house(tmp_path, other=facts))
    with pytest.raises(DeclarationError, match=why):
        tools_of(sources[0], other=facts)


@pytest.mark.slow
def test_arguments_have_the_names_of_the_facts(tmp_path: Path, sources: list[Any]) -> None:
    renamed = Facts(effect="read", operation="last_bell", names={"who": "member"}, customer="who")
    sources.append(house(tmp_path, bell=renamed))
    tools = tools_of(sources[0], bell=renamed)
    made(tools["ring"])
    assert tools["bell"](ctx=context()) == {"number": "B-1"}


@pytest.mark.slow
def test_many_threads_ask_one_server(tmp_path: Path, sources: list[Any]) -> None:
    sources.append(house(tmp_path))
    tool = tools_of(sources[0])["find_member"]

    def ask(number: int) -> Any:
        asking = Context("case", f"call_{number}", "desk", None)  # type: ignore[arg-type]
        return tool(ctx=asking, email="bo@example.com")

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(ask, range(60)))
    assert {one["member"]["id"] for one in found} == {"M-8"}
    assert len(pids(tmp_path)) == 1


@pytest.mark.slow
def test_who_ends_without_closing_leaves_no_server(tmp_path: Path) -> None:
    code = "from pathlib import Path; from support.house import house, tools_of; source = house(Path(r'%s')); tools_of(source)"
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    ran = subprocess.run(
        [sys.executable, "-c", code % tmp_path],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
    assert len(pids(tmp_path)) == 1
    assert all_gone(tmp_path)


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.toolsets.mcp.source.find_spec", lambda _: None)
    with pytest.raises(OperatorError, match=r"pip install 'switchboard-desk\[mcp\]'"):
        house(tmp_path)


@pytest.mark.slow
def test_a_public_server_is_asked(tmp_path: Path, sources: list[Any]) -> None:
    pytest.importorskip("mcp_server_time", reason="mcp-server-time is not installed")
    calls = {"convert_time": Facts(effect="read", public=True)}
    table = SourceTable(mcp=[sys.executable, "-m", "mcp_server_time", "--local-timezone", "Europe/Berlin"], calls=calls)
    sources += open_sources({"clock": table}, tmp_path).values()
    tool = tools_from(sources[0].operations(), calls)["convert_time"]
    given = {"source_timezone": "Europe/Berlin", "time": "16:30", "target_timezone": "Asia/Kathmandu"}
    assert tool(ctx=context(), **tool.validated(given))["target"]["timezone"] == "Asia/Kathmandu"
    with pytest.raises(ToolError) as refused:
        tool(ctx=context(), **{**given, "time": "half past four"})
    assert refused.value.code == "away"
