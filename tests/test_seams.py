"""What passes between the rooms of the library is typed: entries, moves and outcomes, as values and as JSON data."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.next_run import go_on, handed_back, spoken
from support.toys import agent, call_a_human, find_customer, run, statuses, team, told, triage

from switchboard.declare import moves
from switchboard.declare.beginnings import (
    Answered,
    Beginning,
    Cancelled,
    HandedBack,
    Unfinished,
    Words,
    as_data,
    beginning_from,
)
from switchboard.declare.human import Approval, Review
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Move, Note, Say, call
from switchboard.declare.outcomes import (
    Answer,
    GivenUp,
    HumanOutcome,
    ModelCall,
    ModelOutcome,
    RunBegun,
    RunEnded,
    StepOutcome,
    ToolOutcome,
    outcome_from,
)
from switchboard.declare.transcript import (
    CallEntry,
    DecisionEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
    entry_from,
)
from switchboard.flows.matters import is_just_handed_back, is_with_a_human

PUBLIC = {"speaker", "kind", "text", "tool", "arguments", "result", "by"}
MADE: dict[str, Any] = {"tool": "pay", "call_id": "call_1", "to": "worker", "arguments": {"cents": 300}}
ENTRIES: list[tuple[Entry, dict[str, Any]]] = [
    (MessageEntry("customer", "Hello", "human"), {}),
    (MessageEntry("worker", "Which one?", asks=True), {"asks": True}),
    (MessageEntry("triage", "It waits.", meanwhile=True), {"meanwhile": True}),
    (MessageEntry("operator", "I am on it.", "human", operator="ines"), {"operator": "ines"}),
    (HandoffEntry("triage", "do it", to="worker", facts={"ends": True}), {"to": "worker", "facts": {"ends": True}}),
    (HandoffEntry("triage", "do it", to="worker", request="Pay me."), {"request": "Pay me."}),
    (CallEntry("worker", tool="pay", arguments={"cents": 300}, call_id="call_1"), {"call_id": "call_1"}),
    (ResultEntry("executor", by="tool", result={"paid": 0}, status="done", **MADE), {"status": "done"}),
    (ResultEntry("executor", by="tool", result="T1", status="done", ends="escalated", **MADE), {"ends": "escalated"}),
    (ResultEntry("executor", "No.", "tool", status="refused", refused_by="ines", **MADE), {"refused_by": "ines"}),
    (ResultEntry("executor", "Not made.", "tool", status="refused", dropped=True, **MADE), {"dropped": True}),
    (NoteEntry("closer", "The note."), {}),
    (DecisionEntry("operator", "Again.", "human", to="worker"), {"to": "worker"}),
    (DecisionEntry("ines", "approve: pay", "human", call_id="call_1"), {"call_id": "call_1"}),
    (
        DecisionEntry("operator", "Yours.", "human", handed_back=True, operator="ines"),
        {"handed_back": True, "operator": "ines"},
    ),
]
MOVES: list[Move] = [
    Say("Which one?", asks=True),
    Calls((Call("pay", {"cents": 300}), Call("pay", raw="{", refusal="No.")), "One moment."),
    HandOff("worker", "do it", {"kind": "refund", "ends": "escalated"}),
    HandOffs((HandOff("worker", "one"), HandOff("worker", "two", {"cents": 300}))),
    Note("The note."),
]
OUTCOMES: list[StepOutcome] = [
    ModelOutcome(answer=Answer("Hi", (ModelCall("c", "pay", "{"),), "m", 10, 2, 0.1, 0), error="", seconds=0.5, asked="a1"),
    ModelOutcome(answer=None, error="No endpoint answered.", seconds=0.5, asked="a1", wanted="take"),
    HumanOutcome(answer="Hello"),
    HumanOutcome(answer=None, stopped="The run was stopped by hand."),
    HumanOutcome(answer=Review("replace", Say("Good day."))),
    HumanOutcome(answer=Approval("approve", "ines", arguments={"cents": 200})),
    ToolOutcome(status="done", result={"paid": 300}, seconds=0.1, customer_id="ada", name="call_1 pay", agent="worker"),
    ToolOutcome(status="refused", text="No.", seconds=0.1, customer_id=None, wanted="cancel"),
    RunBegun(True),
    RunEnded("resolved", 2),
    GivenUp("pay did not finish within 5 seconds."),
]
BEGINNINGS: list[Beginning] = [
    Words("Hello", live=True),
    Answered("call_1", Approval("approve", "ines", arguments={"cents": 200}, bound="a1")),
    Cancelled("ines"),
    HandedBack("ines", "Please go on."),
    Unfinished("It was cut off.", tuple(entry for entry, _ in ENTRIES)),
]


FACTS = ["ends", "meanwhile", "handed_back", "refused_by", "dropped", "by", "asks", "operator", "request"]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_a_handoff_means_nothing_to_the_loop_whatever_its_name(tmp_path: Path, name: str) -> None:
    def hands_on(view: Any) -> Any:
        return triage(view) if not view.customer_id else HandOff("worker", "do it", {name: "escalated"})

    plain = team()
    members = {**plain.members, "triage": agent("triage", hands_on, find_customer, call_a_human, rules_first=True)}
    result = run(tmp_path, team(members=members))
    assert (result.end, statuses(result)) == ("resolved", [("find_customer", "done"), ("pay", "done")])
    assert told(result) == "Paid 300."
    [facts] = [line["facts"] for line in result.document["transcript"] if line["kind"] == "handoff"]
    assert facts == {name: "escalated"}


def test_what_is_asked_for_is_a_field_of_a_handoff_and_a_fact_called_so_is_a_fact(tmp_path: Path) -> None:
    def hands_on(view: Any) -> Any:
        return triage(view) if not view.customer_id else HandOff("worker", "do it", {"request": 7}, request=asked_for.pop())

    def tells(view: Any) -> Any:
        return Say(f"{view.text} {view.facts}")

    asked_for = ["Pay the first.", ""]
    members = {"triage": agent("triage", hands_on, find_customer, call_a_human, rules_first=True)}
    spec = team(tells, members={**team(tells).members, **members})
    assert told(run(tmp_path, spec)) == "Please pay me. {'request': 7}"
    result = run(tmp_path, spec)
    assert told(result) == "Pay the first. {'request': 7}"
    [handoff] = [line for line in result.document["transcript"] if line["kind"] == "handoff"]
    assert (handoff["request"], handoff["facts"]) == ("Pay the first.", {"request": 7})


@pytest.mark.parametrize("name", FACTS)
def test_no_fact_of_a_handoff_takes_a_case_from_the_human_who_has_it(tmp_path: Path, name: str) -> None:
    def leaves_it(view: Any) -> Any:
        if not view.customer_id:
            return triage(view)
        return (
            HandOff("worker", "tell them", {name: True}) if view.last("call_a_human") else call("call_a_human", summary="Help.")
        )

    members = {**team().members, "triage": agent("triage", leaves_it, find_customer, call_a_human, rules_first=True)}
    assert run(tmp_path, team(members=members)).end == "escalated"


def test_the_marks_of_a_case_that_a_human_had_are_fields_of_their_lines(tmp_path: Path) -> None:
    def asks_for_help(view: Any) -> Any:
        return Say("A human comes.") if view.last("call_a_human") else call("call_a_human", summary="Help.")

    members = {**team().members, "triage": agent("triage", asks_for_help, find_customer, call_a_human)}
    first = run(tmp_path, team(members=members))
    marks = [(line["kind"], line["ends"]) for line in first.document["transcript"] if "ends" in line]
    assert (first.end, marks) == ("escalated", [("result", "escalated")])
    second = go_on(first, handed_back("Please go on."), between=(spoken("ines", "I have looked into it."),))
    said = [(line["kind"], line["operator"]) for line in second.document["transcript"] if "operator" in line]
    assert said == [("message", "ines"), ("decision", "ines")]
    assert not any("facts" in line for line in second.document["transcript"])


@pytest.mark.parametrize(("entry", "told"), ENTRIES)
def test_an_entry_says_seven_things_always_and_the_others_where_there_are_any(entry: Entry, told: dict[str, Any]) -> None:
    document = entry.document()
    assert document.keys() >= PUBLIC
    assert document | told == document
    assert all(document[name] for name in document.keys() - PUBLIC)
    assert entry_from(json.loads(json.dumps(document))) == entry


NAMES = st.text(min_size=1, max_size=8)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@pytest.mark.slow
@given(st.text(), st.dictionaries(NAMES, DATA, max_size=4), DATA)
def test_whatever_is_said_and_given_comes_back_from_json(text: str, facts: dict[str, Any], result: Any) -> None:
    handoff = HandoffEntry("triage", text, "model", to="worker", facts=facts)
    made = ResultEntry("executor", text, "tool", tool="pay", arguments=facts, result=result, status="done", call_id="c", to="w")
    for entry in (handoff, made):
        assert entry_from(json.loads(json.dumps(entry.document()))) == entry


OLD = {"text": "", "by": "human", "tool": None, "arguments": None, "result": None}


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        (
            {"speaker": "triage", "kind": "message", **OLD, "text": "It waits.", "by": "rules", "facts": {"meanwhile": True}},
            MessageEntry("triage", "It waits.", meanwhile=True),
        ),
        (
            {"speaker": "operator", "kind": "message", **OLD, "text": "I am on it.", "facts": {"by": "ines"}},
            MessageEntry("operator", "I am on it.", "human", operator="ines"),
        ),
        (
            {"speaker": "operator", "kind": "decision", **OLD, "facts": {"by": "ines", "handed_back": True}},
            DecisionEntry("operator", "", "human", handed_back=True, operator="ines"),
        ),
        (
            {"speaker": "executor", "kind": "result", **OLD, **MADE, "status": "done", "facts": {"ends": "escalated"}},
            ResultEntry("executor", "", "human", status="done", ends="escalated", **MADE),
        ),
        (
            {"speaker": "executor", "kind": "result", **OLD, **MADE, "status": "refused", "facts": {"refused_by": "deadline"}},
            ResultEntry("executor", "", "human", status="refused", refused_by="deadline", **MADE),
        ),
        (
            {"speaker": "executor", "kind": "result", **OLD, **MADE, "status": "refused", "facts": {"dropped": True}},
            ResultEntry("executor", "", "human", status="refused", dropped=True, **MADE),
        ),
        (
            {"speaker": "triage", "kind": "handoff", **OLD, "to": "worker", "facts": {"by": "mail", "ends": "escalated"}},
            HandoffEntry("triage", "", "human", to="worker", facts={"by": "mail", "ends": "escalated"}),
        ),
    ],
)
def test_a_line_that_version_0_2_0_wrote_is_read(line: dict[str, Any], entry: Entry) -> None:
    assert entry_from(line) == entry


def test_a_case_that_0_2_0_left_with_a_human_is_with_one_until_it_is_given_back() -> None:
    escalated = {"speaker": "executor", "kind": "result", **OLD, **MADE, "status": "done", "facts": {"ends": "escalated"}}
    back = {"speaker": "operator", "kind": "decision", **OLD, "facts": {"by": "ines", "handed_back": True}}
    assert is_with_a_human([entry_from(escalated)])
    assert not is_with_a_human([entry_from(escalated), entry_from(back)])
    assert is_just_handed_back([entry_from(escalated), entry_from(back)])


@pytest.mark.parametrize("move", MOVES)
def test_a_move_comes_back_from_json(move: Move) -> None:
    data = json.loads(json.dumps(moves.as_data(move)))
    assert data["kind"] == type(move).__name__
    assert moves.from_data(data) == move


def test_moves_that_0_2_0_wrote_are_read_and_unknown_ones_refused() -> None:
    old = {"kind": "HandOffs", "items": [{"to": "worker", "note": "one", "facts": {}}]}
    assert moves.from_data(old) == HandOffs((HandOff("worker", "one"),))
    with pytest.raises(ValueError, match="no move of the kind 'Dance'"):
        moves.from_data({"kind": "Dance"})


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_comes_back_from_json_with_and_without_its_kind(outcome: StepOutcome) -> None:
    data = json.loads(json.dumps(outcome.as_data()))
    assert data["kind"] == outcome.kind
    assert outcome_from(data) == outcome
    del data["kind"]  # as version 0.2.0 wrote it
    assert outcome_from(data) == outcome
    assert type(outcome).from_data(data) == outcome


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_what_begins_a_run_comes_back_from_json(beginning: Beginning) -> None:
    assert beginning_from(json.loads(json.dumps(as_data(beginning)))) == beginning


def test_words_that_0_2_0_wrote_are_read() -> None:
    assert beginning_from({"kind": "words", "words": "Hello"}) == Words("Hello")
