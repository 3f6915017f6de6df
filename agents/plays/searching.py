"""Parts of the plays that articles answer: the searches, and how an article is told."""

from agents.articles.articles import SEARCH, plain, quoted, search, searches_for
from agents.articles.passages import article_borne_out
from switchboard.declare.play import Found, Slot, Step
from switchboard.declare.transcript import View

SEARCHES = Step(SEARCH, {"query": "queries"}, each="queries")
"""The searches for each of the `queries`, of which there may be none."""
SHORT = 700
"""Characters of a section that is quoted whole; of a longer one only what answers."""


def query(text: str) -> str:
    return str(search(text).arguments["query"])


def queries(text: str) -> list[str]:
    """All that is looked up for a question that needs several searches."""
    return [str(call.arguments["query"]) for call in searches_for(text)]


THE_WORDS = Slot("queries", find=lambda view, _: [query(view.text)])


def answer(view: View, _: Found) -> str:
    """What an article that was found says to the customer's words; empty where none answers them."""
    article = article_borne_out(view.calls, view.text)
    return quoted(article, view.text) if article else ""


def section(view: View, question: str) -> str:
    """What the best article that was found for a question says, under its heading and cited; empty where none fits well."""
    asked = queries(question)
    results = [c for one in asked for c in view.calls if c.tool == SEARCH and c.arguments.get("query") == one]
    found = article_borne_out(results, question)
    if found is None:
        return ""
    lines = [plain(line) for line in found.excerpt.text.splitlines() if line.strip()]
    whole = "\n".join([*lines, found.cited])
    return f"{found.excerpt.heading}:\n{whole if len(whole) <= SHORT else quoted(found, question)}"
