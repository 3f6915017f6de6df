"""Sentiment: which words of a text are glad and which are not."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from agents.sourced.says import language_of, says
from agents.text_analysis.feelings import GLAD, SORRY, is_denied
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from switchboard.reading.languages import OURS
from switchboard.reading.languages import language_of as language_of_text

Kind = Literal["positive", "negative", "mixed", "neutral"]


class Feeling(BaseModel):
    """How a text feels, and the words of it that show it."""

    sentiment: Kind
    shown_by: list[Annotated[str, Field(min_length=2, max_length=60)]] = Field(max_length=8)


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
    kind: Kind = "mixed" if len(kinds) == 2 else "neutral" if not kinds else "positive" if kinds.pop() else "negative"
    return felt(kind, found, view)


def read(feeling: Feeling, view: View) -> Move:
    """A model's answer, as far as the text shows it: without a word that stands in it the rules answer."""
    text = " ".join(view.text.lower().split())
    shown = [word for word in feeling.shown_by if " ".join(word.lower().split()) in text]
    return felt(feeling.sentiment, shown, view) if shown else without_model(view)


def felt(kind: Kind, shown: Iterable[str], view: View) -> Say:
    by = ", ".join(shown)
    return Say(f"{says(view, kind)} ({by})" if by else says(view, kind))


def start(found: tuple[re.Match[str], bool]) -> int:
    return found[0].start()


agent = AgentSpec(
    name="sentiment",
    description="Tells how a text feels.",
    prompt="Say whether the text is positive, negative, mixed or neutral, and quote up to eight words of it that show it.",
    output=Feeling,
    read=read,
    without_model=without_model,
)
