"""Reports that are not written yet: where the one of a case goes, in a file beside the rows, until it is there."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from switchboard.console.app import Workplace
from switchboard.console.terminal.reports.forms import Form
from switchboard.console.terminal.screen import say
from switchboard.private_files import make_folder
from switchboard.settings import folder_of

STOPPED = 1
"""The exit code of a command that was stopped."""


@dataclass(frozen=True)
class Pending:
    """A case that research works on. `target` is None where its report is but shown; `sources` is the folder that is read, None
    where an older version kept none.
    """

    case_id: str
    target: Path | None
    form: Form
    sources: Path | None = None


def keep(place: Workplace, pending: Pending) -> None:
    """Note where the report of a case goes. Without room for that it is lost on Ctrl-C alone, and its case is not."""
    target = str(pending.target.absolute()) if pending.target else None
    with suppress(OSError):
        path = _path(place, pending.case_id)
        make_folder(path.parent.parent)
        make_folder(path.parent)
        kept = {"target": target, "form": pending.form, "sources": pending.sources and str(pending.sources.absolute())}
        path.write_text(json.dumps(kept), encoding="utf-8")


def kept(place: Workplace, case_id: str) -> Pending | None:
    """Where the report of a case goes that is not written yet."""
    try:
        found = json.loads(_path(place, case_id).read_text(encoding="utf-8"))
        target, sources = (Path(found[name]) if found.get(name) else None for name in ("target", "sources"))
        return Pending(case_id, target, Form(found["form"]), sources)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(place: Workplace, case_id: str) -> None:
    with suppress(OSError):
        _path(place, case_id).unlink(missing_ok=True)


@contextmanager
def stopped_by_hand(case_id: str, quiet: Callable[[], object]) -> Iterator[None]:
    """Have Ctrl-C end the process where it is, as a crash would: the case stays open with all that was recorded, and `resume`
    goes on with it. `quiet` gives the terminal back.
    """

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)
        quiet()
        say(f"Stopped. What was found so far is kept in {case_id}; this goes on with it:", f"switchboard resume {case_id}")
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(STOPPED)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _path(place: Workplace, case_id: str) -> Path:
    """In the data folder, wherever the rows are, which may be missing or closed: then there is no report to be awaited."""
    return folder_of(place.settings, place.project.data_name) / "reports" / f"{case_id}.json"
