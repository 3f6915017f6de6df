"""The log of a process that serves: lines for people, or one JSON object a line for what collects logs, on standard error.

What programs read is free of what customers wrote and of secrets: of an error it has the kind and where it was raised, and not
its words, which may quote anything.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Literal

from switchboard.console.asked import asked
from switchboard.events.masking import masked
from switchboard.events.secrets import without_secrets

Form = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]
OURS = "switchboard"
WITH_HANDLERS = ("dbos",)
"""Loggers that write by themselves unless they have a handler already."""
MOST_CHARACTERS, MOST_FRAMES = 4_000, 12


class Lines(logging.Formatter):
    """A record as a line of JSON: when, how bad, whose, in which process, and what."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": without_secrets(masked(record.getMessage()))[:MOST_CHARACTERS],
        }
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-MOST_FRAMES:]
            row["error"] = record.exc_info[0].__name__
            row["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(row, ensure_ascii=True)


class OnStandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """A handler that goes on where nobody reads any more."""

    def handleError(self, record: logging.LogRecord) -> None:
        return


@contextmanager
def logged(form: Form, level: Level) -> Iterator[None]:
    """Have all that is logged, and in JSON all that is said, written as the settings have it, for as long as this lasts."""
    number = getattr(logging, level.upper())
    handler = OnStandardError(sys.stderr)
    handler.setLevel(number)
    handler.setFormatter(Lines() if form == "json" else logging.Formatter("%(message)s"))
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    others = [logging.getLogger(name) for name in WITH_HANDLERS]
    before = [(one, one.handlers[:], one.propagate) for one in (root, *others)]
    level_before, said_before = ours.level, asked.says
    root.handlers = [handler]
    for one in others:
        one.handlers, one.propagate = [], True
        one.addHandler(logging.NullHandler())
    ours.setLevel(number)
    if form == "json":
        asked.says = ours.info
    try:
        yield
    finally:
        with suppress(OSError):
            handler.flush()
        for one, handlers, propagates in before:
            one.handlers, one.propagate = handlers, propagates
        ours.setLevel(level_before)
        asked.says = said_before
