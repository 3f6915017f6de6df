"""What customers mean by "it", "that order", "the other one", and by a thing alone."""

import pytest
from sqlalchemy import Engine
from support.next_run import go_on, words

from agents.requests.reading import read
from agents.routing.assignment import assigned
from agents.routing.pieces import pieces_of
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team

AIKO, SANTOS, DMITRI, RUBEN = (f"{n}@example.com" for n in ("aiko.tanabe", "m.santos", "dmitri.volkov", "ruben.castellan"))


def ask(shop: Engine, *said: str, email: str) -> RunResult:
    return run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": email})


def read_back(result: RunResult) -> str:
    """The last of what was read back."""
    return [e.text for e in result.run.transcript if e.kind == "message" and e.confirms][-1]


def test_a_thing_is_made_like_the_one_that_was_received(shop: Engine) -> None:
    told = read_back(ask(shop, "Please make the bed set in my pending order the same as the one I received.", email=AIKO))
    assert "Change items in order #W1000031: Linen Bed Set, single, white becomes double, sage" in told


def test_that_order_is_the_one_that_was_just_told_of(shop: Engine) -> None:
    first = ask(shop, "Where is my order with the door mat?", email=SANTOS)
    assert "#W1000098" in first.document["reply"]
    told = go_on(first, words("Please send that order to 12 Elm Street, Apt 5, Atlanta, GA 30305 instead, I will be there."))
    assert "Send order #W1000098 to another address: 12 Elm Street" in read_back(told)


@pytest.mark.parametrize("said", ["Now the table lamp.", "Then the table lamp too.", "Also the table lamp"])
def test_a_further_thing_alone_is_asked_the_same_for(shop: Engine, said: str) -> None:
    first = ask(shop, "Please return the smart plugs.", "yes", email=DMITRI)
    assert first.end == "resolved"
    assert "Return of order #W1000128, which you send back: Ceramic Table Lamp" in read_back(go_on(first, words(said)))


@pytest.mark.parametrize(
    "said", ["I moved. Please change the address of order #W1000019.", "We have moved. Update my address."]
)
def test_that_somebody_moved_is_why_and_no_matter_of_its_own(said: str) -> None:
    assert pieces_of(said) == [said]


def test_goods_that_others_sell_are_looked_for_in_the_orders_of_a_known_customer(shop: Engine) -> None:
    """A shop that was loaded may sell them; where they are in no order it is said to be none of ours, as ever."""
    result = ask(shop, "I want to return my sneakers.", email=SANTOS)
    assert "We sell no clothes" in result.document["reply"]


@pytest.mark.parametrize(
    "said", ["The poles look worn already, they were delivered like that.", "It came used, it looks used."]
)
def test_what_came_worn_is_damaged(said: str) -> None:
    assert read(said).request.kind == "damaged"


def test_an_answer_is_about_the_item_whose_options_it_names(shop: Engine) -> None:
    opening = "Please change the blanket and the door mat in my order #W1000019."
    told = ask(shop, opening, "The 60 x 90 cm with waves.", "130 x 170 cm, rust.", email="emma.lindqvist@example.com")
    assert "Door Mat, 40 x 60 cm, plain becomes 60 x 90 cm, waves" in read_back(told)
    assert "becomes 130 x 170 cm, rust" in read_back(told)


def test_of_a_return_and_an_exchange_in_two_orders_each_is_done_in_its_own(shop: Engine) -> None:
    told = read_back(
        ask(shop, "I want to return the picnic hamper and exchange the smart plugs for packs of four.", email=DMITRI)
    )
    assert "Return of order #W1000128, which you send back: Picnic Hamper" in told
    assert "Return of order #W1000017" not in told


def test_of_a_return_and_an_exchange_in_one_order_the_customer_chooses(shop: Engine) -> None:
    opening = "I want to return the hamper and exchange the table lamp for the one with the linen shade."
    asked = ask(shop, opening, email=DMITRI)
    assert "return of Picnic Hamper" in asked.document["reply"] and "exchange of Ceramic Table" in asked.document["reply"]
    told = read_back(go_on(asked, words("Then just the return, please.")))
    assert "Return of order #W1000128, which you send back: Picnic Hamper, four, plain. 95.00" in told


def test_an_order_of_one_item_is_left_alone_where_an_item_of_another_is_named(shop: Engine) -> None:
    """Both orders are the earlier matter's: the lone item of the second was changed along with what was named."""
    opening = "Where are my orders #W1000058 and #W1000098?"
    told = go_on(ask(shop, opening, email=SANTOS), words("Then change my door mat to waves, please."))
    assert "Door Mat" in read_back(told) and "#W1000058" not in read_back(told)


def test_an_address_is_taken_from_the_order_that_a_thing_goes_to(shop: Engine) -> None:
    said = "We moved. Please change the address of #W1000058 to the one my door mat goes to, order #W1000098."
    told = ask(shop, said, email=SANTOS).document["reply"]  # where both go already, which nothing is asked about
    assert told.startswith("Order #W1000058 already goes to 350 Quarry Road") and "#W1000098" not in told


def test_goods_to_send_back_are_for_orders_whatever_is_said_of_the_money() -> None:
    said = "I got two mugs and need only one. I'd like to send the dearer one back, money to my credit card."
    assert assigned(said, read(said).facts, ()) == ("orders", "return_items")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I'd like to exchange my daypack for a bigger one, what do you have and what do they cost?", "exchange_items"),
        ("I've got two kettles now, can I return the more expensive one and get the money on my card?", "return_items"),
        ("I received a lamp that I don't like, so I would like to return it, refund to my payment method.", "return_items"),
    ],
)
def test_a_deed_with_own_goods_is_for_orders_whatever_is_asked_beside_it(said: str, kind: str) -> None:
    assert assigned(said, read(said).facts, ()) == ("orders", kind)


def test_a_deed_in_an_answer_to_the_catalogue_is_no_question_about_it(shop: Engine) -> None:
    first = ask(shop, "What does the picnic hamper cost?", email=DMITRI)
    told = go_on(first, words("Too dear. I want to return my picnic hamper."))
    assert "Return of order #W1000128, which you send back: Picnic Hamper" in read_back(told)


def test_a_thing_in_my_other_order_is_in_that_one(shop: Engine) -> None:
    told = go_on(ask(shop, "Where is my order #W1000098?", email=SANTOS), words("And where is the kettle in my other order?"))
    assert "#W1000058" in told.document["reply"] and "#W1000098" not in told.document["reply"]


def test_what_the_newest_order_cost_is_told_to_its_owner(shop: Engine) -> None:
    assert (
        "in total" in ask(shop, "How much did I pay for my last order?", email="ruben.castellan@example.com").document["reply"]
    )


def test_a_yes_with_joy_before_it_is_heard(shop: Engine) -> None:
    told = ask(shop, "Please return the picnic hamper.", "Haha great, yes do that!", email=DMITRI)
    assert "Shall I do it?" in told.document["reply"] or told.end == "resolved"
