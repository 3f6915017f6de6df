"""Refunds through Stripe, by its own library and over HTTP: each is made once, and what is said of it is true."""

import logging
import os
import shutil
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.own_shop import EMMA, PRIYA, Desk, seeded
from support.postgres import Fresh, with_driver
from support.stripe_server import SECRET, TIMEOUT, Stripe, running_stripe

from agents.orders.outcome import sent_back
from agents.orders.status import under_way
from agents.plays.charges import charged, refund_status
from agents.plays.orders.reports import refunds_so_far
from groupchats.desk import team
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.tool import Context, Tool
from switchboard.errors import OperatorError, ToolError
from switchboard.loop.drive import run_team
from tools.money import list_charges, refund_order
from tools.orders import (
    cancel_pending_order,
    get_order_details,
    modify_pending_order_items,
    modify_pending_order_payment,
)
from tools.payments import Declined, Ledger, NoAnswer, PaymentProvider, Unreachable, provider_from, settle_requested
from tools.settings import shop_settings
from tools.shop import Order, Payment, Ticket
from tools.store import MIGRATIONS, migrate

CHARGED_TWICE = "#W1000001"
PENDING = "#W1000011"
DUPLICATE = {"order_id": CHARGED_TWICE, "kind": "duplicate_charge", "amount_cents": 4250, "reason": "charged twice"}
OSKAR = "oskar_nyman_1008"
NOT_KNOWN = ["late", "lost", "broken"]
"""How Stripe makes a refund and does not say so, on every try."""


@pytest.fixture(scope="module")
def server() -> Iterator[Stripe]:
    with running_stripe() as server:
        yield server


@pytest.fixture
def stripe(server: Stripe, monkeypatch: pytest.MonkeyPatch) -> Stripe:
    """Stripe in a good mood, with a library that waits less before it tries again."""
    import stripe as library

    monkeypatch.setattr(library.HTTPClient, "INITIAL_DELAY", 0.01)
    server.start_anew()
    return server


def by_stripe(desk: Desk, stripe: Stripe, order_id: str) -> list[str]:
    """Have Stripe take the order's charges; gives their references."""
    with Session(desk.engine) as session:
        charges = [line for line in session.get_one(Order, order_id).payments if line.kind == "payment"]
        for line in charges:
            line.reference = stripe.charge(line.amount_cents)
        session.commit()
        return [str(line.reference) for line in charges]


def provider(stripe: Stripe, secret: str = SECRET) -> PaymentProvider:
    from tools.stripe_payments import StripePayments

    return StripePayments(secret, stripe.base, TIMEOUT)


def outside(desk: Desk, by: PaymentProvider | None, tool: Tool, result: Any, call_id: str = "c1") -> Any:
    """The call's effect outside, as the executor makes it once the rows are committed."""
    assert tool.outside
    services = {"payments": by} if by else {}
    with Session(desk.engine) as session:
        return tool.outside(Context("run-1", call_id, "refunds", session, desk.customer, services=services), result)


def call(desk: Desk, by: PaymentProvider | None, tool: Tool, call_id: str = "c1", **arguments: Any) -> Any:
    return outside(desk, by, tool, desk.call(tool, call_id=call_id, **arguments), call_id)


def lines(engine: Engine, order_id: str) -> list[tuple[str, int, str | None]]:
    """The refund lines of an order, the declined ones too: state, cents, reference."""
    with Session(engine) as session:
        found = session.query(Payment).filter_by(order_id=order_id, kind="refund").order_by(Payment.id)
        return [(line.state, line.amount_cents, line.reference) for line in found]


class Dies:
    """A provider whose process dies when the answer has come, before anything is written."""

    def __init__(self, provider: PaymentProvider) -> None:
        self.provider = provider

    def refund(self, reference: str, cents: int, key: str) -> str:
        self.provider.refund(reference, cents, key)
        raise SystemExit("killed")


def test_a_refund_goes_out_once_and_its_line_knows_stripes_number(emma: Desk, stripe: Stripe):
    charges = by_stripe(emma, stripe, CHARGED_TWICE)
    requested = emma.call(refund_order, call_id="c1", **DUPLICATE)
    assert (requested["refund_state"], requested["to"][0]["state"]) == ("requested", "requested")
    assert stripe.refunds(*charges) == []
    result = outside(emma, provider(stripe), refund_order, requested)
    assert "refund_state" not in result and "note" not in result and "state" not in result["to"][0]
    ((number, cents),) = stripe.refunds(*charges)
    assert lines(emma.engine, CHARGED_TWICE) == [("settled", 4250, number)] and cents == 4250
    assert outside(emma, provider(stripe), refund_order, requested) == result
    assert stripe.asked == 1


def test_the_same_key_is_one_refund_one_after_the_other_and_at_once(stripe: Stripe):
    charge = stripe.charge(9000)
    first = provider(stripe).refund(charge, 1000, "run:1:7")
    assert provider(stripe).refund(charge, 1000, "run:1:7") == first
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(provider(stripe).refund, charge, 2000, "run:2:8") for _ in range(4)]
    numbers = {one.result() for one in asked if not isinstance(one.exception(), NoAnswer)}
    assert numbers | {first} == {number for number, _ in stripe.refunds(charge)}
    assert sorted(cents for _, cents in stripe.refunds(charge)) == [1000, 2000]


def test_a_payment_intent_is_sent_back_as_its_charge_is(stripe: Stripe):
    intent = stripe.intent(4250)
    number = provider(stripe).refund(intent["id"], 4250, "run:1:1")
    assert provider(stripe).refund(intent["id"], 4250, "run:1:1") == number
    assert stripe.refunds(intent["latest_charge"]["id"]) == [(number, 4250)]


def test_a_crash_between_stripes_answer_and_our_row_leaves_one_refund_there_and_one_here(emma: Desk, stripe: Stripe):
    charges = by_stripe(emma, stripe, CHARGED_TWICE)
    requested = emma.call(refund_order, call_id="c1", **DUPLICATE)
    with pytest.raises(SystemExit):
        outside(emma, Dies(provider(stripe)), refund_order, requested)
    assert lines(emma.engine, CHARGED_TWICE) == [("requested", 4250, None)]
    assert "refund_state" not in outside(emma, provider(stripe), refund_order, requested)
    ((number, _),) = stripe.refunds(*charges)
    assert lines(emma.engine, CHARGED_TWICE) == [("settled", 4250, number)]


@pytest.mark.parametrize("mood", [*NOT_KNOWN, "deaf", "down"])
def test_a_refund_without_an_answer_is_told_as_ordered_and_settled_later(emma: Desk, stripe: Stripe, mood: str):
    charges = by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.mood = mood
    result = call(emma, provider(stripe), refund_order, **DUPLICATE)
    assert result["refund_state"] == "requested" and "not confirmed" in result["note"]
    assert stripe.asked == 2, "the library tries once more"
    assert len(stripe.refunds(*charges)) == (mood in NOT_KNOWN)
    assert settle_requested(emma.engine, provider(stripe)) == (mood in NOT_KNOWN), "what was made is found"

    stripe.mood = "fine"
    assert settle_requested(emma.engine, provider(stripe)) == (mood not in NOT_KNOWN)
    ((number, _),) = stripe.refunds(*charges)
    assert lines(emma.engine, CHARGED_TWICE) == [("settled", 4250, number)]
    assert settle_requested(emma.engine, provider(stripe)) == 0


def test_a_request_that_is_delivered_twice_and_one_whose_first_try_is_lost_are_one_refund(emma: Desk, stripe: Stripe):
    charges = by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.moods.extend(["lost", "twice"])
    assert "refund_state" not in call(emma, provider(stripe), refund_order, **DUPLICATE)
    assert stripe.asked == 2
    assert len(stripe.refunds(*charges)) == 1


def test_a_declined_refund_leaves_the_rows_as_before_and_is_said(emma: Desk, stripe: Stripe):
    by_stripe(emma, stripe, CHARGED_TWICE)
    before = emma.order(CHARGED_TWICE), emma.call(list_charges, order_id=CHARGED_TWICE)
    stripe.moods.append("declined")
    requested = emma.call(refund_order, call_id="c1", **DUPLICATE)
    for _ in range(2):  # a crash may make it be heard again
        with pytest.raises(ToolError, match=r"declined the refund .*This charge is disputed\. .*hand over to a human"):
            outside(emma, provider(stripe), refund_order, requested)
    assert lines(emma.engine, CHARGED_TWICE) == [("declined", 4250, None)]
    assert (emma.order(CHARGED_TWICE), emma.call(list_charges, order_id=CHARGED_TWICE)) == before
    assert "refund_state" not in call(emma, provider(stripe), refund_order, "c2", **DUPLICATE)


def test_a_refund_of_two_charges_of_which_one_is_declined_says_both(emma: Desk, stripe: Stripe):
    by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.moods.extend(["fine", "declined"])
    whole = {"order_id": CHARGED_TWICE, "kind": "full", "amount_cents": 8500, "reason": "as agreed"}
    result = call(emma, provider(stripe), refund_order, **whole)
    assert (result["amount"], result["refund_declined"]) == ("42.50 USD", ["42.50 USD to the credit card ending 1111"])
    assert [state for state, _, _ in lines(emma.engine, CHARGED_TWICE)] == ["settled", "declined"]
    assert emma.call(list_charges, order_id=CHARGED_TWICE)["refundable_cents"] == 4250


def test_what_is_requested_counts_as_sent_back_and_is_shown(emma: Desk, stripe: Stripe):
    by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.mood = "deaf"
    call(emma, provider(stripe), refund_order, **DUPLICATE)
    charges = emma.call(list_charges, order_id=CHARGED_TWICE)
    assert (charges["refundable_cents"], charges["refunds"][0]["state"]) == (4250, "requested")
    assert emma.call(get_order_details, order_id=CHARGED_TWICE)["payment_history"][-1]["state"] == "requested"
    assert "no duplicate charge" in emma.refusal(refund_order, **DUPLICATE)


def test_a_charge_of_the_ledger_is_settled_without_asking_anybody(emma: Desk, stripe: Stripe):
    result = call(emma, provider(stripe), refund_order, **DUPLICATE)
    assert "refund_state" not in result and stripe.asked == 0
    assert lines(emma.engine, CHARGED_TWICE) == [("settled", 4250, None)]


@pytest.mark.parametrize("by", [None, Ledger()])
def test_without_the_provider_that_took_a_charge_its_refund_stays_ordered(
    emma: Desk, stripe: Stripe, by: PaymentProvider | None, caplog: pytest.LogCaptureFixture
):
    by_stripe(emma, stripe, CHARGED_TWICE)
    assert call(emma, by, refund_order, **DUPLICATE)["refund_state"] == "requested"
    assert "set SWITCHBOARD_PAYMENTS" in caplog.text
    assert settle_requested(emma.engine, Ledger()) == 0
    assert settle_requested(emma.engine, provider(stripe)) == 1


def test_a_cancelled_order_tells_what_is_sent_back_and_what_is_only_ordered(tmp_path: Path, stripe: Stripe):
    desk = Desk(seeded(tmp_path), PRIYA)
    by_stripe(desk, stripe, PENDING)
    cancel = {"order_id": PENDING, "reason": "no longer needed"}
    stripe.mood = "lost"
    result = call(desk, provider(stripe), cancel_pending_order, **cancel)
    assert (result["status"], result["refund_state"]) == ("cancelled", "requested")
    assert result["refunds"] == ["67.40 USD to the credit card ending 3333"]
    again = outside(desk, provider(stripe), cancel_pending_order, result)
    assert again == {
        "order_id": PENDING,
        "status": "cancelled",
        "items": ["Enamel Camp Kettle, 1.2 l, cream", "Insulated Bottle, 500 ml, sky"],
        "refunds": ["67.40 USD to the credit card ending 3333, in 5 to 7 business days"],
        "refund_cents": 6740,
    }


def test_a_change_whose_refund_is_declined_stands_and_leaves_the_money_to_a_human(tmp_path: Path, stripe: Stripe):
    desk = Desk(seeded(tmp_path), PRIYA)
    by_stripe(desk, stripe, PENDING)
    stripe.mood = "declined"
    requested = desk.call(cancel_pending_order, call_id="c1", order_id=PENDING, reason="no longer needed")
    results = [outside(desk, provider(stripe), cancel_pending_order, requested) for _ in range(2)]
    assert results[0] == results[1]
    assert (results[0]["status"], results[0]["refunds"], len(results[0]["tickets"])) == ("cancelled", [], 1)
    with Session(desk.engine) as session:
        (ticket,) = session.query(Ticket).filter_by(customer_id=PRIYA, department="billing", case_id="run-1")
        assert "67.40 USD to the credit card ending 3333 did not go out: This charge is disputed." in ticket.summary
    assert desk.call(list_charges, order_id=PENDING)["refundable_cents"] == 6740


def test_a_refund_that_is_declined_when_asked_again_gets_a_ticket(emma: Desk, stripe: Stripe):
    by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.mood = "down"
    call(emma, provider(stripe), refund_order, **DUPLICATE)
    stripe.mood = "declined"
    assert [settle_requested(emma.engine, provider(stripe)) for _ in range(2)] == [0, 0]
    assert lines(emma.engine, CHARGED_TWICE) == [("declined", 4250, None)]
    with Session(emma.engine) as session:
        assert session.query(Ticket).filter_by(case_id="run-1").count() == 1


def test_money_goes_back_to_the_card_that_paid_or_to_a_gift_card_and_nowhere_else(tmp_path: Path, stripe: Stripe):
    desk = Desk(seeded(tmp_path), OSKAR)
    (charge,) = by_stripe(desk, stripe, "#W1000121")
    change = {"order_id": "#W1000121", "item_ids": ["3000001104"], "new_item_ids": ["3000001101"]}
    refusal = desk.refusal(modify_pending_order_items, **change, payment_method_id="paypal_1000008")
    assert "Ask for the method that paid, or for a gift card." in refusal
    result = call(desk, provider(stripe), modify_pending_order_items, **change, payment_method_id="credit_card_1000008")
    assert result["refunds"] == ["50.00 USD to the credit card ending 8888, in 5 to 7 business days"]
    assert [cents for _, cents in stripe.refunds(charge)] == [5000]

    desk.customer = "maria_santos_1007"
    (charge,) = by_stripe(desk, stripe, "#W1000058")
    change = {"order_id": "#W1000058", "item_ids": ["3000000104"], "new_item_ids": ["3000000101"]}
    result = call(desk, provider(stripe), modify_pending_order_items, "c2", **change, payment_method_id="gift_card_1000007")
    assert (result["refund_cents"], result["method"], stripe.refunds(charge)) == (740, "gift card", [])


def test_an_order_that_is_paid_by_another_method_has_its_first_charge_sent_back(tmp_path: Path, stripe: Stripe):
    desk = Desk(seeded(tmp_path), OSKAR)
    (charge,) = by_stripe(desk, stripe, "#W1000121")
    other = {"order_id": "#W1000121", "payment_method_id": "paypal_1000008"}
    result = call(desk, provider(stripe), modify_pending_order_payment, **other)
    assert result["refunds"] == ["64.90 USD to the credit card ending 8888, in 5 to 7 business days"]
    assert [cents for _, cents in stripe.refunds(charge)] == [6490]


WORDS = "I was charged twice for order #W1000001, please refund the second charge."


@pytest.mark.parametrize(
    ("mood", "end", "said", "unsaid"),
    [
        ("fine", "resolved", "I have refunded the duplicate charge", "confirmed"),
        ("lost", "resolved", "The payment provider has not confirmed it yet", "refunded"),
        ("declined", "escalated", "", "I have refunded"),
    ],
)
def test_the_customer_hears_what_came_of_the_refund(emma: Desk, stripe: Stripe, mood: str, end: str, said: str, unsaid: str):
    charges = by_stripe(emma, stripe, CHARGED_TWICE)
    stripe.mood = mood
    services = {"payments": provider(stripe)}
    result = run_team(team, WORDS, engine=emma.engine, known={"email": "emma.lindqvist@example.com"}, services=services)
    assert result.end == end
    assert said in result.document["reply"] and unsaid not in result.document["reply"]
    assert len(stripe.refunds(*charges)) == (mood != "declined")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (cancel_pending_order, {"reason": "no longer needed"}),
        (modify_pending_order_payment, {"payment_method_id": "paypal_1000008"}),
    ],
)
def test_the_rules_tell_a_refund_of_a_changed_order_as_ordered(
    tmp_path: Path, stripe: Stripe, tool: Tool, arguments: dict[str, str]
):
    desk = Desk(seeded(tmp_path), OSKAR)
    by_stripe(desk, stripe, "#W1000121")
    stripe.mood = "down"
    result = call(desk, provider(stripe), tool, order_id="#W1000121", **arguments)
    assert "The refund is ordered: 64.90 USD to the credit card ending 8888." in sent_back(result)
    assert "You get back" not in sent_back(result)
    stripe.mood = "declined"
    declined = sent_back(outside(desk, provider(stripe), tool, result))
    assert "declined to send back 64.90 USD to the credit card ending 8888, so that was not paid" in declined
    assert "ordered" not in declined


class Overtaken:
    """A provider that answers when another process has asked and marked already."""

    def __init__(self, provider: PaymentProvider, engine: Engine) -> None:
        self.provider, self.engine = provider, engine

    def refund(self, reference: str, cents: int, key: str) -> str:
        try:
            return self.provider.refund(reference, cents, key)
        finally:
            settle_requested(self.engine, self.provider)


@pytest.mark.parametrize("mood", ["fine", "declined"])
def test_what_another_process_marked_meanwhile_is_marked_once(emma: Desk, stripe: Stripe, mood: str):
    by_stripe(emma, stripe, CHARGED_TWICE)
    emma.call(refund_order, call_id="c1", **DUPLICATE)
    stripe.mood = mood
    assert settle_requested(emma.engine, Overtaken(provider(stripe), emma.engine)) == 0
    ((state, _, _),) = lines(emma.engine, CHARGED_TWICE)
    assert state == ("declined" if mood == "declined" else "settled")
    with Session(emma.engine) as session:
        assert session.query(Ticket).filter_by(case_id="run-1").count() == (mood == "declined")


def test_what_is_ordered_is_never_listed_as_refunded(tmp_path: Path, stripe: Stripe):
    desk = Desk(seeded(tmp_path), OSKAR)
    by_stripe(desk, stripe, "#W1000121")
    stripe.mood = "down"
    call(desk, provider(stripe), cancel_pending_order, order_id="#W1000121", reason="no longer needed")
    charges, details = (desk.call(tool, order_id="#W1000121") for tool in (list_charges, get_order_details))
    told = [refund_status(charges), charged(charges), refunds_so_far(details), *under_way(details)]
    assert all("ordered" in one and "not confirmed" in one for one in told)
    assert all("Refunded" not in one and "refunded:" not in one for one in told)

    stripe.mood = "fine"
    assert settle_requested(desk.engine, provider(stripe)) == 1
    charges, details = (desk.call(tool, order_id="#W1000121") for tool in (list_charges, get_order_details))
    told = [refund_status(charges), charged(charges), refunds_so_far(details), *under_way(details)]
    assert all("64.90" in one and "efunded" in one and "ordered" not in one for one in told)


def test_two_sweeps_and_the_call_itself_at_once_are_one_refund_each(shop: Engine, stripe: Stripe):
    at_once(shop, stripe)


@pytest.mark.slow
def test_two_sweeps_and_the_call_itself_at_once_are_one_refund_each_on_postgres(fresh: Fresh, stripe: Stripe):
    at_once(open_engine(with_driver(fresh.shop())), stripe)


def at_once(engine: Engine, stripe: Stripe) -> None:
    desk = Desk(engine, EMMA)
    charges = by_stripe(desk, stripe, CHARGED_TWICE)
    parts = [100, 200, 300, 400]
    results = [
        desk.call(
            refund_order, call_id=f"c{cents}", order_id=CHARGED_TWICE, kind="partial", amount_cents=cents, reason="agreed"
        )
        for cents in parts
    ]
    work: list[Callable[[], Any]] = [lambda: settle_requested(engine, provider(stripe))] * 3
    for cents, result in zip(parts, results, strict=True):
        work.append(lambda c=cents, r=result: outside(desk, provider(stripe), refund_order, r, f"c{c}"))  # type: ignore[misc]
    with ThreadPoolExecutor(len(work)) as pool:
        for one in [pool.submit(each) for each in work]:
            one.result()
    settle_requested(engine, provider(stripe))
    assert sorted(cents for _, cents in stripe.refunds(*charges)) == parts
    there = {(number, cents) for number, cents in stripe.refunds(*charges)}
    assert {(number, cents) for _, cents, number in lines(engine, CHARGED_TWICE)} == there
    engine.dispose()


STEP = st.tuples(
    st.sampled_from(["full", "partial", "partial", "duplicate_charge"]),
    st.sampled_from([1, 999, 4249, 4250, 4251, 8500]),
    st.lists(st.sampled_from(["fine", "lost", "broken", "deaf", "down", "declined", "twice"]), max_size=4),
    st.sampled_from(["answered", "killed", "swept"]),
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=5))
def test_whatever_fails_no_more_is_sent_back_than_was_paid_and_every_line_is_one_refund(
    tmp_path: Path, stripe: Stripe, steps: list[tuple[str, int, list[str], str]]
):
    engine = seeded(tmp_path)
    stripe.start_anew()  # each of the examples comes with the same keys
    desk = Desk(engine, EMMA)
    charges = by_stripe(desk, stripe, CHARGED_TWICE)
    for n, (kind, cents, moods, how) in enumerate(steps):
        stripe.moods.clear()
        stripe.moods.extend(moods)
        wish = {"order_id": CHARGED_TWICE, "kind": kind, "amount_cents": cents, "reason": "agreed"}
        by = Dies(provider(stripe)) if how == "killed" else provider(stripe)
        with suppress(ToolError, SystemExit):
            call(desk, by, refund_order, f"c{n}", **wish)
        if how == "swept":
            settle_requested(engine, provider(stripe))
        assert sum(cents for _, cents in stripe.refunds(*charges)) <= 8500
    stripe.moods.clear()
    settle_requested(engine, provider(stripe))
    counted = [line for line in lines(engine, CHARGED_TWICE) if line[0] != "declined"]
    assert {state for state, _, _ in counted} <= {"settled"}
    assert sorted((str(number), cents) for _, cents, number in counted) == sorted(stripe.refunds(*charges))
    for charge, paid in zip(charges, (4250, 4250), strict=True):
        assert sum(cents for _, cents in stripe.refunds(charge)) <= paid
    engine.dispose()


def test_a_key_that_stripe_does_not_take_leaves_the_refund_ordered_and_is_nowhere_to_be_read(
    emma: Desk, stripe: Stripe, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    by_stripe(emma, stripe, CHARGED_TWICE)
    wrong = provider(stripe, "sk_live_hunter2")
    assert call(emma, wrong, refund_order, **DUPLICATE)["refund_state"] == "requested"
    with pytest.raises(Unreachable, match="SWITCHBOARD_STRIPE_API_KEY") as refused:
        wrong.refund("ch_1", 1, "run:1:1")
    assert "correct SWITCHBOARD_STRIPE_API_KEY" in caplog.text
    assert (
        "hunter2"
        not in f"{refused.value!r} {''.join(traceback.format_exception(refused.value))} {wrong!r} {vars(wrong)} {caplog.text}"
    )


def test_a_charge_that_stripe_does_not_know_is_declined(stripe: Stripe):
    with pytest.raises(Declined):
        provider(stripe).refund("ch_unknown", 1, "run:1:1")


def test_where_nobody_listens_there_is_no_answer():
    pytest.importorskip("stripe")
    by = provider_from(shop_settings(payments="stripe", stripe_api_key=SECRET, stripe_api_base="http://127.0.0.1:9"))
    with pytest.raises(Unreachable, match="cannot be asked now"):
        by.refund("ch_1", 1, "run:1:1")


def test_the_ledger_is_the_provider_unless_stripe_is_chosen_and_complete(monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in os.environ if name.startswith("SWITCHBOARD_")]:
        monkeypatch.delenv(name)
    assert isinstance(provider_from(shop_settings()), Ledger)
    with pytest.raises(OperatorError, match=r"pip install 'switchboard-desk\[stripe\]'|set SWITCHBOARD_STRIPE_API_KEY"):
        provider_from(shop_settings(payments="stripe"))
    monkeypatch.setitem(sys.modules, "stripe", None)
    monkeypatch.setattr("tools.payments.find_spec", lambda name: None)
    with pytest.raises(OperatorError, match="pip install"):
        provider_from(shop_settings(payments="stripe", stripe_api_key=SECRET))
    assert SECRET not in repr(shop_settings(payments="stripe", stripe_api_key=SECRET))
    with pytest.raises(OperatorError, match="SWITCHBOARD_PAYMENTS is wrong"):
        shop_settings(payments="cash")


def test_lines_from_before_there_were_providers_are_settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    older = tmp_path / "migrations"
    older.mkdir()
    for path in sorted(MIGRATIONS.glob("000[12]_*.py")):
        shutil.copy(path, older)
    engine = open_engine(sqlite_url(tmp_path / "shop.db"))
    with monkeypatch.context() as then:
        then.setattr("tools.store.MIGRATIONS", older)
        migrate(engine)
    columns = "(order_id, position, kind, amount_cents, payment_method_id)"
    with closing(sqlite3.connect(tmp_path / "shop.db")) as raw:
        raw.execute(f"INSERT INTO payments {columns} VALUES ('#W1', 0, 'refund', 5, 'gift_card_1')")
        raw.commit()
    migrate(engine)
    assert lines(engine, "#W1") == [("settled", 5, None)]
