"""What was called a run is a case now. Tickets are older than that only where they were the shop's."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    for table in ("tickets", "case_notes"):
        if "run_id" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}:
            op.alter_column(table, "run_id", new_column_name="case_id")
