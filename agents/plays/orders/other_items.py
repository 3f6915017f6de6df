"""Other options of the same product: in a pending order by changing its items, in a delivered one by an exchange."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.orders.outcome import NEXT, Step, needs_human, product, sent_back
from agents.orders.paying import paid_by
from agents.orders.second_thoughts import items_meant, wish_read_back
from agents.orders.status import PENDING, Order, by_ids, item_label, items_listed, label, listed, options_listed
from agents.orders.which_orders import orders_read, unread_orders
from agents.plays.orders.one_order import NOT_CLOSED, STATUS, changing, is_alone, lines, no_such, not_under_way, order_of, say
from agents.products.degrees import degrees_in
from agents.products.items import EVERYTHING, Item, found_in
from agents.products.options import Wish, rank
from agents.products.wishes import CHEAPEST, DEAREST, WISH_PART, wished, wishes_in
from agents.requests.clauses import words_on
from agents.requests.reading import read
from switchboard.declare.moves import Call, Say
from switchboard.declare.play import Condition, Found, Play, Slot
from switchboard.declare.transcript import View
from tools.catalog import get_product_details
from tools.nouns import going_back, money
from tools.orders import modify_pending_order_items
from tools.returns import exchange_delivered_order_items

LIKE_OWN = re.compile(
    r"\b(?:same|identical|(?<!i )(?<!we )(?<!would )(?<!'d )(?<!’d )like|match\w*)\b(?:(?!\bthan\b)[^.!?;\n]){0,40}"
    r"\b(?:the|my) (?:one|ones|other|others|first|second|old|previous|delivered)\b",
    re.IGNORECASE,
)
"""That something is to be like another piece of the customer's own."""
HAVE = re.compile(r"\b(?:received|got|have|own|arrived|delivered|came)\b", re.IGNORECASE)
SENTENCES = re.compile(r"[.!?;\n]")


def chosen_items(view: View, order: Order) -> tuple[Item, ...] | Step:
    """The items that are to be changed; what is due before they are known."""
    items, words = order["items"], words_on(view.text, order["order_id"])
    if len(items) > 1 and not (CHEAPEST.search(words) or DEAREST.search(words)):
        words = EVERYTHING.sub(" ", words)
    named = items_meant(view, WISH_PART.sub(" ", words), items)
    named = named if named.items or named.unclear else items_meant(view, words, items)
    chosen = named.items or (tuple(items) if is_alone(view, order) else ())
    kept = found_in(read(view.latest).left_alone, chosen) if view.questions else []
    chosen = tuple(item for item in chosen if item not in kept) or chosen
    missing = [i["product_id"] for i in (chosen or named.unclear) if product(view, i["product_id"]) is None]
    if missing:
        return Call(get_product_details.name, {"product_id": missing[0]})
    ask = f"Which items of order {order['order_id']} would you like to change, and to what?\n{lines(named.unclear or items)}"
    return chosen or changeable(view, named.unclear) or Say(f"{no_such(view, order)}{ask}", asks=True)


def swaps(view: View, order: Order, *, same: bool) -> list[tuple[str, str]] | Step:
    """Each item with the one that it becomes; what is due before they are known.

    With `same` the option that was ordered is sent once more where no other one is wished for.
    """
    chosen = chosen_items(view, order)
    if not isinstance(chosen, tuple):
        return chosen
    if LIKE_OWN.search(view.text) and (call := unread_orders(view)):
        return call
    variants = [p for p in (product(view, i["product_id"]) for i in chosen) if p]
    if len(variants) < len(chosen):
        return needs_human(f"a product of order {order['order_id']} could not be read.")
    wishes = [
        wish_read_back(view, item, options) or like_their_own(view, item, options, alone=len(chosen) == 1) or wish
        for item, wish, options in zip(
            chosen, wishes_in(view, order["order_id"], chosen, variants, same=same), variants, strict=True
        )
    ]
    if not same:  # what they have already is exchanged for itself only where it is broken
        wishes = [Wish(stays=True) if w.item_id == item["item_id"] else w for item, w in zip(chosen, wishes, strict=True)]
    for item, wish, options in zip(chosen, wishes, variants, strict=True):
        if wish.is_open:
            return ask_option(item, options, sold_out=wish.sold_out, text=view.latest)
    have = f"Of order {order['order_id']} you have what you ask for already: {items_listed(chosen)}. Nothing had to be changed."
    return [(item["item_id"], w.item_id) for item, w in zip(chosen, wishes, strict=True) if w.item_id] or Say(have)


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


def changeable(view: View, pieces: Sequence[Item]) -> tuple[Item, ...]:
    """Of several pieces of one name the one that the wish can be meant for: it is not what is wished for already."""
    fit = [piece for piece in pieces if wished([view.text], piece, product(view, piece["product_id"]) or {}).item_id]
    return tuple(fit[:1]) if fit and all(piece["item_id"] == fit[0]["item_id"] for piece in fit) else ()


def no_further(text: str, item: Item, variants: Mapping[str, Any]) -> str:
    """That more is wished for, or less, than there is of an option; empty where the wish can be met."""
    for key, degree in degrees_in(text, item["options"], variants).items():
        own = item["options"][key]
        beyond = [v for v in variants.values() if ((rank(v["options"][key]) or 0.0) - (rank(own) or 0.0)) * degree.way > 0]
        if not beyond:
            end = "highest" if degree.way > 0 else "lowest"
            return f"{own} is the {end} {key} that we have of it, so there is none beyond that. "
        if not any(v["available"] for v in beyond):
            return f"{' and '.join(dict.fromkeys(v['options'][key] for v in beyond))}: not available at present. "
    return ""


def ask_option(item: Item, variants: Mapping[str, Any], *, sold_out: bool, text: str) -> Say:
    """What there is instead, where the wish fits no option or several."""
    others = options_listed(variants, but=item["item_id"])
    opening = "That option is not available now. " if sold_out else no_further(text, item, variants)
    if not others:
        return Say(f"{opening}There is no other option of the {item['name']} in stock, so I cannot change it at the moment.")
    return Say(
        f"{opening}Your {item_label(item)} can be changed to one of these options of the same product. Which one?\n{others}",
        asks=True,
    )


def moved(cents: int, result: Mapping[str, Any], charged: str) -> str:
    """A difference in price and where it goes, as a part of a sentence; less than nothing goes back."""
    return f"{money(abs(cents))} {charged if cents > 0 else 'goes back to'} your {result['method']}"


def swapped(view: View, found: Found, word: str) -> str:
    """Old and new items side by side."""
    olds = by_ids(order_of(found), found["items"])
    return listed(f"{item_label(old)} {word} {new_label(view, new)}" for old, new in zip(olds, found["new_items"], strict=True))


def new_label(view: View, new_id: str) -> str:
    for call in view.calls:
        if call.tool == "get_product_details" and call.done and new_id in call.result["variants"]:
            return label("", call.result["variants"][new_id]["options"]).strip(" ()")
    return f"item {new_id}"


def told_of_change(view: View, found: Found) -> str:
    what, result = swapped(view, found, "to"), found["result"]
    due = result.get("charged_cents", 0) - result.get("refund_cents", 0)
    paid = f"{moved(due, result, 'was charged to')}." if due else "Its price stays the same."
    paid = sent_back(result).strip() or paid
    return f"In order {found['order']} I changed {what}. {paid} The order now costs {result['total']}."


def told_of_exchange(view: View, found: Found) -> str:
    what, result = swapped(view, found, "for"), found["result"]
    due = result.get("to_pay_cents", 0) - result.get("to_refund_cents", 0)
    paid = f"The difference of {moved(due, result, 'is charged to')}." if due else "There is no difference in price."
    if due < 0:
        paid = f"The difference of {going_back(result['to_refund'], result['to'])}."
    return f"For order {found['order']} I requested the exchange of {what}. {paid} {NEXT}; no new order is needed."


def swapping(name: str, tool: str, told: Callable[[View, Found], str], *, same: bool = False) -> Play:
    """A play whose items and new items, one beside the other, come of the same words."""

    def nth(place: int) -> Callable[[View, Found], Any]:
        def find(view: View, found: Found) -> list[str] | Step:
            pairs = swaps(view, order_of(found), same=same)
            return [pair[place] for pair in pairs] if isinstance(pairs, list) else pairs

        return find

    process = changing(
        tool,
        told,
        not_under_way("other items in"),
        Condition(
            STATUS,
            ("pending", "delivered"),
            say("The items of order {order} cannot be changed now. {recorded} {allows}"),
        ),
        NOT_CLOSED,
        slots=(
            Slot("items", find=nth(0)),
            Slot("new_items", find=nth(1)),
            Slot("method", find=lambda view, found: paid_by(view, order_of(found))),
        ),
        arguments={"item_ids": "items", "new_item_ids": "new_items", "payment_method_id": "method"},
    )
    return Play(name, "The customer wants other options of items of an order.", process=process)


change = swapping("change_items", modify_pending_order_items.name, told_of_change)
exchange = swapping("exchange_items", exchange_delivered_order_items.name, told_of_exchange)
replacement = swapping("replacement", exchange_delivered_order_items.name, told_of_exchange, same=True)
