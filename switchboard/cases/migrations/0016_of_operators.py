"""What each operator has of their own: how far they have seen a case, and the views of the queue that they keep."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "operator_seen",
        sa.Column("who", sa.String(), primary_key=True),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("note", sa.Integer(), nullable=False),
    )
    op.create_table(
        "operator_views",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.UniqueConstraint("who", "name", name="uq_operator_views_who_name"),
    )
