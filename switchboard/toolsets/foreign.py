"""Texts and data of other sides, as they may be kept, told and shown: bounded, and without what breaks rows or a terminal."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from switchboard.characters import shown, washed
from switchboard.errors import ToolError
from switchboard.events.masking import masked

LONGEST_TOLD = 300
"""Characters of another side's words that are told on."""
DEEPEST, LARGEST_NUMBER = 30, 10**30


def told(text: str, longest: int = LONGEST_TOLD) -> str:
    """Another side's words in one line, for an error or a description: who reads them knows that they are not ours."""
    line = " ".join(shown(washed(text[: 10 * longest])).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def told_error(text: str) -> str:
    """The words with which another side refuses: a model reads them, and a log holds them."""
    return masked(told(text))


def data(value: Any, depth: int = 0) -> Any:
    """A value as JSON data that any row can hold: dates and decimals as text, and None for what is no number.

    Raises ToolError for what is nested too deep, or is a number that nobody writes out.
    """
    if depth > DEEPEST:
        raise ToolError(f"The answer is nested more than {DEEPEST} deep.")
    match value:
        case None | bool():
            return value
        case str():
            return washed(value)
        case int():
            if abs(value) > LARGEST_NUMBER:
                raise ToolError("The answer holds a number of more than 30 digits.")
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal() | UUID() | timedelta():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return {washed(str(name)): data(one, depth + 1) for name, one in value.items()}
        case list() | tuple():
            return [data(one, depth + 1) for one in value]
        case _:  # bytes, and what else a driver knows
            return None
