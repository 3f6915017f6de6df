"""What a cell says: amounts, days, yes and no, texts and lists. What could mean two things is refused, never guessed.

Each function takes a cell that is not empty and raises ValueError with what is wrong, as the end of a sentence.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter, ValidationError

MOST_CENTS = 1_000_000_000
MOST_TEXT = 200
MOST_PARTS = 500
PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
GROUPED = re.compile(r"\d{1,3}(?:(?P<group>[.,' ])\d{3})(?:(?P=group)\d{3})*(?:[.,]\d{1,2})?", re.ASCII)
YES = ("true", "yes", "y", "1", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si", "s", "verdadero")
NO = ("false", "no", "n", "0", "nein", "falsch", "non", "faux", "falso")
"""As sheets of English, German, French and Spanish write it, and as their programs export it."""


def text(value: Any, most: int = MOST_TEXT) -> str:
    if isinstance(value, bool | list | dict):
        raise ValueError("a text is needed")
    found = " ".join(str(value).split())
    if len(found) > most:
        raise ValueError(f"{len(found):,} characters, of which {most} are the most")
    if not found.isprintable():
        raise ValueError("it holds a character that cannot be shown")
    return found


def shown(value: Any) -> str:
    """A cell as a problem quotes it."""
    return repr(str(value)[:40])


def amount(currency: str) -> Callable[[Any], int]:
    """Reads an amount in this currency as cents: 49, 49.9, 49.99 and 49,99; with groups of thousands where what is what is
    plain: 1,249.00 and 1.249,00. Three digits behind a lone sign are refused: 1.249 is both.
    """

    def read(value: Any) -> int:
        if isinstance(value, bool | list | dict):
            raise ValueError("an amount is needed")
        written = str(value)
        if isinstance(value, Decimal):  # a number of JSON
            if abs(value) > MOST_CENTS or value != round(value, 2):
                raise ValueError(f"{shown(written)} has more than two decimals, or is too much")
            written = format(round(value, 2), "f")
        return _cents(written.strip(), currency)

    return read


def _cents(written: str, currency: str) -> int:
    bare = re.sub(rf"^(?:{re.escape(currency)})\s?|\s?(?:{re.escape(currency)})$", "", written, flags=re.IGNORECASE)
    bare = bare.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    if not PLAIN.fullmatch(bare):
        grouped = GROUPED.fullmatch(bare)
        if not grouped:
            raise ValueError(f"{shown(written)} is no amount: write it like 49.99, in {currency} and without a sign for it")
        group = grouped["group"]
        decimal = re.search(r"[.,]\d{1,2}$", bare)
        if decimal and decimal[0][0] == group:
            raise ValueError(f"{shown(written)} is no amount: {group!r} stands for thousands and for decimals in it")
        if not decimal and group in ".," and bare.count(group) == 1:
            raise ValueError(
                f"{shown(written)} can be read in two ways; write {bare.replace(group, '')}.00 for thousands, or give cents"
            )
        bare = bare[: decimal.start()].replace(group, "") + decimal[0] if decimal else bare.replace(group, "")
    whole, _, part = bare.replace(",", ".").partition(".")
    if len(whole) > 12:
        raise ValueError(f"{shown(written)} is more than this shop's rows hold")
    return _bounded(int(whole) * 100 + int(part.ljust(2, "0") or 0))


def cents(value: Any) -> int:
    """A whole number of cents."""
    return _bounded(_whole(value, "cents"))


def any_cents(value: Any) -> int:
    """Cents that may be below nothing, such as a difference."""
    found = _whole(value, "cents")
    _bounded(abs(found))
    return found


def count(value: Any) -> int:
    found = _whole(value, "pieces")
    if not 1 <= found <= MOST_PARTS:
        raise ValueError(f"{shown(value)} pieces; it must be 1 to {MOST_PARTS}")
    return found


def _whole(value: Any, what: str) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,15}", str(value), re.ASCII):
        raise ValueError(f"{shown(value)} is no whole number of {what}")
    return int(str(value))


def _bounded(found: int) -> int:
    if not 0 <= found <= MOST_CENTS:
        raise ValueError(f"an amount must be from 0 to {MOST_CENTS // 100:,}")
    return found


def day(value: Any) -> str:
    """A day, ISO 8601; of a moment its day."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ][\d:.]{4,16}\s?(?:Z|UTC|[+-]\d\d:?\d\d)?)?", str(value), re.ASCII)
    try:
        if found:
            return date.fromisoformat(found[1]).isoformat()
    except ValueError:
        pass
    raise ValueError(f"{shown(value)} is no day: write it like 2026-03-24")


def yes_or_no(value: Any) -> bool:
    written = str(value).strip().lower()
    if written in YES or written in NO:
        return written in YES
    raise ValueError(
        f"{shown(value)} is neither yes nor no: write true or false (yes, ja, oui or sí, and no, nein or non, are taken, too)"
    )


def listed(value: Any) -> list[str]:
    """Texts: a list of JSON, or separated by ; or spaces."""
    found = _json(value) if isinstance(value, str) and value.startswith("[") else value
    if isinstance(found, str):
        found = [part for part in re.split(r"[;\s]+", found) if part]
    if not isinstance(found, list) or len(found) > MOST_PARTS or not all(isinstance(one, str | int) for one in found):
        raise ValueError(f"{shown(value)} is no list: write its parts with ; between them")
    return [text(one) for one in found]


def options(value: Any) -> dict[str, str]:
    """Options by name: an object of JSON, or `colour=red; size=L` (: will do)."""
    found = _json(value) if isinstance(value, str) and value.startswith("{") else value
    if isinstance(found, str):
        parts = (re.split(r"[=:]", part, maxsplit=1) for part in found.split(";") if part.strip())
        pairs = [[one.strip() for one in pair] for pair in parts]
        if any(len(pair) != 2 or not pair[0] for pair in pairs) or len({pair[0] for pair in pairs}) < len(pairs):
            raise ValueError(f"{shown(value)} names no options: write them like colour=red; size=L")
        found = {pair[0]: pair[1] for pair in pairs}
    if not isinstance(found, dict) or len(found) > 50:
        raise ValueError(f"{shown(value)} names no options: write them like colour=red; size=L")
    return {text(name): text(one) for name, one in found.items()}


def objects(value: Any) -> list[dict[str, Any]]:
    """A list of objects of JSON."""
    found = _json(value) if isinstance(value, str) else value
    if not isinstance(found, list) or len(found) > MOST_PARTS or not all(isinstance(one, dict) for one in found):
        raise ValueError("a list of JSON objects is needed")
    return found


def by_name(value: Any) -> dict[str, int]:
    """Cents by name: an object of JSON."""
    found = _json(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        raise ValueError("a JSON object is needed")
    return {text(name): cents(one) for name, one in found.items()}


def of_type(kind: Any) -> Callable[[Any], str]:
    """Reads what a tool's argument of this type would take, so that every row can be named in a call."""
    adapter = TypeAdapter[Any](kind)
    form = str(adapter.json_schema().get("description", ""))

    def read(value: Any) -> str:
        try:
            return str(adapter.validate_python(text(value)))
        except ValidationError as error:
            first = error.errors()[0]
            said = first["msg"].removeprefix("Value error, ").partition(";")[0].rstrip(".")
            if first["type"] == "string_pattern_mismatch":
                said = f"it has not the form of one. {form}".rstrip(". ")
            if "e-mail" not in said:
                said += ". Forms of your own are in [ids] of switchboard.toml"
            raise ValueError(f"{shown(value)} cannot be taken: {said[:1].lower()}{said[1:]}") from None

    return read


def _json(written: str) -> Any:
    try:
        return json.loads(written, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        raise ValueError(f"{shown(written)} is not JSON") from None
