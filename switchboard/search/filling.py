"""Brings the rows of an index up to date with its folder: what changed is read, what is gone is forgotten.

Several processes may do so at a time: they take turns, and none reads what another has read meanwhile.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from switchboard.search import store
from switchboard.search.apart import Apart
from switchboard.search.copies import first_alike, looked_up, sketch
from switchboard.search.extractors.document import Unreadable
from switchboard.search.extractors.kinds import INSTALL, Kind, readable_kind
from switchboard.search.extractors.opening import opened
from switchboard.search.folder import cited_as
from switchboard.search.passages import Passage
from switchboard.search.sections import passages_of
from switchboard.search.store import File, Told
from switchboard.search.words import joined

TOGETHER = 50
"""Documents that are written in one transaction: so many are read again where the process is killed."""


def fill(
    database: sqlite3.Connection, folder: Path, paths: Mapping[str, Path], progress: Callable[[int, int, str], None] | None
) -> None:
    """Reads what is new or changed; a file with the time and size that it had, or with its bytes, is not."""
    before = store.known(database)
    changed = [name for name, path in paths.items() if not _is_as_told(path, before.get(name))]
    gone = {name for name in before if name not in paths}
    lost = gone | {name for name in changed if name in before}
    # A copy is read itself where what it is a copy of is no longer what it was.
    changed += [name for name, told in before.items() if told.copy_of in lost and name in paths and name not in changed]
    if not changed and not gone:
        return
    with Apart() as apart:
        store.begin(database)
        try:
            for name in gone:
                if not _is_as_told(folder / name, before[name]):  # another process has seen one that was put there meanwhile
                    store.forget(database, name)
            for n, name in enumerate(sorted(changed)):
                if progress:
                    progress(n, len(changed), name)
                _read(database, apart, folder, name, paths[name], lost)
                if n % TOGETHER == TOGETHER - 1:
                    database.execute("COMMIT")
                    store.begin(database)
            database.execute("COMMIT")
        except sqlite3.Error:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        except BaseException:
            if database.in_transaction:
                database.execute("COMMIT")  # what was read is true, also after Ctrl-C
            raise
    if progress:
        progress(len(changed), len(changed), "")


def stamp_of(path: Path) -> tuple[int, int]:
    """Modification time and size; zeros for a file that cannot be looked at, which the index then lists as skipped."""
    try:
        facts = path.stat()
    except OSError:
        return (0, 0)
    return (facts.st_mtime_ns, facts.st_size)


def _is_as_told(path: Path, told: Told | None) -> bool:
    if told is None or (told.modified, told.size) != stamp_of(path):
        return False
    return INSTALL not in told.why  # which may have been done meanwhile


def _read(database: sqlite3.Connection, apart: Apart, folder: Path, name: str, path: Path, lost: set[str]) -> None:
    told = store.known(database, name).get(name)  # as it is now: another process may have read it
    if told and _is_as_told(path, told) and told.copy_of not in lost:
        return
    stamp = stamp_of(path)
    cited = cited_as(name)
    try:
        kind = readable_kind(path) if not path.is_dir() else None
        content, modified, digest = opened(path, folder, *([kind.most] if kind else []))
        stamp = (modified, len(content))
        if told and told.digest == digest and not told.why and told.copy_of not in lost:
            database.execute("UPDATE file SET modified = ?, size = ? WHERE name = ?", (*stamp, name))
            return
        assert kind is not None  # a folder cannot be opened
        file, cut = _document(database, apart, File(name, cited, *stamp, digest), kind, content)
    except Unreadable as error:
        file, cut = File(name, cited, *stamp, why=str(error)), []
    store.keep(database, file, cut, _joined(cut))


def _document(
    database: sqlite3.Connection, apart: Apart, file: File, kind: Kind, content: bytes
) -> tuple[File, list[tuple[Passage, list[Passage]]]]:
    same = "SELECT name FROM file WHERE digest = ? AND name != ? AND why = '' AND copy_of = ''"
    if found := database.execute(same, (file.digest, file.name)).fetchone():
        return file._replace(copy_of=found[0]), []
    document = apart.read(kind, Path(file.cited).name, content)
    text = document.text
    kept = sketch(text)
    if copy := first_alike(kept, _like(database, file.name, kept)):
        return file._replace(copy_of=copy), []
    cut = list(passages_of(file.cited, document))
    if not cut:
        raise Unreadable("it holds no text")
    return file._replace(title=document.title, text=text, note=document.note, sketch=kept), cut


def _like(database: sqlite3.Connection, name: str, kept: bytes) -> Iterator[tuple[str, bytes]]:
    """The files that a text may be a copy of, in the order of their names."""
    marks = looked_up(kept) if kept else []
    rows = database.execute(
        "SELECT DISTINCT file.name, file.sketch FROM mark JOIN file ON file.name = mark.name "
        f"WHERE mark.mark IN ({', '.join('?' * len(marks))}) AND file.name != ? ORDER BY file.name LIMIT 200",
        (*marks, name),
    )
    yield from rows


def _joined(cut: list[tuple[Passage, list[Passage]]]) -> Iterator[str]:
    """Beside each passage its hyphenated words written as one."""
    return (" ".join(joined(f"{one.title} {one.heading} {one.text}")) for _, passages in cut for one in passages)
