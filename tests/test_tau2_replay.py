"""Replaying tasks in the tau2 shape on a tiny store of our own."""

import copy
from typing import Any

import pytest

from groupchats.desk import team
from tools.tau2 import replay

ADDRESS = {"address1": "5 Reed Lane", "address2": "", "city": "Salem", "country": "USA", "state": "OR", "zip": "97301"}
MOVED = {**ADDRESS, "address1": "8 Reed Lane"}


def user(number: int, first: str, balance: float, orders: list[str]) -> dict[str, Any]:
    card, gift = f"credit_card_{number}", f"gift_card_{number}"
    return {
        "name": {"first_name": first, "last_name": "Test"},
        "address": ADDRESS,
        "email": f"{first.lower()}@example.com",
        "payment_methods": {
            card: {"source": "credit_card", "brand": "visa", "last_four": "4242", "id": card},
            gift: {"source": "gift_card", "balance": balance, "id": gift},
        },
        "orders": orders,
    }


def mug(item_id: str, price: float, available: bool = True) -> dict[str, Any]:
    return {"item_id": item_id, "options": {"colour": item_id[-1]}, "available": available, "price": price}


def order(order_id: str, owner: str, status: str, paid_by: str) -> dict[str, Any]:
    sold = {
        "name": "Mug",
        "product_id": "2000000000",
        "item_id": "1000000001",
        "price": 10.1,
        "options": {"colour": "1"},
    }
    return {
        "order_id": order_id,
        "user_id": owner,
        "address": ADDRESS,
        "items": [sold],
        "fulfillments": [],
        "status": status,
        "payment_history": [{"transaction_type": "payment", "amount": 10.1, "payment_method_id": paid_by}],
    }


USERS = {"ada_test_1": user(1, "Ada", 5, ["#W0000001", "#W0000002"]), "bo_test_2": user(2, "Bo", 50, ["#W0000003"])}
ORDERS = {
    "#W0000001": order("#W0000001", "ada_test_1", "pending", "gift_card_1"),
    "#W0000002": order("#W0000002", "ada_test_1", "delivered", "credit_card_1"),
    "#W0000003": order("#W0000003", "bo_test_2", "pending", "credit_card_2"),
}
VARIANTS = [mug("1000000001", 10.1), mug("1000000002", 12.45), mug("1000000003", 30.0), mug("1000000004", 9.0, False)]
PRODUCTS = {"2000000000": {"name": "Mug", "product_id": "2000000000", "variants": {v["item_id"]: v for v in VARIANTS}}}


def task(*actions: tuple[str, dict[str, Any]], expected: dict[str, Any] | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {"id": "t", "actions": [{"name": name, "kwargs": kwargs} for name, kwargs in actions]}
    return row if expected is None else {**row, "expected_diff": expected}


def run(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    return replay(team, USERS, ORDERS, PRODUCTS, tasks)


CANCEL = ("cancel_pending_order", {"order_id": "#W0000001", "reason": "no longer needed"})


def cancelled() -> dict[str, Any]:
    after = copy.deepcopy({"orders": {"#W0000001": ORDERS["#W0000001"]}, "users": {"ada_test_1": USERS["ada_test_1"]}})
    line = {"transaction_type": "refund", "amount": 10.1, "payment_method_id": "gift_card_1"}
    after["orders"]["#W0000001"]["payment_history"].append(line)
    after["orders"]["#W0000001"].update(status="cancelled", cancel_reason="no longer needed")
    after["users"]["ada_test_1"]["payment_methods"]["gift_card_1"]["balance"] = 15.1
    return after


def test_the_changed_rows_come_back_in_the_shape_of_the_expected_diff():
    [result] = run(task(CANCEL, expected=cancelled()))
    assert result == {
        "id": "t",
        "changed": cancelled(),
        "matches": True,
        "calls": [{"name": "cancel_pending_order", "error": None}],
    }


def test_a_cent_of_difference_matches_and_two_do_not():
    near, far = cancelled(), cancelled()
    near["users"]["ada_test_1"]["payment_methods"]["gift_card_1"]["balance"] = 15.11
    far["users"]["ada_test_1"]["payment_methods"]["gift_card_1"]["balance"] = 15.12
    assert [r["matches"] for r in run(task(CANCEL, expected=near), task(CANCEL, expected=far))] == [True, False]


def test_each_task_starts_on_a_fresh_copy():
    first, second = run(task(CANCEL), task(CANCEL))
    assert first == second
    assert first["matches"] is None


def test_the_tasks_own_find_call_verifies_its_customer_even_after_one_that_found_nobody():
    [result] = run(
        task(
            ("find_user_id_by_email", {"email": "nobody@example.com"}),
            ("find_user_id_by_name_zip", {"first_name": "Bo", "last_name": "Test", "zip": "97301"}),
            CANCEL,
            ("get_order_details", {"order_id": "#W0000003"}),
            expected={"orders": {}, "users": {}},
        )
    )
    errors = [call["error"] for call in result["calls"]]
    assert errors[0].startswith("No customer has") and errors[1] is None
    assert "belongs to the verified customer" in errors[2] and errors[3] is None
    assert result["matches"] is True


@pytest.mark.slow
def test_a_call_that_fails_changes_nothing_and_the_task_goes_on():
    exchange = {"order_id": "#W0000002", "item_ids": ["1000000001"], "payment_method_id": "gift_card_1"}
    [result] = run(
        task(
            ("exchange_delivered_order_items", {**exchange, "new_item_ids": ["1000000003"]}),
            ("exchange_delivered_order_items", {**exchange, "new_item_ids": ["1000000004"]}),
            ("exchange_delivered_order_items", {**exchange, "new_item_ids": ["1000000002"]}),
            ("no_such_tool", {}),
        )
    )
    errors = [call["error"] for call in result["calls"]]
    assert "gift card holds" in errors[0] and "not available" in errors[1] and errors[2] is None
    assert "cannot call 'no_such_tool'" in errors[3]
    assert result["changed"]["orders"]["#W0000002"]["exchange_price_difference"] == 2.35
    assert result["changed"]["users"] == {}


def test_a_write_that_leaves_an_address_as_it_was_counts_as_a_change():
    there = ("modify_user_address", {"user_id": "ada_test_1", **MOVED})
    back = ("modify_user_address", {"user_id": "ada_test_1", **ADDRESS})
    [result] = run(task(there, back, expected={"orders": {}, "users": {"ada_test_1": USERS["ada_test_1"]}}))
    assert result["matches"] is True
