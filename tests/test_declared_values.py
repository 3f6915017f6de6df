"""A value that a description does not list is no fact: nothing is told, decided or taken for done by it."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.described import answering, described, made, source, tools
from support.other_side import OtherSide, said

from switchboard.errors import NotKnown, ToolError
from switchboard.toolsets.schemas import Leaf, leaf_of, misfit

STATES = {"type": "string", "enum": ["PACKED", "ON_THE_WAY"]}
KIND = {"$ref": "#/components/schemas/Kind"}
BOX = {
    "type": "object",
    "properties": {
        "no": {"type": "string"},
        "state": STATES,
        "kind": {"allOf": [KIND]},
        "way": {"type": "array", "items": STATES},
    },
}
NUMBER = {"name": "no", "in": "path", "required": True, "schema": {"type": "string"}}
DOCUMENT = described(
    {
        "/boxes/{no}": {
            "parameters": [NUMBER],
            "get": {"operationId": "box", **answering(BOX)},
            "post": {"operationId": "stop", **answering(BOX)},
        }
    },
    components={"schemas": {"Kind": {"type": "integer", "enum": [1, 2]}}},
)


def come_of(folder: Path, answer: dict[str, Any], call: str = "box", **facts: Any) -> Any:
    """What comes of a call that is answered so, or the error."""
    calls = {"box": {"effect": "read", **facts}, "stop": {"effect": "write", "key": "Idempotency-Key"}}
    with OtherSide(said(json.dumps(answer))) as side:
        try:
            return made(tools(source(folder, DOCUMENT, calls, server=side.address))[call], no="7")
        except ToolError as error:
            return error


@pytest.mark.parametrize(
    "answer",
    [{"state": "LOST"}, {"state": "packed"}, {"kind": 3}, {"way": ["PACKED", "LOST"]}, {"kind": True}],
)
def test_an_answer_with_a_value_that_is_not_listed_is_not_used(
    answer: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read, wrote = come_of(tmp_path, answer), come_of(tmp_path, answer, "stop")
    assert isinstance(read, ToolError) and read.code == "wrong_answer"
    assert isinstance(wrote, NotKnown)
    assert "LOST" not in f"{read} {wrote} {caplog.text}" and next(iter(answer)) in caplog.text


@pytest.mark.parametrize("answer", [{"state": "PACKED", "kind": 2.0, "way": []}, {"state": None}, {"no": "7"}])
def test_one_with_listed_values_and_one_that_leaves_them_out_are_told(answer: dict[str, Any], tmp_path: Path) -> None:
    assert come_of(tmp_path, answer) == answer


def test_of_what_is_not_kept_no_value_matters(tmp_path: Path) -> None:
    assert come_of(tmp_path, {"no": "7", "state": "LOST"}, result=["no"]) == {"no": "7"}


@pytest.mark.parametrize(
    ("schema", "leaf"),
    [
        (STATES, Leaf(("string",), ("PACKED", "ON_THE_WAY"))),
        ({"type": "array", "items": STATES}, Leaf(("string",), ("PACKED", "ON_THE_WAY"))),
        ({"anyOf": [STATES, {"type": "string"}]}, Leaf(("string",))),
        ({"anyOf": [STATES, {"type": "null"}]}, Leaf(("string",), ("PACKED", "ON_THE_WAY"))),
        ({"oneOf": [{"const": 1}, {"type": "string", "enum": ["all", None]}]}, Leaf(("string",), (1, "all"))),
        ({"type": ["number", "null"]}, Leaf(("number",))),
        ({"$ref": "#/nowhere"}, Leaf()),
        ({"$ref": "other.json"}, Leaf()),
        ({}, Leaf()),
        (True, Leaf()),
    ],
)
def test_what_is_declared_of_a_field_is_its_types_and_all_of_its_values(schema: Any, leaf: Leaf) -> None:
    assert leaf_of(schema, {}) == leaf


def test_values_to_which_others_may_be_added_fit_whatever_they_are() -> None:
    assert misfit("LOST", {"anyOf": [STATES, {"type": "string"}]}, {}) is None
    assert misfit("LOST", {"anyOf": [STATES, {"type": "integer"}]}, {}) == "answer is nothing that its description says"


def test_what_would_take_more_comparing_than_an_answer_is_worth_is_not_looked_at() -> None:
    listed = {"type": "array", "items": {"enum": [f"kind {n}" for n in range(2_000)]}}
    assert misfit([f"kind {n % 2_000}" for n in range(1_000)], listed, {}) is None
    assert "more parts than can be looked at" in str(misfit([f"kind {n % 2_000}" for n in range(100_000)], listed, {}))
