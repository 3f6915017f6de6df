"""Payments: explains charges, invoices and payment methods, and changes how a pending order is paid."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.articles.articles import answers_to, not_made, quoted, search
from agents.articles.passages import article_borne_out
from agents.cases.accounts import other_account
from agents.cases.answers import INSTEAD, misnumbered, no_order_number, not_found, once_more, says_no, wanted
from agents.cases.case import ask_which_order, kind_of, orders_of
from agents.cases.chargebacks import bank_took_back
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.money.methods import holds_too_little, method, methods_named
from agents.orders.account import due, own_plan
from agents.orders.outcome import sent_back
from agents.orders.second_thoughts import read_back_or_not
from agents.orders.status import ALLOWS
from agents.reasons import Reason
from agents.requests.reading import read
from agents.routing.assignment import asks_own_balance
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say, call
from switchboard.declare.transcript import CallResult, View
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

AN_INVOICE, OPEN_INVOICE = "Download an invoice", "An invoice is open"
ASKS = re.compile(r"\?|\b(?:what|which|when|how|do i|am i|is my|show|list)\b", re.IGNORECASE)
"""A question on a plan; what else is written about one its rows alone do not answer."""
OPEN = r"(?i)\b(?:open|unpaid|due|outstanding)\b"
ON_FILE = re.compile(r"\b(?:saved|on file|which|what|show|list|see|methods?)\b", re.IGNORECASE)
"""Where a customer asks for the payment methods that they have, not for those that we take."""
MOST_ORDERS = 5
MOST_QUESTIONS = 2
PAYS = re.compile(r"^(?!.*\b(?:did|was|were|which)\b).*\b(?:pay|use|charge)\b", re.IGNORECASE | re.DOTALL)
"""Paying an order that was named, in the time to come."""
NOT_THIS = re.compile(r"\b(?:instead of|rather than|not)\b[^.;\n]*", re.IGNORECASE)


def without_model(view: View) -> Move:
    """What was charged, which methods there are, and another one for an order; general questions from the articles."""
    said = transferred(view)
    if said:
        return said
    if handed := other_account(view, "billing"):
        return handed
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about a payment.")
    if not view.customer_id:
        return from_articles(view)
    if bank_took_back(view.text):
        return transfer(view, "The customer says that their bank took a charge back. Compare that with the records.")
    if says_no(view) and not view.last("modify_pending_order_payment"):
        return Say("All right, I leave it as it is.")
    if view.questions and INSTEAD.search(view.latest) and read(view.latest).verdict("cancel_order") == "asked":
        facts = {"kind": "cancel_order", "order_ids": list(orders_of(view))}
        return HandOff("billing", "The order is to be cancelled instead.", facts, reason=Reason.OTHER_DEPARTMENT)
    move = by_kind(view)
    if isinstance(move, Say) and move.asks and view.questions >= MOST_QUESTIONS:
        return transfer(view, f"Two questions did not settle a payment matter. Open: {move.text}")
    return once_more(view, move) if isinstance(move, Say) else move


def by_kind(view: View) -> Move:
    match kind_of(view):
        case "change_payment":
            return change_payment(view)
        case "payment_method" if orders_of(view) and PAYS.search(view.text):
            return change_payment(view)
        case "invoice" | "payment_method" | "subscription_change" | "plan_question":
            return profile(view)
        case _ if orders_of(view):
            return explain(view, orders_of(view)[:MOST_ORDERS])
        case _:
            return from_articles(view)


def from_articles(view: View) -> Move:
    """A general question: the article that answers it, or a human."""
    if view.last("search_articles") is None:
        return Calls((search(view.text),))
    article = article_borne_out(view.calls, view.text)
    return Say(quoted(article, view.text)) if article else transfer(view, "A billing question that no article answers.")


def profile(view: View) -> Move:
    """Invoices, plan and payment methods from the customer's own account; how to do something from an article."""
    found = view.last("get_user_details")
    if found is None:
        return call("get_user_details", user_id=view.customer_id)
    if not found.done:
        return transfer(view, found.text)
    if kind_of(view) in ("subscription_change", "plan_question"):
        own = own_plan(found.result)
        general = from_articles(view)
        if isinstance(general, Say):
            return Say("\n\n".join([*own, general.text]))
        return Say("\n".join(own)) if own and ASKS.search(view.text) else general
    told = [invoices(view, found.result)] if "invoice" in view.text.lower() or kind_of(view) == "invoice" else []
    methods = found.result.get("payment_methods")
    if view.facts.get("balance") or asks_own_balance(view.text):
        held = [method(row) for row in (methods or {}).values() if row["source"] == "gift_card"]
        return Say(f"On your account: {', '.join(held)}.") if held else from_articles(view)
    if methods and kind_of(view) == "payment_method" and (told or ON_FILE.search(view.text)):
        told.append("Your payment methods:\n" + "\n".join(f"- {method(m)}" for m in methods.values()))
    asks_invoice = kind_of(view) == "invoice" and read(view.text).verdict("invoice") == "asked"
    if not any(told) and not asks_invoice:
        return from_articles(view)
    about = OPEN_INVOICE if re.search(OPEN, view.text) else AN_INVOICE if kind_of(view) == "invoice" else ""
    if about:
        asked = search(about)
        if missing := not_made(view, asked):
            return Calls(missing)
        article = article_borne_out(answers_to(view, asked), about)
        told += [f"{article.excerpt.heading}:\n{quoted(article, about)}"] if article else []
    return Say("\n\n".join(filter(None, told))) if any(told) else from_articles(view)


def invoices(view: View, account: Mapping[str, Any]) -> str:
    """The customer's invoices, or those of the orders that they name, a line each; empty where there are none."""
    rows, named = account.get("invoices", []), orders_of(view)
    rows = [i for i in rows if i["for"] in named] or rows
    lines = [f"- {i['id']} for {i['for']}: {i['amount']}, {i['status']}" + due(i) for i in rows]
    return "Your invoices:\n" + "\n".join(lines) if lines else ""


def explain(view: View, orders: Sequence[str]) -> Move:
    """What was charged on the orders; a charge that was made twice is offered back, which is for refunds."""
    looked_at = {c.arguments["order_id"]: c for c in view.calls if c.tool == "list_charges"}
    missing = tuple(Call("list_charges", {"order_id": order}) for order in orders if order not in looked_at)
    if missing:
        return Calls(missing)
    found = [looked_at[order].result for order in orders if looked_at[order].done]
    double = [order for order in found if any("duplicate_of" in charge for charge in order["charges"])]
    if double and wanted(view, "refund_duplicate") == "asked":
        facts = {"kind": "refund_duplicate", "order_ids": [o["order_id"] for o in double], "agreed": "refund_duplicate"}
        return HandOff("billing", "The customer wants back what was charged twice.", facts, reason=Reason.CHARGED_TWICE)
    told = [charged(order) for order in found]
    told += [not_found(order).text for order in orders if not looked_at[order].done]
    if double:
        told.append("One charge was made twice. Shall I have it refunded?")
    return Say("\n\n".join(told), asks=bool(double) or not found)


def charged(order: dict[str, Any]) -> str:
    """The charges and refunds of an order, a line each."""
    lines = [f"- {c['amount']} by {c['method']}" + (f" on {c['on']}" if "on" in c else "") for c in order["charges"]]
    for r in order.get("refunds", []):
        what = "refund ordered, not confirmed yet" if r.get("state") == "requested" else "refunded"
        lines.append(f"- {what}: {r['amount']} to {r['method']}")
    lines += [f"- taken back by your bank: {c['amount']} from {c['method']}" for c in order.get("chargebacks", [])]
    off = f", after {order['discount']} of discounts," if "discount" in order else ""
    costs = f"Order {order['order_id']} costs {order['total']}{off} and is {order['status']}."
    return f"{costs} Charged were:\n" + "\n".join(lines)


def change_payment(view: View) -> Move:
    """Another payment method for a pending order; which one must come from the customer."""
    wrong = misnumbered(view)
    if wrong and not read(view.latest).facts.order_ids:
        return no_order_number(wrong[0])
    orders = orders_of(view)
    if not orders:
        return ask_which_order(view)
    account = view.last("get_user_details")
    if account is None:
        return call("get_user_details", user_id=view.customer_id)
    if not account.done:
        return transfer(view, account.text)
    methods = account.result.get("payment_methods", {})
    named = chosen_methods(view, methods)
    choice = "; ".join(f"- {method(row)}" for row in methods.values()).replace("; ", "\n")
    if len(named) != 1:
        return Say(f"Which of your payment methods shall pay order {orders[0]}?\n{choice}", asks=True)
    wish = {"order_id": orders[0], "payment_method_id": named[0]}
    made = [c for c in view.calls if c.tool == "modify_pending_order_payment" and dict(c.arguments) == wish]
    if made:
        return changed(view, made[-1], method(methods[named[0]]), choice)
    return read_back_or_not(view, Call("modify_pending_order_payment", wish))


def chosen_methods(view: View, methods: dict[str, Any]) -> list[str]:
    """The payment methods that the newest words name, else those before; "not my PayPal" names none."""
    for text in (view.latest, view.text):
        wish = NOT_THIS.sub(" ", text)
        named = [m for m in read(wish).facts.payment_method_ids if m in methods] or methods_named(wish, methods)
        if named:
            return named
    return []


def changed(view: View, made: CallResult, wish: str, choice: str) -> Move:
    """What came of the change; a refusal in words to the customer."""
    order = made.arguments["order_id"]
    if made.done:
        back = f" Back to you: {made.result['refund']}." if "refund" in made.result else sent_back(made.result)
        return Say(f"Order {order} is now paid differently: {made.result['paid']}.{back}")
    other = f"Which other payment method shall I use?\n{choice}"
    match made.code:
        case "gift_card_short":
            return Say(f"I could not change it. {holds_too_little(made)} {other}", asks=True)
        case "paid_by_it_already":
            return Say(f"I could not change it. Order {order} is already paid by your {wish}. {other}", asks=True)
        case "charged_back":
            return transfer(view, f"Order {order} shall be paid differently, and a bank took money of it back.")
        case "no_such_order":
            return Say(f"I could not change it. {not_found(order).text}")
        case "wrong_status":
            status = made.data["status"]
            why = f"Order {order} is {status}, so it cannot be paid by another method."
            return Say(f"I could not change it. {why} {ALLOWS[status]}")
        case _:
            return transfer(view, f"A change of payment of order {order} was refused: {made.text}")


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
