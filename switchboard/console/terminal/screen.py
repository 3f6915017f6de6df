"""What a person sees: lines of a run as they come, tables, and JSON for programs. Colours only on a terminal."""

import json
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleDimensions
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from switchboard.characters import visible
from switchboard.console.asked import asked
from switchboard.declare.document import Document
from switchboard.declare.moves import Calls, HandOff, HandOffs, Move, Note, Say
from switchboard.declare.transcript import Entry, as_json, entry_from
from switchboard.events.masking import masked_data
from switchboard.events.rendering import Line, ending_of, printable, summary_of, told_of, told_to_customer, traced
from switchboard.events.stream import Event, RunFinished, RunStarted

if TYPE_CHECKING:
    from switchboard.service.place import Worked
    from switchboard.service.recovery import Resumed

STYLES = {
    "message": "bold",
    "note": "dim",
    "decision": "dim",
    "handoff": "cyan",
    "branch": "cyan",
    "call": "magenta",
    "refused": "yellow",
    "failed": "red",
}
WHO = {"customer": "green", "executor": "blue", "operator": "yellow", "done": "blue", "not done": "yellow", "note": "dim"}
BY = {"rules": " (rules)", "model": " (model)", "program": " (a program)"}

WIDE, MIDDLE, NARROW = 80, 60, 40
MOST_WORD, GAP = 8, 2
"""Characters of a column's word that stay in one piece, and between two columns."""
IN_ONE_PIECE = ("case", "run", "end")
"""Columns: of a usual terminal, the fewest for two columns of text, and the fewest in which anything is laid out."""
WHO_SPEAKS = 12, 20
"""Columns for who speaks: as people see it, and in a trace."""


class Screen(Console):
    """Rich's console, but a reader that went away is an error to be handled: rich would exit in the middle of a run."""

    @property
    def size(self) -> ConsoleDimensions:
        """What there is room for. Where less than that is told, or nothing, lines are broken by the terminal."""
        found = super().size
        return ConsoleDimensions(max(found.width, NARROW) if found.width else WIDE, found.height)

    @size.setter
    def size(self, new: tuple[int, int]) -> None:
        self._width, self._height = new

    def on_broken_pipe(self) -> None:
        raise  # the BrokenPipeError that rich is handling when it calls this


out = Screen(highlight=False, soft_wrap=False)
err = Screen(stderr=True, highlight=False)


def show_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(visible(json.dumps(document, ensure_ascii=False, default=str, indent=2)) + "\n")
    sys.stdout.flush()


def show_record(record: Any) -> None:
    """What a case or a call that waits holds, as JSON on stdout: with cards and addresses masked, as a screen shows them."""
    show_json(masked_data(record))


def show_entry(entry: Entry, *, to_customer: bool = False) -> None:
    """Show an entry as it comes. A run must not end half-way because nobody can read it: it goes on and is kept, and
    the command fails after it, when the summary cannot be shown either.
    """
    with suppress(OSError):
        if line := shown(entry, to_customer=to_customer):
            show_line(line)


def shown(entry: Entry, *, to_customer: bool = False) -> Line | None:
    """An entry as it is shown, if it is."""
    if asked.trace:
        return traced(entry)
    return told_to_customer(entry) if to_customer else told_of(entry)


def show_branch(event: RunStarted | RunFinished) -> None:
    """Show that a branch begins, or how it ended; what it came to is a line of the case that it is a branch of."""
    how = "begins" if event.kind == "run_started" else f"ended {event.end}"
    with suppress(OSError):
        show_line(Line("branch", f"{event.case_id} {how}", "note", ""))


def show_line(line: Line) -> None:
    who = Text(line.who, style=WHO.get(line.who, "bold cyan"))
    who.append(BY.get(line.by, ""), style="dim")
    what = Text(line.what, style=STYLES.get(line.kind, ""))
    if out.width < MIDDLE:
        out.print(who, Padding(what, (0, 0, 0, 2)), sep="\n")
        return
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=max(WHO_SPEAKS[asked.trace], len(who)), no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(who, what)
    out.print(grid)


def show_run(document: Document, *, with_transcript: bool) -> None:
    """The transcript (unless it was shown as it came), then how it ended."""
    if with_transcript:
        show_transcript(document)
    out.rule(style="dim")
    document = {**document, "end": document["end"] or "not over"}
    out.print(Text(summary_of(document) if asked.trace else ending_of(document), style="bold"))
    if document["reason"]:
        out.print(Text(printable(document["reason"]), style="yellow"))


def show_transcript(document: Document) -> None:
    for entry in document["transcript"]:
        if line := shown(entry_from(entry)):
            show_line(line)


def show_result(document: Document, json: bool) -> Document:
    """Show how a case ended whose transcript was shown as it came."""
    if json:
        show_record(document)
    else:
        show_run(document, with_transcript=False)
    return document


def tell_left(resumed: "Resumed") -> None:
    """Say who goes on with a case that does not go on here."""
    if resumed.document["end"] is None:
        waits = "It waits on the queue: `switchboard worker` takes it, or `switchboard resume CASE`."
        say(f"{resumed.document['case_id']} does not go on here. {resumed.instead or waits}")


def show_worked(worked: "Worked", json: bool) -> Document:
    """Show what became of a case: how it ended here, or who goes on with it."""
    if worked.here:
        return show_result(worked.document, json)
    if worked.instead:
        say(worked.instead)
    if json:
        show_record(worked.document)
    return worked.document


def show_facts(title: str, facts: Mapping[str, str], commands: Sequence[str] = (), on: Console = out) -> None:
    """A thing with what is known of it, one line for each; below it commands to copy, which are never broken into lines."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=12, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in facts.items():
        grid.add_row(Text(name, style="dim"), Text(printable(text)))
    on.print(Text(printable(title), style="bold"), grid, sep="\n")
    for command in commands:
        on.print(Text(printable(command)), soft_wrap=True)
    on.print()


def _have_room(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
    """Whether columns can stand beside each other with their titles' words, and the beginnings of their own, in one piece."""
    need = 0
    for place, column in enumerate(columns):
        words = [word for row in rows for word in str(row[place]).split()]
        whole = [str(row[place]) for row in rows] if column in IN_ONE_PIECE else []
        own = max(map(len, whole), default=min(MOST_WORD, max(map(len, words), default=0)))
        need += max(own, *map(len, column.split() or [""])) + GAP
    return out.width >= max(WIDE, need - GAP)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows under their titles; where there is no room for columns, each row is a few lines, the first of which names it."""
    rows = list(rows)
    if not _have_room(columns, rows):
        if title:
            out.print(Text(title, style="italic"))
        for name, *rest in rows:
            out.print(Text(printable(str(name)), style="bold"))
            told = [
                f"{column}: {printable(str(cell))}"
                for column, cell in zip(columns[1:], rest, strict=True)
                if cell not in (None, "")
            ]
            out.print(Padding(Text("\n".join(told)), (0, 0, 0, 2)))
        return
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:  # an id is copied into the next command
        table.add_column(column, overflow="fold", no_wrap=column in IN_ONE_PIECE)
    for row in rows:
        table.add_row(*(escape("" if cell is None else printable(str(cell))) for cell in row))
    out.print(table)


def say(text: str, command: str = "") -> None:
    """A word to the person at the terminal that is no part of the output; who is gone needs none. A command to copy stands on
    a line of its own, which only the terminal breaks.
    """
    with suppress(OSError):
        asked.says(f"{text} {command}".rstrip()) if asked.says else err.print(Text(printable(text)))
        if command and not asked.says:
            err.print(Text(printable(command)), soft_wrap=True)


def show_findings(rows: Iterable[tuple[str, str, str, str]]) -> None:
    """(mark, style, what it is about, text) of each thing that was looked at, the text beside its mark."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=6, no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, style, what, text in rows:
        grid.add_row(Text(mark, style=style), Text.assemble((what, "bold"), f": {text}"))
    out.print(grid)


def call_in_words(tool: str, arguments: Mapping[str, Any]) -> str:
    """A call with all its arguments; cents as an amount, too, which nobody should have to work out at night."""
    blocks = {name: value for name, value in arguments.items() if isinstance(value, str) and "\n" in value.strip()}
    given = [f"{name}={as_json(v)}{amount(name, v)}" for name, v in arguments.items() if name not in blocks]
    given += [f"{name}: {len(text.splitlines())} lines" for name, text in blocks.items()]
    written = [f"  {line}" for text in blocks.values() for line in text.split("\n")]  # a program is read as it is written
    return "\n".join([f"{tool}({', '.join(given)})", *written])


def move_in_words(move: Move) -> str:
    """What an agent is about to do, for who reviews it."""
    match move:
        case Say(text):
            return f"say to the customer: {text}"
        case Note(text):
            return f"write the case note: {text}"
        case HandOff(to, note):
            return f"hand the case to {to}: {note}"
        case HandOffs(items):
            return "; ".join(move_in_words(item) for item in items)
        case Calls(calls):
            return f"call {', '.join(call.tool for call in calls)}"


def amount(name: str, value: Any) -> str:
    return f" ({value / 100:.2f})" if name.endswith("_cents") and isinstance(value, int) else ""


class Seen:
    """Listens to a case and shows its lines, each once, whoever made it. `number` is of the newest entry that was shown.

    To a customer what is for colleagues or agents is not shown, unless a trace is.
    """

    def __init__(self, silent: bool, *, to_customer: bool = False) -> None:
        self._silent, self._to_customer = silent, to_customer
        self.number = 0

    def __call__(self, event: Event) -> None:
        """Show a line as it comes."""
        if event.kind == "entry_added":
            self.catch_up([(event.number, event.entry)])
        elif event.kind != "budget_warned" and event.parent and asked.trace and not self._silent:
            show_branch(event)

    def catch_up(self, lines: Iterable[tuple[int, Entry]]) -> None:
        """Show those of the lines, each with its number, that were not shown yet."""
        for number, entry in lines:
            if number > self.number and not self._silent:
                show_entry(entry, to_customer=self._to_customer)
            self.number = max(self.number, number)


class Together:
    """Listens to several cases and shows their lines on one screen: each change from one to another is marked."""

    def __init__(self, silent: bool, cases: int) -> None:
        self._silent, self._marks = silent, cases > 1 and not silent
        self._seen: dict[str, Seen] = {}
        self._newest = ""
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        with self._lock:
            if self._marks and event.kind == "entry_added" and self._newest != event.case_id:
                out.rule(event.case_id, style="dim", align="left")
                self._newest = event.case_id
            parent = None if event.kind == "entry_added" else event.parent
            self._seen.setdefault(parent or event.case_id, Seen(self._silent))(event)
