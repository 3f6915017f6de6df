"""Billing: knows which of its specialists a matter is for, and which orders it can be about."""

from agents.cases.accounts import other_account, passed_back
from agents.cases.answers import misnumbered, no_order_number, once_more
from agents.cases.case import kind_of, orders_of
from agents.cases.handover import transfer, transferred
from agents.reasons import Reason
from agents.requests.reading import read
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Unsure, call
from switchboard.declare.transcript import View
from tools.accounts import get_user_details
from tools.knowledge import search_articles
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You lead billing. Hand off to refunds when money should go back (a duplicate charge, a wrong one, a cancelled \
order), to payments for everything about a charge, an invoice, a due date or the way of paying, back to triage for a \
return or another department; pass on order id, amount and what was found. get_user_details helps to find the order \
that the customer means. Answer yourself only what search_articles answers in general, with its citation. If records \
and customer disagree, hand_off to human with both versions."""
REFUNDS = {"refund_duplicate", "refund_full", "refund_partial", "refund_status"}
OF_ORDERS = {"return_items", "cancel_order", "change_items", "exchange_items", "change_address"}
GIVEN_BACK = ("", Reason.OTHER_DEPARTMENT, Reason.NEEDS_HUMAN, Reason.GOODS_FIRST)
"""Why a specialist gives a matter back that billing passed to them: a model at times with none. Triage gives others."""
MOST_ORDERS = 5


def without_model(view: View) -> Move | Unsure:
    """To refunds or payments, with the order ids; a duplicate charge without one is looked for on the newest orders."""
    said = transferred(view)
    if said:
        return said
    if (
        view.facts.get("turned") and view.reason == Reason.OTHER_DEPARTMENT
    ):  # what refunds was answered with, and what belongs to another department
        return HandOff("triage", view.note, view.facts, reason=Reason.OTHER_DEPARTMENT, request=view.text)
    kind = kind_of(view)
    if kind in OF_ORDERS:  # money comes back with the goods, or with what becomes of the order
        return HandOff("triage", view.note, {"kind": kind}, reason=Reason.GOODS_FIRST)
    if handed := other_account(view):
        return handed
    if view.reason == Reason.OTHER_ACCOUNT:
        return passed_back("triage", view.facts["account"])
    if view.reason in GIVEN_BACK:
        return given_back(view)
    wrong = misnumbered(view)
    if wrong and not read(view.latest).facts.order_ids:
        return once_more(view, no_order_number(wrong[0]))
    target = "refunds" if kind in REFUNDS or view.reason == Reason.CHARGED_TWICE else "payments"
    orders = orders_of(view)
    looked = view.last("get_user_details")
    if kind == "refund_duplicate" and not orders and view.customer_id and not looked:
        return call("get_user_details", user_id=view.customer_id)
    if not orders and looked and looked.done:
        orders = tuple(looked.result.get("orders", [])[-MOST_ORDERS:])
    facts = {"order_ids": list(orders)} if orders else {}
    return HandOff(target, view.note, facts, reason=Reason.PASSED_ON)


def given_back(view: View) -> Move:
    """What the specialist whose it is by its kind could not settle: they do not get it again, as nothing new was said."""
    if view.reason == Reason.OTHER_DEPARTMENT:
        return HandOff("triage", view.note, reason=Reason.OTHER_DEPARTMENT)
    if view.reason == Reason.GOODS_FIRST:
        return HandOff("triage", view.note, reason=Reason.GOODS_FIRST)
    return transfer(view, f"It came back to billing: {view.note}" if view.note else "Nobody in billing could settle it.")


agent = AgentSpec(
    name="billing",
    description="Charges, refunds, invoices and payment methods.",
    prompt=PROMPT,
    tools=(get_user_details, search_articles, transfer_to_human_agents),
    temperature=0.1,
    rules_first=True,
    without_model=without_model,
)
