"""Research sources: the Markdown and text files of the run's folder, or the small one that is shipped."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from switchboard.search.index import Index, index_of
from switchboard.search.passages import Excerpt

SOURCES = Path(__file__).parent / "sources"
MOST = 5
PAGE = 12_000  # characters

Query = Annotated[str, Field(max_length=1000, description="A question or a few words.")]
Name = Annotated[str, Field(max_length=300, description="The file's name as in a citation, such as heat-pumps.md.")]
Offset = Annotated[int, Field(ge=0, description="Character to start at; a cut answer says where to go on.")]


class Page(BaseModel):
    """Up to 12,000 characters of a document. `cut` says how to read on, and is empty at the document's end."""

    name: str
    text: str
    characters: int
    cut: str = ""


def sources(ctx: Context) -> Index:
    return index_of(ctx.folder or SOURCES)


@tool(effect="read", public=True)
def search_documents(query: Query, ctx: Context) -> list[Excerpt]:
    """Search the source documents. Gives up to 5 passages, each with the citation to quote it by.

    Best first; an empty list when nothing was found.
    """
    return [Excerpt.of(passage) for passage in sources(ctx).search(query, MOST)]


@tool(effect="read", public=True)
def read_document(name: Name, ctx: Context, offset: Offset = 0) -> Page:
    """Read one source document, 12,000 characters at a time.

    Raises ToolError for a name that is not in the folder, and for an offset beyond the document's end.
    """
    text = sources(ctx).document(name)
    if offset and offset >= len(text):
        why = f"{name} has {len(text)} characters; read it from a smaller offset than {offset}."
        raise ToolError(why, code="beyond_end", characters=len(text))
    end = offset + PAGE
    cut = f"Cut at character {end} of {len(text)}; read on with offset={end}." if end < len(text) else ""
    return Page(name=name, text=text[offset:end], characters=len(text), cut=cut)
