"""What a customer thinks of how their case went."""

from typing import Literal

from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.documents import find
from switchboard.cases.outcomes.outcome import Outcome, outcome_of
from switchboard.cases.people.inside import reason
from switchboard.cases.tables import CaseRow
from switchboard.declare.flow import CUSTOMER
from switchboard.errors import OperatorError
from switchboard.service.place import Place

Thumb = Literal["up", "down"]


def give_thumb(place: Place, case_id: str, thumb: Thumb, why: str = "") -> tuple[str, Outcome]:
    """Keep a customer's thumb on a case, in place of an earlier one. Returns the case's id, and what became of the case."""
    why = reason(why)
    with Session(place.engine) as session, session.begin():
        row = session.get(CaseRow, find(session, case_id).id, with_for_update=True, populate_existing=True)
        assert row is not None
        if row.parent:
            raise OperatorError(f"{row.id} is a branch of {row.parent}. Name {row.parent} instead.")
        row.thumb, row.thumb_why = thumb, why
        record(session, CUSTOMER, f"gave a thumb {thumb}", row.id)
        return row.id, outcome_of(session, row.id)
