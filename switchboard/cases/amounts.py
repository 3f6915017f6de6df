"""What calls moved of each customer's money, so that a large amount in small parts over days is a large one to the rules; and
what was sent to another side in other cases, of which nobody knows what came.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from switchboard.cases.entries import STEP
from switchboard.cases.tables import AmountRow, EntryRow
from switchboard.declare.transcript import as_key
from switchboard.errors import NotKnown
from switchboard.loop.journal import OUTSIDE, Amount

DAYS = 30
"""For how long what a customer was paid counts; what was paid about one thing, such as an order, counts for ever."""
MOST_SENT = 20
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


def unknown_elsewhere(session: Session, case_id: str, made: Amount, arguments: Mapping[str, Any]) -> list[str]:
    """When and in which other cases such a call was sent that may be done or not, the newest first: about the same thing, or of
    the same customer with the same arguments. Who gives such a case back has found out.
    """
    whose = AmountRow.about == made.about if made.about else AmountRow.customer_id == made.customer_id
    sent = select(AmountRow.case_id, AmountRow.call_id).where(AmountRow.tool == made.tool, whose, AmountRow.case_id != case_id)
    found = []
    for other, call_id in session.execute(sent.order_by(AmountRow.at.desc()).limit(MOST_SENT)):
        rows = session.execute(
            select(EntryRow.kind, EntryRow.data, EntryRow.at)
            .where(EntryRow.case_id == other, EntryRow.kind.in_(("result", "decision")))
            .order_by(EntryRow.n)
        ).all()
        of_call = [n for n, (kind, data, _) in enumerate(rows) if kind == "result" and data["call_id"] == call_id]
        if not of_call or rows[of_call[-1]].data.get("code") != NotKnown.code:
            continue
        _, data, at = rows[of_call[-1]]
        is_same = bool(made.about) or as_key(data["arguments"]) == as_key(arguments)
        if is_same and not any(kind == "decision" and one.get("handed_back") for kind, one, _ in rows[of_call[-1] :]):
            found.append(f"sent on {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC, in {other}")
    return found


def note(session: Session, case_id: str, call_id: str, amount: Amount) -> None:
    """Keep what a call moved, in the transaction of its rows."""
    session.add(AmountRow(case_id=case_id, call_id=call_id, at=time.time(), **amount._asdict()))
