"""Branches: cases of child runs, each under the case that it is a branch of."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("cases", sa.Column("parent", sa.String(), nullable=True))
    has_parent = sa.text("parent IS NOT NULL")
    op.create_index("ix_cases_parent", "cases", ["parent"], sqlite_where=has_parent, postgresql_where=has_parent)
