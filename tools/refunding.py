"""What of an order's charges may go back, and where to; and the lines of the payment history that move money."""

from collections.abc import Sequence
from typing import Any

from switchboard.errors import ToolError
from tools.charges import Part, duplicates, open_charges, prices_paid
from tools.nouns import money
from tools.rows import Order, OrderItem, Payment, PaymentMethod, now


def promised_cents(order: Order) -> int:
    """What goes back when the goods of a return or an exchange are there."""
    if order.status not in ("return requested", "exchange requested"):
        return 0
    if order.refunds_promised is not None:
        return sum(order.refunds_promised.values())
    if order.return_items:  # a row that was written before promises were kept
        return sum(item.price_cents for item in order.items if item.item_id in order.return_items)
    return max(-(order.exchange_price_difference_cents or 0), 0)


def left_cents(order: Order) -> int:
    """What was paid, and neither went back nor is promised."""
    return max(sum(left for _, left in open_charges(order)) - promised_cents(order), 0)


def sent_back_from(order: Order, cents: int) -> list[Part]:
    """Which charges `cents` of an order go back from, so that each method gets back what it paid: gift cards are
    refilled first, what was charged twice comes last, and one charge that covers it goes before several.

    Gives less where less is left.
    """
    again = duplicates(order)
    charges = [part for part in open_charges(order) if part[1] > 0]
    parts = []
    while cents and charges:
        at_most = cents
        nearest = min(charges, key=lambda p: (p[0].position in again, p[0].method.source != "gift_card", p[1] < at_most))
        charges.remove(nearest)
        parts.append((nearest[0], min(nearest[1], cents)))
        cents -= parts[-1][1]
    return parts


def own_parts(order: Order, method: PaymentMethod, cents: int) -> list[Part]:
    """Which charges of this method `cents` go back from; less where it paid less."""
    parts = []
    for charge, left in open_charges(order):
        part = min(left, cents) if charge.payment_method_id == method.id else 0
        cents -= part
        parts += [(charge, part)] if part else []
    return parts


def when_there(line: Payment) -> dict[str, Any]:
    """By when a refund is there at the latest, and whether that day is over; empty where it is there at once, or not sent."""
    day = line.there_by
    return {"there_by": day.isoformat(), **({"is_due": True} if day < now().date() else {})} if day else {}


def by_method(parts: Sequence[Part]) -> dict[PaymentMethod, int]:
    """The cents that go to each payment method."""
    sums: dict[PaymentMethod, int] = {}
    for charge, cents in parts:
        sums[charge.method] = sums.get(charge.method, 0) + cents
    return sums


def check_refundable(order: Order, cents: int) -> None:
    """Raises ToolError when `cents` would go back, and less of what was paid for the order is left."""
    left = left_cents(order)
    if cents > left:
        raise ToolError(
            f"{money(cents)} would go back, but only {money(left)} of what was paid for order {order.id} is left to refund; "
            "a human can look at it: transfer the customer.",
            code="too_little_left",
            order_id=order.id,
            refundable_cents=left,
        )


def check_still_paid(order: Order, items: Sequence[OrderItem]) -> None:
    """Raises ToolError when other goods would be sent for items whose money went back already."""
    prices, left = prices_paid(order), left_cents(order)
    if sum(prices[item] for item in items) > left:
        raise ToolError(
            f"Only {money(left)} of what was paid for order {order.id} is left to refund, less than these items cost: they "
            "were refunded, in whole or in part, so other goods are not sent for them here. A human can look at it: transfer "
            "the customer.",
            code="paid_back",
            order_id=order.id,
            refundable_cents=left,
        )


def check_undisputed(order: Order) -> None:
    """Raises ToolError when the bank took a charge of the order back: no money or goods go out on top of that."""
    taken = sum(line.amount_cents for line in order.payments if line.kind == "chargeback")
    if taken:
        raise ToolError(
            f"The customer's bank took {money(taken)} of order {order.id} back (a chargeback). A person looks at it, and "
            "nothing is sent back on top: say so, and transfer the customer.",
            code="charged_back",
            order_id=order.id,
            taken_back_cents=taken,
        )


def check_reaches(order: Order, methods: Sequence[PaymentMethod]) -> None:
    """Raises ToolError when money would go to a gift card that is no longer on the account.

    A bank or PayPal passes on what comes for a card or an account that was closed.
    """
    for method in methods:
        if method.source == "gift_card" and not on_account(order, method):
            raise ToolError(
                f"The gift card that paid for order {order.id} is no longer on the account, so nothing can go back to it; "
                "a human finds another way: transfer the customer.",
                code="method_removed",
                order_id=order.id,
                payment_method_id=method.id,
            )


def on_account(order: Order, method: PaymentMethod) -> bool:
    return method.removed_on is None and method.customer_id == order.customer_id


def pay(order: Order, kind: str, cents: int, method: PaymentMethod) -> Payment:
    """Add a line to the payment history (`kind` payment or refund) and move a gift card's balance with it."""
    line = Payment(
        position=order.payments[-1].position + 1 if order.payments else 0,
        kind=kind,
        amount_cents=cents,
        payment_method_id=method.id,
        paid_on=now().date(),
        state="settled",
    )
    order.payments.append(line)
    method.add(cents if kind == "refund" else -cents)
    return line


def send_back(order: Order, charge: Payment, cents: int, key: str) -> Payment:
    """Add the refund of a charge, for the call `key`: settled, or requested where an outside provider took the charge.

    A gift card is ours, and has it at once, whoever is written beside its charge.
    """
    line = pay(order, "refund", cents, charge.method)
    line.charge_id, line.key = charge.id, key
    if charge.reference and charge.method.source != "gift_card":
        line.state = "requested"
    return line


def send_back_to(order: Order, method: PaymentMethod, cents: int, key: str) -> list[Payment]:
    """Add the lines that send cents of an order back to a method, for the call `key`.

    A gift card is ours, and takes anything. Any other method gets back at most what it paid: ToolError otherwise.
    """
    if method.source == "gift_card":
        check_reaches(order, [method])
        return [pay(order, "refund", cents, method)] if cents else []
    own = own_parts(order, method, cents)
    if sum(part for _, part in own) < cents:
        raise ToolError(
            f"{money(cents)} would go back to the {method.label}, which paid less for order {order.id}. Ask for the method "
            "that paid, or for a gift card.",
            code="method_paid_less",
            order_id=order.id,
            payment_method_id=method.id,
        )
    return [send_back(order, charge, part, key) for charge, part in own]
