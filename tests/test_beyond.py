"""A question for more or less of an option than there is: what there is beyond it, or the last one and that it is the last."""

import pytest
from sqlalchemy import Engine
from support.department import ask

from agents.desk.sales import agent
from agents.products.beyond import compared


def product(name: str, **options: str) -> dict[str, object]:
    """A product with a variant for each value of its one option, "length='10 m, 25 m'"."""
    each = [{key: value} for key, values in options.items() for value in values.split(", ")]
    return {"name": name, "variants": {str(n): {"options": one} for n, one in enumerate(each)}}


HOSE = product("Garden Hose", length="10 m, 25 m, 40 m")
RUG = product("Hall Rug", size="80 x 150 cm, 120 x 180 cm")
GLOVES = product("Work Gloves", size="S, M, L")
CUPS = product("Clay Cups", pieces="two, six")
PARASOL = product("Parasol", colour="lime, navy")


@pytest.mark.parametrize(
    ("goods", "words", "told"),
    [
        (HOSE, "does the hose come any longer?", "The longest is length 40 m; there is none longer."),
        (HOSE, "a longer garden hose than 50 metres?", "The longest is length 40 m; there is none longer."),
        (HOSE, "is there a hose longer than 2000 cm", "Longer than that: length 25 m, 40 m."),
        (HOSE, "I have the 25 m hose, is there a longer one?", "Longer than that: length 40 m."),
        (HOSE, "anything over 30 m?", "Larger than that: length 40 m."),
        (HOSE, "a shorter one than ten metres", "The shortest is length 10 m; there is none shorter."),
        (HOSE, "which hose is the longest?", "By length: 40 m is the most, 10 m the least."),
        (RUG, "do you do rugs bigger than 200 x 300 cm", "The biggest is size 120 x 180 cm; there is none bigger."),
        (RUG, "a rug longer than 6 feet", "The longest is size 120 x 180 cm; there is none longer."),
        (GLOVES, "gloves larger than L?", "The largest is size L; there is none larger."),
        (GLOVES, "do they come in a smaller size than size M", "Smaller than that: size S."),
        (CUPS, "do you have them with more pieces?", "The largest is pieces six; there is none larger."),
        (PARASOL, "is there a wider parasol?", "The catalogue lists none wider: it differs by colour alone."),
    ],
)
def test_a_comparison_is_answered_by_the_end_of_what_there_is(goods: dict[str, object], words: str, told: str) -> None:
    answer = compared(goods, words)
    assert answer and answer.told == told


@pytest.mark.parametrize(
    "words",
    [
        "how much longer will it take",
        "is the hose no longer sold",
        "a hose with a longer warranty",
        "do you have more than 4 in stock",
        "a hose longer than 3 furlongs",
        "a hose longer than 3 kg",
        "is it cheaper than 20 dollars",
        "more colours",
        "longer than my garden",
        "",
    ],
)
def test_what_is_no_comparison_with_a_variant_is_left_to_others(words: str) -> None:
    assert compared(HOSE, words) is None


def test_goods_without_variants_or_with_uneven_ones_are_compared_all_the_same() -> None:
    assert compared({"name": "Peg", "variants": {}}, "a longer peg") is None
    uneven = {"1": {"options": {"length": "1 m"}}, "2": {"options": {"length": "2 m", "hook": "yes"}}, "3": {"options": {}}}
    answer = compared({"name": "Rope", "variants": uneven}, "a longer rope than 1 m")
    assert answer and list(answer.meant) == ["2"]


@pytest.mark.parametrize(
    ("words", "told", "also"),
    [
        ("does the hamper come in a larger size?", "The largest is persons four; there is none larger.", ""),
        ("Is there a narrower standing desk than 90 cm?", "The narrowest is width 120 cm; there is none narrower.", ""),
        ("do you have the pan bigger than 26 cm", "Bigger than that: diameter 28 cm, 32 cm.", "diameter 32 cm, handle plain"),
    ],
)
def test_who_asks_for_more_than_there_is_hears_so_and_is_asked_nothing(shop: Engine, words: str, told: str, also: str) -> None:
    run = ask(agent, shop, words)
    assert told in run["reply"] and also in run["reply"]
    assert run["end"] == "resolved" and "?" not in run["reply"]


def test_only_what_is_beyond_is_listed(shop: Engine) -> None:
    reply = ask(agent, shop, "the pan bigger than 26 cm please")["reply"]
    assert "- diameter 28 cm" in reply and "- diameter 24 cm" not in reply
