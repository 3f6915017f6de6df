"""Mails: the further messages of cases, by their senders' ids."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.create_table(
        "mails",
        sa.Column("message_id", sa.String(), primary_key=True),
        sa.Column("case_id", sa.String(), sa.ForeignKey("cases.id"), nullable=False),
    )
    op.create_index("ix_mails_case_id", "mails", ["case_id"])
