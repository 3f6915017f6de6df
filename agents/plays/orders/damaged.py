"""Something arrived damaged or wrong: which way out the customer would like, money back or a replacement."""

import re

from agents.orders.status import PENDING, items_listed
from agents.plays.orders.one_order import STATUS, UNDER_WAY, but, is_closed, order_of, person, say, telling
from agents.products.items import named_items
from agents.requests.reading import read
from switchboard.declare.moves import Say
from switchboard.declare.play import Condition, Found, Play
from switchboard.declare.transcript import View

AGAIN = re.compile(
    r"\b(?:replace\w*|another|new one|same|working one|fresh one|correct one|right one|exchange it|instead(?! of))\b",
    re.IGNORECASE,
)
WHICH_WAY = say(
    "I am sorry that something is wrong with order {order}. Would you like to send it back for your money, or have it "
    "exchanged? It holds {items}; if it is not all of it, please name the item.",
    asks=True,
)
MONEY = re.compile(r"\bmoney\b|\bsend (?:it|them|those|these) back\b", re.IGNORECASE)


def way_out(view: View) -> tuple[bool, bool]:
    """Whether the customer wants money back, and whether a replacement: in the newest words, else in all."""
    for text in (*reversed(view.text.splitlines()), view.text):
        scores = read(text).scores
        back = scores.get("return_items", 0) > 0 or scores.get("refund_full", 0) > 0 or bool(MONEY.search(text))
        again = scores.get("exchange_items", 0) > 0 or (bool(AGAIN.search(text)) and scores.get("exchange_items", 0) >= 0)
        if back or again:
            return back, again
    return False, False


def told(view: View, found: Found) -> Say:
    items = order_of(found)["items"]
    named = named_items(view.text, items).items
    if named and len(named) < len(items):
        what = f"the {items_listed(named)} from order {found['order']}"
        return Say(f"For {what}: shall it come back for your money, or be replaced?", asks=True)
    return WHICH_WAY(view, found)


play = Play(
    name="damaged",
    about="Something of an order arrived damaged or wrong.",
    process=telling(
        told,
        Condition(
            STATUS,
            but(*UNDER_WAY, *PENDING, "processed"),
            person("the customer reports damage on order {order}, which is recorded as {status}."),
        ),
        Condition(STATUS, ("delivered",), say("I am sorry about that. {recorded} {allows}")),
        Condition(is_closed, (False,), person("damage on order {order}, whose 30 days for a return are over. {recorded}")),
    ),
)
