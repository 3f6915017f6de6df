"""Full-text search over a folder of documents, with citations that lead back to the place."""

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from switchboard.errors import OperatorError, ToolError
from switchboard.search.extractors.document import Place
from switchboard.search.filling import fill, stamp_of
from switchboard.search.folder import Listing, listing, said
from switchboard.search.passages import Passage
from switchboard.search.store import HOLDING, PASSAGES, PLACED, SECTIONS, connected, said_where_it_fails, section_of
from switchboard.search.words import terms

MOST_FOLDERS = 16  # indexes kept in memory
MOST_RANKED = 200
STRONG = 0.5  # a best score below this is a weak match; a caller says so instead of quoting it as the answer
HEADING_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT, JOINED_WEIGHT = 5.0, 2.0, 1.0, 0.5
Progress = Callable[[int, int, str], None]
"""Is told how many documents are done, of how many, and which is next."""


@dataclass(frozen=True)
class Coverage:
    """What an index holds and what it does not, by names of files as they are shown."""

    documents: int
    passages: int
    skipped: dict[str, str]
    """File to why it was left out."""
    partly: dict[str, str]
    """File to what of it is not read."""
    copies: dict[str, str]
    """File to the one that holds the same and is searched in its place."""
    others: dict[str, int] = field(default_factory=dict)
    """Ending to how many files of a kind that is no document."""
    note: str = ""


class Index:
    """The searchable files of one folder, as they were when it was built. Only files below the folder are ever read.

    With a `cache`, a folder outside of it, what was read is kept there in a file, and only what changed is read again; else in
    memory. Raises OperatorError when nothing can be searched.
    """

    def __init__(self, folder: Path, cache: Path | None = None, progress: Progress | None = None) -> None:
        self.folder = Path(os.path.realpath(folder))
        found = listing(self.folder)
        mark = sha256(os.fsencode(self.folder)).hexdigest()[:16]
        self._path = cache and cache / f"sources-{mark}.sqlite"
        self._lock = Lock()
        with said_where_it_fails(self._path):
            self._database = connected(self._path)
            fill(self._database, self.folder, found.paths, progress)
        self.coverage = self._covered(found)
        self.skipped = self.coverage.skipped
        if not self.coverage.passages:
            why = f" Skipped: {listed(f'{n} ({r})' for n, r in self.skipped.items())}." if self.skipped else ""
            raise OperatorError(f"{folder} holds no text to search.{why} Put documents there, or name another folder.")

    def _covered(self, found: Listing) -> Coverage:
        rows = self._rows("SELECT name, why, note, copy_of FROM file ORDER BY name")
        return Coverage(
            sum(not why and not copy for _, why, _, copy in rows),
            self._rows("SELECT count(*) FROM piece")[0][0],
            {said(name): why for name, why, _, _ in rows if why},
            {said(name): note for name, _, note, _ in rows if note},
            {said(name): said(copy) for name, _, _, copy in rows if copy},
            dict(found.others),
            found.note,
        )

    def _rows(self, query: str, *values: str | int | float) -> list[Any]:
        with self._reading():
            return self._asked(query, *values)

    def _asked(self, query: str, *values: str | int | float) -> list[Any]:
        return self._database.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """The rows as they are now, whatever another process writes meanwhile."""
        with self._lock, said_where_it_fails(self._path):
            self._database.execute("BEGIN")
            try:
                yield
            finally:
                self._database.execute("COMMIT")

    @cached_property
    def sections(self) -> dict[str, Passage]:
        """All sections by their citations."""
        return {section.citation: section for section in map(section_of, self._rows(f"{SECTIONS} ORDER BY rowid"))}

    @cached_property
    def texts(self) -> dict[str, str]:
        """The whole text of each file that is searched, by the name that it is cited as."""
        return dict(self._rows("SELECT cited, text FROM file WHERE why = '' AND copy_of = '' ORDER BY name"))

    def search(self, query: str, limit: int = 5) -> list[Passage]:
        """The best passages, best first, of those with the same words one; [] when no word of the query occurs.

        `score` is the share (0 to 1) of the query's words that the passage holds, rare words counting more. It says
        how much of the question was found, and can be compared across folders, which bm25 cannot.
        """
        words = terms(query)
        if not words or limit < 1:
            return []
        with self._reading():
            return self._found(words, limit)

    def _found(self, words: list[str], limit: int) -> list[Passage]:
        ranks = self._ranked(words)
        holding = {word: self._rows_with(word) for word in words}
        weight = {word: self._rarity(len(rows)) for word, rows in holding.items()}
        whole = sum(weight.values())
        share = {row: sum(weight[w] for w in words if row in holding[w]) / whole for row in ranks}
        best: dict[str, Passage] = {}
        for row in sorted(ranks, key=lambda row: (-ranks[row] * (1 + share[row]), row)):
            passage = section_of(self._asked(PASSAGES, row)[0])
            best.setdefault(" ".join(passage.text.split()), replace(passage, score=round(share[row], 2)))
            if len(best) == limit:
                break
        return list(best.values())

    def weights(self, text: str) -> dict[str, float]:
        """What each telling word of a text weighs here: those that few documents and few passages hold the most, and those that
        none holds no more than these.
        """
        weights: dict[str, float] = {}
        for word in terms(text):
            pieces, files = self._rows(HOLDING, f'"{word}"')[0]
            weights[word] = self._rarity(max(pieces, 1)) + math.log(1 + self.coverage.documents / (max(files, 1) + 0.5))
        return weights

    def _rarity(self, holding: int) -> float:
        return math.log(1 + self.coverage.passages / (holding + 0.5))

    def sections_of(self, name: str) -> list[Passage]:
        """The sections of one file in their order. Raises ToolError when it is not here."""
        self.document(name)
        cited = _plain(name.strip().strip("[]").split("#")[0])
        files = self._rows("SELECT name FROM file WHERE cited = ?", cited)
        return [section_of(row) for row in self._rows(f"{SECTIONS} WHERE name = ? ORDER BY rowid", files[0][0])]

    def document(self, name: str) -> str:
        """The whole text of one file, by its name or by a citation of it. Raises ToolError when it is not here."""
        cited = name.strip().strip("[]").split("#")[0]
        found = self._rows("SELECT text FROM file WHERE cited = ? AND why = '' AND copy_of = ''", _plain(cited))
        if not found:
            names = (name for (name,) in self._rows("SELECT cited FROM file WHERE why = '' AND copy_of = '' ORDER BY name"))
            why = f"There is no document {name[:100]!r}. The documents are: {listed(names)}."
            raise ToolError(why, code="no_such_document")
        return str(found[0][0])

    def resolve(self, citation: str) -> Passage | None:
        """The whole section that "file.md#anchor" (with or without square brackets) stands for."""
        found = self._rows(f"{SECTIONS} WHERE cited = ?", _plain(citation.strip().strip("[]")))
        return section_of(found[0]) if found else None

    def locate(self, citation: str, quote: str) -> Place | None:
        """Where a quote begins in what a citation stands for, of a PDF with the rectangle of its paragraphs; None where it is
        not there. How lines are broken makes no difference.
        """
        section = self.resolve(citation)
        wanted = " ".join(quote.split())
        if section is None or not wanted or wanted not in " ".join(section.text.split()):
            return None
        source, _, anchor = section.citation.rpartition("#")
        places = [(" ".join(text.split()), place) for text, place in self._rows(PLACED, source, anchor)]
        begins = wanted[:60]
        best = next((place for text, place in places if wanted in text), None)
        best = best or next((place for text, place in places if begins in text), None)
        return section_of((source, "", "", anchor, "", "[]", best)).place if best else section.place

    def _rows_with(self, word: str) -> set[int]:
        return {row for (row,) in self._asked("SELECT rowid FROM passage WHERE passage MATCH ?", f'"{word}"')}

    def _ranked(self, words: list[str]) -> dict[int, float]:
        """Row to rank (higher is better) of the passages that hold any of the words."""
        rows = self._asked(
            "SELECT rowid, bm25(passage, ?, ?, ?, ?) AS badness FROM passage WHERE passage MATCH ? "
            "ORDER BY badness, rowid LIMIT ?",
            *(HEADING_WEIGHT, TITLE_WEIGHT, TEXT_WEIGHT, JOINED_WEIGHT),
            " OR ".join(f'"{word}"' for word in words),
            MOST_RANKED,
        )
        return {row: -badness for row, badness in rows}


def _plain(text: str) -> str:
    """A text that can be asked for in SQL."""
    return text.encode("utf-8", "replace").decode()


def listed(names: Iterable[str]) -> str:
    """At most 20 names in one line."""
    items = list(names)
    return ", ".join(items[:20]) + (f" and {len(items) - 20} more" if len(items) > 20 else "")


_built: dict[tuple[Path, Path | None], tuple[tuple[object, ...], Index]] = {}
_building = Lock()


def index_of(folder: Path, cache: Path | None = None, progress: Progress | None = None) -> Index:
    """The index of a folder, built anew only when a file in it was added, removed or changed."""
    key = (Path(os.path.realpath(folder)), cache)
    with _building:
        stamp = tuple((path, *stamp_of(path)) for path in listing(key[0]).paths.values())
        if key not in _built or _built[key][0] != stamp:
            _built[key] = (stamp, Index(folder, cache, progress))
            for old in list(_built)[:-MOST_FOLDERS]:
                del _built[old]
        return _built[key][1]
