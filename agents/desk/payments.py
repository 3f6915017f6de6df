"""Payments: explains charges, invoices and payment methods, and changes how a pending order is paid."""

import re

from agents.cases.accounts import other_account
from agents.cases.answers import INSTEAD, says_no
from agents.cases.by_play import by_play
from agents.cases.case import kind_of, orders_of
from agents.cases.chargebacks import bank_took_back
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.plays.payments import change_payment, explain_charge, on_file, own_plan, question
from agents.reasons import Reason
from agents.requests.reading import read
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import left_as_it_is
from tools.accounts import get_user_details
from tools.knowledge import search_articles
from tools.money import list_charges, quote_refund
from tools.orders import modify_pending_order_payment
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You look after how customers pay. list_charges and get_user_details show what was paid and which methods are on file; \
quote_refund tells what could be refunded, without doing it. modify_pending_order_payment moves a pending order to \
another method of the same customer; a gift card must cover the whole amount. search_articles says which methods we \
take. You cannot store a card: say where customers do that. Hand back to billing when the customer wants the money \
back that was charged twice (reason charged_twice), or another department is asked for (reason other_department). \
Signs of fraud: hand_off to human. A good answer names order, method and amount."""

PLAYS = {
    "change_payment": change_payment.play,
    "payment_method": on_file.play,
    "invoice": on_file.play,
    "subscription_change": own_plan.play,
    "plan_question": own_plan.play,
}
"""By the kind of the request; about orders that are named all else is what they were charged, and without one a question."""
PAYS = re.compile(r"^(?!.*\b(?:did|was|were|which)\b).*\b(?:pay|use|charge)\b", re.IGNORECASE | re.DOTALL)
"""Paying an order that was named, in the time to come."""


def without_model(view: View) -> Move | Unsure:
    """A person where one is needed, else what the play of the request has next."""
    if said := transferred(view) or other_account(view, "billing"):
        return said
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about a payment.")
    if not view.customer_id:
        return by_play(view, question.play)
    if bank_took_back(view.text):
        return transfer(view, "The customer says that their bank took a charge back. Compare that with the records.")
    if says_no(view) and not view.last(modify_pending_order_payment.name):
        return left_as_it_is(view)
    if view.questions and INSTEAD.search(view.latest) and read(view.latest).verdict("cancel_order") == "asked":
        facts = {"kind": "cancel_order", "order_ids": list(orders_of(view))}
        return HandOff("billing", "The order is to be cancelled instead.", facts, reason=Reason.OTHER_DEPARTMENT)
    return by_play(view, play_for(view))


def play_for(view: View) -> Play:
    orders, kind = orders_of(view), kind_of(view)
    if kind == "payment_method" and orders and PAYS.search(view.text):
        return change_payment.play
    return PLAYS.get(kind) or (explain_charge.play if orders else question.play)


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
    plays=(change_payment.play, explain_charge.play, on_file.play, own_plan.play, question.play),
    without_model=without_model,
    reasons=(Reason.CHARGED_TWICE, Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
)
