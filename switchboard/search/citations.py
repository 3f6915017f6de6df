"""Citations like [file.md#anchor] in a Markdown report, and the check that every bullet's leads to a source."""

import re
from collections.abc import Iterator

from switchboard.search.index import Index

CITATION = re.compile(r"\[([^\[\]\n#]{1,300}#[^\[\]\n]{1,300})\]")
BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(.*)")


def citations_in(text: str) -> list[str]:
    """Each "file.md#anchor" that stands between brackets; a comma or a semicolon parts several."""
    return [citation.strip() for group in CITATION.findall(text) for citation in re.split("[,;]", group)]


def unresolved(report: str, index: Index) -> list[str]:
    """The bullets of a report that carry no citation, or one that does not lead to a section of the index."""
    return [bullet for bullet in bullets_of(report) if not is_cited(bullet, index)]


def is_cited(bullet: str, index: Index) -> bool:
    citations = citations_in(bullet)
    return bool(citations) and all(index.resolve(citation) for citation in citations)


def bullets_of(report: str) -> Iterator[str]:
    """The list items outside the list of sources, each as one line."""
    bullet, in_sources = "", False
    for line in [*report.splitlines(), ""]:
        heading = re.match(r"#+\s*(.*)", line)
        item = BULLET.match(line)
        if bullet and (heading or item or not line.strip()):
            yield bullet
            bullet = ""
        if heading:
            in_sources = heading[1].strip().rstrip(":").lower() in ("sources", "references")
        elif item and not in_sources:
            bullet = item[1]
        elif bullet:
            bullet += " " + line.strip()
