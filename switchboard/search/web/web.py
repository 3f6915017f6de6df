"""The web as one source: what searches it, and the pages that a case has read."""

import time
from functools import partial
from importlib.util import find_spec
from pathlib import PurePath
from threading import Lock

from sqlalchemy import Engine

from switchboard.errors import OperatorError, ToolError
from switchboard.search.extractors.document import Unreadable
from switchboard.search.extractors.kinds import readable_kind
from switchboard.search.web.addresses import PublicNetwork, Resolve, looked_up
from switchboard.search.web.engines import INSTALL, Hit, WebSearch, search_of
from switchboard.search.web.fetching import Fetcher
from switchboard.search.web.pages import Page, kept, page_of, root_of
from switchboard.search.web.reading import document_of
from switchboard.search.web.table import WebTable
from switchboard.search.web.urls import Target, target_of

MOST_HITS = 8


class Web:
    """What `[web]` of a project's file says. Nothing is asked, and no key is read, before something is searched or checked."""

    def __init__(self, table: WebTable, resolve: Resolve = looked_up) -> None:
        self.table, self._lock = table, Lock()
        self._search: WebSearch | None = None
        network = PublicNetwork(table.allow_private, resolve)
        self._fetcher = Fetcher(network, table.allow, table.megabytes * 1_000_000, table.seconds)

    def check(self) -> None:
        """Raises OperatorError where the web cannot be asked as this is set up."""
        self._searching()
        try:
            readable_kind(PurePath("page.html"))
        except Unreadable:
            raise OperatorError(f"Pages of the web need packages that are not installed: {INSTALL}") from None
        if find_spec("protego") is None:
            raise OperatorError(f"[web] needs a package that is not installed: {INSTALL}")

    def search(self, query: str) -> list[Hit]:
        """The pages on a query, best first. Raises ToolError."""
        try:
            return self._searching().search(query, MOST_HITS)
        except OperatorError as error:
            raise ToolError(f"The web cannot be searched as this is set up: {error}", code="not_allowed_there") from None

    def allows(self, url: str) -> bool:
        """Whether a page is on a host that may be read; nobody is asked for it."""
        return self._fetcher.allows(url)

    def page(self, engine: Engine, case_id: str, url: str) -> Page:
        """The page at an address, as this case has read it, or reads it now. Raises ToolError, which says why it was not."""
        run = root_of(case_id)
        try:
            target = target_of(url)
            return kept(engine, run, target.url, partial(self._fetched, run, target))
        except ToolError as error:
            why = str(error)
            raise type(error)(f"{url[:300]} was not read: {why}.", code=error.code, url=url[:300], why=why) from None

    def _fetched(self, run: str, target: Target) -> Page:
        found = self._fetcher.fetch(run, target.url)
        return page_of(run, target.url, found.url, time.time(), PurePath(found.name).suffix, document_of(found))

    def _searching(self) -> WebSearch:
        with self._lock:
            self._search = self._search or search_of(self.table)
            return self._search
