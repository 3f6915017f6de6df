"""Orders that a message names by mistake, and what is asked of each of several."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.orders.which_orders import named_in
from groupchats.desk import team
from switchboard.loop.drive import run_team


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Return #W1000107. No, sorry, I mean #W1000147", ("#W1000147",)),
        ("Cancel #W1000095 - oh, I meant #W1000135", ("#W1000135",)),
        ("Where is #W1000002? Typo, it should be #W1000023", ("#W1000023",)),
        ("Cancel #W1000095, and I mean it", ("#W1000095",)),
        ("Cancel #W1000095 and #W1000135, I mean both", ("#W1000095", "#W1000135")),
        ("Cancel #W1000011, then #W1000126, sorry, I meant #W1000086", ("#W1000011", "#W1000086")),
    ],
)
def test_an_order_that_another_one_is_meant_for_is_left_out(text: str, meant: tuple[str, ...]) -> None:
    assert named_in(text) == meant


def test_an_order_that_is_to_go_elsewhere_is_not_cancelled_with_the_one_beside_it(tmp_path: Path) -> None:
    words = "Please cancel #W1000103, I no longer need it, and #W1000063 should go to 77 Birch Lane, Seattle, WA 98101."
    known = {"email": "jonas.okafor@example.com"}
    document: Any = run_team(team, words, engine=seeded(tmp_path), known=known).document
    made = {(c["tool"], c["arguments"]["order_id"]) for c in document["tool_calls"] if "pending" in c["tool"]}
    assert made == {("cancel_pending_order", "#W1000103"), ("modify_pending_order_address", "#W1000063")}
