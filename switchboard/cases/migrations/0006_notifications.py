"""Notifications: who is told of which run, and what came of it."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "notifications",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("run", sa.Integer(), primary_key=True),
        sa.Column("url", sa.String(), primary_key=True),
        sa.Column("end", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
    )
    op.create_index("ix_notifications_due_at", "notifications", ["due_at"])
