"""The customer's own account: profile, payment methods, subscriptions, invoices."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.tool import Context, tool
from switchboard.errors import Refused
from tools.nouns import AddressLine, AddressLine2, CustomerId, Zip, address_in_words, amount_of, money
from tools.shop import Customer, PaymentMethod, verified_customer


@tool(effect="read")
def get_user_details(ctx: Context, user_id: CustomerId) -> dict[str, Any]:
    """Get the customer's name, address, payment methods, order ids, subscriptions and invoices."""
    customer = _own_account(ctx, user_id)
    details = {
        "name": {"first_name": customer.first_name, "last_name": customer.last_name},
        "address": customer.address,
        "email": customer.email,
        "payment_methods": {method.id: _method(method) for method in customer.methods if not method.removed_on},
        "orders": [order.id for order in customer.orders],
        "subscriptions": [
            {
                "id": s.id,
                "plan": s.plan,
                "price_cents": s.price_cents,
                "price": f"{money(s.price_cents)} a {s.period}",
                "status": s.status,
                **({"renews_on": s.renews_on.isoformat()} if s.renews_on else {}),
            }
            for s in customer.subscriptions
        ],
        "invoices": [
            {"id": i.id, "for": i.order_id or i.subscription_id, "status": i.status}
            | amount_of("amount", i.amount_cents)
            | ({"due_on": i.due_on.isoformat()} if i.status == "open" else {})
            for i in customer.invoices
        ],
    }
    return {name: value for name, value in details.items() if value}


def _moved(given: Mapping[str, Any], _: Any) -> str:
    return f"Change your default address to {address_in_words(given)}. Orders that were placed already keep theirs."


@tool(effect="write", called="the new default address", read_back=_moved)
def modify_user_address(
    ctx: Context,
    user_id: CustomerId,
    address1: AddressLine,
    address2: AddressLine2,
    city: AddressLine,
    state: AddressLine,
    country: AddressLine,
    zip: Zip,
) -> dict[str, Any]:
    """Change the customer's default address; orders keep theirs. The customer is asked for a yes."""
    customer = _own_account(ctx, user_id, writing=True)
    customer.address = {
        "address1": address1,
        "address2": address2,
        "city": city,
        "state": state,
        "country": country,
        "zip": zip,
    }
    return {"user_id": customer.id, "address": customer.address}


def _own_account(ctx: Context, user_id: str, *, writing: bool = False) -> Customer:
    customer = verified_customer(ctx, writing=writing)
    if customer.id != user_id:
        why = f"No customer {user_id} is verified here; the verified customer is {customer.id}."
        raise Refused(why, code="other_customer")
    return customer


def _method(method: PaymentMethod) -> dict[str, Any]:
    facts = {"source": method.source, "brand": method.brand, "last_four": method.last_four}
    balance = {} if method.balance_cents is None else {"balance": method.balance_cents / 100}
    return {name: value for name, value in facts.items() if value is not None} | balance
