"""A model's draft of an article is one where a sentence of it is to the point; else the rules write it."""

import pytest

from agents.sourced.quotes import Quote, is_to_the_point

FOUND = [
    Quote("Kilns of this kind reach 1,260 degrees.", "kilns.md#firing", "Firing"),
    Quote("A kiln needs a dry floor and room around it.", "kilns.md#placing", "Placing"),
    Quote("Bricks inside are replaced after a decade of firings.", "kilns.md#lifetime", "Lifetime"),
    Quote("The lid opens to the left on the smaller model.", "kilns.md#placing", "Placing"),
]


@pytest.mark.parametrize(
    ("question", "chosen", "is_so"),
    [
        ("What kiln fits where bricks are replaced?", [2], True),
        ("What kiln fits where bricks are replaced?", [3], False),
        ("What kiln fits where bricks are replaced?", [0, 3], False),
        ("What kiln fits where bricks are replaced?", [3, 2], True),
        ("How is a kiln placed?", [3], True),
        ("How is a kiln placed?", [0], False),
        ("What about kilns?", [3], True),
        ("Where is the regatta?", [1], True),
    ],
)
def test_a_draft_is_to_the_point_by_a_word_of_the_question_that_most_does_not_hold(
    question: str, chosen: list[int], is_so: bool
) -> None:
    assert is_to_the_point([FOUND[number] for number in chosen], FOUND, question) == is_so
