"""What the customer names, and a call does not take, they hear of."""

import pytest
from sqlalchemy import Engine

from agents.products.left_out import beside, missing, not_there
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team

SANTOS, DMITRI = (f"{n}@example.com" for n in ("m.santos", "dmitri.volkov"))
LAMP = {"item_id": "1000000001", "name": "Desk Lamp", "options": {"color": "black", "power source": "battery"}}
MUG = {"item_id": "1000000002", "name": "Travel Mug", "options": {"color": "white"}}
RUG = {"item_id": "1000000003", "name": "Wool Rug", "options": {"size": "M"}}
OWN = [LAMP, MUG, RUG]


def ask(shop: Engine, *said: str, email: str) -> RunResult:
    return run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": email})


def read_back(result: RunResult) -> str:
    return "\n".join(e.text for e in result.run.transcript if e.kind == "message" and e.confirms)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Please return the lamp and the mug.", ["Travel Mug"]),
        ("Return the lamp, the mug and the rug.", ["Travel Mug", "Wool Rug"]),
        ("Return the lamp. I keep the mug.", []),
        ("Return the lamp, but not the rug", []),
        ("Return the lamp that came with the mug.", []),
        ("Return the lamp.", []),
    ],
)
def test_own_items_that_are_named_and_not_taken_are_found(said: str, left: list[str]) -> None:
    assert [item["name"] for item in beside(said, OWN, [LAMP])] == left


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("I want to return the lamp, the mug and the trumpet.", ["trumpet"]),
        ("Please exchange the garden gnome and the rug.", ["garden gnome"]),
        ("Return the lamp and the money goes to my card.", []),
        ("Return the lamp and the rest of the order", []),
        ("Exchange the lamp for the black one and the same size", []),
        ("I want to return the lamp and my husband wants to keep the rug.", []),
        ("The trumpet was nice.", []),
        ("Return the lamp and the mug to my gift card, please, and the refund by Friday", []),
    ],
)
def test_what_stands_beside_own_items_and_is_none_of_them_is_found(said: str, names: list[str]) -> None:
    assert missing(said, OWN) == names


def test_what_is_named_and_in_none_of_the_orders_is_told_with_the_read_back(shop: Engine) -> None:
    told = read_back(ask(shop, "I want to return the daypack, the trekking poles and the trumpet.", email=SANTOS))
    assert "Hiking Daypack" in told and "Trekking Poles" in told and "I find no trumpet in your orders." in told


def test_an_item_of_another_order_that_cannot_go_back_is_told(shop: Engine) -> None:
    told = read_back(ask(shop, "I want to return the daypack and the kettle.", email=SANTOS))
    assert "Hiking Daypack" in told
    assert "Not part of this: Enamel Camp Kettle (1.8 l, slate blue) of order #W1000058." in told


def test_items_of_two_orders_go_back_together_where_each_is_in_one_alone(shop: Engine) -> None:
    told = read_back(ask(shop, "I'd like to return the picnic hamper and the smart plugs, please.", email=DMITRI))
    assert "Return of order #W1000128, which you send back: Picnic Hamper" in told
    assert "Return of order #W1000017, which you send back: Smart Plug" in told and "Not part of this" not in told


def test_what_is_added_while_a_read_back_waits_is_kept_through_a_question_on_the_money(shop: Engine) -> None:
    """A refusal of the shop stood between the two, after which the first read-back counted."""
    said = (
        "Please return the picnic hamper.",
        "Also the table lamp. And put the refund on my PayPal.",
        "The card then.",
        "yes",
    )
    result = ask(shop, *said, email=DMITRI)
    [made] = [c for c in result.document["tool_calls"] if c["tool"].startswith("return") and c["status"] == "done"]
    assert (len(made["arguments"]["item_ids"]), made["arguments"]["payment_method_id"]) == (2, "credit_card_1000017")
    assert "Ceramic Table Lamp" in read_back(result).split("Return of")[-1]


def test_an_infinitive_is_no_wish_for_another_option(shop: Engine) -> None:
    words = "I'd like to adjust the throw blanket to 130 x 170 cm and the door mat to waves in my order #W1000019."
    told = read_back(ask(shop, words, email="emma.lindqvist@example.com"))
    assert "Wool Throw Blanket, 150 x 200 cm, oatmeal becomes 130 x 170 cm, oatmeal" in told
    assert "Door Mat, 40 x 60 cm, plain becomes 40 x 60 cm, waves" in told


def test_a_difference_that_cannot_go_to_the_card_that_was_named_is_told_to_go_elsewhere(shop: Engine) -> None:
    said = "Exchange the wireless earbuds for some without noise cancelling, and the difference goes to my credit card."
    told = read_back(ask(shop, said, email="sven.thorsen@example.com"))
    assert "60.00 USD goes back to your PayPal account" in told and "It cannot go to your credit card ending" in told


def test_a_call_that_another_wish_replaces_is_said_to_be_not_done(shop: Engine) -> None:
    said = (
        "Change the door mat in #W1000098 to waves.",
        "Wait, is the address right? It must be 12 Elm Street, Atlanta, GA 30305.",
    )
    told = read_back(ask(shop, *said, email=SANTOS)).split("Shall I do it?")[-2]
    assert "Send order #W1000098 to another address" in told
    assert "Not done, and not part of this: the other items of order #W1000098" in told


def test_a_no_that_names_just_what_was_read_back_has_it_read_back_again(shop: Engine) -> None:
    told = read_back(ask(shop, "Return the picnic hamper.", "No, only the picnic hamper.", email=DMITRI))
    assert told.count("Return of order #W1000128, which you send back: Picnic Hamper") == 2


def test_of_several_orders_the_read_back_names_those_that_it_is_not_of(shop: Engine) -> None:
    words = "Please cancel #W1000103 and #W1000001, I no longer need them."
    result = ask(shop, words, email="jonas.okafor@example.com")
    assert "Not part of this, and told of after it: #W1000001." in read_back(result)
    assert "#W1000001" in ask(shop, words, "yes", email="jonas.okafor@example.com").document["reply"]


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("Please return the bread bin from #W1000001", "bread bin"),
        ("I would like to exchange my trumpet.", "trumpet"),
        ("Please return the mug from #W1000001", ""),
        ("change the colour of the lamp", ""),
        ("return the whole order", ""),
        ("I want to return my purchase", ""),
        ("Where is the trumpet?", ""),
    ],
)
def test_a_thing_that_an_order_does_not_hold_is_named(said: str, thing: str) -> None:
    assert not_there(said, OWN) == thing


def test_what_an_order_does_not_hold_is_said_beside_the_question_for_an_item(shop: Engine) -> None:
    asked = ask(shop, "Please return the rice cooker from #W1000017, it is too loud", email=DMITRI).document["reply"]
    assert asked.startswith("I find no rice cooker in order #W1000017. Which items")
