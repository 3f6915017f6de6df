"""Tickets know when somebody must hear of them next, so that nobody looks at all of them; what is open counts as told."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("tickets", sa.Column("told_as", sa.String(), nullable=True))
    op.add_column("tickets", sa.Column("look_by", sa.String(), nullable=False, server_default=""))
    op.add_column("tickets", sa.Column("look_at", sa.Double(), nullable=False, server_default="0"))
    op.execute("UPDATE tickets SET told_as = priority")
    op.create_index("ix_tickets_look", "tickets", ["status", "look_by", "look_at"])
