"""What plays say of lists and of amounts in units, and for which slot an answer is read."""

from pathlib import Path
from typing import Any

import pytest
from support.bookings import TOOLS, cancel, hall_of_two
from support.toys import told
from test_processes import written

from switchboard.declare.agent import AgentSpec
from switchboard.declare.play import Listed, Play, Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool, tool
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError, ToolError
from switchboard.flows.hub import hub
from switchboard.plays.slots import all_of, value_for
from switchboard.plays.which import play_of
from switchboard.reading.spelling import spelled_as
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

CLOSER = hall_of_two().members["closer"]
PASSES = (Rule("confirm", effect="write"), *(Rule("approve", effect=one) for one in ("read", "send", "write")))  # type: ignore[arg-type]
FREE = Listed("free.slots", "{day:weekday}, {cents:money} EUR", "Nothing is free.", "Free are:")


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        (29.9, "EUR", "29,90"), (30, "EUR", "30,00"), ("1249.50", "EUR", "1.249,50"), (0.1 + 0.2, "EUR", ""),
        (1.005, "EUR", ""),
        (1200, "JPY", "1.200"), (1.5, "JPY", ""), (float("nan"), "EUR", ""), (float("inf"), "EUR", ""), (None, "EUR", ""),
        (True, "EUR", ""), ("a lot", "EUR", ""), ("1e999999999", "EUR", ""),
    ],
)  # fmt: skip
def test_an_amount_in_units_is_spelled_as_money_or_not_at_all(value: Any, currency: str, said: str) -> None:
    assert spelled_as("units", value, "de", currency) == said


def test_a_list_is_a_line_for_each_and_a_sentence_where_it_is_empty() -> None:
    rows = [{"day": "2031-03-14", "cents": 123456}, {"day": "soon", "cents": 1}, {"day": "2031-03-17", "cents": 5}]
    said = "Free are:\n- Freitag, 14. März 2031, 1.234,56 EUR\n- Montag, 17. März 2031, 0,05 EUR"
    assert all_of(FREE, {"free": {"slots": rows[::2]}}, "de", "EUR") == said
    assert all_of(FREE, {"free": {"slots": rows}}, "de", "EUR") is None, "shorter than it is it would be untrue"
    assert all_of(FREE, {"free": {"slots": []}}) == "Nothing is free."
    assert all_of(FREE, {"free": {}}) is None
    many = all_of(FREE, {"free": {"slots": rows[:1] * 50}}) or ""
    assert many.endswith("\n- …") and many.count("\n") == 11


def test_a_list_of_what_nothing_finds_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"names 'free.slots' in lists"):
        Process(told="{all}", lists={"all": FREE})
    with pytest.raises(DeclarationError, match="what is where there is none"):
        Listed("free.slots", "{day}", "")


PAY = {"type": "object", "properties": {"amount": {"type": "number"}, "member": {"type": "string"}}, "required": ["amount"]}


def paying(read_back: str, language: str = "de") -> Tool:
    operations = {
        "pay": (Operation("pay", "Pay.", PAY), lambda *_, **__: {}),
        "get": (Operation("get", "", {}), lambda *_, **__: {}),
    }
    facts = {"pay": Facts(effect="write", customer="member", check="get", read_back=read_back), "get": Facts(effect="read")}
    return tools_from(operations, facts, language, "EUR")["pay"]


def test_what_is_read_back_is_spelled_as_the_team_speaks() -> None:
    made = paying("{amount:units} EUR am {check.day:date}")
    assert made.read_back and made.read_back({"amount": 1249.5}, {"day": "2031-03-14"}) == "1.249,50 EUR am 14. März 2031"


@pytest.mark.parametrize("looked", [{}, {"day": "soon"}, None])
def test_what_cannot_be_told_whole_is_not_asked_about(looked: Any) -> None:
    made = paying("{amount:units} EUR am {check.day:date}")
    with pytest.raises(ToolError) as refused:
        assert made.read_back and made.read_back({"amount": 1249.5}, looked)
    assert refused.value.code == "cannot_be_read_back"


@pytest.mark.parametrize("wrong", ["{member}", "{sum}", "{amount:hour}", "{amount", "{}"])
def test_what_cannot_be_read_back_is_refused_before_it_is(wrong: str) -> None:
    with pytest.raises(DeclarationError):
        paying(wrong)


WHICH = Slot("number", "Which one?", r"\bB-\d+\b", among="all.rows", key="id", label="{id} in {place}")
ROWS = {"all": {"rows": [{"id": "B-1", "place": "Rome"}, {"id": "B-2", "place": "Oslo"}]}}


@pytest.mark.parametrize(
    ("words", "answering", "value"),
    [
        (("the one in Oslo", "in Rome"), ("", "Where to?"), "B-2"),
        (("B-1, please", "in Oslo"), ("", "Where to?"), "B-1"),
        (("move it", "in Rome", "yes"), ("", "Where to?", ""), None),
        (("move it", "the second one"), ("", "Where to?"), None),
        (("move it", "in Rome"), ("", "Which one?"), "B-1"),
        (("move it", "in Rome"), ("", "Tell me more?"), "B-1"),
        (("move it", "B-2 to Rome"), ("", "Where to?"), "B-2"),
    ],
)
def test_an_answer_is_read_for_what_it_was_asked_for(words: tuple[str, ...], answering: tuple[str, ...], value: Any) -> None:
    view = View("desk", "\n".join(words), words[-1], words=words, answering=answering)
    found = value_for(WHICH, view, ROWS, others=["Where to?"])
    assert (found if isinstance(found, str) else None) == value


def desk_with(*tools: Tool, plays: tuple[Play, ...]) -> TeamSpec:
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=tools, plays=plays)
    return TeamSpec("hall", "", {"desk": desk, "closer": CLOSER}, hub("desk", {}, "closer"), PASSES)


ON = Slot("number", "Which one?", r"\bB-\d+\b", among="all.rows", key="id", label="{id} on {day:date}")
DAYS = {"all": {"rows": [{"id": "B-1", "day": "2031-03-17"}, {"id": "B-2", "day": "2031-04-01"}]}}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("the one on 17 March", "B-1"), ("in April", "B-2"), ("then on 20 March, please", None), ("on 17 April", None),
        ("B-2, and not on 20 March", "B-2"),
    ],
)  # fmt: skip
def test_another_day_is_none_of_the_list(words: str, value: Any) -> None:
    found = value_for(ON, View("desk", words, words), DAYS)
    assert (found if isinstance(found, str) else None) == value


when = Play(
    name="when",
    about="The member wants to know when a booking is.",
    says="The office looks at it.",
    examples=(
        "when is my booking", "on which day is the hall mine", "tell me the day of my booking", "when did I book the hall",
        "which day did I book", "when is B-222", "is my booking on Monday", "my booking is on Friday, is it not",
    ),
    process=Process(
        slots=(Slot("number", "Which one?", r"\bB-\d+\b", among="list_bookings.bookings", key="id", label="{id} on {day}"),),
        reads=(Step("list_bookings"),),
        told="It is {number}.",
    ),
)  # fmt: skip


def test_an_answer_goes_on_with_the_play_that_asked_whatever_it_sounds_like(tmp_path: Path) -> None:
    team = desk_with(*TOOLS, plays=(cancel, when))
    assert play_of((cancel, when), "my booking is on Friday") == when
    words = ("Please cancel my booking, we no longer need it", "my booking is on Friday", "yes")
    result = written(tmp_path, *words, team=team)
    assert told(result).startswith("Booking B-102 on Friday is cancelled."), told(result)
    result = written(tmp_path, "Please cancel my booking, we no longer need it", "when is B-101?", team=team)
    assert "cancel_booking" not in [call["tool"] for call in result.document["tool_calls"] if call["status"] == "done"]


def test_what_is_not_for_one_play_may_be_an_example_of_another() -> None:
    less = Play("less", "Less.", "Less.", examples=cancel.examples, unlike=when.examples)
    assert play_of((less, when), "when is my booking") == when
    assert play_of((less,), "when is my booking") is None


@tool(effect="read", public=True, verifies=True)
def find_member(email: str) -> str:
    """Find and verify a member."""
    raise ToolError("The list of members does not answer.", code="away")


@tool(effect="read")
def list_bookings() -> str:
    """List the bookings of the member."""
    raise ToolError("The bookings do not answer.", code="away")


@tool(effect="read")
def get_booking(number: str) -> str:
    """Look a booking up."""
    raise ToolError("The bookings do not answer.", code="away")


@pytest.mark.parametrize("gone", [find_member, list_bookings, get_booking], ids=lambda one: one.name)
def test_where_nobody_answers_nobody_hears_that_nothing_is_found(tmp_path: Path, gone: Tool) -> None:
    tools = tuple(gone if one.name == gone.name else one for one in TOOLS)
    result = written(tmp_path, "Please cancel B-101, we no longer need it", team=desk_with(*tools, plays=(cancel,)))
    assert result.end == "escalated" and "find" not in told(result), told(result)


def test_what_the_channel_knows_goes_with_who_is_handed_on(tmp_path: Path) -> None:
    front = AgentSpec("front", "Meets.", "You meet.", tools=(TOOLS[-1],), routes=lambda _: "desk")
    desk = AgentSpec("desk", "Bookings.", "You look.", tools=TOOLS[:-1], plays=(when,))
    members = {"front": front, "desk": desk, "closer": CLOSER}
    team = TeamSpec("hall", "", members, hub("front", {"desk": []}, "closer"), PASSES)
    result = written(tmp_path, "Hello there", "when is my booking B-101", team=team)
    assert told(result) == "It is B-101.", [e.get("text") for e in result.document["transcript"]]
