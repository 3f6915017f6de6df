"""Pages that were fetched, as rows: what a citation of one leads to is the text as it was read, whatever its page says today.

A case sees one version of a page: who asks for it again, also after a crash, gets the row.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.characters import washed_data
from switchboard.database import patiently
from switchboard.search.extractors.document import Document
from switchboard.search.passages import Passage
from switchboard.search.sections import passages_of
from switchboard.search.web.rows import pages

MARKED = re.compile(r"-[0-9a-f]{12}\.(?:html|txt|md|pdf)\Z")
"""How the name of a page ends, by which it is cited."""
DOCUMENTS = TypeAdapter(Document)
LONGEST_PATH = 80


@dataclass(frozen=True)
class Page:
    """A page that was fetched for a case, by the name that it is cited by."""

    name: str
    case_id: str
    asked: str
    url: str
    fetched_at: float
    document: Document

    @property
    def fetched(self) -> str:
        """The day, in UTC."""
        return datetime.fromtimestamp(self.fetched_at, UTC).date().isoformat()

    @cached_property
    def cut(self) -> list[tuple[Passage, list[Passage]]]:
        """Its sections, each with its passages, which all know their page."""
        found = passages_of(self.name, self.document)
        return [(self._mine(section), [self._mine(one) for one in passages]) for section, passages in found]

    def _mine(self, passage: Passage) -> Passage:
        title = self.asked if passage.title == "page" or MARKED.search(passage.title) else passage.title
        return replace(passage, title=title, url=self.url, fetched=self.fetched)

    def section(self, anchor: str) -> Passage | None:
        return next((section for section, _ in self.cut if section.anchor == anchor), None)


def root_of(case_id: str) -> str:
    """The case that a branch is of, or the case itself."""
    return case_id.partition(".")[0]


def page_of(case_id: str, asked: str, url: str, fetched_at: float, kind: str, document: Document) -> Page:
    """A page with a name of its own: where it is from, and a mark of what it says and when. `kind` is an ending."""
    clean = DOCUMENTS.validate_python(washed_data(DOCUMENTS.dump_python(document, exclude_defaults=True)))
    parts = urlsplit(url)
    where = re.sub(r"[^\w.-]+", "-", f"{parts.hostname or ''}{parts.path}").strip("-.")[:LONGEST_PATH].strip("-.")
    mark = sha256(f"{case_id} {asked} {url} {fetched_at}\n{clean.text}".encode()).hexdigest()[:12]
    return Page(f"{where}-{mark}{kind}", case_id, asked, url, fetched_at, clean)


def kept(engine: Engine, case_id: str, asked: str, fetch: Callable[[], Page]) -> Page:
    """The page that a case has of an address, which is fetched where it has none, outside of any transaction."""
    known = _asked_before(engine, case_id, asked)
    if known:
        return known
    page = fetch()
    try:
        _add(engine, page)
    except IntegrityError:  # another branch was faster, and the case has its version
        return _asked_before(engine, case_id, asked) or page
    return page


@patiently
def _asked_before(engine: Engine, case_id: str, asked: str) -> Page | None:
    with Session(engine.execution_options(reading=True)) as session:
        row = session.execute(select(pages).where(pages.c.case_id == case_id, pages.c.asked == asked)).one_or_none()
        return _page(row) if row else None


@patiently
def _add(engine: Engine, page: Page) -> None:
    row = {name: getattr(page, name) for name in ("name", "case_id", "asked", "url", "fetched_at")}
    document = DOCUMENTS.dump_json(page.document, exclude_defaults=True).decode()
    with Session(engine.execution_options(reading=False)) as session, session.begin():
        session.execute(pages.insert().values(**row, document=document))


def named(session: Session, names: list[str]) -> Iterator[Page]:
    """The pages of these names that there are, in the order of the names."""
    found = {row.name: _page(row) for row in session.execute(select(pages).where(pages.c.name.in_(names)))}
    yield from (found[name] for name in dict.fromkeys(names) if name in found)


def resolve(session: Session, citation: str) -> Passage | None:
    """The section of a page that a citation leads to; None where it is none of a page that was fetched."""
    name, _, anchor = citation.strip().strip("[]").partition("#")
    if not MARKED.search(name):
        return None
    return next((page.section(anchor) for page in named(session, [name])), None)


def _page(row: Any) -> Page:
    return Page(row.name, row.case_id, row.asked, row.url, row.fetched_at, DOCUMENTS.validate_json(row.document))
