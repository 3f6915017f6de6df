"""Spending: what models took on each day, what is held for calls under way, which warnings were told, and what endpoints do at
each process.
"""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "spending",
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("unpriced", sa.Integer(), nullable=False),
    )
    op.create_table(
        "budget_holds",
        sa.Column("case_id", sa.String(), primary_key=True),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
    )
    op.create_table("budget_warnings", sa.Column("name", sa.String(), primary_key=True))
    op.add_column("workers", sa.Column("endpoints", sa.JSON(), nullable=True))
