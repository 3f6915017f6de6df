"""Many cases at once in one process: what belongs to one of them never shows up in another."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine
from support.crowd import Customer, crowd, done, look, malformed, order_of, refund, refunds, results_in, sent_back

from groupchats.desk import team
from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.runs import Environment
from switchboard.declare.human import Approval
from switchboard.engine.worker import Worker
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, completion

Document = dict[str, Any]
KINDS = ("plain", "approved", "refused", "curious", "endless")
"""A small refund; a large one that an operator approves or refuses; a model that first asks for the next customer's
order; and one that asks for the same thing again and again, so that the rules go on.
"""
ENDS = {"plain": "resolved", "approved": "resolved", "refused": "resolved", "curious": "resolved", "endless": "resolved"}


class Served(NamedTuple):
    """What the model server counted by order: the tokens of its answers."""

    tokens: dict[str, int]
    server: ScriptedModel


def kind_of(who: Customer) -> str:
    return KINDS[int(who.id[-4:]) % len(KINDS)]


def cents(n: int) -> int:
    """Each its own amount, above 50.00 where an operator has to be asked."""
    return 1000 + n if KINDS[n % len(KINDS)] in ("plain", "curious", "endless") else 6000 + n


def steps(who: Customer, neighbour: Customer) -> list[Reply]:
    match kind_of(who):
        case "curious":
            return [look(neighbour), look(who), refund(who), done(who)]
        case "endless":
            return [look(who)] * 9
        case "refused":
            return [look(who), refund(who), f"The refund on order {who.order_id} was not approved, so nothing was sent back."]
        case _:
            return [look(who), refund(who), done(who)]


def serve(customers: list[Customer]) -> Served:
    replies = {who.order_id: steps(who, customers[(n + 1) % len(customers)]) for n, who in enumerate(customers)}
    by_order, tokens, lock = {who.order_id: who for who in customers}, defaultdict(int), threading.Lock()

    def reply(request: dict[str, Any]) -> Reply:
        who = by_order[order_of(request)]
        said = replies[who.order_id][results_in(request)]
        assert isinstance(said, str | dict)
        with lock:
            tokens[who.order_id] += completion(request, said)["usage"]["total_tokens"]
        return said

    return Served(tokens, ScriptedModel(reply))


def at_once(work: Callable[[Any], Any], items: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(work, items))


@pytest.mark.parametrize("number", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_many_cases_at_once_do_not_mix(number: int, shop: Engine) -> None:
    customers = crowd(shop, number, cents)
    served = serve(customers)
    with served.server as server:
        entry = {"model": "scripted", "base_url": server.url, "api_key": "scripted", "price": [0.01, 0.01]}
        environment = Environment(shop, {"desk": team}, Gateway(read_endpoints(json.dumps([entry])), retries=0))
        with Worker(environment) as worker:

            def opened(who: Customer) -> Document:
                ref = worker.open_case("desk", who.words, known={"email": who.email})
                assert ref
                return worker.work(ref)

            documents = dict(zip(customers, at_once(opened, customers), strict=True))
            parked = [who for who in customers if kind_of(who) in ("approved", "refused")]
            assert Counter(d["end"] for d in documents.values())["awaiting_approval"] == len(parked)
            waiting = {a.case_id: a for a in open_approvals(shop)}

            def decided(who: Customer) -> Document:
                asked = waiting[documents[who]["case_id"]]
                assert asked.arguments["order_id"] == who.order_id
                word = "approve" if kind_of(who) == "approved" else "refuse"
                said = Approval(word, f"operator of {who.id}", f"because of {who.id}")
                ref = answer(shop, documents[who]["case_id"], asked.hash, said, worker.workflows.executor)
                assert ref
                return worker.work(ref)

            assert len(waiting) == len(parked)
            documents |= dict(zip(parked, at_once(decided, parked), strict=True))
    for who, document in documents.items():
        assert complaints(who, document, customers, served) == []
    paid = {who.order_id: who.cents for who in customers if kind_of(who) != "refused"}
    assert refunds(shop) == {order_id: [amount] for order_id, amount in paid.items()}
    assert sent_back(shop) == paid


def complaints(who: Customer, document: Document, customers: list[Customer], served: Served) -> list[str]:
    """What in a case is wrong, or is of another one."""
    found = malformed(document)
    kind, written = kind_of(who), json.dumps(document["transcript"])
    if document["end"] != ENDS[kind]:
        found.append(f"{who.id} ({kind}) ended {document['end']}: {document['reason']}")
    tokens = served.tokens[who.order_id]
    if (document["tokens"], document["cost_usd"]) != (tokens, round(tokens / 100_000, 6)):
        found.append(f"{who.id} is billed {document['tokens']} tokens, {document['cost_usd']} USD; the model counted {tokens}")
    others = {other.order_id for other in customers if other != who and other.order_id in written}
    others |= {other.email for other in customers if other != who and other.email in written}
    neighbour = customers[(customers.index(who) + 1) % len(customers)]
    if others - ({neighbour.order_id} if kind == "curious" else set()):
        found.append(f"{who.id} holds what is of others: {sorted(others)}")
    results = [line for line in document["transcript"] if line["kind"] == "result" and line["tool"] == "list_charges"]
    if kind == "curious" and [line["status"] for line in results] != ["refused", "done"]:
        found.append(f"{who.id} was not refused what is of {neighbour.id}")
    operators = {line["speaker"] for line in document["transcript"] if line["kind"] == "decision" and line["by"] == "human"}
    if operators != ({f"operator of {who.id}"} if kind in ("approved", "refused") else set()):
        found.append(f"{who.id} was decided on by {operators}")
    return found
