"""Conversations of help desks that a webhook told of, until they are read."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "noticed_conversations",
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("conversation", sa.String(), primary_key=True),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
