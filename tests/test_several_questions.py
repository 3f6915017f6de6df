"""A message that asks several things is read as its questions, in each of the languages."""

import pytest

from switchboard.plays.asked.questions import questions_in

SEVERAL = [
    ("en", "Hi, we come by train. What does a locker cost? Is there a lift, and can I bring a pram", 3),
    ("en", "what do two nights cost and are dogs allowed?", 2),
    ("de", "Was kosten zwei Nächte, und haben Sie montags geöffnet?", 2),
    ("de", "Wie komme ich hin? Gibt es einen Aufzug", 2),
    ("fr", "Combien coûtent deux nuits et avez-vous un ascenseur ?", 2),
    ("es", "¿Cuánto cuestan dos noches y aceptan perros?", 2),
]
ONE = [
    ("en", "What does a locker for two suitcases and a pram cost?"),
    ("en", "I know what it costs and what you offer. Cancel it."),
    ("de", "Was kosten ein Zimmer und ein Frühstück?"),
    ("fr", "Quel est le prix d'une chambre et du petit déjeuner ?"),
    ("es", "¿Cuánto cuesta una habitación y el desayuno?"),
    ("en", "how are you and what does it cost?"),
    ("en", ""),
]


@pytest.mark.parametrize(("language", "text", "number"), SEVERAL)
def test_several_questions_are_told_apart(language: str, text: str, number: int) -> None:
    found = questions_in(text, language)
    assert len(found) == number and all(one in text for one in found)


@pytest.mark.parametrize(("language", "text"), ONE)
def test_one_question_is_left_whole(language: str, text: str) -> None:
    assert questions_in(text, language) == []


def test_who_asks_too_much_is_not_taken_apart() -> None:
    assert questions_in("What is the price of a room? " * 9, "en") == []
