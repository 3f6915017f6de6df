"""Cases with their runs and entries, approvals, operators' opinions, and the processes that work on them.

A database of Switchboard 0.2, which called a case a run and kept each transcript in a document, is taken along.
"""

import sqlalchemy as sa
from alembic.operations import Operations

from switchboard.cases.migrations import from_0_2


def text(name: str, nullable: bool = False, **more: object) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=nullable, **more)  # type: ignore[arg-type]


def long_text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, **more: object) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False, **more)  # type: ignore[arg-type]


def number(name: str) -> "sa.Column[float]":
    return sa.Column(name, sa.Float(), nullable=False)


def data(name: str, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.JSON(), nullable=nullable)


def moment(name: str, **more: object) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, **more)  # type: ignore[arg-type]


def case_key(**more: object) -> "sa.Column[str]":
    return sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), nullable=False, **more)  # type: ignore[arg-type]


def upgrade(op: Operations) -> None:
    old = from_0_2.taken_out(op)
    cases(op)
    approvals(op)
    if old:
        from_0_2.put_in(op, old)


def cases(op: Operations) -> None:
    op.create_table(
        "cases",
        text("id", primary_key=True),
        text("team"),
        text("end", nullable=True, index=True),
        text("reason"),
        text("department", nullable=True),
        long_text("opening"),
        moment("created_at", index=True),
        number("seconds"),
        whole("run"),
        data("used"),
        data("state", nullable=True),
        *(text(name, nullable=True) for name in ("held_by", "cancelled_by")),
        text("message_id", nullable=True, unique=True, index=True),
        data("inbox"),
    )
    op.create_table(
        "runs",
        case_key(primary_key=True),
        whole("number", primary_key=True, autoincrement=False),
        whole("first"),
        data("given"),
        data("start"),
        text("version"),
        text("owner", nullable=True, index=True),
        *(whole(name) for name in ("attempts", "reached", "priority")),
        moment("started_at", index=True),
        text("end", nullable=True),
    )
    op.create_table(
        "entries",
        case_key(primary_key=True),
        whole("n", primary_key=True, autoincrement=False),
        whole("run"),
        text("kind"),
        text("name"),
        data("data"),
        number("at"),
        sqlite_with_rowid=False,
    )


def approvals(op: Operations) -> None:
    op.create_table(
        "approvals",
        whole("id", primary_key=True),
        case_key(index=True),
        *(text(name) for name in ("call_id", "agent", "tool")),
        data("arguments"),
        *(text(name) for name in ("arguments_hash", "why")),
        whole("operators"),
        text("state", index=True),
        moment("asked_at"),
        moment("deadline"),
    )
    op.create_table(
        "opinions",
        sa.Column("approval_id", sa.Integer(), sa.ForeignKey("approvals.id"), primary_key=True),
        text("operator", primary_key=True),
        *(text(name) for name in ("answer", "reason")),
        data("arguments", nullable=True),
        moment("said_at"),
    )
    op.create_table(
        "workers",
        text("id", primary_key=True),
        text("host"),
        whole("pid"),
        sa.Column("takes_cases", sa.Boolean(), nullable=False),
        moment("beat_at"),
    )
