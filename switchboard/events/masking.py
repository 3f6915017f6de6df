"""What screens, logs and traces may not show: card numbers, and e-mail addresses in full."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from switchboard.events.encoded import readable

CARD_DIGITS = range(13, 20)
"""How long a card number is (ISO/IEC 7812)."""
CARD = "[card number]"

# One unbroken run of digits, or groups as they are printed on cards: 4-4-4-4, 4-6-5. The last group may be shorter. Groups of
# seven are two other numbers; smaller ones, as dates and times have them, make up a card where all are of one size and the
# same signs stand between them, and two of eight where they begin as cards do.
SMALLEST_GROUP, LARGEST_GROUP, MOST_GROUPS = 3, 6, 7
DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""Twice a digit, and the digits of that added up."""

EVEN_GROUPS = (1, 2, 8)
BEGIN_CARDS = range(3, 7)

HASH = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]{0,15}[a-f])[0-9a-f]{16}(?![0-9A-Za-z])")
"""What a call is bound by, as it stands in the command that approves it: no card, though its digits may look like one."""
NUMBERS = re.compile(r"\d+(?:(?:[ \u00a0.-]{1,3}|[\W_]{1,2})\d+)*")
GROUP = re.compile(r"\d+")
# Each run of characters is looked at from its first one only, so a long text without an @ costs one pass.
EMAIL = re.compile(r"(?<![\w.%+'-])([\w.%+'-])[\w.%+'-]*@([\w-]+(?:\.[\w-]+)+)")

TOP_LEVEL = re.compile(r"\.[A-Za-z]{2,24}\Z")
OF_ROLES = frozenset(
    ("abuse", "billing", "contact", "feedback", "hello", "help", "hostmaster", "info", "marketing", "news", "orders",
     "postmaster", "press", "privacy", "returns", "sales", "security", "service", "support", "webmaster")
)  # fmt: skip
"""Mailboxes of a service and of nobody in person (RFC 2142, and others of that kind): they stay readable."""
LONGEST_LOCAL = 64
"""Characters before the @ (RFC 5321, 4.5.3.1.1)."""


def masked(text: str) -> str:
    """The text as a log may hold it: `[card number]` for cards, `a...@example.com` for the e-mail addresses of people.

    Takes time in proportion to the length of the text, whatever it holds.
    """
    return EMAIL.sub(_masked_address, without_cards(text))


def masked_data(value: Any) -> Any:
    """Data whose texts are as a log may hold them."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: masked_data(one) for name, one in value.items()}
    return [masked_data(one) for one in value] if isinstance(value, list | tuple) else value


def _masked_address(address: re.Match[str]) -> str:
    local = address[0].partition("@")[0]
    return address[0] if local.lower() in OF_ROLES else f"{address[1]}...@{address[2]}"


def hidden(address: str) -> str:
    """An e-mail address as one can be told of it who may not be its owner: `a***@e***.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"


def emails(text: str) -> Iterator[re.Match[str]]:
    """The e-mail addresses of a text. What only looks like one, as a..b@example.com, is masked, and read as none."""
    for match in EMAIL.finditer(text):
        local, _, domain = match[0].rpartition("@")
        goes_on = text.startswith("@", match.end())
        if len(local) <= LONGEST_LOCAL and all(local.split(".")) and TOP_LEVEL.search(domain) and not goes_on:
            yield match


def without_cards(text: str) -> str:
    parts, at = [], 0
    for start, end in card_numbers(text):
        parts += [text[at:start], CARD]
        at = end
    return "".join([*parts, text[at:]])


def card_numbers(text: str) -> list[tuple[int, int]]:
    """Where card numbers stand, as (start, end): 13-19 digits that pass the Luhn check, in one run or in groups."""
    found: list[tuple[int, int]] = []
    hashes = [match.span() for match in HASH.finditer(text)]
    for run in NUMBERS.finditer(text):
        is_of_a_hash = any(start <= run.start() and run.end() <= end for start, end in hashes)
        if run.end() - run.start() >= CARD_DIGITS.start and not is_of_a_hash:
            found.extend(cards_in([m.span() for m in GROUP.finditer(text, *run.span())], text))
    return found


def cards_in(groups: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The spans of neighbouring groups of digits that make up a card number; the longest where several start at one."""
    digits = [int(digit) for start, end in groups for digit in text[start:end]]
    first_digit = at = 0  # at: where the last card ended, in the text
    for first, (start, end) in enumerate(groups):
        last_digit, fitting = first_digit, 0
        even = even_groups(groups, first, text) if start >= at and end - start in EVEN_GROUPS else []
        for size, right in reversed(even):
            if not fitting and size in CARD_DIGITS and passes_luhn(digits[first_digit : first_digit + size]):
                fitting = right
        for left, right in groups[first : first + MOST_GROUPS] if start >= at and not even else ():
            last_digit += right - left
            size = last_digit - first_digit
            if size >= CARD_DIGITS.stop or (left > start and right - left > LARGEST_GROUP):
                break
            if size in CARD_DIGITS and passes_luhn(digits[first_digit:last_digit]):
                fitting = right
            if not SMALLEST_GROUP <= right - left <= LARGEST_GROUP:
                break
        if fitting:
            yield start, fitting
            at = fitting
        first_digit += end - start


def even_groups(groups: list[tuple[int, int]], first: int, text: str) -> list[tuple[int, int]]:
    """How many digits there are, and where they end, up to each of the groups that are of the `first` one's size, with the
    same signs between them; the last may be shorter. Empty where they cannot be a card's.
    """
    start, end = groups[first]
    size, sign = end - start, text[end : groups[first + 1][0]] if first + 1 < len(groups) else ""
    if size == max(EVEN_GROUPS) and int(text[start]) not in BEGIN_CARDS:
        return []
    found, digits, before = [(size, end)], size, end
    for left, right in groups[first + 1 : first + CARD_DIGITS.stop]:
        digits += right - left
        if right - left > size or digits >= CARD_DIGITS.stop or text[before:left] != sign:
            break
        found.append((digits, right))
        before = right
        if right - left < size:
            break
    return found if len(found) > 1 else []


def passes_luhn(digits: list[int]) -> bool:
    """The check of ISO/IEC 7812-1, annex B; all zeros are no card."""
    return any(digits) and (sum(digits[-1::-2]) + sum([DOUBLED[digit] for digit in digits[-2::-2]])) % 10 == 0


def spoken(text: str) -> str:
    """What a person wrote, as a run takes it in: valid text without card numbers, which are kept nowhere."""
    return without_cards(readable(text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")).strip())
