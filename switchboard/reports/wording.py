"""How the numbers and places of a report are said in its language."""

import re

from switchboard.reading.languages import said
from switchboard.reports.report import Reference, Searched

PLACE = re.compile(r"(page|slide|message|line) (\d{1,9})")


def counted(number: int, what: str, language: str) -> str:
    """So many of "document", "passage" or "result"."""
    if number == 1:
        return said(f"report.one_{what}", language)
    return said(f"report.{'' if number else 'no_'}{what}s", language, number=f"{number}")


def found_by(one: Searched, language: str) -> str:
    """How much a search came to, and where."""
    return counted(one.passages, "result" if one.where else "passage", language)


def where(reference: Reference, language: str) -> str:
    """The source with its place, as people say it; of a page of the web its address, and when it was read."""
    source = reference.citation.partition("#")[0]
    if reference.url:
        source = f"{reference.url}, {said('report.read_on', language, date=reference.fetched)}"
    found = PLACE.fullmatch(reference.place)
    place = said(f"report.{found[1]}", language, number=found[2]) if found else reference.place
    return ", ".join(part for part in (reference.title, source, place) if part)
