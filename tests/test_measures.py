"""What "how long" and "how loud" ask for is found by the measure that a sentence tells, and not by the word alone."""

from pathlib import Path

import pytest

from switchboard.reports.sentences import best_sentences
from switchboard.search.index import Index

GARDEN = """# Garden machines

## Shredders

A shredder is driven by a motor of two kilowatts. It makes up to 95 decibels at the gate. The blades hold for 40 to 60 hours.

## Mowers

Long grass is cut twice. The last cut is in October. A mower that is cared for reaches 12 years.
It weighs 31 kg with a full box.

## Prices

A mower has a price of 300 crowns.
"""
FENCES = "# Fences\n\nLong fences need a gate. Larch boards last 15 years without paint.\n"
MANY = "# Charges\n\nThe pack stands 300 to 1,200 charges or 4 to 9 years, and 1 of 60 fails in its first 30 days.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("garden")
    for name, text in (("garden.md", GARDEN), ("fences.md", FENCES), ("charges.md", MANY)):
        (folder / name).write_text(text, "utf-8")
    return Index(folder)


def first(index: Index, question: str) -> str:
    return next((one.text for one in best_sentences(index, question)), "")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How loud is a shredder?", "95 decibels"),
        ("How noisy are shredders?", "95 decibels"),
        ("How long does a mower last?", "12 years"),
        ("How long do the blades of a shredder last?", "40 to 60 hours"),
        ("How heavy is a mower?", "31 kg"),
        ("How expensive is a mower?", "300 crowns"),
        ("How long do larch boards last?", "15 years"),
    ],
)
def test_a_measure_is_found_where_a_sentence_tells_it_without_the_word(index: Index, question: str, says: str) -> None:
    assert says in first(index, question)


def test_the_word_long_tells_no_time_and_the_time_of_something_else_is_no_answer(index: Index) -> None:
    found = [one.text for one in best_sentences(index, "How long does a mower last?", 10)]
    assert not any(said in text for text in found for said in ("Long grass", "last cut", "Larch", "blades"))
    assert best_sentences(index, "How long does a lantern last?") == []


def test_a_sentence_with_many_numbers_is_read(index: Index) -> None:
    assert "4 to 9 years" in first(index, "How long does the pack stand?")


@pytest.mark.parametrize(
    "question",
    [
        "How loud is the pergola?",
        "How heavy is the pergola?",
        "How expensive is the pergola?",
        "How much does the pergola cost?",
        "What does a pergola cost?",
        "What is the price of a pergola?",
        "What is the weight of the pergola?",
        "Was kostet die Pergola?",
        "Wie teuer ist eine Pergola?",
        "Wie schwer ist die Pergola?",
        "Wie laut ist die Pergola?",
        "Combien coûte la pergola ?",
        "Combien pèse la pergola ?",
        "¿Cuánto cuesta la pergola?",
        "¿Cuánto pesa una pergola?",
    ],
)
def test_a_sentence_that_tells_no_such_measure_is_no_answer(tmp_path: Path, question: str) -> None:
    (tmp_path / "pergola.md").write_text("# Yard\n\nThe pergola needs 12 planks of ash. A pergola pergola stands in June.\n")
    assert best_sentences(Index(tmp_path), question) == []


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How much does a kayak cost?", "A kayak is lent for 9 € an hour."),
        ("What does a kayak cost?", "A kayak is lent for 9 € an hour."),
        ("Was kostet ein Kanu?", "Ein Kanu gibt es für 12 Euro am Tag."),
        ("Wie schwer ist ein Kanu?", "Ein Kanu wiegt leer 28 Kilogramm."),
        ("Combien coûte une barque ?", "Une barque se loue 15 euros par jour."),
        ("Combien pèse une barque ?", "Une barque vide fait 60 kg à terre."),
        ("¿Cuánto cuesta una canoa?", "Una canoa se alquila por 11 euros al día."),
        ("¿Cuánto pesa una canoa?", "Una canoa tiene un peso de treinta kilos."),
    ],
)
def test_costs_and_weights_are_found_in_each_language(tmp_path: Path, question: str, says: str) -> None:
    lines = (
        "A kayak is lent for 9 € an hour.", "A kayak holds 2 people and a dog.",
        "Ein Kanu gibt es für 12 Euro am Tag.", "Ein Kanu wiegt leer 28 Kilogramm.", "Ein Kanu hat 3 Plätze im Boden.",
        "Une barque se loue 15 euros par jour.", "Une barque vide fait 60 kg à terre.", "Une barque porte 4 personnes au plus.",
        "Una canoa se alquila por 11 euros al día.", "Una canoa tiene un peso de treinta kilos.",
    )  # fmt: skip
    (tmp_path / "boats.md").write_text("# Yard\n\n" + "\n\n".join(lines))
    assert [one.text for one in best_sentences(Index(tmp_path), question)] == [says]
