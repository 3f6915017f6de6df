"""Items that are in several orders, and answers that turn to something else."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from agents.orders.which_orders import spread_over
from groupchats.desk import team
from switchboard.declare.human import Prepared
from switchboard.loop.drive import RunResult, run_team

EMMA = "emma.lindqvist@example.com"


def order(number: int, status: str, *names: str) -> dict[str, Any]:
    items = [{"item_id": f"{number}{n}", "name": name, "options": {}} for n, name in enumerate(names)]
    return {"order_id": f"#W{number}", "status": status, "items": items}


ORDERS = [
    order(5000001, "delivered", "Cot Rail", "Tea Towel"),
    order(5000002, "delivered", "Oak Shelf"),
    order(5000003, "pending", "Cot Rail"),
    order(5000004, "delivered", "Garden Chair"),
]


@pytest.mark.parametrize(
    ("words", "kind", "found"),
    [
        ("Return the rail and the shelf, they came in two orders", "return_items", ["#W5000001", "#W5000002"]),
        ("Exchange the rails in both orders for blue ones", "exchange_items", ["#W5000001", "#W5000003"]),
        ("Return the rail and the shelf", "return_items", []),  # which is for others to find
        ("Return the chair, I have two orders", "return_items", []),
    ],
)
def test_what_is_in_several_orders_is_found_in_each_where_the_words_say_so(words: str, kind: str, found: list[str]) -> None:
    assert [o["order_id"] for o in spread_over(words, kind, ORDERS)] == found


def say(shop: Engine, *said: str) -> RunResult:
    return run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": EMMA})


def test_an_answer_about_another_thing_and_deed_begins_a_new_matter(shop: Engine) -> None:
    first = say(shop, "Please send order #W1000019 to another address.")
    assert "full new address" in first.document["reply"]
    turned = say(
        shop, "Please send order #W1000019 to another address.", "Cancel order #W1000019 then, I no longer need it.", "Yes"
    )
    with shop.connect() as connection:
        assert connection.execute(text("SELECT status FROM orders WHERE id = '#W1000019'")).scalar() == "cancelled"
    assert turned.end in ("resolved", "awaiting_customer")


def test_an_answer_can_turn_to_the_account(shop: Engine) -> None:
    turned = say(shop, "Please send order #W1000019 to another address.", "And my default address, can you change that too?")
    assert "#W1000019" not in turned.document["reply"] and "full new address" in turned.document["reply"]


def of_santos(shop: Engine, *said: str) -> tuple[list[str], RunResult]:
    """The changes that were made, in order, and the run."""
    result = run_team(team, said[0], engine=shop, human=Prepared(said[1:], live=True), known={"email": "m.santos@example.com"})
    done = [c["tool"] for c in result.document["tool_calls"] if c["status"] == "done"]
    return [name for name in done if name.startswith(("cancel", "return", "modify", "exchange"))], result


@pytest.mark.parametrize(
    "second",
    [
        "Also cancel the door mat I just bought, it's no longer needed.",
        "Yes please. Also cancel the door mat, I don't need it.",
    ],
)
def test_a_wish_beside_a_call_that_waits_comes_after_it_and_with_questions_of_its_own(shop: Engine, second: str) -> None:
    done, result = of_santos(shop, "Please return the daypack.", second, "yes")
    assert done == ["return_delivered_order_items"]
    assert "can only be cancelled as a whole" in result.document["reply"]  # the yes was said to the return


def test_all_of_an_order_is_cancelled_where_that_is_said_in_full(shop: Engine) -> None:
    done, _ = of_santos(shop, "Cancel the door mat, I don't need it.", "Cancel all of it, please.", "yes")
    assert done == ["cancel_pending_order"]


def test_another_wish_in_place_of_a_call_that_waits_is_done_and_what_waited_is_named(shop: Engine) -> None:
    second = "Actually, cancel my door mat first, it's no longer needed."
    done, result = of_santos(shop, "Please return the daypack.", second, "yes", "yes")
    assert done == ["cancel_pending_order"]
    assert "Not done: the return from order #W1000007" in result.document["reply"]
