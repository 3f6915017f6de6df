"""A person of the desk who speaks to it as a customer would: a real case, which the audit log names as tried by them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import audit, record
from switchboard.cases.documents import listing
from switchboard.cases.intake import Kept
from switchboard.cases.people.tried import TRIED
from switchboard.cases.standing import Standing
from switchboard.cases.tables import CaseRow
from switchboard.errors import OperatorError
from switchboard.service.conversations import known
from switchboard.service.place import Place, case_here
from switchboard.service.programs.messages import begin, own_key, say_more

OF = "try"
MOST_LISTED = 12


def begin_trying(place: Place, team: str, words: str, email: str, by: str, key: str) -> Kept:
    """Begin a case, once under the key of a form, and note whose try it is in the same transaction. The address is what
    a person typed, and no channel's word: it says who the customer is only where what is typed does.
    """

    def note(session: Session, case_id: str) -> None:
        if not _is_tried(session, case_id, by):
            record(session, by, TRIED, case_id)

    known(email)
    return begin(place, team, words, email if is_known_by_typing(place) else "", own_key(OF, by, key), also=note)


def is_known_by_typing(place: Place) -> bool:
    """Whether customers of this desk are who they say they are."""
    return place.environment.identity == "typed"


def try_more(place: Place, case_id: str, words: str, by: str, key: str) -> Kept:
    """Say more in a case that one has begun oneself. Raises OperatorError in any other: nobody speaks for a real customer."""
    return say_more(place, tried_case(place, case_id, by).case_id, words, "", own_key(OF, by, key))


def tried_case(place: Place, case_id: str, by: str) -> Standing:
    """How a case stands that this person has begun by trying. Raises OperatorError for another one."""
    stand = case_here(place, case_id)
    with Session(place.engine.execution_options(reading=True)) as session:
        if not _is_tried(session, stand.case_id, by):
            raise OperatorError(
                f"{stand.case_id} was not begun by you on this page, so you do not speak in it as its customer."
            )
    return stand


def cases_tried(place: Place, by: str) -> list[dict[str, Any]]:
    """The cases that this person has begun by trying, as `listing` has them, the newest first."""
    theirs = select(audit.c.case_id).where(audit.c.who == by, audit.c.what == TRIED)
    return listing(place.engine, MOST_LISTED, CaseRow.id.in_(theirs))


def _is_tried(session: Session, case_id: str, by: str) -> bool:
    query = select(audit.c.number).where(audit.c.case_id == case_id, audit.c.what == TRIED, audit.c.who == by)
    return session.scalar(query.limit(1)) is not None
