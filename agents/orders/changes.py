"""What becomes of one order: the next call on it, or what to tell the customer. The order's status decides.

An order is the result of get_order_details; every function answers with the next `Call`, a `Say`, or a `HandOff` where
only a human can help.
"""

import re
from collections.abc import Mapping
from typing import Any

from agents.cases.answers import is_told_to_cancel, says_no, says_yes
from agents.cases.case import addresses_given, kind_of
from agents.orders.known_addresses import alike, known_address
from agents.orders.outcome import Step, changed, needs_human, told
from agents.orders.paying import OTHER_METHOD, not_that_way, paid_by, refused, where_back
from agents.orders.second_thoughts import items_meant, not_again
from agents.orders.status import (
    PENDING,
    address_line,
    allows,
    dated,
    items_listed,
    parcels,
    price,
    status_text,
)
from agents.orders.which_orders import ALL_ORDERS, is_place, order_ids, orders_read
from agents.products.items import ALL, found_in, named_items
from agents.requests.clauses import words_on
from agents.requests.reading import read
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View

Order = Mapping[str, Any]

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
WHY = "Is it no longer needed, or was it ordered by mistake?"


def done(view: View, call: Call) -> Step:
    """The call, if it was not made yet; else what came of it."""
    order_id = call.arguments["order_id"]
    for made in reversed(view.calls):
        if made.tool == call.tool and made.arguments.get("order_id") == order_id:
            if made.done or made.operator_said_no:
                return told(view, made)
            if dict(made.arguments) == dict(call.arguments):
                return refused(made) or needs_human(f"a change of order {order_id} was refused: {made.text}")
    return not_again(view, call)


def cancel(view: View, order: Order) -> Step:
    """Cancel a pending order for one of the two reasons; else say why not, and what would work."""
    order_id, status = order["order_id"], order["status"]
    tried = [c for c in view.calls if c.tool == "cancel_pending_order" and c.arguments.get("order_id") == order_id]
    if tried and (tried[-1].done or tried[-1].operator_said_no):
        return told(view, tried[-1])
    if status == "delivered" and view.questions and (says_yes(view) or named_items(view.latest, order["items"]).items):
        return send_back(view, order)
    if status == "delivered":
        late = f"Order {order_id} was delivered{dated(order, 'delivered_on', ' on ')}, so it can no longer be cancelled"
        if "returns_closed_on" in order:
            return too_late(view, order, ", so it can no longer be cancelled")
        what = f"{items_listed(order['items'])}, {price(order['total'])}"
        return Say(f"{late}, but returned: {what}. {allows(order)} Shall I arrange that?", asks=True)
    if status == "cancelled":
        return Say(f"{status_text(order)} Nothing is left to do.")
    if status in UNDER_WAY:
        return needs_human(f"the customer wants to cancel order {order_id}. {status_text(order)}")
    if status != "pending":
        return Say(f"Order {order_id} can no longer be cancelled. {status_text(order)} {allows(order)}")
    reason = reason_given(view)
    part = () if ALL_ORDERS.search(view.text) else named_items(words_on(view.text, order_id), order["items"]).items
    if asks_back(view) and KEEPS_SOME.search(view.latest):
        part = tuple(found_in(view.latest, order["items"]))
        if not part or len(part) == len(order["items"]):
            return Say(f"All right, I leave it as it is. {status_text(order)}")
    agreed = says_yes(view) or reason_answered(view) or (view.questions and ALL.search(view.latest))
    if part and len(part) < len(order["items"]) and not agreed:
        return Say(
            f"Order {order_id} can only be cancelled as a whole; single items cannot be taken out of it. It holds "
            f"{items_listed(order['items'])}. Shall I cancel all of it?" + ("" if reason else f" {WHY}"),
            asks=True,
        )
    if elsewhere := not_that_way(view, order):
        return Say(f"{elsewhere} Shall I cancel order {order_id} all the same?" + ("" if reason else f" {WHY}"), asks=True)
    if reason is None and says_yes(view):
        reasons = '"no longer needed" or "ordered by mistake"'
        return Say(f"To cancel order {order_id} I only need the reason: {reasons}?", asks=True)
    if reason is None:
        what = f"{items_listed(order['items'])}, {price(order['total'])}"
        if view.questions and re.search(r"\b(?:why|reason)\b", view.latest, re.IGNORECASE):
            return Say(f"I can only cancel an order for one of two reasons, and record which. {WHY}", asks=True)
        if asks_back(view):
            return Say(f"{status_text(order)}\nI have not cancelled it. If I should: {WHY[0].lower()}{WHY[1:]}", asks=True)
        return Say(f"I can cancel order {order_id} ({what}), which refunds all of it. {WHY}", asks=True)
    return done(view, Call("cancel_pending_order", {"order_id": order_id, "reason": reason}))


UNDER_WAY = ("return requested", "exchange requested")
"""Statuses in which nothing more can be done here; a colleague can."""


def too_late(view: View, order: Order, so: str = "") -> Step:
    """A delivered order whose 30 days are over: only a colleague can make an exception."""
    why = f"Order {order['order_id']} was delivered{dated(order, 'delivered_on', ' on ')}{so}. {allows(order)}"
    if says_yes(view):
        return needs_human(f"the customer asks for a return or exchange after the 30 days. {why}")
    return Say(f"{why} I cannot take it back any more. Shall I pass you on to a colleague, who can look at it?", asks=True)


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


def readdress(view: View, order: Order) -> Step:
    """Another address for an order that was not sent yet."""
    order_id, status = order["order_id"], order["status"]
    if status not in PENDING:
        way = ""
        if status == "processed":
            way = (
                " On the carrier's tracking page you can send it to a neighbour or a pick-up point. If it comes back to "
                "us, it is refunded."
            )
        sent = f" ({parcels(order)})" if status == "processed" and parcels(order) else ""
        return Say(f"Order {order_id} is {status}{sent}, so its address can no longer be changed.{way}")
    newest = read(view.latest).facts.addresses if view.questions else ()
    pointed = None if newest or addresses_given(view) else known_address(view, order)
    if isinstance(pointed, Call):
        return pointed
    given = [vars(a) for a in newest or addresses_given(view)] or ([dict(pointed)] if pointed else [])
    wished = [address for address in given if not alike(address, order["address"])]
    if wished:
        return done(view, Call("modify_pending_order_address", {"order_id": order_id, **wished[-1]}))
    if given:
        return Say(f"Order {order_id} already goes to {address_line(order['address'])}. Nothing had to be changed.")
    return Say(
        f"Order {order_id} goes to {address_line(order['address'])} and can still be sent elsewhere. What is the full new "
        "address: number and street, city, state and zip code?",
        asks=True,
    )


def send_back(view: View, order: Order) -> Step:
    """The return of delivered items, refunded to where they were paid from, or where the customer says."""
    order_id, status, items = order["order_id"], order["status"], order["items"]
    if status == "pending":
        if says_yes(view) or reason_answered(view):
            return cancel(view, order)
        return Say(
            f"Order {order_id} has not been sent yet, so there is nothing to send back. I can cancel it, which refunds "
            f"all of it: {items_listed(items)}, {price(order['total'])}. Shall I? {WHY}",
            asks=True,
        )
    if status in UNDER_WAY:
        return needs_human(f"the customer wants to return something of order {order_id}. {status_text(order)}")
    if status != "delivered":
        return Say(f"Nothing can be returned from order {order_id} now. {status_text(order)} {allows(order)}")
    if "returns_closed_on" in order:
        return too_late(view, order)
    named = items_meant(view, words_on(view.text, order_id), items)
    chosen = named.items or (tuple(items) if is_alone(view, order) else ())
    if named.unclear or not chosen:
        return Say(f"Which items of order {order_id} would you like to send back?\n{lines(named.unclear or items)}", asks=True)
    if OTHER_METHOD.search(view.latest if view.questions else view.text):
        return Say(where_back(str(order["payment_history"][0]["payment_method_id"])), asks=True)
    method = paid_by(view, order)
    if not isinstance(method, str):
        return method
    arguments = {"order_id": order_id, "item_ids": [i["item_id"] for i in chosen], "payment_method_id": method}
    return done(view, Call("return_delivered_order_items", arguments))


def is_alone(view: View, order: Order) -> bool:
    """Whether an order's one item can be meant where the words name none of it: they name nothing of another order read."""
    if len(order["items"]) != 1:
        return False
    others = [item for other in orders_read(view) if other["order_id"] != order["order_id"] for item in other["items"]]
    own = {item["name"] for item in order["items"]}
    return not any(item["name"] not in own for item in found_in(read(words_on(view.text, order["order_id"])).asked, others))


def lines(items: Any) -> str:
    return "\n".join(f"- {items_listed([item])}" for item in items)


def nothing(view: View) -> Say | None:
    """The end of a matter that the customer takes back."""
    cancels = kind_of(view) == "cancel_order" or is_told_to_cancel(view.text)
    if cancels and (reason_answered(view) or asks_back(view)):
        return None  # "don't need it any more" is why, and no refusal
    return Say("All right, I leave it as it is.") if says_no(view) and not changed(view) else None
