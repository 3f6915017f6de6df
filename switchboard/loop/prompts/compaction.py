"""The older turns of a long matter in short, so that a prompt at the fortieth turn is hardly longer than at the fifth.

A call and its result stay together: both whole, or both in one line. What agents hand to each other is told whole, always.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import CallEntry, Entry, MessageEntry, ResultEntry, as_json
from switchboard.events.rendering import cut
from switchboard.loop.prompts.lines import wire_id

FEWEST, WHOLE, AROUND = 8, 3_000, 100
"""The newest turns that are told whole: so many, or, where these are short, all that so many characters hold; and characters
that stand around each line as it is sent."""
MOST_IN_SHORT, MOST_OF_LINE, MOST_OF_VALUE = 1_500, 300, 60
"""Characters of what is told of all older turns together, of each, and of each text in a result."""
IN_SHORT = "Earlier on this matter, in short (what is cut can be looked up again):"
LEFT_OUT = "- older turns: {number}, left out"

Turn = list[Entry]
"""The calls that an agent made at once, with their results, or a message."""


def compacted(lines: Sequence[Entry]) -> tuple[str, list[Entry]]:
    """The older turns of a matter in short, empty where there are none, and the lines that are told whole."""
    turns = _turns(lines)
    older = [turn for turn in turns[: _cut_at(turns)] if not _waits(turn)]
    left_out = {id(line) for turn in older for line in turn}
    return _in_short(older), [line for line in lines if id(line) not in left_out]


def _turns(lines: Sequence[Entry]) -> list[Turn]:
    turns: list[Turn] = []
    of_call: dict[str, Turn] = {}
    before: Entry | None = None
    for line in lines:
        if isinstance(line, ResultEntry) and line.call_id in of_call:
            of_call[line.call_id].append(line)
        elif isinstance(line, CallEntry) and isinstance(before, CallEntry):
            turns[-1].append(line)
        elif isinstance(line, CallEntry | ResultEntry) or (isinstance(line, MessageEntry) and not line.meanwhile):
            turns.append([line])
        if isinstance(line, CallEntry):
            of_call[line.call_id] = turns[-1]
        before = line
    return turns


def _cut_at(turns: Sequence[Turn]) -> int:
    """How many turns are told in short: an even number, so that every other prompt begins as the one before it."""
    room, whole = WHOLE, 0
    for turn in reversed(turns):
        room -= sum(AROUND + _size(line) for line in turn)
        if room < 0 and whole >= FEWEST:
            break
        whole += 1
    return (len(turns) - whole + 1) // 2 * 2 if whole < len(turns) else 0


def _waits(turn: Turn) -> bool:
    """Whether a call of a turn has no result yet, or one that is to come."""
    ended = {line.call_id for line in turn if isinstance(line, ResultEntry) and line.status != "waiting"}
    return any(isinstance(line, CallEntry) and line.call_id not in ended for line in turn)


def _size(line: Entry) -> int:
    match line:
        case CallEntry():
            return len(line.text) + len(as_json(line.arguments))
        case ResultEntry():
            return len(line.text or as_json(line.result))
    return len(line.text)


def _in_short(turns: Iterable[Turn]) -> str:
    """A line for each message and each call, the newest that fit; of a call that was made again only the last time."""
    told = [one for turn in turns for line in turn if (one := _line(line))]
    newest: dict[str, str] = {}
    for what, text in reversed(told):
        newest.setdefault(what, text)
    kept, room = list[str](), MOST_IN_SHORT
    for text in newest.values():
        room -= len(text) + 1
        if room < 0:
            break
        kept.append(text)
    left = len(newest) - len(kept)
    lines = [*([LEFT_OUT.format(number=left)] if left else []), *reversed(kept)]
    return "\n".join([IN_SHORT, *lines]) if lines else ""


def _line(line: Entry) -> tuple[str, str] | None:
    """What an older line is about, and the line in short."""
    match line:
        case ResultEntry():
            made = f"{line.tool}({as_json(line.arguments)})"
            came = line.text if line.text else as_json(in_outline(line.result))
            return made, "- " + cut(f"{wire_id(line.call_id)} {made} -> {line.status}: {_flat(came)}", MOST_OF_LINE)
        case MessageEntry():
            said = f"{'Customer' if line.speaker == CUSTOMER else 'You'}: {_flat(line.text)}"
            return said, "- " + cut(said, MOST_OF_LINE)
    return None


def _flat(text: str) -> str:
    return " ".join(text.split())


def in_outline(value: Any, depth: int = 2) -> Any:
    """A result without what lies deep in it: texts are cut, and of lists and deeper records the size is told."""
    if isinstance(value, str):
        return cut(value, MOST_OF_VALUE)
    if isinstance(value, dict) and depth:
        return {name: in_outline(one, depth - 1) for name, one in value.items()}
    if isinstance(value, dict | list | tuple):
        whole = len(json.dumps(value, default=str)) <= MOST_OF_VALUE
        return value if whole else f"({len(value)})"
    return value
