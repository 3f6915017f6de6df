"""What the parts of a process mean, each walked by itself: a call for each of several, computed conditions, told refusals."""

from dataclasses import replace
from typing import Any

import pytest

from switchboard.declare.moves import Call, Calls, HandOff, Say
from switchboard.declare.play import Condition, Play, Process, Slot, Step
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import DeclarationError
from switchboard.plays.process import NotSettled, step_of, walk
from switchboard.reading.languages import said

ROOMS = Slot("rooms", "Which rooms?", find=lambda view, _: [word for word in view.text.split() if word.isdigit()] or None)
LOOK = Step("look", {"room": "rooms"}, each="rooms")
CLEAN = Process(
    slots=(ROOMS, Slot("dirty", find=lambda _, found: [one for one in found["look"] if one["dirty"]])),
    reads=(LOOK,),
    conditions=(
        Condition(lambda _, found: any(one["shut"] for one in found["look"]), (False,), lambda *_: HandOff("porter", "Shut.")),
    ),
    does=Step("clean", {"room": "dirty.room"}, each="dirty"),
    deeds="clean",
    refused={"wet": "The floor of {refusal.room} is wet. It dries.", "not_approved": "The house says no."},
    told=lambda view, found: f"{sum(c.tool == 'clean' for c in view.calls)} of {len(found['look'])} were cleaned.",
)


ONE = Process(
    slots=(Slot("room", "Which room?", find=lambda view, _: None),),
    reads=(Step("look", {"room": "room"}),),
    conditions=(Condition("look.shut", (False,), "Room {room} is shut."),),
    does=Step("clean", {"room": "room"}),
    deeds="clean",
    told="Room {room} is clean.",
)


def looked(room: str, *, dirty: bool = True, shut: bool = False) -> CallResult:
    return CallResult("look", {"room": room}, "done", {"room": room, "dirty": dirty, "shut": shut})


def cleaned(room: str, **refused: Any) -> CallResult:
    return CallResult("clean", {"room": room}, "refused" if refused else "done", None, **refused)


def seen(*calls: CallResult, words: str = "Please clean 1 and 2 and 3", **more: Any) -> View:
    return View("desk", words, words, calls=calls, **more)


THREE = (looked("1"), looked("2", dirty=False), looked("3"))


def test_a_step_for_each_of_several_is_a_call_for_each_and_those_that_were_made_are_not_made_again() -> None:
    rooms = [Call("look", {"room": room}) for room in "123"]
    assert walk(CLEAN, seen()) == Calls(tuple(rooms))
    assert walk(CLEAN, seen(looked("2"))) == Calls((rooms[0], rooms[2]))


def test_what_is_done_for_each_is_done_one_by_one_and_told_once() -> None:
    assert walk(CLEAN, seen(*THREE)) == Calls((Call("clean", {"room": "1"}),))
    assert walk(CLEAN, seen(*THREE, cleaned("1"))) == Calls((Call("clean", {"room": "3"}),))
    assert walk(CLEAN, seen(*THREE, cleaned("1"), cleaned("3"))) == Say("2 of 3 were cleaned.")


def test_a_condition_reads_what_a_function_finds_and_may_hand_off() -> None:
    assert walk(CLEAN, seen(looked("1", shut=True), looked("2"), looked("3"))) == HandOff("porter", "Shut.")


def test_nothing_to_do_it_for_is_for_a_person() -> None:
    with pytest.raises(NotSettled, match="Nothing was found for which clean"):
        walk(CLEAN, seen(looked("1", dirty=False), words="Please clean 1"))


def test_what_has_no_question_may_stay_unknown_and_what_has_one_is_asked_for() -> None:
    assert walk(CLEAN, seen(words="Please clean it")) == Say("Which rooms?", asks=True)
    with pytest.raises(DeclarationError, match="`ask` is the question"):
        Slot("room", form=r"\d+")


def test_a_refusal_is_told_by_its_code_with_its_data_and_another_is_for_a_person() -> None:
    wet = cleaned("1", text="Wet.", code="wet", data={"room": "1"})
    assert walk(CLEAN, seen(*THREE, wet)) == Say("The floor of 1 is wet. It dries.")
    with pytest.raises(NotSettled, match="clean was refused: Locked"):
        walk(CLEAN, seen(*THREE, cleaned("1", text="Locked.", code="locked")))


def test_a_refused_value_that_nobody_is_asked_for_is_for_a_person_and_not_told() -> None:
    plan = Process(
        slots=(Slot("plan", find=lambda view, _: {"room": view.text}),),
        does=Step("clean", {"room": "plan.room"}),
        deeds="clean",
        told="Room {plan.room} is clean.",
    )
    wrong = cleaned("clean it", text="No room.", code="no_room", data={"arguments": ["room"]})
    with pytest.raises(NotSettled, match="clean was refused: No room"):
        walk(plan, seen(wrong, words="clean it"))


def test_an_operators_no_is_told_as_the_process_has_it_or_as_one() -> None:
    no = cleaned("1", text="No.", code="not_approved", refused_by="ines")
    assert walk(CLEAN, seen(*THREE, no)) == Say("The house says no.")
    assert walk(replace(CLEAN, refused={}), seen(*THREE, no)) == Say(said("play.not_let_pass", "en"))


def test_what_nobody_answered_in_time_is_not_said_to_be_a_colleagues_no() -> None:
    late = cleaned("1", text="Nobody answered.", code="too_late", refused_by="deadline")
    with pytest.raises(NotSettled, match="clean was refused: Nobody answered"):
        walk(CLEAN, seen(*THREE, late))


@pytest.mark.parametrize(("answer", "again"), [("3", True), ("the third, 3", True), ("not 3", False), ("no way, hm", False)])
def test_words_that_name_what_was_read_back_have_it_read_back_once_more(answer: str, again: bool) -> None:
    asked = CallResult("clean", {"room": "3"}, "refused", None, code="said_no")
    view = replace(seen(*THREE[2:], words="Please clean 3"), latest=answer, unconfirmed=(asked,), questions=1)
    assert walk(CLEAN, view) == (
        Calls((Call("clean", {"room": "3"}),)) if again else Say(said("read_back.instead", "en"), asks=True)
    )


def test_a_function_in_place_of_deeds_says_what_is_wanted_or_what_is_due_instead() -> None:
    later = Say("When shall it be?", asks=True)
    assert walk(replace(CLEAN, deeds=lambda _: later), seen(*THREE)) == later
    assert walk(replace(CLEAN, deeds=lambda _: "asked"), seen(*THREE)) == Calls((Call("clean", {"room": "1"}),))


def test_a_play_without_examples_is_one_that_rules_choose_and_has_a_process() -> None:
    assert Play("clean", "Rooms are to be cleaned.", process=CLEAN).process is CLEAN
    with pytest.raises(DeclarationError, match="0 examples are too few"):
        Play("clean", "Rooms are to be cleaned.", "Somebody comes.")


def test_a_step_for_each_of_what_nothing_finds_is_refused() -> None:
    with pytest.raises(DeclarationError, match="'halls'"):
        Process(told="-", reads=(Step("look", {"room": "halls"}, each="halls"),))


def test_of_several_walks_each_makes_its_own_calls_and_is_told_by_its_own_rows() -> None:
    view = seen(looked("1"), looked("2", shut=True), looked("3"), cleaned("1"), wrote_since=True)
    assert step_of(ONE, view, {"room": "1"}) == Say("Room 1 is clean.")
    assert step_of(ONE, view, {"room": "2"}) == Say("Room 2 is shut.")
    assert step_of(ONE, view, {"room": "3"}) == Calls((Call("clean", {"room": "3"}),))
    assert step_of(ONE, view, {"room": "4"}) == Calls((Call("look", {"room": "4"}),))


def test_the_questions_of_one_of_several_walks_are_not_counted() -> None:
    view = seen(questions=9)
    assert step_of(ONE, view) == Say("Which room?", asks=True)
    with pytest.raises(NotSettled, match="3 questions"):
        walk(ONE, view)


def test_what_finds_a_value_may_give_the_call_that_is_due_before() -> None:
    ask = Call("ask_porter", {})
    assert walk(replace(ONE, slots=(Slot("room", find=lambda *_: ask),)), seen()) == Calls((ask,))


def test_a_process_may_say_itself_what_becomes_of_a_call_that_may_have_been_read_back() -> None:
    own = replace(ONE, again=lambda view, call: Say(f"{call.arguments['room']} waits.") if view.unconfirmed else call)
    asked = CallResult("clean", {"room": "1"}, "refused", None, code="said_no")
    view = replace(seen(looked("1"), words="Please clean 1"), latest="yes", unconfirmed=(asked,), questions=1)
    assert step_of(own, view, {"room": "1"}) == Say("1 waits.")
    assert step_of(own, replace(view, unconfirmed=()), {"room": "1"}) == Calls((Call("clean", {"room": "1"}),))


def test_a_call_is_told_with_what_was_read_before_it() -> None:
    told = replace(ONE, told=lambda _, found: "It was dirty." if found["look"]["dirty"] else "It was clean.")
    view = seen(looked("1"), cleaned("1"), looked("1", dirty=False))
    assert walk(told, view) == step_of(told, view, {"room": "1"}) == Say("It was dirty.")
