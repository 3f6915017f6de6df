"""Whether the key at hand is the one that sealed the rows: one row is sealed for that alone, and compared before work begins.

Without it a key that is lost, or another one, is noticed only where a case is touched, and then each case looks edited.
"""

import json
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Column, Engine, Integer, String, Table, delete, insert, select
from sqlalchemy.orm import Session

from switchboard.accounts.seals import BROKEN, fits, is_sealed, seal
from switchboard.cases.sealed.rows import Left, case_fits, is_any_entry_sealed, read_left, seal_left
from switchboard.cases.tables import CaseRow
from switchboard.errors import OperatorError
from switchboard.migrations import lock

checks = Table(
    "seal_checks",
    CaseRow.metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("seal", String, nullable=False),
)
"""The row with the number 1 is sealed with the key that all others are. The others are batches that are still to be sealed."""
WHAT, BEFORE = "the key of this database, and of its entries", "the key of this database"
"""What its seal says: that what was recorded before entries were sealed has been seen to, or that it was not yet."""
UNDER_WAY = "the key of this database, of whose entries some are sealed"
Stage = Literal["new", "under way", "done"]
STAGES: tuple[tuple[Stage, str], ...] = (("done", WHAT), ("under way", UNDER_WAY), ("new", BEFORE))
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

    Once in the life of a database it seals what was left of cases before entries were sealed: what there is to seal is read,
    and kept under a seal of its own, and then sealed a batch at a time, by whoever goes on with it.
    """
    with Session(engine.execution_options(reading=True)) as session:
        trouble, stage = _looked_at(session)
        left = read_left(session) if stage == "new" and not trouble else []
    while not trouble and stage != "done":
        trouble, stage = _next_batch(engine, left)
    if trouble:
        raise OperatorError(trouble)


def _next_batch(engine: Engine, left: Sequence[Left]) -> tuple[str, Stage]:
    """Seal one batch; the first time with word of all that are to follow. So what is edited meanwhile is in none of them."""
    with Session(engine) as session, session.begin():
        lock(session.connection())  # on SQLite it begins with the lock of the one who writes
        trouble, stage = _looked_at(session)
        if trouble or stage == "done":
            return trouble, stage
        if stage == "new":
            planned = [] if is_any_entry_sealed(session) else left
            rows = [{"number": n, "seal": json.dumps(one)} for n, one in enumerate(planned, start=2)]
            session.execute(delete(checks))
            session.execute(insert(checks), [{"number": 1, "seal": seal(session, UNDER_WAY)}, *rows])
        following = session.execute(select(checks).where(checks.c.number > 1).order_by(checks.c.number).limit(1)).first()
        if following is None:
            keep_check(session)
            return "", "done"
        seal_left(session, Left(*json.loads(following.seal)))
        session.execute(delete(checks).where(checks.c.number == following.number))
        return "", "under way"


def _looked_at(session: Session) -> tuple[str, Stage]:
    """What is wrong with the key at hand, and how far what was left is sealed."""
    found = session.scalar(select(checks.c.seal).where(checks.c.number == 1))
    if not is_sealed(session.get_bind().engine):
        return NO_KEY if found else "", "done"
    if found:
        stage = next((stage for stage, what in STAGES if fits(session, found, what)), None)
        return "" if stage else OTHER_KEY, stage or "new"
    query = select(CaseRow).where(CaseRow.seal.is_not(None), CaseRow.seal != BROKEN)
    rows = session.scalars(query.order_by(CaseRow.created_at.desc()).limit(SOME)).all()
    return OTHER_KEY if rows and not any(case_fits(session, row) for row in rows) else "", "new"
