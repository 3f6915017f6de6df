"""What a text holds that is a fact in every trade: e-mail addresses, names, phone numbers, amounts, measures, error codes.

Ids are a project's: it says where they stand (`Ids`), and what is one is nothing else.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from switchboard.events.masking import card_numbers, emails
from switchboard.reading.facts.people import Address, Name, addresses_in, names_in, zips_in
from switchboard.reading.facts.quantities import Amount, Shape, amounts_in, shape_in

LOOKED_AT = 20_000
"""Characters of a message that are read; what stands after them is ignored."""
GONE = "\0"  # stands for text that is dealt with: no word, no digit, no blank, so that no pattern reaches across it
Spans = list[tuple[int, int]]
Ids = Callable[[str], Iterable[tuple[int, int]]]
"""Where the ids of a text stand."""
PHONE_WORD = r"\b(?:phone|call|calling|tel|telephone|mobile|cell|ring|text|reach|whatsapp)\b"
PHONES = (
    re.compile(PHONE_WORD + r"[^\d\n+(#$]{0,30}(\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w|-\w)", re.IGNORECASE),
    re.compile(r"(?<![\w+(.-])(\+\d(?:[ ().-]{0,2}\d){7,14})(?!\w)"),
    re.compile(r"(?<![\w(.+-])((?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}|\d{3}-\d{4})(?![\w-])"),
)
ERROR_CODES = (
    re.compile(
        r"\berror(?:\s(?:code|number|message|no\.?))?(?:\s(?:is|says|of))?[\s:#\"']{0,3}"
        r"(0x[0-9a-f]{1,16}|[a-z]{0,4}[-_]?[0-9]{1,6})(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\w)(ERR[-_][A-Z0-9_-]{1,40}|0x[0-9A-Fa-f]{4,16})(?!\w)"),
)
BARE_CODE = re.compile(r"(?<!\w)([A-Z]{1,2}-?[0-9]{1,4})(?!\w)(?!\s(?:bulb|socket|base|lamp|screw))")
SHOWS_CODE = re.compile(r"\b(?:error|code|fault|display\w{0,2}|screen|show(?:s|ing|ed)?|blink\w{0,3}|flash\w{0,3})\b", re.I)


@dataclass(frozen=True)
class Details:
    """What a text names, each kind in the order of the text and without repeats."""

    emails: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    zips: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    addresses: tuple[Address, ...] = ()
    shape: Shape | None = None
    error_codes: tuple[str, ...] = ()
    rest: str = field(default="", compare=False, repr=False)
    """The text without e-mail addresses, ids, phone and card numbers; every other place stays where it was."""


def details_in(text: str, ids: Ids, trade: frozenset[str] = frozenset()) -> Details:
    """The details of the first 20,000 characters (`LOOKED_AT`). Card numbers are never among them. Raises nothing.

    `ids` is asked of the text without e-mail addresses; `trade` are words that are nobody's name.
    """
    text = readable(text)
    written = [m.span() for m in emails(text)]
    rest = without(text, written)
    rest = without(rest, ids(rest))
    phones = phone_places(rest)
    rest = without(rest, phones)
    return Details(
        emails=each_once(text[start:end].lower() for start, end in written),
        names=names_in(rest, trade),
        zips=zips_in(rest),
        phones=each_once(text[start:end] for start, end in phones),
        amounts=amounts_in(rest),
        addresses=addresses_in(rest),
        shape=shape_in(rest),
        error_codes=error_codes(rest),
        rest=rest,
    )


def readable(text: str) -> str:
    """What is read of a text: its first 20,000 characters, without card numbers."""
    return without(text[: LOOKED_AT + 64], card_numbers(text[: LOOKED_AT + 64]))[:LOOKED_AT]


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans blanked out, so that every other place stays where it was."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], GONE * (end - max(start, at))]
        at = max(at, end)
    return "".join(parts) + text[at:]


def each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def phone_places(text: str) -> list[tuple[int, int]]:
    """Phone numbers, as written: called one, with a country code, or grouped as one."""
    found: list[tuple[int, int]] = []
    for pattern in PHONES:
        for match in pattern.finditer(text):
            if not any(start < match.end(1) and match.start(1) < end for start, end in found):
                found.append(match.span(1))
    return sorted(found)


def error_codes(text: str) -> tuple[str, ...]:
    """Error codes, in capitals: what is called an error, and E23 where something shows it."""
    patterns = (*ERROR_CODES, BARE_CODE) if SHOWS_CODE.search(text) else ERROR_CODES
    found = {match.start(1): match[1].upper() for pattern in patterns for match in pattern.finditer(text)}
    return each_once(found[place] for place in sorted(found))
