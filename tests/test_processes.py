"""What a play declares is done by rules alone, in another trade than the sample's: asked for, read, allowed, confirmed."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from support.bookings import ROWS, TABLE, TOOLS, cancel, hall, hall_of_two, lost, move, seed
from support.toys import statuses, told

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.moves import Call, Say
from switchboard.declare.play import Condition, Process, Slot, Step
from switchboard.declare.team import Rule
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls
from switchboard.plays.process import wanted
from switchboard.plays.slots import told_in, value_for
from switchboard.plays.which import play_of
from switchboard.reading.languages import said

ADA, BO = "ada@example.com", "bo@example.com"
CONFIRMED = (Rule("confirm", tool="cancel_booking"), Rule("confirm", tool="move_booking"))
PLAYS = (cancel, move, lost)


def written(
    folder: Path, opening: str, *words: str, email: str = ADA, approvals: Sequence[bool] = (), **facts: Any
) -> RunResult:
    engine = open_engine(sqlite_url(folder / "hall.db"))
    seed(engine)
    try:
        known = {"email": email} if email else {}
        human = facts.pop("human", None) or Prepared(words, approvals)
        team = facts.pop("team", None) or hall(*facts.pop("rules", CONFIRMED))
        return run_team(team, opening, engine=engine, human=human, known=known, **facts)
    finally:
        engine.dispose()


def held(folder: Path) -> dict[str, tuple[str, str]]:
    """The day and the state of each booking."""
    engine = open_engine(sqlite_url(folder / "hall.db"))
    try:
        with engine.connect() as rows:
            found = rows.execute(text("SELECT id, day, state FROM bookings"))
            return {row.id: (row.day, row.state) for row in found}
    finally:
        engine.dispose()


AS_SEEDED = {number: (day, state) for number, _, day, state, _ in ROWS}


def test_a_request_with_all_that_it_needs_is_read_back_done_and_told(tmp_path: Path) -> None:
    result = written(tmp_path, "Please cancel B-102, we no longer need it", "yes")
    assert told(result) == "Booking B-102 on Friday is cancelled. You get 60.00 back."
    assert result.end == "resolved"
    assert held(tmp_path) == {**AS_SEEDED, "B-102": ("Friday", "cancelled")}


def test_nothing_is_done_before_the_yes(tmp_path: Path) -> None:
    result = written(tmp_path, "Please cancel B-102, we no longer need it")
    assert result.end == "awaiting_customer" and "B-102" in told(result)
    assert held(tmp_path) == AS_SEEDED


def test_what_is_missing_is_asked_for_one_by_one(tmp_path: Path) -> None:
    result = written(tmp_path, "I want to cancel my booking", "the one on Friday", "a mistake", "yes")
    asked = [e["text"] for e in result.document["transcript"] if e.get("asks")]
    assert asked[0] == "Which booking is it?\n1. B-101 on Monday\n2. B-102 on Friday\n3. B-103 on Sunday"
    assert "by mistake" in asked[1]
    assert held(tmp_path)["B-102"] == ("Friday", "cancelled")


@pytest.mark.parametrize("answer", ["the second one", "2", "B-102", "b-102 please", "Friday"])
def test_one_of_a_list_is_named_by_its_place_its_number_or_its_words(tmp_path: Path, answer: str) -> None:
    result = written(tmp_path, "Please cancel my booking, we no longer need it", answer, "yes")
    assert held(tmp_path) == {**AS_SEEDED, "B-102": ("Friday", "cancelled")}, told(result)


def test_the_only_one_of_a_list_is_taken(tmp_path: Path) -> None:
    result = written(tmp_path, "Cancel the hall, it was booked by mistake", "yes", email=BO)
    assert held(tmp_path)["B-900"] == ("Monday", "cancelled"), told(result)


def test_of_two_that_are_named_neither_is_guessed(tmp_path: Path) -> None:
    result = written(tmp_path, "Cancel my booking B-101 or B-102, we no longer need it")
    assert told(result).startswith("You have named B-101 and B-102.") and held(tmp_path) == AS_SEEDED


def test_what_is_to_be_left_alone_is_not_taken(tmp_path: Path) -> None:
    result = written(tmp_path, "Please cancel B-101, not B-102. We no longer need it", "yes")
    assert held(tmp_path) == {**AS_SEEDED, "B-101": ("Monday", "cancelled")}, told(result)


def test_a_denied_wish_is_left_alone(tmp_path: Path) -> None:
    result = written(tmp_path, "Please do not cancel my booking B-101")
    assert told(result) == said("play.left", "en") and "cancel_booking" not in dict(statuses(result))


def test_who_only_asks_about_it_is_asked_whether_it_is_to_be_done(tmp_path: Path) -> None:
    result = written(tmp_path, "Could I perhaps cancel my booking B-101?", "no")
    asked = [e["text"] for e in result.document["transcript"] if e.get("asks")]
    assert asked == [said("play.shall_i", "en")] and "cancel_booking" not in dict(statuses(result))


def test_a_condition_that_does_not_hold_is_told_and_nothing_done(tmp_path: Path) -> None:
    result = written(tmp_path, "Please cancel B-103, it was a mistake")
    assert told(result) == "Booking B-103 is past: nothing can be changed." and held(tmp_path) == AS_SEEDED


def test_the_booking_of_another_member_is_not_found(tmp_path: Path) -> None:
    result = written(tmp_path, "Please cancel B-900, it was a mistake", "B-101", "yes")
    assert "I find nothing under B-900." in result.document["transcript"][-1]["text"] or held(tmp_path)["B-900"][1] == "open"
    assert held(tmp_path) == {**AS_SEEDED, "B-101": ("Monday", "cancelled")}


def test_a_value_that_is_refused_is_asked_for_again(tmp_path: Path) -> None:
    result = written(tmp_path, "Please move B-101 to Sunday", "to Thursday", rules=())
    assert held(tmp_path)["B-101"] == ("Thursday", "open"), told(result)
    asked = [e["text"] for e in result.document["transcript"] if e.get("asks")]
    assert asked == ["Sunday cannot be taken. Which day would you like?"]


def test_other_words_than_a_yes_change_what_is_done(tmp_path: Path) -> None:
    result = written(tmp_path, "Please move B-101 to Thursday", "no, to Saturday please", "yes")
    assert held(tmp_path)["B-101"] == ("Saturday", "open"), told(result)


def test_what_was_done_is_not_done_again_and_another_wish_is(tmp_path: Path) -> None:
    result = written(tmp_path, "Please move B-101 to Thursday", "yes", "Please move B-102 to Tuesday", "yes", "thanks")
    assert held(tmp_path) == {**AS_SEEDED, "B-101": ("Thursday", "open"), "B-102": ("Tuesday", "open")}, told(result)
    assert [name for name, _ in statuses(result)].count("move_booking") == 2


def test_an_operators_no_is_told(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="cancel_booking"),)
    result = written(tmp_path, "Please cancel B-101, we no longer need it", rules=rules, approvals=[False])
    assert "said no" in told(result) and held(tmp_path) == AS_SEEDED


class Editing(Prepared):
    """An operator who lets a call pass with another argument."""

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval("approve", "ines", arguments={**call.arguments, "day": "Wednesday"})


def test_what_an_operator_has_put_right_is_done_once_and_told_so(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="move_booking"),)
    result = written(tmp_path, "Please move B-101 to Thursday", rules=rules, human=Editing())
    assert told(result) == "Booking B-101 is on Wednesday now." and result.end == "resolved"
    assert held(tmp_path)["B-101"] == ("Wednesday", "open")
    assert [name for name, _ in statuses(result)].count("move_booking") == 1


def test_three_questions_are_enough(tmp_path: Path) -> None:
    result = written(tmp_path, "I want to cancel my booking", "dunno", "no idea", "hm", "well")
    assert result.end == "escalated" and told(result).endswith("The office writes to you within one business day.")
    [handed] = [c for c in result.document["tool_calls"] if c["tool"] == "call_the_office"]
    assert handed["arguments"]["summary"].startswith(cancel.about)


def test_who_is_not_known_is_asked_who_they_are(tmp_path: Path) -> None:
    words = ("Please cancel B-101, we no longer need it", ADA, "yes")
    result = written(tmp_path, *words, email="", identity="typed")
    assert statuses(result)[0] == ("find_member", "done")
    assert held(tmp_path)["B-101"] == ("Monday", "cancelled")


@pytest.mark.parametrize("identity", ["typed", "channel"])
def test_who_stays_unknown_goes_to_a_person(tmp_path: Path, identity: Any) -> None:
    result = written(tmp_path, "Please cancel B-101", "no@example.com", "nope@example.com", email="", identity=identity)
    assert result.end == "escalated" and held(tmp_path) == AS_SEEDED


def test_the_entry_agent_passes_on_what_is_a_play_of_another(tmp_path: Path) -> None:
    words = ("Please cancel B-101, we no longer need it", "yes")
    result = written(tmp_path, *words, team=hall_of_two())
    assert told(result).startswith("Booking B-101 on Monday is cancelled.") and result.end == "resolved"
    handed = [(e.speaker, e.to) for e in result.run.transcript if e.kind == "handoff"]
    assert handed == [("front", "desk")] and held(tmp_path)["B-101"] == ("Monday", "cancelled")


def test_what_the_other_cannot_settle_comes_back_once_and_goes_to_a_person(tmp_path: Path) -> None:
    result = written(tmp_path, "I want to cancel my booking", "dunno", "no idea", "hm", "well", team=hall_of_two())
    assert [(e.speaker, e.to) for e in result.run.transcript if e.kind == "handoff"] == [("front", "desk"), ("desk", "front")]
    assert result.end == "escalated" and held(tmp_path) == AS_SEEDED


def test_a_play_without_a_process_goes_to_a_person_who_reads_what_it_is_about(tmp_path: Path) -> None:
    result = written(tmp_path, "I forgot my scarf in your hall")
    assert told(result).startswith(lost.says) and result.end == "escalated"


def test_which_of_two_was_meant_is_asked_once(tmp_path: Path) -> None:
    result = written(tmp_path, "Cancel my booking B-101 or B-102", "B-102", "a mistake", "yes")
    asked = [e["text"] for e in result.document["transcript"] if e.get("asks")]
    assert held(tmp_path) == {**AS_SEEDED, "B-102": ("Friday", "cancelled")} and len(asked) == 3, asked


TWO_DEEDS = ("Please cancel B-102, we no longer need it, and move B-101 to Thursday", "yes")


def test_of_two_deeds_each_has_its_own_words_and_the_other_is_not_forgotten(tmp_path: Path) -> None:
    result = written(tmp_path, *TWO_DEEDS)
    assert held(tmp_path) == {**AS_SEEDED, "B-102": ("Friday", "cancelled")}
    assert "You wrote, too: “move B-101 to Thursday”" in told(result)
    again = written(tmp_path, *TWO_DEEDS, "Please move B-101 to Thursday", "yes")
    assert held(tmp_path) == {**AS_SEEDED, "B-101": ("Thursday", "open"), "B-102": ("Friday", "cancelled")}, told(again)


def test_after_a_change_of_mind_the_first_wish_is_not_taken_up_again(tmp_path: Path) -> None:
    words = ("Please cancel B-101, we no longer need it", "actually no, move B-102 to Thursday instead", "yes")
    result = written(tmp_path, *words)
    assert held(tmp_path) == {**AS_SEEDED, "B-102": ("Thursday", "open")} and result.end == "resolved", told(result)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("I have already cancelled my booking B-101", "settled"),
        ("You cancelled the booking last week", "settled"),
        ("I cancelled B-101. Please cancel B-102, too", "asked"),
        ("I want B-101 cancelled", "asked"),
    ],
)
def test_what_is_said_to_be_done_already_is_not_asked_for(words: str, verdict: str) -> None:
    assert cancel.process and wanted(cancel.process, View("desk", words, words)) == verdict


def test_an_operators_reason_is_told_once_and_no_reason_is_made_up(tmp_path: Path) -> None:
    rules = (Rule("ask", tool="cancel_booking"),)
    result = written(tmp_path, "Please cancel B-101, we no longer need it", rules=rules, approvals=[False])
    assert told(result) == said("play.not_let_pass", "en")


def test_who_has_nothing_to_choose_from_is_asked_nothing(tmp_path: Path) -> None:
    with open_engine(sqlite_url(tmp_path / "hall.db")).begin() as rows:
        rows.execute(text(TABLE))
        rows.execute(text("INSERT INTO bookings VALUES ('B-900', 'nobody', 'Monday', 'open', 0)"))
    result = written(tmp_path, "I want to cancel my booking, we no longer need it", email=BO)
    assert result.end == "escalated" and not [e for e in result.document["transcript"] if e.get("asks")]


def test_what_is_not_in_the_list_is_never_taken() -> None:
    slot = Slot("number", "Which?", r"\bB-?\d{3}\b", among="list.rows", key="id", label="{id}")
    found = {"list": {"rows": [{"id": "B-1"}, {"id": "B-101"}]}}
    asked = value_for(slot, View("desk", "cancel B-555", "cancel B-555"), found)
    assert isinstance(asked, Say) and asked.text == "I find nothing under B-555. Which?"
    assert value_for(slot, View("desk", "cancel b-101", "cancel b-101"), found) == "B-101"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("It is off. You get {result.cents:money} back.", "It is off."),
        ("It is off. The hall wrote: {result.note}! Good luck.", "It is off. Good luck."),
        ("You have {result.rows}.", ""),
        ("You have {result.names}.", "You have none."),
        ("{result.day} is off.", "Monday is off."),
    ],
)
def test_a_sentence_that_names_what_was_not_found_is_left_out(template: str, said: str) -> None:
    assert told_in(template, {"result": {"cents": None, "rows": [{"a": 1}], "names": [], "day": "Monday"}}) == said


def test_the_question_that_settled_nothing_stands_in_the_hand_over_without_its_list(tmp_path: Path) -> None:
    result = written(tmp_path, "I want to cancel my booking", "dunno", "no idea", "hm")
    [handed] = [c for c in result.document["tool_calls"] if c["tool"] == "call_the_office"]
    assert "Open: Which booking is it? They wrote: I want" in handed["arguments"]["summary"]


def with_model(folder: Path, replies: Sequence[Reply], opening: str, *words: str, **facts: Any) -> RunResult:
    with ScriptedModel(replies) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        return written(folder, opening, *words, gateway=gateway, **facts)


@pytest.mark.parametrize(
    "reply",
    [
        "Your booking B-101 is cancelled.",
        tool_calls([("cancel_booking", {"number": "B-102", "why": "not needed"})]),
        "One moment, please.",
        tool_calls([("get_booking", {"number": "B-900"})]),
    ],
)
def test_a_model_that_lies_errs_or_dawdles_never_ends_a_process_wrongly(tmp_path: Path, reply: Reply) -> None:
    result = with_model(tmp_path, [reply] * 12, "Please cancel B-101, we no longer need it", "no", "no")
    assert held(tmp_path) == AS_SEEDED
    assert "is cancelled" not in str([e["text"] for e in result.document["transcript"] if e["kind"] == "message"])


def test_a_useless_model_ends_a_process_as_none_would(tmp_path: Path) -> None:
    result = with_model(tmp_path, ["One moment, please."] * 12, "Please cancel B-101, we no longer need it", "yes")
    assert told(result) == "Booking B-101 on Monday is cancelled. You get 40.00 back."


def test_a_model_may_do_the_talking_of_a_process(tmp_path: Path) -> None:
    look, what = ("get_booking", {"number": "B-101"}), {"number": "B-101", "why": "not needed"}
    answer = "All done: booking B-101 on Monday is cancelled, and you get 40.00 back."
    known = tool_calls([("find_member", {"email": ADA})])
    replies = [known, tool_calls([("list_bookings", {}), look]), tool_calls([("cancel_booking", what)]), answer, "A note."]
    result = with_model(tmp_path, replies, "Please cancel B-101, we no longer need it", "yes")
    assert told(result) == answer and held(tmp_path)["B-101"] == ("Monday", "cancelled")


@pytest.mark.parametrize(
    "words", ["Who won the chess match?", "How do I cancel a booking?", "hello", "The hall is lovely", "42"]
)
def test_what_is_not_surely_a_play_is_none(words: str) -> None:
    assert play_of(PLAYS, words) is None


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Hi! Please call off the booking for Monday.", "cancel"),
        ("we want to cancel our reservation", "cancel"),
        ("can we reschedule our booking to Friday", "move"),
        ("I think I left my umbrella in the hall", "lost"),
    ],
)
def test_a_play_is_known_by_its_examples_in_other_words(words: str, name: str) -> None:
    found = play_of(PLAYS, words)
    assert found and found.name == name


def test_two_plays_of_a_team_have_names_of_their_own() -> None:
    team = hall()
    other = AgentSpec("other", "Others.", "You help.", tools=TOOLS, plays=(replace(cancel, about="Another."),))
    with pytest.raises(DeclarationError, match="two plays are called 'cancel'"):
        replace(team, members={**team.members, "other": other}, flow=hub("desk", {"other": []}, "closer"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["B-101", "B-102", "not B-101", "keep B-102", "yes", "no", "Friday", "cancel", "move", "2"]), max_size=6
    )
)
def test_a_slot_never_takes_what_the_words_leave_alone(said: list[str]) -> None:
    opening = " , ".join(said)
    slot = Slot("number", "Which?", r"\bB-?\d{3}\b")
    value = value_for(slot, View("desk", opening, opening), {})
    alone = {one.split()[1] for one in said if " " in one} - {one for one in said if one.startswith("B-")}
    assert isinstance(value, Say) or value not in alone


@pytest.mark.parametrize(
    ("declare", "why"),
    [
        (lambda: Slot("customer", "Who?", form="x"), "no name for a slot"),
        (lambda: Slot("day", "Which day?"), "nothing says how it is read"),
        (lambda: Slot("day", "Which day?", form="("), "no regular expression"),
        (lambda: Slot("day", "Which day?", among="list.days"), "`key` names"),
        (lambda: Process("Done.", does=Step("move", {"day": "day"}), deeds="move"), "'day' in move"),
        (lambda: Process("Done.", does=Step("move")), "give it `deeds`"),
        (lambda: Process("On {get.day}."), "'get.day' in told"),
        (lambda: Process("Done.", conditions=(Condition("get.state", ("open",), "No."),)), "'get.state' in conditions"),
        (lambda: Process("Done.", does=Step("move"), deeds="("), "no regular expression"),
        (lambda: Process("Done {."), "is no template"),
        (lambda: Process("Done {}."), "a field has a name"),
        (lambda: Process("Cost {customer:.2f}."), "a field has a name"),
        (lambda: Slot("day", "Which day?", among="list.days", key="id", label="{id"), "is no template"),
        (lambda: Condition("get.state", "open", "No."), "a tuple"),
        (lambda: AgentSpec("desk", "", "", plays=(cancel,)), "list_bookings, which it does not hold"),
    ],
)
def test_a_play_that_cannot_work_is_refused_when_it_is_declared(declare: Any, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        declare()


@pytest.mark.parametrize("words", ["I want to talk to a person", "I have lost my umbrella in the hall"])
def test_what_was_read_back_and_not_answered_is_said_to_be_undone_once(tmp_path: Path, words: str) -> None:
    result = written(tmp_path, "Please cancel B-102, we no longer need it", words)
    said = " ".join(e["text"] for e in result.document["transcript"] if e["kind"] == "message" and e["speaker"] != "customer")
    assert result.end == "escalated"
    assert said.count("Not done by me: the cancellation of booking B-102") == 1, said
    assert held(tmp_path) == AS_SEEDED
