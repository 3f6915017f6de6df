"""Customers in numbers: each with an order of their own that was charged twice, and a model that works on all of them."""

import json
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from switchboard.models.scripted import Reply, Slow, tool_calls
from tools.store import SEED, load_store

EMMA, CHARGED_TWICE = "emma_lindqvist_1001", "#W1000001"
ORDER = re.compile(r"#W\d{7}")


class Customer(NamedTuple):
    """`cents` is what the order costs, and what was charged once too often."""

    id: str
    email: str
    order_id: str
    cents: int = 4250

    @property
    def words(self) -> str:
        return f"Hello, I was charged twice for my order {self.order_id}. Please refund the second charge."


def crowd(engine: Engine, number: int, cents: Callable[[int], int] = lambda n: 4250) -> list[Customer]:
    """So many customers, and their rows."""
    emma = json.loads((SEED / "users.json").read_text("utf-8"))[EMMA]
    order = json.loads((SEED / "orders.json").read_text("utf-8"))[CHARGED_TWICE]
    customers = [Customer(f"crowd_{n:04d}", f"crowd{n:04d}@example.com", f"#W{8_000_000 + n}", cents(n)) for n in range(number)]
    users, orders = {}, {}
    for n, who in enumerate(customers):
        card = f"credit_card_{8_000_000 + n}"
        method = {**next(iter(emma["payment_methods"].values())), "id": card}
        users[who.id] = {**emma, "email": who.email, "payment_methods": {card: method}, "orders": [who.order_id]}
        mine = {**deepcopy(order), "order_id": who.order_id, "user_id": who.id}
        mine["items"][0]["price"] = who.cents / 100
        for line in mine["payment_history"]:
            line |= {"payment_method_id": card, "amount": who.cents / 100}
        orders[who.order_id] = mine
    with Session(engine) as session, session.begin():
        load_store(session, users, orders, {})
    return customers


def look(who: Customer) -> Reply:
    return tool_calls([("list_charges", {"order_id": who.order_id})])


def refund(who: Customer) -> Reply:
    given = {"order_id": who.order_id, "kind": "duplicate_charge", "amount_cents": who.cents, "reason": "Charged twice."}
    return tool_calls([("refund_order", given)])


def done(who: Customer) -> str:
    amount = f"{who.cents / 100:.2f} USD"
    return f"I have refunded the duplicate charge of {amount} on order {who.order_id}. It arrives in 5 to 7 business days."


def refund_step_by_step(customers: Sequence[Customer], seconds: float = 0.0) -> Callable[[dict[str, Any]], Reply]:
    """A script that refunds the duplicate charge of whoever a request is about, in three calls of so many seconds."""
    by_order = {who.order_id: who for who in customers}

    def reply(request: dict[str, Any]) -> Reply:
        who = by_order[order_of(request)]
        steps = (look(who), refund(who), done(who))
        return Slow(seconds, steps[results_in(request)])

    return reply


def results_in(request: dict[str, Any]) -> int:
    """How many results of calls a request to the model holds."""
    return sum(message["role"] == "tool" for message in request["messages"])


def order_of(request: dict[str, Any]) -> str:
    """The order that a request to the model is about."""
    found = ORDER.search(json.dumps([m for m in request["messages"] if m["role"] != "system"]))
    assert found, request["messages"]
    return found[0]


def refunds(engine: Engine) -> dict[str, list[int]]:
    """The refunds of each of the crowd's orders that has any, in cents."""
    found: dict[str, list[int]] = {}
    with engine.connect() as connection:
        for order_id, cents in connection.execute(
            text("SELECT order_id, amount_cents FROM refunds WHERE order_id LIKE '#W8%'")
        ):
            found.setdefault(order_id, []).append(cents)
    return found


def sent_back(engine: Engine) -> dict[str, int]:
    """What each order's payment history says was sent back, in cents."""
    query = "SELECT order_id, sum(amount_cents) FROM payments WHERE kind = 'refund' AND order_id LIKE '#W8%' GROUP BY order_id"
    with engine.connect() as connection:
        return {order_id: int(cents) for order_id, cents in connection.execute(text(query))}


def malformed(document: dict[str, Any]) -> list[str]:
    """What is wrong with a transcript: each call has exactly one result, but for those that the run's end overtook."""
    lines, fewest = document["transcript"], 1 if document["end"] in ("resolved", "awaiting_approval") else 0
    calls = [line["call_id"] for line in lines if line["kind"] == "call"]
    results = [line["call_id"] for line in lines if line["kind"] == "result"]
    wrong = [f"{call} was made {calls.count(call)} times" for call in set(calls) if calls.count(call) != 1]
    wrong += [f"{call} has {results.count(call)} results" for call in set(calls) if not fewest <= results.count(call) <= 1]
    return wrong + [f"{result} was never called" for result in set(results) - set(calls)]
