"""Lists of cases a page at a time, by what is asked of them; a cursor says where the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from switchboard.cases.documents import listing
from switchboard.cases.tables import CaseRow
from switchboard.cases.words.search import about
from switchboard.errors import OperatorError
from switchboard.service.cases import ListedCase
from switchboard.service.place import Place

WORKING = "working"
"""Of cases that somebody works on: they have no end."""


class NoCursor(OperatorError):
    """A cursor that no list gave."""

    def __init__(self) -> None:
        super().__init__("This cursor is none that a list gave. Take `next` of the page before, or leave it out.")


@dataclass(frozen=True)
class Wanted:
    """Which cases: of a team, that stand at an end (`working` where they have none), of a department, held by an operator; in
    which all `words` were said.
    """

    team: str = ""
    end: str = ""
    department: str = ""
    held_by: str = ""
    words: str = ""

    def columns(self, dialect: str) -> list[ColumnElement[bool]]:
        names = ("team", "department", "held_by")
        found = [getattr(CaseRow, name) == value for name in names if (value := getattr(self, name))]
        if self.end:
            found.append(CaseRow.end.is_(None) if self.end == WORKING else CaseRow.end == self.end)
        if self.words.strip():
            found.append(about(dialect, self.words, for_operators=False))
        return found


def page_of_cases(place: Place, wanted: Wanted, limit: int, cursor: str = "") -> tuple[list[ListedCase], str]:
    """So many cases, the newest first, and the cursor of the next page, "" behind the last. Raises NoCursor."""
    where = [*wanted.columns(place.engine.dialect.name), *([_older(cursor)] if cursor else [])]
    found = [ListedCase(**row) for row in listing(place.engine, limit + 1, *where)]
    page = found[:limit]
    return page, _cursor(page[-1]) if len(found) > limit else ""


def _cursor(last: ListedCase) -> str:
    return urlsafe_b64encode(f"{last.created_at.isoformat()} {last.case_id}".encode()).decode().rstrip("=")


def _older(cursor: str) -> ColumnElement[bool]:
    try:
        moment, case_id = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise NoCursor from None
    if at.tzinfo is None or not case_id.isprintable():
        raise NoCursor
    return or_(CaseRow.created_at < at, and_(CaseRow.created_at == at, CaseRow.id < case_id))
