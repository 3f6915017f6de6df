"""A customer's account in words: only the parts that are asked for.

An account is the result of get_user_details.
"""

import re
from collections.abc import Mapping
from typing import Any

from agents.money.methods import method
from agents.orders.status import address_line, listed

Account = Mapping[str, Any]

TOPICS = {
    "email": r"e-?mail",
    "address": r"(?<!mail )(?<!ip )address|where do i live|zip",
    "payment_methods": r"payment|cards?\b|paypal",
    "subscriptions": r"subscription|membership|plan",
    "invoices": r"invoice",
    "orders": r"orders?\b",
    "name": r"\bname\b",
}
"""The parts of an account by the words that ask for them."""


def told_of(found: Account, question: str) -> list[str]:
    """A line for each part that the question names; name, e-mail and address where it names none."""
    wanted = [topic for topic, words in TOPICS.items() if re.search(words, question, re.IGNORECASE)]
    return [line_of(found, topic) for topic in wanted or ("name", "email", "address")]


def line_of(found: Account, topic: str) -> str:
    """One part of the account as a line."""
    match topic:
        case "name":
            return f"Name: {found['name']['first_name']} {found['name']['last_name']}"
        case "email":
            return f"E-mail: {found['email']}"
        case "address":
            return f"Default address: {address_line(found['address'])}"
        case "payment_methods":
            return f"Payment methods: {listed(method(row) for row in found.get('payment_methods', {}).values()) or 'none'}"
        case "subscriptions":
            return subscriptions(found)
        case "invoices":
            rows = (f"{i['id']} for {i['for']} ({i['amount']}, {i['status']})" for i in found.get("invoices", []))
            return f"Invoices: {listed(rows) or 'none'}"
        case _:
            return f"Orders: {listed(found.get('orders', [])) or 'none'}"


def own_plan(found: Account) -> list[str]:
    """The customer's subscriptions with price, status and renewal, and the invoices that are open, a line each."""
    if not found.get("subscriptions"):
        return ["There is no subscription on your account."]
    unpaid = [f"{i['id']} over {i['amount']}{due(i)}" for i in found.get("invoices", []) if i["status"] == "open"]
    return [f"{subscriptions(found)}.", *([f"Open invoices: {listed(unpaid)}."] if unpaid else [])]


def due(invoice: Mapping[str, Any]) -> str:
    return f", due on {invoice['due_on']}" if "due_on" in invoice else ""


def subscriptions(found: Account) -> str:
    rows = [
        f"{s['plan']} at {s['price']}, {s['status']}" + (f", renews on {s['renews_on']}" if "renews_on" in s else "")
        for s in found.get("subscriptions", [])
    ]
    return f"Subscriptions: {'; '.join(rows) or 'none'}"
