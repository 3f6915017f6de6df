"""A yes that says again only what was read back is plain; what is neither a yes nor a no is read back again, and no refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.translated import saal, salle
from test_wishes_behind_yes import FIRST, done, last_said, read_back, talk, texts_read_back

from switchboard.consent.answers import asks_something, stance_of
from switchboard.consent.partly import refuses
from switchboard.declare.team import Rule
from switchboard.reading.languages import said

CALLS = {
    "en": "Cancel the course on Monday (B-101): 64.50 EUR.",
    "de": "Den Kurs B-101 am Montag stornieren.",
    "fr": "Annuler le cours B-101 du lundi : 64,50 EUR.",
    "es": "Cancelar el curso B-101 del lunes: 1.264,50 EUR.",
}
YES = [
    ("en", "yes I want it"), ("en", "Yes, cancel it, thanks in advance"), ("en", "ok, 64.50 EUR"),
    ("en", "Sure! Have a nice evening"), ("en", "yes, €64.50"),
    ("de", "Ja, das will ich"), ("de", "ja, bitte stornieren Sie"), ("de", "Ja, storniere ihn"), 
    ("de", "Ja. Schönen Abend noch!"),
    ("de", "ja, vielen Dank im Voraus und viele Grüße"),
    ("fr", "oui, je le souhaite"), ("fr", "Oui annulez-le"), ("fr", "exact, 64,50 euros"), 
    ("fr", "oui merci et bonne soirée !"),
    ("fr", "Oui. Bien à vous"), ("fr", "c'est bon pour moi"),
    ("es", "sí, lo quiero"), ("es", "Sí, cancélelo"), ("es", "sí, 1264,50 euros"), ("es", "Sí, gracias de antemano y buen día"),
]  # fmt: skip
NOT_YES = [
    ("en", "yes, 64.50 USD"), ("en", "yes, 64 EUR"), ("en", "yes, 164.50 EUR"), ("en", "yes I want that one"),
    ("en", "yes, cancel both for 64.50 EUR"), ("en", "I want it"), ("en", "Have a nice day"),
    ("de", "ja, stornieren Sie beide, storniert"), ("de", "ja, das will ich nicht"), ("de", "Montag"),
    ("fr", "oui, annulé"), ("fr", "oui annulez-les"), ("fr", "oui annulez-moi tout"), ("fr", "oui, échangez-le"),
    ("fr", "oui 64,5 euros"), ("fr", "je le veux"), ("fr", "c'est bon"), ("fr", "bonne journée"), 
    ("fr", "oui je le veux demain"),
    ("es", "sí, cancelado"), ("es", "sí, 1,26 euros"), ("es", "sí, 264,50 euros"), ("es", "sí, devuélvalo"),
]  # fmt: skip
MORE = {
    "negation": ["not", "nicht", "pas", "jamais", "nunca", "kein", "sin", "sans", "without", "sauf"],
    "condition": ["if it is free", "wenn es geht", "falls möglich", "à condition que", "si possible", "cuando pueda", "unless"],
    "question": ["?", "when", "wann kommt es", "combien", "cuánto es", "why"],
    "number": ["5 EUR", "64 EUR", "64,51 euros", "12", "2 x", "B-102", "64.50 USD"],
}


@pytest.mark.slow
@pytest.mark.parametrize(("language", "words"), YES)
def test_a_yes_may_say_the_deed_the_amount_or_thanks(language: str, words: str) -> None:
    assert stance_of(words, CALLS[language]) == "yes"


@pytest.mark.parametrize(("language", "words"), NOT_YES)
def test_a_yes_with_anything_else_is_none(language: str, words: str) -> None:
    assert stance_of(words, CALLS[language]) == "other"


@pytest.mark.slow
@given(
    st.sampled_from([one for one in YES if "?" not in one[1]]),
    st.sampled_from([one for some in MORE.values() for one in some]),
    st.sampled_from([", ", " ", ". ", " et ", " and "]),
    st.booleans(),
)
@settings(max_examples=400, deadline=None)
def test_no_negation_condition_question_or_other_number_passes(
    yes: tuple[str, str], more: str, between: str, first: bool
) -> None:
    language, words = yes
    assert stance_of(f"{more}{between}{words}" if first else f"{words}{between}{more}", CALLS[language]) != "yes"


@pytest.mark.slow
@given(st.integers(0, 10**7), st.sampled_from(["EUR", "euros", "€", "USD"]))
@settings(max_examples=300, deadline=None)
def test_no_other_amount_is_a_yes(cents: int, unit: str) -> None:
    said_so = f"yes, {cents // 100}.{cents % 100:02} {unit}"
    is_it = cents == 6450 and unit != "USD"
    assert stance_of(said_so, CALLS["en"]) == ("yes" if is_it else "other")


def test_of_two_amounts_none_is_the_calls() -> None:
    assert stance_of("yes, 9.00 EUR", "Move B-101: 9.00 EUR now, and 5.00 EUR on the day.") == "other"


@pytest.mark.parametrize(
    "words", ["c'est bon", "the sun shines", "mhm hm", "ok pourquoi pas", "das passt mir vielleicht", "Ja, Ihr Kurs"]
)
def test_what_says_neither_refuses_nothing(words: str) -> None:
    assert not refuses(words)


@pytest.mark.parametrize(
    "words", ["lieber nicht", "plutôt demain", "forget it", "yes but later", "ja, wenn es geht", "laisse tomber", "mejor no"]
)
def test_what_denies_it_or_wants_it_otherwise_refuses_it(words: str) -> None:
    assert refuses(words)


@pytest.mark.parametrize(
    "words", ["ok why not, what does it cost", "pourquoi pas, c'est combien en tout ?", "warum nicht, was kostet das?"]
)
def test_why_not_is_no_negation_of_a_question(words: str) -> None:
    assert asks_something(words)


@pytest.mark.slow
def test_what_is_neither_is_read_back_once_more_and_a_yes_then_counts() -> None:
    result = talk(FIRST, "the hall is big", "yes")
    assert (result.end, read_back(result), done(result)) == ("resolved", ["B-101", "B-101"], ["B-101"])


def test_it_is_not_read_back_for_ever_and_never_called_refused() -> None:
    result = talk(FIRST, "the hall is big", "and high")
    assert (result.end, read_back(result), done(result)) == ("awaiting_customer", ["B-101", "B-101"], [])
    assert last_said(result).endswith(f"{said('read_back.unread', 'en')}\n\n{said('read_back.what_instead', 'en')}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("team", "words", "answer"),
    [
        (saal, "Bitte stornieren Sie B-102, wir brauchen den Saal nicht mehr", "Der Saal ist gross"),
        (salle, "Annulez la réservation B-102, nous n'en avons plus besoin", "c'est bon"),
    ],
)
def test_it_is_so_in_other_languages(team: object, words: str, answer: str) -> None:
    result = talk(words, answer, team=team(Rule("confirm", effect="write")))  # type: ignore[operator]
    assert len(texts_read_back(result)) == 2 and done(result) == []
    assert said("read_back.unread", result.run.language) in last_said(result)
