"""Which option of a product the customer's words name or wish for.

Variants are those of get_product_details, by item id.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.products.spoken import LOOKED_AT, WEAK, holds, spoken_words, tokens

BIGGER = re.compile(r"\b(?:bigger|larger|longer|wider|(?:one|a) size up)\b", re.IGNORECASE)
SMALLER = re.compile(r"\b(?:smaller|shorter|narrower|(?:one|a) size down)\b", re.IGNORECASE)
BY_ONE = re.compile(r"\b(?:one|a|1) size\b", re.IGNORECASE)
LETTER_SIZES = {
    "xs": "extra small",
    "s": "small",
    "m": "medium",
    "l": "large",
    "xl": "extra large",
    "xxl": "double extra large",
}
SCALES = (
    ("very low", "low", "medium", "high", "very high"),
    ("extra small", "small", "medium", "large", "extra large"),
    ("beginner", "intermediate", "expert"),
    ("easy", "medium", "hard"),
    ("mini", "compact", "standard", "full size"),
    ("single", "double", "queen", "king"),
    ("pocket", "small", "medium", "large"),
)
"""Values that are steps, the least first."""
TIMES = {"l": 1000, "m": 1000, "cm": 10, "inch": 25.4, "in": 25.4, "ft": 304.8, "kg": 1000, "tb": 1000, "k": 1000}
"""How often the smallest unit of its kind is in another one: ml, mm, g, gb, and lines of a picture."""
NEEDS_KEY = frozenset(("left", "right", "none", "yes", "no"))


@dataclass(frozen=True)
class Wish:
    """`item_id`: the one variant that is wished for and available. `sold_out`: it exists, and cannot be had now.
    `stays`: the item is already what is wished for, as the cheapest one may be.
    """

    item_id: str | None = None
    sold_out: bool = False
    stays: bool = False

    @property
    def is_open(self) -> bool:
        return self.item_id is None and not self.stays


def wish_for(text: str, current: Mapping[str, str], variants: Mapping[str, Any], *, same: bool = False) -> Wish:
    """The variant that the text wishes for instead of the `current` options; what it does not speak of stays as it is.

    With `same` the current options are wished for where the text names no others, as for a replacement.
    """
    by_id = [variant_id for variant_id in variants if variant_id in text and variants[variant_id]["options"] != current]
    if len(by_id) == 1:
        return Wish(by_id[0]) if variants[by_id[0]]["available"] else Wish(sold_out=True)
    spoken = options_spoken(text, current, variants)
    if spoken is None:
        return Wish()
    if not spoken and not same:
        return one_step(text, current, variants)
    wished = {**current, **spoken}
    fitting = [variant_id for variant_id, v in variants.items() if v["options"] == wished]
    available = [variant_id for variant_id in fitting if variants[variant_id]["available"]]
    return Wish(available[0] if len(available) == 1 else None, sold_out=bool(fitting) and not available)


def options_spoken(text: str, current: Mapping[str, str], variants: Mapping[str, Any]) -> dict[str, str] | None:
    """The options that the text names and the `current` ones are not; None where it names several of one kind."""
    found: dict[str, str] = {}
    for key in current:
        values = list(dict.fromkeys(v["options"][key] for v in variants.values() if key in v["options"]))
        spoken = {value for value in values if mentions(text, key, value, values)} - {current[key]}
        if len(spoken) > 1:  # "a medium one with high ventilation" speaks of one ventilation
            spoken = {value for value in spoken if holds(tokens(text), [*tokens(value), *tokens(key)])} or spoken
        if len(spoken) > 1:
            return None
        found |= dict.fromkeys([key] if spoken else [], next(iter(spoken), ""))
    return found


def one_step(text: str, current: Mapping[str, str], variants: Mapping[str, Any]) -> Wish:
    """A bigger or smaller one, where only one size, with all else the same, can be meant."""
    up, down = BIGGER.search(text), SMALLER.search(text)
    if bool(up) == bool(down):
        return Wish()
    found: dict[str, float] = {}
    for variant_id, variant in variants.items():
        changed = [key for key in current if variant["options"].get(key) != current[key]]
        if len(changed) == 1 and variant["available"]:
            old, new = rank(current[changed[0]]), rank(variant["options"][changed[0]])
            if old is not None and new is not None and (new > old if up else new < old):
                found[variant_id] = abs(new - old)
    if BY_ONE.search(text):
        found = {variant_id: step for variant_id, step in found.items() if step == min(found.values())}
    return Wish(next(iter(found))) if len(found) == 1 else Wish()


def rank(value: str) -> float | None:
    """A size or a step of a scale as a number, for comparing with others of its option; None for what is neither."""
    if value.lower() in LETTER_SIZES:
        return float(list(LETTER_SIZES).index(value.lower()))
    if scale := next((scale for scale in SCALES if value.lower() in scale), None):
        return float(scale.index(value.lower()))
    number = re.match(r"(-?\d+(?:\.\d+)?)(?: (\w+))?", " ".join(tokens(value)))
    return float(number[1]) * TIMES.get(number[2] or "", 1) if number else None


def mentions(text: str, key: str, value: str, others: Iterable[str]) -> bool:
    """Whether the text speaks of this value of an option. `others` are the values that the option can have."""
    if value.lower() in LETTER_SIZES:
        return letter_size(text, value)
    name = tokens(key)
    if value.lower() in ("yes", "no", "none"):
        return has_feature(text, name) is {"yes": True}.get(value.lower(), False)
    own = tokens(value)
    rest = [tokens(other) for other in others if other != value]
    spoken = spoken_words(text, (word for option in (own, *rest) for word in option))
    if len(own) == 1 and (own[0].isdecimal() or own[0] in NEEDS_KEY):
        return beside(spoken, own[0], name) or (len(spoken) <= 2 and own[0] in spoken)
    longer = [option for option in rest if len(option) > len(own) and holds(option, own) and holds(spoken, option)]
    if holds(spoken, own):
        return not longer
    if re.fullmatch(r"-?[\d.]+", own[0]):  # of "130 x 170 cm" the unit may be left out, of "26 l" in a short answer only
        return holds(spoken, own[:-1]) if len(own) > 2 else len(spoken) <= 3 and own[0] in spoken
    taken = {word for option in rest for word in option} | WEAK
    return any(word in spoken for word in own if word not in taken and len(word) > 2)


def beside(words: Sequence[str], value: str, key: Sequence[str]) -> bool:
    """Whether a value stands next to the name of its option: pack of 4, 4 pieces, left zip."""
    places = [i for i, word in enumerate(words) if word == value]
    return any(word in key for i in places for word in words[max(0, i - 2) : i + 2])


def has_feature(text: str, key: Sequence[str]) -> bool | None:
    """Whether the text wants the feature (with a meter) or wants it left out (without one); None where it is silent."""
    words = tokens(text)
    for i in range(len(words)):
        if list(words[i : i + len(key)]) == list(key) and len(key) > 0:
            before = words[max(0, i - 3) : i]
            return not {"without", "no", "not"} & set(before)
    return None


def letter_size(text: str, value: str) -> bool:
    """S, M, L as a word of its own in capitals, after "size", or spelled out. 18 L is a volume."""
    text = text[:LOOKED_AT]
    letter = re.escape(value)
    return bool(
        re.search(rf"(?<![\w'’.])(?<!\d )(?<!\d){letter.upper()}(?![\w'’]|\.\w)", text)
        or re.search(rf"\bsize {letter}\b", text, re.IGNORECASE)
        or re.search(rf"(?<!extra )\b{LETTER_SIZES[value.lower()]}\b", text, re.IGNORECASE)
    )
