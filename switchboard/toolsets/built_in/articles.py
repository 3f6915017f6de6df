"""A tool that searches a folder of articles: what a project answers general questions from."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from switchboard.declare.tool import Tool, tool
from switchboard.search.index import index_of
from switchboard.search.passages import Excerpt

MOST = 3
Query = Annotated[str, Field(max_length=1000, description="The customer's question in a few words.")]


def article_search(folder: Path) -> Tool:
    """The tool `search_articles` on a folder of Markdown and text files. The folder is read when it is first asked."""

    @tool(effect="read", public=True)
    def search_articles(query: Query) -> list[Excerpt]:
        """Search the help articles. At most 3 passages, best first, each with its article and heading; a score below 0.5 is a
        weak match.
        """
        return [Excerpt.of(passage) for passage in index_of(folder).search(query, MOST)]

    return search_articles
