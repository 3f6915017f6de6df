"""Descriptions of other sides: what is listed of one becomes tools, and what cannot be is refused by one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.described import SEAT, answering, described, made, seats, source, tools
from support.other_side import OtherSide, said

from switchboard.errors import DeclarationError, OperatorError, ToolError
from switchboard.toolsets.openapi import pinned
from switchboard.toolsets.openapi.description import document_of, from_file
from switchboard.toolsets.openapi.source import OpenApiSource

READ = {"effect": "read"}


def parameters(tool: Any) -> dict[str, Any]:
    return dict(tool.schema["function"]["parameters"])


def with_parameter(**parameter: Any) -> dict[str, Any]:
    return described({"/seats": {"get": {"operationId": "list", "parameters": [parameter], **answering(SEAT)}}})


def test_a_listed_call_is_found_by_its_id_or_by_its_path_and_nothing_else_is_a_tool(tmp_path: Path) -> None:
    made = tools(source(tmp_path, seats(), {"getSeat": READ, "seats": {**READ, "operation": "GET /seats"}}, server="http://x"))
    assert set(made) == {"getSeat", "seats"}
    assert made["getSeat"].description == "Get a seat."
    assert parameters(made["getSeat"])["required"] == ["id"]


@pytest.mark.parametrize("wanted", ["get_seat", "getSeats", "GET /seat/{id}"])
def test_a_near_miss_is_named(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"did you mean '(getSeat|GET /seats)"):
        source(tmp_path, seats(), {"one": {**READ, "operation": wanted}}, server="http://x").operations()


@pytest.mark.parametrize(
    ("operation", "effect", "why"),
    [
        ("DELETE /seats", "read", "changes something"),
        ("PUT /seats", "read", "changes something"),
        ("GET /seats", "write", "only reads"),
    ],
)
def test_an_effect_that_its_method_belies_is_refused(operation: str, effect: str, why: str, tmp_path: Path) -> None:
    document = described({"/seats": {method: answering(SEAT) for method in ("get", "delete", "put", "post")}})
    with pytest.raises(DeclarationError, match=why):
        source(tmp_path, document, {"one": {"effect": effect, "operation": operation}}, server="http://x").operations()
    assert source(tmp_path, document, {"one": {**READ, "operation": "POST /seats"}}, server="http://x").operations()


def test_names_that_collide_or_are_none_are_made_so_and_the_facts_win(tmp_path: Path) -> None:
    body = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("id", "from", "2nd-row", "model_config", "x")},
    }
    operation = {"requestBody": {"content": {"application/json": {"schema": body}}}, **answering(SEAT)}
    document = described(
        {"/s/{id}": {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}], "post": operation}}
    )
    facts = {"effect": "write", "key": "Idempotency-Key", "operation": "POST /s/{id}", "names": {"seat": "path.id", "why": "x"}}
    names = parameters(tools(source(tmp_path, document, {"move": facts}, server="http://x"))["move"])["properties"]
    assert list(names) == ["seat", "id", "from_", "a_2nd_row", "model_config_", "why"]
    with pytest.raises(DeclarationError, match="there is"):
        tools(source(tmp_path, document, {"move": {**facts, "names": {"seat": "nowhere"}}}, server="http://x"))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", "2030-02-28", "2030-02-30"),
        ("date-time", "2030-02-28T10:00:00Z", "2030-02-28"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123"),
        ("email", "ada@example.com", "ada at example.com"),
    ],
)
def test_formats_are_checked(kind: str, good: str, bad: str, tmp_path: Path) -> None:
    document = with_parameter(name="q", **{"in": "query"}, schema={"type": "string", "format": kind})
    tool = tools(source(tmp_path, document, {"list": READ}, server="http://x"))["list"]
    assert tool.validated({"q": good}) == {"q": good}
    with pytest.raises(ToolError):
        tool.validated({"q": bad})


def test_an_enum_and_a_nested_body_are_checked(tmp_path: Path) -> None:
    seat = {
        "type": "object",
        "properties": {"kind": {"enum": ["stall", "box"]}, "row": {"type": "integer"}},
        "required": ["kind"],
    }
    body = {
        "type": "object",
        "properties": {"seat": {"$ref": "#/components/schemas/S"}, "many": {"type": "array", "items": seat}},
    }
    operation = {"operationId": "book", "requestBody": {"content": {"application/json": {"schema": body}}}}
    document = described({"/s": {"post": operation}}, components={"schemas": {"S": seat}})
    tool = tools(source(tmp_path, document, {"book": {"effect": "write", "key": "Idempotency-Key"}}, server="http://x"))["book"]
    assert tool.validated({"seat": {"kind": "box"}})["seat"] == {"kind": "box"}
    for wrong in ({"seat": {"kind": "roof"}}, {"many": [{"row": 1}]}, {"seat": {"kind": "box", "price": 1}}):
        with pytest.raises(ToolError):
            tool.validated(wrong)


def test_what_cannot_be_written_is_refused_where_it_must_be_given_and_else_left_out_and_told(tmp_path: Path) -> None:
    deep = {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object"}}
    with pytest.raises(DeclarationError, match=r"'filter'.*deepObject.*not known"):
        source(tmp_path, with_parameter(**deep, required=True), {"list": READ}, server="http://x").operations()
    one = source(tmp_path, with_parameter(**deep), {"list": READ}, server="http://127.0.0.1:9")
    assert parameters(tools(one)["list"])["properties"] == {}
    assert any("filter cannot be given" in problem for problem in one.problems())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"swagger": "2.0", "paths": {}}', "Swagger 2.0"),
        ('{"openapi": "4.0.0", "paths": {}}', "versions 3.0"),
        ('{"openapi": "3.1.0"}', "no paths"),
        ("[1, 2]", "no object"),
        ('{"openapi": ', "no JSON"),
        ("a: [1, 2", "neither JSON nor YAML"),
        ('{"a":' * 5000, "nested too deep"),
        ("[" * 5000, "nested too deep"),
        ("a: !!python/object/apply:os.system ['true']", "neither JSON nor YAML"),
        ("a: &a [*a]", "nested too deep"),
        (
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
            "too many parts",
        ),
        ("a: .nan", "no object|versions"),
    ],
)
def test_what_is_no_description_is_refused_by_one_sentence(text: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why) as refused:
        document_of(text.encode(), "api.json")
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200


def test_yaml_is_read_as_json_is() -> None:
    text = "openapi: 3.0.3\npaths: {}\nx: no\ny: 2030-01-01\n200: 012\n"
    assert document_of(text.encode(), "api.yaml") == {
        "openapi": "3.0.3",
        "paths": {},
        "x": "no",
        "y": "2030-01-01",
        "200": "012",
    }


def test_a_file_outside_of_the_project_is_not_read(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "api.json").write_text(json.dumps(seats()), encoding="utf-8")
    (project / "link.json").symlink_to(tmp_path / "api.json")
    for where in ("../api.json", "link.json", str(tmp_path / "api.json")):
        with pytest.raises(DeclarationError, match="outside"):
            from_file(where, project)
    with pytest.raises(OperatorError, match="no file"):
        from_file("none.json", project)


@pytest.mark.parametrize(
    "reference", ["https://example.com/a.json", "#/components/nothing", "other.json#/a", "#/components/schemas/A"]
)
def test_references_that_lead_out_or_nowhere_or_round_load_or_are_refused(reference: str, tmp_path: Path) -> None:
    circle = {"A": {"$ref": "#/components/schemas/A"}}
    document = described(
        {"/s": {"get": {"operationId": "get", **answering({"$ref": reference})}}}, components={"schemas": circle}
    )
    try:
        source(tmp_path, document, {"get": READ}, server="http://x").operations()
    except DeclarationError as refused:
        assert "refer" in str(refused)


def test_an_answers_fields_are_told_through_lists_references_and_circles(tmp_path: Path) -> None:
    node = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "password": {"type": "string", "writeOnly": True},
            "parent": {"$ref": "#/components/schemas/Node"},
            "lines": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Line"}]}},
        },
    }
    line = {"type": "object", "properties": {"sku": {"type": "string"}, "owner": {"$ref": "#/components/schemas/Node"}}}
    document = described(
        {"/n": {"get": {"operationId": "get", **answering({"$ref": "#/components/schemas/Node"})}}},
        components={"schemas": {"Node": node, "Line": line}},
    )
    operation, _ = source(tmp_path, document, {"get": READ}, server="http://x").operations()["get"]
    assert operation.declared == ("id", "lines.sku")


def test_a_server_of_a_description_from_elsewhere_is_asked_only_where_the_project_says_so(tmp_path: Path) -> None:
    with OtherSide(said(json.dumps({**seats(), "servers": [{"url": "http://evil.example/v1"}]}))) as side:
        calls = {"getSeat": READ}
        with pytest.raises(DeclarationError, match=r"evil\.example"):
            source(tmp_path, f"{side.address}/api.json", calls).operations()
        assert source(tmp_path, f"{side.address}/api.json", calls, server="http://evil.example/v1").operations()


def test_a_description_from_an_address_is_pinned_and_a_change_changes_nothing_and_is_told(tmp_path: Path) -> None:
    document = seats()
    with OtherSide(lambda _: [said(json.dumps(document))]) as side:
        address, calls = f"{side.address}/api.json", {"getSeat": READ}
        before = source(tmp_path, address, calls, server=side.address)
        before.operations()
        kept = json.loads(pinned.path_of(tmp_path, "seats").read_text("utf-8"))
        assert list(kept["paths"]) == ["/seats/{id}"] and list(kept["paths"]["/seats/{id}"]) == ["parameters", "get"]
        assert before.problems() == []
        document["paths"]["/seats/{id}"]["get"]["summary"] = "Other words."
        assert before.problems() == []
        document["paths"]["/seats/{id}"]["get"]["parameters"] = [{"name": "more", "in": "query", "schema": {"type": "string"}}]
        after = source(tmp_path, address, calls, server=side.address)
        assert "more" not in parameters(tools(after)["getSeat"])["properties"]
        (problem,) = after.problems()
        assert "getSeat" in problem and "switchboard pin seats" in problem
        more = source(tmp_path, address, {**calls, "listSeats": READ}, server=side.address)
        with pytest.raises(DeclarationError, match="has changed"):
            more.operations()
        assert after.pin() and "more" in parameters(tools(after)["getSeat"])["properties"]
        assert more.operations().keys() == {"getSeat", "listSeats"}
        del document["paths"]["/seats"]
        assert "gone" in " ".join(more.problems())
    gone = source(tmp_path, address, calls, server=side.address)  # which starts without the network
    assert gone.operations()
    assert any("no connection" in problem for problem in gone.problems())


def test_where_nothing_can_be_written_a_description_is_used_from_memory(tmp_path: Path) -> None:
    (tmp_path / "tools").write_text("a file", encoding="utf-8")
    with OtherSide(said(json.dumps(seats()))) as side:
        assert source(tmp_path, f"{side.address}/a", {"getSeat": READ}, server=side.address).operations()
    (tmp_path / "tools").unlink()
    elsewhere = tmp_path.parent / f"{tmp_path.name}_elsewhere"
    elsewhere.mkdir()
    (tmp_path / "tools").symlink_to(elsewhere)
    with OtherSide(said(json.dumps(seats()))) as side:
        assert source(tmp_path, f"{side.address}/a", {"getSeat": READ}, server=side.address).operations()
    assert not any(elsewhere.iterdir())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said("", "302 Found", Location="http://127.0.0.1:1/"), "leads to another"),
        (said("no", "401 Unauthorized"), "401"),
        (said("<html>"), "no OpenAPI|neither|no object"),
        (said(b"x" * 6_000_000), "more than"),
    ],
)
def test_what_an_address_gives_that_is_no_description_is_refused(answer: bytes, why: str, tmp_path: Path) -> None:
    with OtherSide(answer) as side, pytest.raises((DeclarationError, OperatorError), match=why):
        source(tmp_path, f"{side.address}/api.json", {"getSeat": READ}).operations()
    assert not (tmp_path / "tools").exists()


def test_problems_name_variables_that_are_not_set_and_what_is_deprecated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEATS_TOKEN", raising=False)
    document = seats()
    document["paths"]["/seats"]["get"]["deprecated"] = True
    with OtherSide(b"") as side:
        headers = {"Authorization": "Bearer ${SEATS_TOKEN}"}
        one = source(tmp_path, document, {"listSeats": READ}, server=side.address, headers=headers)
        found = " ".join(one.problems())
        assert "SEATS_TOKEN" in found and "deprecated" in found
        with pytest.raises(ToolError) as refused:
            made(tools(one)["listSeats"])
    assert refused.value.code == "not_allowed_there" and "TOKEN" not in str(refused.value)
    assert side.asked == []


def test_a_source_is_what_tools_come_from(tmp_path: Path) -> None:
    from switchboard.toolsets.remote import ToolSource

    one: ToolSource = source(tmp_path, seats(), {"getSeat": READ}, server="http://127.0.0.1:9")
    assert isinstance(one, OpenApiSource) and one.name == "seats"
    one.close()


@pytest.mark.parametrize(
    ("declared", "key", "words"),
    [
        ("Idempotency-Key", "X-Foo", "its description declares 'Idempotency-Key'"),
        ("X-Trace", "X-Foo", "which its description does not declare"),
        ("Idempotency-Key", "idempotency-key", ""),
        ("X-Trace", "Idempotency-Key", ""),
        ("X-Foo", "X-Foo", ""),
    ],
)
def test_a_key_goes_in_a_header_that_takes_one(tmp_path: Path, declared: str, key: str, words: str) -> None:
    header = {"name": declared, "in": "header", "schema": {"type": "string"}}
    document = {"openapi": "3.1.0", "paths": {"/s": {"post": {"operationId": "book", "parameters": [header], "responses": {}}}}}
    given = source(tmp_path, document, {"book": {"effect": "write", "key": key}}, server="http://x")
    if not words:
        assert tools(given)["book"].keyed
        return
    with pytest.raises(DeclarationError, match=words):
        tools(given)
