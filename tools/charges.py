"""What was charged for an order, what of it is left, and what each piece of it really costs: its price less its discount."""

from collections.abc import Sequence

from tools.rows import Order, OrderItem, Payment, Variant

Part = tuple[Payment, int]
"""A charge, and cents of it."""


def open_charges(order: Order) -> list[Part]:
    """Every charge of the order, oldest first, with the cents of it that were not sent back or taken back yet.

    A line that names no charge is taken from charges of its own method first, and there from one that it matches
    exactly; the sum over all charges is payments minus refunds and chargebacks.
    """
    charges = [line for line in order.payments if line.kind == "payment"]
    left = {line.position: line.amount_cents for line in charges}
    for back in (line for line in order.payments if line.kind != "payment"):
        amount = back.amount_cents
        for charge in sorted(charges, key=lambda c: _distance(c, back, left[c.position])):
            taken = min(amount, left[charge.position])
            left[charge.position] -= taken
            amount -= taken
    return [(charge, left[charge.position]) for charge in charges]


def _distance(charge: Payment, back: Payment, left: int) -> tuple[bool, bool, bool]:
    other_method = charge.payment_method_id != back.payment_method_id
    return (back.charge_id is None or charge.id != back.charge_id, other_method, left != back.amount_cents)


def duplicates(order: Order) -> dict[int, Payment]:
    """Charges that repeat an earlier one, by position, with the one they repeat.

    A repeat has the same amount and method, nothing of it was sent back, and the customer has paid at least that much
    more than the order costs: two equal halves of one price are no duplicate. Where discounts were not recorded, paid
    more than the prices is enough, since what came off them may be in both charges.
    """
    charges = open_charges(order)
    known = order.status == "cancelled" or _recorded(order)
    cost = 0 if order.status == "cancelled" else sum(_recorded_prices(order).values())
    overpaid = sum(left for _, left in charges) - cost
    first: dict[tuple[str, int], Payment] = {}
    found: dict[int, Payment] = {}
    for charge, left in charges:
        same = (charge.payment_method_id, charge.amount_cents)
        if same in first and left == charge.amount_cents and 0 < (left if known else 1) <= overpaid:
            found[charge.position] = first[same]
            overpaid -= left
        if left:
            first.setdefault(same, charge)
    return found


def prices_paid(order: Order) -> dict[OrderItem, int]:
    """What each piece of the order really costs, in cents: its price less what a code took off it.

    Where that was not recorded, what was charged once for the order is shared out by the prices, to the cent.
    """
    prices = _recorded_prices(order)
    full = sum(prices.values())
    paid = full if _recorded(order) else min(_charged_once(order) or full, full)
    shares, reached = {}, 0
    for item, price in prices.items():
        before = _share(paid, reached, full)
        reached += price
        shares[item] = _share(paid, reached, full) - before
    return shares


def _share(paid: int, part: int, full: int) -> int:
    """The part's share of what was paid, rounded to the cent."""
    return (2 * paid * part + full) // (2 * full) if full else 0


def _recorded(order: Order) -> bool:
    return any(item.discount_cents is not None for item in order.items)


def _recorded_prices(order: Order) -> dict[OrderItem, int]:
    return {item: max(item.price_cents - (item.discount_cents or 0), 0) for item in order.items}


def _charged_once(order: Order) -> int:
    """What was charged for the order, without repeats; where that is above its prices, also without charges that went back
    whole, such as that of another method.
    """
    again = duplicates(order)
    charges = [(charge.amount_cents, left) for charge, left in open_charges(order) if charge.position not in again]
    every, kept = sum(cents for cents, _ in charges), sum(cents for cents, left in charges if left)
    return every if every <= sum(_recorded_prices(order).values()) else kept or every


def total_cents(order: Order) -> int:
    """What the order costs, after discounts."""
    return sum(prices_paid(order).values())


def keep_discounts(order: Order) -> None:
    """Record what came off each price, before a change after which the charges do not tell it any more."""
    for item, paid in prices_paid(order).items():
        item.discount_cents = item.price_cents - paid


def discount_kept(old: OrderItem, paid: int, new: Variant) -> int:
    """What comes off the item that takes an old one's place: the same, and of a lower price the same share."""
    discount = old.price_cents - paid
    return min(discount, discount * new.price_cents // old.price_cents) if discount else 0


def new_prices(order: Order, changes: Sequence[tuple[OrderItem, Variant]]) -> list[int]:
    """What the new items of a swap cost, in cents: their prices less the discount that stays with them."""
    paid = prices_paid(order)
    return [new.price_cents - discount_kept(old, paid[old], new) for old, new in changes]


def price_difference(order: Order, changes: Sequence[tuple[OrderItem, Variant]]) -> int:
    """What a swap costs more, in cents; less than nothing goes back."""
    paid = prices_paid(order)
    return sum(new_prices(order, changes)) - sum(paid[old] for old, _ in changes)
