"""What rules read from a ticket: what it is about, how soon it must be seen, and how its writer feels."""

import re

from agents.requests.lexicon import lexicon
from agents.requests.reading import read
from agents.routing.danger import danger_of
from agents.routing.departments import Department, route
from agents.routing.mood import is_furious, urgency
from switchboard.reading import mood
from switchboard.tickets.kinds import URGENCIES, Category, Classification, Sentiment, Urgency

CATEGORY: dict[Department, Category] = {"billing": "billing", "support": "technical", "account": "account"}
"""Departments by whose examples a category is told; all others are general."""
LEAST = 0.35
"""The probability below which a ticket is general."""
FOR_ALL = re.compile(
    r"\b(?:data (?:loss|breach|leak)|(?:is|are|went|been) (?:all )?down for (?:everyone|everybody|all)|outage|"
    r"none of (?:us|our \w+) can|(?:whole|entire) (?:team|office|company|site|system) (?:is|cannot|can['’]?t))\b",
    re.IGNORECASE,
)
"""That many are hit at once."""
ABUSE = re.compile(
    r"\b(?:furious|outrag\w*|livid|disgust\w*|(?:bunch|pack) of \w+|scam(?:mers)?|thieves|crooks|liars?|unacceptable|"
    r"worst .{0,30}\bever|fed up|sick (?:and tired )?of|never again|fuck\w*|bullshit|idiots?)\b",
    re.IGNORECASE,
)


def classified(text: str) -> Classification:
    """What the rules find."""
    where = route(text)
    category = CATEGORY.get(where.department, "general") if where.confidence >= LEAST else "general"
    soon, soon_by = _urgency(text)
    feels, feels_by = _sentiment(text)
    reasoning = f"Most like what {where.department} is asked ({where.confidence:.0%}). {soon_by} {feels_by}"
    return Classification(category=category, urgency=soon, sentiment=feels, reasoning=reasoning[:500])


def at_least(found: Classification, text: str) -> Classification:
    """A model's classification, which takes back nothing that is surely so: what is urgent by the rules stays as urgent, and
    who is angry stays it.
    """
    ours = classified(text)
    soon = max(found.urgency, ours.urgency, key=URGENCIES.index) if ours.urgency in ("high", "critical") else found.urgency
    feels = ours.sentiment if ours.sentiment == "angry" else found.sentiment
    return found.model_copy(update={"urgency": soon, "sentiment": feels})


def _urgency(text: str) -> tuple[Urgency, str]:
    if danger := danger_of(text):
        return "critical", danger.for_operators
    if found := FOR_ALL.search(text):
        return "critical", f"Many are hit: “{found[0]}”."
    match urgency(text):
        case "high":
            return "high", "They say that it cannot wait."
        case "low":
            return "low", "They say that there is time."
    return "medium", "Nothing says that it is sooner or later than others."


def _sentiment(text: str) -> tuple[Sentiment, str]:
    if is_furious(text):
        return "angry", "They threaten or shout."
    feels = mood.sentiment(text, lexicon())
    if feels == "negative" and (found := ABUSE.search(text)):
        return "angry", f"They are angry: “{found[0]}”."
    if feels == "neutral" and read(text).request.kind == "thanks":
        return "positive", "They give thanks."
    return feels, "" if feels == "neutral" else f"Their words are {feels}."
