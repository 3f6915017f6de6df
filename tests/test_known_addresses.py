"""Addresses that a customer points at, and several requests on several orders."""

import pytest
from sqlalchemy import Engine, text
from support.department import Document, arguments_of, ask, calls_of

from agents.desk.orders import agent
from agents.orders.which_orders import named_in

OSKAR, JONAS, CHICAGO = (f"{name}@example.com" for name in ("oskar.nyman", "jonas.okafor", "m.santos"))


def orders(shop: Engine, *words: str, email: str = OSKAR, confirms: bool = True) -> Document:
    return ask(agent, shop, *words, email=email, confirms=confirms)


@pytest.fixture
def elsewhere(shop: Engine) -> Engine:
    """Oskar's account is in Atlanta, and so is #W1000008; his #W1000121 goes to Macon."""
    moved = "UPDATE orders SET address1 = '9 Mill Road', address2 = '', city = 'Macon', zip = '31201' WHERE id = '#W1000121'"
    with shop.begin() as connection:
        connection.execute(text(moved))
    return shop


@pytest.mark.parametrize(
    "words",
    [
        "Please send #W1000008 to the same address as #W1000121.",
        "Change the address of #W1000008 to the one that order #W1000121 goes to.",
        "Could #W1000008 be shipped to the address of my other order #W1000121?",
        "Please change the delivery address of order #W1000008 to my Macon address.",
        "Change the address of order #W1000008 to my place in Macon",
    ],
)
def test_an_order_is_sent_to_an_address_that_another_one_has(elsewhere: Engine, words: str) -> None:
    run = orders(elsewhere, words)
    assert calls_of(run)[-1] == "modify_pending_order_address"
    assert arguments_of(run, "modify_pending_order_address") == {
        "order_id": "#W1000008",
        "address1": "9 Mill Road",
        "address2": "",
        "city": "Macon",
        "state": "GA",
        "country": "USA",
        "zip": "31201",
    }


@pytest.mark.parametrize("words", ["to my default address", "to the address on my account", "to my home address"])
def test_an_order_is_sent_to_the_address_of_the_account(elsewhere: Engine, words: str) -> None:
    run = orders(elsewhere, f"Please change the address of order #W1000121 {words}.")
    assert arguments_of(run, "modify_pending_order_address")["city"] == "Atlanta"


def test_a_place_that_is_nowhere_on_the_account_is_asked_for(elsewhere: Engine) -> None:
    run = orders(elsewhere, "Change the address of order #W1000008 to my Savannah address.")
    assert "What is the full new address" in run["reply"]
    assert "modify_pending_order_address" not in calls_of(run)


def test_an_order_that_is_named_for_what_is_asked_of_it_is_no_address() -> None:
    assert named_in("Where is the parcel for #W1000002? And cancel #W1000003.") == ("#W1000002", "#W1000003")
    assert named_in("Send #W1000002 to the same address as #W1000003.") == ("#W1000002",)


def status(shop: Engine, order: str) -> str:
    with shop.connect() as connection:
        return str(connection.execute(text("SELECT status FROM orders WHERE id = :id"), {"id": order}).scalar())


def test_a_yes_that_names_one_more_order_keeps_what_was_read_back(shop: Engine) -> None:
    words = ("Please cancel #W1000008, I no longer need it.", "Yes, and cancel #W1000121 too please.", "Yes")
    assert orders(shop, *words)["end"] == "resolved"
    assert [status(shop, order) for order in ("#W1000008", "#W1000121")] == ["cancelled", "cancelled"]


def test_an_item_that_is_named_on_another_order_leaves_a_cancellation_whole(shop: Engine) -> None:
    """Both orders hold a picnic hamper."""
    words = "Cancel #W1000103, no longer needed. And what is the state of #W1000063 with the picnic hamper?"
    run = orders(shop, words, "Yes", email=JONAS)
    assert (status(shop, "#W1000103"), status(shop, "#W1000063")) == ("cancelled", "pending")
    assert "as a whole" not in str(run["transcript"])


def test_all_pending_orders_are_those_that_can_be_cancelled_whatever_else_is_named(shop: Engine) -> None:
    run = orders(
        shop,
        "I'd like all my pending orders cancelled, I don't need them any more. And the kettle I got goes back.",
        email=JONAS,
    )
    assert "#W1000063" in run["reply"] and "#W1000103" in run["reply"]
    assert "Shall I do all of it?" in run["reply"]


def test_an_item_among_several_is_changed_though_the_whole_order_is_named_for_something_else(shop: Engine) -> None:
    run = orders(shop, "Change the hamper in #W1000063 to the four-person one. If not, I cancel the whole order.", email=JONAS)
    assert "Picnic Hamper" in run["reply"] and "Poles" not in run["reply"].split("Shall")[0].split("Which")[0]


def test_an_answer_that_describes_the_item_says_which_order_it_is(shop: Engine) -> None:
    with shop.begin() as connection:
        for order, text_of in (("#W1000063", "12"), ("#W1000103", "40")):
            options = f'{{"persons": "two", "volume": "{text_of} l"}}'
            named = {"order": order, "options": options}
            connection.execute(
                text("UPDATE order_items SET options = :options WHERE order_id = :order AND name = 'Picnic Hamper'"), named
            )
    run = orders(shop, "Please change my picnic hamper.", "the 40 l one", email=JONAS)
    assert "#W1000063" not in run["reply"]


def test_what_was_declined_is_read_back_once_more_where_it_is_asked_for_again(shop: Engine) -> None:
    words = ("Return all of #W1000007.", "No, the money should go to another card.", "Fine, return everything then.", "Yes")
    run = orders(shop, *words, email=CHICAGO)
    assert status(shop, "#W1000007") == "return requested", run["reply"]


def test_only_one_of_two_things_is_done_where_the_other_is_left(shop: Engine) -> None:
    words = ("Return the daypack and the poles of #W1000007.", "Actually only the daypack please, leave the poles.", "Yes")
    run = orders(shop, *words, email=CHICAGO)
    [done] = [c for c in run["tool_calls"] if c["tool"] == "return_delivered_order_items" and c["status"] == "done"]
    assert len(done["arguments"]["item_ids"]) == 1, run["transcript"]


def test_a_default_address_that_is_to_change_too_is_not_where_the_order_goes(elsewhere: Engine) -> None:
    run = orders(elsewhere, "Send #W1000008 to my Macon address. And make it my default address as well.")
    assert arguments_of(run, "modify_pending_order_address")["city"] == "Macon"


def test_items_that_are_in_one_order_each_say_which_orders_are_meant(shop: Engine) -> None:
    run = orders(shop, "I no longer need the office chair and the smart plug, please cancel both.", confirms=True)
    assert "#W1000008" in run["reply"] and "#W1000121" in run["reply"] and "Which order" not in run["reply"]


def test_an_item_that_an_answer_leaves_alone_is_not_asked_about_again(shop: Engine) -> None:
    words = ("Change the kettle and the bottle of #W1000011.", "Leave the kettle, and the bottle becomes a 1 l one.")
    run = orders(shop, *words, email="priya.raman@example.com")
    assert "Kettle" not in run["reply"]
    assert "Bottle" in run["reply"]
