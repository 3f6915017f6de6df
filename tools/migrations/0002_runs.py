"""The runs of the teams, each with its document."""

import sqlalchemy as sa
from alembic import op

revision = "0002_runs"
down_revision = "0001_shop"


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("end", sa.String()),
        sa.Column("department", sa.String()),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
    )
