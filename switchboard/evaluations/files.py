"""Files of lines that something is measured with."""

import json
from pathlib import Path

from switchboard.errors import OperatorError

MOST_BYTES = 50_000_000


def lines_of(path: Path) -> list[str]:
    """The lines of a file. Raises OperatorError where it cannot be read, is no UTF-8, or is larger than can be measured."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise OperatorError(f"{path} has more than {MOST_BYTES:,} bytes. Measure with fewer lines.")
        return path.read_text("utf-8").split("\n")
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no UTF-8 text. Save it as UTF-8.") from None


def measured_with(path: Path) -> str:
    """Which evaluation reads a file of lines, as its first one says. Raises OperatorError where none does."""
    line = next((line for line in lines_of(path) if line.strip()), "")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and "calls" in found:
        return "injections"
    if isinstance(found, dict) and ("department" in found or "label" in found):
        return "routing"
    raise OperatorError(f'{path} has no lines of JSON with a "text" and its "department", or with the "calls" of an injection.')
