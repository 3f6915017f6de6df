"""A pending order is cancelled as a whole, for one of the two reasons; else it is told why not, and what would work."""

import re
from collections.abc import Sequence

from agents.cases.answers import says_yes
from agents.orders.outcome import changed, sent_back
from agents.orders.paying import not_that_way
from agents.orders.status import Order, dated
from agents.orders.which_orders import ALL_ORDERS, is_place, order_ids
from agents.plays.orders.one_order import STATUS, but, changing, is_closed, not_under_way, order_of, say, too_late, words
from agents.plays.orders.reports import is_late, wait_or_trace
from agents.products.items import ALL, Item, found_in, named_items
from agents.requests.clauses import words_on
from agents.requests.reading import read
from switchboard.declare.moves import Move, Say
from switchboard.declare.play import Condition, Found, Play, Slot
from switchboard.declare.transcript import View
from tools.orders import cancel_pending_order

MISTAKE = re.compile(r"\b(?:mistake|accident\w*|error|wrong(?:ly)?)\b", re.IGNORECASE)
NOT_NEEDED = re.compile(
    r"\b(?:no longer|not (?:needed|wanted|required|any ?more)|any ?more|"
    r"(?:do not|don['’]?t|won['’]?t|will not|did not|didn['’]?t) (?:really |actually )?(?:need|want) "
    r"(?:it|this|that|them|the \w+)|"
    r"chang\w* (?:my|our) minds?|cheaper|elsewhere|too late|the first(?: one)?[.! ]*$|(?:not|never) need(?:ed)? (?:it|them))\b",
    re.IGNORECASE,
)
BARE_REASON = re.compile(r"\W*(?:because |the )?(?:not? need(?:ed)?|unneeded|needed|first|former)\W*", re.IGNORECASE)
KEEPS_SOME = re.compile(r"\bkeep(?:ing|s)?\b", re.IGNORECASE)
ASKS_BACK = re.compile(
    r"\?|\b(?:want|like|need) to (?:know|ask|see|understand)\b|^\W*(?:(?:and|but|so|first|actually|wait|ok(?:ay)?)\W+)*"
    r"(?:when|what|where|why|how|which|who|does|do you|is it|will it|can i)\b",
    re.IGNORECASE,
)
"""An answer that asks something itself, or wants to keep something: no reason, and no yes."""
CANCELS = re.compile(r"\bcancel\b", re.IGNORECASE)
ASKS_WHY = re.compile(r"\b(?:why|reason)\b", re.IGNORECASE)
WHY = "Is it no longer needed, or was it ordered by mistake?"


def reason_answered(view: View) -> str | None:
    """The reason in an answer to our question, where a word is enough."""
    latest = view.latest
    if is_place(latest) and not order_ids(view) and sum(c.done and c.result.get("status") == "pending" for c in view.calls) > 1:
        return None  # it says which order, where several were listed
    if not view.questions or asks_back(view) or read(latest).verdict("cancel_order") != "asked":
        return None
    if MISTAKE.search(latest):
        return "ordered by mistake"
    return "no longer needed" if NOT_NEEDED.search(latest) or BARE_REASON.fullmatch(latest) else None


def asks_back(view: View) -> bool:
    """Whether the answer to our question is none: it asks something itself, or wants to keep something."""
    if read(view.latest).facts.reason and CANCELS.search(view.latest) and read(view.latest).verdict("cancel_order") == "asked":
        return False  # "cancel it, I no longer need it. How much do I get back?"
    return view.questions > 0 and bool(ASKS_BACK.search(view.latest) or KEEPS_SOME.search(view.latest))


def reason_given(view: View) -> str | None:
    """The reason for a cancellation: in all that was written, without an answer that asks back."""
    told = view.text.removesuffix(view.latest) if asks_back(view) else view.text
    if view.unconfirmed and (given := view.unconfirmed[-1].arguments.get("reason")):
        chose = changed(view)  # one of the calls that were read back together: their words were about that
        return str(given) if chose else reason_answered(view) or str(given)
    return read(told).facts.reason or reason_answered(view)


def reason(view: View, found: Found) -> str | Say:
    if given := reason_given(view):
        return given
    if says_yes(view):
        ask = 'To cancel order {order} I only need the reason: "no longer needed" or "ordered by mistake"?'
    elif view.questions and ASKS_WHY.search(view.latest):
        ask = f"I can only cancel an order for one of two reasons, and record which. {WHY}"
    elif asks_back(view):
        ask = f"{{recorded}}\nI have not cancelled it. If I should: {WHY[0].lower()}{WHY[1:]}"
    else:
        ask = f"I can cancel order {{order}} ({{what}}), which refunds all of it. {WHY}"
    return say(ask, asks=True)(view, found)


def keeps_some(view: View) -> bool:
    return asks_back(view) and bool(KEEPS_SOME.search(view.latest))


def part(view: View, order: Order) -> Sequence[Item]:
    """The items of a part of the order that is to be cancelled, or kept; empty where it is all of it, or none."""
    if keeps_some(view):
        named: Sequence[Item] = found_in(view.latest, order["items"])
    else:
        text = words_on(view.text, order["order_id"])
        named = () if ALL_ORDERS.search(view.text) else named_items(text, order["items"]).items
    return named if len(named) < len(order["items"]) else ()


def is_part(view: View, found: Found) -> bool:
    agreed = says_yes(view) or reason_answered(view) or (view.questions and ALL.search(view.latest))
    return (keeps_some(view) or not agreed) and bool(part(view, order_of(found)))


def all_the_same(view: View, why: str, ask: str) -> Say:
    """Why it is not as they wish, and the question whether to cancel it nevertheless, with that for a reason."""
    return Say(f"{why} {ask}" + ("" if reason_given(view) else f" {WHY}"), asks=True)


def whole_only(view: View, found: Found) -> Say:
    why = "Order {order} can only be cancelled as a whole; single items cannot be taken out of it. It holds {items}."
    return all_the_same(view, why.format(**words(found)), "Shall I cancel all of it?")


def paid_back(view: View, found: Found) -> Say:
    order = order_of(found)
    return all_the_same(view, not_that_way(view, order), f"Shall I cancel order {order['order_id']} all the same?")


def delivered(view: View, found: Found) -> Move:
    if is_closed(view, found):
        return too_late(view, found, ", so it can no longer be cancelled")
    on = dated(order_of(found), "delivered_on", " on ")
    late = f"Order {{order}} was delivered{on}, so it can no longer be cancelled, but returned: {{what}}."
    return say(f"{late} {{allows}} Shall I arrange that?", asks=True)(view, found)


def sent_already(view: View, found: Found) -> Say:
    late = f" {wait_or_trace(order_of(found))}" if is_late(view, found) else ""
    return say(f"Order {{order}} can no longer be cancelled. {{recorded}} {{allows}}{late}")(view, found)


def told(_: View, found: Found) -> str:
    return f"Order {found['order']} is cancelled.{sent_back(found['result'])}"


play = Play(
    name="cancel_order",
    about="The customer wants to cancel an order.",
    process=changing(
        cancel_pending_order.name,
        told,
        Condition(STATUS, but("delivered"), delivered),
        Condition(STATUS, but("cancelled"), say("{recorded} Nothing is left to do.")),
        not_under_way("to cancel"),
        Condition(STATUS, ("pending",), sent_already),
        Condition(
            lambda view, found: keeps_some(view) and not part(view, order_of(found)),
            (False,),
            say("All right, I leave it as it is. {recorded}"),
        ),
        Condition(is_part, (False,), whole_only),
        Condition(lambda view, found: not_that_way(view, order_of(found)), ("",), paid_back),
        slots=(Slot("reason", find=reason),),
        arguments={"reason": "reason"},
    ),
)
