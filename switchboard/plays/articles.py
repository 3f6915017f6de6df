"""What articles answer: the newest words where one surely fits them, or each of several questions in them."""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import zip_longest
from typing import Any, get_type_hints

from switchboard.consent.record import reads_back
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say, Unsure
from switchboard.declare.play import Play
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import View
from switchboard.plays.asked.questions import MOST, questions_in, questions_marked, requests_in
from switchboard.plays.which import asks_for_it, is_of, play_of
from switchboard.reading.languages import said
from switchboard.search.passages import Excerpt
from switchboard.search.words import terms
from switchboard.tickets.confidence import BOTH, CERTAIN, FOUND, SEVERAL, SURE

FITS, LEAST_WORDS, AS_LONG = 0.8, 2, 5
"""An article surely fits that holds this share of the telling words, and so many of them in its headings (as far as their
first letters go).

Measured on the sample's 29 articles. Of its 27 questions in tests/test_knowledge.py 14 are answered, all from the right
article. Of 750 messages of CLINC150, Banking77, MultiDoGO, ABCD and Bitext, 123 are about none of its business, and none of
these is answered; of the others 27 are, some 24 of them, as read by eye, from an article on what was asked. At 0.7 one of the
123 is answered, at 0.6 four; with one word in the headings some 15 of the others get a wrong article. Both numbers were chosen
with these messages in sight, so they say how it fits them, and not how it does on others.
"""
LEAST_ASKED = 3
"""Words of a question that is a heading word for word, and so surely answered by what stands below it."""
MOST_QUERY = 300  # characters


def article_search(spec: AgentSpec) -> Tool | None:
    """The agent's tool that takes a question and gives excerpts of articles, whatever it is called."""
    return next((tool for tool in spec.tools if _searches(tool)), None)


def how_sure(query: str, excerpt: Excerpt) -> int:
    """How surely an excerpt that surely fits answers, of 100: most where it is headed by the very question."""
    if _is_its_heading(query, excerpt):
        return BOTH
    return SURE if excerpt.score == 1 else FOUND


def best_fit(query: str, results: Any) -> Excerpt | None:
    """The excerpt that surely answers, if one does."""
    begun = {word[:AS_LONG] for word in terms(query)}
    for excerpt in map(Excerpt.model_validate, results):
        if _is_its_heading(query, excerpt):
            return excerpt
        headings = {word[:AS_LONG] for word in terms(f"{excerpt.title} {excerpt.heading}")}
        if excerpt.score >= FITS and len(begun & headings) >= LEAST_WORDS:
            return excerpt
    return None


def _is_its_heading(query: str, excerpt: Excerpt) -> bool:
    asked = _all_words(query)
    return len(asked) >= LEAST_ASKED and asked == _all_words(excerpt.heading)


def _all_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


def _searches(tool: Tool) -> bool:
    takes = tool.arguments.model_fields.values()
    returns = get_type_hints(tool.function).get("return")
    return tool.effect == "read" and returns == list[Excerpt] and [f.annotation for f in takes if f.is_required()] == [str]


def from_articles(search: Tool | None, view: View) -> Move | Unsure | None:
    """The answer out of articles that surely fit, or the search for them. Of several questions each is answered; where that is
    so of some, those that are not are named. None where nothing fits, or nothing can be searched.
    """
    if search is None:
        return None
    asked = questions_in(view.latest, view.language)
    if calls := _not_searched(search, view, asked):
        return calls
    found = {question: _found(search, view, question) for question in asked}
    if asked and all(found.values()):
        return Say(_told(found.values()), confidence=_sure_of(found))
    for query in _queries(view):
        if calls := _not_searched(search, view, [query]):
            return calls
        if (best := _found(search, view, query)) and f"[{best.citation}]" not in view.asked:
            return Say(_told([best]), confidence=how_sure(query, best))
    if not any(found.values()):
        return None
    left = said("play.part_open", view.language, words=" ".join(one for one, best in found.items() if not best))
    return Unsure(Say(f"{_told(found.values())}\n\n{left}", asks=True, confidence=min(SEVERAL, _sure_of(found))))


def beside_play(spec: AgentSpec, play: Play, view: View) -> Calls | tuple[str, list[str], int]:
    """What articles answer of the questions that were asked beside a play, the questions that they do not, and how sure that
    is; or the search for it. Beside a deed that is each question and request but those for the deed; where a play only tells
    something, nothing where it is not plain which of them is the play's.
    """
    since = max((n for n, asked in enumerate(view.answering) if not asked), default=0)
    beside = _beside_deed if play.process and play.process.does else _beside_told
    others = beside(spec, play, view, since)
    search = article_search(spec) if len(others) <= MOST else None
    if search and (calls := _not_searched(search, view, others)):
        return calls
    found = {one: _found(search, view, one) if search else None for one in others}
    return _told(found.values()), [one for one, best in found.items() if not best], _sure_of(found)


def _beside_deed(spec: AgentSpec, play: Play, view: View, since: int) -> list[str]:
    talked = list(zip_longest(view.words, view.answering, view.answering[1:], fillvalue=""))[since:]
    left = [words for words, before, then in talked if not (reads_back(before) and then.endswith(before))]  # the rest was told
    requests = [one for words in left for one in requests_in(words, view.language)]
    others = [other for other in spec.plays if other is not play]  # what these do is begun, or named elsewhere
    asked = [one for words in left for one in questions_marked(words, view.language)]
    asked += [one for one in requests if not play_of(others, one, view.language)]
    whole = " ".join(" ".join(view.words[since:]).split())
    return [one for one in dict.fromkeys(asked) if not asks_for_it(play, one, whole.replace(one, ""), view.language)]


def _beside_told(spec: AgentSpec, play: Play, view: View, since: int) -> list[str]:
    asked = [one for words in view.words[since:] for one in questions_in(words, view.language)]
    others = [one for one in asked if not is_of(play, one, view.language)]
    return [one for one in others if not play_of(spec.plays, one, view.language)] if len(others) < len(asked) else []


def _not_searched(search: Tool, view: View, queries: Collection[str]) -> Calls | None:
    calls = tuple(Call(search.name, _arguments(search, query)) for query in dict.fromkeys(queries))
    left = tuple(call for call in calls if not any(c.tool == call.tool and c.arguments == call.arguments for c in view.calls))
    return Calls(left) if left else None


def _found(search: Tool, view: View, query: str) -> Excerpt | None:
    made = [c for c in view.calls if c.tool == search.name and dict(c.arguments) == _arguments(search, query)]
    return best_fit(query, made[-1].result if made[-1].done else [])


def _arguments(search: Tool, query: str) -> dict[str, str]:
    return {next(iter(search.arguments.model_fields)): query}


def _sure_of(found: Mapping[str, Excerpt | None]) -> int:
    """How sure the least sure is of what was found to several questions."""
    return min((how_sure(query, best) for query, best in found.items() if best), default=CERTAIN)


def _told(found: Iterable[Excerpt | None]) -> str:
    """Excerpts as customers read them, each once."""
    best = {one.citation: one for one in found if one}
    return "\n\n".join(f"{re.sub(r'[*][*]|__', '', one.text)}\n[{one.citation}]" for one in best.values())


def _queries(view: View) -> list[str]:
    """What is looked up: the newest words, and then all that was written on the matter."""
    texts = (" ".join(text.split())[:MOST_QUERY] for text in (view.latest, view.text))
    return [text for text in dict.fromkeys(texts) if terms(text)]
