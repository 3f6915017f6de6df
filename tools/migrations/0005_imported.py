"""What the last import said of each row that came by one, a digest for each field: what differs, the desk has changed."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "imported_rows",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("fields", sa.JSON(), nullable=False),
    )
