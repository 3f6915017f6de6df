"""Knowledge's findings by a model: they may better what the rules found, and never by what the passages do not carry."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from agents.tickets.knowledge import weighed
from groupchats.tickets import team
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.tickets.confidence import BOTH, CERTAIN, DOUBTFUL, FOUND, SURE, bound
from switchboard.tickets.kinds import Findings
from switchboard.tickets.rows import Ticket

ASKS = "How long do I have to return something?"
ANSWER = "You can send back anything within 30 days of delivery, for any reason."
CALM = {"category": "general", "urgency": "medium", "sentiment": "neutral", "reasoning": "They ask how long."}
SOUND: dict[str, Any] = {"answer": ANSWER, "citations": ["returns.md#returns"], "steps": [], "confidence": 92}


def worked(shop: Engine, reply: str | Callable[[int], str], words: str = ASKS) -> tuple[RunResult, ScriptedModel, Ticket]:
    """A ticket whose classifier's model is right, and whose knowledge's says `reply`, by how often it was asked."""
    asked = 0

    def answers(request: dict[str, Any]) -> str:
        nonlocal asked
        if "classify support tickets" in json.dumps(request["messages"][0]):
            return json.dumps(CALM)
        asked += 1
        return reply if isinstance(reply, str) else reply(asked)

    with ScriptedModel(answers) as model:
        entry = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(entry)), retries=0, timeout=5)
        result = run_team(team, words, engine=shop, gateway=gateway)
    with Session(shop, expire_on_commit=False) as session:
        return result, model, session.query(Ticket).filter_by(case_id=result.run.id).one()


def findings(result: RunResult) -> dict[str, Any]:
    [line] = [e for e in result.run.transcript if e.kind == "handoff" and e.to == "escalation"]
    return dict(line.facts["findings"])


def refusals(result: RunResult) -> list[str]:
    return [e.text for e in result.run.transcript if e.kind == "decision" and "was not sent" in e.text]


def test_a_sound_answer_of_a_model_goes_out_in_its_words_with_its_citation(shop: Engine) -> None:
    result, _, ticket = worked(shop, json.dumps(SOUND))
    assert (result.end, refusals(result)) == ("resolved", [])
    assert result.document["reply"] == f"{ANSWER}\n[returns.md#returns]"
    assert ticket.facts and (ticket.facts["decision"], ticket.facts["confidence"]) == ("auto_resolve", 92)
    assert findings(result)["claimed"]["confidence"] == 92


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"answer": "You can send back anything within 90 days of delivery, for any reason."}, "90"),
        ({"answer": "Goods that were engraved can be brought to our store in Lisbon until they are worn."}, ""),
        ({"citations": []}, "names no passage"),
        ({"citations": ["returns.md#free-returns-for-ever"]}, "no search has found"),
        ({"answer": f"{ANSWER} [warranty.md#made-up]"}, "there is no warranty.md#made-up"),
        ({"answer": "Hello [Your Name], you have 30 days of delivery to return something."}, "left to be filled in"),
        ({"steps": ["1. Send your card number to our office."]}, ""),
    ],
)
def test_what_the_passages_do_not_carry_is_left_to_the_rules(shop: Engine, wrong: dict[str, Any], why: str) -> None:
    result, _, ticket = worked(shop, json.dumps({**SOUND, **wrong}))
    assert len(refusals(result)) == 2 and why in refusals(result)[0], refusals(result)
    assert "30 days" in result.document["reply"] and "[returns.md#returns]" in result.document["reply"]
    assert ("claimed" in findings(result), ticket.facts and ticket.facts["confidence"]) == (False, BOTH)


def test_a_model_that_is_told_what_was_wrong_may_mend_it(shop: Engine) -> None:
    bad = json.dumps({**SOUND, "citations": ["returns.md#gone"]})
    result, model, _ = worked(shop, lambda time: bad if time == 1 else json.dumps(SOUND))
    assert len(refusals(result)) == 1 and findings(result)["answer"].startswith(ANSWER)
    assert "no search has found 'returns.md#gone'" in json.dumps(model.requests[-1])


def test_how_another_ticket_was_settled_is_told_to_no_customer(shop: Engine) -> None:
    words = "Which oil is good for the hinge of a folding table?"
    first = run_team(team, words, engine=shop)
    with Session(shop) as session, session.begin():
        ticket = session.query(Ticket).filter_by(case_id=first.run.id).one()
        ticket.status, ticket.resolution = "closed", "Sent Kim a bottle of walnut oil for nothing."
    leak = {"answer": "We send a bottle of walnut oil for nothing.", "citations": ["returns.md#returns"]}
    result, _, _ = worked(shop, json.dumps({**SOUND, **leak}), words)
    assert "claimed" not in findings(result) and "walnut" not in findings(result)["answer"]
    assert "walnut" in findings(result)["past"][0]


def test_where_no_answer_could_go_out_or_wait_no_model_is_asked_for_one(shop: Engine) -> None:
    for words in ("I want to speak to a person about how long returns take.", "Smoke comes out of the plug of my heater!"):
        result, model, _ = worked(shop, json.dumps(SOUND), words)
        assert (result.end, model.count) == ("escalated", 1)


@pytest.mark.parametrize(
    ("ours", "cited", "claim", "confidence", "by"),
    [
        (BOTH, ["a#b"], 100, BOTH, "model"),
        (BOTH, ["a#b"], 60, 60, "model"),
        (FOUND, ["a#b"], 100, SURE, "model"),
        (DOUBTFUL, ["a#b"], 100, FOUND, "model"),
        (FOUND, ["c#d"], 100, FOUND, "model"),
        (FOUND, ["a#b", "c#d"], 100, FOUND, "model"),
        (SURE, ["c#d"], 100, FOUND, "rules"),
        (SURE, ["a#b", "c#d"], 100, SURE, "rules"),
        (BOTH, ["a#b"], 20, 20, "rules"),
    ],
)
def test_a_claim_lowers_and_raises_no_further_than_the_rules_bear_it_out(
    ours: int, cited: list[str], claim: int, confidence: int, by: str
) -> None:
    rules = Findings(answer="It is so. [a#b]", citations=["a#b"], steps=[], confidence=ours)
    found = Findings(answer="So it is.", citations=cited, steps=[], confidence=claim)
    counted = weighed(found, rules, CERTAIN)
    assert (counted.confidence, counted.answer.startswith("So it is.")) == (confidence, by == "model")
    assert weighed(found, rules, DOUBTFUL).confidence <= DOUBTFUL
    assert bound(ours, same=False) < 80


@pytest.mark.parametrize(
    "words", ["The battery of my e-bike is smoking while I charge it!", "I want a person. How do returns work?"]
)
def test_what_a_person_answers_has_no_draft_that_could_be_sent(shop: Engine, words: str) -> None:
    result = run_team(team, words, engine=shop)
    with Session(shop) as session:
        ticket = session.query(Ticket).filter_by(case_id=result.run.id).one()
        assert ticket.facts and (ticket.facts["decision"], ticket.draft) == ("human", None)
