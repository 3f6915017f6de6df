"""A charge that the bank took back: nobody pays on top of it, whether the rows say so or the customer's words."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.odd_orders import CARD, GIFT_CARD, LAMP, ODD, TENT, Line, Piece, add_order, remove_method

from agents.cases.chargebacks import bank_took_back
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import run_team

MARIA, EMMA = "m.santos@example.com", "emma.lindqvist@example.com"
BOTH = (Piece(TENT, 6000), Piece(LAMP, 4000))


def desk(shop: Engine, *words: str, email: str = MARIA) -> dict[str, Any]:
    human = Prepared(words[1:], live=len(words) > 1)
    return run_team(team, words[0], engine=shop, known={"email": email}, human=human).document


def refunds(shop: Engine) -> int:
    with shop.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM payments WHERE kind = 'refund'")).scalar() or 0)


@pytest.mark.parametrize(
    "words",
    [
        "My bank gave me the second payment back",
        "I filed a chargeback for it last week.",
        "The card company has already reversed one of them, but the other is still there",
        "PayPal refunded me one of the two.",
        "I have disputed the charge with my bank",
        "it came back through a charge-back",
        "Visa took the 40.00 back in the meantime",
    ],
)
def test_a_report_of_what_the_bank_took_back_is_understood(words: str) -> None:
    assert bank_took_back(words)


@pytest.mark.parametrize(
    "words",
    [
        "Refund me or I will file a chargeback",
        "If this is not solved, I'll dispute the charge with my bank",
        "My bank did not give anything back",
        "Please send it back to my bank account",
        "What is a chargeback?",
        "My bank took the money twice",
        "Can you refund it to PayPal?",
        "I don't want to do a chargeback",
    ],
)
def test_a_threat_a_question_and_a_denial_are_no_report(words: str) -> None:
    assert not bank_took_back(words)


@pytest.mark.parametrize(
    "words",
    [
        "I was charged twice for #W1000001. My bank reversed one of the charges, please refund the duplicate too.",
        "I filed a chargeback over #W1000001, now refund the double charge please",
    ],
)
def test_what_the_customer_says_the_bank_took_back_is_not_paid_on_top(shop: Engine, words: str) -> None:
    before = refunds(shop)
    run = desk(shop, words, email=EMMA)
    assert refunds(shop) == before and run["end"] == "escalated"
    assert "bank took a charge back" in run["reply"] or "we do not send the same money a second time" in run["reply"]


def test_a_threat_with_the_bank_does_not_keep_back_what_is_owed(shop: Engine) -> None:
    before = refunds(shop)
    desk(shop, "I was charged twice for #W1000001, refund it or I will file a chargeback", email=EMMA)
    assert refunds(shop) == before + 1


@pytest.mark.parametrize(
    "words",
    [f"I was charged twice for {ODD}, please refund it", f"Please refund {ODD}", f"I want to return the tent from {ODD}"],
)
def test_what_the_rows_say_the_bank_took_back_is_told_and_left_to_a_person(shop: Engine, words: str) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000), Line("payment", 10_000), Line("chargeback", 10_000, of=1)])
    before = refunds(shop)
    run = desk(shop, words, "yes")
    assert refunds(shop) == before and run["end"] == "escalated"
    assert "Your bank took back 100.00 USD" in run["reply"] and "A person looks at that" in run["reply"]


def test_the_status_of_an_order_tells_what_the_bank_took_back(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000), Line("chargeback", 10_000)])
    run = desk(shop, f"What is the status of order {ODD}?")
    assert "Your bank took 100.00 USD of its payment back, which a person looks at" in run["reply"]


def test_an_order_that_was_paid_above_its_price_without_a_repeat_is_for_a_person(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000), Line("payment", 10_000, GIFT_CARD)])
    run = desk(shop, f"I was charged twice for {ODD}, please refund the second one")
    assert run["end"] == "escalated" and "No charge was made twice" not in run["reply"]


def test_a_return_whose_money_shall_go_elsewhere_is_answered_before_it_is_made(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000)])
    run = desk(shop, f"I would like to return the tent in {ODD}, with the money on my new card please")
    assert run["end"] == "awaiting_customer"
    assert "can only go back to what paid for it, the credit card" in run["reply"]
    assert "or to a gift card on your account" in run["reply"]
    again = desk(
        shop, f"I would like to return the tent in {ODD}, with the money on my new card please", "to the gift card", "yes"
    )
    assert "60.00 USD goes back to your gift card" in again["reply"]


def test_a_return_of_what_was_refunded_is_told_and_not_requested(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000), Line("refund", 10_000)])
    run = desk(shop, f"I want to return the tent from {ODD}", "yes")
    assert "went back already" in run["reply"] and "not requested" in run["reply"]


def test_a_return_of_what_was_paid_two_ways_tells_what_each_gets_before_and_after_it_is_made(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 7000), Line("payment", 3000, GIFT_CARD)])
    wish = f"I want to return everything from order {ODD}"
    both = "30.00 USD to your gift card and 70.00 USD to your credit card"
    assert f"100.00 USD goes back, {both}" in desk(shop, wish)["reply"]
    assert f"100.00 USD goes back, {both}" in desk(shop, wish, "yes")["reply"]
    assert f"the refund is {both}" in desk(shop, f"What is the status of {ODD}?")["reply"]


def test_a_card_that_is_gone_is_told_as_such_and_is_not_asked_to_pay(shop: Engine) -> None:
    add_order(shop, BOTH, [Line("payment", 10_000)])
    remove_method(shop, CARD)
    run = desk(shop, f"I want to return the tent from {ODD}")
    assert "60.00 USD goes back to your credit card ending 7777 (no longer on the account)" in run["reply"]
    assert "7777" not in desk(shop, "Which payment methods do I have on my account?")["reply"]
