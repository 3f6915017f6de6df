"""Other options of the same product: in a pending order by changing its items, in a delivered one by an exchange."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.orders.changes import UNDER_WAY, Order, done, is_alone, lines, send_back, too_late
from agents.orders.outcome import Step, needs_human
from agents.orders.paying import paid_by
from agents.orders.second_thoughts import items_meant, wish_read_back
from agents.orders.status import PENDING, allows, item_label, items_listed, options_listed, status_text
from agents.orders.which_orders import orders_read, unread_orders
from agents.products.items import EVERYTHING, Item, found_in, named_items
from agents.products.options import Wish
from agents.products.wishes import CHEAPEST, DEAREST, WISH_PART, said, wished, wishes_in
from agents.requests.clauses import by_deed, words_on
from agents.requests.reading import read
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View

AGAIN = re.compile(
    r"\b(?:replace\w*|another|new one|same|working one|fresh one|correct one|right one|exchange it|instead(?! of))\b",
    re.IGNORECASE,
)
LIKE_OWN = re.compile(
    r"\b(?:same|identical|like|match\w*)\b[^.!?;\n]{0,40}"
    r"\b(?:the|my) (?:one|ones|other|others|first|second|old|previous|delivered)\b",
    re.IGNORECASE,
)
"""That something is to be like another piece of the customer's own."""
HAVE = re.compile(r"\b(?:received|got|have|own|arrived|delivered|came)\b", re.IGNORECASE)
SENTENCES = re.compile(r"[.!?;\n]")
MONEY = re.compile(r"\bmoney\b|\bsend (?:it|them|those|these) back\b", re.IGNORECASE)
TOOLS = {"pending": "modify_pending_order_items", "delivered": "exchange_delivered_order_items"}


def swap(view: View, order: Order, *, same: bool = False) -> Step:
    """Items of an order for other options: which items, which options, the difference in price, then the change.

    With `same` the option that was ordered is sent once more where no other one is wished for.
    """
    order_id, status, items = order["order_id"], order["status"], order["items"]
    if status in UNDER_WAY:
        return needs_human(f"the customer wants other items in order {order_id}. {status_text(order)}")
    if status not in TOOLS:
        return Say(f"The items of order {order_id} cannot be changed now. {status_text(order)} {allows(order)}")
    if "returns_closed_on" in order:
        return too_late(view, order)
    words = words_on(view.text, order_id)
    if len(items) > 1 and not (CHEAPEST.search(words) or DEAREST.search(words)):
        words = EVERYTHING.sub(" ", words)
    named = items_meant(view, WISH_PART.sub(" ", words), items)
    named = named if named.items or named.unclear else items_meant(view, words, items)
    chosen = named.items or (tuple(items) if is_alone(view, order) else ())
    kept = found_in(read(view.latest).left_alone, chosen) if view.questions else []
    chosen = tuple(item for item in chosen if item not in kept) or chosen
    missing = [i["product_id"] for i in (chosen or named.unclear) if product(view, i["product_id"]) is None]
    if missing:
        return Call("get_product_details", {"product_id": missing[0]})
    chosen = chosen or changeable(view, named.unclear)
    if not chosen:
        return Say(
            f"Which items of order {order_id} would you like to change, and to what?\n{lines(named.unclear or items)}",
            asks=True,
        )
    if LIKE_OWN.search(view.text) and (call := unread_orders(view)):
        return call
    variants = [p for p in (product(view, i["product_id"]) for i in chosen) if p]
    if len(variants) < len(chosen):
        return needs_human(f"a product of order {order_id} could not be read.")
    wishes = [
        wish_read_back(view, item, options) or like_their_own(view, item, options, alone=len(chosen) == 1) or wish
        for item, wish, options in zip(chosen, wishes_in(view, order_id, chosen, variants, same=same), variants, strict=True)
    ]
    for item, wish, options in zip(chosen, wishes, variants, strict=True):
        if wish.is_open:
            return ask_option(item, options, sold_out=wish.sold_out)
    new = [(item, wish.item_id) for item, wish in zip(chosen, wishes, strict=True) if wish.item_id]
    if not new:
        return Say(f"Of order {order_id} you have what you ask for already: {items_listed(chosen)}. Nothing had to be changed.")
    return changed_items(view, order, [item for item, _ in new], [item_id for _, item_id in new])


def like_their_own(view: View, item: Item, variants: Mapping[str, Any], *, alone: bool) -> Wish | None:
    """The variant of another piece of theirs, where it is to be like that one: "the same as the one I received". None where the
    words do not say so, or fit several pieces.
    """
    asked = [one for one in SENTENCES.split(view.text) if LIKE_OWN.search(one) and (alone or found_in(one, [item]))]
    if not asked:
        return None
    received = bool(HAVE.search(asked[-1]))
    own = {
        other["item_id"]
        for order in orders_read(view)
        if order["status"] != "cancelled" and (order["status"] not in PENDING or not received)
        for other in order["items"]
        if other["product_id"] == item["product_id"] and other["item_id"] != item["item_id"]
    }
    if len(own) != 1 or not own <= set(variants):
        return None
    [one] = own
    return Wish(one) if variants[one]["available"] else Wish(sold_out=True)


def either_way(view: View, order: Order) -> Say | None:
    """The question what is to be done with an order some of whose items are to be returned and others exchanged: it allows
    only one of that, once. None where that is not so, or was answered.
    """
    opening, answers = said(view)[0], view.latest if view.questions else ""
    parts = by_deed(words_on(opening, order["order_id"]))
    back, again = (found_in(parts.get(kind, ""), order["items"]) for kind in ("return_items", "exchange_items"))
    if order["status"] != "delivered" or not back or not again or len(by_deed(answers)) == 1:
        return None
    return Say(
        f"Of order {order['order_id']} items can be returned or exchanged, one of the two and only once. Shall I request the "
        f"return of {items_listed(back)}, or the exchange of {items_listed(again)}?",
        asks=True,
    )


def of_one_deed(view: View, kind: str, order: Order) -> tuple[View, str]:
    """The matter as it is about one order of a message that wishes for a return of this and an exchange of that: the words on
    the deed for the order's items, and that deed.
    """
    opening, *answers = said(view)
    parts = by_deed(opening)
    if len(parts) < 2 or kind not in parts:
        return view, kind
    chosen = [next(iter(found)) for answer in answers if len(found := by_deed(answer)) == 1]
    named = [deed for deed, words in parts.items() if found_in(words, order["items"])]
    own = chosen[-1] if chosen else named[0] if named else kind
    return replace(view, text="\n".join([parts.get(own, opening), *answers])), own


def changeable(view: View, pieces: Sequence[Item]) -> tuple[Item, ...]:
    """Of several pieces of one name the one that the wish can be meant for: it is not what is wished for already."""
    fit = [piece for piece in pieces if wished([view.text], piece, product(view, piece["product_id"]) or {}).item_id]
    return tuple(fit[:1]) if fit and all(piece["item_id"] == fit[0]["item_id"] for piece in fit) else ()


def changed_items(view: View, order: Order, chosen: Sequence[Item], new_ids: Sequence[str]) -> Step:
    """The change; what it costs the customer hears before they say yes to it."""
    method = paid_by(view, order)
    if not isinstance(method, str):
        return method
    arguments = {
        "order_id": order["order_id"],
        "item_ids": [i["item_id"] for i in chosen],
        "new_item_ids": list(new_ids),
        "payment_method_id": method,
    }
    return done(view, Call(TOOLS[order["status"]], arguments))


def ask_option(item: Item, variants: Mapping[str, Any], *, sold_out: bool) -> Say:
    """What there is instead, where the wish fits no option or several."""
    others = options_listed(variants, but=item["item_id"])
    opening = "That option is not available now. " if sold_out else ""
    if not others:
        return Say(f"{opening}There is no other option of the {item['name']} in stock, so I cannot change it at the moment.")
    return Say(
        f"{opening}Your {item_label(item)} can be changed to one of these options of the same product. Which one?\n{others}",
        asks=True,
    )


def product(view: View, product_id: str) -> Mapping[str, Any] | None:
    """The variants of a product, where they were read; empty where that failed."""
    for call in view.calls:
        if call.tool == "get_product_details" and call.arguments.get("product_id") == product_id:
            variants: Mapping[str, Any] = call.result["variants"] if call.done else {}
            return variants
    return None


def mend(view: View, order: Order) -> Step:
    """Something arrived damaged or wrong: money back or a replacement, as the customer says; asked where they do not."""
    order_id, status = order["order_id"], order["status"]
    if status != "delivered":
        if status in (*UNDER_WAY, *PENDING, "processed"):
            return needs_human(f"the customer reports damage on order {order_id}, which is recorded as {status}.")
        return Say(f"I am sorry about that. {status_text(order)} {allows(order)}")
    if "returns_closed_on" in order:
        return needs_human(f"damage on order {order_id}, whose 30 days for a return are over. {status_text(order)}")
    back, again = way_out(view)
    if back and not again:
        return send_back(view, order)
    if again and not back:
        return swap(view, order, same=True)
    item = named_items(view.text, order["items"]).items
    if item and len(item) < len(order["items"]):
        what = f"the {items_listed(item)}"
        return Say(f"For {what} from order {order_id}: shall it come back for your money, or be replaced?", asks=True)
    return Say(
        f"I am sorry that something is wrong with order {order_id}. Would you like to send it back for your money, or have "
        f"it exchanged? It holds {items_listed(order['items'])}; if it is not all of it, please name the item.",
        asks=True,
    )


def way_out(view: View) -> tuple[bool, bool]:
    """Whether the customer wants money back, and whether a replacement: in the newest words, else in all."""
    for text in (*reversed(view.text.splitlines()), view.text):
        scores = read(text).scores
        back = scores.get("return_items", 0) > 0 or scores.get("refund_full", 0) > 0 or bool(MONEY.search(text))
        again = scores.get("exchange_items", 0) > 0 or (bool(AGAIN.search(text)) and scores.get("exchange_items", 0) >= 0)
        if back or again:
            return back, again
    return False, False
