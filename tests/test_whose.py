"""Whose it is that a call of another side changes: what nothing ties to the customer is no tool."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from support.described import answering, described
from test_project_tables import HALL, project

from switchboard.declare.tool import Context
from switchboard.errors import DeclarationError, ToolError
from switchboard.tables.fields import check_facts
from switchboard.tables.team import remote_tools
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

WRITES = """
    [tools.gym]
    openapi = "gym.json"
    server = "http://localhost:1"

    [tools.gym.calls.get_course]
    effect = "read"
    LOOKS

    [tools.gym.calls.my_courses]
    effect = "read"
    customer = "member"

    [tools.gym.calls.leave_course]
    effect = "write"
    FACTS
    """


@pytest.mark.parametrize(
    ("looks", "facts", "is_tied"),
    [
        ("public = true", "", False),
        ("public = true", 'check = "get_course"', False),
        ('owner = "member"', "", False),
        ('owner = "member"', 'check = "get_course"', True),
        ('owner = "member"', 'check = "my_courses"', False),
        ("public = true", "owner = false", True),
        ("public = true", 'customer = "member"', True),
    ],
)
def test_a_call_that_changes_what_is_somebodys_says_whose(tmp_path: Path, looks: str, facts: str, is_tied: bool) -> None:
    course = {"name": "course", "in": "path", "required": True, "schema": {"type": "string"}}
    member = {"name": "member", "in": "query", "schema": {"type": "string"}}
    both = {"type": "object", "properties": {"course": {"type": "string"}, "member": {"type": "string"}}}
    leave = {"operationId": "leave_course", "parameters": [member], **answering(both)}
    paths = {
        "/c/{course}": {"parameters": [course], "get": {"operationId": "get_course", **answering(both)}, "delete": leave},
        "/c": {"get": {"operationId": "my_courses", "parameters": [member], **answering(both)}},
    }
    listed = '\n[departments.x]\nabout = "X."\ntools = ["leave_course"]\n'
    toml = dedent(WRITES).replace("LOOKS", looks).replace("FACTS", facts)
    made = project(tmp_path, HALL + listed + toml, **{"gym.json": json.dumps(described(paths))})
    if is_tied:
        assert "leave_course" in remote_tools(made)
        return
    with pytest.raises(DeclarationError, match=r"calls\.leave_course: nothing says whose it is that it changes"):
        remote_tools(made)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"number": "C-1", "member": None}, "wrong_answer"),
        ({"number": "C-1"}, "wrong_answer"),
        ({"number": "C-1", "member": "M-8"}, "not_found"),
        ({}, "not_found"),
    ],
)
def test_a_record_that_does_not_say_whose_it_is_is_an_error_of_the_other_side(
    answer: dict[str, Any], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    parameters = {"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]}
    operation = Operation("get_course", "Get a course.", parameters)
    facts = {"get_course": Facts(effect="read", owner="member")}
    made = tools_from({"get_course": (operation, lambda *_, **__: answer)}, facts)
    ctx = Context("case", "call", "desk", None, "M-7")  # type: ignore[arg-type]
    with pytest.raises(ToolError) as refused:
        made["get_course"](ctx=ctx, number="C-1")
    assert refused.value.code == code
    assert ("says whose it is" in caplog.text, "C-1" in caplog.text) == (code == "wrong_answer", False)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"matches": {"course": "curse"}}, "matches names 'curse', which no answer of leave_course has; did you mean 'course'"),
        (
            {"check": "get_course", "read_back": "Leave {check.cours}."},
            "read_back names 'cours', which no answer of get_course",
        ),
        ({"amount": "get_course.fee"}, "amount names 'fee', which no answer of get_course has; there is course, member"),
        ({"check": "get_course", "read_back": "Leave {check.course}.", "matches": {"course": "course"}}, ""),
    ],
)
def test_a_fact_that_names_a_field_which_no_answer_has_is_refused(facts: dict[str, Any], told: str) -> None:
    both = ("course", "member")
    operations = {name: (Operation(name, "", {}, both), object()) for name in ("get_course", "leave_course")}
    calls = {"get_course": Facts(effect="read", owner="member"), "leave_course": Facts(effect="write", **facts)}
    if not told:
        return check_facts(calls, operations)
    with pytest.raises(DeclarationError) as refused:
        check_facts(calls, operations)
    assert f"calls.leave_course: {told}" in str(refused.value)
