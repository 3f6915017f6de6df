"""Which orders a matter is about: by their numbers, by an item that only one of them holds, or all that are open."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.reading.answers import says_yes
from agents.reading.extraction import facts_in
from agents.reading.items import found_in
from agents.reading.known_addresses import orders_copied
from agents.reading.left_alone import asked_in, left_in
from switchboard.declare.transcript import View

Order = Mapping[str, Any]

EVERY_OPEN = re.compile(r"\b(?:all|both|everything)\b(?: [\w'’]+){0,4}? (?:pending|open)\b", re.IGNORECASE)


def order_ids(view: View) -> tuple[str, ...]:
    """The order numbers of this matter. A number in an answer to our question stands in for those before it."""
    answered = named_in(view.latest) if view.questions else ()
    if answered and says_yes(view):  # "yes, and #W1000002 too": what was read back is meant still
        answered = tuple(dict.fromkeys((*(str(c.arguments.get("order_id")) for c in view.unconfirmed), *answered)))
    return answered or named_in(view.text) or tuple(view.facts.get("order_ids", ()))


def named_in(text: str) -> tuple[str, ...]:
    """The order numbers of a text, without those that it wants left alone or names for their address, if it names others."""
    every, left = facts_in(text).order_ids, (*facts_in(left_in(text)).order_ids, *orders_copied(text))
    asked = [order for order in facts_in(asked_in(text)).order_ids if order not in orders_copied(text)]
    return tuple(order for order in every if order in asked or order not in left) or every


def apart(text: str, orders: Sequence[Order]) -> bool:
    """Whether a text names for each of several orders an item that none of the others holds: "the kettle and the mat"."""
    held = [{item["name"] for item in order["items"]} for order in orders]
    named = {item["name"] for item in found_in(asked_in(text), [item for order in orders for item in order["items"]])}
    return len(orders) > 1 and all(
        any(name in named and sum(name in others for others in held) == 1 for name in own) for own in held
    )
