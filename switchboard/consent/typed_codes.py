"""Codes as customers write them where one is asked for: which numbers of a message are tried, and are hidden.

Six digits are a code wherever they stand. Where a code is the question that is open, a number with a digit or two too many or
too few is one too, a wrong one, if it stands as an answer: with nothing beside it, or behind the word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

DIGITS = 6
MOST_LOOKED_AT = 20
"""Numbers of one message that are taken for codes."""
MOST_ANSWER = 120
"""Characters of an answer that says nothing but a code."""
HIDDEN = "\u2022" * DIGITS
"""What stands for a code in a transcript. It is no word, so that no rule reads one."""
TOGETHER = re.compile(rf"(?<![\w@#.+-])\d{{{DIGITS}}}(?![\w@-]|[.,]\d)")
IN_TWO = re.compile(r"(?<![\w@#.+-])(?<!\d[ \u00a0])\d{3}[ \u00a0-]\d{3}(?![\w@-]|[ \u00a0.,]\d)")
"""A telephone number goes on before or behind it."""
GAP = r"(?: ?- ?|[ \u00a0.,])"
LOOSE = rf"(\d(?:{GAP}?\d){{3,7}})(?![\w@-]|{GAP}\d)"
"""Four to eight digits, together or apart."""
ALONE = re.compile(rf"(?<![\w@#+$€£])(?<!\d[ \u00a0.,-]){LOOSE}")
NAMED = re.compile(
    r"(?:(?:^|[.,;:!?\n])[ \t]{0,5}|\b(?:the|my|your|this|that|der|mein|le|mon|votre|el|mi) )"
    r"(?:(?:one-time|verification|security|6-digit|six-digit|e-?mail(?:ed)?) )?(?:code|c[oó]digo)"
    rf"(?: (?:is|was|says|ist|lautet|est|es))?[ \t]?[:=]?[ \t]{{0,3}}{LOOSE}",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
SAID_BESIDE = """
    it is its s the this that here my your code number digits one got received says now ok okay yes sure sorry oh oops well i
    have you thanks thank please hello hi and again try maybe think must be was a to mail email e sent in from new latest last
    der die das ist mein lautet hier danke bitte nochmal voici le mon est merci c aquí aqui el mi código codigo es gracias"""
BESIDE = frozenset(SAID_BESIDE.split())
"""Words of an answer that say no more than that the number beside them is the code."""


class Number(NamedTuple):
    """A number that is read as a code: where it stands, and its digits in ASCII."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True)
class Hiding:
    """Which numbers of a customer's message are read as codes, and hidden in their case.

    `awaits`: they may write a code. `asks`: that is the question which is open. `spent`: the marks of the codes of their case,
    once one of them has verified the customer; then these alone are hidden, and a message that says nothing but a further
    code, unless it answers another question (`asks_else`).
    """

    case_id: str
    awaits: bool = False
    asks: bool = False
    spent: tuple[str, ...] = ()
    asks_else: bool = False

    def written_in(self, text: str) -> list[str]:
        """The numbers of a customer's own words that are to be tried, each once."""
        return list(dict.fromkeys(one.digits for one in self._numbers(text) if self.awaits))[:MOST_LOOKED_AT]

    def without_codes(self, text: str) -> str:
        """A message as it is kept and read."""
        parts, behind = list[str](), 0
        needless = bool(self.spent) and not self.asks_else and _is_an_answer(text)
        for number in self._numbers(text):
            is_needless = needless and len(number.digits) == DIGITS
            if self.awaits or is_needless or mark_of(self.case_id, number.digits) in self.spent:
                parts += [text[behind : number.start], HIDDEN]
                behind = number.end
        return "".join([*parts, text[behind:]])

    def _numbers(self, text: str) -> list[Number]:
        """The numbers that may be codes, in their order; of two that overlap the one that is six digits for sure."""
        if not (self.awaits or self.spent):
            return []
        found = sorted(_numbers(text, (TOGETHER, IN_TWO)))
        if self.asks or self.spent:
            taken = {place for one in found for place in range(one.start, one.end)}
            loose = _numbers(text, (NAMED, ALONE) if _is_an_answer(text) else (NAMED,))
            found += [one for one in dict.fromkeys(loose) if taken.isdisjoint(range(one.start, one.end))]
        return sorted(found)


NOTHING_HIDDEN = Hiding("")


def mark_of(case_id: str, code: str) -> str:
    """What a code that counts no more is known by. Who tries a million finds it, and then it is of no use to them."""
    return sha256(f"{case_id} {code}".encode()).hexdigest()[:16]


def says_only_codes(text: str) -> bool:
    """Whether a message as it is kept says nothing but codes that were taken out of it."""
    return HIDDEN in text and not any(c.isdecimal() for c in text) and BESIDE.issuperset(WORD.findall(text.casefold()))


def _is_an_answer(text: str) -> bool:
    """Whether a text says nothing beside its one number."""
    return len(text) <= MOST_ANSWER and BESIDE.issuperset(WORD.findall(text.casefold())) and len(ALONE.findall(text)) == 1


def _numbers(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Number]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span(pattern.groups)  # the number is the last group, or all of it
            yield Number(start, end, "".join(str(int(c)) for c in text[start:end] if c.isdecimal()))
