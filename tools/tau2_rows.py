"""A tau2-bench store as rows: a fresh copy of it, what differs from that afterwards, and whether that is what a task wants."""

import math
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.database import open_engine, sqlite_url
from tools.shop import Customer, Order
from tools.store import dump_customer, dump_order, load_store, migrate

Json = Mapping[str, Any]

AMOUNT_TOLERANCE = 0.01
OWNERS = {  # table, and the column that names the order or customer which the row is a part of
    "orders": {"orders": "id", "order_items": "order_id", "fulfilments": "order_id", "payments": "order_id"},
    "users": {"customers": "id", "payment_methods": "customer_id"},
}


@contextmanager
def fresh_store(users: Json, orders: Json, products: Json) -> Iterator[Path]:
    """A database of the store, to be copied; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "fresh.db")
        base = open_engine(sqlite_url(fresh))
        migrate(base)
        with Session(base) as session, session.begin():
            load_store(session, users, orders, products)
        base.dispose()  # the last connection folds the write-ahead log into the file, so that the file is the store
        yield fresh


def changed_rows(engine: Engine, copy: Path, fresh: Path, written: set[str | None]) -> dict[str, dict[str, Any]]:
    """Orders and customers after the task: those of which a row differs, and those in `written` that a call wrote.

    A write that leaves things as they were counts, because it does in tau2's own after-states.
    """
    dump = {"orders": dump_order, "users": dump_customer}
    rows = {"orders": Order, "users": Customer}
    changed: dict[str, dict[str, Any]] = {}
    with Session(engine) as session:
        for kind, differing in _differing(copy, fresh).items():
            again = {key for key in written if key is not None and session.get(rows[kind], key) is not None}
            changed[kind] = {key: dump[kind](session, key) for key in sorted(differing | again)}
    return changed


def _differing(copy: Path, fresh: Path) -> dict[str, set[str]]:
    """The ids of orders and customers of which any row differs between two databases."""
    connection = sqlite3.connect(copy)
    connection.execute("ATTACH ? AS fresh", (str(fresh),))
    differing: dict[str, set[str]] = {}
    for kind, tables in OWNERS.items():
        found: set[str] = set()
        for table, column in tables.items():
            for one, other in ((f"main.{table}", f"fresh.{table}"), (f"fresh.{table}", f"main.{table}")):
                rows = connection.execute(f"SELECT {column} FROM (SELECT * FROM {one} EXCEPT SELECT * FROM {other})")
                found.update(row[0] for row in rows)
        differing[kind] = found
    connection.close()
    return differing


def alike(one: Any, other: Any) -> bool:
    """Equality, with amounts within a cent of each other."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=AMOUNT_TOLERANCE + 1e-9)
    return bool(one == other)
