"""The rows as records: what the database holds of those that a file names, and writing what it changes.

Rows are read in few queries, whatever their number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, selectinload

from tools.importing.kinds.orders import DAYS, RECORDED
from tools.importing.kinds.records import ADDRESS, Record
from tools.rows import Customer, Order, PaymentMethod, Product, Variant

TABLES: dict[str, type[Any]] = {
    "customer": Customer,
    "payment_method": PaymentMethod,
    "product": Product,
    "item": Variant,
    "order": Order,
}
PARENT = {"payment_method": "customer_id", "item": "product_id"}
COLUMNS = {
    "customer": ("first_name", "last_name", "email", *ADDRESS),
    "payment_method": ("source", "brand", "last_four", "balance_cents", "removed_on"),
    "product": ("name",),
    "item": ("options", "available", "price_cents"),
    "order": ("customer_id", "status", *DAYS, *ADDRESS, *RECORDED),
}
EMPTY: dict[str, dict[str, Any]] = {
    "customer": dict.fromkeys(ADDRESS, ""),
    "payment_method": {},
    "product": {},
    "item": {"options": {}},
    "order": {},
}
"""What a new row holds where the file has no such column."""
AT_ONCE = 400


def chunks(found: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(found)
    while chunk := list(islice(left, AT_ONCE)):
        yield chunk


def stored(session: Session, kind: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the rows with these ids hold, by id; the id of what they belong to is under `parent`."""
    table = TABLES[kind]
    found = {}
    for chunk in chunks(ids):
        query = select(table).where(table.id.in_(chunk))
        if kind == "order":
            query = query.options(selectinload(Order.items), selectinload(Order.fulfilments), selectinload(Order.payments))
        for row in session.scalars(query):
            found[row.id] = value_of(kind, row)
    return found


def value_of(kind: str, row: Any) -> dict[str, Any]:
    value = {name: _plain(getattr(row, name)) for name in COLUMNS[kind]}
    if kind in PARENT:
        value["parent"] = getattr(row, PARENT[kind])
    return value | parts_of(row) if kind == "order" else value


def parts_of(order: Order) -> dict[str, Any]:
    """An order's items, parcels and payment history; what is not known of one is left out, but of an item."""
    place = {line.id: number for number, line in enumerate(order.payments)}
    return {
        "items": [
            {
                "item_id": item.item_id,
                "product_id": item.product_id,
                "name": item.name,
                "options": item.options,
                "price_cents": item.price_cents,
                "discount_cents": item.discount_cents,
            }
            for item in order.items
        ],
        "parcels": [
            _known(tracking_ids=one.tracking_ids, item_ids=one.item_ids, carrier=one.carrier, last_scan=one.last_scan)
            for one in order.fulfilments
        ],
        "payments": [
            _known(
                kind=line.kind,
                amount_cents=line.amount_cents,
                payment_method_id=line.payment_method_id,
                paid_on=_plain(line.paid_on),
                state=None if line.state == "settled" else line.state,
                reference=line.reference,
                key=line.key,
                charge=place.get(line.charge_id or 0),
            )
            for line in order.payments
        ],
    }


def _known(**found: Any) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and value else value


def rows_of(record: Record, names: Sequence[str]) -> dict[str, Any]:
    """The columns of a record's row that are among these."""
    return {name: _typed(name, record.value[name]) for name in COLUMNS[record.kind] if name in names}


def insert_rows(session: Session, kind: str, records: Sequence[Record], positions: Mapping[str, int]) -> None:
    """Add rows behind those that their customer or product has already: `positions` says how many that are."""
    nth = dict(positions)
    rows: list[dict[str, Any]] = []
    for record in records:
        row = dict.fromkeys(COLUMNS[kind]) | EMPTY[kind]
        row |= rows_of(record, tuple(record.value)) | {"id": record.id}
        parent = record.parent or record.value.get("customer_id", "")
        if kind in PARENT:
            row[PARENT[kind]] = parent
        if kind in (*PARENT, "order"):
            row["position"] = nth[parent] = nth.get(parent, -1) + 1
        rows.append(row)
    for chunk in chunks(rows):
        session.execute(insert(TABLES[kind]), chunk)


def last_positions(session: Session, kind: str, parents: Iterable[str]) -> dict[str, int]:
    """The last position among the rows of each customer or product."""
    table = TABLES[kind]
    column = getattr(table, PARENT.get(kind, "customer_id"))
    found: dict[str, int] = {}
    for chunk in chunks(set(parents)):
        for parent, position in session.execute(select(column, table.position).where(column.in_(chunk))):
            found[parent] = max(position, found.get(parent, -1))
    return found


def update_row(session: Session, record: Record, names: Sequence[str]) -> None:
    values = rows_of(record, names)
    if values:
        session.execute(update(TABLES[record.kind]).where(TABLES[record.kind].id == record.id).values(**values))


def lock_customers(session: Session, ids: Iterable[str]) -> None:
    """Hold the customers' rows, as every tool does that writes: nothing of theirs changes until this is over."""
    for chunk in chunks(sorted(set(ids))):
        session.execute(select(Customer.id).where(Customer.id.in_(chunk)).order_by(Customer.id).with_for_update())
