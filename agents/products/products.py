"""What a customer calls a product, and how many they want: matched against the names that the shop uses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from switchboard.search.words import STOP_WORDS

NUMBERS = {
    word: n
    for n, word in enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2)
}
UNITS_NAMED = "mm cm m km l ml litre litres liter liters lumen mah kg g inch inches ft usd dollars euros percent"
UNITS = frozenset(UNITS_NAMED.split())
NO_NAME = frozenset(["set", "pack", "kit"])  # a word that ends many names and tells none of them apart
ALSO_CALLED = {
    "headphones": "earbuds", "headphone": "earbuds", "earphones": "earbuds", "headset": "earbuds", "backpack": "daypack",
    "rucksack": "daypack", "torch": "headlamp", "flashlight": "headlamp", "raincoat": "jacket", "hoover": "vacuum",
    "thermos": "bottle", "flask": "bottle", "canoe": "kayak", "powerbank": "bank", "bookshelf": "shelf", "skillet": "pan",
    "doormat": "mat", "sheets": "linen", "bedding": "bed", "basket": "hamper", "bulb": "lamp",
}  # fmt: skip
COLOURS_NAMED = "red blue green yellow orange purple violet pink brown black white grey gray beige silver gold golden turquoise"
COLOURS = frozenset(COLOURS_NAMED.split())
"""Colours that customers ask for; what each is called in the catalogue stands in the options."""
GREY = {"gray": "grey", "golden": "gold"}
VALUE_OF_SIZE = re.compile(r"\bsizes? (xxs|xs|s|m|l|xl|xxl|xxxl|\d{1,2})\b", re.IGNORECASE)
LOOKED_AT = 2000
"""Characters of a message in which products are looked for."""
MOST_OPTION = 200
"""Characters of an option's value; nobody names a longer one."""
LOOK_BACK = 6
COUNT = rf"(\d{{1,4}}|{'|'.join(NUMBERS)})"
OF_IT = re.compile(
    rf"\b{COUNT} (?:pieces )?of (?:it|them|these|those)\b|\b(?:want|need|buy|take|order|get) {COUNT}(?!\S)", re.IGNORECASE
)
NO_QUANTITY = re.compile(r"\b\w+-(?=[^\W\d])|[$€£]\s?\d[\d.,]*|(?<![\d.,])\d[\d.,]*\s?%")


@dataclass(frozen=True)
class Named:
    """Products that a text names: `sure` by their own word, `near` by a word beside it; (name, id) of each."""

    sure: tuple[tuple[str, str], ...]
    near: tuple[tuple[str, str], ...]


def products_in(text: str, catalog: Mapping[str, str]) -> Named:
    """The products of `catalog` (name to id) that the text names, in the order of the catalogue, the fullest meant."""
    said = {word for word in (singular(w) for w in tokens(text, catalog)) if word not in STOP_WORDS and word not in NUMBERS}
    hits = {name: hit for name in catalog if (hit := said.intersection(parts(name)))}
    weights = {name: sum(1.0 if part == parts(name)[-1] else 0.5 for part in hit) for name, hit in hits.items()}
    meant = [name for name in hits if not any(hits[name] < hits[other] for other in hits)]
    sure = [name for name in meant if weights[name] >= 1.0]
    near = [name for name in meant if name not in sure and (not sure or any(hits[name] == hits[other] for other in sure))]
    return Named(tuple((n, catalog[n]) for n in sure), tuple((n, catalog[n]) for n in near))


def without_names(text: str, names: Iterable[str]) -> str:
    """The text without the words of these products, for what else it says."""
    own = {part for name in names for part in parts(name)}
    return " ".join(word for word in re.split(r"[\s-]+", text) if singular(re.sub(r"\W", "", word.lower())) not in own)


def tokens(text: str, catalog: Iterable[str]) -> list[str]:
    """The words of a text, with typing errors in product words put right and other names for a thing replaced."""
    known = {part for name in catalog for part in parts(name)}
    found = []
    for word in re.findall(r"\d+(?:[.,]\d+)?|[^\W\d_]+", text[:LOOKED_AT].lower()):
        word = ALSO_CALLED.get(word, word)
        if len(word) > 5 and singular(word) not in known and word not in STOP_WORDS:
            word = next(iter(get_close_matches(word, sorted(known), 1, 0.86)), word)
        found.append(word)
    return found


def parts(name: str) -> list[str]:
    """The words of a product's name, singular, the telling one last."""
    words = [singular(word) for word in re.findall(r"[^\W_]+", name.lower())]
    return [word for word in words if word not in NO_NAME] or words


def singular(word: str) -> str:
    if word.endswith("ves"):
        return word[:-3] + "f"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def quantity(text: str, name: str) -> int:
    """How many of a product a text asks for; 1 where it names no number. "2 l", "two-person" and "20 %" are no quantities."""
    words = tokens(NO_QUANTITY.sub(" ", text), [name])
    own = set(parts(name))
    place = next((i for i, word in enumerate(words) if singular(word) in own), None)
    if place is None:
        return 1
    for i in range(place - 1, max(place - 1 - LOOK_BACK, -1), -1):
        count = count_of(words[i])
        if count and words[i + 1] not in UNITS:
            return count
    after = OF_IT.search(text)
    return count_of(after[1] or after[2]) if after else 1


def count_of(word: str) -> int:
    """The number that a word or a few digits stand for; 0 where it is none."""
    return NUMBERS.get(word.lower(), 0) or (int(word) if word.isdecimal() and len(word) < 5 else 0)


def fitting(variants: Mapping[str, Any], text: str, most_cents: int | None = None) -> dict[str, Any]:
    """The variants whose options the text names best, within a budget where one is given; all where it names none."""
    within = {k: v for k, v in variants.items() if most_cents is None or round(v["price"] * 100) <= most_cents}
    said = {key: sum(names_option(text, name, value) for name, value in v["options"].items()) for key, v in within.items()}
    best = max(said.values(), default=0)
    return {key: v for key, v in within.items() if said[key] == best}


def names_option(text: str, name: str, value: str) -> bool:
    """Whether a text names an option's value; a value as short as "M" only together with what it is of."""
    if len(value) > MOST_OPTION:
        return False
    word = re.escape(value.lower()).replace(r"\ ", r"[ -]?")
    pattern = rf"\b{name.lower()}:? {word}\b|\b{word} {name.lower()}\b" if len(value) < 4 else rf"\b{word}\b"
    return bool(re.search(pattern, text.lower()))


def not_offered(variants: Mapping[str, Any], text: str, name: str) -> tuple[str, list[str]]:
    """The colour or size that a text asks for and no variant has, with the values that there are; ("", []) otherwise."""
    said = text[:LOOKED_AT].lower()
    own = {word for variant in variants.values() for value in variant["options"].values() for word in value.lower().split()}
    colours = [GREY.get(word, word) for word in re.findall(r"[a-z]+", said) if word in COLOURS]
    missing = [colour for colour in colours if colour not in own and colour not in name.lower()]
    if missing and not any(colour in own for colour in colours):
        return missing[0], values_of(variants, "colour", "fabric", "top", "shade", "base", "strap", "finish")
    size = VALUE_OF_SIZE.search(said)
    sizes = values_of(variants, "size")
    if size and sizes and size[1] not in [value.lower() for value in sizes]:
        return f"size {size[1].upper()}", sizes
    return "", []


def values_of(variants: Mapping[str, Any], *options: str) -> list[str]:
    """The values of the first of these options that the variants have, in their order."""
    for option in options:
        found = [v["options"][option] for v in variants.values() if option in v["options"]]
        if found:
            return list(dict.fromkeys(found))
    return []
