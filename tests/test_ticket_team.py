"""The tickets team: what rules find of a ticket, what the table decides, and that a model takes nothing back that is sure."""

import json
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from agents.tickets.signs import at_least, classified
from groupchats.tickets import team
from switchboard.declare.tool import Context
from switchboard.loop.drive import RunResult, run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.tickets.confidence import BOTH, OWN_CASE, SEVERAL
from switchboard.tickets.kinds import LEAST, URGENCIES, Classification, Sentiment, decide
from switchboard.tickets.rows import Ticket, opened
from tools.tickets import file_ticket

OPENED = {"department": "general", "priority": "critical", "subject": "Z", "summary": "Z", "contact_email": "mo@example.com"}
FOUND = Classification(category="general", urgency="low", sentiment="positive", reasoning="So it says.")


@pytest.mark.parametrize(
    ("words", "category", "urgency", "sentiment"),
    [
        ("My card was debited three times for one purchase, send two of them back", "billing", "medium", "neutral"),
        ("The app crashes whenever I open the camera", "technical", "medium", "neutral"),
        ("I cannot sign in since I lost my password", "account", "medium", "neutral"),
        ("Somebody got into my account and ordered things, do something immediately", "account", "high", "neutral"),
        ("Just wondering whether you sell tents, no hurry", "general", "low", "neutral"),
        ("There is an outage, none of our shops can print labels", "technical", "critical", "neutral"),
        ("I will sue you, you crooks, that is the worst service ever", "general", "high", "angry"),
        ("Thank you, the new lamp is wonderful", "general", "medium", "positive"),
        ("Meine Powerbank brennt", "general", "critical", "neutral"),
        ("My garden bench creaks, and your hotline kept me waiting, then hung up on me", "general", "medium", "negative"),
        ("Kann ich dringend jemanden wegen meines Kontos sprechen", "general", "high", "neutral"),
        ("We cannot work until the tills print again", "technical", "high", "neutral"),
        ("From Monday we can sell your tents again", "general", "medium", "neutral"),
        ("You guys rock, that bench made my day", "general", "medium", "positive"),
        ("Can I give a chair back after thirty days, or will it be forty?", "general", "medium", "neutral"),
    ],
)
def test_rules_find_what_a_ticket_is_about_how_urgent_and_how_meant(
    words: str, category: str, urgency: str, sentiment: str
) -> None:
    found = classified(words)
    assert (found.urgency, found.sentiment) == (urgency, sentiment), found
    assert found.category == category, found


def test_the_table_sends_what_is_critical_to_a_person_and_nothing_to_who_is_angry() -> None:
    for urgency, sentiment, confidence in product(URGENCIES, get_args(Sentiment), range(0, 101, 5)):
        decision = decide(confidence, urgency, sentiment)
        assert decision == "human" or urgency != "critical"
        assert decision != "auto_resolve" or sentiment != "angry"
        assert decision != "auto_resolve" or confidence > max(OWN_CASE, SEVERAL)
    assert {resolves >= drafts for rows in LEAST.values() for resolves, drafts in rows.values()} == {True}
    assert decide(BOTH, "high", "neutral") == "auto_resolve"


def test_a_model_makes_nothing_less_urgent_and_nobody_less_angry() -> None:
    assert at_least(FOUND, "Smoke comes out of my kettle").urgency == "critical"
    assert at_least(FOUND, "You crooks, this is unacceptable and the worst shop ever").sentiment == "angry"
    assert at_least(FOUND, "The hinge squeaks") == FOUND
    assert at_least(FOUND.model_copy(update={"urgency": "critical"}), "The hinge squeaks").urgency == "critical"


def worked(shop: Engine, words: str, gateway: Gateway | None = None) -> RunResult:
    return run_team(team, words, engine=shop, gateway=gateway)


def test_the_department_of_a_ticket_is_the_one_that_it_is_filed_with(shop: Engine) -> None:
    result = worked(shop, "My card was debited three times for one purchase, send two of them back")
    assert result.document["department"] == "billing"


@pytest.mark.parametrize("reply", ["no json", '{"category": "weather"}', json.dumps({**FOUND.model_dump(), "urgency": "now"})])
def test_nonsense_of_a_model_leaves_it_to_the_rules(shop: Engine, tmp_path: Path, reply: str) -> None:
    with ScriptedModel([reply], repeat=True) as model:
        gateway = Gateway(read_endpoints(str(model.config(tmp_path))), timeout=5)
        result = worked(shop, "How long do I have to return something?", gateway)
    assert model.count
    assert result.end == "resolved" and "30 days" in result.document["reply"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("How many days do I have to send something back?", "the passage tells how, and not how long"),
        ("How long do I have to return something? And where is my parcel?", "the second question is open"),
        ("I want to speak to a person about how long returns take.", "a person is wanted"),
        ("How long do I have to return something? I am asking for order #W1000014.", "it is about an order"),
    ],
)
def test_no_answer_goes_out_that_may_not_be_the_whole_one(shop: Engine, words: str, why: str) -> None:
    assert worked(shop, words).end == "escalated", why


def test_how_a_ticket_was_settled_is_before_the_person_who_gets_one_like_it_and_no_customer(shop: Engine) -> None:
    words = "The hinge of my folding table squeaks when I open it in the morning"
    first = worked(shop, words)
    with Session(shop) as session, session.begin():
        ticket = session.query(Ticket).filter_by(case_id=first.run.id).one()
        ticket.status, ticket.resolution = "closed", "Sent a drop of oil, part 77."
    second = worked(shop, f"Hello, {words}.")
    with Session(shop) as session:
        facts = session.query(Ticket).filter_by(case_id=second.run.id).one().facts
    assert facts and facts["past"] == [f"{ticket_number(shop, first)}: Sent a drop of oil, part 77."]
    assert "oil" not in second.document["reply"]


def ticket_number(shop: Engine, result: RunResult) -> str:
    with Session(shop) as session:
        return session.query(Ticket).filter_by(case_id=result.run.id).one().number


def test_what_is_filed_again_keeps_who_did_what_how_urgent_it_was_and_how_to_reach_them(shop: Engine) -> None:
    given = {"department": "general", "subject": "A", "summary": "B", "category": "general", "sentiment": "neutral"}
    given |= {"confidence": 0, "decision": "human", "draft": "", "citations": [], "past": [], "urgency": "low"}
    with Session(shop) as session:
        ticket = opened(session, "k", "case_1", {**OPENED, "facts": {"history": [{"what": "assigned"}]}})
        ctx = Context("case_1", "c2", "notification", session, None, Path(), {}, {}, "")
        assert file_ticket.function(ctx, **given) == {"ticket_id": ticket.number}
        assert (ticket.priority, ticket.contact_email, ticket.subject) == ("critical", "mo@example.com", "Z")
        assert ticket.facts and (ticket.facts["history"], ticket.facts["decision"]) == ([{"what": "assigned"}], "human")
