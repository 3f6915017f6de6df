"""A seeded shop for tests, and calls on it as the executor makes them: validated, one transaction each."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.tool import Context, Tool
from switchboard.errors import ToolError
from tools.store import dump_customer, dump_order, migrate, seed

EMMA, PRIYA, GRACE = "emma_lindqvist_1001", "priya_raman_1003", "grace_mbeki_1009"


def seeded(folder: Path) -> Engine:
    engine = open_engine(sqlite_url(folder / "shop.db"))
    migrate(engine)
    seed(engine)
    return engine


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
