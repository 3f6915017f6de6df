"""What a first message means where it asks for nothing, leaves something out, or says who writes in its own way."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.requests.reading import read
from agents.routing.mood import is_denied, praises
from agents.routing.plays import play_of
from groupchats.desk import team
from switchboard.loop.drive import run_team


def answered(folder: Path, words: str, email: str = "") -> Any:
    return run_team(team, words, engine=seeded(folder), known={"email": email} if email else {}).document


@pytest.mark.parametrize(
    ("text", "is_praise"),
    [
        ("The stove is wonderful, many thanks to all of you!", True),
        ("We adore the hammock.", True),
        ("Thanks, the mug is lovely. Where can I get a second one?", False),
        ("I love the mug but its handle is broken", False),
        ("I would love to have a mug", False),
        ("Thanks for nothing", False),
    ],
)
def test_praise_is_what_is_glad_and_wants_nothing(text: str, is_praise: bool) -> None:
    assert praises(text) is is_praise


def test_praise_is_thanked_for_and_sells_nothing(tmp_path: Path) -> None:
    found = answered(tmp_path, "The camp kettle is wonderful, many thanks!", "emma.lindqvist@example.com")
    assert (found["end"], "glad" in found["reply"], "USD" in found["reply"]) == ("resolved", True, False)


def test_what_is_only_not_to_be_done_is_left_as_it_is(tmp_path: Path) -> None:
    words = "Please do not cancel anything of mine, I thought better of it."
    assert is_denied(words)
    found = answered(tmp_path, words, "oskar.nyman@example.com")
    assert (found["end"], "as it is" in found["reply"]) == ("resolved", True)
    assert not [call for call in found["tool_calls"] if call["tool"].startswith("cancel")]


@pytest.mark.parametrize(
    "words",
    [
        "All but one of my orders can stay. Everything apart from the office chair should be cancelled, bought by mistake.",
        "Everything other than the office chair must be cancelled please, I no longer need it",
    ],
)
def test_what_is_said_of_all_but_one_is_not_said_of_that_one(tmp_path: Path, words: str) -> None:
    found = answered(tmp_path, words, "oskar.nyman@example.com")
    cancelled = {call["arguments"]["order_id"] for call in found["tool_calls"] if call["tool"] == "cancel_pending_order"}
    assert cancelled <= {"#W1000121"}


def test_a_fault_behind_except_is_no_exception() -> None:
    assert "the lid is cracked" in read("I like it except the lid is cracked").text
    assert read("Send back everything except the lid").left_alone == "except the lid"


@pytest.mark.parametrize("words", ["How does T000042 stand?", "t000042 was opened on Monday", "Here is the photo for T000042."])
def test_a_tickets_number_goes_to_whoever_has_the_ticket(words: str) -> None:
    play = play_of(words)
    assert play and play.name == "ticket_state"


@pytest.mark.parametrize(
    "words",
    [
        "Family name Raman, given name Priya, and the zip code would be 78701",
        "last name: raman\nfirst name: priya\nmy zip is 78701",
    ],
)
def test_names_that_are_given_one_by_one_are_a_name(words: str) -> None:
    (name,) = read(words).facts.names
    assert ((name.first, name.last), read(words).facts.zips) == (("Priya", "Raman"), ("78701",))


def test_what_was_done_and_is_to_be_undone_goes_to_a_person(tmp_path: Path) -> None:
    found = answered(tmp_path, "Can you reinstate the order that I cancelled on Friday?", "oskar.nyman@example.com")
    assert (found["end"], "undone" in found["reply"]) == ("escalated", True)


def test_a_letter_that_is_passed_on_with_a_few_words_goes_to_a_person(tmp_path: Path) -> None:
    wanted = "Please have this cancelled for me by Monday, I am away and no longer need any of it."
    letter = f"\n\nBegin forwarded message:\n\nFrom: Rosa <rosa@example.com>\nSubject: Chair\n\n{wanted}\n"
    found = answered(tmp_path, f"A neighbour gave me this.{letter}", "emma.lindqvist@example.com")
    assert found["end"] == "escalated" and not [c for c in found["tool_calls"] if c["tool"].startswith("cancel")]
