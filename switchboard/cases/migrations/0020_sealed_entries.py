"""Seals on what a run records: the lines of a case and its steps."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("entries", sa.Column("seal", sa.String(), nullable=True))
