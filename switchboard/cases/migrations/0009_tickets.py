"""Tickets, which were the sample project's rows, are the library's; a place hears of more of a run than its end."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

from switchboard.errors import OperatorError

NEW = ("assigned_to", "draft", "resolution", "duplicate_of")
MOMENTS = ("answered_at", "closed_at", "reopened_at")
BEFORE = {"id", "key", "customer_id", "department", "priority", "status", "subject", "summary", "contact_name", "created_at"}


def upgrade(op: Operations) -> None:
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("tickets"):
        there = {column["name"] for column in inspector.get_columns("tickets")}
        if not there >= BEFORE:
            raise OperatorError(
                "This database has a table tickets of another program. Rename it: Switchboard has one of that name."
            )
    else:
        there = set()
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("key", sa.String(), nullable=False, unique=True),
            sa.Column("case_id", sa.String(), nullable=False),
            sa.Column("customer_id", sa.String(), index=True),
            *(
                sa.Column(name, sa.String(), nullable=False)
                for name in ("department", "priority", "status", "subject", "summary")
            ),
            *(sa.Column(name, sa.String()) for name in ("contact_name", "contact_email", "contact_phone")),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        )
    columns: list[sa.Column[Any]] = [sa.Column(name, sa.String()) for name in NEW]
    columns += [sa.Column(name, sa.DateTime(timezone=True)) for name in MOMENTS]
    columns += [sa.Column("facts", sa.JSON()), sa.Column("reopened", sa.Integer(), nullable=False, server_default="0")]
    for column in columns:
        op.add_column("tickets", column)
    op.create_index("ix_tickets_status", "tickets", ["status"])
    op.create_index("ix_tickets_case_id", "tickets", ["run_id" if "run_id" in there else "case_id"])
    _more_of_a_run(op)


def _more_of_a_run(op: Operations) -> None:
    """`about` becomes part of the key, which SQLite can only do in a new table."""
    op.drop_index("ix_notifications_due_at", "notifications")
    op.rename_table("notifications", "notifications_of_ends")
    op.create_table(
        "notifications",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("run", sa.Integer(), primary_key=True),
        sa.Column("url", sa.String(), primary_key=True),
        sa.Column("about", sa.String(), primary_key=True),
        sa.Column("end", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
    )
    kept = 'case_id, run, url, "end", department, state, tries, due_at, trouble'
    op.execute(f"INSERT INTO notifications (about, {kept}) SELECT '', {kept} FROM notifications_of_ends")
    op.drop_table("notifications_of_ends")
    op.create_index("ix_notifications_due_at", "notifications", ["due_at"])
