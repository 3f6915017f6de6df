"""Whether somebody asks for a person."""

import re

from switchboard.reading.tongues import letters, tongue_of

_SOMEONE = (
    r"(?:(?:a|an|the|your|some|any|another|one of your|real|live|actual|human|customer|service|support|sales|free) )*"
    r"(?:humans?|human being|person|people|agents?|representatives?|rep|managers?|supervisor|operator|advis[oe]r|"
    r"somebody|someone|employee|assistant|staff|team leader|boss)\b"
)
_WANTS = re.compile(
    r"\b(?:(?:speak|talk|chatt?)(?:ing)?|(?:connect|transfer|put|pass|switch|forward|hand|get|give)(?: me| this| it)?|"
    r"escalate|call(?: back)? from|in touch|reach|contact(?:ing)?|call|want|need)(?: directly| through| on| over)? "
    rf"(?:to |with |by )?{_SOMEONE}|"
    r"\b(?:real|live|actual) (?:person|human|agent)\b|\bhuman (?:agent|operator|help|support|assistance)\b|"
    r"\b(?:no|not an?|stop the|hate (?:this|the|talking to an?)) (?:ro)?bots?\b",
    re.IGNORECASE,
)
_WHAT_WE_ARE = re.compile(
    r"\b(?:are you|am i|is this|you are|you're)\b[^.!?]{0,200}\b(?:human|person|bot|robot|agent)\b", re.IGNORECASE
)


def asks_for_a_person(text: str, language: str = "en") -> bool:
    """Whether the words ask for a person. Asking whether we are one is not that."""
    tongue = tongue_of(language)
    if tongue:
        return bool(tongue.person.search(letters(text, language)))
    return bool(_WANTS.search(_WHAT_WE_ARE.sub(" ", text.replace("’", "'"))))
