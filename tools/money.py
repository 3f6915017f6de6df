"""Charges and refunds. Nothing above what was paid and not yet sent back ever leaves, and one call pays once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from switchboard.declare.tool import Context, tool
from switchboard.errors import ToolError
from tools.nouns import Cents, Line, OrderId, RefundKind, amount_of, money
from tools.shop import (
    NOT_CONFIRMED,
    Order,
    Part,
    Payment,
    Refund,
    ask_for_refunds,
    check_reaches,
    check_undisputed,
    duplicates,
    keep_discounts,
    left_cents,
    left_to_a_human,
    now,
    open_charges,
    own_order,
    promised_cents,
    send_back,
    sent_back_from,
    total_cents,
    when_there,
)

NOT_IN_FULL = {
    "pending": "cancel the order instead, which refunds all of it",
    "pending (item modified)": "it would still be sent; hand over to a human to stop it",
    "return requested": "its return is under way and brings the money back",
    "exchange requested": "its exchange is under way; hand over to a human to turn it into a refund",
}

PROMISED = ("return requested", "exchange requested")
"""Statuses in which money was promised to the customer already: a part that goes out now would go out twice."""


@tool(effect="read")
def list_charges(ctx: Context, order_id: OrderId) -> dict[str, Any]:
    """List an order's charges, refunds and chargebacks, what is refundable, and which charge is a duplicate.

    `total` is after discounts. `overpaid` is what was paid above it without a charge that was made twice.
    """
    order = own_order(ctx, order_id)
    charges = open_charges(order)
    doubles = duplicates(order)
    number = {charge.position: n for n, (charge, _) in enumerate(charges, start=1)}
    total = total_cents(order)
    off, promised = sum(item.price_cents for item in order.items) - total, promised_cents(order)
    once = sum(left for charge, left in charges if charge.position not in doubles)
    over = 0 if order.status == "cancelled" else once - total
    result: dict[str, Any] = {
        "order_id": order.id,
        "status": order.status,
        **amount_of("total", total),
        **(amount_of("discount", off) if off else {}),
        "charges": [
            {"n": number[charge.position], **_line(charge), "refundable_cents": left}
            | ({"duplicate_of": number[doubles[charge.position].position]} if charge.position in doubles else {})
            for charge, left in charges
        ],
        **amount_of("refundable", left_cents(order)),
        **(amount_of("promised", promised) if promised else {}),
        **(amount_of("overpaid", over) if over > 0 else {}),
    }
    for name, kind in (("refunds", "refund"), ("chargebacks", "chargeback")):
        if lines := [_line(line) for line in order.payments if line.kind == kind]:
            result[name] = lines
    return result


@tool(effect="read")
def quote_refund(ctx: Context, order_id: OrderId, kind: RefundKind, amount_cents: Cents | None = None) -> dict[str, Any]:
    """Work out a refund without giving it: the amount, and where it would go. A partial one needs an amount."""
    order = own_order(ctx, order_id)
    parts = _plan(order, kind, amount_cents)
    refundable = left_cents(order)
    owed = kind == "duplicate_charge" or (kind == "full" and order.status == "cancelled")
    return {"order_id": order.id, "kind": kind, **_money_out(parts), "refundable_cents": refundable, "due": owed}


def _read_back(arguments: Mapping[str, Any], result: Any) -> str:
    where = ", ".join(f"{one['amount']} to the {one['method']} ({one['arrives']})" for one in result["to"])
    return f"Refund {result['amount']} of order {arguments['order_id']}: {where}."


def _send(ctx: Context, result: dict[str, Any]) -> dict[str, Any]:
    """Have the provider pay what was requested. Raises ToolError when it declined all of it."""
    if "refund_state" not in result:
        return result
    lines = ask_for_refunds(ctx)
    told = _answer(ctx.session.scalars(select(Refund).where(Refund.key == ctx.key)).one(), lines)
    refused = [line for line in lines if line.state == "declined"]
    return told | left_to_a_human(ctx.session, refused) if refused else told


@tool(
    effect="write",
    amount="amount_cents",
    about="order_id",
    check=quote_refund,
    due="due",
    read_back=_read_back,
    outside=_send,
    called="the refund of order {order_id}",
)
def refund_order(ctx: Context, order_id: OrderId, kind: RefundKind, amount_cents: Cents, reason: Line) -> dict[str, Any]:
    """Refund an order to where it was paid from: in full, in part, or a duplicate charge."""
    order = own_order(ctx, order_id, writing=True)
    earlier = ctx.session.scalars(select(Refund).where(Refund.key == ctx.key)).one_or_none()
    if earlier is not None:
        lines = ctx.session.scalars(select(Payment).where(Payment.refund_id == earlier.id).order_by(Payment.position))
        return _answer(earlier, list(lines))
    parts = _plan(order, kind, amount_cents)
    keep_discounts(order)
    refund = Refund(key=ctx.key, order_id=order.id, kind=kind, amount_cents=amount_cents, reason=reason, created_at=now())
    ctx.session.add(refund)
    ctx.session.flush()
    sent = [send_back(order, charge, cents, ctx.key) for charge, cents in parts]
    for line in sent:
        line.refund_id = refund.id
    ctx.session.flush()
    return _answer(refund, sent)


def _answer(refund: Refund, lines: list[Payment]) -> dict[str, Any]:
    """What a call of refund_order says, read from its rows: the same the second time as the first."""
    parts = [(line, line.amount_cents) for line in lines if line.state != "declined"]
    if not parts:
        raise ToolError(
            f"The payment provider declined the refund of order {refund.order_id}: {lines[0].declined} Nothing was sent back. "
            "Say so, and hand over to a human.",
            code="declined",
            order_id=refund.order_id,
        )
    state = NOT_CONFIRMED if any(line.state == "requested" for line in lines) else {}
    return {"refund_id": f"RF{refund.id:06d}", "order_id": refund.order_id, "kind": refund.kind, **_money_out(parts), **state}


def _money_out(parts: list[Part]) -> dict[str, Any]:
    total = sum(cents for _, cents in parts)
    return {
        **amount_of("amount", total),
        "to": [
            {"method_id": line.payment_method_id, "method": line.method.label, "arrives": line.method.arrives}
            | amount_of("amount", cents)
            | ({"state": line.state} if line.state != "settled" else {})
            for line, cents in parts
        ],
    }


def _line(line: Payment) -> dict[str, Any]:
    fields = {
        **amount_of("amount", line.amount_cents),
        "method": line.method.label,
        "on": line.paid_on.isoformat() if line.paid_on else None,
        **when_there(line),
        "refund_id": f"RF{line.refund_id:06d}" if line.refund_id else None,
        "state": line.state if line.state != "settled" else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _plan(order: Order, kind: RefundKind, amount: int | None) -> list[Part]:
    """Which charges the refund comes from, with cents. Raises ToolError, saying which amount would work."""
    check_undisputed(order)
    refundable = left_cents(order)
    if refundable == 0:
        why = f"Nothing of order {order.id} is left to refund: all that was paid has been sent back, or is promised."
        raise ToolError(why, code="nothing_left", order_id=order.id)
    if amount is not None and not 0 < amount <= refundable:
        why = f"{money(amount)} cannot be refunded on order {order.id}; at most {money(refundable)} can."
        raise ToolError(why, code="too_little_left", order_id=order.id, refundable_cents=refundable)
    if kind == "duplicate_charge":
        parts = _plan_duplicate(order, amount, refundable)
    else:
        parts = sent_back_from(order, _wished(order, kind, amount, refundable))
    check_reaches(order, [charge.method for charge, _ in parts])
    return parts


def _wished(order: Order, kind: RefundKind, amount: int | None, refundable: int) -> int:
    """The cents of a refund in full or in part. Raises ToolError where the order's status or the amount does not allow it."""
    if order.status in (PROMISED if kind == "partial" else NOT_IN_FULL):
        how = "in part" if kind == "partial" else "in full"
        why = f"Order {order.id} is {order.status}, so it is not refunded {how} here: {NOT_IN_FULL[order.status]}."
        raise ToolError(why, code="wrong_status", order_id=order.id, status=order.status)
    if kind == "full" and amount not in (None, refundable):
        why = f"A full refund of order {order.id} is {refundable} cents. For less, use kind partial."
        raise ToolError(why, code="other_amount", refundable_cents=refundable)
    if kind == "full":
        return refundable
    if amount is None:
        why = f"A partial refund needs an amount, below {refundable} cents."
        raise ToolError(why, code="no_amount", refundable_cents=refundable)
    if amount == refundable:
        why = f"{refundable} cents is all that is left, so this is a full refund: use kind full."
        raise ToolError(why, code="full_not_partial", refundable_cents=refundable)
    return amount


def _plan_duplicate(order: Order, amount: int | None, refundable: int) -> list[Part]:
    doubles = duplicates(order)
    found = [part for part in open_charges(order) if part[0].position in doubles and part[1] <= refundable]
    if not found:
        why = f"Order {order.id} has no duplicate charge: what was paid and kept is not above its price."
        raise ToolError(why, code="no_duplicate", order_id=order.id)
    fitting = [part for part in found if amount in (None, part[1])]
    if not fitting:
        why = f"The duplicate charge of order {order.id} is {found[0][1]} cents; refund exactly that."
        raise ToolError(why, code="other_amount", refundable_cents=found[0][1])
    return fitting[:1]
