"""Whether what an agent tells a customer is carried by what was done and found in the run."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from runtime.flow import CUSTOMER
from runtime.state import Run, written
from runtime.transcript import as_json

DONE_WORDS = {
    "refund": ("refunded", r'"refunds":|"transaction_type":"refund"|refunded'),
    "cancel": ("cancell?ed", "cancelled"),
    "return": ("returned", "return requested|returned"),
    "exchange": ("exchanged", "exchange requested|exchanged"),
    "modif": ("changed|updated|modified|corrected", "modified|changed"),
    "transfer": ("transferred", "transferred"),
    "ticket": ("opened", "ticket"),
}
"""Part of a tool's name, the words that say it was done, and what a result reads like that tells of it."""
ADVERBS = r"(?:just |now |already |successfully |also |hereby )*"
SAYS_DONE = {
    part: re.compile(
        rf"\b(?:i|we)(?:'ve| have|) {ADVERBS}(?:{verb})\b|\b(?:is|are|was|were|has been|have been) {ADVERBS}(?:{verb})\b"
        + (
            r"|\brefund\b(?:[^.!?]|\.\d){0,40}\b(?:is on (?:its|the) way|was issued|has been issued|went out)\b"
            if part == "refund"
            else ""
        ),
        re.IGNORECASE,
    )
    for part, (verb, _) in DONE_WORDS.items()
}
MONEY = re.compile(
    r"(?<![\w.,])[$€£] ?(\d[\d,]*(?:\.\d{1,2})?)|(?<![\w.,])(\d[\d,]*(?:\.\d{1,2})?) ?(?:USD|EUR|GBP|dollars|euros)\b"
)
DENIED = re.compile(r"\b(?:nothing|none|no \w+|never|not)\b[^.!?]*$", re.IGNORECASE)
FRACTION = re.compile(r"(?<![\w.,])\d{1,7}\.\d{2}(?![\w.])")


def unsupported(run: Run, text: str) -> str | None:
    """The first claim in a text that nothing in the run carries: a thing done, or an amount of money; else None.

    A thing is carried by a call that was done, or by a result that mentions it ("the order is cancelled"); an amount by
    a result, an argument or the customer's words, or as the sum or difference of two such amounts.
    """
    done = " ".join(f"{e.tool} {as_json(e.result)}" for e in written(run)).lower()
    found = " ".join(as_json(e.result) for e in run.transcript if e.kind == "result" and e.status == "done").lower()
    for part, says in SAYS_DONE.items():
        claims = (c for c in says.finditer(text) if not DENIED.search(text, max(0, c.start() - 24), c.start()))
        claim = next(claims, None)
        if claim is None:
            continue
        by_us = re.match(r"(?:i|we)\b", claim[0], re.IGNORECASE)
        if part not in done and (by_us or not re.search(DONE_WORDS[part][1], found)):
            return claim[0]
    known = known_cents(run)
    for amount in amounts(text):
        if not made_of(amount, known):
            return f"an amount of {amount / 100:.2f}"
    return None


def amounts(text: str) -> Iterator[int]:
    """The amounts of money in a text, in cents."""
    for match in MONEY.finditer(text):
        number = match[1] or match[2]
        number = f"{number[:-3]}.{number[-2:]}" if number[-3:-2] == "," else number  # 42,50 as much of Europe writes it
        yield int(Decimal(number.replace(",", "")) * 100)


def known_cents(run: Run) -> set[int]:
    """Every amount that results, arguments and the customer's words hold, in cents."""
    known: set[int] = set()
    for entry in run.transcript:
        if entry.kind == "result":
            known.update(cents_in("", [entry.arguments, entry.result]))
        elif entry.kind == "message" and entry.speaker == CUSTOMER:
            known.update(cents_in("", entry.text))
    return known


def cents_in(name: str, value: Any) -> Iterator[int]:
    """The amounts in a result: fields called cents are cents, fractions are dollars, texts are read."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from cents_in(str(key), item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from cents_in(name, item)
    elif isinstance(value, str):
        yield from amounts(value)
        yield from (int(Decimal(number) * 100) for number in FRACTION.findall(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield int(value) if name.endswith("cents") else round(value * 100)


def made_of(amount: int, known: set[int]) -> bool:
    """Whether an amount is known, or the sum or difference of two known ones."""
    return amount == 0 or amount in known or any(amount - one in known or amount + one in known for one in known)
