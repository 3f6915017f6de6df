"""Sentiment: which words of a text are glad and which are not."""

import re

from agents.sourced.says import language_of, says
from agents.text_analysis.feelings import GLAD, SORRY, is_denied
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from switchboard.reading.languages import OURS
from switchboard.reading.languages import language_of as language_of_text


def without_model(view: View) -> Move:
    """By the words of English alone: of a text in another language the rules know nothing."""
    if language_of(view) != OURS or language_of_text(view.text):
        return Say(says(view, "not_found_out"))
    told = sorted([*((m, True) for m in GLAD.finditer(view.text)), *((m, False) for m in SORRY.finditer(view.text))], key=start)
    found: dict[str, bool] = {}
    for match, is_glad in told:
        denied = is_denied(view.text[max(0, match.start() - 40) : match.start()])
        found[f"{'not ' if denied else ''}{match[0].lower()}"] = is_glad != denied
    kinds = set(found.values())
    kind = "mixed" if len(kinds) == 2 else "neutral" if not kinds else "positive" if kinds.pop() else "negative"
    return Say(f"{kind} ({', '.join(found)})" if found else kind)


def start(found: tuple[re.Match[str], bool]) -> int:
    return found[0].start()


agent = AgentSpec(
    name="sentiment",
    description="Tells how a text feels.",
    prompt="Say whether the text is positive, negative, mixed or neutral, and quote the words that show it. One line.",
    without_model=without_model,
)
