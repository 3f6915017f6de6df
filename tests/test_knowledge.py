"""The help articles and the tool that searches them."""

import re

import pytest

from switchboard.search.index import STRONG, index_of
from tools.knowledge import ARTICLES, search_articles

QUESTIONS = {
    "how long does shipping take": "shipping-times.md",
    "my parcel hasn't arrived yet, it's a week late": "late-or-lost-parcel.md",
    "I want to send back the lamp i bought": "returns.md",
    "can i swap the shirt for a bigger size": "exchanges.md",
    "how long do refunds take": "refunds.md",
    "you charged me twice for the same order!!": "duplicate-charges.md",
    "do you accept paypal": "payment-methods.md",
    "my gift card code doesn't work": "gift-cards.md",
    "I need a receipt with our VAT number": "invoices-and-vat.md",
    "please cancel my subscription": "cancel-fernhill-plus.md",
    "do you have a student discount": "discounts-and-codes.md",
    "forgot my password": "password-reset.md",
    "not receiving the 2fa code": "two-factor-sign-in.md",
    "my account is locked, can't log in": "account-locked.md",
    "I moved, change my address": "change-address.md",
    "delete my account and all my data": "close-account.md",
    "speaker won't connect to wifi": "wifi-speaker.md",
    "lamp keeps going offline": "smart-lamp.md",
    "battery is swollen": "e-bike-battery.md",
    "how do I descale the coffee maker": "coffee-machine-descaling.md",
    "the app doesn't sync": "app-will-not-sync.md",
    "error E23 on coffee machine": "error-codes.md",
    "is it under warranty": "warranty.md",
    "my order came damaged": "damaged-on-arrival.md",
    "what do you do with my personal data": "privacy.md",
    "I want to speak to a human": "contact-a-person.md",
    "cancel my order": "change-or-cancel-order.md",
}


@pytest.mark.parametrize(("question", "article"), QUESTIONS.items())
def test_a_customers_question_finds_its_article(question: str, article: str) -> None:
    assert article in [found.citation.split("#")[0] for found in search_articles(question)]


def test_at_most_three_passages_come_back_with_citations_that_resolve() -> None:
    found = search_articles("refund for my order")
    assert len(found) == 3
    assert all(index_of(ARTICLES).resolve(f.citation) for f in found)


def test_a_question_about_something_else_finds_nothing_or_a_weak_match() -> None:
    for question in ("weather in Paris tomorrow", "tell me a joke about cats", "who won the world cup", ""):
        assert all(found.score < STRONG for found in search_articles(question))


def test_the_tool_is_public_and_reads() -> None:
    assert (search_articles.effect, search_articles.public) == ("read", True)
    assert set(search_articles.schema["function"]["parameters"]["properties"]) == {"query"}


def test_every_article_has_a_title_headings_and_a_readable_length() -> None:
    articles = index_of(ARTICLES).texts
    assert len(articles) >= 25
    for name, text in articles.items():
        assert text.startswith("# ") and text.count("\n## ") >= 2, name
        assert 150 <= len(text.split()) <= 350, name


def test_articles_agree_with_the_house_policy() -> None:
    """Returns within 30 days; refunds in 5 to 7 business days, gift cards at once; whatever the article."""
    for name, text in index_of(ARTICLES).texts.items():
        assert set(re.findall(r"(\d+ to \d+) business days(?: to the| from the day we send)", text)) <= {"5 to 7"}, name
        assert set(re.findall(r"within \**(\d+) days of delivery\**, for any", text)) <= {"30"}, name
    refunds, cancel = (index_of(ARTICLES).document(n) for n in ("refunds.md", "change-or-cancel-order.md"))
    assert "5 to 7 business days" in refunds and "original payment method" in refunds and "at once" in refunds
    assert "cancelled only while it is *pending*" in cancel
