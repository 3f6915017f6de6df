"""Learning the departments of a project, and measuring how well its rules route."""

import json as jsonlib
from collections import Counter, defaultdict
from pathlib import Path

from switchboard.console.terminal.projects import project_of_command
from switchboard.console.terminal.routing import router
from switchboard.console.terminal.screen import out, say, show_json, show_table
from switchboard.errors import OperatorError
from switchboard.evaluations.files import lines_of
from switchboard.reading.languages import SPOKEN, languages

MOST_WRONG = 20


def learn_project(json: bool) -> None:
    """Have the project learn, and keep what it learned. Raises OperatorError where there is nothing to learn from."""
    project = project_of_command()
    kept = project.learned()
    for path, text in kept.items():
        try:
            path.write_text(text, "utf-8", newline="\n")
        except OSError as error:
            raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None
    if json:
        show_json({"files": [{"file": str(path), "bytes": len(text.encode())} for path, text in kept.items()]})
    else:
        for path, text in kept.items():
            out.print(f"{path.relative_to(project.folder)}: {len(text.encode()) / 1000:.0f} kB", markup=False)


def evaluate_routing(path: Path, json: bool) -> None:
    """Route each line of a file by rules alone, and show how many come to where they belong."""
    route, rows, there = router(), _rows(path), project_of_command().file.departments
    unknown = sorted({wanted for _, wanted in rows} - {*there}) if there else []
    if unknown:
        raise OperatorError(f"{path} names the department {unknown[0]!r}; there is {', '.join(there)}.")
    found = [(text, wanted, route(text).department) for text, wanted in rows]
    right = sum(wanted == got for _, wanted, got in found)
    silent = sum(got == "" for _, _, got in found)
    by_department: dict[str, list[bool]] = defaultdict(list)
    for _, wanted, got in found:
        by_department[wanted].append(wanted == got)
    wrong = Counter((wanted, got) for _, wanted, got in found if got not in ("", wanted))
    if json:
        departments = {name: {"messages": len(all_), "right": sum(all_)} for name, all_ in sorted(by_department.items())}
        mistaken = [{"department": wanted, "taken_for": got, "messages": n} for (wanted, got), n in wrong.most_common()]
        show_json({"messages": len(found), "right": right, "unsure": silent, "departments": departments, "mistaken": mistaken})
        return
    told = [(name, len(all_), f"{sum(all_) / len(all_):.1%}") for name, all_ in sorted(by_department.items())]
    show_table("", ("department", "messages", "right"), told)
    for (wanted, got), n in wrong.most_common(MOST_WRONG):
        say(f"{n} of {wanted} went to {got}.")
    out.print(f"{right} of {len(found)} right ({right / len(found):.1%}), {silent} unsure.", markup=False)


def list_messages(json: bool) -> None:
    """The program's own sentences, by language and id."""
    found = {language: dict(languages()[language].says) for language in SPOKEN}
    if json:
        show_json(found)
    else:
        for message, text in found[SPOKEN[0]].items():
            out.print(f"{message}: {text}", markup=False)


def _rows(path: Path) -> list[tuple[str, str]]:
    """The (text, department) lines of a file. Raises OperatorError with the line that is none."""
    rows = []
    for number, line in enumerate(lines_of(path), 1):
        if not line.strip():
            continue
        try:
            row = jsonlib.loads(line)
            rows.append((str(row["text"]), str(row["department"] if "department" in row else row["label"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise OperatorError(f'{path}, line {number}: not a JSON object with a "text" and a "department".') from None
    if not rows:
        raise OperatorError(f"{path} holds no message.")
    return rows
