"""Files and folders that nobody but their owner reads: the data are customers' words and orders."""

import os
import stat
from contextlib import suppress
from pathlib import Path

BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a file; it makes them with the mode of the file."""


def make_folder(folder: Path) -> None:
    """Create a folder for its owner alone, and take the others' leave to look into one that holds nothing but our files.

    Raises OSError where it cannot be created.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # it can be used all the same
        is_shared = folder.stat().st_mode & stat.S_ISVTX  # as /tmp is
        if not is_shared and all(one.name.startswith("switchboard") for one in folder.iterdir()):
            _keep_to_owner(folder, 0o700)


def make_file(path: Path) -> None:
    """Create a database's file for its owner alone, or make one that is there theirs alone. What is wrong SQLite will say."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for ending in BESIDE:
        with suppress(OSError):
            _keep_to_owner(path.with_name(path.name + ending), 0o600)


def _keep_to_owner(path: Path, mode: int) -> None:
    if os.name == "posix":
        found = path.stat(follow_symlinks=False)
        is_plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
        if is_plain and found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & ~mode:
            path.chmod(stat.S_IMODE(found.st_mode) & mode)
