"""Products from a file: a line for each item, which is a product with its options chosen."""

from collections.abc import Sequence

from tools.importing.kinds.records import Record, check_needed, grouped, same_throughout
from tools.importing.reading.fields import Field, Found, Values
from tools.importing.reading.problems import Problems
from tools.importing.reading.values import amount, of_type, options, text, yes_or_no
from tools.nouns import ItemId, ProductId
from tools.vocabulary import vocabulary

NESTED = "items"
FIELDS = (
    Field("product_id", of_type(ProductId), needed=True, also=("product",)),
    Field("product_name", text, needed=True, also=("name", "title")),
    Field("item_id", of_type(ItemId), needed=True, also=("variant id", "sku", "item")),
    Field("options", options),
    Field("price", amount(vocabulary.currency), needed=True, money=True),
    Field("available", yes_or_no, needed=True, also=("in stock",)),
)


def records(lines: Sequence[Values], found: Found, problems: Problems) -> list[Record]:
    """The products of a file, each followed by its items."""
    made: list[Record] = []
    seen: dict[str, int] = {}
    needed = ("product_id", "item_id", "price", "available")
    for product_id, own in grouped(check_needed(lines, needed, problems), "product_id").items():
        value = same_throughout(own, ("product_name",), f"product {product_id}", problems)
        if not value:
            problems.add(own[0].line, "product_name is empty")
            continue
        made.append(Record("product", product_id, {"name": value["product_name"]}, own[0].line))
        for one in own:
            item_id = one.values["item_id"]
            if item_id in seen:
                problems.add(one.line, f"item {item_id} stands in line {seen[item_id]} already")
                continue
            seen[item_id] = one.line
            item = {"price_cents": one.values["price"], "available": one.values["available"]}
            if found.has("options"):
                item["options"] = one.values.get("options", {})
            made.append(Record("item", item_id, item, one.line, product_id))
    return made
