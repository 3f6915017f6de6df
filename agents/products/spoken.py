"""The words of customers and of the shop in one form, so that they can be compared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from switchboard.reading.words import Spelling

LOOKED_AT = 5_000
"""Characters of the customer's words that are compared with names and options."""
NUMBERS = {
    word: str(n) for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
}
SAME = NUMBERS | {
    "gray": "grey", "aluminum": "aluminium", "litre": "l", "liter": "l", "ltr": "l", "millilitre": "ml",
    "milliliter": "ml", "centimetre": "cm", "centimeter": "cm", "inche": "inch", "by": "x", "×": "x", "shelve": "shelf",
    "kilogram": "kg", "gram": "g", "color": "colour", "knive": "knife",
}  # fmt: skip
UNIT = r"(?:l|ml|cm|mm|m|inch|in|ft|mah|kg|g|gb|tb|lumen|w|h|hour|c)"
TOKEN = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]\d)|[^\W_]+|×")
WEAK = frozenset(("1", "2", "3", "4", "set", "down", "person", "air", "pack", "of", "and", "with", "the", "for"))
"""Words of names that name nothing by themselves."""


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
    if word.endswith(("elves", "halves", "leaves", "loaves")):  # and gloves, sleeves and valves are none
        return word[:-3] + "f"
    return word[:-2] if word.endswith(("sses", "shes", "ches", "xes", "zes")) else word[:-1]


def spoken_words(text: str, known: Iterable[str]) -> list[str]:
    """The words of the text, likely typing errors put right towards the known ones."""
    spelling = Spelling(known)
    return [spelling.mended(word) for word in tokens(text)]


def holds(words: Sequence[str], part: Sequence[str]) -> bool:
    """Whether `part` stands in `words` as it is."""
    return any(list(words[i : i + len(part)]) == list(part) for i in range(len(words) - len(part) + 1))
