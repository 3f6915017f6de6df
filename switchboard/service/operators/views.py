"""Views of the queue that somebody keeps under a name: what an address asks for, for themselves alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.cases.tables import ViewRow
from switchboard.characters import normal, shown
from switchboard.database import for_a_while
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.service.accounts.people import Rows

MOST_VIEWS = 20
MOST_NAME = 40
MOST_VALUE = 200
ASKED = ("state", "q", "team", "department", "whose", "sort")
"""What a view can ask for; which page of it is looked at is no part of it."""


@dataclass(frozen=True)
class View:
    """A view. `query` is what its address ends with."""

    number: int
    name: str
    query: str


def as_query(given: Mapping[str, str]) -> str:
    """What of an address is a view, always written alike."""
    asked = {name: spoken(given.get(name, ""))[:MOST_VALUE] for name in ASKED}
    return urlencode({name: value for name, value in asked.items() if value})


def views_of(place: Rows, who: str) -> list[View]:
    """The views of somebody, by their names."""
    query = select(ViewRow).where(ViewRow.who == normal(who))
    with Session(place.engine.execution_options(reading=True)) as session:
        found = [View(row.id, row.name, row.query) for row in session.scalars(query)]
    return sorted(found, key=lambda view: normal(view.name))


def keep_view(place: Rows, who: str, name: str, given: Mapping[str, str]) -> View:
    """Keep a view, in place of one that is called the same. Raises OperatorError where it has no name, or there are many."""
    name = " ".join(shown(spoken(name)).split())[:MOST_NAME].strip()
    if not name:
        raise OperatorError("Give the view a name.")
    try:
        return _keep(place, normal(who), name, as_query(given))
    except IntegrityError:
        raise OperatorError(f"A view {name!r} was kept in this moment by another page of yours.") from None


@for_a_while
def _keep(place: Rows, owner: str, name: str, asked: str) -> View:
    with Session(place.engine) as session, session.begin():
        every = session.scalars(select(ViewRow).where(ViewRow.who == owner).with_for_update()).all()
        row = next((one for one in every if normal(one.name) == normal(name)), None)
        if row is None and len(every) >= MOST_VIEWS:
            raise OperatorError(f"You keep {MOST_VIEWS} views already. Delete one first.")
        row = row or ViewRow(who=owner)
        row.name, row.query = name, asked
        session.add(row)
        session.flush()
        return View(row.id, row.name, row.query)


@for_a_while
def drop_view(place: Rows, who: str, number: int) -> None:
    """Keep a view of somebody's own no longer. One that is gone already is none."""
    with Session(place.engine) as session, session.begin():
        session.execute(delete(ViewRow).where(ViewRow.id == number, ViewRow.who == normal(who)))
