"""Which of several values of an option is wanted first: "battery, else USB", "rather green than grey", "oak over pine"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agents.products.options import mentions
from agents.products.spoken import LOOKED_AT

PREFERS = re.compile(
    r"\b(?:prefer\w*|rather|ideally|first choice|otherwise|or else|if not|failing that|next best|second choice|then)\b|>"
    r"|\bif (?:(?:both|all|they|that|it|one|there) (?:is|are|['’]s)|you have|there['’]s|available|possible)\b",
    re.IGNORECASE,
)
"""Words that put one value before another."""
FIRST = re.compile(r"\b(?:prefer\w*|rather|ideally|first choice)\b", re.IGNORECASE)
PARTS = re.compile(
    r"[,;>/\n]|\.\s|\b(?:or|otherwise|else|over|than|then|if|but|before|and)\b|(?=\b(?:prefer|rather|ideally|first choice))",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[.!?;\n])\s+")


def preferences(text: str, keys: Iterable[str], variants: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """For each option of which a sentence puts several values in an order, that order, the best first."""
    found: dict[str, tuple[str, ...]] = {}
    for sentence in SENTENCE.split(text[:LOOKED_AT]):
        if not PREFERS.search(sentence):
            continue
        parts = PARTS.split(sentence)
        for key in keys:
            values = list(dict.fromkeys(v["options"][key] for v in variants.values() if key in v["options"]))
            ordered = in_order(key, values, parts)
            if len(ordered) > 1:
                found[key] = ordered
    return found


def in_order(key: str, values: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """The values in the order in which the parts name them, those that are said to be preferred first."""
    spoken = [(not FIRST.search(part), place, value) for place, part in enumerate(parts) for value in values
              if mentions(part, key, value, values)]  # fmt: skip
    return tuple(dict.fromkeys(value for _, _, value in sorted(spoken)))


def preferred(wanted: Mapping[str, Sequence[str]], variants: Mapping[str, Any]) -> dict[str, Any]:
    """Of these variants those with the best value that there is, one option after the other."""
    left = dict(variants)
    for key, values in wanted.items():
        fitting = ({k: v for k, v in left.items() if v["options"].get(key) == value} for value in values)
        left = next((some for some in fitting if some), {})
    return left
