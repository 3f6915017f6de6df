"""Other options of the same product: in a pending order by changing its items, in a delivered one by an exchange."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.reading.answers import says_yes
from agents.reading.changes import Order, Step, done, lines, needs_human, paid_by, send_back
from agents.reading.items import Item, clauses_for, named_items, wish_for
from agents.reading.requests import scored
from agents.reading.status import ALLOWS, item_label, items_listed, label, listed, options_listed, price, status_text
from runtime.moves import Call, Say
from runtime.transcript import View

PAYS = re.compile(
    r"\b(?:pay|charge|cover|accept|fine with|ok(?:ay)? with|happy with|take)\b[^.;\n]{0,40}\bdifference\b"
    r"|\bdifference\b[^.;\n]{0,40}\b(?:fine|ok(?:ay)?|can be charged|charge|pay)\b|\bwhatever it costs\b",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"\b(?:replace\w*|another|new one|same|working one|fresh one|correct one|right one|exchange it)\b", re.IGNORECASE
)
TOOLS = {"pending": "modify_pending_order_items", "delivered": "exchange_delivered_order_items"}


def swap(view: View, order: Order, *, same: bool = False) -> Step:
    """Items of an order for other options: which items, which options, the difference in price, then the change.

    With `same` the option that was ordered is sent once more where no other one is wished for.
    """
    order_id, status, items = order["order_id"], order["status"], order["items"]
    if status not in TOOLS:
        return Say(f"The items of order {order_id} cannot be changed now. {status_text(order)} {ALLOWS[status]}")
    named = named_items(view.text, items)
    chosen = named.items or (tuple(items) if len(items) == 1 else ())
    if named.unclear or not chosen:
        return Say(
            f"Which items of order {order_id} would you like to change, and to what?\n{lines(named.unclear or items)}",
            asks=True,
        )
    missing = [i["product_id"] for i in chosen if product(view, i["product_id"]) is None]
    if missing:
        return Call("get_product_details", {"product_id": missing[0]})
    found = [product(view, i["product_id"]) for i in chosen]
    variants = [p for p in found if p]
    if len(variants) < len(chosen):
        return needs_human(f"a product of order {order_id} could not be read.")
    wishes = [
        wish_for(clause, item["options"], options, same=same)
        for clause, item, options in zip(clauses_for(view.text, chosen), chosen, variants, strict=True)
    ]
    for item, wish, options in zip(chosen, wishes, variants, strict=True):
        if wish.item_id is None:
            return ask_option(item, options, sold_out=wish.sold_out)
    return agreed(view, order, chosen, [str(w.item_id) for w in wishes], variants)


def agreed(
    view: View, order: Order, chosen: Sequence[Item], new_ids: Sequence[str], variants: Sequence[Mapping[str, Any]]
) -> Step:
    """The change, once the customer knows of a price to pay; nobody is charged more without having been told."""
    method = paid_by(view, order)
    if not isinstance(method, str):
        return method
    difference = sum(
        round(options[new_id]["price"] * 100) - round(item["price"] * 100)
        for item, new_id, options in zip(chosen, new_ids, variants, strict=True)
    )
    if difference > 0 and not (says_yes(view) or PAYS.search(view.text)):
        what = listed(
            f"{item_label(item)} to {label('', options[new_id]['options']).strip(' ()')}"
            for item, new_id, options in zip(chosen, new_ids, variants, strict=True)
        )
        return Say(
            f"I can change {what} in order {order['order_id']}. It costs {price(difference / 100)} more, paid by your "
            f"{method.rsplit('_', 1)[0].replace('_', ' ')}. Shall I do it?",
            asks=True,
        )
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
        if status in ("pending", "pending (item modified)", "processed"):
            return needs_human(f"the customer reports damage on order {order_id}, which is recorded as {status}.")
        return Say(f"I am sorry about that. {status_text(order)} {ALLOWS[status]}")
    text = view.latest if view.questions else view.text
    scores = scored(text)
    back = scores.get("return_items", 0) > 0 or scores.get("refund_full", 0) > 0 or "money back" in text.lower()
    again = scores.get("exchange_items", 0) > 0 or (bool(AGAIN.search(text)) and scores.get("exchange_items", 0) >= 0)
    if view.questions and not (back or again):
        scores = scored(view.text)
        back, again = (
            scores.get("return_items", 0) > 0 or scores.get("refund_full", 0) > 0,
            scores.get("exchange_items", 0) > 0,
        )
    if back and not again:
        return send_back(view, order)
    if again and not back:
        return swap(view, order, same=True)
    return Say(
        f"I am sorry that something is wrong with order {order_id}. Would you like to send it back for your money, or have "
        f"it exchanged? It holds {items_listed(order['items'])}; if it is not all of it, please name the item.",
        asks=True,
    )
