"""Which items the customer's words name, and which option they wish for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.products.items import named_items
from agents.products.options import Wish, wish_for
from agents.products.spoken import LOOKED_AT, tokens
from tools.store import SEED

PRODUCTS: dict[str, Any] = json.loads((SEED / "products.json").read_text("utf-8"))


def variants(name: str) -> dict[str, Any]:
    return next(dict(p["variants"]) for p in PRODUCTS.values() if p["name"] == name)


def piece(name: str, number: int = 0) -> dict[str, Any]:
    """An item of an order: the product's variant of that number, counted from 0."""
    item_id = list(variants(name))[number]
    return {"item_id": item_id, "product_id": "2000000000", "name": name, "options": variants(name)[item_id]["options"]}


ORDER = [piece("Enamel Camp Kettle"), piece("Camping Stove"), piece("Insulated Bottle"), piece("Solar Power Bank")]


def names(text: str, items: list[dict[str, Any]] | None = None) -> list[str]:
    return [item["name"] for item in named_items(text, items or ORDER).items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I want to return the kettle", ["Enamel Camp Kettle"]),
        ("the camping stove please", ["Camping Stove"]),
        ("the ketle and the botle", ["Enamel Camp Kettle", "Insulated Bottle"]),
        ("my powerbank is dead", ["Solar Power Bank"]),
        ("Return item 3000001801", ["Insulated Bottle"]),
        ("everything except the stove", ["Enamel Camp Kettle", "Insulated Bottle", "Solar Power Bank"]),
        ("return all items but keep the bottle", ["Enamel Camp Kettle", "Camping Stove", "Solar Power Bank"]),
        ("all of it", ["Enamel Camp Kettle", "Camping Stove", "Insulated Bottle", "Solar Power Bank"]),
        ("Return the bottle. That's all, thanks", ["Insulated Bottle"]),
        ("Something is not right. That is all.", []),
        ("I want to send it down the road", []),
        ("", []),
    ],
)
def test_items_are_named_by_words_of_their_name_or_by_id(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_word_that_two_names_share_names_only_the_better_fit() -> None:
    items = [piece("Ceramic Table Lamp"), piece("Desk Lamp Fjord")]
    assert names("the desk lamp", items) == ["Desk Lamp Fjord"]
    assert names("both lamps", items) == ["Ceramic Table Lamp", "Desk Lamp Fjord"]


def test_of_several_pieces_of_one_name_the_options_tell_which() -> None:
    plugs = [piece("Smart Plug", 0), piece("Smart Plug", 0), piece("Smart Plug", 1)]
    assert named_items("the smart plug with a meter", plugs).items == (plugs[2],)
    assert named_items("one of the two plugs without meter", plugs).items == (plugs[0],)
    assert named_items("both plugs without meter", plugs).items == (plugs[0], plugs[1])
    assert named_items("all my smart plugs", plugs).items == tuple(plugs)


def test_a_letter_of_a_name_names_nothing() -> None:
    shirt = {"item_id": "3000009901", "product_id": "2000009900", "name": "T-Shirt", "options": {"size": "M"}, "price": 20.0}
    kettle = piece("Enamel Camp Kettle")
    assert named_items("I don't like the kettle", [shirt, kettle]).items == (kettle,)
    assert named_items("The t-shirt is too small", [shirt, kettle]).items == (shirt,)


def test_pieces_that_the_words_do_not_tell_apart_are_unclear() -> None:
    plugs = [piece("Smart Plug", 0), piece("Smart Plug", 1)]
    named = named_items("the smart plug", plugs)
    assert (named.items, named.unclear) == ((), tuple(plugs))


@pytest.mark.parametrize(
    ("name", "number", "text", "wished"),
    [
        ("Enamel Camp Kettle", 0, "in forest green please", 1),
        ("Enamel Camp Kettle", 0, "a green one", 1),
        ("Enamel Camp Kettle", 0, "the 1.8 litre one", 2),
        ("Enamel Camp Kettle", 0, "1,8l instead of 1,2l", 2),
        ("Hiking Daypack", 0, "26 l, same colour", 2),
        ("Hiking Daypack", 0, "a bigger one", 2),
        ("Hiking Daypack", 2, "a smaller one", 0),
        ("Rain Jacket", 1, "size L", 2),
        ("Rain Jacket", 1, "I need it in S", 0),
        ("Rain Jacket", 1, "it's too tight, a large one please", 2),
        ("Rain Jacket", 1, "in ochre", 3),
        ("Smart Plug", 0, "one with a meter", 1),
        ("Smart Plug", 3, "without the meter", 2),
        ("Smart Plug", 0, "the pack of four with meter", 3),
        ("Smart Plug", 0, "the 4 pack", 2),
        ("Office Chair Alder", 1, "without armrests", 0),
        ("Office Chair Alder", 2, "the blue one", 3),
        ("Down Sleeping Bag", 0, "zip on the right side", 1),
        ("Down Sleeping Bag", 0, "the warmer one, -5 C", 2),
        ("Wool Throw Blanket", 0, "150x200", 2),
        ("Air Quality Monitor", 0, "the one with CO2 and dust sensors, white", 1),
        ("Wireless Earbuds", 0, "black ones with noise cancelling", 3),
        ("Bath Towel Set", 0, "the four-piece set in sage", 3),
        ("Picnic Hamper", 0, "for four persons", 1),
        ("Linen Bed Set", 0, "3000000504", 3),
        ("Coffee Grinder", 0, "whtie", 1),
    ],
)
def test_a_wish_is_the_one_available_variant_that_differs_as_the_words_say(
    name: str, number: int, text: str, wished: int
) -> None:
    item = piece(name, number)
    assert wish_for(text, item["options"], variants(name)) == Wish(list(variants(name))[wished])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Enamel Camp Kettle", "another one"),
        ("Enamel Camp Kettle", "slate blue"),
        ("Linen Bed Set", "sage or terracotta"),
        ("Rain Jacket", "it's ok, I'd like to swap it"),
        ("Down Sleeping Bag", "right away please"),
        ("Rain Jacket", ""),
    ],
)
def test_a_wish_that_fits_no_variant_or_several_stays_open(name: str, text: str) -> None:
    assert wish_for(text, piece(name)["options"], variants(name)).item_id is None


def test_a_variant_that_cannot_be_had_is_said_to_be_sold_out() -> None:
    kettle = piece("Enamel Camp Kettle", 2)
    assert wish_for("in slate blue", kettle["options"], variants("Enamel Camp Kettle")) == Wish(sold_out=True)


def test_a_replacement_is_the_same_variant_where_no_other_is_wished_for() -> None:
    lamp = piece("Ceramic Table Lamp")
    options = variants("Ceramic Table Lamp")
    assert wish_for("a replacement", lamp["options"], options, same=True) == Wish(lamp["item_id"])
    assert wish_for("a replacement with a paper shade", lamp["options"], options, same=True) == Wish("3000000802")


def test_measures_read_the_same_however_they_are_written() -> None:
    assert tokens("500ml") == tokens("500 millilitres") == ["500", "ml"]
    assert tokens("130×170 cm") == tokens("130 x 170cm") == tokens("130 by 170 cm") == ["130", "x", "170", "cm"]


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    named = named_items(text, ORDER)
    assert set(map(id, named.items + named.unclear)) <= set(map(id, ORDER))
    wish = wish_for(text, ORDER[0]["options"], variants("Enamel Camp Kettle"))
    assert wish.item_id in (None, *variants("Enamel Camp Kettle"))


def test_a_very_long_text_is_read_only_at_its_beginning() -> None:
    assert names("x " * LOOKED_AT + "kettle") == []


def test_what_another_item_came_with_tells_the_order_and_is_not_asked_for() -> None:
    items = [
        {"item_id": str(n), "name": name, "options": {}} for n, name in enumerate(["Tea Towel", "Bread Knife", "Oak Shelf"])
    ]
    assert names("Return the knife that came with the tea towel", items) == ["Bread Knife"]
    assert names("Return the towel I received together with the shelf and the knife", items) == ["Tea Towel", "Bread Knife"]
    assert names("Send back what came with the towel", items) == ["Tea Towel"]  # it names nothing else


def test_the_plural_of_a_shelf_and_of_a_glove_are_told_apart() -> None:
    assert tokens("bookshelves shelves gloves loaves knives sleeves") == [
        "bookshelf",
        "shelf",
        "glove",
        "loaf",
        "knife",
        "sleeve",
    ]


def test_of_two_pieces_the_price_tells_which_is_meant() -> None:
    pieces = [{**piece("Bluetooth Speaker", n), "price": price} for n, price in ((0, 44.9), (1, 79.0))]
    assert [i["price"] for i in named_items("I'd like to send the pricier speaker back", pieces).items] == [79.0]
    assert [i["price"] for i in named_items("Return the cheaper one of the two speakers", pieces).items] == [44.9]
