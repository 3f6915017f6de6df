"""The folder that the files of one block are kept in. Only this process writes there, and through no link."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from switchboard.errors import ToolError
from switchboard.toolsets.sandbox.outcome import FileMade


def keep_files(room: Path, block: str, files: Sequence[FileMade]) -> Path:
    """Make the folder of a block in `room` anew, with these files in it. Raises ToolError where it cannot be written to."""
    folder = room / block
    try:
        clear(room, block)
        for made in files:
            target = folder / made.name
            target.parent.mkdir(parents=True, exist_ok=True)
            number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
            with os.fdopen(number, "wb") as file:
                file.write(made.content)
    except OSError as error:
        why = f"What the code made could not be kept in {room.name}/: {error.strerror}. It was not kept."
        raise ToolError(why, code="not_kept") from error
    return folder


def clear(room: Path, block: str) -> None:
    """Remove what a block left there before it was cut off. What stands in the place of a folder is removed, not followed."""
    at = room
    for part in Path(block).parts:
        at = at / part
        if at.is_symlink() or at.is_file():
            at.unlink()
    shutil.rmtree(at, ignore_errors=True)
