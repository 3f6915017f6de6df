"""Orders in words: an order's status with all that is recorded of it, its items, and what its status still allows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.nouns import money

Order = Mapping[str, Any]

METHODS = {"credit_card": "credit card", "paypal": "PayPal account", "gift_card": "gift card"}
IS = {
    "pending": "is pending: it is being prepared and has not been sent yet",
    "pending (item modified)": "is pending, with its items changed once, and has not been sent yet",
    "processed": "is processed: it is packed or with the carrier",
    "delivered": "is delivered",
    "cancelled": "is cancelled: nothing will be sent",
    "return requested": "has a return requested, which is under way",
    "exchange requested": "has an exchange requested, which is under way",
}
PENDING = ("pending", "pending (item modified)")
ALLOWS = {
    "pending": "It can still be cancelled, and its items, address or payment method can be changed.",
    "pending (item modified)": "Its address and payment method can still be changed.",
    "processed": "Once it is delivered, its items can be returned or exchanged.",
    "delivered": "Its items can be returned or exchanged within 30 days of delivery.",
    "cancelled": "It is closed; a new order can be placed at any time.",
    "return requested": "Anything more on it, such as another return, needs a colleague: write that you want one.",
    "exchange requested": "Anything more on it needs a colleague: write that you want one.",
}

CALLED = {
    "cancel_pending_order": "the cancellation of order {}",
    "modify_pending_order_address": "the new address of order {}",
    "modify_pending_order_items": "the other items of order {}",
    "return_delivered_order_items": "the return from order {}",
    "exchange_delivered_order_items": "the exchange in order {}",
}
"""What customers hear a change of an order named."""


def allows(order: Order) -> str:
    """What can still be done with an order, with the day on which returns end."""
    if "returns_closed_on" in order:
        return f"Returns and exchanges were possible for 30 days after delivery, until {order['returns_closed_on']}."
    if "returnable_until" in order:
        return f"Its items can be returned or exchanged until {order['returnable_until']}."
    return ALLOWS[order["status"]]


def price(dollars: float) -> str:
    return money(round(dollars * 100))


def label(name: str, options: Mapping[str, str]) -> str:
    """An item with its options; what a bare yes or number belongs to is said: Smart Plug (pack: four, meter: yes)."""
    said = ", ".join(described(key, value) for key, value in options.items())
    return f"{name} ({said})" if said else name


def described(key: str, value: str) -> str:
    bare = value.isalpha() and len(value) <= 6 and key not in ("colour", "color", "material", "size")
    return f"{key}: {value}" if bare else value


def item_label(item: Mapping[str, Any]) -> str:
    return label(item["name"], item["options"])


def listed(names: Iterable[str]) -> str:
    """The names in one sentence, the same one more than once as 2 x."""
    every = list(names)
    once = [f"{every.count(n)} x {n}" if every.count(n) > 1 else n for n in dict.fromkeys(every)]
    return " and ".join([", ".join(once[:-1]), once[-1]]) if len(once) > 1 else "".join(once)


def items_listed(items: Iterable[Mapping[str, Any]]) -> str:
    return listed(item_label(item) for item in items)


def address_line(address: Mapping[str, str]) -> str:
    street = ", ".join(part for part in (address["address1"], address.get("address2", "")) if part)
    return f"{street}, {address['city']}, {address['state']} {address['zip']}, {address['country']}"


def parcels(order: Order) -> str:
    """Carrier, tracking number and last scan of every parcel; empty where none was sent."""
    lines = []
    for parcel in order.get("fulfillments", []):
        carrier = f" with {parcel['carrier']}" if "carrier" in parcel else ""
        scan = f", last scan: {parcel['last_scan']}" if "last_scan" in parcel else ""
        lines.append(f"tracking number {', '.join(parcel['tracking_id'])}{carrier}{scan}")
    return "; ".join(lines)


def status_text(order: Order) -> str:
    """Status, dates, parcels, items, refunds, return or exchange, as they are recorded."""
    status = order["status"]
    sentences = [f"Order {order['order_id']}{dated(order, 'placed_on', ' of ')} {IS[status]}"]
    sentences[0] += "." if status != "delivered" else f"{dated(order, 'delivered_on', ': it arrived on ')}."
    sent = parcels(order)
    if sent:
        sentences.append(f"{sent[0].upper()}{sent[1:]}.")
    if "promised_on" in order and status in (*PENDING, "processed"):
        sentences.append(f"It was promised for {order['promised_on']}{lateness(order)}.")
    sentences.append(f"Items: {items_listed(order['items'])}, {price(order['total'])} in total{discounted(order)}.")
    sentences += under_way(order)
    return " ".join(sentences)


def discounted(order: Order) -> str:
    return f" after {price(order['discount'])} of discounts" if "discount" in order else ""


def lateness(order: Order) -> str:
    days = order.get("days_late", 0)
    return f" and is {days} {'day' if days == 1 else 'days'} late, for which I am sorry" if days else ""


def dated(order: Order, day: str, before: str) -> str:
    return f"{before}{order[day]}" if day in order else ""


def under_way(order: Order) -> list[str]:
    """What a chargeback, a cancellation, a return or an exchange on the order means for items and money."""
    found = []
    bank = [price(p["amount"]) for p in order.get("payment_history", []) if p["transaction_type"] == "chargeback"]
    if bank:
        found.append(
            f"Your bank took {listed(bank)} of its payment back, which a person looks at; nothing is paid on top of it."
        )
    if order["status"] == "cancelled":
        refunds = [p for p in order.get("payment_history", []) if p["transaction_type"] == "refund"]
        paid = [p for p in refunds if p.get("state") != "requested"]
        if len(paid) < len(refunds):
            found.append("A refund is ordered and not confirmed by the payment provider yet.")
        if paid:
            to = [f"your {METHODS[source_of(p['payment_method_id'])]}{dated(p, 'date', ' on ')}" for p in paid]
            back = listed(f"{price(p['amount'])} to {way}" for p, way in zip(paid, to, strict=True))
            found.append(f"Refunded: {back}.{there_by(paid)}")
    if "return_items" in order:
        back = items_listed(by_ids(order, order["return_items"]))
        where = listed(promised(order))
        goes = "is" if "refunds_promised" in order else "goes"
        found.append(
            f"Coming back: {back}. That it has arrived with us is not recorded yet; once it has, the refund {goes} {where}."
        )
    if "exchange_items" in order:
        difference = order.get("exchange_price_difference") or 0
        due = (
            f"{price(abs(difference))} {'to pay' if difference > 0 else 'back to you'}"
            if difference
            else "no difference in price"
        )
        found.append(f"Being exchanged: {items_listed(by_ids(order, order['exchange_items']))}, {due}.")
    return found


def there_by(refunds: Iterable[Mapping[str, Any]]) -> str:
    """By when refunds are there at the latest, and what to do where they are not; empty where all are there at once."""
    last = max((refund for refund in refunds if "there_by" in refund), key=lambda refund: str(refund["there_by"]), default=None)
    if last is None:
        return ""
    when = "should be there since" if "is_due" in last else "is there by"
    return f" It {when} {last['there_by']} at the latest; if it is not, write to us, and a colleague looks for it."


def promised(order: Order) -> list[str]:
    """Where the money of a return goes: the amount for each method, where that is recorded."""
    if "refunds_promised" not in order:
        return [f"to your {METHODS[source_of(order['return_payment_method_id'])]}"]
    return [f"{price(amount)} to your {METHODS[source_of(way)]}" for way, amount in order["refunds_promised"].items()]


def by_ids(order: Order, item_ids: Sequence[str]) -> list[Mapping[str, Any]]:
    return [next(item for item in order["items"] if item["item_id"] == item_id) for item_id in item_ids]


def source_of(payment_method_id: str) -> str:
    """credit_card, paypal or gift_card: what a payment method's id begins with."""
    return payment_method_id.rsplit("_", 1)[0]


def orders_listed(orders: Iterable[Order]) -> str:
    """One line per order, to choose from."""
    return "\n".join(f"- {o['order_id']}, {o['status']}: {items_listed(o['items'])}" for o in orders)


def options_listed(variants: Mapping[str, Any], but: str = "") -> str:
    """The options of a product that can be had now, one line each, without the one that is there already."""
    lines = [
        f"- {', '.join(described(k, v) for k, v in variant['options'].items())}: {price(variant['price'])}"
        for variant_id, variant in variants.items()
        if variant["available"] and variant_id != but
    ]
    return "\n".join(lines)
