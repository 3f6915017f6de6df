"""What names no goods, no service and no device is asked about, and a question on our terms is answered however it is put."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.articles.passages import passage_asked
from agents.products.unnamed import names_nothing, wants_goods
from agents.requests.kinds import asks_how, is_general_question, without_help
from agents.routing.mood import is_denied
from groupchats.desk import team
from switchboard.loop.drive import run_team

KNOWN = "emma.lindqvist@example.com"


def asked(folder: Path, text: str, email: str = "") -> Any:
    return run_team(team, text, engine=seeded(folder), known={"email": email} if email else {}).document


@pytest.mark.parametrize(
    "text",
    [
        "what does it cost",
        "90 x 40 cm, which price?",
        "3 kg",
        "do you have other sizes",
        "I want to buy",
        "height please",
        "is it not in stock in grey",
        "do you have it in black",
        "I want to add one more",
    ],
)
def test_who_names_no_product_is_asked_which(text: str, tmp_path: Path) -> None:
    document = asked(tmp_path, text)
    assert names_nothing(text) and document["end"] == "awaiting_customer"
    assert "Which product is it about?" in document["reply"]


@pytest.mark.parametrize(
    "text", ["what does the kettle cost", "how are you", "I want a person", "is it open", "where is #W1000001"]
)
def test_what_names_something_or_asks_for_no_goods_is_not_asked_which(text: str) -> None:
    assert not names_nothing(text)


def test_what_is_not_found_is_answered_with_a_few_products_and_not_with_all(tmp_path: Path) -> None:
    reply = asked(tmp_path, "do you sell hammocks?")["reply"]
    assert "nothing of that kind" in reply and "such as" in reply and len(reply) < 420


def test_a_service_without_a_name_is_asked_about(tmp_path: Path) -> None:
    assert "Which service do you mean?" in asked(tmp_path, "please sign me up, I want a new service from you")["reply"]


@pytest.mark.parametrize("text", ["my number is 555 0199", "0171 555 019", "code 90210"])
def test_a_number_alone_is_asked_about(text: str, tmp_path: Path) -> None:
    assert "What is it about" in asked(tmp_path, text)["reply"]


@pytest.mark.parametrize("text", ["my software needs an update", "please check the system", "the program does not open"])
def test_a_fault_of_no_device_is_asked_about_and_opens_no_ticket(text: str, tmp_path: Path) -> None:
    document = asked(tmp_path, text)
    assert "Which device is it" in document["reply"] and not [c for c in document["tool_calls"] if c["tool"] == "open_ticket"]


@pytest.mark.parametrize(
    "text", ["I need to list all payment methods that are available", "please show me the accepted payment options"]
)
def test_the_ways_to_pay_are_not_the_customers_own(text: str, tmp_path: Path) -> None:
    reply = asked(tmp_path, text, KNOWN)["reply"]
    assert "What you can pay with" in reply and "PayPal" in reply and "American Express" in reply


def test_the_hours_and_all_ways_to_reach_us_are_told_together(tmp_path: Path) -> None:
    reply = asked(tmp_path, "at which hours may I ring customer support?")["reply"]
    assert "8 am to 8 pm" in reply and "555-0142" in reply and "help@fernhill" in reply


def test_words_that_ask_for_help_are_not_what_is_asked() -> None:
    assert without_help("I need some assistance with adding a second address") == "adding a second address"
    assert without_help("could you please help me to find the tracking number") == "find the tracking number"
    assert without_help("help") == "help" and without_help("I need information.") == "I need information."
    assert asks_how("we want information about the rules of a return")
    assert not asks_how("please help me to cancel my order") and not asks_how("I need help with #W1000001")


@pytest.mark.parametrize(
    "text", ["assistance to set up another delivery address", "I want help with entering a second delivery address"]
)
def test_who_asks_for_help_with_what_an_article_tells_is_not_asked_who_they_are(text: str, tmp_path: Path) -> None:
    assert "change-address.md" in asked(tmp_path, text)["reply"]


def test_our_policy_is_a_general_question_however_it_is_put() -> None:
    assert is_general_question("show me your return policy") and is_general_question("the available delivery options please")
    assert not is_general_question("which delivery option has my order")


def test_who_reports_an_order_is_not_told_how_to_order(tmp_path: Path) -> None:
    assert "How to order" not in asked(tmp_path, "hello, I have placed an order")["reply"]


def test_whether_a_place_is_served_needs_no_order(tmp_path: Path) -> None:
    assert "all 50 states" in asked(tmp_path, "is delivery available in Boise 83702", KNOWN)["reply"]


def test_other_terms_than_ours_make_a_passage_unsure() -> None:
    ours, theirs = passage_asked("is there a free trial of Plus"), passage_asked("a free trial of Plus, 90 days free")
    assert ours and ours.sure
    assert theirs is None or not theirs.sure


def test_what_the_shop_does_not_do_is_nothing_that_the_writer_takes_back() -> None:
    assert is_denied("please do not cancel anything")
    assert not is_denied("you did not cancel it and you did not refund")


@pytest.mark.parametrize("text", ["Hi, where do I get a saxophone", "hello I would like to hear of knitting needles"])
def test_who_says_hello_and_names_what_we_do_not_know_is_not_merely_greeted(text: str, tmp_path: Path) -> None:
    assert not asked(tmp_path, text)["reply"].startswith("Hello!")
    assert asked(tmp_path, "Hi team")["reply"].startswith("Hello!")


def test_the_name_of_a_program_alone_closes_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, "Whatsapp")["end"] == "awaiting_customer"


@pytest.mark.parametrize(
    "text", ["is there a wider chair?", "are there any taller lamps", "do your towels come in a larger size?"]
)
def test_who_asks_for_another_size_of_our_goods_wants_goods(text: str) -> None:
    assert wants_goods(text)


@pytest.mark.parametrize(
    "text",
    ["my kettle takes longer to boil, is there a fault?", "are there longer waiting times", "why is the larger desk not there"],
)
def test_a_comparison_that_is_of_no_size_of_our_goods_wants_none(text: str) -> None:
    assert not wants_goods(text)


def test_another_size_of_our_goods_is_looked_up_in_the_catalogue(tmp_path: Path) -> None:
    document = asked(tmp_path, "Is there a smaller hamper than for two persons?")
    assert document["department"] == "sales" and "there is none smaller" in document["reply"]


@pytest.mark.parametrize("text", ["do you sell krill oil", "what does collagen powder cost?", "are softgels in stock"])
def test_food_supplements_are_said_not_to_be_sold(text: str, tmp_path: Path) -> None:
    reply = asked(tmp_path, text)["reply"]
    assert "We sell no food supplements" in reply and "I do not know" not in reply
