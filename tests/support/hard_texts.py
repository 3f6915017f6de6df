"""Texts that are made to be hard for a regular expression."""

import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterator
from typing import Any


def hard_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of a length that a pattern goes far into: what it matches, cut short of its end, again and again."""
    parts: list[str] = []
    for variant in range(3):
        whole = "".join(_sample(parser.parse(pattern.pattern, pattern.flags), variant))
        cuts = {len(whole), len(whole) - 1, *range(1, min(len(whole), 40), 5)}
        parts += [whole[:cut] for cut in cuts if cut > 0]
        parts += [part + " " for part in parts[-3:]]
        parts += sorted(set(whole))[:8]
    for part in dict.fromkeys([*parts, "a", " ", "1", "\n", "a ", "1 "]):
        yield (part * (length // len(part) + 1))[:length]


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
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
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
