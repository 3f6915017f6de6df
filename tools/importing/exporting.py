"""Exporting: a file that an import reads back into the same rows. It is written beside its name first, and then put there."""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from switchboard.errors import OperatorError
from switchboard.money import spelled
from tools.importing.kinds.customers import OF_METHOD
from tools.importing.kinds.orders import DAYS, RECORDED
from tools.importing.kinds.records import ADDRESS
from tools.importing.reading.cells import guarded
from tools.importing.reading.files import ending_of
from tools.importing.stored import AT_ONCE, value_of
from tools.rows import Customer, Order, Product

Json = dict[str, Any]
NAME = ("first_name", "last_name", "email")
ITEM = ("item_id", "product_id", "item_name", "options", "price", "discount")
COLUMNS = {
    "customers": ("customer_id", *NAME, *ADDRESS, "payment_method_id", *OF_METHOD),
    "products": ("product_id", "product_name", "item_id", "options", "price", "available"),
    "orders": ("order_id", "customer_id", "status", *DAYS, *ADDRESS, *ITEM, "payments", "parcels", *RECORDED),
}
PARTS = {"customers": "payment_methods", "products": "items", "orders": "items"}


def export(engine: Engine, kind: str, path: Path) -> int:
    """Write all rows of a kind to a file, and return how many customers, products or orders these are.

    Raises OperatorError where it cannot be written; a file that was there is as it was then.
    """
    ending = ending_of(path)
    if path.is_dir():
        raise OperatorError(f"{path} is a folder. Name a file.")
    with Session(engine.execution_options(reading=True)) as session:
        found = list(OBJECTS[kind](session))
    texts = _csv(kind, found) if ending == ".csv" else (f"{json.dumps(one, ensure_ascii=False)}\n" for one in found)
    _write(path, texts, "utf-8-sig" if ending == ".csv" else "utf-8")  # without the mark Excel takes it for another encoding
    return len(found)


def _customers(session: Session) -> Iterator[Json]:
    query = select(Customer).options(selectinload(Customer.methods)).execution_options(yield_per=AT_ONCE)
    for row in sorted(session.scalars(query), key=lambda one: one.id):
        methods = [
            {"payment_method_id": one.id}
            | {
                name: _money(name, found)
                for name, ours in OF_METHOD.items()
                if (found := value_of("payment_method", one)[ours]) is not None
            }
            for one in row.methods
        ]
        yield {"customer_id": row.id, **value_of("customer", row), "payment_methods": methods}


def _products(session: Session) -> Iterator[Json]:
    for row in sorted(session.scalars(select(Product).options(selectinload(Product.variants))), key=lambda one: one.id):
        items = [
            {"item_id": one.id, "options": one.options, "price": spelled(one.price_cents), "available": one.available}
            for one in row.variants
        ]
        if items:  # without an item there is nothing to buy, and no line for it
            yield {"product_id": row.id, "product_name": row.name, "items": items}


def _orders(session: Session) -> Iterator[Json]:
    parts = (selectinload(Order.items), selectinload(Order.fulfilments), selectinload(Order.payments))
    query = select(Order).options(*parts)
    for row in sorted(session.scalars(query), key=lambda one: (one.customer_id, one.position, one.id)):
        value = value_of("order", row)
        items = [
            {
                "item_id": one["item_id"],
                "product_id": one["product_id"],
                "item_name": one["name"],
                "options": one["options"],
                "price": spelled(one["price_cents"]),
            }
            | ({} if one["discount_cents"] is None else {"discount": spelled(one["discount_cents"])})
            for one in value.pop("items")
        ]
        yield {"order_id": row.id, **{name: one for name, one in value.items() if one is not None}, "items": items}


OBJECTS: dict[str, Callable[[Session], Iterator[Json]]] = {"customers": _customers, "products": _products, "orders": _orders}


def _money(name: str, value: Any) -> Any:
    return spelled(value) if name == "balance" else value


def _csv(kind: str, found: Iterable[Json]) -> Iterator[str]:
    """The lines of a spreadsheet: one for each part, with all that is said of the whole before it."""
    columns, parts = COLUMNS[kind], PARTS[kind]
    yield _line(columns)
    for one in found:
        whole = {name: value for name, value in one.items() if name != parts}
        for part in one[parts] or [{}]:
            yield _line([_cell((whole | part).get(name)) for name in columns])


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(guarded(cell) for cell in cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _write(path: Path, texts: Iterable[str], encoding: str) -> None:
    """Write a file for its owner alone, beside its name, and rename it there when it is whole."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name[:60]}-", dir=path.parent)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(number, "w", encoding=encoding, newline="") as out:
            out.writelines(texts)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            Path(name).unlink()
