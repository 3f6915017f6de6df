"""Whether the key at hand is the one that sealed the rows: one row is sealed for that alone, and compared before work begins.

Without it a key that is lost, or another one, is noticed only where a case is touched, and then each case looks edited.
"""

from sqlalchemy import Column, Engine, Integer, String, Table, delete, insert, select
from sqlalchemy.orm import Session

from switchboard.accounts.seals import BROKEN, fits, is_sealed, seal
from switchboard.cases.sealed.rows import case_fits, seal_left
from switchboard.cases.tables import CaseRow
from switchboard.errors import OperatorError
from switchboard.migrations import lock

checks = Table(
    "seal_checks",
    CaseRow.metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seal", String, nullable=False),
)
"""One row, sealed with the key that all others are."""
WHAT, BEFORE = "the key of this database, and of its entries", "the key of this database"
"""What its seal says: that what was recorded before entries were sealed has been seen to, or that it was not yet."""
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
        return _looked_at(session)[0]


def see_to_the_key(engine: Engine) -> None:
    """Before work begins: raises OperatorError where the key is not that of the rows; the first one is theirs from now on.

    Once in the life of a database it seals what was left of cases before entries were sealed.
    """
    with Session(engine.execution_options(reading=True)) as session:
        trouble, is_seen_to = _looked_at(session)
    if not trouble and not is_seen_to:
        with Session(engine) as session, session.begin():
            lock(session.connection())  # on SQLite it begins with the lock of the one who writes
            trouble, is_seen_to = _looked_at(session)
            if not trouble and not is_seen_to:
                seal_left(session)
                keep_check(session)
    if trouble:
        raise OperatorError(trouble)


def _looked_at(session: Session) -> tuple[str, bool]:
    """What is wrong with the key at hand, and whether there is nothing to do for it any more."""
    found = session.scalar(select(checks.c.seal))
    if not is_sealed(session.get_bind().engine):
        return NO_KEY if found else "", True
    if found:
        is_seen_to = fits(session, found, WHAT)
        return "" if is_seen_to or fits(session, found, BEFORE) else OTHER_KEY, is_seen_to
    query = select(CaseRow).where(CaseRow.seal.is_not(None), CaseRow.seal != BROKEN)
    rows = session.scalars(query.order_by(CaseRow.created_at.desc()).limit(SOME)).all()
    return OTHER_KEY if rows and not any(case_fits(session, row) for row in rows) else "", False
