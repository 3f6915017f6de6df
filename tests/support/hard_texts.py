"""Texts that are made to be hard for a regular expression."""

import random
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterator
from typing import Any

SINGLE = ("a", "A", "1", " ", "\n", "\t", "\u00e9", "\u0662", *".,;:!?-_'\"()[]{}<>/\\@#$%&*+=|~`\u2019\u2022")
MIXED = (
    "a ",
    "1 ",
    "a1",
    "a.",
    "1.",
    "1,",
    "a-",
    "a_",
    "a, ",
    ". ",
    "\n\n",
    " \n",
    "\r\n",
    "a\n",
    "a a  ",
    "a@",
    "a.b@c.",
    "1-1 ",
)
MOST_LITERALS = 40


def hard_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of a length that a pattern goes far into: what it matches, cut short of its end, again and again; its own words
    alone and with other signs behind them; single signs, pairs, and all of it in any order.
    """
    parsed = parser.parse(pattern.pattern, pattern.flags)
    parts: list[str] = []
    for variant in range(4):
        whole = "".join(_sample(parsed, variant))
        cuts = {len(whole), len(whole) - 1, *range(1, min(len(whole), 40), 5)}
        parts += [whole[:cut] for cut in sorted(cuts) if cut > 0]
        parts += [part + " " for part in parts[-3:]]
        parts += sorted(set(whole))[:8]
    literals = list(dict.fromkeys(_literals(parsed)))[:MOST_LITERALS]
    parts += literals
    parts += [literal + sign for literal in literals[:8] for sign in (" ", "1", "a", "-", ". ", "\n")]
    every = list(dict.fromkeys([*parts, *SINGLE, *MIXED]))
    for part in every:
        yield _repeated(part, length)
    for first in dict.fromkeys([*literals[:4], every[0]]):  # one beginning, or half of them beginnings, and the rest no end
        for rest in ("a", "1", " ", "a "):
            yield (first + " " + _repeated(rest, length))[:length]
            yield _repeated(first, length // 2) + _repeated(rest, length - length // 2)
    chance = random.Random(pattern.pattern)
    for some in (every, [*literals, *SINGLE], [*literals, " "], SINGLE):
        yield "".join(chance.choices(some, k=length))[:length]


def _repeated(part: str, length: int) -> str:
    """A part again and again, and never half of it: how a text ends may decide what is done with all of it."""
    return part * max(1, length // len(part))


def _literals(items: Any) -> Iterator[str]:
    """The words that stand in a parsed pattern, wherever they do."""
    run = ""
    for kind, value in items:
        if kind is sre.LITERAL:
            run += chr(value)
            continue
        if run:
            yield run
        run = ""
        if kind is sre.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)
        elif kind is sre.GROUPREF_EXISTS:
            for branch in value[1:]:
                yield from _literals(branch or ())
        elif kind is sre.ATOMIC_GROUP:
            yield from _literals(value)
        elif kind in (sre.SUBPATTERN, sre.ASSERT, sre.ASSERT_NOT, *REPEATS):
            yield from _literals(value[-1])
    if run:
        yield run


REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def _sample(items: Any, variant: int) -> Iterator[str]:
    """A text that a parsed pattern matches, nearly: `variant` chooses the branch and how often things repeat."""
    for kind, value in items:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.NOT_LITERAL:
            yield "b" if value == ord("a") else "a"
        elif kind is sre.ANY:
            yield "a"
        elif kind is sre.IN:
            yield _one_of(value, variant)
        elif kind is sre.BRANCH:
            yield from _sample(value[1][variant * 7 % len(value[1])], variant)
        elif kind is sre.SUBPATTERN:
            yield from _sample(value[-1], variant)
        elif kind in REPEATS:
            low, high, inner = value
            for _ in range(max(low, min(int(high), variant))):
                yield from _sample(inner, variant)
        elif kind is sre.ATOMIC_GROUP:
            yield from _sample(value, variant)


def _one_of(items: Any, variant: int) -> str:
    classes = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}
    classes |= {sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: ".", sre.CATEGORY_NOT_DIGIT: "a"}
    if items[0][0] is sre.NEGATE:
        refused = re.compile("[" + "".join(re.escape(chr(v)) for k, v in items[1:] if k is sre.LITERAL) + "\n\x00]")
        taken = {classes.get(v, "") for k, v in items[1:] if k is sre.CATEGORY}
        return next((c for c in ("a", " ", "1", "-", "\u00e9") if not refused.match(c) and c not in taken), "~")
    kind, value = items[variant % len(items)]
    if kind is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is sre.RANGE else classes.get(value, "a")
