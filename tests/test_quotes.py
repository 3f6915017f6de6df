"""Which sentences of the sources answer a question without a model, and how much of what stands around them is quoted."""

from pathlib import Path

import pytest

from agents.research.planner import queries
from switchboard.reports.sentences import best_sentences
from switchboard.search.index import Index

SHEDS = """# Sheds

## Building

The potting shed holds spades, rakes and pots. It was built of larch by two brothers in one summer.

The tool shed offers these things:

- A vice for clamping iron.
- A lathe that turns ash handles.

Why does the potting shed lean?

The ground below its northern wall has sunk by a hand.

Next: Fences, Previous: Gates, Up: The whole garden and its sheds

| Shed | Floor | Note |
| --- | --- | --- |
| Boat | gravel | beside the potting shed |
| Potting | brick | swept on Fridays |
| Tool | concrete | near the gate |
"""


@pytest.fixture
def index(tmp_path: Path) -> Index:
    (tmp_path / "sheds.md").write_text(SHEDS)
    (tmp_path / "orchard-cherries.csv").write_text("Kind,Picked\nMorello,20 July\nBing,1 July\n")
    return Index(tmp_path)


def best(index: Index, question: str) -> str:
    return next((one.text for one in best_sentences(index, question)), "")


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it(index: Index) -> None:
    assert best(index, "Of what wood was the potting shed built?") == (
        "The potting shed holds spades, rakes and pots. It was built of larch by two brothers in one summer."
    )


def test_what_opens_a_list_is_quoted_with_the_list(index: Index) -> None:
    assert best(index, "Which things does the tool shed offer?") == (
        "The tool shed offers these things: - A vice for clamping iron. - A lathe that turns ash handles."
    )


def test_a_question_in_a_source_is_no_answer_and_what_follows_it_is(index: Index) -> None:
    assert best(index, "Why does the potting shed lean?") == "The ground below its northern wall has sunk by a hand."


def test_what_leads_to_other_pages_is_no_sentence(index: Index) -> None:
    assert not any("Previous" in one.text for one in best_sentences(index, "What is said of fences, gates and the garden?", 10))


def test_the_row_of_what_is_asked_for_comes_before_one_that_mentions_it(index: Index) -> None:
    rows = [one.text for one in best_sentences(index, "What floor does the potting shed have?", 10) if one.text.startswith("|")]
    assert rows[0] == "| Potting | brick | swept on Fridays |"


def test_the_name_of_a_file_says_what_it_is_about(index: Index) -> None:
    assert best(index, "When are Bing cherries harvested?") == "| Bing | 1 July |"


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How do Oak and Elm keep their leaves?", ["Oak keep their leaves", "Elm keep their leaves"]),
        ("How tall is an oak and how much water does it need?", ["How tall is an oak", "how much water does an oak need"]),
        ("What are reeds and where do they grow?", ["reeds", "reeds grow"]),
        ("Whose garden is it and which trees does it have?", []),
        ("Which trees grow by the river, and how tall are they?", ["trees grow by the river"]),
        ("How long does an oak live and how long do reeds last?", ["How long does an oak live", "how long do reeds last"]),
        ("Does the oak or the elm grow faster?", ["oak", "elm grow faster"]),
        ("Is larch cheaper than oak?", ["larch", "oak"]),
        ("Wie alt wird eine Eiche und wie alt wird eine Ulme?", ["Wie alt wird eine Eiche", "wie alt wird eine Ulme"]),
        ("Wie alt wird eine Eiche und wie hoch wird sie?", ["Wie alt wird eine Eiche"]),
        ("Quel âge a un chêne et quel âge a un orme?", ["Quel âge a un chêne", "quel âge a un orme"]),
    ],
)
def test_a_question_is_split_where_each_part_says_what_it_asks(question: str, parts: list[str]) -> None:
    assert queries(question) == [question.rstrip("?"), *parts]


def test_it_stands_for_a_thing_that_is_named_with_a_number() -> None:
    assert queries("How loud is the Talbot 7 and how heavy is it?")[1:] == [
        "How loud is the Talbot 7",
        "how heavy is the Talbot 7",
    ]
