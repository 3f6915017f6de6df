"""Which items of an order the customer's words name, and which option of a product they wish for.

An item is a line of get_order_details: item_id, product_id, name, options, price. Variants are those of
get_product_details, by item id.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.requests.reading import read
from switchboard.reading.words import Spelling

Item = Mapping[str, Any]

LOOKED_AT = 5_000
"""Characters of the customer's words that are compared with names and options."""
NUMBERS = {
    word: str(n) for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
SAME = NUMBERS | {
    "gray": "grey", "aluminum": "aluminium", "litre": "l", "liter": "l", "ltr": "l", "millilitre": "ml",
    "milliliter": "ml", "centimetre": "cm", "centimeter": "cm", "inche": "inch", "by": "x", "×": "x", "shelve": "shelf",
    "kilogram": "kg", "gram": "g", "color": "colour",
}  # fmt: skip
UNIT = r"(?:l|ml|cm|mm|m|inch|in|ft|mah|kg|g|gb|tb|lumen|w|h|hour|c)"
TOKEN = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]\d)|[^\W_]+|×")
WEAK = frozenset(("1", "2", "3", "4", "set", "down", "person", "air", "pack", "of", "and", "with", "the", "for"))
"""Words of names that name nothing by themselves."""
EVERYTHING = re.compile(
    r"\beverything\b|\b(?:whole|entire|complete|full) (?:order|purchase|thing|lot|delivery)\b"
    r"|\ball (?:of )?(?:the |my )?items\b",
    re.IGNORECASE,
)
ALL = re.compile(
    r"\bboth\b|(?<!that's )(?<!that’s )(?<!that is )(?<!at )(?<!after )\ball\b(?! the best| good| right)"
    r"|\b(?:return|send back|exchange)(?: the| my| this)? order\b",
    re.IGNORECASE,
)
"""Words for everything that may also belong to one name, as in both kettles."""
EXCEPT = re.compile(
    r"(?:\b(?:except|but not|but keep|apart from|other than|not the|excluding|excepting|with the exception of|without the|"
    r"(?:(?<=everything )|(?<=everything, )|(?<=all )|(?<=all of it )|(?<=all items )|(?<=items )|(?<=order ))but)\b|"
    r"\bkeep(?:ing)?\b)[^.;,\n]*",
    re.IGNORECASE,
)
ALL_BUT = re.compile(
    r"\b(?:except|apart from|other than|excluding|with the exception of|without the|the (?:other|rest|remaining))\b", re.I
)
"""What leaves something out of an order, and so speaks of all else in it."""
HOW_MANY = {"both": 2, "two": 2, "2": 2, "three": 3, "3": 3}
ONE_OF = re.compile(r"\b(?:one of|only one|just one|a single one)\b", re.IGNORECASE)
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
NEEDS_KEY = frozenset(("left", "right", "none", "yes", "no"))


@dataclass(frozen=True)
class Named:
    """`items` are meant for sure; of `unclear` ones the words fit several, so that only a question helps."""

    items: tuple[Item, ...] = ()
    unclear: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Wish:
    """`item_id`: the one variant that is wished for and available. `sold_out`: it exists, and cannot be had now."""

    item_id: str | None = None
    sold_out: bool = False


def tokens(text: str) -> list[str]:
    """The words in one form: small, singular, no hyphens, number words as digits, 500ml and 500 millilitres as 500 ml."""
    text = unicodedata.normalize("NFKC", text[:LOOKED_AT]).lower().replace("’", "'").replace("'s ", " ")
    text = re.sub(r"\bminus (?=\d)", "-", text)
    text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    text = re.sub(rf"(?<=\d)[ -]?({UNIT})\b", r" \1", text)
    text = re.sub(r"(?<=\d)x(?=\d)", " x ", text)
    text = re.sub(r"(?<=[^\W\d_])-|(?<=\d)-(?=[^\W\d_])", " ", text)
    return [SAME.get(word, word) for word in map(singular, TOKEN.findall(text))]


def singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]


def spoken_words(text: str, known: Iterable[str]) -> list[str]:
    """The words of the text, likely typing errors put right towards the known ones."""
    spelling = Spelling(known)
    return [spelling.mended(word) for word in tokens(text)]


def named_items(text: str, items: Sequence[Item]) -> Named:
    """The items that the text names by id or name, "everything except the kettle" too. Empty where it names none."""
    said = read(text[:LOOKED_AT])
    asked, left = said.asking, said.left_alone
    wanted = EXCEPT.sub(" ", asked or said.text)
    found = found_in(wanted, items)
    kept = found_in(" ".join([left, *(m[0] for m in EXCEPT.finditer(asked))]), items)
    left_out = kept and ALL_BUT.search(f"{left} {asked}")
    if EVERYTHING.search(wanted) or ((ALL.search(wanted) or left_out) and not found):
        return Named(tuple(item for item in items if item not in kept))
    return sorted_out(wanted, found)


def found_in(text: str, items: Sequence[Item]) -> list[Item]:
    """Every item whose id or name occurs, unless another one fits all of its words and more."""
    ids = [item for item in items if item["item_id"] in text]
    if ids:
        return ids
    names = [tokens(item["name"]) for item in items]
    spoken = spoken_words(text, (word for name in names for word in name))
    known = {*spoken, *(a + b for a, b in itertools.pairwise(spoken))}
    matched = [name_words(name, known) for name in names]
    return [item for item, own in zip(items, matched, strict=True) if own and not any(own < other for other in matched)]


def name_words(name: Sequence[str], spoken: set[str]) -> frozenset[str]:
    """The words of a name that were spoken; "powerbank" speaks both words of a power bank."""
    found = {word for word in name if word in spoken}
    for first, second in itertools.pairwise(name):
        if first + second in spoken:
            found |= {first, second}
    telling = {word for word in found if len(word) > 1} - WEAK  # the "t" of "don't" names no T-shirt
    return frozenset(found) if telling else frozenset()


def sorted_out(text: str, found: Sequence[Item]) -> Named:
    """Of several pieces of one name, those that the options in the text describe; a plural means all of them."""
    sure: list[Item] = []
    unclear: list[Item] = []
    for name in dict.fromkeys(item["name"] for item in found):
        pieces = [item for item in found if item["name"] == name]
        described = [sum(mentions(text, k, v, ()) for k, v in item["options"].items()) for item in pieces]
        if max(described):
            pieces = [item for item, score in zip(pieces, described, strict=True) if score == max(described)]
        alike = all(item["item_id"] == pieces[0]["item_id"] for item in pieces)
        many = how_many(text, name)
        if many and many < len(pieces):
            (sure if alike else unclear).extend(pieces[:many] if alike else pieces)
        elif len(pieces) > 1 and (ONE_OF.search(text) or not is_plural(text, name)):
            (sure if alike else unclear).extend(pieces[:1] if alike else pieces)
        else:
            sure += pieces
    return Named(tuple(sure), tuple(unclear))


def how_many(text: str, name: str) -> int | None:
    """So many pieces of that name are spoken of, where a number stands before it: "both plain plugs"."""
    last = re.escape(name.split()[-1].lower())
    found = re.search(rf"\b(both|two|2|three|3)\b(?: (?!and\b)\w+){{0,3}}? {last}e?s\b", text, re.IGNORECASE)
    return HOW_MANY[found[1].lower()] if found else None


def is_plural(text: str, name: str) -> bool:
    last = name.split()[-1].lower()
    return bool(re.search(rf"\b(?:both|all|two|2|three|3)\b|\b{re.escape(last)}e?s\b", text, re.IGNORECASE))


def clauses_for(text: str, items: Sequence[Item]) -> list[str]:
    """For each item the part of the text that speaks of it; all of the text where there is only one item."""
    if len(items) < 2:
        return [text for _ in items]
    parts: list[list[str]] = [[] for _ in items]
    speaking: list[int] = []
    for clause in re.split(r"[,;.\n]\s|\band\b(?! dust)", text):
        here = [i for i, item in enumerate(items) if found_in(clause, [item])]
        speaking = here or speaking
        for i in speaking:
            parts[i].append(clause)
    return [" , ".join(part) for part in parts]


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
    """A size as a number, for comparing; None for what has no size."""
    if value.lower() in LETTER_SIZES:
        return float(list(LETTER_SIZES).index(value.lower()))
    number = re.match(r"-?\d+(?:\.\d+)?", " ".join(tokens(value)))
    return float(number[0]) if number else None


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


def holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether `part` stands in `words` as it is."""
    return any(list(words[i : i + len(part)]) == list(part) for i in range(len(words) - len(part) + 1))


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
