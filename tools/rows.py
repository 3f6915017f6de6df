"""The shop's rows. Money is integer cents. Tools take them from `tools/shop.py`, which holds the rules on them.

`payments` holds the lines of an order's payment history: charges, and money sent back.
"""

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from switchboard.tickets.rows import Ticket as Ticket


def now() -> datetime:
    return datetime.now(UTC)


class Row(DeclarativeBase):
    """A row of the shop's database."""

    type_annotation_map: ClassVar = {
        dict[str, str]: JSON,
        dict[str, int]: JSON,
        list[str]: JSON,
        datetime: DateTime(timezone=True),
    }


class Addressed:
    """The address columns of a customer (the default address) and of an order (where it is sent)."""

    address1: Mapped[str]
    address2: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]

    @property
    def address(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("address1", "address2", "city", "country", "state", "zip")}

    @address.setter
    def address(self, new: dict[str, str]) -> None:
        for name, value in new.items():
            setattr(self, name, value)


class Customer(Addressed, Row):
    __tablename__ = "customers"
    id: Mapped[str] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    methods: Mapped[list["PaymentMethod"]] = relationship(order_by="PaymentMethod.position", back_populates="customer")
    orders: Mapped[list["Order"]] = relationship(order_by="Order.position", back_populates="customer")
    subscriptions: Mapped[list["Subscription"]] = relationship(order_by="Subscription.id")
    invoices: Mapped[list["Invoice"]] = relationship(order_by="Invoice.id")


SLOWEST = 7  # business days that money needs at most to a card or to PayPal


class PaymentMethod(Row):
    """`source` is credit_card (with `brand` and `last_four`), paypal or gift_card (with `balance_cents`).

    `removed_on` is the day when the customer took it off the account; what it paid is still known by it.
    """

    __tablename__ = "payment_methods"
    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    position: Mapped[int]
    source: Mapped[str]
    brand: Mapped[str | None]
    last_four: Mapped[str | None]
    balance_cents: Mapped[int | None]
    removed_on: Mapped[date | None]
    customer: Mapped[Customer] = relationship(back_populates="methods")

    @property
    def label(self) -> str:
        """How the method is named to people: never more of a card than its last four digits."""
        gone = " (no longer on the account)" if self.removed_on else ""
        if self.source == "credit_card":
            return f"credit card ending {self.last_four}{gone}"
        return f"PayPal account{gone}" if self.source == "paypal" else f"gift card{gone}"

    @property
    def arrives(self) -> str:
        """When money sent to this method is there."""
        return "at once" if self.source == "gift_card" else f"in 5 to {SLOWEST} business days"

    def add(self, cents: int) -> None:
        """Move a gift card's balance; the other methods keep their money elsewhere."""
        if self.balance_cents is not None:
            self.balance_cents += cents


class Product(Row):
    __tablename__ = "products"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    variants: Mapped[list["Variant"]] = relationship(order_by="Variant.position", back_populates="product")


class Variant(Row):
    """One item that can be bought: a product with its options chosen."""

    __tablename__ = "variants"
    id: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    options: Mapped[dict[str, str]]
    available: Mapped[bool]
    price_cents: Mapped[int]
    product: Mapped[Product] = relationship(back_populates="variants")


class Order(Addressed, Row):
    """`status` is pending, pending (item modified), processed, delivered, cancelled, return or exchange requested.

    `refunds_promised` is what goes back when the goods of a return or an exchange are there: cents by payment method.
    """

    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    position: Mapped[int]
    status: Mapped[str]
    placed_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    cancel_reason: Mapped[str | None]
    return_items: Mapped[list[str] | None]
    return_payment_method_id: Mapped[str | None]
    exchange_items: Mapped[list[str] | None]
    exchange_new_items: Mapped[list[str] | None]
    exchange_payment_method_id: Mapped[str | None]
    exchange_price_difference_cents: Mapped[int | None]
    refunds_promised: Mapped[dict[str, int] | None]
    customer: Mapped[Customer] = relationship(back_populates="orders")
    items: Mapped[list["OrderItem"]] = relationship(order_by="OrderItem.position")
    fulfilments: Mapped[list["Fulfilment"]] = relationship(order_by="Fulfilment.position")
    payments: Mapped[list["Payment"]] = relationship(
        order_by="Payment.position", primaryjoin="and_(Order.id == Payment.order_id, Payment.state != 'declined')"
    )

    @property
    def is_pending(self) -> bool:
        return self.status in ("pending", "pending (item modified)")


class OrderItem(Row):
    """An item as it was sold: name, options and price stay what they were that day.

    `discount_cents` is what a code took off that price; None where it was not recorded (`tools/charges.py` reads it then).
    """

    __tablename__ = "order_items"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    product_id: Mapped[str]
    item_id: Mapped[str]
    price_cents: Mapped[int]
    discount_cents: Mapped[int | None]
    options: Mapped[dict[str, str]]


class Fulfilment(Row):
    """A parcel. `last_scan` is the carrier's newest word on it."""

    __tablename__ = "fulfilments"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    tracking_ids: Mapped[list[str]]
    item_ids: Mapped[list[str]]
    carrier: Mapped[str | None]
    last_scan: Mapped[str | None]


class Payment(Row):
    """A line of the payment history: `kind` payment, refund, or chargeback, where the bank took a charge back.

    `charge_id` is the charge that the line sends back, where known; `reference` what an outside provider calls it ("ch_..." or
    "pi_..." a charge, "re_..." a refund): without one a charge is the ledger's own. A refund is `state` settled, requested
    (ordered, and not confirmed by the provider) or declined (then `declined` says why, and it is no part of the history any
    more). `key` names the call that asked for it.
    """

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    amount_cents: Mapped[int]
    payment_method_id: Mapped[str] = mapped_column(ForeignKey("payment_methods.id"))
    paid_on: Mapped[date | None]
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"))
    state: Mapped[str] = mapped_column(default="settled", index=True)
    reference: Mapped[str | None]
    key: Mapped[str | None] = mapped_column(index=True)
    declined: Mapped[str | None]
    method: Mapped[PaymentMethod] = relationship(viewonly=True, lazy="joined")

    @property
    def there_by(self) -> date | None:
        """The day by which a refund that takes a while is there at the latest: business days are Monday to Friday."""
        if self.kind != "refund" or self.state != "settled" or not self.paid_on or self.method.source == "gift_card":
            return None
        weeks, days = divmod(min(self.paid_on.weekday(), 4) + SLOWEST, 5)
        return self.paid_on + timedelta(days=7 * weeks + days - self.paid_on.weekday())


class Refund(Row):
    """A refund the desk gave. `key` names the call that asked for it: the same key never pays twice."""

    __tablename__ = "refunds"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    amount_cents: Mapped[int]
    reason: Mapped[str]
    created_at: Mapped[datetime]


class Subscription(Row):
    __tablename__ = "subscriptions"
    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    plan: Mapped[str]
    price_cents: Mapped[int]
    period: Mapped[str]
    status: Mapped[str]
    started_on: Mapped[date]
    renews_on: Mapped[date | None]


class Invoice(Row):
    """A bill for an order or a subscription; `status` is open, paid or void."""

    __tablename__ = "invoices"
    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"))
    subscription_id: Mapped[str | None] = mapped_column(ForeignKey("subscriptions.id"))
    amount_cents: Mapped[int]
    status: Mapped[str]
    issued_on: Mapped[date]
    due_on: Mapped[date]


class CaseNote(Row):
    """What a run leaves for operators to read; never shown to the customer."""

    __tablename__ = "case_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    agent: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]


class ImportedRow(Row):
    """A row that came by an import: `fields` holds a digest of each field as it was given last."""

    __tablename__ = "imported_rows"
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, str]]
