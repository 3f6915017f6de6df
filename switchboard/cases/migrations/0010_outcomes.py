"""Outcomes of cases: why a person got one, the customer's thumb, turns that were flagged, and questions taken over."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    for name in ("handed_over", "thumb", "thumb_why"):
        op.add_column("cases", sa.Column(name, sa.String(), nullable=True))
    op.add_column("tickets", sa.Column("was_closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "flags",
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("flagged_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "taken_questions",
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("into", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
