"""Returns and exchanges of delivered orders."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import ItemIds, NewItemIds, OrderId, PaymentMethodId, amount_of, in_words
from tools.shop import (
    Order,
    check_covers,
    check_refundable,
    last_return_day,
    now,
    open_charges,
    own_method,
    own_order,
    pieces,
    swaps,
    wrong_state,
)


def _check_takes_back(order: Order, wish: str) -> None:
    """Raises ToolError unless the order is delivered, and not longer ago than returns and exchanges are taken."""
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


def _returned(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    back = f"{result['value']} goes back to your {result['refund_to']} when they have arrived."
    return f"Return of order {given['order_id']}, which you send back: {'; '.join(result['items'])}. {back}"


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

    `value` is what comes back: the price of the items, but no more than what is still refundable.
    """
    order = own_order(ctx, order_id, writing=True)
    _check_takes_back(order, "returned")
    method = own_method(ctx.session, order.customer, payment_method_id)
    if not order.payments:
        why = f"No payment is recorded for order {order.id}, so a human must take it back: transfer the customer."
        raise ToolError(why, code="never_paid", order_id=order.id)
    original = order.payments[0].payment_method_id
    if method.source != "gift_card" and method.id != original:
        why = f"A return is refunded to the original payment method, {original}, or to a gift card."
        raise ToolError(why, code="not_original_method", payment_method_id=original)
    returned = pieces(order, item_ids)
    order.status = "return requested"
    order.return_items = sorted(item_ids)
    order.return_payment_method_id = method.id
    value = sum(item.price_cents for item in returned)
    refundable = sum(left for _, left in open_charges(order))
    less = {**amount_of("price", value), **amount_of("refunded_already", value - refundable)} if refundable < value else {}
    return {
        "order_id": order.id,
        "status": order.status,
        "items": [in_words(i.options, i.name) for i in returned],
        **amount_of("value", min(value, refundable)),
        **less,
        "refund_to": method.label,
        "next": "An e-mail tells the customer how and where to send the items back.",
    }


def _exchanged(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    costs = f" It costs {result['to_pay']} more, paid by your {result['method']}." if result.get("to_pay_cents") else ""
    back = f" {result['to_refund']} goes back to your {result['method']}." if result.get("to_refund_cents") else ""
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
    """
    order = own_order(ctx, order_id, writing=True)
    _check_takes_back(order, "exchanged")
    changes = swaps(ctx.session, order, item_ids, new_item_ids)
    method = own_method(ctx.session, order.customer, payment_method_id)
    difference = sum(new.price_cents - old.price_cents for old, new in changes)
    check_covers(method, difference)
    check_refundable(order, -difference)
    order.status = "exchange requested"
    order.exchange_items = sorted(item_ids)
    order.exchange_new_items = sorted(new_item_ids)
    order.exchange_payment_method_id = method.id
    order.exchange_price_difference_cents = difference
    return {
        "order_id": order.id,
        "status": order.status,
        "changes": [f"{in_words(old.options, old.name)} for {in_words(new.options)}" for old, new in changes],
        **amount_of("to_pay" if difference > 0 else "to_refund", abs(difference)),
        "method": method.label,
        "next": "An e-mail tells the customer how and where to send the items back; no new order is needed.",
    }
