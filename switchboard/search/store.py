"""The rows of an index in SQLite, in memory or in a file: its files, their sections, and the full text of their passages.

Where the project's rows are on Postgres, each machine still keeps such a file of its own: `ts_rank` knows nothing of how rare a
word is and finds far fewer of the needed documents than bm25 does (`tests/bench/retrieval.py`), and a machine can only answer
from the files that it sees itself.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from switchboard.errors import OperatorError
from switchboard.private_files import make_folder
from switchboard.search.copies import looked_up
from switchboard.search.extractors.document import Place
from switchboard.search.passages import Passage
from switchboard.search.words import joined

FORMAT = 6
"""Counted up when what the rows hold, or how files are read, changes: an older file is then made anew."""
BUSY_SECONDS = 300
"""So long another process that reads the same folder is waited for."""
TRIES = 50
TABLES = ("file", "mark", "section", "piece", "passage")
SCHEMA = """
CREATE TABLE file(name TEXT PRIMARY KEY, cited TEXT UNIQUE, modified INTEGER, size INTEGER, digest TEXT, title TEXT, text TEXT,
    note TEXT, why TEXT, copy_of TEXT, sketch BLOB);
CREATE INDEX file_digest ON file(digest);
CREATE TABLE mark(mark INTEGER, name TEXT, PRIMARY KEY (mark, name)) WITHOUT ROWID;
CREATE TABLE section(name TEXT, cited TEXT PRIMARY KEY, title TEXT, heading TEXT, anchor TEXT, text TEXT, asked TEXT,
    place TEXT);
CREATE INDEX section_name ON section(name);
CREATE TABLE piece(id INTEGER PRIMARY KEY, name TEXT, source TEXT, anchor TEXT, place TEXT);
CREATE INDEX piece_name ON piece(name);
CREATE VIRTUAL TABLE passage USING fts5(heading, title, text, joined, tokenize='porter unicode61');
"""
PLACES = TypeAdapter(Place)


class File(NamedTuple):
    """A file as it was read. `why` says why it was not, `copy_of` which other one holds the same."""

    name: str
    cited: str
    modified: int
    size: int
    digest: str = ""
    title: str = ""
    text: str = ""
    note: str = ""
    why: str = ""
    copy_of: str = ""
    sketch: bytes = b""


class Told(NamedTuple):
    """What the rows say of a file without its text."""

    modified: int
    size: int
    digest: str
    copy_of: str
    why: str


@contextmanager
def said_where_it_fails(path: Path | None) -> Iterator[None]:
    """An index that cannot be read or written is told to the operator, with what to do."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        place = f"kept in {path.parent}" if path else "made in memory"
        raise OperatorError(f"The index of the sources cannot be {place} ({error}). {_advice(path, error)}") from error


def _advice(path: Path | None, error: OSError | sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) or getattr(error, "errno", 0) == ENOSPC:
        return "Is there space left? What was read is kept, and the next run goes on from there."
    if path and not isinstance(error, sqlite3.OperationalError | OSError):
        return f"Remove {path.name} there; it is but a copy, and is made anew."
    return "May it be written, or is another run reading?"


def connected(path: Path | None) -> sqlite3.Connection:
    """The rows in a file, or in memory. A file of another format, or a broken one, is made anew: it is but a copy."""
    if path is None:
        return _made(":memory:")
    make_folder(path.parent)
    try:
        return _made(str(path))
    except sqlite3.OperationalError:  # it is locked, or may not be written
        raise
    except sqlite3.DatabaseError:
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        return _made(str(path))


def _made(name: str) -> sqlite3.Connection:
    database = sqlite3.connect(name, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
    try:
        _keep_a_log(database)
        database.execute("PRAGMA synchronous=NORMAL")
        if _format(database) != FORMAT:
            database.execute("BEGIN IMMEDIATE")
            if _format(database) != FORMAT:  # nobody else has made it meanwhile
                for table in TABLES:
                    database.execute(f"DROP TABLE IF EXISTS {table}")
                for statement in SCHEMA.split(";"):
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {FORMAT}")
            database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def _keep_a_log(database: sqlite3.Connection) -> None:
    """Has it written ahead. Of several that make the file at a time SQLite lets only one do so, and the others do not wait."""
    for attempt in range(TRIES):
        try:
            database.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == TRIES - 1:
                raise
            database.execute("BEGIN IMMEDIATE")  # which does wait
            database.execute("ROLLBACK")
        else:
            return


def _format(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def forget(database: sqlite3.Connection, name: str) -> None:
    database.execute("DELETE FROM passage WHERE rowid IN (SELECT id FROM piece WHERE name = ?)", (name,))
    for table in ("piece", "section", "mark", "file"):
        database.execute(f"DELETE FROM {table} WHERE name = ?", (name,))


def keep(database: sqlite3.Connection, file: File, cut: Iterable[tuple[Passage, list[Passage]]]) -> None:
    """Writes a file's rows anew; a passage is found by its hyphenated words written as one, too."""
    forget(database, file.name)
    database.execute(f"INSERT INTO file VALUES ({', '.join('?' * len(file))})", file)
    if file.sketch and not file.copy_of:
        database.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?)", [(mark, file.name) for mark in looked_up(file.sketch)])
    for section, passages in cut:
        place = PLACES.dump_json(section.place, exclude_defaults=True).decode()
        row = (file.name, section.citation, section.title, section.heading, section.anchor, section.text)
        database.execute("INSERT INTO section VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, json.dumps(section.asked), place))
        for one in passages:
            place = PLACES.dump_json(one.place, exclude_defaults=True).decode()
            together = " ".join(joined(f"{one.title} {one.heading} {one.text}"))
            added = database.execute("INSERT INTO piece(name, source, anchor, place) VALUES (?, ?, ?, ?)",
                                     (file.name, one.source, one.anchor, place))  # fmt: skip
            database.execute("INSERT INTO passage(rowid, heading, title, text, joined) VALUES (?, ?, ?, ?, ?)",
                             (added.lastrowid, one.heading, one.title, one.text, together))  # fmt: skip


def known(database: sqlite3.Connection, only: str | None = None) -> dict[str, Told]:
    rows = database.execute(f"{TOLD} WHERE name = ?", (only,)) if only is not None else database.execute(TOLD)
    return {name: Told(*told) for name, *told in rows}


def begin(database: sqlite3.Connection) -> None:
    """Begin to write. Another process that writes is waited for as long as it gets on."""
    while True:
        before = _written(database)
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            if _written(database) == before:
                raise
        else:
            return


def _written(database: sqlite3.Connection) -> int:
    """Another number whenever somebody else has written."""
    (version,) = database.execute("PRAGMA data_version").fetchone()
    return int(version)


def section_of(row: tuple[str, str, str, str, str, str, str]) -> Passage:
    """A row of (source, title, heading, anchor, text, asked, place)."""
    source, title, heading, anchor, text, asked, place = row
    where = PLACES.validate_json(place)
    return Passage(source, title, heading, anchor, text, asked=tuple(json.loads(asked)), place=where)


TOLD = "SELECT name, modified, size, digest, copy_of, why FROM file"
SECTIONS = (
    "SELECT substr(cited, 1, length(cited) - length(anchor) - 1), title, heading, anchor, text, asked, place FROM section"
)
PASSAGES = (
    "SELECT source, title, heading, anchor, text, '[]', place FROM piece JOIN passage ON passage.rowid = piece.id "
    "WHERE piece.id = ?"
)
PLACED = "SELECT text, place FROM piece JOIN passage ON passage.rowid = piece.id WHERE source = ? AND anchor = ? ORDER BY id"
HOLDING = "SELECT count(*), count(DISTINCT name) FROM passage JOIN piece ON passage.rowid = piece.id WHERE passage MATCH ?"
