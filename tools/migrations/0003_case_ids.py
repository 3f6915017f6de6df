"""What was called a run is a case now."""

from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    for table in ("tickets", "case_notes"):
        op.alter_column(table, "run_id", new_column_name="case_id")
