"""What a code took off an item, methods that are no longer on the account, and where the money of a return goes."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("order_items", sa.Column("discount_cents", sa.Integer()))
    op.add_column("payment_methods", sa.Column("removed_on", sa.Date()))
    op.add_column("orders", sa.Column("refunds_promised", sa.JSON()))
