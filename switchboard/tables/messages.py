"""A project's own sentences, said in place of the program's."""

import tomllib
from pathlib import Path

from switchboard.errors import OperatorError
from switchboard.reading.languages import say_in_place
from switchboard.tables.project_file import ProjectFile, there


def say_messages(folder: Path, file: ProjectFile) -> None:
    """Say what the project's file of messages says from now on; the program's own where it names none. Raises OperatorError."""
    if not file.messages:
        say_in_place({})
        return
    path = there(folder, file.messages, "messages")
    try:
        say_in_place(tomllib.loads(path.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        raise OperatorError(f"{path}: {str(error).rstrip('.')}.") from None
