"""Topics: the words that a text says most often."""

from collections import Counter

from agents.sourced.says import says
from agents.text_analysis.feelings import GLAD, SORRY
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from switchboard.reports.words.language import saying_nothing
from switchboard.search.words import terms

MOST = 5


def without_model(view: View) -> Move:
    small = saying_nothing(view.text)
    telling = (term for term in terms(view.text) if len(term) > 3 and not term.isdigit() and term not in small)
    told = Counter(term for term in telling if not GLAD.fullmatch(term) and not SORRY.fullmatch(term))
    return Say(", ".join(word for word, _ in sorted(told.items(), key=lambda one: -one[1])[:MOST]) or says(view, "none"))


agent = AgentSpec(
    name="topics",
    description="Tells what a text is about.",
    prompt="Name up to five topics of the text, in words that stand in it. One line.",
    rules_first=True,
    without_model=without_model,
)
