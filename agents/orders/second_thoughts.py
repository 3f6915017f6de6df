"""A change that was read back to the customer, who answered neither a plain yes nor a plain no: what they mean instead."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.cases.answers import says_yes
from agents.orders.outcome import changed, details, product
from agents.orders.paying import is_method, method_wished
from agents.orders.status import by_ids, items_listed, options_listed
from agents.products.items import EXCEPT, Item, Named, described, found_in, named_items
from agents.products.options import Wish
from agents.products.wishes import wished
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.consent.answers import asked_behind
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import CallResult, View
from switchboard.plays.read_back import read_back

ONLY = re.compile(r"\b(?:only|just|nothing but)\b", re.IGNORECASE)
MORE = re.compile(r"\b(?:also|too|as well|additionally|plus|both|all)\b", re.IGNORECASE)
"""What names something beside what was read back, and not in its place."""
NOT_THAT = re.compile(r"\b(?:not|never|except|without|keep|leave)\b|n['’]t\b", re.IGNORECASE)
WHICH_ITEMS = re.compile(r"\b(?:which|what)\b[^.!?\n]{0,30}\b(?:items?|things?|products?|ones)\b", re.IGNORECASE)
OPTIONS = re.compile(
    r"\b(?:options?|others?|else|(?:which|what) (?:ones?|colou?rs?|sizes?)|prices?|variants?|versions?|the only)\b",
    re.IGNORECASE,
)
HOW_LONG = re.compile(r"\b(?:when|how (?:long|soon|fast|many days)|what day)\b", re.IGNORECASE)
PAYS_BACK = ("cancel_pending_order", "return_delivered_order_items")
MONEY_TAKES = "Money goes back to a gift card at once, and to a card or PayPal in 5 to 7 business days."
AFTER_ARRIVAL = " It is sent within 2 business days after the items have arrived and were checked."
DEED_OF: dict[RequestKind, str] = {
    "cancel_order": "cancel_pending_order",
    "return_items": "return_delivered_order_items",
    "exchange_items": "exchange_delivered_order_items",
    "change_items": "modify_pending_order_items",
    "change_address": "modify_pending_order_address",
}


def not_again(view: View, call: Call) -> Say | Call:
    """The call, where the customer is to be asked (once more), as `read_back` has it: a yes in other words, its order picked
    out of several, or the same wish agrees to it, too. Of several those that were not chosen are left alone.
    """
    repeated = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    if len(repeated) <= len(refused_since(view, call)):
        return call  # none yet, or the newest words answer what the shop's refusal of another one asked
    if changed(view):  # they chose another one of the calls that were repeated back
        order = call.arguments.get("order_id")
        return Say(f"I have left {f'order {order}' if order else 'everything else'} as it is.")
    agreed = says_yes(view) or "?" in view.latest or picks(view, call) or asks_again(view, call)
    return read_back(view, call, agreed=agreed, answer=answer_to)


def refused_since(view: View, call: Call) -> list[CallResult]:
    """The calls like this one, on the same order, that the shop refused: each was told with a question of its own."""
    order = call.arguments.get("order_id")
    return [c for c in view.calls if c.tool == call.tool and c.code and not c.done and c.arguments.get("order_id") == order]


def answer_to(view: View, call: Call) -> str:
    """What the rules know of a question about a call that was read back; empty where that is nothing more."""
    order_id = call.arguments.get("order_id")
    if OPTIONS.search(view.latest) and "new_item_ids" in call.arguments:
        return "\n\n".join(options_of(view, one) for one in by_ids(details(view, str(order_id)), call.arguments["item_ids"]))
    if WHICH_ITEMS.search(view.latest) and order_id:
        order = details(view, order_id)
        items = by_ids(order, call.arguments["item_ids"]) if "item_ids" in call.arguments else order["items"]
        return f"It is about {items_listed(items)} of order {order_id}."
    if HOW_LONG.search(view.latest) and call.tool in PAYS_BACK:
        return MONEY_TAKES + (AFTER_ARRIVAL if call.tool == "return_delivered_order_items" else "")
    return ""


def options_of(view: View, item: Item) -> str:
    """What else there is of the product of an item, with its prices."""
    variants = product(view, item["product_id"]) or {}
    return f"All that there is of {item['name']} now:\n{options_listed(variants, but=item['item_id'])}"


def asks_again(view: View, call: Call) -> bool:
    """Whether the newest words ask for the deed of the call in as many words: "well, return everything then"."""
    if (reason := read(view.latest).facts.reason) and reason == call.arguments.get("reason"):
        return True  # why, once more
    if "payment_method_id" in call.arguments and is_method(
        method_wished(view, view.latest), call.arguments["payment_method_id"]
    ):
        return True  # the payment method of the call, where another one was spoken of
    if "item_ids" in call.arguments and (ONLY.search(view.latest) or not NOT_THAT.search(view.latest)):
        items = details(view, call.arguments["order_id"])["items"]
        if {i["item_id"] for i in named_items(view.latest, items).items} == set(call.arguments["item_ids"]):
            return True  # "the kettle", or "no, only the kettle", where that is what was read back
    kinds = [kind for kind, tool in DEED_OF.items() if tool == call.tool]
    return (
        read(view.latest).request_among(kinds).kind != "unknown" and read(view.latest).verdict(kinds[0]) == "asked"
        if kinds
        else False
    )


def picks(view: View, call: Call) -> bool:
    """Whether the newest words name this one's order, of several that were read back: which of them it is, once more."""
    orders = {c.arguments.get("order_id") for c in view.unconfirmed}
    named = read(view.latest).facts.order_ids
    return len(orders) > 1 and call.arguments.get("order_id") in named and not NOT_THAT.search(view.latest)


def items_meant(view: View, text: str, items: Sequence[Item]) -> Named:
    """The items that the customer's words name; after a call was read back those of it, as the newest words mend them."""
    proposed = read_items(view, items)
    if not proposed:
        return named_items(text, items)
    named, unclear = proposed, tuple[Item, ...]()
    for answer in view.words[1:] or (view.latest,):  # one before the read-back says of it what it says already
        named, unclear = mended(named, without_question(answer), items)
    return Named(named, unclear)


def without_question(answer: str) -> str:
    """An answer without what it asks behind a plain yes: "Yes. And what do I get back for everything?" names no items."""
    asked = asked_behind(answer, "yes")
    return answer.partition(asked)[0] if asked else answer


def mended(named: tuple[Item, ...], answer: str, items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Items that were named, as an answer mends them: without some, with more, or others; and those that it leaves unclear."""
    excepted = " ".join(m[0] for m in EXCEPT.finditer(answer))
    out = found_in(excepted, items) or described(excepted, named)
    left = tuple(item for item in named if item not in out)
    if out and left:
        return left, ()
    instead = named_items(answer, items)
    if MORE.search(answer):
        return (*named, *(item for item in instead.items if item not in named)), instead.unclear
    return (instead.items, instead.unclear) if instead.items or instead.unclear else (named, ())


def read_items(view: View, items: Sequence[Item]) -> tuple[Item, ...]:
    """Those of an order's items that are in the call that was read back last, or that the shop refused since."""
    last = view.unconfirmed[-1] if view.unconfirmed else None
    made = [c for c in view.calls if last and c.tool == last.tool and c.code and not c.done]
    newest = max((c for c in (last, *made) if c), key=lambda c: len(c.arguments.get("item_ids", ())), default=None)
    ids = list(newest.arguments.get("item_ids", ())) if newest else []
    found = []
    for item in items:
        if item["item_id"] in ids:
            ids.remove(item["item_id"])
            found.append(item)
    return tuple(found)


def wish_read_back(view: View, item: Item, variants: Mapping[str, Any]) -> Wish | None:
    """The option that was read back for an item, as the newest words mend it; None where none was."""
    last = view.unconfirmed[-1].arguments if view.unconfirmed else {}
    pairs = dict(zip(last.get("item_ids", ()), last.get("new_item_ids", ()), strict=False))
    proposed = pairs.get(item["item_id"], "")
    if proposed not in variants:
        return None
    wish = wished(["", view.latest], {"item_id": proposed, "options": variants[proposed]["options"]}, variants)
    return wish if wish.item_id or wish.sold_out else Wish(proposed)
