"""Knowledge: what the articles answer to a ticket, how sure that is, and how people settled ones like it."""

from agents.articles.articles import HOW_LONG, MOST_STEPS, STEP, Article, answers_to, not_made, quoted, searches_for
from agents.articles.passages import article_asked, article_borne_out, passage_asked
from agents.requests.kinds import is_general_question
from agents.requests.reading import read
from agents.routing.mood import wants_human
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move
from switchboard.declare.transcript import View
from tools.knowledge import search_articles
from tools.tickets import find_similar_tickets

TELLS = (
    "unknown",
    "technical",
    "price_question",
    "product_question",
    "plan_question",
    "greeting",
    "thanks",
    "password",
    "two_factor",
)
"""Requests that an article can settle; in the others something of the customer's own is to be done or looked up."""
BOTH, SURE, FOUND, DOUBTFUL, NOTHING = 95, 88, 75, 55, 0
"""The confidence where customers surely ask for a passage in such words and the search finds the same one; where they do, and
it does not; where only the search finds one that they ask for so; where it may be another; where there is none.
"""
OWN_CASE, SEVERAL = 55, 75
"""The most where something of the customer's own is asked for, and where several questions are."""


def without_model(view: View) -> Move:
    similar = Call(find_similar_tickets.name, {"query": view.text[:1000]})
    if missing := not_made(view, *searches_for(view.text), similar):
        return Calls(missing)
    found = answered_by(view)
    if isinstance(found, Calls):
        return found
    article, confidence = found
    answer = quoted(article, view.text, MOST_STEPS) if article else ""
    past = [f"{one['ticket']}: {one['resolution']}" for call in answers_to(view, similar) if call.done for one in call.result]
    facts = {
        **view.facts,
        "confidence": confidence,
        "answer": answer,
        "citations": [article.excerpt.citation] if article else [],
        "steps": [line for line in answer.splitlines() if STEP.match(line)],
        "past": past,
    }
    where = f"answers it ({confidence} of 100)" if article else "No article"
    note = f"{article.excerpt.citation} {where}." if article else f"{where} answers it."
    return HandOff("escalation", note, facts)


def answered_by(view: View) -> tuple[Article | None, int] | Calls:
    """The passage that answers, and how surely it does; or the search that is due."""
    asked, borne_out = passage_asked(view.text), article_borne_out(answers_to(view, *searches_for(view.text)), view.text)
    article, confidence = borne_out, (FOUND if borne_out and borne_out.sure else DOUBTFUL) if borne_out else NOTHING
    if asked:
        passage = article_asked(view, asked.citation)
        if isinstance(passage, Calls):
            return passage
        same = borne_out is not None and passage is not None and passage.excerpt.citation == borne_out.excerpt.citation
        if passage and asked.sure:
            article, confidence = passage, BOTH if same else SURE
        elif passage and (same or article is None):
            article, confidence = passage, FOUND if same else DOUBTFUL
    return article, min([confidence, *_most(view.text, article)])


def _most(text: str, article: Article | None) -> list[int]:
    """What an answer can be as sure as, by what is asked for beside it, or in another way than it is told."""
    most = [SEVERAL] if text.count("?") > 1 else []
    if article and HOW_LONG.search(text) and STEP.search(article.excerpt.text):  # it tells how to do it
        most.append(SEVERAL)
    facts = read(text).facts
    own = facts.order_ids or facts.item_ids or facts.ticket_ids
    if own or (read(text).request.kind not in TELLS and not is_general_question(text)):
        most.append(OWN_CASE)
    return [*most, NOTHING] if wants_human(text) else most


agent = AgentSpec(
    name="knowledge",
    description="Finds what the articles and earlier tickets say to a ticket, and how sure that is.",
    prompt="You look up what answers a ticket.",
    tools=(search_articles, find_similar_tickets),
    rules_first=True,
    without_model=without_model,
)
