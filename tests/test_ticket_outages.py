"""The tickets team with a model that fails in every way: each of many tickets ends with a name, and none is lost."""

import json
from collections import Counter
from typing import Any, get_args

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support.faulty_model import NOT_AGAIN, FaultyModel
from test_model_outages import entry, gateway, model_seconds

from groupchats.tickets import team
from switchboard.cases.intake import Message
from switchboard.cases.runs import Environment
from switchboard.engine.worker import Worker
from switchboard.loop.state import End
from switchboard.service import intake
from switchboard.service.tickets.batches import put_on_queue, result_of
from switchboard.tickets.rows import Ticket

MANY = 500
WRITTEN = (
    "How long does a refund take?",
    "The kettle hisses since the last update of its clock.",
    "Which payment methods do you take?",
    "You crooks, that is the worst service ever, I will sue you.",
    "Smoke comes out of my lamp.",
    "Where do you deliver?",
)
FOUND = {"category": "general", "urgency": "low", "sentiment": "positive", "reasoning": "So it says."}
NOTHING = {"answer": "", "citations": [], "steps": [], "confidence": 0}


def sound(request: dict[str, Any]) -> str:
    """What a model answers that plays all down, and knows nothing."""
    told = json.dumps([message for message in request["messages"] if message["role"] == "system"])
    return json.dumps(FOUND if "You classify" in told else NOTHING)


@pytest.mark.slow
def test_500_tickets_are_worked_through_while_the_model_fails_30_per_cent_of_the_time(shop: Engine) -> None:
    messages = [
        Message(f"t-{n}", f"{WRITTEN[n % len(WRITTEN)]} It is number {n}.", {"email": f"who{n}@example.com"})
        for n in range(MANY)
    ]
    with FaultyModel(sound, 0.3, seed=7) as model:
        environment = Environment(shop, {team.name: team}, gateway(entry(model)))
        with Worker(environment, stands_by=True, concurrency=20) as worker:
            assert put_on_queue(worker, team.name, messages) == (MANY, 0)
            documents = list(intake.results(worker, [one.id for one in messages], lambda: None))
    results = [result_of(shop, document) for document in documents]
    ends = Counter(one.end for one in results)
    took = model_seconds(shop)
    print(f"{dict(ends)}; {dict(Counter(one.decision for one in results))}; {len(took)} calls, the longest {max(took):.2f} s")

    assert len(results) == MANY and set(ends) <= set(get_args(End)) and not {"failed", "loop", "limit"} & set(ends)
    written = {one.id: number % len(WRITTEN) for number, one in enumerate(messages)}
    assert {one.urgency for one in results if written[one.id] == 4} == {"critical"}, "whatever a model makes of it"
    assert {one.decision for one in results if written[one.id] in (3, 4)} == {"human"}
    with Session(shop) as session:
        waiting = session.scalar(
            select(func.count()).select_from(Ticket).where(Ticket.status == "open", Ticket.case_id != "seed")
        )
    assert waiting == sum(one.end == "escalated" for one in results), "each that waits for a person has its ticket"
    assert [faults for faults in model.met.values() if any(one in NOT_AGAIN for one in faults[:-1])] == []
    assert max(document["seconds"] for document in documents) < team.limits.seconds
