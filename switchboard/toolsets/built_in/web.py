"""The web for agents: it is searched, its pages are read and quoted. Only in a case that was begun with `--web`."""

from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from switchboard.reports.sentences import Quote
from switchboard.search.web.beside import PageIndex
from switchboard.search.web.pages import named
from switchboard.search.web.web import Web
from switchboard.toolsets.built_in.documents import Section, quotes_from, stretch_of

Query = Annotated[str, Field(min_length=1, max_length=400, description="A question or a few words.")]
Address = Annotated[str, Field(max_length=2_000, description="The address of a page, beginning with https:// or http://.")]
Names = Annotated[list[str], Field(max_length=10, description="Names of pages, as fetch_page gives them.")]
Wider = Annotated[str, Field(max_length=1_000, description="The whole question that it is a part of.")]
Offset = Annotated[int, Field(ge=0, description="Character to start at; a cut answer says where to go on.")]


class Found(BaseModel):
    """A page that a search found. `allowed`: it is on a host whose pages may be read."""

    title: str
    url: str
    text: str
    allowed: bool


class WebPage(BaseModel):
    """Up to 12,000 characters of a page as it was read on a day. `cut` says how to read on, and is empty at its end."""

    name: str
    url: str
    title: str
    fetched: str
    sections: list[Section]
    characters: int
    cut: str = ""


@tool(effect="read", public=True, web=True, timeout=60.0)
def search_web(query: Query, ctx: Context) -> list[Found]:
    """Search the web. Gives up to 8 pages, best first, with addresses and a few words, which are no source yet: read them."""
    web = web_of(ctx)
    return [Found(**hit.model_dump(), allowed=web.allows(hit.url)) for hit in web.search(query)]


@tool(effect="read", public=True, web=True, timeout=100.0)
def fetch_page(url: Address, ctx: Context, offset: Offset = 0) -> WebPage:
    """Read a page of the web: its text by sections, 12,000 characters at a time, each with the citation to quote it by.

    Raises ToolError where it is not read: its host is not allowed, its robots.txt forbids it, it is too large, it is gone.
    """
    page = web_of(ctx).page(ctx.session.get_bind().engine, ctx.case_id, url)
    whole = [section for section, _ in page.cut]
    sections, characters, cut = stretch_of(whole, offset)
    title = whole[0].title if whole else page.asked
    return WebPage(
        name=page.name, url=page.url, title=title, fetched=page.fetched, sections=sections, characters=characters, cut=cut
    )


@tool(effect="read", public=True, web=True, timeout=60.0)
def quote_pages(query: Query, pages: Names, ctx: Context, about: Wider = "") -> list[Quote]:
    """Quote the sentences and rows of pages that were read which answer a question, best first, each with its citation."""
    return quotes_from(PageIndex(list(named(ctx.session, pages))), query, about)


def web_of(ctx: Context) -> Web:
    """What `[web]` says. Raises ToolError where the project has none."""
    web = ctx.services.get("web")
    if not isinstance(web, Web):
        raise ToolError("The web cannot be asked: switchboard.toml of this project has no table web.", code="no_web")
    return web
