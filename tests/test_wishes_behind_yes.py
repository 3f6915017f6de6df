"""A yes to a read-back with another record or a further wish in it: nothing is done by it, and nothing of it is forgotten."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import bookings, translated
from support.bookings import READS, TOOLS, WHICH, cancel, lost, move
from support.translated import saal, salle

from switchboard.consent.partly import agrees_and_wants_more, behind_yes, wants_otherwise
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.moves import Call
from switchboard.declare.play import Play, Process
from switchboard.declare.team import Rule, TeamSpec
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team
from switchboard.migrations import migrate_cases

CHANGES = ("cancel_booking", "move_booking")
FIRST = "Please cancel booking B-101, the hall is not needed, we do not need it"
state = Play(
    name="state",
    about="The member asks how a booking stands.",
    says="The office looks at it.",
    examples=(
        "how does my booking stand", "what is the state of B-222", "is B-333 confirmed", "when is my booking",
        "which day is B-222", "what does booking B-333 cost", "is my hall booked", "where is my booking",
    ),
    process=Process("Booking {number} is {get_booking.state} on {get_booking.day}.", slots=(WHICH,), reads=READS),
)  # fmt: skip


class Later(Prepared):
    """Operators answer another day."""

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval(None)


def talk(*words: str, team: TeamSpec | None = None, asks: bool = False) -> RunResult:
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=TOOLS, plays=(cancel, move, lost, state))
    rules = (Rule("confirm", effect="write"), *([Rule("ask", effect="write")] if asks else []))
    rules = (*rules, *(Rule("approve", effect=one) for one in ("read", "send", "write")))
    members = {"desk": desk, "closer": AgentSpec("closer", "Writes the note.", "You write the note.")}
    team = team or TeamSpec("hall", "", members, hub("desk", {}, "closer"), rules)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "hall.db"))
        migrate_cases(engine)
        (bookings if team.name == "hall" else translated).seed(engine)
        result = run_team(
            team, words[0], engine=engine, human=(Later if asks else Prepared)(words[1:]), known={"email": "ada@example.com"}
        )
        engine.dispose()
    return result


def texts_read_back(result: RunResult) -> list[str]:
    return [text for e in result.run.transcript if e.kind == "message" for _, text in e.confirms.values()]


def read_back(result: RunResult) -> list[str]:
    """The bookings that were read back, in order."""
    return [text.split("number ")[1][:5] for text in texts_read_back(result)]


def done(result: RunResult) -> list[Any]:
    calls = result.document["tool_calls"]
    return [
        c["arguments"]["number"] for c in calls if c["tool"] in ("cancel_booking", "move_booking") and c["status"] == "done"
    ]


def last_said(result: RunResult) -> str:
    return [e.text for e in result.run.transcript if e.kind == "message" and e.speaker == "desk"][-1]


@pytest.mark.parametrize(
    "answer", ["Yes, but B-102 instead", "ok but not B-101, B-102 instead", "Yes but the Friday one", "B-102"]
)
def test_a_yes_with_another_record_has_that_one_read_back(answer: str) -> None:
    result = talk(FIRST, answer)
    assert (result.end, read_back(result), done(result)) == ("awaiting_customer", ["B-101", "B-102"], [])
    result = talk(FIRST, answer, "yes")
    assert (result.end, done(result)) == ("resolved", ["B-102"])
    assert "Not done by me: the cancellation of booking B-101." in last_said(result)


@pytest.mark.parametrize(
    "answer",
    ["yes please, and cancel B-102 as well", "Yes, cancel B-102", "Yes. B-102 too", "sure, and move B-102 to Tuesday please"],
)
def test_what_is_wanted_beside_a_yes_comes_first_and_what_was_said_yes_to_is_read_back_behind_it(answer: str) -> None:
    result = talk(FIRST, answer, "yes")
    assert (result.end, read_back(result), done(result)) == ("awaiting_customer", ["B-101", "B-102", "B-101"], ["B-102"])
    assert "B-102" in last_said(result) and "Not done" not in last_said(result)
    result = talk(FIRST, answer, "yes", "yes")
    assert (result.end, done(result)) == ("resolved", ["B-102", "B-101"])
    assert last_said(result) == "Booking B-101 on Monday is cancelled. You get 40.00 back."


def test_a_no_to_the_further_wish_is_no_answer_to_the_first() -> None:
    result = talk(FIRST, "yes please, and cancel B-102 as well", "no")
    assert (result.end, read_back(result)[-1], done(result)) == ("awaiting_customer", "B-101", [])


def test_what_cannot_be_done_beside_it_is_told_before_it_is_read_back_again() -> None:
    result = talk(FIRST, "yes, and B-103 too")
    assert (result.end, read_back(result), done(result)) == ("awaiting_customer", ["B-101", "B-101"], [])
    assert last_said(result).startswith("Booking B-103 is past: nothing can be changed.\n\nBefore I do this")


@pytest.mark.parametrize("answer", ["Yes. And what is the state of B-102?", "Yes, tell me the state of B-102"])
def test_what_is_asked_beside_it_is_answered_and_what_was_done_is_told_then(answer: str) -> None:
    result = talk(FIRST, answer, "yes")
    assert "Booking B-102 is open on Friday." in read_message(result)
    assert (result.end, done(result)) == ("resolved", ["B-101"])
    assert last_said(result) == "Booking B-101 on Monday is cancelled. You get 40.00 back."


def read_message(result: RunResult) -> str:
    return [e.text for e in result.run.transcript if e.kind == "message" and e.confirms][-1]


def test_what_nobody_understands_beside_it_is_asked_about() -> None:
    result = talk(FIRST, "yes, and also that other thing")
    assert (result.end, read_back(result), done(result)) == ("awaiting_customer", ["B-101", "B-101"], [])
    assert last_said(result).startswith("I could not read that as a plain yes or no")


def test_what_a_person_settles_goes_to_one_and_what_is_not_done_is_named() -> None:
    result = talk(FIRST, "Yes and I lost my scarf in the hall")
    assert (result.end, done(result)) == ("escalated", [])
    assert last_said(result) == "Not done by me: the cancellation of booking B-101."


def test_what_was_said_yes_to_is_named_where_the_other_call_waits_for_an_operator() -> None:
    result = talk(FIRST, "yes please, and cancel B-102 as well", "yes", asks=True)
    told = [e.text for e in result.run.transcript if e.kind == "message" and e.meanwhile]
    assert (result.end, done(result)) == ("awaiting_approval", [])
    assert "B-102" in told[0] and "B-101" not in told[0]
    assert told[1:] == ["Not done by me: the cancellation of booking B-101."]


def test_what_waits_is_not_named_as_not_done() -> None:
    result = talk(FIRST, "the hall is big", "yes", asks=True)
    told = [e.text for e in result.run.transcript if e.kind == "message" and e.meanwhile]
    assert (result.end, len(told)) == ("awaiting_approval", 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("team", "words", "more"),
    [
        (saal, "Bitte stornieren Sie B-102, wir brauchen den Saal nicht mehr", "Ja gern, und stornieren Sie auch B-101"),
        (salle, "Annulez la réservation B-102, nous n'en avons plus besoin", "oui merci, et annulez aussi B-101"),
    ],
)
def test_it_is_so_in_other_languages(team: Callable[..., TeamSpec], words: str, more: str) -> None:
    ended, opened = (talk(words, *rest, team=team(Rule("confirm", effect="write"))) for rest in ([more, "ja"], [more]))
    assert (done(opened), done(ended), ended.end) == ([], ["B-101"], "awaiting_customer")
    assert [text.split("B-")[1][:3] for text in texts_read_back(ended)] == ["102", "101", "102"]


MORE = [
    "yes please, and cancel B-102 as well", "Ja bitte, und stornieren Sie auch B-102", "Ja, und B-102 bitte auch",
    "oui, et annulez aussi B-102", "Oui merci. Et B-102 également", "sí, y cancele también B-102", "Vale, y la B-102 también",
    "go ahead, and the other one too", "ok and also order a second key", "Yes, but also cancel B-102",
]  # fmt: skip
OTHERWISE = [
    "Yes, but B-102 instead", "yes but not that one", "Ja, aber lieber B-102", "Ja, aber stattdessen B-102",
    "oui mais plutôt B-102", "sí, pero mejor la B-102", "ok, except the second one",
]  # fmt: skip
NEITHER = ["yes", "Yes, please.", "ja bitte", "no", "no, cancel B-102", "B-102", "is it yes or no", "yes? who said that", ""]


@pytest.mark.parametrize("words", MORE)
def test_an_answer_that_agrees_and_wants_more(words: str) -> None:
    assert agrees_and_wants_more(words) and wants_otherwise(words)


@pytest.mark.parametrize("words", OTHERWISE)
def test_an_answer_that_wants_something_in_its_place(words: str) -> None:
    assert wants_otherwise(words) and not agrees_and_wants_more(words)


@pytest.mark.parametrize("words", [*NEITHER, "yes if it is free", "yes, once I am back", "Ja, wenn es nichts kostet"])
def test_an_answer_that_agrees_to_nothing_or_to_all_wants_no_more(words: str) -> None:
    assert not agrees_and_wants_more(words)


@pytest.mark.parametrize("words", NEITHER)
def test_nothing_stands_behind_an_answer_without_a_plain_yes_or_without_more(words: str) -> None:
    assert behind_yes(words) == ""
