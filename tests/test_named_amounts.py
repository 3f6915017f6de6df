"""A refund that is owed is made at once, but not where the customer named another amount: then they are asked."""

import pytest
from sqlalchemy import Engine

from groupchats.desk import team
from switchboard.loop.drive import run_team

TWICE = "I was charged twice for order #W1000001."


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("Please refund it.", "resolved"),
        ("Please refund the 42.50 USD.", "resolved"),
        ("You took 85.00 USD instead of 42.50 USD, send back what was too much.", "resolved"),
        ("You took 85.00 USD in all, send one charge back.", "resolved"),
        ("Please refund 10.00 USD.", "awaiting_customer"),
        ("Send 12 dollars of it back to me.", "awaiting_customer"),
        ("Please refund 20.00 USD, and then 30.00 USD.", "awaiting_customer"),
        ("> It was 42.50 USD.\nPlease refund 5.00 USD.", "awaiting_customer"),
    ],
)
def test_another_amount_than_the_customer_named_is_read_back(shop: Engine, asked: str, end: str) -> None:
    result = run_team(team, f"{TWICE}\n{asked}", engine=shop, known={"email": "emma.lindqvist@example.com"})
    paid = [e.arguments["amount_cents"] for e in result.run.transcript if e.kind == "result" and e.tool == "refund_order"]
    assert (result.end, paid) == (end, [42_50] if end == "resolved" else [])
    assert ("Shall I do it?" in result.document["reply"]) == (end == "awaiting_customer")
