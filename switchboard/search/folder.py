"""What lies in a folder of sources: the documents, what is none, and a name for each that a citation can hold."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from switchboard.errors import OperatorError
from switchboard.search.extractors.kinds import is_document
from switchboard.search.extractors.opening import is_folder, is_link

MOST_FILES = 20_000
"""Documents of a folder; what is beyond, in the order of names, is not read."""
MOST_SEEN = 500_000
"""Files that are looked at by their names."""
UNCITED = re.compile(r"[\[\]#,;\\|`<>*]")
LONGEST_NAME, LONGEST_SHOWN = 200, 300
MARK = 16
MARKED = re.compile(rf"-[0-9a-f]{{{MARK}}}(?:\.[^.]*)?\Z")
"""How a name ends that was given a mark; a file that is called so gets one of its own, so that no name is that of another."""


@dataclass
class Listing:
    """The files below a folder by their names in it, sorted. `others` counts the files of kinds that are no documents."""

    paths: dict[str, Path] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    note: str = ""


def listing(folder: Path) -> Listing:
    """The documents and the unreadable folders below a folder; without hidden ones; of a link to a folder it has the link."""
    if not is_folder(folder):
        raise OperatorError(f"There is no folder {folder}. Create it and put documents there, or name another folder.")
    found = Listing()
    paths: list[Path] = []
    for n, (path, is_named) in enumerate(_walked(folder)):
        if n >= MOST_SEEN:
            found.note = f"The folder holds more than {MOST_SEEN:,} files; the rest is not looked at."
            break
        if is_named or is_document(path) or is_folder(path):
            paths.append(path)
        else:
            found.others[path.suffix.lower()[:20] or "without an ending"] += 1
    paths.sort()
    if len(paths) > MOST_FILES:
        found.note = (
            f"The folder holds {'at least ' if found.note else ''}{len(paths):,} documents. Only the first {MOST_FILES:,} in "
            "the order of their names are read; name a folder within it."
        )
    found.paths = {_named(path.relative_to(folder)): path for path in paths[:MOST_FILES]}
    return found


def _named(path: Path) -> str:
    """A file's name as text: bytes of it that are no UTF-8 are written out, so that two stay two."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _walked(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Files; and, with True, links to folders, which are not followed, and folders that cannot be opened."""
    closed: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from ((Path(root, name), True) for name in folders if is_link(Path(root, name)))
        yield from ((Path(root, name), False) for name in names if not name.startswith("."))
    yield from ((path, True) for path in closed)


def cited_as(name: str) -> str:
    """The name that citations call a file by: its own, or where that cannot be cited, one like it with a mark."""
    fitting = UNCITED.sub("-", "".join(c if c.isprintable() and unicodedata.category(c) != "Cf" else "-" for c in name))
    fitting = " ".join(fitting.split())
    if fitting == name and len(name) <= LONGEST_NAME and not MARKED.search(name):
        return name
    stem, dot, end = fitting.rpartition(".")
    mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:MARK]
    return f"{(stem if dot else fitting)[-LONGEST_NAME:]}-{mark}{dot}{end if dot else ''}"


def said(name: str) -> str:
    """A file's name as it is shown: what is no plain letter or sign is written out, and of a long one its end is kept."""
    shown = "".join(c if c.isprintable() and unicodedata.category(c) != "Cf" else ascii(c)[1:-1] for c in name)
    return shown if len(shown) <= LONGEST_SHOWN else f"…{shown[1 - LONGEST_SHOWN :]}"
