"""Payments: explains charges, invoices and payment methods, and changes how a pending order is paid."""

import re
from typing import Any

from agents.reading.articles import article_for, quoted, search
from agents.reading.case import ask_which_order, facts_of, kind_of, orders_of, transfer, transferred
from runtime.agent import AgentSpec
from runtime.moves import Calls, Move, Say, call
from runtime.transcript import View
from tools.accounts import get_user_details
from tools.knowledge import search_articles
from tools.money import list_charges, quote_refund
from tools.orders import modify_pending_order_payment
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You look after how customers pay. list_charges and get_user_details show what was paid and which methods are on \
file; quote_refund tells what could be refunded, without doing it. modify_pending_order_payment moves a pending \
order to another method of the same customer; a gift card must cover the whole amount. search_articles says which \
methods we take. You cannot store a card: say where customers do that. Hand back to billing when the customer wants \
the money back now. Signs of fraud: hand_off to human. A good answer names order, method and amount."""


def without_model(view: View) -> Move:
    said = transferred(view)
    if said:
        return said
    if not view.customer_id:
        return from_articles(view)
    match kind_of(view):
        case "change_payment":
            return change_payment(view)
        case "invoice" | "payment_method":
            return profile(view)
        case _ if orders_of(view):
            return explain(view, orders_of(view)[0])
        case _:
            return from_articles(view)


def from_articles(view: View) -> Move:
    """A general question: the article that answers it, or a human."""
    if view.last("search_articles") is None:
        return Calls((search(view.text),))
    article = article_for(view.calls, view.text)
    return Say(quoted(article, view.text)) if article else transfer(view, "A billing question that no article answers.")


def profile(view: View) -> Move:
    """Invoices and payment methods from the customer's own account."""
    found = view.last("get_user_details")
    if found is None:
        return call("get_user_details", user_id=view.customer_id)
    if not found.done:
        return transfer(view, found.text)
    wanted = "invoices" if kind_of(view) == "invoice" else "payment_methods"
    rows = found.result.get(wanted)
    if not rows:
        return from_articles(view)
    if wanted == "invoices":
        lines = [f"- {i['id']} for {i['for']}: {i['amount']}, {i['status']}" + due(i) for i in rows]
        return Say("Your invoices:\n" + "\n".join(lines))
    return Say("Your payment methods:\n" + "\n".join(f"- {method(m)} ({name})" for name, m in rows.items()))


def due(invoice: dict[str, Any]) -> str:
    return f", due on {invoice['due_on']}" if "due_on" in invoice else ""


def method(row: dict[str, Any]) -> str:
    """A payment method in words; of a card only the brand and the last four digits are known."""
    if row["source"] == "gift_card":
        return f"gift card with {row.get('balance', 0):.2f} USD"
    return f"{row.get('brand', '')} card ending {row['last_four']}".strip() if "last_four" in row else str(row["source"])


def explain(view: View, order: str) -> Move:
    """What was charged on an order."""
    found = view.last("list_charges")
    if found is None:
        return call("list_charges", order_id=order)
    if not found.done:
        return Say(f"I cannot find order {order} on your account. Please check the number and send it again.", asks=True)
    result = found.result
    lines = [f"- {c['amount']} by {c['method']}" + (f" on {c['on']}" if "on" in c else "") for c in result["charges"]]
    lines += [f"- refunded: {r['amount']} to {r['method']}" for r in result.get("refunds", [])]
    double = any("duplicate_of" in c for c in result["charges"])
    more = "\nOne of them was made twice. Write that you want it back, and I refund it." if double else ""
    return Say(f"Order {order} costs {result['total']} and is {result['status']}. Charged were:\n" + "\n".join(lines) + more)


def change_payment(view: View) -> Move:
    """Another payment method for a pending order; which one must come from the customer."""
    orders = orders_of(view)
    if not orders:
        return ask_which_order(view)
    changed = view.last("modify_pending_order_payment")
    if changed:
        if not changed.done:
            return Say(f"I could not change it. {changed.text}")
        return Say(
            f"Order {orders[0]} is now paid differently: {changed.result['paid']}. Back to you: {changed.result['refund']}."
        )
    found = view.last("get_user_details")
    if found is None:
        return call("get_user_details", user_id=view.customer_id)
    if not found.done:
        return transfer(view, found.text)
    methods = found.result.get("payment_methods", {})
    wanted = re.split(r"\b(?:instead of|rather than|not)\b", view.text.lower())[0]
    words = wanted.replace(" ", "_")
    named = [m for m in facts_of(view).payment_method_ids if m in methods]
    named = named or [name for name, row in methods.items() if row["source"] in words or row.get("last_four", "----") in wanted]
    if len(named) != 1:
        choice = "; ".join(method(row) for row in methods.values())
        return Say(f"Which of your payment methods shall pay order {orders[0]}: {choice}?", asks=True)
    return call("modify_pending_order_payment", order_id=orders[0], payment_method_id=named[0])


agent = AgentSpec(
    name="payments",
    description="Explains charges, invoices and payment methods.",
    prompt=PROMPT,
    tools=(
        list_charges,
        quote_refund,
        get_user_details,
        modify_pending_order_payment,
        search_articles,
        transfer_to_human_agents,
    ),
    without_model=without_model,
)
