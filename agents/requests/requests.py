"""What a customer asks for, by weighted words: order-free within a sentence, with typing errors put right, and "I do
not want a refund" counted against a refund."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, cast, get_args

from agents.requests.numbers import AS_WORD, IN_PIECES, IS_SHORT, ITEM_BODY, LETTERS, NEVER
from agents.requests.request_words import CUES, FORMS
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.reading.facts.quantities import shape_in
from switchboard.reading.words import Spelling, sentences, words_of

RequestKind = Literal[
    "refund_duplicate", "refund_full", "refund_partial", "refund_status", "explain_charge", "invoice", "payment_method",
    "order_status", "late_parcel", "cancel_order", "change_address", "change_items", "change_payment", "return_items",
    "exchange_items", "damaged", "password", "locked", "two_factor", "user_address", "close_account", "plan_question",
    "price_question", "product_question", "subscription_change", "technical", "area", "arithmetic", "contact_me",
    "human", "complaint", "greeting", "thanks", "unknown",
]  # fmt: skip
KINDS: tuple[RequestKind, ...] = get_args(RequestKind)

LEAST = 1.5
"""The score below which nothing is known: a single hint is no request."""
LONGEST_FORM = 6


def meanings() -> dict[str, tuple[str, ...]]:
    """What each written form means."""
    found: dict[str, tuple[str, ...]] = {}
    for name, forms in FORMS.items():
        for form in forms.split(", "):
            found[form] = (*found.get(form, ()), name)
    return found


MEANINGS = meanings()
ORDER_ID = re.compile(AS_WORD + (rf"|#{LETTERS}[0-9]+" if LETTERS else ""), re.IGNORECASE)
SPELLING = Spelling(
    meant=(form for form in MEANINGS if " " not in form),
    other=(word for form in MEANINGS for word in form.split()),
    ids=(ORDER_ID, "orderid"),
)


@dataclass(frozen=True)
class Cue:
    """All `meanings` in one sentence speak for `kind`; said to be unwanted, the first one speaks against it."""

    kind: RequestKind
    weight: float
    meanings: tuple[str, ...]


def cues() -> tuple[Cue, ...]:
    found = []
    for kind, line in CUES.items():
        for part in line.split(";"):
            weight, *meanings = part.split()
            found.append(Cue(cast(RequestKind, kind), float(weight), tuple(meanings)))
    return tuple(found)


ALL_CUES = cues()

SMALL = (
    r"(?:a|an|the|my|any|you|to|your|it|this|that|for|me|about|full|partial|another|be|of|have|get|getting|receive|make|"
    r"do|just|or|order|orderid|item|items|account|subscription|membership|plan|password|address|him|them|these|those)"
)
WANT = r"(?:want|wanted|need|wish|like|asked|asking|ask|looking|look|request|requesting|require|interested|mean|trying)"
UNWANTED = re.compile(
    rf"(?:\b(?:not|never)(?: \w+)? {WANT}(?: {SMALL}){{0,6}}"
    rf"|(?:^|\b(?:want|please|and) )no(?: {SMALL}){{0,3}}"
    rf"|\b(?:without|instead of|rather than|neither)(?: {SMALL}){{0,3}}"
    rf"|(?:^|\b(?:do|please|just|should|to|and) )not(?: {SMALL}){{0,2}}"
    r"|\bnot(?: (?:a|an|the|about|for|another|to|any)){1,3})$"
)
SUM = re.compile(r"\d\s?[+*×÷^]\s?\(?\d|\d\s[-–/x]\s\(?\d|\d\s?%\s?of\s|\d\s?/\s?\d(?![\d/])")

ITEM_ID = re.compile(rf"(?<!\d){ITEM_BODY}(?!\d)") if not IS_SHORT else re.compile(NEVER)


@dataclass(frozen=True)
class Request:
    """What is asked for, and how sure the words are of it, from 0 to 1. `unknown` has confidence 0."""

    kind: RequestKind
    confidence: float


def likeliest(scores: Mapping[RequestKind, float], text: str, among: Collection[RequestKind] = KINDS) -> Request:
    """The likeliest request of a text with these scores, out of `among`: what one specialist does, or everything. Raises
    nothing; where the words are too few it is `unknown`."""
    found = {kind: score for kind, score in scores.items() if kind in among}
    ranked = sorted(found.items(), key=lambda item: (-item[1], KINDS.index(item[0])))
    if ranked and ranked[0][1] >= LEAST:
        (kind, best), *others = ranked
        second = max(others[0][1], 0.0) if others else 0.0
        return Request(kind, round(min(best / (best + 0.6 + 0.7 * second), 0.97), 2))
    return courtesy(text[:LOOKED_AT], among)


def scored(text: str) -> Mapping[RequestKind, float]:
    """What the cues of the first 20,000 characters add up to for each kind. A cue counts once, however often its words are
    repeated."""
    text = text[:LOOKED_AT]
    counted: dict[Cue, bool] = {}
    extra = {name for name, holds in (("sum", SUM.search(text)), ("measure", shape_in(text))) if holds}
    if any(character.isdecimal() for character in text):
        extra.add("number")
    if ITEM_ID.search(text):
        extra.add("itemid")
    for words in sentences(IN_PIECES.sub("orderid", text) if IN_PIECES else text, SPELLING):
        places = meanings_at(words)
        for name in extra:
            places.setdefault(name, [])
        wanted = {name: not at or any(not unwanted(words, i) for i in at) for name, at in places.items()}
        for cue in ALL_CUES:
            if all(name in places for name in cue.meanings):
                counted[cue] = counted.get(cue, True) and wanted[cue.meanings[0]]
    scores: defaultdict[RequestKind, float] = defaultdict(float)
    for cue, holds in counted.items():
        scores[cue.kind] += cue.weight if holds else -cue.weight
    return MappingProxyType(dict(scores))


def meanings_at(words: list[str]) -> dict[str, list[int]]:
    """Where each meaning stands, as indexes of the first word of its form.

    "Not shipped yet" says which order is meant, and asks nothing about its way.
    """
    places: dict[str, list[int]] = {}
    told: set[int] = set()
    for start in range(len(words)):
        for length in range(1, min(LONGEST_FORM, len(words) - start) + 1):
            for name in MEANINGS.get(" ".join(words[start : start + length]), ()):
                places.setdefault(name, []).append(start)
                told.update(range(start, start + length) if name == "unsent" else ())
    for name in ("ship", "where", "missing", "late"):
        kept = [start for start in places.pop(name, []) if start not in told]
        places |= {name: kept} if kept else {}
    return places


def unwanted(words: list[str], place: int) -> bool:
    """Whether the words before that place say that it is not wanted."""
    before = words[max(0, place - 10) : place]
    return bool({"not", "never", "no", "without", "of", "than", "neither"}.intersection(before)) and bool(
        UNWANTED.search(" ".join(before))
    )


BESIDE_A_GREETING = words_of("""
    hi hello hey hiya yo hallo good morning afternoon evening day greetings dear sir madam there team all everybody everyone
    guys folks support fernhill howdy how are is you i am it going doing today we my name please welcome nice to meet so ok
    again and just here a the me can may could would like talk ask something
""")
"""Words that say nothing of their own beside a greeting."""


def courtesy(text: str, among: Collection[RequestKind]) -> Request:
    """A greeting or thanks, where a message is hardly more than that."""
    words = [word for sentence in sentences(text, SPELLING) for word in sentence]
    places = meanings_at(words) if len(words) <= 12 else {}
    for name, kind in (("thanks", "thanks"), ("hello", "greeting")):
        if name in places and kind in among and (kind == "thanks" or BESIDE_A_GREETING.issuperset(words)):
            return Request(cast(RequestKind, kind), 0.9 if len(words) <= 6 else 0.7)
    return Request("unknown", 0.0)
