"""Charges and refunds: never above what is refundable, never twice for one call."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from support.own_shop import EMMA, GRACE, Desk, seeded

from switchboard.declare.tool import Context
from switchboard.errors import ToolError
from tools.money import list_charges, quote_refund, refund_order
from tools.shop import Refund


def refund(desk: Desk, order_id: str, kind: str, cents: int, **more: Any) -> Any:
    return desk.call(refund_order, order_id=order_id, kind=kind, amount_cents=cents, reason="as agreed", **more)


def test_the_charges_of_an_order_show_which_one_is_a_duplicate(emma: Desk):
    answer = emma.call(list_charges, order_id="#W1000001")
    first, second = answer["charges"]
    assert "duplicate_of" not in first
    assert (second["n"], second["duplicate_of"], second["amount_cents"], second["amount"]) == (2, 1, 4250, "42.50 USD")
    assert second["method"] == "credit card ending 1111"
    assert (answer["total_cents"], answer["refundable_cents"], answer["refundable"]) == (4250, 8500, "85.00 USD")


@pytest.mark.parametrize(("customer", "order_id"), [("chloe_marchetti_1016", "#W1000016"), ("aiko_tanabe_1018", "#W1000018")])
def test_two_halves_and_a_duplicate_sent_back_already_are_no_duplicates(tmp_path: Path, customer: str, order_id: str):
    desk = Desk(seeded(tmp_path), customer)
    assert not any("duplicate_of" in charge for charge in desk.call(list_charges, order_id=order_id)["charges"])
    assert "no duplicate charge" in desk.refusal(quote_refund, order_id=order_id, kind="duplicate_charge")


def test_a_quote_says_what_a_refund_would_do_and_changes_nothing(emma: Desk):
    before = emma.everything()
    quote = emma.call(quote_refund, order_id="#W1000001", kind="duplicate_charge")
    assert (quote["amount_cents"], quote["to"][0]["arrives"]) == (4250, "in 5 to 7 business days")
    assert emma.everything() == before


def test_a_duplicate_charge_is_refunded_to_the_card_it_came_from(emma: Desk):
    answer = refund(emma, "#W1000001", "duplicate_charge", 4250)
    assert answer["refund_id"] == "RF000003"
    assert answer["to"][0]["method"] == "credit card ending 1111"
    assert emma.order("#W1000001")["payment_history"][-1] == {
        "transaction_type": "refund",
        "amount": 42.5,
        "payment_method_id": "credit_card_1000001",
    }
    charges = emma.call(list_charges, order_id="#W1000001")
    assert [c["refundable_cents"] for c in charges["charges"]] == [4250, 0]
    assert charges["refunds"][0]["refund_id"] == "RF000003"
    assert "no duplicate charge" in emma.refusal(
        refund_order, order_id="#W1000001", kind="duplicate_charge", amount_cents=4250, reason="again"
    )


def test_the_same_call_never_refunds_twice_and_gets_the_same_answer(emma: Desk):
    first = refund(emma, "#W1000001", "duplicate_charge", 4250, call_id="c1")
    after = emma.everything()
    assert refund(emma, "#W1000001", "duplicate_charge", 4250, call_id="c1") == first
    assert emma.everything() == after
    with Session(emma.engine) as session:
        assert session.query(Refund).filter_by(order_id="#W1000001").count() == 1


@pytest.mark.parametrize(
    ("kind", "cents", "why"),
    [
        ("partial", 8501, "at most 85.00 USD can"),
        ("full", 99_999, "at most 85.00 USD can"),
        ("partial", 8500, "use kind full"),
        ("full", 4250, "is 8500 cents. For less, use kind partial"),
        ("duplicate_charge", 4200, "is 4250 cents; refund exactly that"),
        ("partial", 0, "greater than 0"),
        ("partial", -100, "greater than 0"),
        ("goodwill", 100, "Wrong arguments"),
    ],
)
def test_an_amount_that_is_not_owed_is_refused(emma: Desk, kind: str, cents: int, why: str):
    assert why in emma.refusal(refund_order, order_id="#W1000001", kind=kind, amount_cents=cents, reason="please")


@pytest.mark.parametrize("cents", [0, -4250])
def test_no_amount_and_a_negative_one_are_refused_even_where_nothing_validated_them(emma: Desk, cents: int):
    with Session(emma.engine) as session, pytest.raises(ToolError, match="cannot be refunded"):
        refund_order(Context("run-1", "1", "refunds", session, EMMA), "#W1000001", "partial", cents, "as agreed")


def test_a_partly_refunded_order_refunds_only_the_rest(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "noor_farouk_1011")
    assert desk.call(list_charges, order_id="#W1000005")["refundable_cents"] == 12_800
    refund(desk, "#W1000005", "full", 12_800)
    assert "is left to refund" in desk.refusal(quote_refund, order_id="#W1000005", kind="full")


def test_an_order_that_would_still_be_sent_is_not_refunded_in_full(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "tomas_berg_1004")
    assert "cancel the order instead" in desk.refusal(
        refund_order, order_id="#W1000004", kind="full", amount_cents=8090, reason="x"
    )


def test_a_gift_card_has_its_refund_at_once(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "tomas_berg_1004")
    answer = refund(desk, "#W1000004", "partial", 590)
    assert answer["to"] == [
        {
            "method_id": "gift_card_1000004",
            "method": "gift card",
            "amount_cents": 590,
            "amount": "5.90 USD",
            "arrives": "at once",
        }
    ]
    assert desk.methods("tomas_berg_1004")["gift_card_1000004"]["balance"] == 125.9


def test_a_refund_above_one_charge_is_taken_from_several(tmp_path: Path):
    desk = Desk(seeded(tmp_path), GRACE)
    answer = refund(desk, "#W1000009", "partial", 20_000)
    assert [part["amount_cents"] for part in answer["to"]] == [17_990, 2010]


def test_a_large_duplicate_reads_with_its_thousands(tmp_path: Path):
    desk = Desk(seeded(tmp_path), "felix_aldous_1010")
    assert desk.call(quote_refund, order_id="#W1000010", kind="duplicate_charge")["amount"] == "1,249.00 USD"


def test_the_amount_is_an_argument_that_approval_rules_can_read():
    assert refund_order.amount == "amount_cents"
    assert "amount_cents" in refund_order.schema["function"]["parameters"]["required"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.sampled_from(["full", "partial", "duplicate_charge"]), st.integers(1, 9000)), max_size=6))
def test_no_sequence_of_refunds_pays_back_more_than_was_paid(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[str, int]]
):
    desk = Desk(seeded(tmp_path_factory.mktemp("shop")), EMMA)
    for kind, cents in wishes:
        try:
            refund(desk, "#W1000001", kind, cents)
        except ToolError:
            continue
    history = desk.order("#W1000001")["payment_history"]
    back = sum(round(line["amount"] * 100) for line in history if line["transaction_type"] == "refund")
    assert back <= 8500
    assert desk.call(list_charges, order_id="#W1000001")["refundable_cents"] == 8500 - back
