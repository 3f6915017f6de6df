"""Who asks for a person gets one, in each language that the library speaks, and who only speaks of one does not."""

import pytest

from switchboard.reading.person import asks_for_a_person

ASKS = {
    "en": ("please put me through to a human", "I need to talk with your manager", "no bots, get me an agent"),
    "de": (
        "Geben Sie mir bitte einen Mitarbeiter",
        "Ich will mit jemandem sprechen",
        "Kein Roboter bitte",
        "Einen Menschen bitte",
    ),
    "fr": ("je veux parler à un conseiller", "mettez-moi en contact avec quelqu'un", "pas de robot, un humain s'il vous plaît"),
    "es": ("necesito una persona", "quiero hablar con alguien", "comuníqueme con un agente"),
}
DOES_NOT = {
    "en": ("Are you a person?", "the person at the counter was kind", "my agent number is 7"),
    "de": ("Ein Mitarbeiter hat mir den Termin gegeben", "Sind Sie ein Roboter?", "Der Tisch ist für vier Personen"),
    "fr": ("une table pour deux personnes", "êtes-vous un robot ?", "le conseiller a été gentil"),
    "es": ("una mesa para dos personas", "¿es usted un robot?", "la persona de la tienda fue amable"),
}


@pytest.mark.parametrize(("language", "words"), [(name, one) for name, all_ in ASKS.items() for one in all_])
def test_who_asks_for_a_person_is_heard(language: str, words: str) -> None:
    assert asks_for_a_person(words, language)


@pytest.mark.parametrize(("language", "words"), [(name, one) for name, all_ in DOES_NOT.items() for one in all_])
def test_who_speaks_of_one_asks_for_none(language: str, words: str) -> None:
    assert not asks_for_a_person(words, language)
