"""A question finds the passage that it asks for, by the ways of asking that stand in the articles."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.articles import passages
from agents.articles.passages import passage_asked
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import run_team
from switchboard.search.index import Index
from switchboard.search.nearest import kept_or_made, sentences_of, stored
from switchboard.search.sections import sections_of
from tools.knowledge import ARTICLES, search_articles

SECTION = """# Care

## Washing
<!-- asked:
can I put it in the machine
how hot may the water be
-->

Wash it at 30 degrees.<!-- a note of the editors -->
"""


def words(text: str) -> dict[str, float]:
    return dict.fromkeys(text.lower().split(), 1.0)


def asked(folder: Path, *turns: str) -> Any:
    return run_team(team, turns[0], engine=seeded(folder), human=Prepared(turns[1:], live=len(turns) > 1)).document


def test_how_a_passage_is_asked_for_stands_in_a_comment_that_nobody_is_shown() -> None:
    [section] = [s for s in sections_of("care.md", SECTION) if s.heading == "Washing"]
    assert section.asked == ("can I put it in the machine", "how hot may the water be")
    assert section.text == "Wash it at 30 degrees."


def test_no_article_is_quoted_or_read_with_its_comments() -> None:
    index = Index(ARTICLES)
    assert not any("<!--" in text for text in index.texts.values())
    assert not any("<!--" in section.text for section in index.sections.values())
    assert not any("<!--" in passage.text for passage in index.search("order return delivery account refund plus", 200))
    assert not any("<!--" in excerpt.text for excerpt in search_articles("asked how customers ask"))


def test_a_text_is_nearest_to_the_sentences_that_share_its_rare_words() -> None:
    rows = [("wash it in the machine", "washing"), ("wash it by hand", "washing"), ("is it in stock", "stock")]
    near = sentences_of(rows, words).nearest("may the machine wash it")
    assert near is not None and near.label == "washing" and near.share > 0.8 and 0 < near.likeness <= 1
    assert sentences_of(rows, words).nearest("bonjour") is None


def test_ways_of_asking_that_were_kept_are_compared_like_those_that_are_made_anew(tmp_path: Path) -> None:
    made, file = passages.learned(), tmp_path / "kept.json"
    file.write_text(stored(made, "here"), "utf-8")
    kept = kept_or_made(file, "here", passages._features, lambda: pytest.fail("it was kept"))
    for text in ("how long does delivery take", "my password is forgotten", "is it free to send back a tent", "xyzzy"):
        assert kept.nearest(text) == made.nearest(text)
    assert kept_or_made(file, "elsewhere", passages._features, lambda: made) is made
    shipped = passages.LEARNED.read_text("utf-8")
    assert shipped.startswith(f'{{"made_from":"{passages.passages_made_from()}"'), "run `python -m agents.learn`"


@pytest.mark.parametrize(
    ("text", "citation"),
    [
        ("Do you deliver to Norway?", "shipping-times.md#where-we-deliver"),
        ("the reset e-mail is not in my inbox", "password-reset.md#the-e-mail-does-not-arrive"),
        ("the gift card code I typed is not accepted", "gift-cards.md#the-code-does-not-work"),
        ("can two promo codes be stacked", "discounts-and-codes.md#use-a-code"),
    ],
)
def test_a_question_finds_its_passage(text: str, citation: str) -> None:
    found = passage_asked(text)
    assert found is not None and found.citation == citation


@pytest.mark.parametrize("text", ["", "no", "hello there", "Qwerty zuiop lkjh", "error E42", "what is the capital of France"])
def test_what_no_passage_answers_finds_none(text: str) -> None:
    assert passage_asked(text) is None


def test_where_the_passage_is_not_sure_the_desk_asks_whether_it_helps(tmp_path: Path) -> None:
    unsure = "can two promo codes be stacked"
    first = asked(tmp_path / "first", unsure)
    assert first["end"] == "awaiting_customer" and "One code can be used per order" in first["reply"]
    assert "Does that answer your question?" in first["reply"]
    assert asked(tmp_path / "yes", unsure, "Yes, thank you")["end"] == "resolved"
    assert asked(tmp_path / "no", unsure, "No, not at all")["end"] == "escalated"


@pytest.mark.parametrize(
    "text", ["the tap does not work", "I need something", "thieves, all of you", "Sold", "my network of friends"]
)
def test_a_word_in_common_with_an_article_makes_it_no_answer(text: str, tmp_path: Path) -> None:
    assert "[" not in asked(tmp_path, text)["reply"]


def test_what_the_shop_does_not_offer_is_said_plainly(tmp_path: Path) -> None:
    loan = asked(tmp_path / "loan", "Could your bank give me a loan for a car?")
    assert loan["end"] in ("resolved", "awaiting_customer") and "no bank" in loan["reply"]
    tariff = asked(tmp_path / "tariff", "which mobile phone tariff do you have for students?")
    assert "no internet, phone or television" in tariff["reply"]


def test_one_passage_that_answers_two_questions_is_told_once(tmp_path: Path) -> None:
    document = asked(tmp_path, "What does express cost and how many days does it take?")
    assert document["reply"].count("Express") == 1 and "rest of your message" not in document["reply"]


@pytest.mark.parametrize("words", ["Where do I say what I think of your company?", "I would like to comment on your services"])
def test_an_opinion_on_the_shop_is_not_sent_to_the_reviews_of_products(words: str) -> None:
    found = passage_asked(words)
    assert found and found.citation == "ordering.md#tell-us-what-you-think-of-us"


def test_two_questions_in_one_are_both_answered(tmp_path: Path) -> None:
    document = asked(tmp_path, "Who brings your parcels and how long does it take to Hawaii?")
    assert "Northway Parcel" in document["reply"] and "6 to 8 in all" in document["reply"]
