"""A message that wishes for a return of this and an exchange of that: which of both is meant for an order."""

from dataclasses import replace

from agents.orders.status import Order, items_listed
from agents.products.items import found_in
from agents.products.wishes import said
from agents.requests.clauses import by_deed, words_on
from switchboard.declare.moves import Say
from switchboard.declare.transcript import View


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
