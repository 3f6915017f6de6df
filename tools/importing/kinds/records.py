"""What a file's lines come to: records, each of one kind and with an id, and what is given of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.importing.reading.fields import Values
from tools.importing.reading.problems import Problems

ADDRESS = ("address1", "address2", "city", "state", "zip", "country")


@dataclass(frozen=True)
class Record:
    """`kind` is customer, payment_method, product, item or order; `value` holds what the file gives of it, by column.

    `parent` is the customer of a payment method, and the product of an item.
    """

    kind: str
    id: str
    value: Mapping[str, Any]
    line: int
    parent: str = ""


def same_throughout(lines: Sequence[Values], names: Sequence[str], what: str, problems: Problems) -> dict[str, Any]:
    """What several lines say of one thing: a cell may be empty where another line has it, and may not contradict it."""
    found: dict[str, Any] = {}
    first: dict[str, int] = {}
    for one in lines:
        for name in names:
            if name not in one.values:
                continue
            if name not in found:
                found[name], first[name] = one.values[name], one.line
            elif found[name] != one.values[name]:
                problems.add(one.line, f"{name} of {what} is another one than in line {first[name]}")
    return found


def grouped(lines: Sequence[Values], key: str) -> dict[str, list[Values]]:
    """The lines by the id that they are about, in the order of the file."""
    found: dict[str, list[Values]] = {}
    for one in lines:
        found.setdefault(one.values[key], []).append(one)
    return found


def check_needed(lines: Sequence[Values], names: Sequence[str], problems: Problems) -> list[Values]:
    """The lines that have a value for each of these; what another lacks is a problem."""
    whole = []
    for one in lines:
        missing = [name for name in names if name not in one.values]
        if missing:
            problems.add(one.line, f"{' and '.join(missing)} is empty")
        else:
            whole.append(one)
    return whole
