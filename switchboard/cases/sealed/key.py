"""Whether the key at hand is the one that sealed the rows: one row is sealed for that alone, and compared before work begins.

Without it a key that is lost, or another one, is noticed only where a case is touched, and then each case looks edited.
"""

from sqlalchemy import Column, Engine, Integer, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.accounts.seals import BROKEN, fits, is_sealed, seal
from switchboard.cases.sealed.rows import case_fits
from switchboard.cases.tables import CaseRow
from switchboard.errors import OperatorError

checks = Table(
    "seal_checks",
    CaseRow.metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seal", String, nullable=False),
)
"""One row, sealed with the key that all others are."""
WHAT = "the key of this database"
SOME = 20
"""Cases that are looked at where an older version wrote no such row."""
PUT_BACK = (
    "Put back the one that was there (SWITCHBOARD_SEAL_KEY, or the file ending in .key beside an SQLite database). Only where "
    "it is lost for good, look through what waits, and run `switchboard seal --all` with another one."
)
NO_KEY = f"The rows of this database are sealed, and there is no key here. {PUT_BACK}"
OTHER_KEY = f"The key here is not the one that sealed the rows of this database. {PUT_BACK}"


def keep_check(session: Session) -> None:
    """Have the key at hand be the one of this database, in the transaction that seals all of it."""
    session.execute(delete(checks))
    session.execute(insert(checks).values(number=1, seal=seal(session, WHAT)))


def trouble_with_key(engine: Engine) -> str:
    """What is wrong with the key at hand, as a sentence that says what to do; "" where it sealed the rows, or none did."""
    with Session(engine.execution_options(reading=True)) as session:
        found = session.scalar(select(checks.c.seal))
        if not is_sealed(engine):
            return NO_KEY if found else ""
        if found:
            return "" if fits(engine, found, WHAT) else OTHER_KEY
        query = select(CaseRow).where(CaseRow.seal.is_not(None), CaseRow.seal != BROKEN)
        rows = session.scalars(query.order_by(CaseRow.created_at.desc()).limit(SOME)).all()
        return OTHER_KEY if rows and not any(case_fits(session, row) for row in rows) else ""


def see_to_the_key(engine: Engine) -> None:
    """Before work begins: raises OperatorError where the key is not that of the rows; the first one is theirs from now on."""
    if trouble := trouble_with_key(engine):
        raise OperatorError(trouble)
    if not is_sealed(engine):
        return
    try:
        with Session(engine) as session, session.begin():
            if session.scalar(select(checks.c.seal)) is None:
                keep_check(session)
    except IntegrityError:  # another process was first, and one of the two keys is compared by the next look
        see_to_the_key(engine)
