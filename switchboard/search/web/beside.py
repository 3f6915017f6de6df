"""Pages beside the files of a folder: an index of some pages to search in, and one way to where a citation leads."""

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from switchboard.search.extractors.document import Place
from switchboard.search.index import Coverage, Index
from switchboard.search.passages import Passage
from switchboard.search.store import File, connected, keep
from switchboard.search.web.pages import Page, resolve

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class PageIndex(Index):
    """A few pages, searched as a folder's files are."""

    def __init__(self, found: Sequence[Page]) -> None:
        self._path, self._database, self._lock = None, connected(None), Lock()
        for page in found:
            text = page.document.text
            keep(self._database, File(page.name, page.name, 0, len(text), title=page.document.title, text=text), page.cut)
        self.coverage = Coverage(len(found), sum(len(passages) for page in found for _, passages in page.cut), {}, {}, {})
        self.skipped = self.coverage.skipped


class WithPages:
    """A folder's files, and the pages that were fetched for cases."""

    def __init__(self, index: Index, session: "Session") -> None:
        self._index, self._session = index, session

    @property
    def coverage(self) -> Coverage:
        return self._index.coverage

    def resolve(self, citation: str) -> Passage | None:
        return self._index.resolve(citation) or resolve(self._session, citation)

    def locate(self, citation: str, quote: str) -> Place | None:
        return self._index.locate(citation, quote)
