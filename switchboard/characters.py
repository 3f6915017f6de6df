"""Characters: what a text is compared by, what may not stand in one, and how what cannot be seen is made visible."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

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
    """Whether a name is what it looks like: its letters are of one script, and none stands for another one,
    as the Kelvin sign stands for K.
    """
    if text.isascii():
        return text.isprintable()
    composed = unicodedata.normalize("NFC", text)
    return text.isprintable() and unicodedata.normalize("NFKC", composed) == composed and len(scripts(text)) < 2


def is_plain_address(text: str) -> bool:
    """The same for an e-mail address, each part of which may be of a script of its own."""
    return all(is_plain(part) for part in re.split(r"[@.]", text))


def scripts(text: str) -> set[str]:
    """The scripts of a text's letters, such as LATIN and CYRILLIC."""
    return {_script(character) for character in text if character.isalpha()}


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
    return SCRIPTS.get(name, name)


def washed(text: str) -> str:
    """The text as UTF-8, and Postgres, can hold it: without halves of surrogate pairs, and without NUL."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")


def shown(text: str) -> str:
    """The text as a person is sent it: without characters that a terminal would obey, that turn the order of letters, or that
    nobody sees. Rows and files hold such, whoever wrote them.
    """
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


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


def visible(text: str) -> str:
    """The text with each character that a terminal would obey, or that cannot be seen, written as \\uXXXX. JSON stays JSON."""
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or c.isprintable() else _as_escape(c) for c in text)


def _as_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def plain_letters(text: str) -> str:
    """A text without the accents of its letters."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
