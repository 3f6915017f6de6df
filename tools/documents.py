"""Research sources: the documents of the run's folder, or of the small one that is shipped; and the reports on them."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from switchboard.reports.making import Draft, Made, made, told_of
from switchboard.reports.sentences import Quote, best_sentences
from switchboard.search.index import Index, index_of
from switchboard.search.passages import Excerpt
from switchboard.search.web.beside import WithPages

SOURCES = Path(__file__).parent / "sources"
MOST, MOST_QUOTES = 5, 10
PAGE = 12_000  # characters

Query = Annotated[str, Field(max_length=1000, description="A question or a few words.")]
Wider = Annotated[str, Field(max_length=1000, description="The whole question that it is a part of.")]
Name = Annotated[str, Field(max_length=300, description="The file's name as in a citation, such as heat-pumps.md.")]
Offset = Annotated[int, Field(ge=0, description="Character to start at; a cut answer says where to go on.")]


class Section(BaseModel):
    """A section of a document, or what of it stands on the page, with the citation to quote it by."""

    citation: str
    heading: str
    text: str


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
    index = sources(ctx)
    found = best_sentences(index, query, MOST_QUOTES, about)
    return [quote.model_copy(update={"text": told_of(quote, index.resolve(quote.citation))}) for quote in found]


@tool(effect="read", public=True)
def read_document(name: Name, ctx: Context, offset: Offset = 0) -> Page:
    """Read one source document by its sections, 12,000 characters at a time, each with the citation to quote it by.

    Raises ToolError for a name that is not in the folder, and for an offset beyond the document's end.
    """
    whole = sources(ctx).sections_of(name)
    characters = sum(len(one.text) for one in whole)
    if offset and offset >= characters:
        why = f"{name} has {characters} characters; read it from a smaller offset than {offset}."
        raise ToolError(why, code="beyond_end", characters=characters)
    end, begun, shown = offset + PAGE, 0, list[Section]()
    for one in whole:
        text = one.text[max(offset - begun, 0) : max(end - begun, 0)]
        begun += len(one.text)
        if text:
            shown.append(Section(citation=one.citation, heading=one.heading, text=text))
    cut = f"Cut at character {end} of {characters}; read on with offset={end}." if end < characters else ""
    return Page(name=name, sections=shown, characters=characters, cut=cut)


@tool(effect="read", public=True, finds="found", timeout=600.0)
def make_report(draft: Draft, ctx: Context) -> Made:
    """Make a report of a draft: each sentence is held against what it cites, and left out where that does not say it.

    Tells the references with their places and quotes, what was left out, and which files could not be read.
    """
    return made(draft, WithPages(sources(ctx), ctx.session))
