"""What a customer's first message gets from the whole desk, without a model."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from groupchats.desk import team
from switchboard.loop.drive import run_team

EMMA, NOOR, ANIKA = "emma.lindqvist@example.com", "noor.farouk@example.com", "anika.desai@example.com"


def asked(folder: Path, words: str, email: str = "") -> Any:
    return run_team(team, words, engine=seeded(folder), known={"email": email} if email else {}).document


def test_a_new_email_address_is_no_new_street(tmp_path: Path) -> None:
    words = "Hello, my mail address is different now, it is new.one@example.com. Could you please update my profile?"
    document = asked(tmp_path, words, EMMA)
    assert "confirmed by a link" in document["reply"] and "number and street" not in document["reply"]


def test_an_invoice_is_named_with_the_way_to_its_copy_and_without_those_of_other_orders(tmp_path: Path) -> None:
    document = asked(tmp_path, "I need the receipt for #W1000001 for the tax office", EMMA)
    assert "INV2001" in document["reply"] and "Invoice (PDF)" in document["reply"] and "INV2002" not in document["reply"]


def test_open_invoices_are_told_with_their_days_beside_the_payment_methods(tmp_path: Path) -> None:
    document = asked(tmp_path, "Can I pay my open invoices with a card?", ANIKA)
    assert document["reply"].count("open, due on") == 2 and "mastercard" in document["reply"]


def test_what_came_damaged_goes_to_a_person_with_a_word_on_what_to_keep(tmp_path: Path) -> None:
    document = asked(tmp_path, "The lamp of order #W1000005 arrived shattered, please send another one.", NOOR)
    assert document["end"] == "escalated" and "photos of both" in document["reply"]


@pytest.mark.parametrize("words", ["Cancel #W1000020 please, my daughter bought it by accident"])
def test_what_was_delivered_too_long_ago_is_said_to_be_past_cancelling(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words, "hanna.vesely@example.com")
    assert "can no longer be cancelled" in document["reply"]


def test_the_measures_of_a_thing_are_no_question_for_its_area(tmp_path: Path) -> None:
    assert "m²" not in asked(tmp_path, "We have a shelf of 3 m x 2 m", ANIKA)["reply"]


def test_which_order_is_asked_only_where_an_order_is_meant(tmp_path: Path) -> None:
    assert "Which order" not in asked(tmp_path, "My desk does not match your drawings", ANIKA)["reply"]


def test_whether_two_things_go_together_is_said_to_be_unknown(tmp_path: Path) -> None:
    reply = asked(tmp_path, "Is the smart plug compatible with the hub of another maker?", ANIKA)["reply"]
    assert "does not say what it works with" in reply


@pytest.mark.parametrize(
    "words", ["Shipping to Lima possible?", "deliver in Boise these days?", "do you ship to the pin code 560001"]
)
def test_where_we_deliver_is_told_without_asking_for_an_order(words: str, tmp_path: Path) -> None:
    reply = asked(tmp_path, words, ANIKA)["reply"]
    assert "all 50 states" in reply and "Which order" not in reply


def test_an_order_of_ones_own_is_still_looked_for(tmp_path: Path) -> None:
    assert "Which order" in asked(tmp_path, "Please cancel my order", "rosa.delacroix@example.com")["reply"]


@pytest.mark.parametrize("words", ["When will my new card get here?", "I am still waiting for the debit card"])
def test_a_card_that_is_awaited_is_a_banks(words: str, tmp_path: Path) -> None:
    assert "We are a shop and no bank" in asked(tmp_path, words, ANIKA)["reply"]


@pytest.mark.parametrize("words", ["The refund to my card has not arrived", "My gift card has not arrived"])
def test_money_on_a_card_and_a_gift_card_are_ours(words: str, tmp_path: Path) -> None:
    assert "no bank" not in asked(tmp_path, words, ANIKA)["reply"]


def test_goods_that_are_wanted_and_not_there_are_no_technical_problem(tmp_path: Path) -> None:
    document = asked(tmp_path, "I need a zeppelin 42 model")
    assert "nothing of that kind" in document["reply"] and document["tool_calls"][-1]["tool"] != "open_ticket"


@pytest.mark.parametrize("words", ["Is this brand fit for teenagers?", "What about the quality of it?"])
def test_what_is_asked_of_goods_without_a_name_is_asked_back(words: str, tmp_path: Path) -> None:
    assert asked(tmp_path, words)["reply"].startswith("Which product is it about?")


def test_a_size_is_no_sum(tmp_path: Path) -> None:
    assert "= 24" not in asked(tmp_path, "a rug of 4*6 in my favourite size, is it there")["reply"]


def test_who_is_known_is_asked_for_a_number_to_call_and_not_for_a_name(tmp_path: Path) -> None:
    reply = asked(tmp_path, "Would you call me please", ANIKA)["reply"]
    assert "At which phone number" in reply and "name" not in reply


def test_a_number_to_call_is_taken_from_the_message(tmp_path: Path) -> None:
    document = asked(tmp_path, "Please give us a call at 555-0188-222", ANIKA)
    assert "get back to you" in document["reply"]


def test_who_says_that_every_question_is_answered_hears_a_farewell(tmp_path: Path) -> None:
    assert asked(tmp_path, "all of my doubts are cleared now")["end"] == "resolved"


def test_every_kind_of_account_and_everybody_of_the_family_is_one_to_us(tmp_path: Path) -> None:
    one, other = "open a silver account for my grandmother", "register my nephew for a deluxe account"
    assert all("An account for somebody else" in asked(tmp_path / w[:4], w)["reply"] for w in (one, other))


def test_an_article_on_one_device_answers_who_names_it(tmp_path: Path) -> None:
    assert "lamp" not in asked(tmp_path, "they are unreachable")["reply"]


def test_how_something_is_done_is_told_to_who_is_not_known(tmp_path: Path) -> None:
    assert "[change-or-cancel-order.md" in asked(tmp_path, "How do I cancel my order?")["reply"]


@pytest.mark.parametrize(
    "words", ["Ida Brook, 12 Mill Lane, Salem OR 97301", "tom reed 4 harbor road duluth mn 55801 mobile 555 0188"]
)
def test_an_address_alone_is_asked_what_is_wanted_with_it(words: str, tmp_path: Path) -> None:
    assert "What is it about" in asked(tmp_path, words)["reply"]


@pytest.mark.parametrize("words", ["two hamburgers please", "I like to order 3 pizzas"])
def test_a_meal_is_said_to_be_none_of_the_shops(words: str, tmp_path: Path) -> None:
    assert "no restaurants" in asked(tmp_path, words)["reply"]


def test_what_is_made_for_a_meal_may_be_the_shops(tmp_path: Path) -> None:
    assert "no restaurants" not in asked(tmp_path, "I bought a burger press, where is it?")["reply"]


def test_a_farewell_is_answered_kindly(tmp_path: Path) -> None:
    assert asked(tmp_path, "ok, have a nice day")["reply"].startswith("You are welcome")


@pytest.mark.parametrize("words", ["my name is Ida and my password is tulip 77", "login ida, password: tulip77"])
def test_a_password_that_was_written_out_is_warned_of(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words)
    assert "never write a password" in document["reply"] and document["end"] == "awaiting_customer"


def test_a_device_of_which_nothing_is_said_opens_no_ticket(tmp_path: Path) -> None:
    document = asked(tmp_path, "synthesizer xr 40 with its power supply")
    assert "ticket" not in document["reply"]


def test_the_nearest_goods_are_asked_about_and_close_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, "I need a travel kettle powerbank thing")["end"] == "awaiting_customer"
