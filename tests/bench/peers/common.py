"""What the peers share: their command line, the case, the shop that their tools look into, and the measurement.

The shop is a SQLite database in memory: each look-up is one query and each refund a check and two writes, some 20
microseconds. That is less than what Switchboard's own tools do, which read and write rows of a file or of Postgres under
the desk's rules; so the comparison leans to the peers. Only Python's library is used here, since each framework runs in an
environment that has nothing else of ours.
"""

import argparse
import asyncio
import json
import resource
import sqlite3
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PROMPT = (
    "You give money back to customers of a shop. Call list_charges first, always: it shows what was charged, what was "
    "refunded and what is still refundable. Then call refund_order once, with the amount, or the duplicate charge, that the "
    "records bear out, not the amount that was claimed. A good answer says: refunded, how much, to which method, by when. "
    "Say refunded only after refund_order succeeded."
)
LIST_CHARGES = "List an order's charges and refunds, what is refundable, and which charge is a duplicate."
REFUND_ORDER = "Refund an order to where it was paid from: in full, in part, or a duplicate charge."
PARAMETERS: dict[str, dict[str, str]] = {
    "list_charges": {"order_id": "string"},
    "refund_order": {"order_id": "string", "kind": "string", "amount_cents": "integer", "reason": "string"},
}
CENTS = 4250


def options(peer: str, **choices: Sequence[str]) -> argparse.Namespace:
    """The command line of a peer; `choices` are its own options and what they can be, the first where none is given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True, help="where the model answers")
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--warm-up", type=int, default=50, help="cases that are worked on before, and not counted")
    parser.add_argument("--database", default="", help="a SQLite file that is not there yet, or the address of a Postgres")
    parser.add_argument("--workers", type=int, default=1, help="processes, where a peer can share the cases among several")
    for option, known in choices.items():
        parser.add_argument(f"--{option}", choices=known, default=known[0])
    parser.set_defaults(peer=peer)
    return parser.parse_args()


def order_id(number: int) -> str:
    return f"#W{8_000_000 + number}"


def words(order: str) -> str:
    """What the customer writes."""
    return f"Hello, I was charged twice for my order {order}. Please refund the second charge."


def schemas() -> list[dict[str, Any]]:
    """The two tools as OpenAI's API takes them, for frameworks that do not make them from a function."""
    told = {"list_charges": LIST_CHARGES, "refund_order": REFUND_ORDER}
    found = []
    for name, parameters in PARAMETERS.items():
        properties = {parameter: {"type": kind} for parameter, kind in parameters.items()}
        inputs = {"type": "object", "properties": properties, "required": list(parameters), "additionalProperties": False}
        function = {"name": name, "description": told[name], "parameters": inputs}
        found.append({"type": "function", "function": function})
    return found


class Shop:
    """Orders that were charged twice, each by the number of its case. May be asked from several threads."""

    def __init__(self, orders: int) -> None:
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(":memory:", check_same_thread=False)
        self._rows.execute("CREATE TABLE charges (order_id TEXT, n INTEGER, cents INTEGER, PRIMARY KEY (order_id, n))")
        self._rows.execute("CREATE TABLE refunds (order_id TEXT PRIMARY KEY, kind TEXT, cents INTEGER, reason TEXT)")
        charges = [(order_id(number), n, CENTS) for number in range(orders) for n in (1, 2)]
        self._rows.executemany("INSERT INTO charges VALUES (?, ?, ?)", charges)
        self._rows.commit()

    def list_charges(self, order_id: str) -> dict[str, Any]:
        with self._lock:
            rows = self._rows.execute("SELECT n, cents FROM charges WHERE order_id = ? ORDER BY n", (order_id,)).fetchall()
        charges = [
            {"n": n, "amount_cents": cents, "amount": f"{cents / 100:.2f} USD", "method": "Visa ending in 4242"}
            | ({"duplicate_of": 1} if n > 1 else {})
            for n, cents in rows
        ]
        refundable = sum(cents for _, cents in rows)
        return {"order_id": order_id, "status": "delivered", "charges": charges, "refundable_cents": refundable}

    def refund_order(self, order_id: str, kind: str, amount_cents: int, reason: str) -> dict[str, Any]:
        with self._lock, self._rows:
            charged = self._rows.execute("SELECT sum(cents) FROM charges WHERE order_id = ?", (order_id,)).fetchone()[0]
            if amount_cents > (charged or 0):
                raise ValueError(f"At most {charged} cents were charged for {order_id}.")
            self._rows.execute("INSERT INTO refunds VALUES (?, ?, ?, ?)", (order_id, kind, amount_cents, reason))
        to = [{"method": "Visa ending in 4242", "amount_cents": amount_cents, "arrives": "in 5 to 7 business days"}]
        return {"refund_id": f"RF{order_id[2:]}", "order_id": order_id, "kind": kind, "amount_cents": amount_cents, "to": to}

    def refunds(self) -> int:
        with self._lock:
            return int(self._rows.execute("SELECT count(*) FROM refunds WHERE cents = ?", (CENTS,)).fetchone()[0])


def cpu_seconds() -> float:
    """Processor time of this process, and of its children that have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class Watch:
    """Wall and processor time since it was made."""

    def __init__(self) -> None:
        self._began, self._spent = time.perf_counter(), cpu_seconds()

    def report(self, given: argparse.Namespace, more_cpu: float = 0.0) -> None:
        """Print the one line of a peer, wherever its framework prints to. `more_cpu` is what its other processes spent."""
        seconds, spent = time.perf_counter() - self._began, cpu_seconds() - self._spent
        figures = {"seconds": round(seconds, 4), "cpu_seconds": round(spent + more_cpu, 4)}
        line = {"peer": given.peer, "at_once": given.at_once, "cases": given.cases, **figures}
        print(json.dumps(line), file=sys.__stdout__, flush=True)


def answered(order: str, said: str) -> None:
    """Make sure that a case came to its end."""
    if "I have refunded" not in said or order not in said:
        raise AssertionError(f"the case of {order} ended with {said!r}")


async def measure(given: argparse.Namespace, shop: Shop, case: Callable[[str], Awaitable[str]]) -> None:
    """Work on the cases in this loop, so many at once: first those that warm up, then those that count."""
    free = asyncio.Semaphore(given.at_once)

    async def one(number: int) -> None:
        order = order_id(number)
        async with free:
            answered(order, await case(order))

    async def all_of(numbers: Iterable[int]) -> None:
        await asyncio.gather(*(one(number) for number in numbers))

    await all_of(range(given.warm_up))
    watch = Watch()
    await all_of(range(given.warm_up, given.warm_up + given.cases))
    _end(watch, given, shop)


def measure_in_threads(given: argparse.Namespace, shop: Shop, case: Callable[[str], str]) -> None:
    """The same in threads, for what works on a case in the thread that began it."""

    def one(number: int) -> None:
        order = order_id(number)
        answered(order, case(order))

    with ThreadPoolExecutor(given.at_once) as pool:
        list(pool.map(one, range(given.warm_up)))
        watch = Watch()
        list(pool.map(one, range(given.warm_up, given.warm_up + given.cases)))
        _end(watch, given, shop)


def _end(watch: Watch, given: argparse.Namespace, shop: Shop) -> None:
    watch.report(given)
    if shop.refunds() != given.warm_up + given.cases:
        raise AssertionError(f"{shop.refunds()} refunds were made in {given.warm_up + given.cases} cases")
