"""The rules on the shop's rows that tools share: whose they are, what their state allows, what is refundable.

The rows themselves are in `tools/rows.py` (those of outreach in `tools/outreach/rows.py`), what was charged in
`tools/charges.py`, what may go back in `tools/refunding.py`, and refunds through a provider in `tools/payments.py`; all are
handed on here, so that a tool file imports one module for them.
Loading, dumping and migrating whole stores is in `tools/store.py`.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from switchboard.declare.tool import Context
from switchboard.errors import Refused, ToolError
from tools.charges import (
    Part,
    duplicates,
    keep_discounts,
    new_prices,
    open_charges,
    price_difference,
    prices_paid,
    total_cents,
)
from tools.nouns import money
from tools.outreach.rows import OutreachLetter, Unsubscribed
from tools.payments import NOT_CONFIRMED, ask_for_refunds, left_to_a_human, send_refunds, with_refunds
from tools.refunding import (
    by_method,
    check_reaches,
    check_refundable,
    check_still_paid,
    check_undisputed,
    left_cents,
    own_parts,
    pay,
    promised_cents,
    send_back,
    send_back_to,
    sent_back_from,
    when_there,
)
from tools.rows import (
    CaseNote,
    Customer,
    Fulfilment,
    Invoice,
    Order,
    OrderItem,
    Payment,
    PaymentMethod,
    Product,
    Refund,
    Row,
    Subscription,
    Ticket,
    Variant,
    now,
)

__all__ = [
    "NOT_CONFIRMED",
    "CaseNote",
    "Customer",
    "Fulfilment",
    "Invoice",
    "Order",
    "OrderItem",
    "OutreachLetter",
    "Part",
    "Payment",
    "PaymentMethod",
    "Product",
    "Refund",
    "Row",
    "Subscription",
    "Ticket",
    "Unsubscribed",
    "Variant",
    "ask_for_refunds",
    "by_method",
    "check_covers",
    "check_reaches",
    "check_refundable",
    "check_still_paid",
    "check_undisputed",
    "duplicates",
    "keep_discounts",
    "last_return_day",
    "left_cents",
    "left_to_a_human",
    "method_for",
    "new_prices",
    "now",
    "open_charges",
    "own_method",
    "own_order",
    "own_parts",
    "pay",
    "paying_method",
    "pieces",
    "price_difference",
    "prices_paid",
    "promised_cents",
    "send_back",
    "send_back_to",
    "send_refunds",
    "sent_back_from",
    "swaps",
    "total_cents",
    "verified_customer",
    "when_there",
    "with_refunds",
    "wrong_state",
]

RETURN_DAYS = 30
"""Days after its delivery in which an order can be returned or exchanged; house policy."""

WHAT_WORKS = {
    "pending": "it can be cancelled, and its items, address or payment method can be changed",
    "pending (item modified)": "its items were changed already; its address or payment method can still be changed",
    "processed": "it is on its way, and can be returned or exchanged once it is delivered",
    "delivered": "it can be returned or exchanged",
    "cancelled": "it is closed, and a new order can be placed",
    "return requested": "its return is under way, and anything more needs a human",
    "exchange requested": "its exchange is under way, and anything more needs a human",
}


def verified_customer(ctx: Context, *, writing: bool = False) -> Customer:
    """The run's customer. `writing` locks the row, so that two runs of one customer never write at once.

    Raises Refused when nobody is verified.
    """
    customer = ctx.session.get(Customer, ctx.customer_id, with_for_update=writing) if ctx.customer_id else None
    if customer is None:
        raise Refused("No customer is verified yet. Ask for the e-mail address, or for name and zip code.", code="not_verified")
    return customer


def own_order(ctx: Context, order_id: str, *, writing: bool = False) -> Order:
    """The verified customer's order. An order of someone else and one that does not exist get the same refusal."""
    customer = verified_customer(ctx, writing=writing)
    order = ctx.session.get(Order, order_id)
    if order is None or order.customer_id != customer.id:
        why = f"No order {order_id} belongs to the verified customer. Ask for the order number again."
        raise Refused(why, code="no_such_order", order_id=order_id)
    return order


def own_method(session: Session, customer: Customer, method_id: str) -> PaymentMethod:
    """The customer's payment method; Refused, with the ones there are, when it is nobody's, someone else's, or removed."""
    method = session.get(PaymentMethod, method_id)
    if method is None or method.customer_id != customer.id or method.removed_on:
        known = ", ".join(m.id for m in customer.methods if not m.removed_on) or "none"
        why = f"No payment method {method_id} belongs to the verified customer, whose methods are: {known}."
        raise Refused(why, code="no_such_method", payment_method_id=method_id)
    return method


def paying_method(session: Session, order: Order, method_id: str) -> PaymentMethod:
    """A method that money of the order may go back to: one that paid, even if it was removed since, or one of the customer.

    Raises Refused as `own_method` does.
    """
    paid = {charge.payment_method_id: charge.method for charge, _ in open_charges(order)}
    return paid.get(method_id) or own_method(session, order.customer, method_id)


def method_for(session: Session, order: Order, method_id: str, difference: int) -> PaymentMethod:
    """The method that settles a difference in price: one that can pay it, or that it may go back to.

    Raises Refused as `own_method` does, and ToolError when a gift card holds too little.
    """
    if difference <= 0:
        return paying_method(session, order, method_id)
    method = own_method(session, order.customer, method_id)
    check_covers(method, difference)
    return method


def check_covers(method: PaymentMethod, cents: int) -> None:
    """Raises ToolError when a gift card holds less than `cents`."""
    if method.balance_cents is not None and method.balance_cents < cents:
        raise ToolError(
            f"The gift card holds {money(method.balance_cents)}, but {money(cents)} is due. Ask for another method.",
            code="gift_card_short",
            balance_cents=method.balance_cents,
            due_cents=cents,
        )


def wrong_state(order: Order, wish: str) -> ToolError:
    """The refusal of what the order's status does not allow, with what it does allow. `wish` reads "cancelled"."""
    works = WHAT_WORKS.get(order.status, "a human can look at it")
    why = f"Order {order.id} is {order.status}, so it cannot be {wish}; {works}."
    return ToolError(why, code="wrong_status", order_id=order.id, status=order.status)


def last_return_day(order: Order) -> date | None:
    """The last day on which a delivered order can be returned or exchanged; None where no delivery is recorded."""
    return order.delivered_on + timedelta(days=RETURN_DAYS) if order.delivered_on else None


def pieces(order: Order, item_ids: Sequence[str]) -> list[OrderItem]:
    """The order's rows for these ids, one row per mention. Raises ToolError when there are not so many."""
    left = list(order.items)
    found = []
    for item_id in item_ids:
        item = next((row for row in left if row.item_id == item_id), None)
        if item is None:
            there = ", ".join(f"{row.item_id} ({row.name})" for row in order.items)
            why = f"Order {order.id} has no item {item_id}, or fewer of it than named. It holds: {there}."
            raise ToolError(why, code="no_such_item", order_id=order.id, item_id=item_id)
        left.remove(item)
        found.append(item)
    return found


def swaps(
    session: Session, order: Order, item_ids: Sequence[str], new_item_ids: Sequence[str]
) -> list[tuple[OrderItem, Variant]]:
    """Each old item with the one that takes its place: same product, available. Raises ToolError otherwise."""
    old_items = pieces(order, item_ids)
    if len(item_ids) != len(new_item_ids):
        why = f"{len(item_ids)} items are named, but {len(new_item_ids)} new ones. Name one for each."
        raise ToolError(why, code="not_one_for_each")
    pairs = []
    for old, new_id in zip(old_items, new_item_ids, strict=True):
        new = session.get(Variant, new_id)
        if new is None or new.product_id != old.product_id:
            why = f"Item {new_id} is no item of {old.name}. get_product_details of {old.product_id} lists what there is."
            raise ToolError(why, code="other_product", item_id=new_id, product_id=old.product_id)
        if not new.available:
            why = f"Item {new_id} is not available now. Offer another option of the same product."
            raise ToolError(why, code="not_available", item_id=new_id)
        pairs.append((old, new))
    return pairs
