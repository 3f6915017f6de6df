"""Full-text search over a folder of Markdown and text files, with citations that lead back to the section."""

import math
import os
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from switchboard.errors import OperatorError, ToolError
from switchboard.search.passages import ASKED, Passage, sections_of, split_text
from switchboard.search.seen import seen, without_invisible

LARGEST_FILE = 2_000_000  # bytes
SUFFIXES = {".md", ".markdown", ".txt"}
PASSAGE_LENGTH = 900  # characters
MOST_FOLDERS = 16  # indexes kept in memory
MOST_TERMS = 32  # a longer query is cut: further words add time and no sense
STRONG = 0.5  # a best score below this is a weak match; a caller says so instead of quoting it as the answer
HEADING_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT, JOINED_WEIGHT = 5.0, 2.0, 1.0, 0.5
SAYING_NOTHING = """
    a about above across after again against ago all almost already also am an and another any anyone anything are
    aren around as ask asked at away be because been before being below best better between both but by came can
    cannot compare compared comparison could couldn describe did didn do does doesn doing don done down during each
    either else even ever every everything explain few find for from further gave get gets getting give given go
    goes going gone good got had hadn has hasn have haven having he hello help her here hers hi him his how i if im
    in into is isn it its itself ive just keep know let like ll look looking made make many may me mean means might
    mine more most much must my myself need needs never no nor not now of off ok okay on once one only or other our
    ours out over own please possible put re really said same say says see she should shouldn since so some someone
    something still such sure take tell than thank thanks that the their them then there these they thing things
    this those through to too try trying under until up upon us use used using ve versus very via vs want wanted
    wants was wasn way we well were weren what when where whether which while who whom whose why will with within
    without won would wouldn yes yet you your yours
"""
STOP_WORDS = frozenset(SAYING_NOTHING.split())


class Index:
    """The searchable files of one folder, as they were when it was built. Only files below the folder are ever read.

    `skipped` maps the files that were left out to the reason. Raises OperatorError when nothing can be searched.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.skipped: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        for path in files_below(self.folder):
            name = path.relative_to(self.folder).as_posix()
            try:
                self.texts[name] = read_text(path, self.folder)
            except (OSError, ValueError) as error:
                self.skipped[name] = str(error)
        self.sections = {s.citation: s for name, text in self.texts.items() for s in sections_of(name, text)}
        self.texts = {name: seen(text) for name, text in self.texts.items()}
        self.passages = [replace(s, text=t) for s in self.sections.values() for t in split_text(s.text, PASSAGE_LENGTH)]
        if not self.passages:
            why = f" Skipped: {listed(f'{n} ({r})' for n, r in self.skipped.items())}." if self.skipped else ""
            raise OperatorError(
                f"{folder} holds no .md or .txt text to search.{why} Put documents there, or name another folder."
            )
        self._lock = Lock()

    @cached_property
    def _database(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.execute("CREATE VIRTUAL TABLE passage USING fts5(heading, title, text, joined, tokenize='porter unicode61')")
        rows = [(p.heading, p.title, p.text, " ".join(joined(f"{p.title} {p.heading} {p.text}"))) for p in self.passages]
        connection.executemany("INSERT INTO passage(heading, title, text, joined) VALUES (?, ?, ?, ?)", rows)
        return connection

    def search(self, query: str, limit: int = 5) -> list[Passage]:
        """The best passages, best first; [] when no word of the query occurs.

        `score` is the share (0 to 1) of the query's words that the passage holds, rare words counting more. It says
        how much of the question was found, and can be compared across folders, which bm25 cannot.
        """
        words = terms(query)
        if not words or limit < 1:
            return []
        with self._lock:
            holding = {word: self._rows_with(word) for word in words}
            ranks = self._ranked(words)
        weight = {word: math.log(1 + len(self.passages) / (len(rows) + 0.5)) for word, rows in holding.items()}
        whole = sum(weight.values())
        share = {row: sum(weight[w] for w in words if row in holding[w]) / whole for row in ranks}
        best = sorted(ranks, key=lambda row: (-ranks[row] * (0.25 + share[row]), row))[:limit]
        return [replace(self.passages[row - 1], score=round(share[row], 2)) for row in best]

    def document(self, name: str) -> str:
        """The whole text of one file, by its name or by a citation of it. Raises ToolError when it is not here."""
        text = self.texts.get(name.strip().strip("[]").split("#")[0])
        if text is None:
            why = f"There is no document {name[:100]!r}. The documents are: {listed(self.texts)}."
            raise ToolError(why, code="no_such_document")
        return text

    def resolve(self, citation: str) -> Passage | None:
        """The whole section that "file.md#anchor" (with or without square brackets) stands for."""
        return self.sections.get(citation.strip().strip("[]"))

    def _rows_with(self, word: str) -> set[int]:
        rows = self._database.execute("SELECT rowid FROM passage WHERE passage MATCH ?", (f'"{word}"',))
        return {row for (row,) in rows}

    def _ranked(self, words: list[str]) -> dict[int, float]:
        """Row to rank (higher is better) of the passages that hold any of the words."""
        weights = (HEADING_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT, JOINED_WEIGHT)
        rows = self._database.execute(
            "SELECT rowid, bm25(passage, ?, ?, ?, ?) AS badness FROM passage WHERE passage MATCH ? "
            "ORDER BY badness, rowid LIMIT 200",
            (*weights, " OR ".join(f'"{word}"' for word in words)),
        )
        return {row: -badness for row, badness in rows}


def terms(text: str) -> list[str]:
    """The words of a text that say what it is about: lower case, without stop words, each once, at most MOST_TERMS."""
    words = [*re.findall(r"[^\W_]+", text.lower()), *joined(text)]
    telling = (w for w in words if w not in STOP_WORDS and (len(w) > 1 or w.isdigit() or ord(w) > 0x2E80))
    return list(dict.fromkeys(telling))[:MOST_TERMS]


def joined(text: str) -> list[str]:
    """Hyphenated words written as one, so that "wifi" and "Wi-Fi" find each other."""
    return [a + b for a, b in re.findall(r"\b([^\W_]{1,4})-([^\W_]+)", text.lower())]


def files_below(folder: Path) -> list[Path]:
    """The text files and the unreadable folders below a folder, sorted; without hidden ones and links to folders."""
    if not folder.is_dir():
        raise OperatorError(f"There is no folder {folder}. Create it and put .md or .txt files there, or name another folder.")
    found: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: found.append(Path(error.filename))):
        folders[:] = [f for f in folders if not f.startswith(".")]
        found.extend(Path(root, n) for n in names if Path(n).suffix.lower() in SUFFIXES and not n.startswith("."))
    return sorted(found)


def read_text(path: Path, folder: Path) -> str:
    """The text of one file as its readers see it, and how they ask for it.

    Raises ValueError or OSError whose message says why it is left out.
    """
    if not Path(os.path.realpath(path)).is_relative_to(folder):
        raise ValueError("it is a link to a file outside the folder")
    name = path.relative_to(folder).as_posix()
    if re.search(r"[\[\]#,;]", name) or not name.isprintable():
        raise ValueError("its name holds one of [ ] # , ; or a control character, which a citation cannot")
    if path.is_dir():
        raise ValueError("the folder cannot be read")
    if not path.is_file():
        raise ValueError("it is not a regular file")
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE // 1_000_000} MB")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8 text") from error
    if "\0" in text:
        raise ValueError("it is binary")
    return without_invisible(seen(text, but_for=ASKED))


def listed(names: Iterable[str]) -> str:
    """At most 20 names in one line."""
    items = list(names)
    return ", ".join(items[:20]) + (f" and {len(items) - 20} more" if len(items) > 20 else "")


_built: dict[Path, tuple[tuple[object, ...], Index]] = {}
_building = Lock()


def index_of(folder: Path) -> Index:
    """The index of a folder, built anew only when a file in it was added, removed or changed."""
    folder = Path(os.path.realpath(folder))
    with _building:
        stamp = tuple((path, *stamp_of(path)) for path in files_below(folder))
        if folder not in _built or _built[folder][0] != stamp:
            _built[folder] = (stamp, Index(folder))
            for old in list(_built)[:-MOST_FOLDERS]:
                del _built[old]
        return _built[folder][1]


def stamp_of(path: Path) -> tuple[int, int]:
    """Modification time and size; zeros for a file that cannot be looked at, which the index then lists as skipped."""
    try:
        facts = path.stat()
    except OSError:
        return (0, 0)
    return (facts.st_mtime_ns, facts.st_size)
