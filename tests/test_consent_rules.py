"""What a model may write only where the customer's words ask for it."""

from typing import Any

import pytest

from agents.reading.consent import NOT_ASKED, NOT_THEIR_ADDRESS, ONCE, allowed
from switchboard.declare.moves import Call
from switchboard.declare.transcript import CallResult, View

ORDER = "#W1000019"
CANCEL = Call("cancel_pending_order", {"order_id": ORDER, "reason": "no longer needed"})
BACK = Call("return_delivered_order_items", {"order_id": ORDER, "item_ids": ["1"], "payment_method_id": "x"})
SWAP = Call("exchange_delivered_order_items", {"order_id": ORDER, "item_ids": ["1"], "new_item_ids": ["2"]})
HOME = {"address1": "3 Market Square", "address2": "", "city": "Saint Paul", "state": "MN", "country": "USA", "zip": "55101"}
MOVE = Call("modify_pending_order_address", {"order_id": ORDER, **HOME})
DOUBLE = Call("refund_order", {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 100, "reason": "twice"})
PART = Call("refund_order", {"order_id": ORDER, "kind": "partial", "amount_cents": 100, "reason": "part"})


def seen(text: str, *answers: str, **more: Any) -> View:
    every = "\n".join([text, *answers])
    return View("a", every, latest=answers[-1] if answers else text, questions=len(answers), **more)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (CANCEL, (f"Please cancel {ORDER}, I no longer need it",)),
        (CANCEL, (f"Can I cancel {ORDER}?", "yes please")),
        (CANCEL, (f"I want to cancel {ORDER}", "by mistake")),
        (BACK, (f"I want to return the lamp of {ORDER}",)),
        (BACK, (f"The lamp of {ORDER} arrived broken, I want my money back",)),
        (SWAP, (f"Please exchange the lamp of {ORDER} for the white one",)),
        (SWAP, (f"The lamp of {ORDER} arrived broken, please send a new one",)),
        (MOVE, (f"Send {ORDER} to 3 Market Square, Saint Paul, MN 55101",)),
        (MOVE, (f"Please change the address of {ORDER}", "3 Market Sq., Saint Paul, Minnesota 55101")),
        (DOUBLE, (f"I was charged twice for {ORDER}, please refund the second charge",)),
        (PART, (f"Please refund 1.00 USD of {ORDER}",)),
        (Call("search_articles", {}), ("hello",)),
    ],
)
def test_what_the_words_ask_for_may_be_written(call: Call, words: tuple[str, ...]) -> None:
    assert allowed(seen(*words), call) is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (CANCEL, (f"Where is my order {ORDER}?",)),
        (CANCEL, (f"My order {ORDER} is late",)),
        (CANCEL, (f"What happens if I cancel {ORDER}?",)),
        (CANCEL, (f"Please do not cancel {ORDER}",)),
        (CANCEL, (f"Can I cancel {ORDER}?", "no, leave it")),
        (CANCEL, (f"Can I cancel {ORDER}?", "do you need to know why?")),
        (BACK, (f"Is it possible to return the lamp of {ORDER}?",)),
        (SWAP, (f"When does {ORDER} arrive?",)),
        (MOVE, (f"Where does {ORDER} go?",)),
        (DOUBLE, (f"Was I charged twice for {ORDER}?",)),
        (PART, (f"I might want a refund of {ORDER}, not sure yet",)),
    ],
)
def test_what_they_do_not_ask_for_may_not(call: Call, words: tuple[str, ...]) -> None:
    assert allowed(seen(*words), call) == NOT_ASKED


def test_an_address_that_the_customer_did_not_write_is_refused() -> None:
    words = f"Send {ORDER} to 33 Market Square, Saint Paul, MN 55101"
    assert allowed(seen(words), MOVE) == NOT_THEIR_ADDRESS
    glued = Call(MOVE.tool, {**MOVE.arguments, "address1": "5 3 Market Square"})
    assert allowed(seen(f"Send {ORDER} to apt 5", "3 Market Square, Saint Paul, MN 55101"), glued) == NOT_THEIR_ADDRESS


def test_an_address_from_the_customers_own_account_may_be_written() -> None:
    read = CallResult("get_user_details", {}, "done", {"address": HOME})
    assert allowed(seen(f"Please send {ORDER} to my default address", calls=(read,)), MOVE) is None


def test_a_second_refund_must_be_asked_for() -> None:
    paid = CallResult("refund_order", dict(DOUBLE.arguments), "done", {})
    words = f"I was charged twice for {ORDER}, please refund the second charge"
    assert allowed(seen(words, calls=(paid,)), DOUBLE) == ONCE
    assert allowed(seen(f"{words}. And refund the rest too", calls=(paid,)), PART) is None
