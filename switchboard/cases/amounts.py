"""What calls moved of each customer's money, so that a large amount in small parts over days is a large one to the rules."""

import time

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from switchboard.cases.entries import STEP
from switchboard.cases.tables import AmountRow, EntryRow
from switchboard.loop.journal import OUTSIDE, Amount

DAYS = 30
"""For how long what a customer was paid counts; what was paid about one thing, such as an order, counts for ever."""
SECONDS = DAYS * 24 * 60 * 60.0
OF_THE_CALL = or_(
    and_(EntryRow.kind == STEP, EntryRow.name == AmountRow.call_id + " " + AmountRow.tool + OUTSIDE),
    and_(EntryRow.kind == "result", EntryRow.data["call_id"].as_string() == AmountRow.call_id),  # steps are forgotten one day
)
REFUSED = exists().where(EntryRow.case_id == AmountRow.case_id, OF_THE_CALL, EntryRow.data["status"].as_string() == "refused")
"""That the other side refused a call whose rows were committed, so that nothing was done. What nobody knows of counts."""
OF_CUSTOMER = select(func.coalesce(func.sum(AmountRow.cents), 0)).where(
    AmountRow.customer_id == bindparam("customer_id"), ~REFUSED
)
SINCE = OF_CUSTOMER.where(AmountRow.at > bindparam("since"))
ABOUT = OF_CUSTOMER.where(AmountRow.about == bindparam("about"), AmountRow.about != "")


def so_far(session: Session, customer_id: str, about: str) -> int:
    """The cents that were moved for a customer, or may have been, within the last days, or about this one thing ever, whichever
    is more.
    """
    lately = session.execute(SINCE, {"customer_id": customer_id, "since": time.time() - SECONDS}).scalar_one()
    about_it = session.execute(ABOUT, {"customer_id": customer_id, "about": about}).scalar_one()
    return max(int(lately), int(about_it))


def note(session: Session, case_id: str, call_id: str, amount: Amount) -> None:
    """Keep what a call moved, in the transaction of its rows."""
    session.add(AmountRow(case_id=case_id, call_id=call_id, at=time.time(), **amount._asdict()))
