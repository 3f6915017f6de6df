"""What is asked of every command: the project that it is to work in, and whether it shows the inside of what agents do."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "SWITCHBOARD_PROJECT"


@dataclass
class Asked:
    folder: Path | None = None
    """What was given with --project."""
    trace: bool = False
    """Whether --trace was given."""
    allows_code: bool = False
    """Whether --allow-code was given."""
    allows_web: bool = False
    """Whether --web was given."""
    says: Callable[[str], object] | None = None
    """What hears the words to the person at the terminal, where a log is kept in their place."""

    def named(self) -> Path | None:
        """The folder that was given, else that of the variable, in the environment or in .env.

        The settings say the same, but reading all of them takes longer than a person should wait for help.
        """
        value = os.environ.get(VARIABLE) or _from_file()
        return self.folder or (Path(value) if value else None)


def _from_file() -> str | None:
    file = Path(".env")
    try:
        if not file.is_file():
            return None
        from dotenv import dotenv_values

        return dotenv_values(file).get(VARIABLE)
    except (OSError, UnicodeDecodeError):  # the settings say so where they are read
        return None


asked = Asked()
"""One for the process: a project puts its folder on `sys.path`, so a process has one, too."""
