"""Strategies for orders: amounts that do not divide, discounts, several means, charges made twice or taken back by the bank."""

from dataclasses import dataclass

from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from support.odd_orders import CARD, GIFT_CARD, MARIA, Line, Piece
from tools.shop import PaymentMethod

PAYPAL, OTHER_GIFT_CARD, OTHER_CARD = "paypal_2000001", "gift_card_2000001", "credit_card_2000001"
METHODS = (CARD, GIFT_CARD, PAYPAL, OTHER_GIFT_CARD, OTHER_CARD)
ITEMS = ("3000000301", "3000000302", "3000000403", "3000000401", "3000001001", "3000000901")
STATUSES = ("pending", "pending", "delivered", "delivered", "delivered", "processed", "cancelled")
BALANCE = 5000


@dataclass(frozen=True)
class Drawn:
    """An order to add; `removed` are methods that are no longer on the account."""

    pieces: list[Piece]
    lines: list[Line]
    status: str
    removed: frozenset[str]


def add_methods(engine: Engine) -> None:
    """Give the customer three more payment methods."""
    with Session(engine) as session:
        for position, name in enumerate((PAYPAL, OTHER_GIFT_CARD, OTHER_CARD), start=5):
            method = PaymentMethod(id=name, customer_id=MARIA, position=position, source=name.rpartition("_")[0])
            method.balance_cents = BALANCE if method.source == "gift_card" else None
            if method.source == "credit_card":
                method.brand, method.last_four = "visa", "9999"
            session.add(method)
        session.commit()


@st.composite
def drawn_orders(draw: st.DrawFn, outside: bool = False) -> Drawn:
    """Orders as a shop's rows may have them; with `outside` a provider took the charges of cards and PayPal."""
    prices = draw(st.lists(st.integers(1, 9999), min_size=1, max_size=4))
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=len(prices), max_size=len(prices)))
    off = [draw(st.integers(0, price // 2)) if draw(st.booleans()) else 0 for price in prices]
    recorded = draw(st.booleans())
    pieces = [Piece(item, price, less if recorded else None) for item, price, less in zip(items, prices, off, strict=True)]
    lines = draw(charges(sum(prices) - sum(off), outside))
    if draw(st.integers(0, 3)) == 0:
        twice = draw(st.sampled_from(lines))
        lines = [*lines, Line("payment", twice.cents, twice.method, reference=twice.reference and f"{twice.reference}-again")]
    if draw(st.integers(0, 3)) == 0:
        one = draw(st.integers(0, len(lines) - 1))
        known = one if draw(st.booleans()) or outside else None
        lines = [*lines, Line("refund", draw(st.integers(1, lines[one].cents)), lines[one].method, of=known)]
    elif draw(st.integers(0, 5)) == 0:
        one = draw(st.integers(0, len(lines) - 1))
        lines = [*lines, Line("chargeback", lines[one].cents, lines[one].method, of=one)]
    removed = frozenset(draw(st.lists(st.sampled_from(METHODS), max_size=1))) if draw(st.booleans()) else frozenset()
    return Drawn(pieces, lines, draw(st.sampled_from(STATUSES)), removed)


@st.composite
def charges(draw: st.DrawFn, cents: int, outside: bool) -> list[Line]:
    """The price, paid in one to three parts, each by a method of its own choosing."""
    most = min(cents, 3)
    cuts = sorted(draw(st.sets(st.integers(1, cents - 1), max_size=most - 1))) if most > 1 else []
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, cents], strict=True)]
    lines = []
    for number, part in enumerate(parts):
        method = draw(st.sampled_from(METHODS[:3]))
        lines.append(Line("payment", part, method, reference=f"ch_{number}" if outside and method != GIFT_CARD else None))
    return lines
