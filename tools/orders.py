"""Orders: reading them, and changing those that are pending."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import (
    AddressLine,
    AddressLine2,
    CancelReason,
    ItemIds,
    NewItemIds,
    OrderId,
    PaymentMethodId,
    Zip,
    address_in_words,
    amount_of,
    in_words,
    money,
)
from tools.shop import (
    Order,
    check_covers,
    check_reaches,
    check_refundable,
    check_still_paid,
    check_undisputed,
    keep_discounts,
    last_return_day,
    method_for,
    new_prices,
    now,
    open_charges,
    own_method,
    own_order,
    pay,
    price_difference,
    send_back,
    send_back_to,
    send_refunds,
    swaps,
    total_cents,
    when_there,
    with_refunds,
    wrong_state,
)

UNDELIVERED = ("pending", "pending (item modified)", "processed")


@tool(effect="read")
def get_order_details(ctx: Context, order_id: OrderId) -> dict[str, Any]:
    """Get an order's status, items, address, parcels, payments and dates. Prices are in dollars."""
    order = own_order(ctx, order_id)
    days = {name: getattr(order, name) for name in ("placed_on", "promised_on", "delivered_on")}
    if order.status == "delivered" and (last := last_return_day(order)):
        # Said here, so that who reads it needs no clock.
        days["returnable_until" if last >= now().date() else "returns_closed_on"] = last
    late = (now().date() - order.promised_on).days if order.promised_on and order.status in UNDELIVERED else 0
    difference, total = order.exchange_price_difference_cents, total_cents(order)
    details = {
        "order_id": order.id,
        "status": order.status,
        **{name: day.isoformat() for name, day in days.items() if day},
        **({"days_late": late} if late > 0 else {}),
        "items": [
            {"item_id": i.item_id, "product_id": i.product_id, "name": i.name, "price": i.price_cents / 100}
            | {"options": i.options}
            for i in order.items
        ],
        **({"discount": off / 100} if (off := sum(i.price_cents for i in order.items) - total) else {}),
        "total": total / 100,
        "address": order.address,
        "fulfillments": [
            _filled(tracking_id=f.tracking_ids, item_ids=f.item_ids, carrier=f.carrier, last_scan=f.last_scan)
            for f in order.fulfilments
        ],
        "payment_history": [
            {"transaction_type": p.kind, "amount": p.amount_cents / 100, "payment_method_id": p.payment_method_id}
            | ({"state": p.state} if p.state != "settled" else {})
            | ({"date": p.paid_on.isoformat()} if p.kind == "refund" and p.paid_on else {})
            | when_there(p)
            for p in order.payments
        ],
        "cancel_reason": order.cancel_reason,
        "return_items": order.return_items,
        "return_payment_method_id": order.return_payment_method_id,
        "refunds_promised": {name: cents / 100 for name, cents in (order.refunds_promised or {}).items()} or None,
        "exchange_items": order.exchange_items,
        "exchange_new_items": order.exchange_new_items,
        "exchange_payment_method_id": order.exchange_payment_method_id,
        "exchange_price_difference": None if difference is None else difference / 100,
    }
    return _filled(**details)


def _filled(**fields: Any) -> dict[str, Any]:
    """The fields that say something: every character of a result is prompt."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def _cancelled(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    back = f" Back to you: {'; '.join(result['refunds'])}." if result["refunds"] else ""
    return f"Cancel all of order {given['order_id']} ({'; '.join(result['items'])}), reason: {given['reason']}.{back}"


@tool(
    effect="write",
    moves="refund_cents",
    about="order_id",
    outside=send_refunds,
    called="the cancellation of order {order_id}",
    read_back=_cancelled,
)
def cancel_pending_order(ctx: Context, order_id: OrderId, reason: CancelReason) -> dict[str, Any]:
    """Cancel a pending order and refund it to where it was paid from. The customer is asked for a yes."""
    order = own_order(ctx, order_id, writing=True)
    if order.status != "pending":
        raise wrong_state(order, "cancelled")
    check_undisputed(order)
    parts = [(charge, left) for charge, left in open_charges(order) if left]
    check_reaches(order, [charge.method for charge, _ in parts])
    keep_discounts(order)
    order.status = "cancelled"
    order.cancel_reason = reason
    lines = [send_back(order, charge, left, ctx.key) for charge, left in parts]
    refunds = [f"{money(left)} to the {charge.method.label}, {charge.method.arrives}" for charge, left in parts]
    back = {
        "refunds": refunds,
        "refund_cents": sum(left for _, left in parts),
        "items": [in_words(i.options, i.name) for i in order.items],
    }
    return with_refunds(ctx.session, {"order_id": order.id, "status": order.status, **back}, lines)


@tool(effect="read")
def check_address_change(ctx: Context, order_id: OrderId) -> dict[str, Any]:
    """Say where an order goes that can still be sent to another address."""
    order = _readdressable(ctx, order_id)
    return {"order_id": order.id, "status": order.status, "address": order.address}


def _readdressable(ctx: Context, order_id: str, *, writing: bool = False) -> Order:
    order = own_order(ctx, order_id, writing=writing)
    if not order.is_pending:
        raise wrong_state(order, "sent to another address")
    return order


def _readdressed(given: Mapping[str, Any], _: Any) -> str:
    return f"Send order {given['order_id']} to another address: {address_in_words(given)}."


@tool(
    effect="write",
    about="order_id",
    check=check_address_change,
    called="the new address of order {order_id}",
    read_back=_readdressed,
)
def modify_pending_order_address(
    ctx: Context,
    order_id: OrderId,
    address1: AddressLine,
    address2: AddressLine2,
    city: AddressLine,
    state: AddressLine,
    country: AddressLine,
    zip: Zip,
) -> dict[str, Any]:
    """Change where a pending order is sent. The customer is asked for a yes."""
    order = _readdressable(ctx, order_id, writing=True)
    order.address = {
        "address1": address1,
        "address2": address2,
        "city": city,
        "state": state,
        "country": country,
        "zip": zip,
    }
    return {"order_id": order.id, "status": order.status, "address": order.address}


def _paid_differently(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    back = result.get("refund") or "; ".join(result["refunds"])
    return f"Change how order {given['order_id']} is paid: {result['paid']}. Back to you: {back}."


@tool(effect="write", outside=send_refunds, called="the other payment of order {order_id}", read_back=_paid_differently)
def modify_pending_order_payment(ctx: Context, order_id: OrderId, payment_method_id: PaymentMethodId) -> dict[str, Any]:
    """Pay a pending order by another method; the first one gets its money back. The customer is asked for a yes."""
    order = own_order(ctx, order_id, writing=True)
    if not order.is_pending:
        raise wrong_state(order, "paid by another method")
    check_undisputed(order)
    method = own_method(ctx.session, order.customer, payment_method_id)
    if len(order.payments) != 1 or order.payments[0].kind != "payment":
        why = f"Order {order.id} has more than its one payment, so a human must change how it is paid."
        raise ToolError(why, code="several_payments", order_id=order.id)
    paid = order.payments[0]
    if paid.payment_method_id == method.id:
        why = f"Order {order.id} is already paid by {method.id}. Ask for another payment method."
        raise ToolError(why, code="paid_by_it_already", order_id=order.id, payment_method_id=method.id)
    check_covers(method, paid.amount_cents)
    check_reaches(order, [paid.method])
    keep_discounts(order)
    pay(order, "payment", paid.amount_cents, method)
    line = send_back(order, paid, paid.amount_cents, ctx.key)
    result = {
        "order_id": order.id,
        "status": order.status,
        "paid_cents": paid.amount_cents,
        "paid": f"{money(paid.amount_cents)} by the {method.label}",
        "refund_cents": paid.amount_cents,
        "refund": f"{money(paid.amount_cents)} to the {paid.method.label}, {paid.method.arrives}",
    }
    return with_refunds(ctx.session, result, [line])


def _other_items(given: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    costs = f" It costs {result['charged']} more, paid by your {result['method']}." if "charged" in result else ""
    back = f" {result['refund']} goes back to your {result['method']}." if "refund" in result else ""
    back = f" Back to you: {'; '.join(result['refunds'])}." if result.get("refunds") else back
    return f"Change items in order {given['order_id']}: {'; '.join(result['changes'])}.{costs}{back} This is possible once."


@tool(
    effect="write",
    moves="refund_cents",
    about="order_id",
    outside=send_refunds,
    called="the other items of order {order_id}",
    read_back=_other_items,
)
def modify_pending_order_items(
    ctx: Context, order_id: OrderId, item_ids: ItemIds, new_item_ids: NewItemIds, payment_method_id: PaymentMethodId
) -> dict[str, Any]:
    """Change items of a pending order to other options of the same product. Possible once, so take all items together.
    The customer is asked for a yes.
    """
    order = own_order(ctx, order_id, writing=True)
    if order.status != "pending":
        raise wrong_state(order, "given other items")
    for item_id, new_id in zip(item_ids, new_item_ids, strict=False):
        if item_id == new_id:
            why = f"Item {item_id} would stay the same. Name another item of its product, or leave it out."
            raise ToolError(why, code="same_item", item_id=item_id)
    changes = swaps(ctx.session, order, item_ids, new_item_ids)
    check_undisputed(order)
    keep_discounts(order)
    prices = new_prices(order, changes)
    difference = price_difference(order, changes)
    method = method_for(ctx.session, order, payment_method_id, difference)
    check_refundable(order, -difference)
    check_still_paid(order, [old for old, _ in changes])
    lines = [pay(order, "payment", difference, method)] if difference > 0 else send_back_to(order, method, -difference, ctx.key)
    told = [f"{in_words(old.options, old.name)} becomes {in_words(new.options)}" for old, new in changes]
    for (old, new), price in zip(changes, prices, strict=True):
        old.item_id, old.price_cents, old.options = new.id, new.price_cents, new.options
        old.discount_cents = new.price_cents - price
    order.status = "pending (item modified)"
    result: dict[str, Any] = {
        "order_id": order.id,
        "status": order.status,
        "changes": told,
        **amount_of("total", total_cents(order)),
    }
    if difference:
        result |= {**amount_of("charged" if difference > 0 else "refund", abs(difference)), "method": method.label}
    return with_refunds(ctx.session, result, lines)
