"""How a customer can be reached: e-mail addresses and phone numbers that they give as their own, and their name."""

import re
from dataclasses import dataclass

from agents.requests.reading import read
from switchboard.declare.transcript import View
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.search.words import STOP_WORDS

CALL_ME = re.compile(
    r"\b(?:call|phone|ring|text|contact|reach|e-?mail|message|write (?:to )?)\s?(?:me|us)\b|\bget back to (?:me|us)\b"
    r"|\bgive (?:me|us) an? (?:\w+ )?(?:call|ring)\b|\bcall(?:ing)? (?:me )?back\b|\bcall ?back (?:to|at|on)\b",
    re.IGNORECASE,
)
MY_CONTACT = re.compile(
    r"\b(?:my|our)(?: \w+)? (?:e-?mail|number|phone|mobile|cell|telephone|contact)\b"
    r"|\b(?:e-?mail|phone|tel|mobile)(?: address| number)?\s?:",
    re.IGNORECASE,
)
SOMEBODYS = re.compile(
    r"\b(?:of|for|about|from|to|by|with|account|customer|user|order|orders|profile|address|it|that|them)\W*$", re.IGNORECASE
)
DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
HOLDS_WAY = re.compile(r"[@\d]")
BARE = 4
"""So many words beside a name and contact details are no sentence of their own."""


@dataclass(frozen=True)
class Contact:
    """What the writer gave of their own; `name` is empty where they gave none."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    name: str = ""

    @property
    def ways(self) -> dict[str, str]:
        found = (("email", self.emails), ("phone", self.phones))
        return {way: values[0] for way, values in found if values}


def contact_in(text: str) -> Contact:
    """The contact details that a text gives as the writer's own: beside "call me at" or "my number is", or on their own.

    An address that it names otherwise ("the orders of a@example.com") is somebody's that nobody may note as theirs.
    """
    emails: list[str] = []
    phones: list[str] = []
    short: list[str] = []
    text = text[:LOOKED_AT]
    for sentence in re.split(r"(?<=[.!?;])\s+|\n+", text):
        if not HOLDS_WAY.search(sentence):
            continue
        facts = read(sentence).facts
        given = [value for value in (*facts.emails, *facts.phones) if not DATE.fullmatch(value)]
        left = without(sentence, given)
        is_bare = len(left) <= BARE
        for value in given:
            place = sentence.lower().find(value.lower())
            if not SOMEBODYS.search(sentence[:place]) and (is_bare or CALL_ME.search(sentence) or MY_CONTACT.search(sentence)):
                (emails if value in facts.emails else phones).append(value)
                short.append(name_of(left) if is_bare else "")
    names = read(text).facts.names
    name = f"{names[0].first} {names[0].last or ''}".strip() if names else next(filter(None, short), "")
    return Contact(tuple(emails), tuple(phones), name)


def without(sentence: str, values: list[str]) -> list[str]:
    """The words of a sentence without these values."""
    for value in values:
        sentence = re.sub(re.escape(value), " ", sentence, flags=re.IGNORECASE)
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", sentence)


def name_of(words: list[str]) -> str:
    """The name that a few words are; empty where one of them is an everyday word or none begins with a capital."""
    everyday = {*STOP_WORDS, "e-mail", "email", "phone", "number", "tel", "mobile", "cell"}
    if not 0 < len(words) <= BARE or any(word.lower() in everyday for word in words):
        return ""
    return " ".join(words) if any(word[0].isupper() for word in words) else ""


def contact_of(view: View) -> Contact:
    """The contact details of a case; a short answer to our question is the name, and after two nobody asks again."""
    found = contact_in(view.text)
    if found.name or not view.questions:
        return found
    words = without(view.latest, [*read(view.latest).facts.emails, *read(view.latest).facts.phones])
    is_name = 0 < len(words) <= BARE and not any(word.lower() in STOP_WORDS for word in words)
    name = " ".join(words) if is_name else "not given" if view.questions > 1 else ""
    return Contact(found.emails, found.phones, name)
