"""Which variant is wished for, in an opening and in the answers to the list of what there is."""

from typing import Any

import pytest

from agents.products.options import Wish
from agents.products.wishes import wished

BOOTS: dict[str, Any] = {
    f"50000000{n:02}": {
        "options": {"size": size, "material": material, "waterproof": waterproof, "lining": lining},
        "available": available,
        "price": price,
    }
    for n, (size, material, waterproof, lining, price, available) in enumerate(
        [
            ("9", "leather", "no", "wool", 120.0, True),
            ("9", "suede", "no", "none", 99.5, True),
            ("10", "leather", "yes", "wool", 140.0, True),
            ("10", "suede", "no", "none", 110.0, True),
            ("11", "leather", "no", "wool", 131.25, False),
            ("11", "suede", "yes", "fleece", 150.0, True),
        ]
    )
}
MINE = {"item_id": "5000000000", "options": BOOTS["5000000000"]["options"]}


def number(wish: Wish) -> int | None:
    return int(wish.item_id[-2:]) if wish.item_id else None


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["for suede ones without lining"], 1),
        (["change them to size 10, waterproof"], 2),  # what stands behind a comma counts too
        (["change them to size 10, I do not care whether they are waterproof"], 2),
        (["a size 10 and any lining, waterproof or not"], 2),
        (["Something else please.", "the suede pair with no lining, size 9"], 1),
        (["for size 11", "size 10 then, and waterproof"], 2),  # an answer mends what was said before it
        (["for size 11", "the fleece one"], 5),  # the only one in the list that fits
        (["into something cheaper", "the cheapest one"], 1),
        (["for the cheapest pair that you have"], 1),
        (["for the most expensive in size 10"], 2),
        (["another pair", "the one for 110.00"], 3),
        (["another pair", "the second one, please"], 2),
        (["another pair", "number 4"], 5),
        (["another pair", "the last"], 5),
        (["for suede, no lining", "no, leather with wool after all, size 10, waterproof"], 2),
    ],
)
def test_the_wish_is_read_in_all_that_was_said_of_it(texts: list[str], found: int) -> None:
    assert number(wished(texts, MINE, {k: v for k, v in BOOTS.items() if k != "5000000004"})) == found


@pytest.mark.parametrize(
    "texts",
    [
        ["for size 10"],  # leather, not waterproof: there is none, and nobody said that it may be another
        ["for suede or leather in size 10 or 11"],
        ["another pair", "the second or the third"],
        ["another pair", "the ninth"],
        ["another pair", "I have to think about that"],
    ],
)
def test_what_is_not_surely_one_of_them_stays_open(texts: list[str]) -> None:
    assert wished(texts, MINE, BOOTS).item_id is None


def test_what_cannot_be_had_is_said_until_something_else_is_named() -> None:
    assert wished(["for size 11"], MINE, BOOTS) == Wish(sold_out=True)
    assert number(wished(["for size 11", "then size 11 in suede"], MINE, BOOTS)) == 5


SHIRTS: dict[str, Any] = {
    f"60000000{n:02}": {"options": {"colour": colour, "size": size}, "available": True, "price": 20.0 + n}
    for n, (colour, size) in enumerate([("red", "XL"), ("red", "M"), ("black", "XL"), ("black", "L"), ("black", "M")])
}
SHIRT = {"item_id": "6000000000", "options": SHIRTS["6000000000"]["options"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one size smaller, in black", 3),
        ("I need a smaller one in black", None),  # L or M
        ("a smaller one, size M, in black", 4),
        ("a smaller one, same colour", 1),
    ],
)
def test_a_step_in_size_goes_with_what_else_is_named(text: str, found: int | None) -> None:
    assert number(wished([text], SHIRT, SHIRTS)) == found


def test_a_value_beside_the_name_of_its_option_is_meant_before_one_that_is_not() -> None:
    rows = [("S", "low"), ("M", "high"), ("M", "medium"), ("M", "low")]
    helmets = {
        f"70000000{n:02}": {"options": {"size": s, "ventilation": v}, "available": True, "price": 50.0}
        for n, (s, v) in enumerate(rows)
    }
    mine = {"item_id": "7000000000", "options": helmets["7000000000"]["options"]}
    assert number(wished(["for a medium one with high ventilation"], mine, helmets)) == 1
