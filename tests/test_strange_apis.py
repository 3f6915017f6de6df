"""What APIs that were not made for a desk have: searches that give lists, keys as parameters, enums, decimal prices."""

from pathlib import Path
from typing import Any

import pytest
from support.described import SEAT, answering, described, source, tools

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Calls, Say
from switchboard.declare.tool import Context, at
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import NOT_ANSWERED, OF_THE_CALL, DeclarationError, OperatorError, ToolError
from switchboard.plays.process import NotSettled, walk
from switchboard.plays.verifying import verified_by
from switchboard.reading.spelling import spelled_as
from switchboard.tables.fields import check_fields, kept_of
from switchboard.tables.plays import PlayTable
from switchboard.tables.project_file import read_file
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

EXAMPLES = ["one", "two", "three", "four", "five", "six", "seven", "eight"]


def context() -> Context:
    return Context("case", "call", "desk", None, None)  # type: ignore[arg-type]


def finder(*people: dict[str, Any]) -> Any:
    """A search for people by their mail address, which finds these."""
    parameters = {"type": "object", "properties": {"mail": {"type": "string"}}, "required": ["mail"]}
    answer = {"data": list(people), "more": False}
    operation = Operation("search", "Search people.", parameters)
    facts = {"find_person": Facts(effect="read", verifies="data.id")}
    return tools_from({"find_person": (operation, lambda *_, **__: answer)}, facts)["find_person"]


def test_a_search_that_finds_just_one_verifies_them() -> None:
    known = context()
    finder({"id": "p_1"})(ctx=known, mail="ada@example.com")
    assert known.customer_id == "p_1"


@pytest.mark.parametrize("people", [(), ({"id": "p_1"}, {"id": "p_2"})])
def test_a_search_that_finds_none_or_several_verifies_nobody(people: Any) -> None:
    with pytest.raises(ToolError) as refused:
        finder(*people)(ctx=context(), mail="ada@example.com")
    assert refused.value.code == "not_found"


def test_a_path_goes_through_lists_of_one() -> None:
    assert at({"a": [{"b": [{"c": 1}]}]}, "a.b.c") == 1
    assert at({"a": [1]}, "a") == [1]
    assert at({"a": [{"b": 1}, {"b": 1}]}, "a.b") is None


def test_the_address_of_the_channel_is_tried_whatever_the_argument_is_called() -> None:
    move: Any = verified_by(finder(), View("desk", "hello", "hello", facts={"email": "ada@example.com"}))
    assert [dict(call.arguments) for call in move.calls] == [{"mail": "ada@example.com"}]


def test_a_header_that_the_project_sends_is_no_argument(tmp_path: Path) -> None:
    key = {"name": "x-api-key", "in": "header", "required": True, "schema": {"type": "string"}}
    document = described({"/seats": {"get": {"operationId": "list", "parameters": [key], **answering(SEAT)}}})
    calls = {"list": {"effect": "read"}}
    sent = tools(source(tmp_path, document, calls, server="http://x", headers={"X-Api-Key": "${KEY}"}))["list"]
    assert sent.schema["function"]["parameters"]["properties"] == {}
    given = tools(source(tmp_path, document, calls, server="http://x"))["list"]
    assert [*given.schema["function"]["parameters"]["properties"]] == ["x_api_key"]


def test_a_folder_without_python_needs_no_init(tmp_path: Path) -> None:
    (tmp_path / "switchboard.toml").write_text('name = "A"\n[departments.x]\nabout = "X."\n')
    for folder in ("agents/plays", "tools"):  # plays in TOML, and what is pinned of a description
        (tmp_path / folder).mkdir(parents=True)
    assert read_file(tmp_path / "switchboard.toml").name == "A"


PLAY = {
    "about": "They ask how far it is.",
    "examples": EXAMPLES,
    "told": "It is {get.state}. It costs {get.price:units} EUR. It comes with {get.carrier}.",
    "reads": [{"tool": "get"}],
    "conditions": [{"of": "get.state", "values": ["AT_SEA", "LANDED"], "otherwise": "It is {get.state}, so it comes no more."}],
    "words": {"get.state": {"AT_SEA": "on a ship", "LOST": "lost"}},
}


def told(**found: Any) -> str:
    play = PlayTable.model_validate(PLAY).made("far", {}, "A person has it.")
    assert play.process
    move: Any = walk(play.process, View("desk", "how far", calls=(CallResult("get", {}, "done", found),)))
    return str(move.text)


def test_values_are_told_in_the_words_of_the_play_and_conditions_go_by_the_values() -> None:
    assert told(state="AT_SEA", price="1184.50") == "It is on a ship. It costs 1184.50 EUR."
    assert told(state="LANDED", price=3, carrier="Otto") == "It is LANDED. It costs 3.00 EUR. It comes with Otto."
    assert told(state="LOST") == "It is lost, so it comes no more."


def test_words_for_what_nothing_finds_are_refused() -> None:
    table = PlayTable.model_validate({**PLAY, "words": {"got.state": {"X": "x"}}})
    with pytest.raises(DeclarationError, match=r"names 'got.state' in words, which nothing before it finds"):
        table.made("far", {}, "A person has it.")


@pytest.mark.parametrize(
    ("value", "language", "currency", "spelled"),
    [
        ("84.50", "en", "EUR", "84.50"),
        (84.5, "de", "EUR", "84,50"),
        (1184, "de", "EUR", "1.184,00"),
        ("500", "en", "JPY", "500"),
        ("1e400", "en", "EUR", ""),
        ("0.005", "en", "EUR", ""),
        ("NaN", "en", "EUR", ""),
        ("", "en", "EUR", ""),
        (True, "en", "EUR", ""),
        ({}, "en", "EUR", ""),
    ],
)
def test_an_amount_in_units_is_spelled(value: Any, language: str, currency: str, spelled: str) -> None:
    assert spelled_as("units", value, language, currency) == spelled


@pytest.mark.parametrize(("status", "code"), [("refused", "away"), ("refused", "not_allowed_there"), ("failed", "failed")])
def test_who_cannot_be_looked_for_is_not_told_that_they_are_unknown(status: Any, code: str) -> None:
    looked = CallResult("find_person", {"mail": "ada@example.com"}, status, None, "It does not answer.", code=code)
    view = View("desk", "hello", "hello", facts={"email": "ada@example.com"}, calls=(looked,))
    assert verified_by(finder(), view) == "The customer could not be verified by find_person: It does not answer."


def test_of_two_addresses_neither_is_guessed() -> None:
    both = View("desk", "not bo@example.com but ada@example.com", "not bo@example.com but ada@example.com")
    asked = verified_by(finder(), both)
    assert isinstance(asked, Say) and asked.asks
    one = verified_by(finder(), View("desk", "ada@example.com", "ada@example.com"))
    assert isinstance(one, Calls) and one.calls[0].arguments == {"mail": "ada@example.com"}


@pytest.mark.parametrize(
    ("code", "asks"),
    [
        *((code, False) for code in sorted(NOT_ANSWERED - OF_THE_CALL)),
        *((code, True) for code in ("not_found", "refused", "no_such_ship")),
    ],
)
def test_what_cannot_be_looked_up_is_a_persons_and_what_is_not_there_is_asked_for_again(code: str, asks: bool) -> None:
    slot = {"name": "number", "ask": "Which is it?", "form": r"\d+"}
    table = {**PLAY, "slots": [slot], "reads": [{"tool": "get", "arguments": {"id": "number"}}]}
    play = PlayTable.model_validate(table).made("far", {}, "A person has it.")
    looked = CallResult("get", {"id": "7"}, "refused", None, "No.", code=code)
    assert play.process
    view = View("desk", "how far is 7", "how far is 7", calls=(looked,))
    if asks:
        assert walk(play.process, view) == Say("I find nothing under 7. Which is it?", asks=True)
    else:
        with pytest.raises(NotSettled, match=r"get did not work: No\."):
            walk(play.process, view)


def test_an_argument_that_a_call_does_not_take_is_refused() -> None:
    table = {**PLAY, "reads": [{"tool": "find_person", "arguments": {"email": "customer"}}], "words": {}, "conditions": []}
    play = PlayTable.model_validate({**table, "told": "Hello."}).made("far", {}, "A person has it.")
    with pytest.raises(DeclarationError, match="the play far gives find_person the argument 'email'; it takes mail"):
        AgentSpec("desk", "X.", "X.", tools=(finder(),), plays=(play,))


def test_what_is_missing_has_the_line_of_its_table(tmp_path: Path) -> None:
    (tmp_path / "switchboard.toml").write_text('name = "A"\n[departments.x]\ntools = []\n')
    with pytest.raises(OperatorError, match=r'line 2: "departments.x.about" is missing'):
        read_file(tmp_path / "switchboard.toml")


KEPT = {"get": ("state", "price", "way.carrier", "rows.id"), "end": ("ref",)}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"told": "It is {get.stat}."}, "told names 'get.stat', which no answer of get has; did you mean 'get.state'"),
        ({"told": "It is {get.way.carrier.name}. {get.way}."}, ""),
        (
            {"words": {"get.xyz": {"A": "a"}}},
            "words names 'get.xyz', .* has; there is get.state, get.price, get.way.",
        ),
        ({"conditions": [{"of": "get.price", "values": [1], "otherwise": "{get.cost}"}]}, "conditions names 'get.cost'"),
        (
            {"does": {"tool": "end"}, "deeds": "end", "told": "{result.reef}"},
            "told names 'result.reef', which no answer of",
        ),
        (
            {"slots": [{"name": "n", "ask": "?", "among": "get.rows", "key": "id", "label": "{idd}"}]},
            "slots names 'get.rows.idd'",
        ),
        ({"lists": {"all": {"of": "get.rows", "label": "{ident}", "none": "-"}}}, "lists names 'get.rows.ident'"),
        ({"told": "{unsaid.anything}"}, ""),
    ],
)
def test_a_field_that_no_answer_has_is_refused(changed: dict[str, Any], why: str) -> None:
    table = PlayTable.model_validate({**PLAY, "conditions": [], "words": {}, "told": "{get.state}", **changed})
    if why:
        with pytest.raises(DeclarationError, match=why):
            check_fields(table, KEPT)
    else:
        check_fields(table, KEPT)


def test_what_is_kept_of_an_answer_is_what_the_project_lists_of_it() -> None:
    operation = Operation("get", "", {}, ("id", "way.carrier", "way.day"))
    assert kept_of(operation, Facts(effect="read")) == ("id", "way.carrier", "way.day")
    assert kept_of(operation, Facts(effect="read", result=("way", "new"))) == ("way.carrier", "way.day", "new")


def test_a_fact_that_names_nearly_a_field_is_told(tmp_path: Path) -> None:
    document = described({"/seats": {"get": {"operationId": "list", **answering(SEAT)}}})
    calls = {"list": {"effect": "read", "owner": "idd", "result": ["row", "hidden"]}}
    found = source(tmp_path, document, calls, server="http://127.0.0.1:1").problems()
    told = "tools.seats.calls.list: owner names 'idd', which no answer has by its description; did you mean 'id'."
    assert [sentence for sentence in found if "names" in sentence] == [told]
    calls["list"]["owner"] = "member"
    found = source(tmp_path, document, calls, server="http://127.0.0.1:1").problems()
    assert any("owner names 'member', which no answer has by its description; there is " in sentence for sentence in found)
