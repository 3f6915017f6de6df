"""Which passage of the articles a question asks for, by the ways of asking that stand in the articles themselves."""

from dataclasses import dataclass
from functools import cache, lru_cache

from agents.articles.articles import (
    CHATTER,
    MOST_STEPS,
    SEARCH,
    Article,
    answers_to,
    article_for,
    not_made,
    quoted,
    searches_for,
    stem,
    stems,
)
from agents.cases.answers import says_no, says_yes
from agents.reasons import Reason
from agents.requests.facts import facts_in
from agents.requests.requests import request_in
from agents.routing.lexicon import lexicon, words
from agents.routing.plays import plays
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.transcript import View
from switchboard.search.index import index_of
from switchboard.search.nearest import Sentences
from switchboard.search.passages import Excerpt, Passage
from tools.knowledge import ARTICLES

LIKELY, SURE = (0.25, 0.4, 0.3), (0.35, 0.5, 0.6)
"""Likeness, share of the vote, and share of the question's words that the passage knows, from which on a passage is offered,
and from which on it answers. Chosen on 350 messages whose writer saw the articles without their lines. Over the whole desk 91
of 200 questions are told their passage and 10 another one; of 150 messages that no passage answers 23 are told one."""
FEWEST_WORDS = 2
LOOKED_AT = 1000
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
    """How customers ask for each passage, and, as no passage, for what a person settles."""
    rows = [(line, citation) for citation, one in _sections().items() for line in (*one.asked, one.heading)]
    rows += [(example, "") for play in plays().values() for example in play.examples]
    known = frozenset(stem_of for sentence, _ in rows for stem_of in words(sentence))
    return Sentences(rows, lambda text: {k: v for k, v in lexicon().features(text, known).items() if not k.startswith("~")})


@cache
def _vocabulary(citation: str) -> frozenset[str]:
    one = _sections()[citation]
    return frozenset(stems(" ".join([one.title, one.heading, one.text, *one.asked])))


@lru_cache(256)
def passage_asked(text: str) -> Asked | None:
    """The passage that the first 1,000 characters of a text ask for; None where that is none, or may be another."""
    text = text[:LOOKED_AT]
    if len(words(text)) < FEWEST_WORDS or facts_in(text).error_codes:  # a code is looked for as it is
        return None
    near = _sentences().nearest(text)
    if near is None or not near.label:
        return None
    said = stems(text) - {stem(word) for word in CHATTER}
    known = len(said & _vocabulary(near.label)) / len(said) if said else 1.0
    measured = (near.likeness, near.share, known)
    if any(value < least for value, least in zip(measured, LIKELY, strict=True)):
        return None
    return Asked(near.label, all(value >= least for value, least in zip(measured, SURE, strict=True)))


def article_asked(view: View) -> Article | Calls | None:
    """The passage that triage found a matter to ask for, or the search that finds it; None where there is none."""
    citation = str(view.facts.get("passage", ""))
    if citation not in _sections():
        return None
    one = _sections()[citation]
    asked = Call(SEARCH, {"query": f"{one.heading} {one.title}"[:200]})
    if missing := not_made(view, asked):
        return Calls(missing)
    excerpts = (Excerpt.model_validate(e) for call in answers_to(view, asked) if call.done for e in call.result)
    return next((Article(e, 1.0) for e in excerpts if e.citation == citation), None)


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
    told = f"{article.excerpt.heading}:\n{quoted(article, view.text, MOST_STEPS)}"
    return Say(told) if sure else Say(f"{told}\n\n{HELPS}", asks=True)


def went_on(view: View) -> Move | None:
    """What follows the customer's answer to whether a passage helped."""
    if says_no(view):
        return HandOff("triage", "The article did not answer the customer's question.", reason=Reason.NEEDS_HUMAN)
    thanks = says_yes(view) or request_in(view.latest).kind == "thanks"
    return Say("Good. Write again whenever you need us.") if thanks else None
