"""Runs that go on: their legs, approvals, operators' opinions, and the processes that work on them."""

import sqlalchemy as sa
from alembic import op

revision = "0004_legs"
down_revision = "0003_payments"


def text(name: str, nullable: bool = False, **more: object) -> "sa.Column[str]":
    return sa.Column(name, sa.String(), nullable=nullable, **more)  # type: ignore[arg-type]


def whole(name: str, **more: object) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=False, **more)  # type: ignore[arg-type]


def moment(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def run_key(**more: object) -> "sa.Column[str]":
    return sa.Column("run_id", sa.String(), sa.ForeignKey("runs.id"), nullable=False, **more)  # type: ignore[arg-type]


def upgrade() -> None:
    op.add_column("runs", sa.Column("leg", sa.Integer(), nullable=False, server_default="0"))
    for name in ("state", "held_by", "cancelled_by", "message_id"):
        op.add_column("runs", sa.Column(name, sa.String(), nullable=True))
    op.add_column("runs", sa.Column("inbox", sa.String(), nullable=False, server_default="[]"))
    op.create_index("ix_runs_message_id", "runs", ["message_id"], unique=True)
    op.create_index("ix_runs_end", "runs", ["end"])
    op.create_table(
        "legs",
        run_key(primary_key=True),
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
        run_key(index=True),
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
