"""Routing from the command line: one message, or a file of them."""

import json as jsonlib
import sys
from collections.abc import Callable
from pathlib import Path

from switchboard.characters import visible
from switchboard.console.terminal.projects import project_of_command
from switchboard.console.terminal.screen import out, say, show_json
from switchboard.errors import OperatorError
from switchboard.events.rendering import printable
from switchboard.mail.history import own_words
from switchboard.project import Routed


def router() -> Callable[[str], Routed]:
    """The project's own, given what the desk is given of a message. Raises OperatorError where it has none."""
    project = project_of_command()
    route = project.route
    if route is None:
        why = "its setup names none, and its file has no departments"
        raise OperatorError(f"The project {project.file.name} has no rules that route: {why}.")
    return lambda text: route(own_words(text))


def route_one(message: str, json: bool) -> None:
    found = router()(message)
    if json:
        show_json({"department": found.department, "confidence": round(found.confidence, 3), "by": "rules"})
    else:
        out.print(f"{found.department} ({found.confidence:.0%} sure, by rules)", markup=False)


def route_file(path: Path, json: bool) -> int:
    """One line of JSON per input line, in its order. Returns how many lines could not be read; each is said."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from error
    route, wrong = router(), 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            name, text = _row(number, line)
        except (ValueError, KeyError, AttributeError, RecursionError):
            say(f'{path}, line {number}: not a JSON object with a "text" (and an "id"); it is left out.')
            wrong += 1
            continue
        found = route(text)
        if json:
            row = {"id": name, "department": found.department, "confidence": round(found.confidence, 3), "by": "rules"}
            sys.stdout.write(visible(jsonlib.dumps(row, ensure_ascii=False)) + "\n")
        else:
            out.print(f"{printable(str(name))}\t{found.department}\t{found.confidence:.2f}", markup=False)
    return wrong


def _row(number: int, line: str) -> tuple[object, str]:
    """The id and the text of a line; a line without an id is called by its number."""
    row = jsonlib.loads(line)
    return row.get("id", number), str(row["text"])
