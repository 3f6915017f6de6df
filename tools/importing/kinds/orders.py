"""Orders from a file: a line for each item line. What is said of the order itself stands in its first line, or in each."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tools.importing.kinds.records import ADDRESS, Record, check_needed, grouped, same_throughout
from tools.importing.reading.fields import Field, Found, Values
from tools.importing.reading.problems import Problems
from tools.importing.reading.values import (
    MOST_PARTS,
    amount,
    any_cents,
    by_name,
    cents,
    count,
    day,
    listed,
    objects,
    of_type,
    options,
    text,
)
from tools.nouns import CustomerId, ItemId, OrderId, PaymentMethodId, ProductId
from tools.vocabulary import vocabulary

NESTED = "items"
STATUSES = (
    "pending",
    "pending (item modified)",
    "processed",
    "delivered",
    "cancelled",
    "return requested",
    "exchange requested",
)
KINDS = ("payment", "refund", "chargeback")
STATES = ("settled", "requested")
money = amount(vocabulary.currency)
method = of_type(PaymentMethodId)

FIELDS = (
    Field("order_id", of_type(OrderId), needed=True, also=("order", "order number", "order no")),
    Field("customer_id", of_type(CustomerId), needed=True, also=("customer",)),
    Field("status", text, needed=True, also=("order status",)),
    Field("placed_on", day, also=("order date", "ordered on")),
    Field("promised_on", day),
    Field("delivered_on", day, also=("delivery date",)),
    *(Field(name, text) for name in ADDRESS),
    Field("item_id", of_type(ItemId), needed=True, also=("sku", "variant id", "item")),
    Field("product_id", of_type(ProductId), also=("product",)),
    Field("item_name", text, also=("product name", "name", "title")),
    Field("options", options),
    Field("price", money, needed=True, also=("unit price",), money=True),
    Field("discount", money, money=True),
    Field("quantity", count, also=("qty",)),
    Field("payment_method_id", method),
    Field("paid", money, also=("amount paid",), money=True),
    Field("paid_on", day),
    Field("payments", objects),
    Field("tracking_ids", listed, also=("tracking id", "tracking number")),
    Field("carrier", text),
    Field("last_scan", text),
    Field("parcels", objects),
    Field("cancel_reason", text),
    Field("return_items", listed),
    Field("return_payment_method_id", method),
    Field("exchange_items", listed),
    Field("exchange_new_items", listed),
    Field("exchange_payment_method_id", method),
    Field("exchange_price_difference_cents", any_cents),
    Field("refunds_promised", by_name),
)
OF_ITEM = ("item_id", "product_id", "item_name", "options", "price", "discount", "quantity")
DAYS = ("placed_on", "promised_on", "delivered_on")
RECORDED = (
    "cancel_reason",
    "return_items",
    "return_payment_method_id",
    "exchange_items",
    "exchange_new_items",
    "exchange_payment_method_id",
    "exchange_price_difference_cents",
    "refunds_promised",
)
"""What has become of an order, as its row keeps it."""


def records(lines: Sequence[Values], found: Found, problems: Problems) -> list[Record]:
    """The orders of a file, each with its items, and with its payments and parcels where the file tells of them."""
    made = []
    whole = check_needed(lines, ("order_id", "item_id", "price"), problems)
    place = {one: number for number, one in enumerate(map(id, whole))}
    for order_id, own in grouped(whole, "order_id").items():
        if again := _stands_again(own, place):
            problems.add(again, f"order {order_id} stands in line {own[0].line} already; its lines must stand together, once")
            continue
        of_order = [field.name for field in FIELDS if field.name not in (*OF_ITEM, "order_id")]
        said = same_throughout(own, of_order, f"order {order_id}", problems)
        first = own[0].line
        if missing := [name for name in ("customer_id", "status") if name not in said]:
            problems.add(first, f"{' and '.join(missing)} is empty")
            continue
        value: dict[str, Any] = {"customer_id": said["customer_id"], "status": _status(said["status"], found, first, problems)}
        value |= {name: said.get(name) for name in (*DAYS, *RECORDED) if found.has(name)}
        value |= {name: said.get(name, "") for name in ADDRESS if found.has(name)}
        value["items"] = [item for one in own for item in _pieces(one, found)]
        if len(value["items"]) > MOST_PARTS:
            problems.add(first, f"order {order_id} has more than {MOST_PARTS} pieces")
            continue
        try:
            value |= _payments(said, found) | _parcels(said, found, value["items"])
        except ValueError as error:
            problems.add(first, str(error))
        made.append(Record("order", order_id, value, first))
    return made


def _stands_again(own: Sequence[Values], place: Mapping[int, int]) -> int:
    """The line on which an order begins anew, as in a file put behind itself: its pieces would be there twice. 0 is none."""
    for before, one in pairwise(own):
        if one.line != before.line and (one.of_list or before.of_list or place[id(one)] != place[id(before)] + 1):
            return one.line
    return 0


def _status(written: str, found: Found, line: int, problems: Problems) -> str:
    status = found.words.get(written.casefold(), written.lower())
    if status not in STATUSES:
        problems.add(
            line,
            f"status {written!r} is none of {', '.join(STATUSES)}; say what yours mean under [status] in a --mapping",
        )
    return status


def _pieces(one: Values, found: Found) -> list[dict[str, Any]]:
    """A line as pieces, one for each of its quantity; what it leaves open is found in the rows later."""
    piece = {"item_id": one.values["item_id"], "price_cents": one.values["price"]}
    for name, ours in (("product_id", "product_id"), ("item_name", "name"), ("options", "options")):
        if name in one.values:
            piece[ours] = one.values[name]
    if found.has("discount"):
        piece["discount_cents"] = one.get("discount")
    return [piece] * one.values.get("quantity", 1)


def _payments(said: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """The payment history, oldest first: a list, or the one charge that columns of their own tell of."""
    if found.has("payments"):
        lines = [_payment(line) for line in said.get("payments", [])]
        for number, line in enumerate(lines):
            charge = line.get("charge")
            if charge is not None and not (charge < number and lines[charge]["kind"] == "payment"):
                raise ValueError(f"payments: there is no charge {charge} before line {number}")
        return {"payments": lines}
    if not found.has("payment_method_id") and not found.has("paid"):
        return {}
    if "payment_method_id" not in said and "paid" not in said:
        return {"payments": []}
    if "payment_method_id" not in said or "paid" not in said:
        raise ValueError("payment_method_id and paid belong together: by what it was paid, and how much")
    line = {"kind": "payment", "amount_cents": said["paid"], "payment_method_id": said["payment_method_id"]}
    return {"payments": [line | ({"paid_on": said["paid_on"]} if "paid_on" in said else {})]}


def _payment(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the history; what is not told of it is left out. `charge` is the line, from 0, that it sends back."""
    read = {
        "kind": _one_of(KINDS),
        "amount": money,
        "amount_cents": cents,
        "payment_method_id": method,
        "paid_on": day,
        "state": _one_of(STATES),
        "reference": text,
        "key": text,
        "charge": lambda value: int(text(value)),
    }
    made = _made(line, read, "payments")
    if "amount" in made:
        made["amount_cents"] = made.pop("amount")
    if made.get("state") == "settled":
        del made["state"]
    if wanting := [name for name in ("kind", "amount_cents", "payment_method_id") if name not in made]:
        raise ValueError(f"payments: a line has no {wanting[0]}")
    return made


def _parcels(said: Mapping[str, Any], found: Found, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parcels: a list, or the one with all items that columns of their own tell of."""
    if found.has("parcels"):
        read = {"tracking_ids": listed, "item_ids": listed, "carrier": text, "last_scan": text}
        parcels = [{"tracking_ids": [], "item_ids": [], **_made(line, read, "parcels")} for line in said.get("parcels", [])]
    elif not any(found.has(name) for name in ("tracking_ids", "carrier", "last_scan")):
        return {}
    else:
        told = {name: said[name] for name in ("carrier", "last_scan") if name in said}
        ids = [item["item_id"] for item in items]
        parcels = (
            [{"tracking_ids": said.get("tracking_ids", []), "item_ids": ids, **told}] if "tracking_ids" in said or told else []
        )
    return {"parcels": parcels}


def _made(line: Mapping[str, Any], read: Mapping[str, Any], where: str) -> dict[str, Any]:
    made = {}
    for name, value in line.items():
        if name not in read:
            raise ValueError(f"{where}: there is no {name!r}; there is {', '.join(read)}")
        if value in (None, ""):
            continue
        try:
            made[name] = read[name](value)
        except ValueError as error:
            raise ValueError(f"{where}: {name}: {error}") from None
    return made


def _one_of(words: Sequence[str]) -> Any:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{str(value)[:40]!r} is none of {', '.join(words)}")
        return str(value)

    return read
