"""What a first message is told where the desk knows only a part of the answer, or none."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.articles.passages import passage_asked
from agents.routing.mood import is_settled
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import run_team

SVEN = "sven.thorsen@example.com"


def asked(folder: Path, *turns: str, email: str = "") -> Any:
    human = Prepared(turns[1:], live=len(turns) > 1)
    return run_team(team, turns[0], engine=seeded(folder), human=human, known={"email": email} if email else {}).document


@pytest.mark.parametrize(
    "words",
    [
        "Will somebody carry the kayak upstairs for me?",
        "Do you sell paella pans?",
        "Do you engrave the insulated bottle?",
        "Is the coffee grinder dishwasher safe?",
    ],
)
def test_what_the_catalogue_does_not_tell_of_a_product_is_no_answer_yet(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    assert document["end"] == "awaiting_customer" and "Does that answer" in document["reply"]


@pytest.mark.parametrize("words", ["How much is the kayak?", "Which colours of the daypack are in stock?"])
def test_what_the_catalogue_tells_is_an_answer(words: str, tmp_path: Path) -> None:
    assert asked(tmp_path, words)["end"] == "resolved"


def test_a_no_to_what_the_catalogue_says_brings_a_person_and_another_product_its_price(tmp_path: Path) -> None:
    opening = "Does the picnic hamper have wheels?"
    assert asked(tmp_path / "no", opening, "no, not really")["end"] == "escalated"
    other = asked(tmp_path / "other", opening, "and what does the camping stove cost?")
    assert other["end"] == "resolved" and "45.00" in other["reply"]


@pytest.mark.parametrize(
    "words", ["could you ship a lamp to Denmark?", "do you deliver to the Philippines", "sending it to New Zealand possible?"]
)
def test_whether_a_country_is_delivered_to_is_told(words: str) -> None:
    found = passage_asked(words)
    assert found and found.citation == "shipping-times.md#where-we-deliver"


def test_a_price_and_a_question_on_paying_are_both_answered(tmp_path: Path) -> None:
    said = asked(tmp_path, "What does the kayak cost and do you take cash on delivery?")["transcript"]
    told = " ".join(e["text"] for e in said if e["kind"] == "message" and e["speaker"] != "customer")
    assert "1,090.00" in told and "no payment on delivery" in told


@pytest.mark.parametrize(
    "words", ["Do you ship to Kenya and what does shipping cost?", "Is there a showroom, and do you accept PayPal?"]
)
def test_two_short_questions_are_both_answered_or_named(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    said = [e["text"] for e in document["transcript"] if e["kind"] == "message" and e["speaker"] != "customer"]
    assert len(said) > 1 or document["end"] != "resolved"


@pytest.mark.parametrize(
    "words",
    [
        "My trouble with the app: it is solved now",
        "We sorted it out, bye",
        "everything has been settled",
        "forget my last message",
        "super, the grinder turns again, thx",
        "Thank you for your support, now everything runs",
    ],
)
def test_who_writes_that_all_is_well_is_not_asked_what_about(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words, email=SVEN)
    assert document["end"] == "resolved" and "changed nothing" in document["reply"]


@pytest.mark.parametrize(
    "words",
    [
        "the problem is still not solved",
        "Is my complaint settled?",
        "I hope that it is resolved soon",
        "It can be fixed, right",
        "it was fixed but broke again",
        "when does the app run again",
        "thanks, it runs now, but the light blinks",
        "it works fine, the handle however is broken off on one side",
    ],
)
def test_what_is_not_settled_is_not_taken_for_it(words: str) -> None:
    assert not is_settled(words)


def test_a_ticket_is_no_answer_and_its_customer_may_ask_for_something_else(tmp_path: Path) -> None:
    opening = "My robot vacuum makes a rattling noise"
    assert asked(tmp_path / "first", opening, email=SVEN)["end"] == "awaiting_customer"
    other = asked(tmp_path / "other", opening, "where is order #W1000112?", email=SVEN)
    assert "#W1000112" in other["reply"] and "pending" in other["reply"]
    complaint = asked(tmp_path / "complaint", "Your driver was rude and your service is awful", "an apology", email=SVEN)
    assert complaint["end"] == "awaiting_customer" and "colleague answers" in complaint["reply"]


def test_a_lost_card_needs_nobody_to_say_who_they_are(tmp_path: Path) -> None:
    assert "zip code" not in asked(tmp_path, "somebody took my credit card, what now")["reply"]


@pytest.mark.parametrize("words", ["What is my gift card worth now?", "is there anything left on my voucher"])
def test_what_a_gift_card_holds_is_told_to_whom_it_belongs(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words, email="marta.zielinska@example.com")
    assert document["end"] == "resolved" and "30.00 USD" in document["reply"]


def test_a_letter_that_is_passed_on_with_hardly_a_word_is_for_a_person(tmp_path: Path) -> None:
    letter = "---------- Forwarded message ---------\nFrom: Lee <lee@x.example>\nSubject: my things\n\n"
    words = (
        f"Please help with this\n\n{letter}Hello, could you please cancel what I ordered on Monday, #W1000067? Thanks, Lee\n"
    )
    document = asked(tmp_path, words, email=SVEN)
    assert document["end"] == "escalated" and {c["tool"] for c in document["tool_calls"]}.isdisjoint({"cancel_pending_order"})


def test_details_that_are_not_named_are_no_new_address(tmp_path: Path) -> None:
    document = asked(tmp_path, "How do I change my details?", email=SVEN)
    assert document["end"] == "awaiting_customer" and "Account > Profile" in document["reply"]


@pytest.mark.parametrize("words", ["may I know the balance", "a/c balance pls", "total balance of my account?"])
def test_a_balance_of_nothing_named_is_that_of_gift_cards_where_they_are_known(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path / "stranger", words)
    assert document["end"] == "awaiting_customer" and "holds no money of its own" in document["reply"]
    assert "30.00 USD" in asked(tmp_path / "known", words, email="marta.zielinska@example.com")["reply"]


@pytest.mark.parametrize("words", ["Will these ones be sold again?", "is it coming back any time soon", "restocked when?"])
def test_who_asks_when_something_is_there_again_is_asked_what(words: str, tmp_path: Path) -> None:
    assert asked(tmp_path, words)["reply"].startswith("Which product is it about?")


@pytest.mark.parametrize("words", ["yeh lamp kab tak milega bhaiya", "blorp site snarf quux error wibble"])
def test_what_is_hardly_in_any_word_that_we_know_gets_no_ticket(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    assert document["end"] == "awaiting_customer" and not document["tool_calls"]
