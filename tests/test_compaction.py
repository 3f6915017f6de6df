"""Of a long matter a model is told the older turns in short: no call without its result, little more at turn 40 than at 5."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from groupchats.desk import team
from switchboard.declare.flow import CUSTOMER, EXECUTOR
from switchboard.declare.moves import Say, Unsure
from switchboard.declare.transcript import CallEntry, Entry, HandoffEntry, MessageEntry, ResultEntry, Status, as_json
from switchboard.loop.drive import run_team
from switchboard.loop.prompts.compaction import FEWEST, IN_SHORT, MOST_IN_SHORT, compacted, in_outline
from switchboard.loop.prompts.lines import NEWEST, digest, wire_id
from switchboard.loop.prompts.offered import options
from switchboard.loop.prompts.sent import messages
from switchboard.loop.state import Run

LONG = {"kettle": "steel " * 90, "items": [{"name": "lamp", "options": ["red", "blue"], "size": "m " * 20}] * 4}


def turn(number: int, result: Any = None, status: Status = "done", call_id: str = "", agent: str = "desk") -> list[Entry]:
    made: dict[str, Any] = {"tool": "look_up", "arguments": {"number": number}, "call_id": call_id or f"call_{number}"}
    call = CallEntry(speaker=agent, **made)
    return [call, ResultEntry(speaker=EXECUTOR, to=agent, result=result or {"number": number}, status=status, **made)]


def lookups(first: int, behind: int, result: Any = LONG, agent: str = "desk") -> list[Entry]:
    return [line for number in range(first, behind) for line in turn(number, result, agent=agent)]


def said(text: str, speaker: str = CUSTOMER) -> MessageEntry:
    return MessageEntry(speaker=speaker, text=text)


def test_a_short_matter_is_told_whole() -> None:
    lines = lookups(0, FEWEST)
    assert compacted(lines) == ("", lines)
    chat = [said(f"word {n}") for n in range(20)]
    assert compacted(chat) == ("", chat), "what is short costs nothing"


def test_older_turns_are_told_in_a_line_each_by_the_id_that_an_answer_names() -> None:
    in_short, whole = compacted([said("Where is\nmy lamp?"), *lookups(0, 10)])
    assert in_short.splitlines()[:2] == [IN_SHORT, "- Customer: Where is my lamp?"]
    assert f'- {wire_id("call_0")} look_up({{"number":0}}) -> done: {{"kettle":"steel steel' in in_short
    assert whole == lookups(3, 10)


def test_what_waits_and_what_colleagues_handed_over_is_told_whole_however_old() -> None:
    waits = turn(0, LONG, status="waiting")
    note = HandoffEntry(speaker="writer", to="critic", text="The draft. " * 400)
    in_short, whole = compacted([*waits, note, *lookups(1, 30)])
    assert whole[:3] == [*waits, note]
    assert wire_id("call_0") not in in_short


def test_of_a_call_that_was_made_again_the_last_result_is_told() -> None:
    again = turn(1, {"state": "sent"}, call_id="again")
    in_short, _ = compacted([*turn(1, {"state": "open"}), said("And now?"), *again, *lookups(9, 18)])
    assert "sent" in in_short and "open" not in in_short


def test_the_outline_of_a_result_has_its_values_and_the_size_of_what_lies_deep() -> None:
    paid = {"card": "9", "parts": [{"cents": 100 * n} for n in range(9)]}
    told = in_outline({"id": "O-1", "items": [1, 2], "paid": paid})
    assert told == {"id": "O-1", "items": [1, 2], "paid": {"card": "9", "parts": "(9)"}}


@given(st.lists(st.sampled_from(["call", "open call", "text", "handed"]), max_size=60), st.integers(0, 4_000))
def test_no_call_is_parted_from_its_result_and_what_is_told_in_short_has_a_bound(kinds: list[str], size: int) -> None:
    lines: list[Entry] = []
    for number, kind in enumerate(kinds):
        match kind:
            case "call":
                lines += turn(number, {"text": "x" * size})
            case "open call":
                lines += turn(number)[:1]
            case "text":
                lines.append(said("y" * size, "desk" if number % 2 else CUSTOMER))
            case _:
                lines.append(HandoffEntry(speaker="writer", to="critic", text="z" * size))
    in_short, whole = compacted(lines)
    assert len(in_short) <= MOST_IN_SHORT + 200
    results = {line.call_id for line in whole if line.kind == "result"}
    answered = {line.call_id for line in lines if line.kind == "result"}
    assert {line.call_id for line in whole if line.kind == "call"} & answered == results
    places = [[id(line) for line in lines].index(id(line)) for line in whole]
    assert places == sorted(places)


@pytest.mark.parametrize("answer", ["short", "long"])
def test_a_prompt_at_turn_40_is_at_most_half_as_long_again_as_at_turn_5(shop: Engine, answer: str) -> None:
    run = run_team(team, "Where is my order #W1000019?", engine=shop, known={"email": "emma.lindqvist@example.com"}).run
    made = next(e for e in run.transcript if e.kind == "result" and e.tool == "get_order_details")
    before = run.transcript[: run.transcript.index(made) + 1]
    result = made.result if answer == "long" else {"order_id": "#W1000019", "status": "pending"}
    assert size_of(run, before, made.to, result, 40) <= 1.5 * size_of(run, before, made.to, result, 5)


def size_of(run: Run, before: list[Entry], agent: str, result: Any, turns: int) -> int:
    """Characters of messages and schemas of an agent's prompt behind so many lookups."""
    run.transcript = [*before, *lookups(0, turns, result, agent)]
    spec, view = run.team.members[agent], run.view(agent)
    rows = messages(run, spec, view)
    return len(as_json(rows)) + len(as_json(options(run, spec, view, Unsure(Say("Which?", asks=True)), rows)["tools"]))


def test_the_note_of_a_long_case_is_written_from_the_beginnings_of_its_older_lines() -> None:
    told = digest(lookups(0, 100)).splitlines()
    assert len(told) == 100
    assert max(map(len, told[:-NEWEST])) < 400 < min(map(len, told[-NEWEST:]))
