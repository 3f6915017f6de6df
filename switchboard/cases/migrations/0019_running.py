"""What tells whether the key at hand is the one that sealed the rows, and what came in by a channel and could not be read."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "seal_checks",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seal", sa.String(), nullable=False),
    )
    op.create_table(
        "channel_unread",
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("mark", sa.String(), primary_key=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
    )
