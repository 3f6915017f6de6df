"""Whose it is that a call of another side changes: what nothing ties to the customer is no tool."""

import json
from pathlib import Path
from textwrap import dedent

import pytest
from support.described import answering, described
from test_project_tables import HALL, project

from switchboard.errors import DeclarationError
from switchboard.tables.team import remote_tools

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
