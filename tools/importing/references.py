"""What records refer to must be there: whose an order is, which items it holds, by which methods it was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.importing.kinds.records import ADDRESS, Record
from tools.importing.reading.problems import Problems
from tools.importing.stored import chunks, stored
from tools.rows import PaymentMethod, Product

Stored = Mapping[str, Mapping[str, Any]]


def check_parents(records: Sequence[Record], there: Stored, problems: Problems) -> None:
    """A payment method stays its customer's, and an item its product's."""
    for record in records:
        owner = there.get(record.id, {}).get("parent", record.parent)
        if owner != record.parent:
            problems.add(record.line, f"{record.kind.replace('_', ' ')} {record.id} belongs to {owner}, not to {record.parent}")


def resolved(session: Session, orders: Sequence[Record], there: Stored, problems: Problems) -> list[Record]:
    """The orders with all that their lines left open, taken from the rows. What refers to nothing is a problem."""
    customers = stored(session, "customer", {one.value["customer_id"] for one in orders})
    items = stored(session, "item", {item["item_id"] for one in orders for item in one.value["items"]})
    product_ids = {item.get("product_id", "") for one in orders for item in one.value["items"]}
    names = _product_names(session, product_ids | {item["parent"] for item in items.values()})
    methods = _methods(session, customers)
    made = []
    for order in orders:
        before = problems.count
        customer = customers.get(order.value["customer_id"])
        now = there.get(order.id)
        if customer is None:
            problems.add(order.line, f"there is no customer {order.value['customer_id']}: import customers first")
        elif now and now["customer_id"] != order.value["customer_id"]:
            problems.add(order.line, f"order {order.id} belongs to {now['customer_id']}, not to {order.value['customer_id']}")
        value = dict(order.value)
        value["items"] = _whole(order, now, items, names, problems)
        if customer:
            _check_methods(order, methods.get(order.value["customer_id"], set()), problems)
        _check_parcels(order, problems)
        if problems.count == before and customer and not now:
            value = {name: customer[name] for name in ADDRESS} | {"payments": [], "parcels": []} | value
        made.append(replace(order, value=value))
    return made


def _product_names(session: Session, ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        found.update(
            (one, name) for one, name in session.execute(select(Product.id, Product.name).where(Product.id.in_(chunk)))
        )
    return found


def _methods(session: Session, customers: Stored) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for chunk in chunks(customers):
        query = select(PaymentMethod.customer_id, PaymentMethod.id).where(PaymentMethod.customer_id.in_(chunk))
        for customer_id, method_id in session.execute(query):
            found.setdefault(customer_id, set()).add(method_id)
    return found


def _whole(
    order: Record, now: Mapping[str, Any] | None, items: Stored, names: Mapping[str, str], problems: Problems
) -> list[dict[str, Any]]:
    """The pieces of an order: as the file gives them, else as the order has them already, else as the catalogue does."""
    made = []
    for number, piece in enumerate(order.value["items"]):
        kept = now["items"][number] if now and number < len(now["items"]) else {}
        if kept.get("item_id") != piece["item_id"]:
            kept = {}
        item = items.get(piece["item_id"])
        product_id = piece.get("product_id") or kept.get("product_id") or (item["parent"] if item else None)
        if product_id is None:
            problems.add(order.line, f"order {order.id}: there is no item {piece['item_id']}: import products first")
            continue
        if item and item["parent"] != product_id and not kept:
            problems.add(order.line, f"order {order.id}: item {piece['item_id']} is one of product {item['parent']}")
        if product_id not in names and not kept:
            problems.add(order.line, f"order {order.id}: there is no product {product_id}: import products first")
        catalogue = {"name": names.get(product_id, ""), "options": item["options"] if item else {}, "discount_cents": None}
        made.append(catalogue | kept | piece | {"product_id": product_id})
    return made


def _check_methods(order: Record, own: set[str], problems: Problems) -> None:
    named = [line["payment_method_id"] for line in order.value.get("payments", ())]
    named += [order.value.get(f"{way}_payment_method_id") for way in ("return", "exchange")]
    named += list(order.value.get("refunds_promised") or ())
    for one in dict.fromkeys(named):
        if one is not None and one not in own:
            problems.add(
                order.line, f"customer {order.value['customer_id']} has no payment method {one}: import customers first"
            )


def _check_parcels(order: Record, problems: Problems) -> None:
    own = {item["item_id"] for item in order.value["items"]}
    lists = [parcel["item_ids"] for parcel in order.value.get("parcels", ())]
    lists += [order.value.get(name) or [] for name in ("return_items", "exchange_items")]
    for one in dict.fromkeys(one for ids in lists for one in ids):
        if one not in own:
            problems.add(order.line, f"order {order.id} holds no item {one}, which it names beside its items")
