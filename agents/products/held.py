"""Which of several orders hold what a customer's words name.

An order is the result of get_order_details.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.products.items import cheaper_or_dearer, found_in, named_items
from agents.products.options import mentions
from agents.requests.reading import read

Order = Mapping[str, Any]


def apart(text: str, orders: Sequence[Order]) -> bool:
    """Whether a text names for each of several orders an item that none of the others holds: "the kettle and the mat"."""
    held = [{item["name"] for item in order["items"]} for order in orders]
    named = {item["name"] for item in found_in(read(text).asked, [item for order in orders for item in order["items"]])}
    return len(orders) > 1 and all(
        any(name in named and sum(name in others for others in held) == 1 for name in own) for own in held
    )


def not_left_alone(text: str, orders: Sequence[Order]) -> list[Order]:
    """The orders that hold an item which the text does not want left alone; all of them where none does."""
    left = found_in(read(text).left_alone, [item for order in orders for item in order["items"]])
    names = {item["name"] for item in left}
    return [order for order in orders if any(item["name"] not in names for item in order["items"])] or list(orders)


def described_best(latest: str, text: str, orders: Sequence[Order]) -> list[Order]:
    """Of orders that hold what a text names, those whose item the newest words describe best: "the 26 litre one"."""
    scores = []
    for order in orders:
        named = found_in(read(text).asked, order["items"])
        scores.append(max((sum(mentions(latest, k, v, ()) for k, v in item["options"].items()) for item in named), default=0))
    return [order for order, score in zip(orders, scores, strict=True) if score == max(scores)]


def fitting_best(text: str, orders: Sequence[Order]) -> list[Order]:
    """The orders that hold most of the items that are named. An item found in two orders does not tell them apart."""
    every = [item for order in orders for item in order["items"]]
    named = found_in(text, every)
    held = [len({item["name"] for item in order["items"] if item in named}) for order in orders]
    if not any(held):
        return []
    best = [order for order, count in zip(orders, held, strict=True) if count == max(held)]
    described = [order for order in best if named_items(text, [i for i in order["items"] if i in named]).items]
    return described if len(described) == 1 else best


def priced_best(text: str, orders: Sequence[Order]) -> list[Order]:
    """Of orders that hold what a text names, the one with the dearer or cheaper piece, where it says so: "the pricier one"."""
    end = cheaper_or_dearer(text)
    prices = [[item["price"] for item in found_in(read(text).asked, order["items"])] for order in orders]
    if end is None or not all(prices):
        return list(orders)
    best = end(end(own) for own in prices)
    return [order for order, own in zip(orders, prices, strict=True) if best in own]
