"""What an agent may tell a customer: things that were done, and amounts that the run knows."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import PAID, team

from runtime.claims import amounts, made_of, unsupported
from runtime.database import open_engine, sqlite_url
from runtime.human import Nobody
from runtime.state import Run
from runtime.transcript import Entry


def run_with(folder: Path, *results: tuple[str, Any]) -> Run:
    """A run in which these tools were done, with these results."""
    PAID.clear()
    run = Run("r", team(), open_engine(sqlite_url(folder / "x.db")), Nobody())
    run.add(Entry("customer", "message", "I paid $12.99 and want it back.", "human"))
    for name, result in results:
        run.add(Entry("executor", "result", by="tool", tool=name, arguments={}, result=result, status="done", to="worker"))
    return run


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$42.50", [4250]),
        ("42.50 USD", [4250]),
        ("1,249.00 USD and $7", [124_900, 700]),
        ("42,50 EUR", [4250]),
        ("€ 3.5", [350]),
        ("order #W1000001, room 12, 5 to 7 business days", []),
    ],
)
def test_amounts_of_money_are_read_and_other_numbers_are_not(text: str, cents: list[int]) -> None:
    assert list(amounts(text)) == cents


@pytest.mark.parametrize(
    "text",
    [
        "Your order is on its way.",
        "You paid $12.99.",
        "It costs 20.00 USD, together 32.99 USD.",
        "The order was cancelled on 3 March.",
        "I can refund it. Shall I?",
        "I could not cancel it.",
        "We cancel only pending orders.",
        "Nothing was changed, and no order was refunded.",
    ],
)
def test_what_the_run_knows_may_be_said(tmp_path: Path, text: str) -> None:
    run = run_with(tmp_path, ("look_up", {"price": 20, "status": "cancelled", "refundable_cents": 1299}))
    assert unsupported(run, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I have refunded it.",
        "I've now refunded you.",
        "We already cancelled the order.",
        "Your refund is on its way.",
        "The address has been updated.",
        "You get 99.00 USD.",
        "I have opened a ticket.",
    ],
)
def test_what_nobody_did_and_no_result_holds_may_not_be_said(tmp_path: Path, text: str) -> None:
    assert unsupported(run_with(tmp_path, ("look_up", {"price": 20, "refundable_cents": 1299})), text)


def test_what_was_done_may_be_said(tmp_path: Path) -> None:
    run = run_with(tmp_path, ("pay", {"note": "refund of an order", "amount": "5.00 USD"}))
    assert unsupported(run, "I have refunded 5.00 USD.") is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(isinstance(cents, int) for cents in amounts(text))
    assert made_of(0, set())
