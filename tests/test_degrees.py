"""Wishes by comparison, by preference and by price: which of the variants each of them means."""

from typing import Any

import pytest

from agents.products.items import clauses_for
from agents.products.options import Wish, rank
from agents.products.wishes import wished

LANTERNS: dict[str, Any] = {
    f"80000000{n:02}": {
        "options": {"brightness": brightness, "battery life": life, "colour": colour, "power": power},
        "available": available,
        "price": price,
    }
    for n, (brightness, life, colour, power, price, available) in enumerate(
        [
            ("medium", "20 hours", "ochre", "mains", 40.0, True),
            ("high", "20 hours", "ochre", "mains", 52.0, True),
            ("low", "20 hours", "ochre", "mains", 31.0, True),
            ("medium", "30 hours", "ochre", "mains", 45.0, True),
            ("medium", "60 hours", "ochre", "mains", 61.0, True),
            ("medium", "20 hours", "teal", "mains", 40.5, True),
            ("medium", "20 hours", "plum", "mains", 41.0, False),
            ("high", "20 hours", "ochre", "solar", 70.0, False),
            ("medium", "20 hours", "ochre", "dynamo", 48.0, True),
            ("medium", "10 hours", "ochre", "mains", 33.0, True),
        ]
    )
}
MINE = {"item_id": "8000000000", "options": LANTERNS["8000000000"]["options"], "price": 40.0}


def number(wish: Wish) -> int | None:
    return int(wish.item_id[-2:]) if wish.item_id else None


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["for a brighter one"], 1),
        (["for a dimmer lantern"], 2),
        (["the one with the longest battery life"], 4),
        (["the lantern with the shortest battery life please"], 9),
        (["a slightly longer battery life would do"], 3),
        (["40 hours more battery life"], 4),
        (["a longer battery life"], None),  # 30 or 60 hours
        (["a longer battery life", "the longest"], 4),
        (["at least the same battery life"], None),
        (["I have read most of the battery manual"], None),
        (["for a brighter one, solar if there is one, otherwise mains"], 1),
        (["rather plum than teal"], 5),  # plum is sold out
        (["ideally solar, otherwise dynamo"], 8),
        (["teal or plum"], None),
        (["a brighter one", "no, a teal one, with the same brightness"], 5),
        (["for a brighter one", "8000000009"], 9),
        (["for a teal one", "the ochre one with mains"], 5),  # which of their own it is
        (["for a teal one", "no, the ochre one with mains"], None),
    ],
)
def test_a_comparison_or_a_preference_means_the_one_variant_that_is_otherwise_the_same(
    texts: list[str], found: int | None
) -> None:
    assert number(wished(texts, MINE, LANTERNS)) == found


def test_the_least_of_two_options_at_once_is_meant_only_where_one_variant_has_both() -> None:
    rows = [("beginner", "200"), ("expert", "100"), ("beginner", "100"), ("expert", "300")]
    puzzles = {
        f"81000000{n:02}": {"options": {"difficulty": d, "pieces": p}, "available": True, "price": 20.0}
        for n, (d, p) in enumerate(rows)
    }
    mine = {"item_id": "8100000003", "options": puzzles["8100000003"]["options"]}
    assert number(wished(["the easiest with the fewest pieces"], mine, puzzles)) == 2
    del puzzles["8100000002"]
    assert wished(["the easiest with the fewest pieces"], mine, puzzles).is_open


def test_an_item_that_is_the_cheapest_already_stays() -> None:
    cheapest = {"item_id": "8000000002", "options": LANTERNS["8000000002"]["options"], "price": 31.0}
    assert wished(["for the cheapest one"], cheapest, LANTERNS) == Wish(stays=True)
    assert number(wished(["for the most expensive one"], cheapest, LANTERNS)) == 4


def test_a_dearer_one_of_the_same_brightness_is_not_of_another() -> None:
    assert number(wished(["for the most expensive one, but keep the battery life"], MINE, LANTERNS)) == 1


@pytest.mark.parametrize(("less", "more"), [("512 GB", "1 TB"), ("750 ml", "1 l"), ("90 cm", "1.2 m"), ("low", "high")])
def test_measures_are_compared_across_their_units(less: str, more: str) -> None:
    assert (rank(less) or 0.0) < (rank(more) or 0.0)


def test_what_is_said_of_each_belongs_to_all_that_were_named() -> None:
    items = [{"item_id": str(n), "name": name, "options": {}} for n, name in enumerate(["Garden Chair", "Cot Rail"])]
    chair, rail = clauses_for("Swap the chair and the rail, both for the cheapest", items)
    assert "cheapest" in chair and "cheapest" in rail
    chair, rail = clauses_for("Swap every item for the dearest one. The rail stays red.", items)
    assert "dearest" in chair and "dearest" in rail and "red" not in chair
