"""A file's bytes, read once and safely: a regular file within its folder, of a bounded size, that nobody changes meanwhile."""

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from switchboard.search.extractors.document import Unreadable

MOST_BYTES = 50_000_000


class Opened(NamedTuple):
    content: bytes
    modified: int
    """Nanoseconds, as the file system says."""
    digest: str


def opened(path: Path, folder: Path, most: int = MOST_BYTES) -> Opened:
    """The file as it is now. `folder` is a real path. Raises Unreadable, which says why it is left out."""
    try:
        real = Path(os.path.realpath(path))
    except OSError as error:  # it was a link, and is gone
        raise Unreadable(_why(error)) from error
    if is_link(path) and is_folder(real):
        raise Unreadable("it is a link to a folder, which is not followed")
    if not real.is_relative_to(folder):
        raise Unreadable("it is a link to a file outside the folder")
    # Without waiting, and through no link: what was a file may be a pipe by now.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not stat.S_ISREG(real.lstat().st_mode):  # opening a device may do something
            raise Unreadable("the folder cannot be read" if is_folder(real) else "it is not a regular file")
        handle = _below(folder, real.relative_to(folder), flags)
    except OSError as error:
        raise Unreadable(_why(error)) from error
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise Unreadable("it is not a regular file")
        if before.st_size > most:
            raise Unreadable(f"it is larger than {most // 1_000_000} MB")
        if not before.st_size:
            raise Unreadable("it is empty")
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise Unreadable(_why(error)) from error
        after = os.fstat(handle)
    if (after.st_size, after.st_mtime_ns, len(content)) != (before.st_size, before.st_mtime_ns, before.st_size):
        raise Unreadable("it was changed while it was read; the next run reads it again")
    return Opened(content, before.st_mtime_ns, sha256(content).hexdigest())


def _below(folder: Path, name: Path, flags: int) -> int:
    """A file opened from folder to folder, through no link: one of them may have become one since it was looked at."""
    if os.open not in os.supports_dir_fd:
        return os.open(folder / name, flags)
    through = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW
    at = os.open(folder, through)
    try:
        for part in name.parts[:-1]:
            below = os.open(part, through, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name.name, flags, dir_fd=at)
    finally:
        os.close(at)


def is_folder(path: Path) -> bool:
    """Also where that cannot be told: a folder on the way to it is closed, or its name is too long."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_link(path: Path) -> bool:
    """The same of a link."""
    try:
        return path.is_symlink()
    except OSError:
        return False


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "it may not be read (permission denied)"
    if isinstance(error, FileNotFoundError):
        return "it is gone, or a link that leads nowhere"
    return f"it cannot be read ({error.strerror or type(error).__name__})"
