"""What every specialist's rules need to know of a case: its facts, what is asked for, and its order."""

from agents.cases.handover import transfer
from agents.requests.facts import Facts, facts_in
from agents.requests.requests import RequestKind, request_in
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View


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
