"""Items by their ten digits; a number that is no item's may be a product's, which looks the same."""

from agents.orders.status import price
from agents.plays.sales.asked import question_of
from agents.plays.sales.priced import ADDED_UP, DETAILS, MOST_PRODUCTS, SUMS, options, told_of
from agents.requests.reading import read
from switchboard.declare.play import Found, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from tools.catalog import get_item_details

ITEMS = Step(get_item_details.name, {"item_id": "numbers"}, each="numbers")


def numbers(view: View) -> list[str]:
    facts = read(question_of(view)).facts
    return [*facts.item_ids, *facts.product_ids][:MOST_PRODUCTS]


def no_items(_: View, found: Found) -> list[str]:
    items = [item["item_id"] for item in found[ITEMS.tool]]
    return [number for number in found["numbers"] if number not in items]


def told(view: View, found: Found) -> str:
    items = "\n".join(map(item_line, found[ITEMS.tool]))
    return "\n\n".join([*filter(None, [items]), *told_of(view, found)])


def item_line(item: Found) -> str:
    state = "available" if item["available"] else "not available at present"
    return f"{item['name']} ({options(item)}), item {item['item_id']}: {price(item['price'])}, {state}."


play = Play(
    name="by_number",
    about="The customer asks about items by their numbers.",
    process=Process(
        slots=(Slot("numbers", find=lambda view, _: numbers(view)), Slot("products", find=no_items), SUMS),
        reads=(ITEMS, DETAILS, ADDED_UP),
        told=told,
    ),
    of_customer=False,
)
