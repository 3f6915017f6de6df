"""Files of tickets: JSON lines, or rows of CSV, each with an id and a text; what is wrong is told by its line."""

import csv
import io
import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any, NamedTuple

from switchboard.cases.intake import Message
from switchboard.errors import OperatorError
from switchboard.service.intake import message_of
from switchboard.tickets.kinds import AS_URGENCY, Urgency

PRIORITY = 5
"""Of lines that say none."""
PLACES: dict[Urgency, int] = {"critical": 1, "high": 2, "medium": PRIORITY, "low": 9}
"""As files of other programs name it."""
COLUMNS = ("id", "text")


class Wrong(NamedTuple):
    """A line that is no ticket, by its number, and why."""

    line: int
    why: str


def read_tickets(content: bytes, name: str) -> tuple[list[Message], list[Wrong]]:
    """The tickets of a file, each once, and the lines that are none. Raises OperatorError where there is no ticket in it."""
    found: dict[str, Message] = {}
    wrong: list[Wrong] = []
    lines: dict[str, int] = {}
    for number, line in _lines(content.removeprefix(BOM_UTF8), name):
        try:
            message = _ticket(line)
            there = found.setdefault(message.id, message)
            if (there.words, there.known) != (message.words, message.known):
                raise ValueError(f'line {lines[message.id]} has its "id", {message.id!r}, and says something else')
            lines.setdefault(message.id, number)
        except ValueError as error:
            wrong.append(Wrong(number, str(error)))
    if not found:
        first = f" Line {wrong[0].line}: {wrong[0].why}." if wrong else ""
        raise OperatorError(f'There is no ticket in {name}: a line is like {{"id": "t-1", "text": "…"}}.{first}')
    return list(found.values()), wrong


def _lines(content: bytes, name: str) -> Iterator[tuple[int, bytes | dict[str, Any]]]:
    if not name.lower().endswith(".csv"):
        yield from ((number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip())
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise OperatorError(f"{name} is no UTF-8 text. Save it as UTF-8.") from None
    csv.field_size_limit(sys.maxsize)  # of a cell that is too long its own line is told
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    if missing := [column for column in COLUMNS if column not in (rows.fieldnames or ())]:
        raise OperatorError(
            f"{name} has no column {missing[0]!r}: its first line names id, text, and perhaps email and subject."
        )
    try:
        for row in rows:
            yield rows.line_num, {key: value for key, value in row.items() if isinstance(key, str) and value not in (None, "")}
    except csv.Error as error:
        raise OperatorError(f"{name}, line {rows.reader.line_num}: {error}.") from None


def _ticket(line: bytes | dict[str, Any]) -> Message:
    """One line, with its subject above its text. Raises ValueError."""
    given: Any = line
    if isinstance(line, bytes):
        try:
            given = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            return message_of(line, PRIORITY)  # which says what is wrong
    if isinstance(given, dict) and isinstance(wish := given.get("priority"), str):
        given = {**given, "priority": _place(wish.strip().casefold())}
    if isinstance(given, dict) and isinstance(subject := given.get("subject"), str) and isinstance(given.get("text"), str):
        given = {**given, "text": "\n\n".join(part for part in (subject.strip(), given["text"]) if part)}
    return message_of(json.dumps(given).encode(), PRIORITY)


def _place(wish: str) -> int | str:
    """The place in the queue that a column of words or numbers says; what says none stays, and is told."""
    if wish in AS_URGENCY:
        return PLACES[AS_URGENCY[wish]]
    return int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 10 else wish
