"""Findings as agents write them to each other: a line each, "- ... [file.md#anchor]"."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from switchboard.declare.transcript import CallResult
from switchboard.search.citations import BULLET, CITATION, as_it_was, one_line

PART_OF = "\nPart of the question: "
"""Between a task and the question that it is a part of."""


SEARCHED = "Searched the web:"
NOT_READ = "Not read:"
"""How a line begins that tells what was asked of the web, and what of it was not read."""
ON_WEB = re.compile(rf"{SEARCHED} (?P<query>.{{1,600}}) \((?P<results>\d{{1,3}}) results\)")
UNREAD = re.compile(rf"{NOT_READ} (?P<name>\S{{1,600}}) \((?P<why>.{{1,600}})\)")
MOST_UNREAD = 12


class Line(NamedTuple):
    text: str
    citations: tuple[str, ...]

    @property
    def as_data(self) -> dict[str, Any]:
        return {"text": self.text[:4000], "citations": list(self.citations[:8])}


def bare(question: str) -> str:
    """A question without the marks around it."""
    return question.lstrip(" ¿¡").rstrip(" ?!.")


def bullet(text: str, citation: str) -> str:
    return f"- {one_line(text)} [{citation}]"


def lines_of(text: str, found: Collection[str] | None = None) -> list[Line]:
    """The findings in a text: the words before each citation, of which several may follow; those that are `found` stay."""
    lines = [finding for line in text.splitlines() for finding in _findings(line)]
    kept = [Line(as_it_was(one.text), tuple(c for c in one.citations if found is None or c in found)) for one in lines]
    return [one for one in dict.fromkeys(kept) if one.citations and re.search(r"\w", one.text)]


def _findings(line: str) -> Iterable[Line]:
    item = BULLET.match(line)
    parts = CITATION.split(item[1] if item else line)
    words, citations = "", list[str]()
    for before, group in zip(parts[::2], [*parts[1::2], ""], strict=True):
        told = before.strip().lstrip(".,;").strip() if citations else before.strip()
        if re.search(r"\w", told) and citations and words:
            yield Line(words, tuple(citations))
            words, citations = "", []
        words = f"{words} {told}".strip() if re.search(r"\w", told) else words
        citations += [one.strip() for one in re.split("[,;]", group) if one.strip()]
    if words and citations:
        yield Line(words, tuple(citations))


def of_the_web(calls: Sequence[CallResult]) -> list[str]:
    """What was searched for on the web, and which of the pages that it found were not read and why, a line each."""
    lines: dict[str, None] = {}
    unread: dict[str, str] = {}
    for made in calls:
        if made.tool == "search_web":
            query = one_line(str(made.arguments.get("query", "")))[:500]
            if made.done:
                lines[f"{SEARCHED} {query} ({len(made.result)} results)"] = None
                unread |= {one["url"]: "its host is none that this project allows" for one in made.result if not one["allowed"]}
            else:
                unread["search_web"] = one_line(made.text)[:500]
        elif made.tool == "fetch_page" and not made.done:
            unread[str(made.data.get("url", made.arguments.get("url", "")))] = one_line(str(made.data.get("why", made.text)))[
                :500
            ]
    told = (f"{NOT_READ} {_as_address(name)[:600]} ({why})" for name, why in list(unread.items())[:MOST_UNREAD])
    return [*lines, *told]


def _as_address(name: str) -> str:
    """An address without what would end it on its line, or make a citation of it."""
    return "%20".join(name.split()).replace("[", "%5B").replace("]", "%5D")


def searched_in(text: str) -> list[Mapping[str, Any]]:
    """What the lines of a text say was searched for on the web, as a draft has it."""
    found = (ON_WEB.fullmatch(line) for line in text.splitlines())
    return [{"query": as_it_was(one["query"]), "passages": int(one["results"]), "where": "the web"} for one in found if one]


def unread_in(text: str) -> list[Mapping[str, Any]]:
    """What the lines of a text say was not read, as a draft has it."""
    found = (UNREAD.fullmatch(line) for line in text.splitlines())
    return [{"name": one["name"], "why": as_it_was(one["why"])} for one in found if one]


def citations_of(lines: Sequence[Line]) -> set[str]:
    return {citation for line in lines for citation in line.citations}
