"""Cases with their runs, approvals, operators' opinions, and the processes that work on them."""

import sqlalchemy as sa
from alembic.operations import Operations


def text(name: str, nullable: bool = False, **more: object) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=nullable, **more)  # type: ignore[arg-type]


def whole(name: str, **more: object) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False, **more)  # type: ignore[arg-type]


def moment(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def case_key(**more: object) -> "sa.Column[str]":
    return sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), nullable=False, **more)  # type: ignore[arg-type]


def upgrade(op: Operations) -> None:
    op.create_table(
        "cases",
        text("id", primary_key=True),
        text("team"),
        text("end", nullable=True, index=True),
        text("department", nullable=True),
        sa.Column("opening", sa.Text(), nullable=False),
        moment("created_at"),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        whole("run"),
        *(text(name, nullable=True) for name in ("state", "held_by", "cancelled_by")),
        text("message_id", nullable=True, unique=True, index=True),
        text("inbox"),
    )
    op.create_table(
        "runs",
        case_key(primary_key=True),
        whole("number", primary_key=True, autoincrement=False),
        *(text(name) for name in ("given", "start", "version")),
        text("executor", nullable=True, index=True),
        whole("attempts"),
        whole("reached"),
        whole("priority"),
        moment("started_at"),
    )
    op.create_table(
        "approvals",
        whole("id", primary_key=True),
        case_key(index=True),
        *(text(name) for name in ("call_id", "agent", "tool", "arguments", "arguments_hash", "why")),
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
        text("arguments", nullable=True),
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
