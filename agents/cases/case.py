"""What every specialist's rules need to know of a case: its facts, what is asked for, and its order."""

from agents.cases.handover import transfer
from agents.requests.facts import Facts
from agents.requests.numbers import how_it_looks
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View
from switchboard.reading.facts.people import Address

MOST_PARTS = 4
"""Messages that an address may be spread over."""


def facts_of(view: View) -> Facts:
    return read(view.text).facts


def addresses_given(view: View) -> tuple[Address, ...]:
    """The street addresses of the customer's words; one that they give piece by piece, a message each, is read as one."""
    given = facts_of(view).addresses
    parts = [line.strip(" .,") for line in view.text.splitlines() if line.strip(" .,")]
    for first in range(-2, -min(len(parts), MOST_PARTS) - 1, -1):
        if not given and view.questions:
            given = read(", ".join(parts[first:])).facts.addresses
    return given


def kind_of(view: View) -> RequestKind:
    """What is asked for: what triage read from the words, else what they say now."""
    return view.facts.get("kind") or read(view.text).request.kind


def orders_of(view: View) -> tuple[str, ...]:
    """The order ids of the case: the newest words first, then the handoff's."""
    spoken = (*read(view.latest).facts.order_ids, *facts_of(view).order_ids)
    return tuple(dict.fromkeys((*spoken, *view.facts.get("order_ids", ()))))


def ask_which_order(view: View, known: tuple[str, ...] = ()) -> Move:
    """Ask for the order number once; the second time a human helps."""
    if view.questions > 1:
        return transfer(view, "The customer could not name the order.")
    listed = f" Your orders are {', '.join(known)}." if known else ""
    return Say(
        f"Which order is it about? The number {how_it_looks()} and stands in the confirmation e-mail.{listed}", asks=True
    )
