"""Parts of the plays on products: their options, prices and availability, and what several of them cost."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.orders.status import price
from agents.plays.sales.asked import asked_of
from agents.products.beyond import compared
from agents.products.products import fitting, not_offered, quantity
from agents.requests.reading import read
from switchboard.declare.play import Found, Slot, Step
from switchboard.declare.transcript import View
from tools.calculators import calculate
from tools.catalog import get_product_details

Product = Mapping[str, Any]
"""What get_product_details found of a product."""
MOST_PRODUCTS = 3
MOST_ITEMS = 6
BUDGET = re.compile(r"\b(?:under|below|less than|up to|at most|max(?:imum)?|within|budget)\b", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:total|together|altogether|in all|sum|all of)\b", re.IGNORECASE)

DETAILS = Step(get_product_details.name, {"product_id": "products"}, each="products")
"""Of the `products`, at most `MOST_PRODUCTS`."""
SUMS = Slot("sums", find=lambda view, found: sums_for(asked_of(view)[0], found[DETAILS.tool]))
ADDED_UP = Step(calculate.name, {"expression": SUMS.name}, each=SUMS.name)


def told_of(view: View, found: Found) -> list[str]:
    """The products' prices, options and availability, a part each, and what they cost together, where that is asked for."""
    (question, _), products = asked_of(view), found[DETAILS.tool]
    known = [product["product_id"] for product in products]
    parts = [described(product, question) for product in products]
    parts += [f"There is no product or item {one}; please check it." for one in found["products"] if one not in known]
    if found[SUMS.name]:
        parts += [total(one, question, products) for one in found[ADDED_UP.tool]] or ["I could not add this up."]
    return parts


def described(product: Product, question: str) -> str:
    """One product: price range, what is available of what was asked for, and the cheapest of it."""
    variants, name = product["variants"], product["name"]
    amounts = read(question).facts.amounts
    budget = amounts[0].cents if amounts and BUDGET.search(question) else None
    comparison = compared(product, question)
    chosen = fitting(comparison.meant if comparison else variants, question, budget)
    prices = sorted(v["price"] for v in variants.values())
    span = price(prices[0]) if prices[0] == prices[-1] else f"{price(prices[0])} to {price(prices[-1])}"
    if not chosen:
        return f"{name}: {span}. Nothing of it is within {price((budget or 0) / 100)}."
    absent, there_are = not_offered(variants, question, name)
    if comparison or not absent:
        said = [comparison.told] if comparison else []
        return "\n".join([f"{name}: {span}.", *said, *available(chosen, "")])
    there = (
        f"no, it does not come in {absent}; there is {', '.join(there_are)}" if there_are else f"nothing is listed in {absent}"
    )
    return "\n".join([f"{name}: {there}.", *available(chosen, span)])


def available(chosen: Mapping[str, Any], span: str) -> list[str]:
    """What there is of these variants, the cheapest first, and what is not there; `span` stands for the prices, if any."""
    there = sorted((v for v in chosen.values() if v["available"]), key=lambda v: v["price"])
    gone = [v for v in chosen.values() if not v["available"]]
    lines = [f"Its prices: {span}."] if span else []
    lines += [f"- {options(v)}: {price(v['price'])}" for v in there[:MOST_ITEMS]]
    if len(there) > 1 and there[0]["price"] < there[-1]["price"]:
        lines.append(f"The cheapest available is {options(there[0])} at {price(there[0]['price'])}.")
    if gone:
        lines.append(f"Not available at present: {'; '.join(options(v) for v in gone)}.")
    return lines


def options(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in item["options"].items())


def sums_for(question: str, products: Sequence[Product]) -> list[str]:
    """The sum of what is asked for, at the cheapest fitting price; none where one piece of one product is asked for."""
    wanted = wanted_of(question, products)
    several = any(count > 1 for count, *_ in wanted) or (len(wanted) > 1 and TOTAL.search(question))
    return [" + ".join(f"{count} * {item['price']:.2f}" for count, _, item in wanted)] if several else []


def total(result: str, question: str, products: Sequence[Product]) -> str:
    """What the sum comes to, with what it is of."""
    told = " and ".join(f"{count} × {name} ({options(item)})" for count, name, item in wanted_of(question, products))
    return f"{told}: {price(float(result))} in total, at today's price."


def wanted_of(question: str, products: Sequence[Product]) -> list[tuple[int, str, Mapping[str, Any]]]:
    """How many of each product are asked for, its name, and the cheapest of it that is available and fits."""
    there = [[v for v in fitting(p["variants"], question).values() if v["available"]] for p in products]
    cheapest = [min(fit, key=lambda v: v["price"], default=None) for fit in there]
    return [(count_of(p, question), p["name"], item) for p, item in zip(products, cheapest, strict=True) if item]


def count_of(product: Product, question: str) -> int:
    """How many of a product are asked for; the number in the name of an option, as in "USB 3", is none."""
    values = {value for v in product["variants"].values() for value in v["options"].values() if re.search(r"\d", value)}
    named = [re.escape(value).replace(r"\ ", r"[\s-]?") for value in values if re.search(r"[^\W\d_]", value)]
    return quantity(re.sub("|".join(named), " ", question, flags=re.IGNORECASE) if named else question, product["name"])
