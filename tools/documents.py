"""Research sources: the documents of the run's folder, or of the small one that is shipped; and the reports on them."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.reports.making import Draft, Made, made
from switchboard.reports.sentences import Quote
from switchboard.search.index import Index, index_of
from switchboard.search.passages import Excerpt
from switchboard.search.web.beside import WithPages
from switchboard.toolsets.built_in.documents import Section, quotes_from, stretch_of

SOURCES = Path(__file__).parent / "sources"
MOST = 5

Query = Annotated[str, Field(max_length=1000, description="A question or a few words.")]
Wider = Annotated[str, Field(max_length=1000, description="The whole question that it is a part of.")]
Name = Annotated[str, Field(max_length=300, description="The file's name as in a citation, such as heat-pumps.md.")]
Offset = Annotated[int, Field(ge=0, description="Character to start at; a cut answer says where to go on.")]


class Page(BaseModel):
    """Up to 12,000 characters of a document. `cut` says how to read on, and is empty at the document's end."""

    name: str
    sections: list[Section]
    characters: int
    cut: str = ""


def sources(ctx: Context) -> Index:
    """The index of the run's folder, kept in a file where the process gives a folder for that."""
    return index_of(ctx.folder or SOURCES, ctx.services.get("index_cache"))


@tool(effect="read", public=True, timeout=600.0)
def search_documents(query: Query, ctx: Context) -> list[Excerpt]:
    """Search the source documents. Gives up to 5 passages, each with the citation to quote it by.

    Best first; an empty list when nothing was found.
    """
    return [Excerpt.of(passage) for passage in sources(ctx).search(query, MOST)]


@tool(effect="read", public=True, timeout=600.0)
def quote_documents(query: Query, ctx: Context, about: Wider = "") -> list[Quote]:
    """Quote the sentences and table rows of the source documents that answer a question, best first, each with its citation.

    An empty list when the sources hold none.
    """
    return quotes_from(sources(ctx), query, about)


@tool(effect="read", public=True)
def read_document(name: Name, ctx: Context, offset: Offset = 0) -> Page:
    """Read one source document by its sections, 12,000 characters at a time, each with the citation to quote it by.

    Raises ToolError for a name that is not in the folder, and for an offset beyond the document's end.
    """
    whole = sources(ctx).sections_of(name)
    sections, characters, cut = stretch_of(whole, offset)
    return Page(name=name, sections=sections, characters=characters, cut=cut)


@tool(effect="read", public=True, finds="found", timeout=600.0)
def make_report(draft: Draft, ctx: Context) -> Made:
    """Make a report of a draft: each sentence is held against what it cites, and left out where that does not say it.

    Tells the references with their places and quotes, what was left out, and which files could not be read.
    """
    return made(draft, WithPages(sources(ctx), ctx.session))
