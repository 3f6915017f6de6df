"""Brings the rows of an index up to date with its folder: what changed is read, what is gone is forgotten.

Several processes may do so at a time: they take turns, and none reads what another has read meanwhile.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from switchboard.search import store
from switchboard.search.apart import Apart
from switchboard.search.copies import first_alike, looked_up, sketch
from switchboard.search.extractors.document import Unreadable
from switchboard.search.extractors.kinds import INSTALL, Kind, is_document, readable_kind
from switchboard.search.extractors.opening import is_folder, opened
from switchboard.search.folder import cited_as, listing
from switchboard.search.passages import Passage
from switchboard.search.sections import passages_of
from switchboard.search.store import File, Told

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
    # What others are copies of comes first, and stays it where it says what it said.
    changed.sort(key=lambda name: (name not in before or bool(before[name].copy_of), name))
    with Apart() as apart:
        store.begin(database)
        try:
            there = listing(folder).paths if gone else {}  # another process may have seen one that was put there meanwhile
            for name in gone:
                if name not in there or not _is_as_told(there[name], store.known(database, name).get(name)):
                    store.forget(database, name)
            for n, name in enumerate(changed):
                if progress:
                    progress(n, len(changed), name)
                _read(database, apart, folder, name, paths, lost)
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


def _read(
    database: sqlite3.Connection, apart: Apart, folder: Path, name: str, paths: Mapping[str, Path], lost: set[str]
) -> None:
    path = paths[name]
    told = store.known(database, name).get(name)  # as it is now: another process may have read it
    if told and _is_as_told(path, told) and told.copy_of not in lost:
        return
    stamp = stamp_of(path)
    cited = cited_as(name)
    originals = _Originals(database, folder, paths, name)
    try:
        kind = readable_kind(path) if is_document(path) and not is_folder(path) else None
        content, modified, digest = opened(path, folder, *([kind.most] if kind else []))
        stamp = (modified, len(content))
        if told and told.digest == digest and not told.why and told.copy_of not in lost and not originals.came_before(told):
            database.execute("UPDATE file SET modified = ?, size = ? WHERE name = ?", (*stamp, name))
            return
        if kind is None:
            raise Unreadable("it was a folder, and is a file now; the next run reads it")
        file, cut = _document(originals, apart, File(name, cited, *stamp, digest), kind, content)
    except Unreadable as error:
        file, cut = File(name, cited, *stamp, why=str(error)), []
    store.keep(database, file, cut)


def _document(
    originals: "_Originals", apart: Apart, file: File, kind: Kind, content: bytes
) -> tuple[File, list[tuple[Passage, list[Passage]]]]:
    if same := originals.of_bytes(file.digest):
        return file._replace(copy_of=same), []
    document = apart.read(kind, Path(file.cited).name, content)
    text = document.text
    kept = sketch(text)
    if copy := originals.of_text(kept):
        return file._replace(copy_of=copy), []
    cut = list(passages_of(file.cited, document))
    if not cut:
        raise Unreadable("it holds no text")
    return file._replace(title=document.title, text=text, note=document.note, sketch=kept), cut


@dataclass
class _Originals:
    """The files that another one, of this `name`, may be a copy of: those whose rows say what the files hold now. An older row
    is of a text that may be nowhere else any more.
    """

    database: sqlite3.Connection
    folder: Path
    paths: Mapping[str, Path]
    name: str

    def of_bytes(self, digest: str) -> str:
        """The first with the same bytes; "" where there is none."""
        same = "SELECT name FROM file WHERE digest = ? AND name != ? AND why = '' AND copy_of = '' ORDER BY name"
        rows = self.database.execute(same, (digest, self.name)).fetchall()
        return next((name for (name,) in rows if self._is_current(name)), "")

    def of_text(self, kept: bytes) -> str:
        """The first with nearly the same text, by its sketch; "" where there is none."""
        marks = looked_up(kept) if kept else []
        rows = self.database.execute(
            "SELECT DISTINCT file.name, file.sketch FROM mark JOIN file ON file.name = mark.name "
            f"WHERE mark.mark IN ({', '.join('?' * len(marks))}) AND file.name != ? ORDER BY file.name LIMIT 200",
            (*marks, self.name),
        ).fetchall()
        return first_alike(kept, ((name, other) for name, other in rows if self._is_current(name)))

    def came_before(self, told: Told) -> bool:
        """Whether a file that says what it said, and was no copy, has become one of a file that was read before it."""
        if told.copy_of:
            return False
        (kept,) = self.database.execute("SELECT sketch FROM file WHERE name = ?", (self.name,)).fetchone()
        return bool(self.of_bytes(told.digest) or self.of_text(kept))

    def _is_current(self, name: str) -> bool:
        return _is_as_told(self.paths.get(name, self.folder / name), store.known(self.database, name).get(name))
