"""Refunds through an outside payment provider: its reference, and whether it has sent the money back."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("payments", sa.Column("state", sa.String(), nullable=False, server_default="settled"))
    op.add_column("payments", sa.Column("reference", sa.String()))
    op.add_column("payments", sa.Column("key", sa.String()))
    op.add_column("payments", sa.Column("declined", sa.String()))
    op.create_index("ix_payments_key", "payments", ["key"])
    op.create_index("ix_payments_state", "payments", ["state"])
