"""A case's lines as a page shows them: what was said and done for people, and the steps between, folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from switchboard.console.web.drawing import as_json, plain
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import (
    DecisionEntry,
    Entry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
)
from switchboard.events.rendering import cut, details_of, line_of, told_of
from switchboard.service.operators.notes import Note
from switchboard.service.watching.changes import LineAt

Side = Literal["customer", "agent", "operator", "deed", "note", "step", "inside"]
MOST_STEP = 160
BY = {"model": "by a model", "rules": "by rules", "tool": "by a tool", "human": "by a person", "program": "by a program"}


@dataclass(frozen=True)
class Shown:
    """A line. `side` says who speaks, or what it is: of a note of operators, `inside`, the number is its own, and no entry's.
    `more` are a step's details, each with its name.
    """

    number: int
    at: float
    side: Side
    who: str
    text: str
    by: str = ""
    status: str = ""
    quoted: str = ""
    more: Sequence[tuple[str, str]] = ()
    flagged: str = ""


@dataclass(frozen=True)
class Steps:
    """Steps that follow on each other."""

    steps: list[Shown] = field(default_factory=list)


def shown(line: LineAt, flagged: str = "") -> Shown:
    """One line for the eye."""
    entry, told = line.entry, told_of(line.entry)
    by, more = BY.get(entry.by, entry.by), tuple(_more(entry))
    if told is None:
        inner = line_of(entry)
        text = cut(plain(" ".join(inner.what.split())), MOST_STEP)
        return Shown(line.number, line.at, "step", plain(inner.who), text, by, inner.kind, more=more, flagged=flagged)
    quoted = plain(entry.quoted) if isinstance(entry, MessageEntry) else ""
    is_by_customer = entry.speaker == CUSTOMER
    status = entry.status if isinstance(entry, ResultEntry) else ""
    return Shown(
        line.number,
        line.at,
        _side(entry),
        plain(told.who),
        plain(told.what),
        "" if is_by_customer else by,
        status,
        quoted,
        more,
        flagged,
    )


def noted(note: Note) -> Shown:
    """A note of an operator as a line among the others."""
    return Shown(note.number, note.at.timestamp(), "inside", plain(note.by), plain(note.text), "noted, for operators only")


def together(lines: Sequence[Shown], notes: Sequence[Note]) -> list[Shown]:
    """The lines of a case, with the notes where they were written."""
    entries = [((line.number, 0), line) for line in lines]
    return [line for _, line in sorted([*entries, *(((n.after, n.number), noted(n)) for n in notes)], key=lambda one: one[0])]


def grouped(lines: Sequence[Shown]) -> list[Shown | Steps]:
    """The lines, with steps that follow on each other as one."""
    found: list[Shown | Steps] = []
    for line in lines:
        if line.side != "step":
            found.append(line)
        elif found and isinstance(found[-1], Steps):
            found[-1].steps.append(line)
        else:
            found.append(Steps([line]))
    return found


def _side(entry: Entry) -> Side:
    match entry:
        case MessageEntry() if entry.speaker == CUSTOMER:
            return "customer"
        case MessageEntry():
            return "operator" if entry.operator else "agent"
        case ResultEntry():
            return "deed"
        case NoteEntry():
            return "note"
    return "operator" if isinstance(entry, DecisionEntry) else "note"


def _more(entry: Entry) -> Iterator[tuple[str, str]]:
    """All there is to a line, as a page shows it."""
    for name, value in details_of(entry):
        yield name, plain(value) if isinstance(value, str) else as_json(value)
