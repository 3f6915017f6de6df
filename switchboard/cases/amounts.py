"""What calls moved of each customer's money, so that a large amount in small parts over days is a large one to the rules; and
what was sent to another side in other cases, of which nobody knows what came.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from switchboard.cases.entries import STEP
from switchboard.cases.tables import AmountRow, EntryRow
from switchboard.declare.transcript import as_key
from switchboard.errors import NotKnown
from switchboard.loop.journal import OUTSIDE, SENT, Amount

DAYS = 30
"""For how long what a customer was paid counts; what was paid about one thing, such as an order, counts for ever."""
MOST_SENT = 20
SECONDS = DAYS * 24 * 60 * 60.0


def _of_the_call(entry: Any) -> ColumnElement[bool]:
    """That an entry tells what came of a call: its result, or the step of its effect, as steps are forgotten one day."""
    is_step = and_(entry.kind == STEP, entry.name == AmountRow.call_id + " " + AmountRow.tool + OUTSIDE)
    return or_(is_step, and_(entry.kind == "result", entry.data["call_id"].as_string() == AmountRow.call_id))


REFUSED = exists().where(
    EntryRow.case_id == AmountRow.case_id, _of_the_call(EntryRow), EntryRow.data["status"].as_string() == "refused"
)
"""That the other side refused a call whose rows were committed, so that nothing was done. What nobody knows of counts."""
OF_CUSTOMER = select(func.coalesce(func.sum(AmountRow.cents), 0)).where(
    AmountRow.customer_id == bindparam("customer_id"), ~REFUSED
)
SINCE = OF_CUSTOMER.where(AmountRow.at > bindparam("since"))
ABOUT = OF_CUSTOMER.where(AmountRow.about == bindparam("about"), AmountRow.about != "")
LATER = aliased(EntryRow)
CODE = LATER.data["code"].as_string()
FOUND_OUT = exists().where(
    LATER.case_id == EntryRow.case_id,
    LATER.n > EntryRow.n,
    or_(
        and_(_of_the_call(LATER), CODE.is_distinct_from(NotKnown.code)),
        and_(LATER.kind == "decision", LATER.data["handed_back"].as_boolean().is_(True)),
    ),
)
"""That an answer came after an entry, or an operator gave the case back, who has looked."""
UNKNOWN = (
    select(AmountRow.case_id, AmountRow.call_id, func.max(EntryRow.at))
    .join(EntryRow, EntryRow.case_id == AmountRow.case_id)
    .where(
        or_(
            and_(EntryRow.kind == STEP, EntryRow.name == AmountRow.call_id + " " + AmountRow.tool + SENT),
            and_(_of_the_call(EntryRow), EntryRow.data["code"].as_string() == NotKnown.code),
        ),
        ~FOUND_OUT,
    )
    .group_by(AmountRow.case_id, AmountRow.call_id, AmountRow.at)
    .order_by(AmountRow.at.desc())
)
"""The calls that were sent, and no answer tells what came of them: none has come, as they are under way or their process died,
or it says so; the newest first, with when that was.
"""


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
    sent = session.execute(UNKNOWN.where(AmountRow.tool == made.tool, whose, AmountRow.case_id != case_id)).all()
    same = (one for one in sent if made.about or _arguments(session, one[0], one[1], made.tool) == as_key(arguments))
    when = ((datetime.fromtimestamp(at, UTC), other) for other, _, at in islice(same, MOST_SENT))
    return [f"sent on {at:%Y-%m-%d %H:%M} UTC, in {other}" for at, other in when]


def _arguments(session: Session, case_id: str, call_id: str, tool: str) -> str:
    """What a call was made with, by its step or its result."""
    is_result = and_(EntryRow.kind == "result", EntryRow.data["call_id"].as_string() == call_id)
    is_made = or_(and_(EntryRow.kind == STEP, EntryRow.name == f"{call_id} {tool}"), is_result)
    newest = select(EntryRow.data).where(EntryRow.case_id == case_id, is_made).order_by(EntryRow.n.desc()).limit(1)
    return as_key(session.execute(newest).scalar_one().get("arguments"))


def note(session: Session, case_id: str, call_id: str, amount: Amount) -> None:
    """Keep what a call moved, in the transaction of its rows."""
    session.add(AmountRow(case_id=case_id, call_id=call_id, at=time.time(), **amount._asdict()))
