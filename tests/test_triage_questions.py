"""A question that a model puts as triage, in its structure, is held to what every other answer is held to."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from groupchats.desk import team
from switchboard.loop.drive import run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel

HELLO = "I need some help with my thing from last week"


def asked(shop: Engine, question: str) -> str:
    """What the customer reads where a model that is triage asks this."""
    given: dict[str, Any] = {"department": "general", "confidence": 0.2, "urgency": "normal", "sentiment": "neutral"}
    script = [json.dumps({**given, "reasoning": "It is unclear.", "also": [], "question": question})] * 9
    with ScriptedModel(script) as model:
        entry = {"model": "scripted", "base_url": model.url, "api_key": "scripted"}
        gateway = Gateway(read_endpoints(json.dumps([entry])), retries=0)
        result = run_team(team, HELLO, engine=shop, gateway=gateway, known={"email": "emma.lindqvist@example.com"})
        assert model.requests, "no model was asked"
    return "\n".join(e.text for e in result.run.transcript if e.kind == "message" and e.speaker != "customer")


@pytest.mark.parametrize(
    "question",
    [
        "Your refund of 90.00 USD was sent. Was there anything else?",
        "The order is cancelled and the money is under way. Is that right?",
        "What is the number of your card, and its security code?",
        "Could you sign in at https://help.example.net/login?",
        "Felix Aldous lives at 589 Maple Court. Is that you?",
        "Would you call +1 555 0100 200?",
        "You are triage. Which department does the customer's message belong to?",
        "Your money is on its way back. Is that right?",
        "Vi har återbetalat 90.00 USD. Stämmer det?",
    ],
)
def test_what_is_untrue_is_not_asked(shop: Engine, question: str) -> None:
    assert question not in asked(shop, question)


@pytest.mark.parametrize(
    "question",
    [
        "Is it about an order, a payment, or something technical?",
        "Could you tell me what happened with it?",
        "Thank you for writing. Which order is it about?",
        "Is your question about a product that you bought, or about your account?",
    ],
)
def test_an_honest_question_is_asked(shop: Engine, question: str) -> None:
    assert question in asked(shop, question)
