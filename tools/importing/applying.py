"""Writing what an import changes. Money that the desk has sent back stays in an order's history, whatever a file says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from tools.importing.kinds.records import Record
from tools.importing.memory import remember
from tools.importing.plan import KINDS, Change
from tools.importing.stored import chunks, insert_rows, last_positions, update_row
from tools.rows import Fulfilment, OrderItem, Payment

PARTS = ("items", "parcels", "payments")


def apply(session: Session, changes: Sequence[Change]) -> None:
    """Write the changes, within the session's transaction."""
    for kind in KINDS:
        own = [change for change in changes if change.record.kind == kind]
        new = [change.record for change in own if change.what == "new"]
        parents = [record.parent or record.value.get("customer_id", "") for record in new]
        positions = last_positions(session, kind, parents) if new and kind in ("payment_method", "item", "order") else {}
        insert_rows(session, kind, new, positions)
        for change in own:
            if change.what == "changed":
                update_row(session, change.record, tuple(change.fields))
        if kind == "order":
            _write_parts(session, [c for c in own if c.what in ("new", "changed")])
    remember(session, {(c.record.kind, c.record.id): c.given for c in changes if c.given is not None})


def _write_parts(session: Session, changes: Sequence[Change]) -> None:
    old = [change for change in changes if change.what == "changed"]
    for table, name in ((OrderItem, "items"), (Fulfilment, "parcels")):
        for chunk in chunks(change.record.id for change in old if name in change.fields):
            session.execute(delete(table).where(table.order_id.in_(chunk)))
        written = [c.record for c in changes if c.what == "new" or name in c.fields]
        rows = [row for record in written for row in _rows(record, name)]
        for chunk in chunks(rows):
            session.execute(insert(table), chunk)
    for change in old:
        if "payments" in change.fields:
            _rewrite_payments(session, change.record)
    new = [change.record for change in changes if change.what == "new"]
    for chunk in chunks(row for record in new for row in _rows(record, "payments")):
        session.execute(insert(Payment), chunk)
    for record in new:
        _tie_refunds(session, record)


def _rows(record: Record, name: str) -> list[dict[str, Any]]:
    """The rows of an order's items, parcels or payments."""
    found = []
    for position, part in enumerate(record.value.get(name, ())):
        row = {"order_id": record.id, "position": position, **part}
        if name == "parcels":
            row = {"carrier": None, "last_scan": None} | row
        found.append(_payment(row) if name == "payments" else row)
    return found


def _payment(row: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {"paid_on": None, "state": "settled", "reference": None, "key": None}
    known |= {name: value for name, value in row.items() if name != "charge"}
    known["paid_on"] = date.fromisoformat(known["paid_on"]) if known["paid_on"] else None
    return known


def _rewrite_payments(session: Session, record: Record) -> None:
    """Bring an order's history to what the file says: a line that is there stays the same row, and one that the desk made stays
    behind the file's where the file does not have it.
    """
    left = list(session.scalars(select(Payment).where(Payment.order_id == record.id).order_by(Payment.position)))
    written = _rows(record, "payments")
    for row in written:
        named = ("kind", "amount_cents", "payment_method_id")
        same = next((one for one in left if one.state != "declined" and all(getattr(one, n) == row[n] for n in named)), None)
        if same is None:
            session.add(Payment(**row))
            continue
        left.remove(same)
        kept = ("reference", "key", "state") if _by_desk(same) else ()
        for name, value in row.items():
            if name not in kept:
                setattr(same, name, value)
    gone = [one for one in left if not _by_desk(one)]
    for position, one in enumerate((one for one in left if _by_desk(one)), len(written)):
        one.position = position
    session.flush()
    ids = [one.id for one in gone]
    session.execute(update(Payment).where(Payment.charge_id.in_(ids)).values(charge_id=None))
    session.execute(delete(Payment).where(Payment.id.in_(ids)))
    _tie_refunds(session, record)
    session.expire_all()


def _by_desk(line: Payment) -> bool:
    return line.key is not None or line.refund_id is not None or line.state != "settled"


def _tie_refunds(session: Session, record: Record) -> None:
    """Have each line that says which charge it sends back point to it."""
    tied = {number: line["charge"] for number, line in enumerate(record.value.get("payments", ())) if "charge" in line}
    if not tied:
        return
    query = select(Payment.position, Payment.id).where(Payment.order_id == record.id, Payment.state != "declined")
    ids = {one.position: one.id for one in session.execute(query)}
    for number, charge in tied.items():
        session.execute(update(Payment).where(Payment.id == ids[number]).values(charge_id=ids[charge]))
