"""The audit log, as one reads it and checks it; and what a person has looked at that somebody edited."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts import audit as chain
from switchboard.accounts.audit import Checked, Deed
from switchboard.accounts.seals import is_sealed, seal_nothing
from switchboard.cases.documents import find
from switchboard.cases.sealed.key import keep_check
from switchboard.cases.sealed.rows import seal_all
from switchboard.characters import normal
from switchboard.errors import OperatorError
from switchboard.service.accounts.people import Rows

BATCH = 1000


def audit(
    place: Rows,
    *,
    case_id: str = "",
    who: str = "",
    what: str = "",
    since: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Deed]:
    """What people did, the newest first: of a case, by one of them, of a kind, since a moment; `before` a row's number.

    `case_id` is the whole id of a case.
    """
    log = chain.audit
    query = select(log).order_by(log.c.number.desc())
    if case_id:
        query = query.where(log.c.case_id == case_id)
    if what:
        query = query.where(log.c.what == what)
    if since:
        query = query.where(log.c.at >= since.timestamp())
    if before is not None:
        query = query.where(log.c.number < before)
    with Session(place.engine.execution_options(reading=True)) as session:
        rows = (_deed(row) for row in session.execute(query.execution_options(yield_per=BATCH)))
        theirs = (row for row in rows if not who or normal(row.who) == normal(who))
        return [row for _, row in zip(range(limit), theirs, strict=False)]


def names_in_log(place: Rows) -> tuple[list[str], list[str]]:
    """Who did something, and what there was of it, in alphabetical order."""
    log = chain.audit
    with Session(place.engine.execution_options(reading=True)) as session:
        who, what = (list(session.scalars(select(column).distinct().order_by(column))) for column in (log.c.who, log.c.what))
        return who, what


def check_chain(place: Rows) -> Checked:
    """Whether all rows are chained to each other; else it names the first that does not fit."""
    query = select(chain.audit).order_by(chain.audit.c.number).execution_options(yield_per=BATCH)
    with Session(place.engine.execution_options(reading=True)) as session:
        return chain.checked(_deed(row) for row in session.execute(query))


def seal_anew(place: Rows, case_id: str, by: str) -> int:
    """Seal a case as it stands now, which somebody has looked at, or all of them for "". Returns how many that is.

    Raises OperatorError where there is no key, and for one case where it is not that of the others.
    """
    if not is_sealed(place.engine):
        raise OperatorError("There is no key to seal with: set SWITCHBOARD_SEAL_KEY, the same for all processes of a database.")
    if not case_id:
        seal_nothing(place.engine, "")  # this key is the one of the rows from now on
    with Session(place.engine) as session, session.begin():
        case_id = find(session, case_id).id if case_id else ""
        count = seal_all(session, case_id or None)
        if not case_id:
            keep_check(session)
        chain.record(session, by, "sealed anew", case_id, {"cases": count})
        return count


def _deed(row: object) -> Deed:
    return Deed(**row._asdict())  # type: ignore[attr-defined]
