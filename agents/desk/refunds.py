"""Refunds: finds what is refundable and gives it back, to where it was paid from."""

from dataclasses import replace

from agents.cases.accounts import other_account
from agents.cases.answers import says_no
from agents.cases.by_play import by_play
from agents.cases.case import kind_of
from agents.cases.chargebacks import bank_took_back
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.money.refund_asked import allowed
from agents.orders.turns import turned_to
from agents.plays.refunds import duplicate, full, no_duplicate, partial, status
from agents.plays.refunds.paying_back import charged_twice, refunds_made
from agents.reasons import Reason
from agents.requests.requests import RequestKind
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import left_as_it_is
from tools.money import list_charges, refund_order
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You give money back. Call list_charges first, always: it shows what was charged, what was refunded and what is still \
refundable. Then call refund_order once, with the amount, or the duplicate charge, that the records bear out, not \
the amount that was claimed. If nothing is refundable, or the order is delivered and the goods come back first, say \
so and hand back to billing (reason goods_first), which passes on the return; a matter of another department goes back, too \
(reason other_department). What the customer's bank took back \
(a chargeback), other disputes, and more than the rules allow: hand_off to human, and pay nothing on top. A good answer \
says: refunded, how much, to which method, by when. Say "refunded" only \
after refund_order succeeded, and "ordered, not confirmed yet" where its refund_state is requested."""
TURNS_TO: tuple[RequestKind, ...] = ("cancel_order", "exchange_items", "change_items", "change_address")
"""What an answer to our question may ask for in place of a refund."""
PLAYS = {
    "refund_duplicate": no_duplicate.play,
    "refund_full": full.play,
    "refund_partial": partial.play,
    "refund_status": status.play,
}
"""By the kind of the request. A charge that the rows show to be made twice comes before all of them, whatever was asked."""


def without_model(view: View) -> Move | Unsure:
    """A person where one is needed, else what the play of the request has next."""
    if said := transferred(view):
        return said
    tried, made = view.last(refund_order.name), refunds_made(view)
    if tried and not tried.done:
        why = f"A refund was not possible: {tried.text}"
        return by_play(view, play_for(view)) if tried.operator_said_no else transfer(view, why)
    if handed := other_account(view, "billing"):
        return handed
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about a refund.")
    if not tried and (turned := turned_to(view, kind_of(view), TURNS_TO)):
        return replace(turned, to="billing")  # whose specialist this is
    if says_no(view) and not made:
        return left_as_it_is(view)
    if bank_took_back(view.text) and not made:
        why = "The customer says that their bank took a charge back. Compare that with the records; pay nothing before."
        return transfer(view, why)
    return by_play(view, play_for(view))


def play_for(view: View) -> Play:
    """The play of the request; what was paid back already tells that of the duplicate, too."""
    if refunds_made(view) or charged_twice(view):
        return duplicate.play
    return PLAYS.get(kind_of(view), partial.play)


agent = AgentSpec(
    name="refunds",
    description="Gives back duplicate charges and what else is refundable.",
    prompt=PROMPT,
    tools=(list_charges, refund_order, transfer_to_human_agents),
    plays=(duplicate.play, full.play, no_duplicate.play, partial.play, status.play),
    model="strong",
    temperature=0.1,
    without_model=without_model,
    reasons=(Reason.GOODS_FIRST, Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
    allows=allowed,
)
