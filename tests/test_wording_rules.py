"""How orders and refunds read conditions, exceptions, half answers and wishes for money."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.department import Document, ask, calls_of

from agents.desk.orders import agent as orders
from agents.desk.refunds import agent as refunds
from agents.products.items import named_items
from agents.requests.deeds import verdict
from agents.requests.facts import facts_in

EMMA, MARIA, PRIYA, NOOR = (f"{n}@example.com" for n in ("emma.lindqvist", "m.santos", "priya.raman", "noor.farouk"))
CANCEL = "I want to cancel #W1000019"


def say(shop: Engine, *words: str, email: str, confirms: bool = False) -> Document:
    return ask(orders, shop, *words, email=email, confirms=confirms)


def writes(run: Any) -> list[str]:
    """What was changed."""
    done = [c["tool"] for c in run["tool_calls"] if c["agent"] != "triage" and c["status"] == "done"]
    return [name for name in done if not name.startswith(("get_", "list_", "search_", "transfer_"))]


@pytest.mark.parametrize(
    "answer",
    [
        "actually I want to know when it arrives first",
        "do you need to know why?",
        "I want to keep the blanket",
        "I don't want to say why",
        "I don't need to know why",
    ],
)
def test_an_answer_that_gives_no_reason_cancels_nothing(shop: Engine, answer: str) -> None:
    run = say(shop, CANCEL, answer, email=EMMA)
    assert writes(run) == [] and run["end"] == "awaiting_customer"


@pytest.mark.parametrize("answer", ["no longer needed", "don't need it anymore", "I changed my mind", "the first", "a mistake"])
def test_an_answer_that_gives_the_reason_cancels(shop: Engine, answer: str) -> None:
    assert writes(say(shop, CANCEL, answer, email=EMMA)) == ["cancel_pending_order"]


def test_a_question_inside_an_open_question_is_answered_first(shop: Engine) -> None:
    run = say(shop, CANCEL, "when would it arrive?", email=EMMA)
    assert "promised for" in run["reply"] and "not cancelled" in run["reply"]


def test_a_clear_order_replaces_the_open_question(shop: Engine) -> None:
    wish = "I'd like the kettle in #W1000011 in 1.8 l instead"
    run = say(shop, wish, "cancel it then", "no longer needed", "yes", email=PRIYA, confirms=True)
    assert writes(run) == ["cancel_pending_order"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("would you cancel #W1000019 for free if I no longer need it?", "cancel_order"),
        ("cancel #W1000019 if it ships after friday", "cancel_order"),
        ("cancel #W1000019, but only if it ships after friday", "cancel_order"),
        ("return the poles from #W1000007 if it's free", "return_items"),
        ("please refund #W1000001 unless it takes long", "refund_full"),
    ],
)
def test_what_is_wished_for_under_a_condition_is_open(words: str, kind: str) -> None:
    assert verdict(words, kind) == "open"


@pytest.mark.parametrize(
    "words",
    [
        "please cancel #W1000019 if possible",
        "cancel #W1000019 if you can",
        "Cancel #W1000019 if it hasn't been sent",
        "Cancel #W1000019. If you need anything else, call me",
    ],
)
def test_a_condition_of_courtesy_is_none(words: str) -> None:
    assert verdict(words, "cancel_order") == "asked"


def test_nothing_after_the_verb_is_a_refusal() -> None:
    assert verdict("I want to return neither the daypack nor the poles", "return_items") == "denied"
    assert verdict("Exchange the small plug, and exchange nothing else", "exchange_items") == "asked"
    assert verdict("exchange nothing else", "exchange_items") != "asked"


@pytest.mark.parametrize(
    "words",
    [
        "return everything but the poles from #W1000007",
        "please return all but the poles of #W1000007",
        "return #W1000007 without the poles",
        "return everything excluding the poles of #W1000007",
    ],
)
def test_an_exception_leaves_the_item_out(shop: Engine, words: str) -> None:
    run = say(shop, words, email=MARIA)
    assert writes(run) == ["return_delivered_order_items"]
    assert "Daypack" in run["reply"] and "Poles" not in run["reply"]


def test_both_of_three_pieces_is_asked_about() -> None:
    plug = {"product_id": "p", "name": "Smart Plug", "options": {"meter": "no"}, "price": 1}
    named = named_items("return both plain plugs", [{**plug, "item_id": f"{n}"} for n in range(3)])
    assert not named.items and len(named.unclear) == 3


@pytest.mark.parametrize("words", ["refund the poles of #W1000007 please", "I want my money back for the poles of #W1000007"])
def test_a_wish_for_money_is_no_return_before_a_yes(shop: Engine, words: str) -> None:
    run = say(shop, words, email=MARIA, confirms=True)
    assert writes(run) == [] and "which you send back" in run["reply"] and "59.00 USD" in run["reply"]
    assert writes(say(shop, words, "yes", email=MARIA, confirms=True)) == ["return_delivered_order_items"]


@pytest.mark.parametrize("words", ["Refund me half of #W1000001, it is scratched", "refund 20% of #W1000001, it is scratched"])
def test_a_part_is_for_a_person_and_does_not_pay_the_duplicate(shop: Engine, words: str) -> None:
    run = ask(refunds, shop, words, email=EMMA)
    assert writes(run) == [] and "transfer_to_human_agents" in calls_of(run)


def test_what_can_still_be_refunded_is_told(shop: Engine) -> None:
    run = ask(refunds, shop, "How much of #W1000005 could still be refunded?", email=NOOR)
    assert "128.00 USD can still be refunded" in run["reply"] and "15.00 USD" in run["reply"]
    assert "15.00 USD" in say(shop, "Did my refund for #W1000005 go through yet?", email=NOOR)["reply"]


def test_two_identical_payments_are_a_duplicate_and_go_back_the_way_they_came(shop: Engine) -> None:
    words = "I see two identical payments for #W1000001, please refund one to my PayPal instead"
    run = ask(refunds, shop, words, email=EMMA)
    assert writes(run) == ["refund_order"] and "could not send it to your PayPal" in run["reply"]
    with shop.connect() as connection:
        assert connection.execute(text("SELECT amount_cents FROM refunds WHERE order_id = '#W1000001'")).scalar() == 4250


def test_an_earlier_number_is_no_part_of_an_address() -> None:
    (found,) = facts_in("to apt 5\n3 Market Square, Saint Paul, MN 55101").addresses
    assert found.address1 == "3 Market Square"
    (found,) = facts_in("It was 5. 3 Market Square, Saint Paul, MN 55101").addresses
    assert found.address1 == "3 Market Square"
    (found,) = facts_in("12 St. Clair Avenue, Saint Paul, MN 55101").addresses
    assert found.address1 == "12 St. Clair Avenue"
    (found,) = facts_in("12 5th Avenue\nApt 3\nSaint Paul, MN 55101").addresses
    assert (found.address1, found.address2) == ("12 5th Avenue", "Apt 3")


def test_an_address_beside_a_change_is_a_change_of_address(shop: Engine) -> None:
    run = say(shop, "change #W1000011 to 3 Market Square, Saint Paul, MN 55101", email=PRIYA)
    assert writes(run) == ["modify_pending_order_address"]
