"""What is found of a ticket, and what becomes of it: closed lists, and the table that decides."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

Category = Literal["billing", "technical", "account", "general"]
Urgency = Literal["low", "medium", "high", "critical"]
Sentiment = Literal["positive", "neutral", "negative", "angry"]
Decision = Literal["auto_resolve", "draft", "human"]

URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
AS_URGENCY: dict[str, Urgency] = {**{one: one for one in URGENCIES}, "normal": "medium", "urgent": "critical"}
"""Urgencies, and what projects call them beside."""
ON_CALL: tuple[Urgency, ...] = ("critical", "high")
"""Those that somebody hears of by chat, mail and pager; the others by mail."""


class Classification(BaseModel):
    """What a ticket is about, how soon it must be seen, and how its writer feels; `reasoning` says by which words."""

    category: Category
    urgency: Urgency
    sentiment: Sentiment
    reasoning: str = Field(max_length=500)


class Findings(BaseModel):
    """What the articles answer to a ticket: the suggested answer, the passages that it rests on, what is to be done one after
    the other, and how surely that answers it.
    """

    answer: str = Field(max_length=4000)
    citations: list[Annotated[str, Field(max_length=300)]] = Field(max_length=8)
    steps: list[Annotated[str, Field(max_length=500)]] = Field(max_length=20)
    confidence: int = Field(ge=0, le=100)


NEVER = 101
"""A confidence that none reaches."""
LEAST: dict[Urgency, dict[Sentiment, tuple[int, int]]] = {
    "low": {"positive": (80, 40), "neutral": (80, 40), "negative": (85, 40), "angry": (NEVER, 50)},
    "medium": {"positive": (85, 50), "neutral": (85, 50), "negative": (90, 50), "angry": (NEVER, 60)},
    "high": {"positive": (95, 60), "neutral": (95, 60), "negative": (NEVER, 60), "angry": (NEVER, 70)},
    "critical": {"positive": (NEVER, NEVER), "neutral": (NEVER, NEVER), "negative": (NEVER, NEVER), "angry": (NEVER, NEVER)},
}
"""By urgency and sentiment the confidence, 0 to 100, from which on a ticket is resolved by its answer, and from which on that
is a draft for a person. Below it a person has it without one; what is critical always, who is on call.
"""


def decide(confidence: int, urgency: Urgency, sentiment: Sentiment) -> Decision:
    """What becomes of a ticket whose answer is as sure as this."""
    resolves, drafts = LEAST[urgency][sentiment]
    return "auto_resolve" if confidence >= resolves else "draft" if confidence >= drafts else "human"


def urgency_of(priority: str) -> Urgency:
    """A ticket's priority as an urgency; a word that is none is medium."""
    return AS_URGENCY.get(priority, "medium")
