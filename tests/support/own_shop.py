"""A seeded shop for tests, and calls on it as the executor makes them: validated, one transaction each.

Its database is made once in a process, and copied wherever a test wants one.
"""

import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.tool import Context, Tool
from switchboard.errors import ToolError
from tools.money import refund_order
from tools.orders import cancel_pending_order, modify_pending_order_items, modify_pending_order_payment
from tools.returns import exchange_delivered_order_items, return_delivered_order_items
from tools.shop import now
from tools.store import dump_customer, dump_order, migrate, seed

OF_THE_MOMENT = (
    *("created_at", "queued_at", "changed_at", "answered_at", "closed_at"),
    *("case_id", "key", "run_id", "summary", "text", "agent"),
)
"""Columns that differ from run to run, or hold words for operators."""
WRITES = (
    refund_order,
    refund_order,
    cancel_pending_order,
    modify_pending_order_items,
    modify_pending_order_payment,
    return_delivered_order_items,
    exchange_delivered_order_items,
)
"""What moves money of an order, as sequences are drawn from it: a refund as often as two of the others."""
EMMA, PRIYA, GRACE = "emma_lindqvist_1001", "priya_raman_1003", "grace_mbeki_1009"


@cache
def _kept() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="switchboard-tests-")


@cache
def _shop(day: date) -> Path:
    """The file that is copied: migrated, seeded for a day, and closed."""
    path = Path(_kept().name, f"shop-{day}.db")
    engine = open_engine(sqlite_url(path))
    migrate(engine)
    seed(engine)
    engine.dispose()
    return path


@cache
def _opened(day: date) -> Path:
    """The data folder that is copied: the shop, and the engine's tables beside it, which the first case makes."""
    from switchboard.cases.runs import Environment
    from switchboard.engine.worker import Worker  # it imports dbos, which most tests of the shop do without

    folder = Path(_kept().name, f"data-{day}")
    engine = seeded(folder, "switchboard.db")
    with Worker(Environment(engine, {})):
        pass
    engine.dispose()
    return folder


def opened() -> Path:
    """The data folder of today as the first command leaves it. It is to be copied, not to be worked in."""
    return _opened(now().date())


def seeded(folder: Path, name: str = "shop.db") -> Engine:
    """An engine on a shop of its own, in a file of this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return open_engine(sqlite_url(Path(shutil.copyfile(_shop(now().date()), folder / name))))


def data_folder(folder: Path) -> Path:
    """The data folder of commands that run in `folder`, as the first of them leaves it; one that is there stays as it is."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(opened(), data)
    return data


def rows(engine: Engine) -> dict[str, list[str]]:
    """What is in the shop, but for what differs from run to run."""
    looked = inspect(engine)
    columns = {name: [str(c["name"]) for c in looked.get_columns(name)] for name in looked.get_table_names()}
    with engine.connect() as connection:
        return {
            name: sorted(map(str, connection.execute(text(f'SELECT {", ".join(kept)} FROM "{name}"')).all()))
            for name, all_of_it in columns.items()
            if (kept := [f'"{column}"' for column in all_of_it if column not in OF_THE_MOMENT])
        }


class Desk:
    """One run on a shop; `customer` is verified from the start."""

    def __init__(self, engine: Engine, customer: str | None = None, known: dict[str, str] | None = None) -> None:
        self.engine = engine
        self.customer = customer
        self.known = known or {}
        self.calls = 0

    def call(self, tool: Tool, call_id: str | None = None, **raw: Any) -> Any:
        self.calls += 1
        with Session(self.engine) as session:
            ctx = Context("run-1", call_id or str(self.calls), "orders", session, self.customer, known=self.known)
            result = tool(ctx, **tool.validated(raw))
            session.commit()
            self.customer = ctx.customer_id
        return json.loads(json.dumps(result))

    def refusal(self, tool: Tool, **raw: Any) -> str:
        """The sentence that the call is refused with; the call must not have changed anything."""
        before = self.everything()
        try:
            answer = self.call(tool, **raw)
        except ToolError as error:
            assert self.everything() == before
            return str(error)
        raise AssertionError(f"{tool.name} was not refused: {answer}")

    def order(self, order_id: str) -> dict[str, Any]:
        with Session(self.engine) as session:
            return dump_order(session, order_id)

    def methods(self, customer_id: str) -> dict[str, Any]:
        with Session(self.engine) as session:
            return dict(dump_customer(session, customer_id)["payment_methods"])

    def everything(self) -> list[list[Any]]:
        tables = (
            "customers",
            "payment_methods",
            "orders",
            "order_items",
            "payments",
            "refunds",
            "tickets",
            "case_notes",
        )
        with self.engine.connect() as connection:
            return [list(connection.exec_driver_sql(f"SELECT * FROM {table}")) for table in tables]
