"""What a model may refund only where the customer's words ask for it."""

from typing import Any

import pytest

from agents.money.refund_asked import DISPUTED, NOT_ASKED, NOT_NAMED, TOO_MUCH, allowed
from switchboard.declare.moves import Call
from switchboard.declare.transcript import CallResult, MessageEntry, View

ORDER, OTHER = "#W1000019", "#W1000020"
DOUBLE = Call("refund_order", {"order_id": ORDER, "kind": "duplicate_charge", "amount_cents": 100, "reason": "twice"})


def part(cents: int = 100, order: str = ORDER, kind: str = "partial") -> Call:
    return Call("refund_order", {"order_id": order, "kind": kind, "amount_cents": cents, "reason": "part"})


def charges(order: str, status: str = "delivered", *, twice: bool = False) -> CallResult:
    """What list_charges told of an order of 50.00."""
    lines = [{"n": 1, "amount_cents": 5000}, {"n": 2, "amount_cents": 5000, "duplicate_of": 1}][: 1 + twice]
    result = {"order_id": order, "status": status, "total_cents": 5000, "refundable_cents": 5000, "charges": lines}
    return CallResult("list_charges", {"order_id": order}, "done", result)


def seen(text: str, *answers: str, **more: Any) -> View:
    every = "\n".join([text, *answers])
    return View("a", every, latest=answers[-1] if answers else text, questions=len(answers), **more)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (DOUBLE, (f"I was charged twice for {ORDER}, please refund the second charge",)),
        (part(), (f"Please refund 1.00 USD of {ORDER}",)),
        (part(), (f"Please refund something of {ORDER}",)),
        (part(), (f"I paid for {ORDER} and the lid is dented.", "yes please")),
        (part(2500), (f"Please refund {ORDER}, 25.00 USD would be fair, I paid 50.00 USD",)),
        (Call("search_articles", {}), ("hello",)),
    ],
)
def test_what_the_words_ask_for_may_be_refunded(call: Call, words: tuple[str, ...]) -> None:
    assert allowed(seen(*words), call) is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (DOUBLE, (f"Was I charged twice for {ORDER}?",)),
        (part(), (f"I might want a refund of {ORDER}, not sure yet",)),
        (part(), (f"Where is my order {ORDER}?",)),
        (part(), (f"Please refund {ORDER}", "no, leave it")),
    ],
)
def test_what_they_do_not_ask_for_may_not(call: Call, words: tuple[str, ...]) -> None:
    assert allowed(seen(*words), call) == NOT_ASKED


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (4999, "Please refund 10.00 USD of {order}, the lid was scratched."),
        (1001, "I paid 50.00 USD for {order}, please refund 10.00 USD"),
        (1001, "Please refund {order} in part, 10.00 USD would be fair. It cost 50.00 USD"),
        (2501, "Please refund half of {order}"),
        (1001, "I want 20 % of the price of {order} refunded"),
    ],
)
def test_no_more_is_refunded_than_the_customer_asks_for(cents: int, words: str) -> None:
    view = seen(words.format(order=ORDER), calls=(charges(ORDER),))
    assert allowed(view, part(cents)) == TOO_MUCH
    assert allowed(view, part(cents, kind="full")) == TOO_MUCH
    assert allowed(view, part(cents // 10)) is None


def test_who_was_charged_twice_gets_no_more_than_the_second_charge() -> None:
    words = f"I was charged twice for {ORDER}, please refund the second charge"
    assert allowed(seen(words, calls=(charges(ORDER, twice=True),)), part(5001)) == TOO_MUCH
    assert allowed(seen(words, calls=(charges(ORDER),)), part(1)) == TOO_MUCH, "no charge was made twice"


def test_an_order_that_the_customer_did_not_name_is_not_refunded() -> None:
    named = seen(f"Please refund {ORDER}", calls=(charges(OTHER, "cancelled"),))
    assert allowed(named, part(order=OTHER)) == NOT_NAMED
    nothing = seen("I want a refund", calls=(charges(ORDER), charges(OTHER)), facts={"order_ids": [ORDER, OTHER]})
    assert allowed(nothing, part()) == NOT_NAMED
    assert allowed(seen("I want a refund"), part()) == NOT_NAMED, "its charges were not looked at"


def test_an_order_that_is_named_elsewhere_in_the_case_counts_where_this_matter_names_none() -> None:
    case = (MessageEntry("customer", f"Order {ORDER} is broken. Please refund it."),)
    assert allowed(seen("Please refund it.", case=case), part()) is None
    told = (MessageEntry("orders", f"You have order {ORDER}."),)
    assert allowed(seen("Please refund it.", case=told), part()) == NOT_NAMED, "an agent's words name nothing"


def test_an_order_that_nobody_named_is_refunded_where_only_it_can_be_meant() -> None:
    only = seen("I want a refund", calls=(charges(ORDER),), facts={"order_ids": [ORDER]})
    assert allowed(only, part()) is None
    looked = (charges(ORDER, "cancelled"), charges(OTHER))
    cancelled = seen("I want a refund", calls=looked, facts={"order_ids": [ORDER, OTHER]})
    assert allowed(cancelled, part(kind="full")) is None
    assert allowed(cancelled, part(order=OTHER, kind="full")) == NOT_NAMED
    double = (charges(ORDER, twice=True), charges(OTHER))
    twice = seen("I was charged twice, please refund it", calls=double, facts={"order_ids": [ORDER, OTHER]})
    assert allowed(twice, DOUBLE) is None
    assert allowed(twice, Call("refund_order", {**DOUBLE.arguments, "order_id": OTHER})) == NOT_NAMED


def test_what_a_bank_took_back_by_the_customers_words_is_not_refunded_by_a_model() -> None:
    view = seen(f"I was charged twice for {ORDER}, please refund it. My bank has reversed one of the charges already.")
    assert allowed(view, DOUBLE) == DISPUTED
