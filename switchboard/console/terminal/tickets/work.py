"""`switchboard tickets FILE`: a file of tickets worked through, with a bar, a table, and a row of results for each."""

import csv
import json as json_text
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from typing import Any, TextIO

from switchboard.cases.intake import Message, of_other_words
from switchboard.characters import visible
from switchboard.console.app import Workplace
from switchboard.console.channels import mailbox
from switchboard.console.databases import telling_of_the_database
from switchboard.console.patience import patient_for_a_minute
from switchboard.console.terminal.screen import err, out, say, show_table
from switchboard.console.terminal.workers import (
    Chores,
    cases,
    content_of,
    messages_of,
    opened_for_writing,
    progress_bar,
    tell_of_taking,
)
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.group_chats import team_names
from switchboard.service import intake
from switchboard.service.tickets.batches import TEAM, Result, put_on_queue, result_of
from switchboard.service.tickets.files import PRIORITY, Wrong, read_tickets

MOST_SHOWN, MOST_NAMED = 40, 10
AGAIN = "The same command with the same file goes on, and gives all results."
OTHER = 'its "id" is that of an earlier ticket, which says something else'
COLUMNS = ("id", "ticket", "category", "urgency", "sentiment", "confidence", "decision", "end")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


def work_through(
    file: str, target: Path | None, team: str, concurrency: int, data: Path | None, json: bool
) -> tuple[Counter[str], bool]:
    """Work through a file. Returns how many ended how, and whether all of its lines are tickets and all were waited for.

    Raises OperatorError for a file of results that ends neither in .jsonl nor in .csv.
    """
    if target and target.suffix.lower() not in (".jsonl", ".csv"):
        raise OperatorError(f"{target}: results are written to a file that ends in .jsonl or .csv.")
    place = Workplace(data)
    name = place.project.team_name(team or (TEAM if TEAM in team_names(place.project.folder, place.project.file) else None))
    messages, wrong = tickets_of(place, file)
    with ExitStack() as opened:
        written = opened.enter_context(opened_for_writing(target, file)) if target else None
        opened.enter_context(telling_of_the_database(AGAIN))
        opened.enter_context(patient_for_a_minute())
        worker = Worker(place.environment, stands_by=True, concurrency=concurrency, chores=Chores(place))
        opened.enter_context(place.exported())
        opened.enter_context(worker)
        others = {} if mailbox.is_of_mails(file) else {one.id: OTHER for one in of_other_words(place.engine, messages)}
        tell_of_others([*others])
        messages = [one for one in messages if one.id not in others]
        new, same = put_on_queue(worker, name, messages)
        known = f" {len(messages) - new:,} of the tickets had theirs already." if new < len(messages) else ""
        linked = f" {same:,} say what an earlier one says, and are linked to it." if same else ""
        say(f"Put {cases(new)} on the queue.{known}{linked}")
        done, whole = list[Result](), True
        try:
            if written and target and target.is_file():
                written.truncate(0)
            rows = Rows(written, is_csv=bool(target and target.suffix.lower() == ".csv")) if written else None
            with progress_bar(err.is_terminal) as bar:
                task = bar.add_task("", total=len(messages))
                for document in intake.results(worker, [m.id for m in messages], lambda: tell_of_taking(worker)):
                    done.append(result_of(place.engine, document))
                    if rows:
                        rows.write(done[-1].row())
                    if json:
                        sys.stdout.write(as_line(done[-1].row()))
                    bar.advance(task)
            for name, why in [*((f"line {one.line}", one.why) for one in wrong), *others.items()]:
                if rows:
                    rows.write({"id": name, "error": why})
        except (KeyboardInterrupt, OSError) as stopped:
            worker.give_back()
            say(f"Stopped. The cases stay on the queue. {AGAIN}")
            if isinstance(stopped, OSError):
                raise
            whole = False
        place.tell_troubles()
        place.send_notifications()
    if not json:
        show(done)
    ended = Counter(one.end for one in done)
    decided = Counter(one.decision or one.end for one in done)
    became = ", ".join(f"{number:,} {what}" for what, number in decided.most_common())
    say(f"{': '.join(filter(None, [cases(len(done)), became]))}.")
    return ended, whole and not wrong and not others


def tickets_of(place: Workplace, file: str) -> tuple[list[Message], list[Wrong]]:
    """The tickets of a file; what is none is told by its line, and the others are worked on."""
    if mailbox.is_of_mails(file):
        return messages_of(place, file, PRIORITY, mail=True), []
    messages, wrong = read_tickets(content_of(file), "standard input" if file == "-" else file)
    for one in wrong[:MOST_NAMED]:
        say(f"Line {one.line} was not taken: {one.why}.")
    if len(wrong) > MOST_NAMED:
        say(f"{len(wrong) - MOST_NAMED} more lines were not taken.")
    return messages, wrong


def tell_of_others(others: list[str]) -> None:
    for name in others[:MOST_NAMED]:
        say(f"Ticket {visible(name)} was not taken: {OTHER}.")
    if len(others) > MOST_NAMED:
        say(f"{len(others) - MOST_NAMED} more were not taken for that.")


class Rows:
    """Rows of results in a file, written as they come."""

    def __init__(self, file: TextIO, *, is_csv: bool) -> None:
        self._file = file
        names = [one.name for one in fields(Result)]
        self._csv = csv.DictWriter(file, names, restval="", lineterminator="\n") if is_csv else None
        if self._csv:
            self._csv.writeheader()

    def write(self, row: dict[str, Any]) -> None:
        if self._csv:
            self._csv.writerow({name: cell(value) for name, value in row.items()})
        else:
            self._file.write(as_line(row))
        self._file.flush()


def cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet takes for a formula."""
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text


def as_line(row: dict[str, Any]) -> str:
    return visible(json_text.dumps(row, ensure_ascii=False, default=str)) + "\n"


def show(done: list[Result]) -> None:
    """What became of the tickets, those for people first, by their urgency."""
    order = {name: place for place, name in enumerate(("critical", "high", "medium", "low"))}
    ordered = sorted(done, key=lambda one: (one.end == "resolved", order.get(one.urgency, 9), one.id))
    rows = [[getattr(one, name) for name in COLUMNS] for one in ordered[:MOST_SHOWN]]
    if rows:
        show_table("", COLUMNS, rows)
    if len(done) > MOST_SHOWN:
        out.print(f"and {len(done) - MOST_SHOWN:,} more")
