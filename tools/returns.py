"""Returns and exchanges of delivered orders."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import ItemIds, NewItemIds, OrderId, PaymentMethodId, amount_of, goes_to, going_back, in_words
from tools.shop import (
    Order,
    PaymentMethod,
    by_method,
    check_reaches,
    check_refundable,
    check_still_paid,
    check_undisputed,
    last_return_day,
    left_cents,
    method_for,
    now,
    open_charges,
    own_order,
    own_parts,
    paying_method,
    pieces,
    price_difference,
    prices_paid,
    sent_back_from,
    swaps,
    wrong_state,
)


def _check_takes_back(order: Order, wish: str) -> None:
    """Raises ToolError unless the order is delivered, not longer ago than they are taken, and undisputed."""
    if order.status != "delivered":
        raise wrong_state(order, wish)
    last = last_return_day(order)
    if last and last < now().date():
        raise ToolError(
            f"Order {order.id} was delivered on {order.delivered_on}, more than 30 days ago, so it cannot be {wish} any more; "
            "a human can look at it: transfer the customer.",
            code="too_late",
            order_id=order.id,
            last_day=last.isoformat(),
        )
    check_undisputed(order)


def _returned(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    back = f"{going_back(result['value'], result['to'])} when they have arrived."
    return f"Return of order {given['order_id']}, which you send back: {'; '.join(result['items'])}. {back}"


def _promise(order: Order, name: str, parts: Mapping[PaymentMethod, int]) -> dict[str, Any]:
    """Keep in the order what goes back to which method when the goods are there; as a result tells it."""
    check_reaches(order, list(parts))
    order.refunds_promised = {method.id: cents for method, cents in parts.items()}
    return goes_to(name, {method.id: (method.label, cents) for method, cents in parts.items()})


@tool(
    effect="write",
    moves="value_cents",
    about="order_id",
    called="the return from order {order_id}",
    read_back=_returned,
)
def return_delivered_order_items(
    ctx: Context, order_id: OrderId, item_ids: ItemIds, payment_method_id: PaymentMethodId
) -> dict[str, Any]:
    """Request the return of items of an order delivered within 30 days, refunded to its original payment method or to a
    gift card. The customer is asked for a yes.

    `value` is what comes back: what was really paid for the items, after discounts, but no more than what is still
    refundable. Of several methods that paid, each gets back what it paid, as `to` says.
    """
    order = own_order(ctx, order_id, writing=True)
    _check_takes_back(order, "returned")
    method = paying_method(ctx.session, order, payment_method_id)
    if not order.payments:
        why = f"No payment is recorded for order {order.id}, so a human must take it back: transfer the customer."
        raise ToolError(why, code="never_paid", order_id=order.id)
    paid_by = {charge.payment_method_id: charge.method for charge, _ in open_charges(order)}
    if method.source != "gift_card" and method.id not in paid_by:
        original = " and ".join(paid_by)
        why = f"A return is refunded to the original payment method, {original}, or to a gift card."
        raise ToolError(why, code="not_original_method", payment_method_id=next(iter(paid_by)))
    returned = pieces(order, item_ids)
    prices, refundable = prices_paid(order), left_cents(order)
    cost = sum(prices[item] for item in returned)
    if refundable == 0:
        why = f"All that was paid for order {order.id} went back already, so a return of it brings nothing: say so."
        raise ToolError(why, code="nothing_left", order_id=order.id)
    value = min(cost, refundable)
    parts = by_method(sent_back_from(order, value)) if method.id in paid_by else {method: value}
    order.status = "return requested"
    order.return_items = sorted(item_ids)
    order.return_payment_method_id = method.id
    less = {**amount_of("price", cost), **amount_of("refunded_already", cost - value)} if value < cost else {}
    return {
        "order_id": order.id,
        "status": order.status,
        "items": [in_words(i.options, i.name) for i in returned],
        **_promise(order, "value", parts),
        **less,
        "refund_to": " and ".join(one.label for one in parts),
        "next": "An e-mail tells the customer how and where to send the items back.",
    }


def _exchanged(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    costs = f" It costs {result['to_pay']} more, paid by your {result['method']}." if result.get("to_pay_cents") else ""
    back = f" {going_back(result['to_refund'], result['to'])}." if result.get("to_refund_cents") else ""
    if back and result["method"] not in [part["method"] for part in result["to"]]:
        back += f" It cannot go to your {result['method']}, which did not pay for it."
    return f"Exchange in order {given['order_id']}: {'; '.join(result['changes'])}.{costs}{back} This is possible once."


@tool(
    effect="write",
    moves="to_refund_cents",
    about="order_id",
    called="the exchange in order {order_id}",
    read_back=_exchanged,
)
def exchange_delivered_order_items(
    ctx: Context, order_id: OrderId, item_ids: ItemIds, new_item_ids: NewItemIds, payment_method_id: PaymentMethodId
) -> dict[str, Any]:
    """Request the exchange of items of an order delivered within 30 days for items of the same product. Possible once,
    so take all items together. The customer is asked for a yes.

    A difference goes back to the method, if it is a gift card or paid so much, else to those that paid, as `to` says.
    """
    order = own_order(ctx, order_id, writing=True)
    _check_takes_back(order, "exchanged")
    changes = swaps(ctx.session, order, item_ids, new_item_ids)
    difference = price_difference(order, changes)
    method = method_for(ctx.session, order, payment_method_id, difference)
    check_refundable(order, -difference)
    check_still_paid(order, [old for old, _ in changes])
    back = _back_to(order, method, max(-difference, 0))
    order.status = "exchange requested"
    order.exchange_items = sorted(item_ids)
    order.exchange_new_items = sorted(new_item_ids)
    order.exchange_payment_method_id = method.id
    order.exchange_price_difference_cents = difference
    return {
        "order_id": order.id,
        "status": order.status,
        "changes": [f"{in_words(old.options, old.name)} for {in_words(new.options)}" for old, new in changes],
        **(amount_of("to_pay", difference) if difference > 0 else _promise(order, "to_refund", back)),
        "method": method.label,
        "next": "An e-mail tells the customer how and where to send the items back; no new order is needed.",
    }


def _back_to(order: Order, method: PaymentMethod, cents: int) -> dict[PaymentMethod, int]:
    """Where a difference goes back to: the method, where it may take all of it, else those that paid."""
    own = by_method(own_parts(order, method, cents))
    if method.source == "gift_card" or sum(own.values()) == cents:
        return {method: cents} if cents else {}
    return by_method(sent_back_from(order, cents))
