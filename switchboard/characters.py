"""Characters: what a text is compared by, what may not stand in one, and how what cannot be seen is made visible."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

LOST = "\ufffd"
"""What stands for a character that is none."""
SCRIPTS = {"CJK": "EAST ASIAN", "HIRAGANA": "EAST ASIAN", "KATAKANA": "EAST ASIAN", "HANGUL": "EAST ASIAN"}
"""Scripts that are written together count as one."""


def same(one: str, other: str) -> bool:
    """Whether two names are one name: by NFKC and without regard to case (Unicode TR 15 and chapter 3.13)."""
    return normal(one) == normal(other)


def normal(text: str) -> str:
    """A text as it is compared with others: NFKC, case folded, with one space between its words."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def is_plain(text: str) -> bool:
    """Whether a name or an address is what it looks like: its letters are of one script, and none stands for another one,
    as the Kelvin sign stands for K.
    """
    if text.isascii():
        return text.isprintable()
    composed = unicodedata.normalize("NFC", text)
    return text.isprintable() and unicodedata.normalize("NFKC", composed) == composed and len(scripts(text)) < 2


def scripts(text: str) -> set[str]:
    """The scripts of a text's letters, such as LATIN and CYRILLIC."""
    return {_script(character) for character in text if character.isalpha()}


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
    return SCRIPTS.get(name, name)


def washed(text: str) -> str:
    """The text as UTF-8 can hold it, and Postgres too: half a surrogate pair is lost, and NUL is left out."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "") if not text.isascii() or "\0" in text else text


def washed_data(value: Any) -> Any:
    """JSON data whose texts, and names of fields, are all washed."""
    match value:
        case str():
            return washed(value)
        case Mapping():
            return {washed(str(name)): washed_data(one) for name, one in value.items()}
        case list() | tuple():
            return [washed_data(one) for one in value]
        case _:
            return value


def escaped(json: str) -> str:
    """JSON text in which every character that a terminal would obey, or that cannot be seen, is written as \\uXXXX."""
    if json.isascii() and json.replace("\n", "").isprintable():
        return json
    return "".join(c if c == "\n" or c == " " or is_shown(c) else _as_escape(c) for c in json)


def is_shown(character: str) -> bool:
    """Whether a character is one that is seen: no control or format character, no blank but the usual, nothing unassigned."""
    return character.isprintable()


def _as_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
