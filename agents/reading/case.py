"""What every specialist's rules need to know of a case: its facts, its order, and the questions that are asked often."""

from agents.reading.extraction import Facts, facts_in
from agents.reading.requests import RequestKind, request_in
from runtime.moves import Calls, Move, Say, call
from runtime.transcript import View

TRANSFER = "transfer_to_human_agents"
NEEDS_HUMAN = "needs a human"
"""How a note begins with which a specialist hands a matter back that only a person can settle."""

KINDS_OF: dict[str, tuple[RequestKind, ...]] = {
    "billing": (
        "refund_duplicate", "refund_full", "refund_partial", "refund_status", "explain_charge", "invoice", "payment_method",
        "change_payment",
    ),
    "orders": (
        "order_status", "late_parcel", "cancel_order", "change_address", "change_items", "change_payment", "return_items",
        "exchange_items", "damaged", "refund_full", "refund_status",
    ),
}  # fmt: skip
"""What can be asked of a department whose requests differ in what is done; the others take every kind."""


def kind_in(text: str, department: str) -> RequestKind:
    """What is asked for, read as that department reads it: "give it back" is money in billing and a parcel in orders."""
    found = request_in(text, KINDS_OF[department]).kind if department in KINDS_OF else "unknown"
    return found if found != "unknown" else request_in(text).kind


DEPARTMENT_OF: dict[str, str] = {
    **dict.fromkeys(KINDS_OF["orders"], "orders"),
    **dict.fromkeys(KINDS_OF["billing"], "billing"),
    **dict.fromkeys(("plan_question", "price_question", "product_question", "subscription_change"), "sales"),
    **dict.fromkeys(("password", "locked", "two_factor", "user_address", "close_account"), "account"),
    "technical": "support",
}
"""Whose a request is, where its words alone say so; the others can be anyone's."""


def facts_of(view: View) -> Facts:
    return facts_in(view.text)


def kind_of(view: View) -> RequestKind:
    """What is asked for: what triage read from the words, else what they say now."""
    return view.facts.get("kind") or request_in(view.text).kind


def orders_of(view: View) -> tuple[str, ...]:
    """The order ids of the case: the newest words first, then the handoff's."""
    spoken = (*facts_in(view.latest).order_ids, *facts_of(view).order_ids)
    return tuple(dict.fromkeys((*spoken, *view.facts.get("order_ids", ()))))


def ask_which_order(view: View, known: tuple[str, ...] = ()) -> Move:
    """Ask for the order number once; the second time a human helps."""
    if view.questions > 1:
        return transfer(view, "The customer could not name the order.")
    listed = f" Your orders are {', '.join(known)}." if known else ""
    return Say(f"Which order is it about? The number begins with #W and stands in the confirmation e-mail.{listed}", asks=True)


def transfer(view: View, why: str) -> Calls:
    """Hand the customer to a human with what is known. The call can be made once; `transferred` says how it went."""
    said = " ".join(view.text.split())[:1500]
    return call(TRANSFER, summary=f"{why} Customer {view.customer_id or 'not verified'} wrote: {said}")


def transferred(view: View) -> Say | None:
    """What to say once the transfer was tried; None while it was not."""
    tried = view.last(TRANSFER)
    if tried is None:
        return None
    if tried.done:
        return Say(f"I am handing you over to a colleague, who has everything you wrote. {tried.result}")
    return Say("I cannot reach a colleague right now. Nothing was changed. Please write again, and a human will see it.")
