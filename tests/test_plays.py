"""What a person has to settle goes to one, with what they must know first, and the customer hears what happens next."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.routing.plays import LEARNED, play_of, plays, plays_made_from
from groupchats.desk import team
from switchboard.declare.play import Play
from switchboard.errors import DeclarationError
from switchboard.loop.drive import run_team

SAMIR = {"email": "samir.naderi@example.com"}


def asked(folder: Path, words: str, known: dict[str, str] | None = SAMIR) -> Any:
    return run_team(team, words, engine=seeded(folder), known=known or {}).document


def test_the_subscription_that_somebody_has_is_ended_by_a_person(tmp_path: Path) -> None:
    document = asked(tmp_path, "Please cancel my Plus membership for me", {"email": "priya.raman@example.com"})
    assert document["end"] == "escalated" and "Nothing is ended before that mail" in document["reply"]
    assert summary_of(document).startswith(plays()["cancel_subscription"].about)


def summary_of(document: Any) -> str:
    [call] = [c for c in document["tool_calls"] if c["tool"] == "transfer_to_human_agents"]
    return str(call["arguments"]["summary"])


@pytest.mark.parametrize(
    ("words", "name", "said"),
    [
        ("Hi, I bought a kettle in #W1000074 and got a bath mat.", "wrong_item", "the right one or your money back"),
        ("Only one of the two things of order #W1000034 was in the box.", "missing_item", "sends what is missing"),
        ("Tracking of #W1000114 says delivered but no parcel is here", "not_received", "opens a trace"),
        ("I disputed the charge for #W1000034 at my bank.", "chargeback", "do not send the same money a second time"),
        ("somebody else ordered things with my account", "account_taken_over", "Reset your password now"),
        ("I am on holiday, please hold the parcel until the 20th", "delivery_wish", "asks the carrier"),
        ("the strap of my bag ripped after ten days, I want a new one", "warranty_claim", "2-year warranty"),
        ("You owe me something for these delays", "compensation", "decides on it"),
        ("Our club needs 35 tents, please send us an offer", "quote", "2 business days"),
        ("Erase all personal data that you have about me", "delete_data", "within 30 days"),
        ("A silver router is here, and it is a white one that I had ordered", "wrong_item", "the right one or your money back"),
        ("Could the courier bring it on Friday, and not before?", "delivery_wish", "asks the carrier"),
        ("The man at your hotline promised me 12 dollars off", "promised", "neither grant it nor deny it"),
        ("A box for a Mr Ruiz was set down in our hall, he does not live here", "stray_parcel", "has it fetched"),
        ("Did anybody go through my complaint of the 2nd?", "ticket_state", "looks up how it stands"),
        ("Enough of these promotions, strike me off", "unsubscribe", "takes you off the list"),
        ("I called #W1000034 off by accident, please revive it", "undo", "can still be undone"),
        ("there is somebody else's box in my hall, a toaster is in it", "stray_parcel", "finds out by its label whose it is"),
        ("Could I have the status of my claim?", "ticket_state", "looks up how it stands"),
        ("Any answer yet to ticket T-000031?", "ticket_state", "looks up how it stands"),
    ],
)
def test_what_only_a_person_settles_goes_to_one_with_a_kind_sentence(words: str, name: str, said: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    assert document["end"] == "escalated"
    assert summary_of(document).startswith(plays()[name].about)
    assert said in document["reply"] and "within one business day" in document["reply"]


@pytest.mark.parametrize(
    "words",
    [
        "Where is my order #W1000034?",
        "How do I cancel my subscription?",
        "I was charged twice for #W1000034",
        "Please cancel #W1000004, I ordered it by mistake.",
        "Can I choose a delivery time?",
        "The lamp is too small, I want to return it",
        "What does Plus cost?",
        "PayPal, please.",
        "Make the jacket in #W1000011 a size L, any colour, with PayPal",
        "thanks a lot",
        "",
    ],
)
def test_what_the_desk_does_itself_is_no_such_play(words: str) -> None:
    assert play_of(words) is None or words.startswith("How")


@pytest.mark.parametrize(
    "words",
    ["Je n'en veux plus, merci d'annuler ma commande #W1000034", "No quiero más el pedido #W1000034, cancelar por favor"],
)
def test_english_examples_say_nothing_of_another_language(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    assert document["end"] == "escalated" and "does not write English" in summary_of(document)


def test_a_play_among_counted_matters_goes_to_a_person_with_all_of_them(tmp_path: Path) -> None:
    words = "Two things: a) is the stove of #W1000034 covered b) I never got the 20 dollars that your colleague promised me"
    document = asked(tmp_path, words)
    assert document["end"] == "escalated" and "is the stove" in summary_of(document)


def test_a_play_on_the_customers_own_things_asks_first_who_they_are(tmp_path: Path) -> None:
    document = asked(tmp_path, "You sent me the wrong item", known=None)
    assert document["end"] == "awaiting_customer" and "e-mail address" in document["reply"]


def test_who_tells_of_a_strangers_parcel_is_not_asked_who_they_are(tmp_path: Path) -> None:
    document = asked(tmp_path, "Your courier handed me a parcel that belongs to another family", known=None)
    assert document["end"] == "escalated" and "leave the parcel closed" in document["reply"]


def test_who_can_be_reached_nowhere_is_asked_for_a_way(tmp_path: Path) -> None:
    reply = asked(tmp_path, "Let me talk to a human please", known=None)["reply"]
    assert "write your e-mail address or phone number" in reply
    assert "write your e-mail" not in asked(tmp_path / "known", "Let me talk to a human please")["reply"]


def test_what_was_learned_of_the_plays_is_shipped_and_is_not_older_than_their_examples() -> None:
    assert LEARNED.read_text("utf-8").startswith(f'{{"made_from":"{plays_made_from()}"')


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"examples": ("one",)}, "too few"),
        ({"about": "No sentence"}, "whole sentences"),
    ],
)
def test_a_play_that_is_declared_wrongly_is_refused(given: dict[str, Any], why: str) -> None:
    whole = {"name": "x", "about": "A.", "says": "B.", "examples": tuple("abcdefgh")}
    with pytest.raises(DeclarationError, match=why):
        Play(**{**whole, **given})
