"""Which passage of the articles a question asks for, by the ways of asking that stand in the articles themselves."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from agents.articles.articles import (
    CHATTER,
    MOST_STEPS,
    SEARCH,
    VAGUE,
    Article,
    answers_to,
    article_for,
    not_made,
    quoted,
    searches_for,
    stem,
    stems,
)
from agents.articles.same_to_us import as_one
from agents.cases.answers import says_no, says_yes
from agents.products.unnamed import names_nothing
from agents.reasons import Reason
from agents.requests.kinds import without_help
from agents.requests.lexicon import features, words
from agents.requests.reading import read
from agents.routing.elsewhere import NOT_OFFERED, foreign
from agents.routing.learned import made_from
from agents.routing.plays import MOST_OF_A_PLAY, plays
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.transcript import CallResult, View
from switchboard.search import nearest
from switchboard.search.index import index_of
from switchboard.search.nearest import Sentences, kept_or_made, sentences_of
from switchboard.search.passages import Excerpt, Passage
from switchboard.tickets import confidence
from tools.knowledge import ARTICLES

LEAST = (0.25, 0.4, 0.3)
"""Likeness, share of the vote, and share of the question's words that the passage knows, below which no passage is meant."""
LIKELY, SURE, OF_ONE_WORD, LIKELY_OF_ONE, SURE_OF_ONE = 1.6, 1.9, 2.3, 1.9, 2.1
"""The sum of the three from which on a passage is offered, from which on it answers, what a single word needs, and what it
needs to be offered and to answer where only one word says anything.

Chosen on the articles' own 1,529 lines, each looked for among the others: 275 find their article and 55 another one; with the
floors alone it is 374 and 175.
"""
ALIKE = 0.7
"""How near a way of asking must be to a text that says nothing of its own, such as "it does not work", or to a single word."""
THE_SAME = 0.9
"""How near a way of asking must be to a text on goods that does not say which: "is it available?"."""
BORNE_OUT = 0.27
"""How near a way of asking of the same article must be, for what the search found to answer."""
CLEARLY = 1.2
"""How well an article must match to answer, where customers ask for none of its passage in such words."""
LIKER = 0.5
"""How near a way of asking for another passage of that article must be, for that one to be told in its place."""
MOST_FOREIGN = 0.5
"""How likely a text may be about what is none of the shop's, and still ask for a passage on what is."""
OF_A_DEVICE = re.compile(r"\b(?:lamp|speaker|machine|coffee|espresso|e-bike)\b", re.IGNORECASE)
"""What the articles on one device name in their title, before the colon: they answer who names it."""
OFFERED = r"(?:free|trial|off|discount|warranty|guarantee|replacement|returns?|exchange|offer|money)"
TERMS = re.compile(
    rf"\b(\d{{1,4}}) ?-?(?:days?|nights?|weeks?|months?|years?|%|percent)\W{{0,3}}(?:\w+ )?{OFFERED}\b"
    r"|\bfree (\d{1,4}) ?-?(?:days?|nights?|weeks?|months?)\b",
    re.IGNORECASE,
)
LEARNED = Path(__file__).with_name("learned_passages.json")
LOOKED_AT = 1000
MOST_QUERY = 200
"""Characters that a passage is looked up by: its headings, and its text too where these are words of many."""
PARTS, MOST_PARTS = re.compile(r"(?<=[.!?;])\s+|\n+|\s/\s"), 8
EACH = re.compile(
    r"(?<=[.!?;])\s+|\n+|(?<!\s)\s+(?=and (?:how|what|which|when|where|who|why|do|does|can|is|are|will)\b)", re.IGNORECASE
)
"""Where another question may begin."""
WHERE, HOW_LONG = "shipping-times.md#where-we-deliver", "shipping-times.md#how-long-delivery-takes"
MONEY = "gift-cards.md#money-on-an-account"
HELPS = "Does that answer your question? If not, write what is missing, and a colleague takes over."


@dataclass(frozen=True)
class Asked:
    """The passage that a text asks for, and whether that is sure."""

    citation: str
    sure: bool


@cache
def _sections() -> dict[str, Passage]:
    return index_of(ARTICLES).sections


@cache
def _sentences() -> Sentences:
    """From `learned_passages.json`, or compared anew, in a fifth of a second, where that is missing or of other articles."""
    return kept_or_made(LEARNED, passages_made_from(), _features, learned)


def learned() -> Sentences:
    """How customers ask for each passage on what is ours, and, as no passage, for what a person settles."""
    return sentences_of(_rows(), _features)


def _rows() -> list[tuple[str, str]]:
    return [*_asked_lines(), *((example, "") for play in plays().values() for example in play.examples[:MOST_OF_A_PLAY])]


def passages_made_from() -> str:
    """A hash of all that they depend on."""
    code = Path(__file__).read_text("utf-8") + Path(str(nearest.__file__)).read_text("utf-8")
    return sha256("\0".join([made_from(), code, *(f"{line}\0{citation}" for line, citation in _rows())]).encode()).hexdigest()


@cache
def _ways_of_asking() -> Sentences:
    """How customers ask for each passage on what is ours, and nothing beside it."""
    return sentences_of(_asked_lines(), _features)


def _asked_lines() -> list[tuple[str, str]]:
    ours = ((citation, one) for citation, one in _sections().items() if not citation.startswith(NOT_OFFERED))
    return [(line, citation) for citation, one in ours for line in (*one.asked, one.heading)]


def _features(text: str) -> dict[str, float]:
    return {name: value for name, value in features(as_one(text)).items() if not name.startswith("~")}


@cache
def _vocabulary(citation: str) -> frozenset[str]:
    one = _sections()[citation]
    said = (one.title, one.heading, *PARTS.split(one.text), *one.asked)  # piece by piece, since a long text is cut
    return frozenset(found for piece in said for found in stems(piece))


def passage_asked(text: str) -> Asked | None:
    """The passage that the first 1,000 characters of a text ask for, or else one of its first sentences; None where that is
    none, or may be another.
    """
    return read(text).once(_passage)


def _passage(text: str) -> Asked | None:
    text = without_help(text[:LOOKED_AT])
    parts = [part for part in PARTS.split(text) if part.strip()][:MOST_PARTS]
    found = [asked for part in (parts if len(parts) > 1 else ()) if (asked := _asked_by(part))]
    whole = _asked_by(text)
    return whole if whole and whole.sure else next((asked for asked in found if asked.sure), whole)


def _asked_by(text: str) -> Asked | None:
    if not words(text) or read(text).facts.error_codes:  # a code is looked for as it is
        return None
    near = _sentences().nearest(text)
    if near is None or not near.label or foreign(text) >= MOST_FOREIGN:
        return None
    said = stems(as_one(text)) - {stem(word) for word in CHATTER}
    if not named_in(text) & _vocabulary(near.label) and near.likeness < ALIKE:
        return None
    if names_nothing(text) and near.likeness < THE_SAME:
        return None
    if _of_another_device(_sections()[near.label].title, text):
        return None
    known = len(said & _vocabulary(near.label)) / len(said) if said else 1.0
    measured = (near.likeness, near.share, known)
    least = OF_ONE_WORD if len(words(text)) == 1 else LIKELY if len(said) > 1 else LIKELY_OF_ONE
    if sum(measured) < least or any(value < floor for value, floor in zip(measured, LEAST, strict=True)):
        return None
    sure = sum(measured) >= (SURE if len(said) > 1 else SURE_OF_ONE)
    return Asked(near.label, sure and not _claims_another(text, _sections()[near.label].text))


def _claims_another(text: str, passage: str) -> bool:
    """Whether a text speaks of terms in numbers that a passage does not hold: "a hundred days free" where it says thirty."""
    return any(
        not re.search(rf"\b{number}\b", passage) for found in TERMS.finditer(text) for number in found.groups() if number
    )


def _of_another_device(title: str, text: str) -> bool:
    """Whether an article is on one device, which stands in its title before the colon, and a text does not name it."""
    device, colon, _ = title.partition(":")
    named = OF_A_DEVICE.findall(device) if colon else []
    return bool(named) and not stems(" ".join(named)) & stems(text)


def named_in(text: str) -> set[str]:
    """The stems of what a text names beside that something is wrong, or wanted."""
    return stems(as_one(text)) - {stem(word) for word in CHATTER | VAGUE}


def article_borne_out(results: Iterable[CallResult], question: str) -> Article | None:
    """The article that a search found, where customers ask for it in such words; a few words in common answer nothing.

    Where they ask in such words for another passage of it, that one is taken, if it was found too, and neither is sure.
    """
    results = list(results)
    article = article_for(results, question)
    if article is None or read(question).facts.error_codes:
        return article
    if _of_another_device(article.excerpt.title, question):
        return None
    if (told := named_in(question)) and not told & _vocabulary(article.excerpt.citation):
        return None
    name = article.excerpt.citation.partition("#")[0]
    said = [question[:LOOKED_AT], *PARTS.split(question[:LOOKED_AT])[:MOST_PARTS]]
    least = BORNE_OUT if len(told) > 1 else LIKER if told and len(words(question)) > 2 else ALIKE
    near = [found for found in map(_ways_of_asking().nearest, said) if found and found.likeness >= least]
    same = [found for found in near if found.label.partition("#")[0] == name]
    if not same:
        return None
    if article.match < CLEARLY and article.excerpt.citation not in [found.label for found in same]:
        return replace(article, sure=False)
    if article.excerpt.citation in [found.label for found in same]:
        return article
    nearest = max(same, key=lambda found: found.likeness)
    if nearest.likeness < LIKER:
        return article
    found = (Excerpt.model_validate(e) for call in results if call.tool == SEARCH and call.done for e in call.result)
    return Article(next((e for e in found if e.citation == nearest.label), article.excerpt), article.match, sure=False)


def article_asked(view: View, citation: str = "") -> Article | Calls | None:
    """A passage, or that which triage found a matter to ask for; else the search that finds it; None where there is none."""
    citation = citation or str(view.facts.get("passage", ""))
    if citation not in _sections():
        return None
    one = _sections()[citation]
    for query in (f"{one.heading} {one.title}", f"{one.heading} {one.title} {one.text}"):
        asked = Call(SEARCH, {"query": query[:MOST_QUERY]})
        if missing := not_made(view, asked):
            return Calls(missing)
        excerpts = (Excerpt.model_validate(e) for call in answers_to(view, asked) if call.done for e in call.result)
        if found := next((Article(e, 1.0) for e in excerpts if e.citation == citation), None):
            return found
    return None


def by_passage(view: View) -> Move | None:
    """The passage that a matter asks for: as its answer where that is sure, or the search finds the same one; else with the
    question whether it is.
    """
    if view.questions:
        return went_on(view) if view.facts.get("passage") else None
    article = article_asked(view)
    if article is None or isinstance(article, Calls):
        return article
    searches = [] if view.facts.get("surely") else searches_for(view.text)
    if missing := not_made(view, *searches):
        return Calls(missing)
    same = searches and article_for(answers_to(view, *searches), view.text)
    sure = not searches or (same and same.excerpt.citation == article.excerpt.citation)
    others = others_asked(view, article)
    if isinstance(others, Calls):
        return others
    told = "\n\n".join(f"{one.excerpt.heading}:\n{quoted(one, view.text, MOST_STEPS)}" for one in (article, *others))
    if not sure:
        return Say(f"{told}\n\n{HELPS}", asks=True, confidence=confidence.DOUBTFUL)
    return Say(told, confidence=confidence.FOUND if searches else confidence.SURE)


def others_asked(view: View, article: Article) -> list[Article] | Calls:
    """The passages that single questions of a text surely ask for beside this one, or the search for them."""
    asked = [passage_asked(part) for part in EACH.split(view.text[:LOOKED_AT])[:MOST_PARTS]]
    others = dict.fromkeys(one.citation for one in asked if one and one.sure and one.citation != article.excerpt.citation)
    found = [article_asked(view, citation) for citation in others]
    searches = next((one for one in found if isinstance(one, Calls)), None)
    return searches or [one for one in found if isinstance(one, Article)]


def went_on(view: View) -> Move | None:
    """What follows the customer's answer to whether a passage helped."""
    if says_no(view):
        return HandOff("triage", "The article did not answer the customer's question.", reason=Reason.NEEDS_HUMAN)
    thanks = says_yes(view) or read(view.latest).request.kind == "thanks"
    return Say("Good. Write again whenever you need us.") if thanks else None
