"""The lines of a TOML file: of what is no TOML, which tomllib tells, and of a key, which it does not."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

AT = re.compile(r"\s{0,9}\(at (?:line (\d+), column \d+|end of document)\)$")


def syntax_error(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str]:
    """The line that is no TOML, and why, in tomllib's words without a full stop."""
    said = AT.search(str(error))
    number = int(said[1]) if said and said[1] else len(text.rstrip("\n").split("\n"))
    reason = AT.sub("", str(error)).rstrip(".")
    return number, f"{reason[:1].lower()}{reason[1:]}"


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line on which the value at `path` begins, in a text that is TOML; None where there is no such value.

    The text is read as far as line 1, 2, 3 …; where it can be read, a value is complete, so what is new began on the first
    line after the last such place. A path that leads into a list or an inline table gives the line of its key.
    """
    lines = text.split("\n")
    complete = 0
    for number in range(1, len(lines) + 1):
        try:
            read = tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        if _holds(read, path):
            new = range(complete, number)
            return next((n + 1 for n in new if lines[n].strip() and not lines[n].lstrip().startswith("#")), number)
        complete = number
    return None


def nearest_line(text: str, path: Sequence[str | int]) -> int | None:
    """The line of the value at `path`, else of the nearest table or key above it that there is."""
    lines = (line_of(text, path[:length]) for length in range(len(path), 0, -1))
    return next((line for line in lines if line), None)


def _holds(value: Any, path: Sequence[str | int]) -> bool:
    for step in path:
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    return True
