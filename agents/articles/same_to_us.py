"""What customers name in many ways and is one to us: countries abroad, the people whom they write for, kinds of account."""

import re

from agents.articles.abroad import with_countries_as_one

KIN = re.compile(
    r"\b(?:my|our|his|her|their) (?:son|daughter|wife|husband|partner|mother|mom|mum|father|dad|sister|brother|parents|child|"
    r"children|kids?|cousin|uncle|aunt|niece|nephew|friend|girlfriend|boyfriend|grand(?:mother|father|ma|pa|son|daughter)|colleague|boss|"
    r"neighbou?r|flatmate|room ?mate|fianc[eé]e?|spouse|family|relatives?)s?\b",
    re.IGNORECASE,
)
"""People whom somebody writes for."""
KIND_OF_ACCOUNT = re.compile(
    r"\b(?:gold(?:en)?|platinum|silver|bronze|diamond|pro|premium|standard|basic|freemium|free|advanced|vip|deluxe|business) "
    r"(accounts?|profiles?|users?)\b",
    re.IGNORECASE,
)
"""There is one kind of account alone."""
MOST = 2000


def as_one(text: str) -> str:
    """A text in which every such name is the one that stands in the articles' lines."""
    said = with_countries_as_one(text[:MOST])
    return KIND_OF_ACCOUNT.sub(r"premium \1", KIN.sub("my son", said))
