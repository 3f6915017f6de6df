"""Citations like [file.md#anchor] in a Markdown report, and the check that every bullet's leads to a source."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from switchboard.search.extractors.kinds import BY_SUFFIX

if TYPE_CHECKING:
    from switchboard.search.index import Index

ENDINGS = "|".join(suffix.removeprefix(".") for suffix in BY_SUFFIX)
SOURCE = re.compile(rf"\s{{0,4}}(?<!\\)\[[^\[\]#\n]{{1,300}}\.(?i:{ENDINGS})#[^\[\]\n]{{1,300}}\]")
NAME = re.compile(rf"(?:\[([^\[\]#\n]{{1,300}})|[,;]([^\[\]#,;\n]{{1,300}}))\.(?i:{ENDINGS})#")
"""The name of a source: the first between brackets, and each that a comma or a semicolon parts from it."""
CITATION = re.compile(r"(?<!\\)\[([^\[\]\n#]{1,300}#[^\[\]\n]{1,300})\]")
"""A bracket behind a backslash is one of a sentence, and begins no citation."""
BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(.*)")


def citations_in(text: str) -> list[str]:
    """Each "file.md#anchor" that stands between brackets; a comma or a semicolon parts several."""
    return [citation.strip() for group in CITATION.findall(text) for citation in re.split("[,;]", group)]


def one_line(text: str) -> str:
    """Text of a document on one line, its brackets behind backslashes: what a source says must not become a citation."""
    return " ".join(re.sub(r"(?=[\[\]])", r"\\", text).split())


def as_it_was(text: str) -> str:
    """The text that was put on a line."""
    return re.sub(r"\\(?=[\[\]])", "", text)


def readable(text: str) -> str:
    """The text as people read it: each citation is the name of its source, "(see: Discounts and codes)", and those that stand
    together are told once.
    """
    return re.sub(rf"(?:{SOURCE.pattern})+", _named, text)


def _named(cited: re.Match[str]) -> str:
    names = (first or further for first, further in NAME.findall(cited[0]))
    files = dict.fromkeys(" ".join(re.split(r"[-_\s]+", name.strip())) for name in names)
    return f" (see: {'; '.join(file[:1].upper() + file[1:] for file in files)})"


def unresolved(report: str, index: "Index") -> list[str]:
    """The bullets of a report that carry no citation, or one that does not lead to a section of the index."""
    return [bullet for bullet in bullets_of(report) if not is_cited(bullet, index)]


def is_cited(bullet: str, index: "Index") -> bool:
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
