"""What calls moved of each customer's money, so that a large amount in small parts over days is a large one to the rules."""

import time

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from switchboard.cases.tables import AmountRow
from switchboard.loop.journal import Amount

DAYS = 30
"""For how long what a customer was paid counts; what was paid about one thing, such as an order, counts for ever."""
SECONDS = DAYS * 24 * 60 * 60.0
SINCE = select(func.coalesce(func.sum(AmountRow.cents), 0)).where(
    AmountRow.customer_id == bindparam("customer_id"), AmountRow.at > bindparam("since")
)
ABOUT = select(func.coalesce(func.sum(AmountRow.cents), 0)).where(
    AmountRow.customer_id == bindparam("customer_id"), AmountRow.about == bindparam("about"), AmountRow.about != ""
)


def so_far(session: Session, customer_id: str, about: str) -> int:
    """The cents that were moved for a customer within the last days, or about this one thing ever, whichever is more."""
    lately = session.execute(SINCE, {"customer_id": customer_id, "since": time.time() - SECONDS}).scalar_one()
    about_it = session.execute(ABOUT, {"customer_id": customer_id, "about": about}).scalar_one()
    return max(int(lately), int(about_it))


def note(session: Session, case_id: str, call_id: str, amount: Amount) -> None:
    """Keep what a call moved, in the transaction of its rows."""
    session.add(AmountRow(case_id=case_id, call_id=call_id, at=time.time(), **amount._asdict()))
