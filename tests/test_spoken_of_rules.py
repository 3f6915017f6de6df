"""What orders and account do with what is only spoken of, with short answers, and with several requests at once."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.department import Document, arguments_of, ask, calls_of

from agents.desk import account
from agents.desk.orders import agent

EMMA, PRIYA, CHICAGO, DMITRI = (f"{n}@example.com" for n in ("emma.lindqvist", "priya.raman", "m.santos", "dmitri.volkov"))
FELIX, NOOR, SANA, OSKAR = (f"{n}@example.com" for n in ("felix.aldous", "noor.farouk", "sana.iqbal", "oskar.nyman"))
READS = {"get_order_details", "get_user_details", "get_product_details", "search_articles"}


def orders(shop: Engine, *words: str, email: str = EMMA, confirms: bool = False) -> Document:
    return ask(agent, shop, *words, email=email, confirms=confirms)


def done_by(run: Document) -> set[str]:
    return {c["tool"] for c in run["tool_calls"] if c["agent"] == "orders" and c["status"] == "done"}


def value(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def status(shop: Engine, order: str) -> str:
    return str(value(shop, f"SELECT status FROM orders WHERE id = '{order}'"))


@pytest.mark.parametrize(
    "words",
    [
        "what if i cancel #W1000019 because i no longer need it, do i get all money back?",
        "My wife says I should cancel #W1000019 because it was ordered by mistake",
        "I might return #W1000001, not sure yet",
        "My neighbour says I should return #W1000001",
        "Is it possible to return the kettle of #W1000001?",
        "What would happen if I returned #W1000001?",
    ],
)
def test_what_is_only_spoken_of_is_offered_and_done_after_a_yes(shop: Engine, words: str) -> None:
    first = orders(shop, words, confirms=True)
    assert done_by(first) <= READS and "please check it" in first["reply"] and first["end"] == "awaiting_customer"
    assert not done_by(orders(shop, words, "yes", confirms=True)) <= READS


@pytest.mark.parametrize(
    "words",
    [
        "I never asked to cancel #W1000019, why would I no longer need it?",
        "I cancelled #W1000019 yesterday, ordered by mistake",
        "I returned #W1000001 last week",
    ],
)
def test_what_is_refused_or_said_to_be_done_is_left_as_it_is(shop: Engine, words: str) -> None:
    run = orders(shop, words)
    assert set(calls_of(run)) <= READS and run["end"] == "resolved"
    assert "I leave it so" in run["reply"] and "is recorded" in run["reply"]


@pytest.mark.parametrize("words", ["Please don't cancel #W1000019", "I don't want to return #W1000001"])
def test_what_is_not_wanted_is_not_done(shop: Engine, words: str) -> None:
    assert calls_of(orders(shop, words)) == ["get_order_details"]


def test_an_address_that_was_only_spoken_of_is_not_written(shop: Engine) -> None:
    run = ask(account.agent, shop, "I did not change my address to 5 Lake Road, Duluth, MN 55802! who did?", email=EMMA)
    assert run["end"] == "escalated"
    ask(
        account.agent, shop, "If I change my address to 5 Lake Road, Duluth, MN 55802, what happens?", email=EMMA, confirms=True
    )
    assert value(shop, f"SELECT address1 FROM customers WHERE email = '{EMMA}'") == "646 Mill Lane"


@pytest.mark.parametrize("wrong", ["#W10000019", "#W100019", "order number 10000019", "purchase 10000019"])
def test_a_number_that_is_no_order_number_is_said_to_be_none(shop: Engine, wrong: str) -> None:
    run = orders(shop, f"Cancel {wrong}, no longer needed")
    assert "is not an order number" in run["reply"] and status(shop, "#W1000019") == "pending"


def test_a_wrong_number_beside_a_right_one_is_told_as_well(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000019 and #W10000103, I ordered them by mistake")
    assert status(shop, "#W1000019") == "cancelled" and "#W10000103 is not an order number" in run["reply"]


def test_a_yes_without_the_reason_is_asked_for_the_reason_alone_and_never_twice_in_the_same_words(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000019", "yes", "yes")
    said = [e["text"] for e in run["transcript"] if e["kind"] == "message" and e["speaker"] == "orders"]
    assert "only need the reason" in said[1] and len(set(said)) == 3
    orders(shop, "Cancel #W1000019", "yes", "not needed any more")
    assert status(shop, "#W1000019") == "cancelled"


@pytest.mark.parametrize("no", ["no", "no, keep it", "no, too expensive", "nope", "no thanks", "leave it"])
def test_a_no_is_understood(shop: Engine, no: str) -> None:
    run = orders(shop, "Change the kettle in #W1000011 to 1.8 l", no, email=PRIYA, confirms=True)
    assert "leave it as it is" in run["reply"] and run["end"] == "resolved" and status(shop, "#W1000011") == "pending"


def test_a_payment_method_alone_is_an_answer_and_is_not_forgotten(shop: Engine) -> None:
    run = orders(shop, "Change the kettle in #W1000011 to 1.8 l", "gift card", "yes", email=PRIYA, confirms=True)
    made = [c["arguments"] for c in run["tool_calls"] if c["tool"] == "modify_pending_order_items" and c["status"] == "done"]
    assert [one["payment_method_id"][:9] for one in made] == ["gift_card"]


def test_a_damaged_item_that_is_named_in_the_answer_is_asked_about_alone(shop: Engine) -> None:
    run = orders(shop, "my order came damaged", "#W1000007", "the poles", "money back", email=CHICAGO)
    assert arguments_of(run, "return_delivered_order_items")["item_ids"] == ["3000001001"]


@pytest.mark.parametrize(
    "words",
    [
        "I'd like the kettle in #W1000011 in 1.8 l cream instead",
        "Change the kettle in #W1000011 to 1.8 l, pay difference with gift card",
    ],
)
def test_another_option_is_read_from_a_wish(shop: Engine, words: str) -> None:
    run = orders(shop, words, "yes", email=PRIYA)
    assert arguments_of(run, "modify_pending_order_items")["new_item_ids"] == ["3000000103"]


def test_what_stands_after_for_is_the_wish_and_names_no_item(shop: Engine) -> None:
    run = orders(shop, "exchange the smart plug in #W1000017 for one with meter", "yes", email=DMITRI)
    made = arguments_of(run, "exchange_delivered_order_items")
    assert (made["item_ids"], made["new_item_ids"]) == (["3000001101"], ["3000001102"])


def test_two_orders_of_one_message_get_what_is_asked_for_each(shop: Engine) -> None:
    run = orders(shop, "Cancel #W1000019, I no longer need it, and where is #W1000001?")
    assert status(shop, "#W1000019") == "cancelled" and "arrived on" in run["reply"]
    assert status(shop, "#W1000001") == "delivered" and "Shall I" not in run["reply"]


def test_what_is_asked_of_another_orders_payment_is_not_dropped(shop: Engine) -> None:
    words = "Where is #W1000019 and was #W1000001 charged twice?"
    run = orders(shop, words)
    assert "You also wrote about the payment of #W1000001" in run["reply"] and run["end"] == "awaiting_customer"
    assert "Handed back (other_department)" in orders(shop, words, "yes")["reply"]


def test_of_a_return_and_an_exchange_in_one_order_the_customer_chooses_one(shop: Engine) -> None:
    run = orders(shop, "I want to return the daypack of #W1000007 and exchange the poles", email=CHICAGO)
    assert "one of the two and only once" in run["reply"] and status(shop, "#W1000007") == "delivered"
    assert run["end"] == "awaiting_customer"


@pytest.mark.parametrize("words", ["list all my orders", "what did I order so far"])
def test_all_orders_are_listed(shop: Engine, words: str) -> None:
    run = orders(shop, words)
    assert "#W1000001" in run["reply"] and "#W1000019" in run["reply"] and run["end"] == "resolved"


def test_all_orders_are_cancelled_as_far_as_they_can_be_and_the_others_are_told(shop: Engine) -> None:
    run = orders(shop, "cancel all my orders, I no longer need them", email=FELIX)
    assert {status(shop, "#W1000047"), status(shop, "#W1000087")} == {"cancelled"}
    assert "does not allow it" in run["reply"] and "#W1000010" in run["reply"]


def test_a_return_after_30_days_is_offered_to_a_human(shop: Engine) -> None:
    run = orders(shop, "I want to return everything from #W1000005", email=NOOR)
    assert "30 days" in run["reply"] and "Shall I pass you on" in run["reply"] and "return_delivered" not in str(calls_of(run))
    assert "(needs_human)" in orders(shop, "I want to return everything from #W1000005", "yes", email=NOOR)["reply"]
    assert "within 30 days" not in orders(shop, "Cancel #W1000005, no longer needed", email=NOOR)["reply"]


def test_a_change_of_a_return_that_is_under_way_is_for_a_human(shop: Engine) -> None:
    assert "(needs_human)" in orders(shop, "I want to cancel the return of #W1000013", email=SANA)["reply"]


def test_the_plan_and_what_is_open_on_it_are_told_from_the_account(shop: Engine) -> None:
    for words in ("What plan am I on?", "when does my subscription renew?", "my plan is past due, how do I pay?"):
        reply = ask(account.agent, shop, words, email="anika.desai@example.com")["reply"]
        assert "INV2004" in reply and "INV2005" in reply and "past due" in reply.replace("_", " ")


def test_a_new_address_without_an_order_is_the_accounts(shop: Engine) -> None:
    words = "I moved. My new address is 99 Oak Avenue Apt 4, Austin, TX 78702"
    ask(account.agent, shop, words, email=EMMA)
    assert value(shop, f"SELECT address1 FROM customers WHERE email = '{EMMA}'") == "99 Oak Avenue"


def test_an_address_is_read_with_its_short_forms(shop: Engine) -> None:
    run = orders(shop, "Change the address of #W1000008", "3 Market Sq., St. Paul MN 55101", email=OSKAR)
    assert arguments_of(run, "modify_pending_order_address")["city"] == "St. Paul"
