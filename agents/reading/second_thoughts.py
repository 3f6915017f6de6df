"""A change that was read back to the customer, who answered neither a plain yes nor a plain no: what they mean instead."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.reading.answers import says_yes
from agents.reading.extraction import facts_in
from agents.reading.items import EXCEPT, Item, Named, Wish, found_in, named_items, wish_for
from agents.reading.outcome import changed
from switchboard.declare.moves import Call, Say
from switchboard.declare.transcript import View

MORE = re.compile(r"\b(?:also|too|as well|additionally|plus|both|all)\b", re.IGNORECASE)
"""What names something beside what was read back, and not in its place."""
NOT_THAT = re.compile(r"\b(?:not|never|except|without|keep|leave)\b|n['’]t\b", re.IGNORECASE)
MOST_READ = 2
"""So often one and the same call is read back."""


def not_again(view: View, call: Call) -> Say | None:
    """What to say in place of a call that the customer did not say yes to; None where they are to be asked (once more).

    Words that agree to it or ask something have it read back once more. All else denies it, or means something that the
    rules did not find in it.
    """
    read = [c for c in view.unconfirmed if c.tool == call.tool and dict(c.arguments) == dict(call.arguments)]
    if not read:
        return None
    if changed(view):  # they chose another one of the calls that were read back
        order = call.arguments.get("order_id")
        return Say(f"I have left {f'order {order}' if order else 'everything else'} as it is.")
    if len(read) < MOST_READ and (says_yes(view) or "?" in view.latest or picks(view, call)):
        return None
    return Say("All right, I have not done that. What would you like me to do instead?", asks=True)


def picks(view: View, call: Call) -> bool:
    """Whether the newest words name this one's order, where calls on several orders were read back."""
    orders = {c.arguments.get("order_id") for c in view.unconfirmed}
    named = facts_in(view.latest).order_ids
    return len(orders) > 1 and call.arguments.get("order_id") in named and not NOT_THAT.search(view.latest)


def items_meant(view: View, text: str, items: Sequence[Item]) -> Named:
    """The items that the customer's words name; after a call was read back those of it, as the newest words mend them."""
    read = read_items(view, items)
    if not read:
        return named_items(text, items)
    out = found_in(" ".join(m[0] for m in EXCEPT.finditer(view.latest)), items)
    left = tuple(item for item in read if item not in out)
    if out and left:
        return Named(left)
    instead = named_items(view.latest, items)
    if MORE.search(view.latest):
        return Named((*read, *(item for item in instead.items if item not in read)), instead.unclear)
    return instead if instead.items or instead.unclear else Named(read)


def read_items(view: View, items: Sequence[Item]) -> tuple[Item, ...]:
    """Those of an order's items that are in the call that was read back last."""
    ids = list(view.unconfirmed[-1].arguments.get("item_ids", ())) if view.unconfirmed else []
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
    wish = wish_for(view.latest, variants[proposed]["options"], variants)
    return wish if wish.item_id or wish.sold_out else Wish(proposed)
