"""Codes: what was sent to customers to write back. No code stands in them."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "codes",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("call_id", sa.String(), primary_key=True),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("counts_for", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
    )
    op.create_index("ix_codes_counts_for", "codes", ["counts_for"])
