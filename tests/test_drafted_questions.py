"""Which of a model's questions tell the customer something, so that in draft mode they wait for a person."""

import pytest

from switchboard.grounding.asking import tells_beside

KNOWN = "Can I moor at the jetty, or is there a buoy? Could you tell me more about what you need? email berth number day"
ASKS = [
    "Do you need the jetty or the buoy?",
    "Sorry, which day would you like?",
    "Could you please tell me the number of the berth?",
    "Please send me your email.",
    "Is it the jetty, or is it the buoy?",
]
TELLS = [
    "As the jetty is closed in winter, which day do you need?",
    "Did you know that the jetty is free?",
    "Do you need the jetty for 9 USD?",
    "Do you want one of the two buoys?",
    "There is a buoy at the jetty, which one do you need?",
    "You can not moor at the jetty, or which day do you need?",
    "The buoy is there. Which day do you need?",
    "Do you want the buoy that costs nothing?",
]


@pytest.mark.parametrize("text", ASKS)
def test_what_only_asks_for_what_was_said_or_is_needed_tells_nothing(text: str) -> None:
    assert tells_beside(text, "en", KNOWN) == ""


@pytest.mark.parametrize("text", TELLS)
def test_a_fact_within_a_question_is_told_though_it_is_one_sentence(text: str) -> None:
    assert tells_beside(text, "en", KNOWN)


@pytest.mark.parametrize(
    ("language", "asks", "tells"),
    [
        ("de", "Welchen Tag brauchen Sie?", "Der Steg ist im Winter zu, welchen Tag brauchen Sie?"),
        ("fr", "Quel est le jour ?", "Le ponton est ferme en hiver, quel jour avez-vous ?"),
        ("es", "¿Que dia es?", "El muelle cierra en invierno, ¿que dia es?"),
    ],
)
def test_so_it_is_in_the_other_languages(language: str, asks: str, tells: str) -> None:
    known = "Steg Tag brauchen, ponton jour, muelle dia"
    assert tells_beside(asks, language, known) == "" and tells_beside(tells, language, known)
