"""Which runs' traces were sent to where the project wants them."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("runs", sa.Column("traced", sa.Boolean(), nullable=True))
