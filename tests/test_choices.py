"""Of several calls that were read back, an answer chooses those that it plainly names, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.consent.answers import YES, ReadBack, answers_to
from switchboard.consent.choices import ONLY, PLACES

TWO = ("Cancel order #A12; 80.90 USD go back to the card.", "Return the poles of order #A13.")
THREE = (*TWO, "Send order #A14 to 5 Hill Road.")


def let_pass(words: str, texts: tuple[str, ...] = TWO) -> list[int]:
    calls = [ReadBack(f"call_{n}", str(n), text) for n, text in enumerate(texts, start=1)]
    return [n for n, stance in enumerate(answers_to(words, calls).values(), start=1) if stance == "yes"]


def listed(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split("|")]


CHOICES = {
    1: """
        only 1|the first one|only the first one please|just the first, thanks|Yes, the first.|number 1|Only number 1, please!
        nur 1|nur das erste bitte|Ja, die erste|bitte nur Nummer 1|der erste
        seulement 1|seulement le premier s'il vous plaît|Oui, la première|uniquement le numéro 1
        solo 1|sólo el primero, por favor|Sí, la primera|únicamente el número 1
    """,
    2: """
        Yes, the second|2|only 2|OK, 2nd please|yes please, only the second one|das zweite|ja, nur den zweiten|nur 2 bitte
        le deuxième|la seconde|oui, le second|juste la deuxième, merci|el segundo|sí, solo la segunda|vale, la segunda por favor
    """,
}
BOTH = """
    both|Both, please.|both of them|yes, both|1 and 2|the first and the second|all of them
    beide|ja, beides|les deux|los dos|ambos
"""
NONE = """
    one|only one|just one please|yes, only 1 of them|only 3|the third|1.50|only 1 €|only $1|1%|1/2|only half|not the first
    no, only 1|nicht das erste|pas le premier|the first?|which is the first|the first but not yet|only the first kettle
    the other one|the last|all right|alles gut|tout va bien|everything but 1|both or none|not both|neither
    1 or 2|first cancel my account
    only the first, and what about the second|maybe 1|nur|only|only the red one|keep 1|without 2|el primero no|ninguno
"""


@pytest.mark.parametrize(("place", "words"), [(n, one) for n, some in CHOICES.items() for one in listed(some)])
def test_a_place_that_is_named_is_chosen_alone(place: int, words: str) -> None:
    assert let_pass(words) == [place]


@pytest.mark.parametrize("words", listed(BOTH))
def test_who_says_both_means_both(words: str) -> None:
    assert let_pass(words) == [1, 2]


@pytest.mark.parametrize("words", listed(NONE))
def test_what_is_not_plainly_a_place_chooses_nothing(words: str) -> None:
    assert let_pass(words) == []


def test_both_of_three_says_not_which() -> None:
    assert let_pass("both", THREE) == let_pass("yes, both", THREE) == []
    assert let_pass("1 and 3", THREE) == [1, 3] and let_pass("all of them", THREE) == [1, 2, 3]


def test_a_word_that_stands_in_another_call_chooses_nothing() -> None:
    texts = ("Send 2 towels.", "Send one first aid kit.")
    assert let_pass("only 2", texts) == let_pass("the first one", texts) == []
    assert let_pass("only 1", texts) == [1] and let_pass("the second", texts) == [2]


def test_of_one_call_there_is_nothing_to_choose() -> None:
    assert let_pass("the first one", TWO[:1]) == let_pass("only 1", TWO[:1]) == let_pass("both", TWO[:1]) == []


@given(
    st.sampled_from(sorted(PLACES[0] | {"1"})),
    st.sampled_from(sorted(ONLY | YES)),
    st.from_regex(r"[a-zäéñ]{2,12}", fullmatch=True),
)
def test_a_place_with_one_word_more_chooses_no_other_call(place: str, beside: str, more: str) -> None:
    assert 2 not in let_pass(f"{beside} {place} {more}") or more in PLACES[1] | {"both"}
