"""Refunds through an outside payment provider: ordered in our rows first, then asked for, then marked as what came of it.

A refund line of a charge that a provider took is written as `requested` in the transaction of its tool. It is asked for
with one key for as long as nobody knows what came of it, and becomes `settled` or `declined`, which are final.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol, cast

from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.orm import Session, aliased

from switchboard.declare.tool import Context
from switchboard.errors import OperatorError, SwitchboardError
from tools.nouns import money
from tools.rows import Order, Payment, Ticket, now
from tools.settings import ShopSettings

PATIENCE_SECONDS = 8.0
"""How long a customer waits until no further charge of the same refund is asked for; what is left is asked for later."""
log = logging.getLogger("switchboard")

NOT_CONFIRMED = {
    "refund_state": "requested",
    "note": "The payment provider has not confirmed this refund yet. Say that it is ordered, and not that it was paid.",
}
"""What a result says beside the refund while nobody knows what came of it."""


class Declined(SwitchboardError):
    """The provider refuses a refund for good; nothing was sent back. The text is its reason."""

    who = "other side"


class NoAnswer(SwitchboardError):
    """What came of a refund is not known, or not final. Asking again with the same key is safe."""

    who = "other side"


class Unreachable(NoAnswer):
    """The provider cannot be asked at all now, so asking it for other refunds would be in vain too."""


class PaymentProvider(Protocol):
    """Who took a charge and can send it back."""

    def refund(self, reference: str, cents: int, key: str) -> str:
        """Send cents of a charge back, once for one key however often it is asked; returns the refund's reference.

        Raises Declined or NoAnswer.
        """
        ...


class Ledger:
    """The embedded ledger. Its own charges are sent back by their rows alone; charges of others it cannot send back."""

    def refund(self, reference: str, cents: int, key: str) -> str:
        raise Unreachable("no payment provider is configured, but another one took this charge: set SWITCHBOARD_PAYMENTS")


def provider_from(settings: ShopSettings) -> PaymentProvider:
    """The provider that is chosen. Raises OperatorError when Stripe is, and its SDK or its key is missing."""
    if settings.payments == "ledger":
        return Ledger()
    if find_spec("stripe") is None:
        raise OperatorError(
            "SWITCHBOARD_PAYMENTS is stripe, but Stripe's library is not installed: pip install 'switchboard-desk[stripe]'."
        )
    if not settings.stripe_api_key:
        raise OperatorError("SWITCHBOARD_PAYMENTS is stripe, but there is no key: set SWITCHBOARD_STRIPE_API_KEY.")
    from tools.stripe_payments import StripePayments

    return StripePayments(settings.stripe_api_key, settings.stripe_api_base)


def ask_for_refunds(ctx: Context) -> list[Payment]:
    """Ask the run's provider for what this call requested; returns all refund lines of the call as they are then.

    Safe to repeat after a crash. The session's transaction is ended before the provider is asked.
    """
    provider: PaymentProvider = ctx.services.get("payments") or Ledger()
    started = time.monotonic()
    for wish in _wishes(ctx.session, ctx.key):
        if time.monotonic() - started > PATIENCE_SECONDS:
            break
        try:
            _ask(ctx.session, provider, wish)
        except Unreachable:
            break
    return _lines(ctx.session, ctx.key)


def send_refunds(ctx: Context, result: dict[str, Any]) -> dict[str, Any]:
    """The effect outside of a tool that changes an order and sends money back by it; the change stands in any case."""
    return with_refunds(ctx.session, result, ask_for_refunds(ctx)) if "refund_state" in result else result


def with_refunds(session: Session, result: dict[str, Any], lines: list[Payment]) -> dict[str, Any]:
    """The result of a change with its refund lines as they are now; as it is where all of them are the ledger's own.

    A refund that is declined is left to a human: the result names the ticket.
    """
    if "refund_state" not in result and not any(line.state == "requested" for line in lines):
        return result
    session.flush()
    told = {name: value for name, value in result.items() if name not in ("refund", "refund_cents", *NOT_CONFIRMED)}
    told |= refunds_told([line for line in lines if line.state != "declined"])
    if any(line.state == "requested" for line in lines):
        told |= NOT_CONFIRMED
    refused = [line for line in lines if line.state == "declined"]
    return told | left_to_a_human(session, refused) if refused else told


def refunds_told(lines: list[Payment]) -> dict[str, Any]:
    """What a result says of the money that goes back: each refund in words, and their sum."""
    return {"refunds": [_in_words(line) for line in lines], "refund_cents": sum(line.amount_cents for line in lines)}


def left_to_a_human(session: Session, refused: list[Payment]) -> dict[str, Any]:
    """What a result says of refunds that the provider declined, each with a ticket, which is opened once."""
    tickets = [f"T{_ticket_for(session, line).id:06d}" for line in refused]
    session.commit()
    return {
        "refund_declined": [_in_words(line) for line in refused],
        "declined_cents": sum(line.amount_cents for line in refused),
        "tickets": tickets,
        "why": refused[0].declined,
        "next": "A human finds another way for this money and writes to the customer. Say that it was not sent back.",
    }


def settle_requested(engine: Engine, provider: PaymentProvider) -> int:
    """Ask again for every refund that is requested, oldest first and with the same keys; returns how many settled now.

    Safe when several processes do it at once. A refund that is declined gets a ticket, since its run may be over.
    """
    settled = 0
    with Session(engine) as session:
        for wish in _wishes(session):
            try:
                settled += _ask(session, provider, wish, _ticket_for)
            except Unreachable:
                break
    return settled


@dataclass(frozen=True)
class _Wish:
    """A refund line that is requested: the charge that it sends back, and the key that the provider knows it by."""

    line: int
    charge: str
    cents: int
    key: str


def _wishes(session: Session, key: str | None = None) -> list[_Wish]:
    charge = aliased(Payment)
    columns = (Payment.id, charge.reference, Payment.amount_cents, Payment.key)
    found = select(*columns).join(charge, Payment.charge_id == charge.id)
    found = found.where(Payment.state == "requested").order_by(Payment.id)
    rows = session.execute(found if key is None else found.where(Payment.key == key)).all()
    # The provider may take seconds; whoever writes to the same rows, and on SQLite to any, must not wait for it.
    session.commit()
    return [_Wish(line, str(reference), cents, f"{of}:{line}") for line, reference, cents, of in rows]


def _ask(
    session: Session, provider: PaymentProvider, wish: _Wish, on_decline: Callable[[Session, Payment], Any] | None = None
) -> bool:
    """Ask the provider for one line and mark what came of it; whether this settled it. Raises Unreachable."""
    try:
        reference = provider.refund(wish.charge, wish.cents, wish.key)
    except Declined as refusal:
        with _marking(session, wish, state="declined", declined=str(refusal)) as marked:
            if marked and on_decline:
                on_decline(session, session.get_one(Payment, wish.line))
        return False
    except NoAnswer as trouble:
        log.warning("refund %s is not confirmed: %s", wish.key, trouble)
        if isinstance(trouble, Unreachable):
            raise
        return False
    with _marking(session, wish, state="settled", reference=reference) as marked:
        return marked


@contextmanager
def _marking(session: Session, wish: _Wish, **values: str) -> Iterator[bool]:
    """A transaction that marks a line which is still requested; gives whether it was, since another process may be first."""
    change = update(Payment).where(Payment.id == wish.line, Payment.state == "requested").values(**values)
    marked = cast(CursorResult[Any], session.execute(change)).rowcount == 1
    yield marked
    session.commit()


def _lines(session: Session, key: str) -> list[Payment]:
    session.expire_all()
    return list(session.scalars(select(Payment).where(Payment.key == key).order_by(Payment.position)))


def _ticket_for(session: Session, line: Payment) -> Ticket:
    """The ticket for a refund that was declined: a new one, or the one that is there."""
    key = f"{line.key}:{line.id}:declined"
    ticket = session.scalars(select(Ticket).where(Ticket.key == key)).one_or_none()
    if ticket is None:
        order = session.get_one(Order, line.order_id)
        ticket = Ticket(key=key, case_id=str(line.key).partition(":")[0], customer_id=order.customer_id, created_at=now())
        ticket.department, ticket.priority, ticket.status = "billing", "high", "open"
        ticket.subject = f"A refund on order {order.id} was declined by the payment provider"
        ticket.summary = f"{_in_words(line)} did not go out: {line.declined} Find another way, and tell the customer."
        session.add(ticket)
        session.flush()
    return ticket


def _in_words(line: Payment) -> str:
    arrives = f", {line.method.arrives}" if line.state == "settled" else ""
    return f"{money(line.amount_cents)} to the {line.method.label}{arrives}"
