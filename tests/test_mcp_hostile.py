"""A server that means harm: bounded, refused by one sentence, and nothing of it in a prompt, a log or a terminal."""

import logging
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.house import answers
from support.ports import free_port

from switchboard.declare.tool import Context, Tool
from switchboard.errors import DeclarationError, NotKnown, OperatorError, ToolError
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import tools_from
from switchboard.toolsets.table import SourceTable

pytest.importorskip("mcp", reason="the extra mcp is not installed")
SERVER = Path(__file__).parent / "support" / "hostile_mcp.py"
READS = {"find": Facts(effect="read", operation="find_order", timeout=3)}
WRITES = {"find": Facts(effect="write", operation="find_order", timeout=3)}
ODD = ["from", "user-id", "model_config", "__class__", "1st", "self", "json", "ctx", "a b"]
MOST_MEGABYTES = 150


@contextmanager
def opened(folder: Path, command: Any, calls: dict[str, Facts]) -> Iterator[Tool]:
    from switchboard.toolsets.mcp.source import McpSource

    source = McpSource("evil", SourceTable(mcp=command, calls=calls), folder)
    try:
        yield tools_from(source.operations(), calls)["find"]
    finally:
        source.close()


def hostile(mode: str, folder: Path, calls: dict[str, Facts] = READS) -> Any:
    return opened(folder, [sys.executable, str(SERVER), mode], calls)


@contextmanager
def hostile_address(mode: str, folder: Path, calls: dict[str, Facts] = READS) -> Iterator[Tool]:
    port = free_port()
    process = subprocess.Popen([sys.executable, str(SERVER), mode, str(port)], stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            time.sleep(0.02)
        with opened(folder, f"http://127.0.0.1:{port}/mcp", calls) as tool:
            yield tool
    finally:
        process.kill()
        process.wait()


def asked(tool: Tool) -> Any:
    context = Context("case", "call", "desk", None, "M-1")  # type: ignore[arg-type]
    result = tool(ctx=context, number="1")
    return tool.outside(context, result) if tool.outside else result


@pytest.fixture(autouse=True)
def _is_bounded(caplog: Any, capfd: Any) -> Iterator[None]:
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with caplog.at_level(logging.INFO):
        yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEGABYTES * 1024
    assert time.monotonic() - begun < 25
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""
    assert "\x1b" not in caplog.text and "\u202e" not in caplog.text
    assert len(caplog.text) < 200_000


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("endless line", "away"),
        ("endless garbage", "away"),
        ("silence", "away"),
        ("wrong types", "away"),
        ("nothing", "away"),
        ("image", "away"),
        ("large number", "away"),
        ("deep", "away"),
        ("too long", "result_too_long"),
        ("orders", "away"),
        ("a new value", "wrong_answer"),
    ],
)
def test_an_answer_that_is_none_is_refused_by_a_sentence(mode: str, code: str, tmp_path: Path) -> None:
    with hostile(mode, tmp_path) as tool:
        with pytest.raises(ToolError) as refused:
            asked(tool)
        assert refused.value.code == code
        assert len(str(refused.value)) < 500
        assert "\x1b" not in str(refused.value) and "\u202e" not in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["endless line", "endless garbage", "silence", "wrong types", "nothing"])
def test_of_a_write_that_is_not_answered_nobody_knows(mode: str, tmp_path: Path) -> None:
    with hostile(mode, tmp_path, WRITES) as tool, pytest.raises(NotKnown):
        asked(tool)


@pytest.mark.parametrize("mode", ["image", "large number", "deep", "too long"])
def test_a_write_that_is_done_is_not_refused_for_what_it_answers(mode: str, tmp_path: Path) -> None:
    with hostile(mode, tmp_path, WRITES) as tool:
        assert asked(tool) == {"left_out": "what it answered cannot be told"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["redirect", "page", "error", "zipped", "endless line", "endless events", "silence"])
def test_the_same_over_http(mode: str, tmp_path: Path) -> None:
    with hostile_address(mode, tmp_path) as tool:
        with pytest.raises(ToolError) as refused:
            asked(tool)
        assert refused.value.code == "away"
    with hostile_address(mode, tmp_path / "writes", WRITES) as tool, pytest.raises(NotKnown):
        asked(tool)


def test_garbage_between_messages_is_left_out(tmp_path: Path) -> None:
    with hostile("garbage", tmp_path) as tool:
        assert asked(tool) == {"id": "O-1"}


def test_what_is_no_json_in_json_does_no_harm(tmp_path: Path) -> None:
    with hostile("not a number", tmp_path) as tool:
        assert asked(tool) == {"n": None, "m": None, "s": "ab"}


def test_a_server_that_asks_for_a_model_gets_none(tmp_path: Path) -> None:
    with hostile("asks for sampling", tmp_path) as tool:
        assert asked(tool) == {"id": "O-1"}


def test_a_description_that_changes_under_us_is_seen_at_once(tmp_path: Path) -> None:
    with hostile("changes", tmp_path) as tool:
        assert asked(tool) == {"id": "O-1"}
        with pytest.raises(ToolError) as refused:
            asked(tool)
        assert refused.value.code == "description_changed"


def test_orders_in_descriptions_are_short_and_plain_and_give_way(tmp_path: Path) -> None:
    with hostile("orders", tmp_path) as tool:
        told = str(tool.schema)
        assert len(tool.description) <= 300 and len(told) < 1500
        assert "\\x1b" not in told and "\\u202e" not in told
    pinned = (tmp_path / "tools" / "evil.pinned.json").read_text(encoding="utf-8")
    assert "\x1b" not in pinned and "\u202e" not in pinned
    named = {"find": READS["find"].model_copy(update={"about": "Find an order by its number."})}
    with hostile("orders", tmp_path, named) as tool:
        assert tool.description == "Find an order by its number."


@pytest.mark.parametrize("mode", ["remote reference", "reference to nothing", "wide", "no schema"])
def test_schemas_that_cannot_be_used_are_refused_when_they_are_read(mode: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"^calls\.find: "), hostile(mode, tmp_path):
        pass


def test_arguments_whose_names_python_does_not_take_get_others(tmp_path: Path) -> None:
    with hostile("odd names", tmp_path) as tool:
        names = list(tool.schema["function"]["parameters"]["properties"])
        assert names == [
            "its_from",
            "user_id",
            "its_model_config",
            "its_class",
            "its_1st",
            "its_self",
            "its_json",
            "its_ctx",
            "a_b",
        ]
        context = Context("case", "call", "desk", None, "M-1")  # type: ignore[arg-type]
        assert tool(ctx=context, **tool.validated(dict.fromkeys(names, "x"))) == {"took": ODD}


def test_a_schema_in_a_circle_ends_as_any_object(tmp_path: Path) -> None:
    with hostile("loop", tmp_path) as tool:
        tool.validated({"number": {"next": {"next": {}}}})


@pytest.mark.slow
def test_of_ten_thousand_tools_the_listed_one_is_taken(tmp_path: Path) -> None:
    with hostile("many tools", tmp_path) as tool:
        assert asked(tool) == {"id": "O-1"}
    assert (tmp_path / "tools" / "evil.pinned.json").stat().st_size < 2_000


def test_a_list_without_end_ends(tmp_path: Path) -> None:
    with pytest.raises((DeclarationError, OperatorError)), hostile("endless list", tmp_path):
        pass


@pytest.mark.parametrize(("changes", "code"), [(False, "away"), (True, "refused")])
def test_a_read_that_fails_is_not_told_as_nothing_found(changes: bool, code: str) -> None:
    from mcp_types import CallToolResult, TextContent

    from switchboard.toolsets.mcp.answers import answer_of
    from switchboard.toolsets.remote import MayBeDone

    failed = CallToolResult(content=[TextContent(type="text", text="The disk is full.")], is_error=True)
    with pytest.raises(ToolError) as refused:
        answer_of("find", failed, changes)
    assert (refused.value.code, isinstance(refused.value, MayBeDone)) == (code, changes)
