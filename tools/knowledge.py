"""The shop's help articles: Markdown files that the support team edits, found by full-text search."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import Context, tool
from switchboard.search.index import index_of
from switchboard.search.passages import Excerpt

ARTICLES = Path(__file__).parent / "articles"
MOST = 3

Query = Annotated[str, Field(max_length=1000, description="The customer's question in a few words.")]


@tool(effect="read", public=True)
def search_articles(query: Query, ctx: Context | None = None) -> list[Excerpt]:
    """Search the help articles on orders, payments, accounts, Plus and devices. A score below 0.5 is a weak match.

    At most 3 passages, best first, each with its article and heading; an empty list when nothing was found.
    """
    return [Excerpt.of(passage) for passage in index_of(ARTICLES).search(query, MOST)]
