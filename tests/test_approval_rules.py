"""What the desk asks an operator for, and what the customer hears before and after the answer."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.next_run import answer, go_on, words

from groupchats.desk import team
from switchboard.declare.human import Approval, Nobody, Prepared
from switchboard.declare.moves import Call
from switchboard.declare.transcript import DEADLINE, CallEntry, DecisionEntry, MessageEntry, ResultEntry
from switchboard.loop.drive import RunResult, run_team
from switchboard.loop.executor import do_call
from switchboard.loop.state import Run

GRACE, OSKAR, FELIX = "grace.mbeki", "oskar.nyman", "felix.aldous"
TWICE = "I was charged twice for #W1000009, please refund the second charge."
ELSEWHERE = "Please ship #W1000008 to 12 Elm Street, Apt 5, Atlanta, GA 30305 instead."
NEW = {"address1": "1 Lane", "address2": "", "city": "Salem", "state": "OR", "country": "USA", "zip": "97301"}


def desk(shop: Engine, opening: str, name: str, approvals: tuple[bool, ...] | None = None) -> RunResult:
    """The run in which the customer has written all that they must: where a call is read back to them, their yes."""
    human = Nobody() if approvals is None else Prepared(approvals=approvals, live=False)
    result = run_team(team, opening, engine=shop, known={"email": f"{name}@example.com"}, human=human)
    return go_on(result, words("Yes."), human) if result.end == "awaiting_customer" else result


def value(shop: Engine, query: str) -> Any:
    with shop.connect() as connection:
        return connection.execute(text(query)).scalar()


def refunded(shop: Engine, order: str) -> int:
    return int(value(shop, f"SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE order_id = '{order}'"))


def told(result: RunResult) -> str:
    return str(result.document["reply"])


@pytest.mark.parametrize(
    ("tool", "cents", "decision", "operators"),
    [
        ("refund_order", 50_00, "approve", 1),
        ("refund_order", 50_01, "ask", 1),
        ("refund_order", 1000_00, "ask", 1),
        ("refund_order", 1000_01, "ask", 2),
        ("modify_pending_order_address", None, "ask", 1),
        ("modify_user_address", None, "approve", 1),
        ("cancel_pending_order", None, "approve", 1),
        ("list_charges", None, "approve", 1),
        ("transfer_to_human_agents", None, "approve", 1),
    ],
)
def test_the_desk_decides_by_tool_and_amount(tool: str, cents: int | None, decision: str, operators: int) -> None:
    rule = team.rule_for(team.tools[tool], cents)
    assert (rule.decision, rule.operators) == (decision, operators)


@pytest.mark.slow
def test_a_large_refund_that_nobody_is_there_for_waits_and_the_customer_hears_so(shop: Engine) -> None:
    result = desk(shop, TWICE, GRACE)
    assert result.end == "awaiting_approval" and refunded(shop, "#W1000009") == 0
    assert "needs the approval of a colleague and is not done yet: the refund of order #W1000009, 179.90 USD" in told(result)
    assert "Nothing was changed" in told(result) and result.document["note"] == ""
    assert value(shop, f"SELECT count(*) FROM tickets WHERE case_id = '{result.run.id}'") == 0


@pytest.mark.slow
def test_a_new_address_that_nobody_is_there_for_waits_and_the_customer_hears_so(shop: Engine) -> None:
    result = desk(shop, ELSEWHERE, OSKAR)
    assert result.end == "awaiting_approval" and "not done yet: the new address of order #W1000008" in told(result)
    assert value(shop, "SELECT zip FROM orders WHERE id = '#W1000008'") != "30305"


def test_what_was_approved_later_is_done_and_only_that_is_told(shop: Engine) -> None:
    first = desk(shop, TWICE, GRACE)
    result = go_on(first, answer(first, yes=True))
    assert result.end == "resolved" and refunded(shop, "#W1000009") == 17990
    assert told(result).startswith("I have refunded") and "not done yet" not in told(result)


def test_an_address_that_was_approved_later_is_written(shop: Engine) -> None:
    first = desk(shop, ELSEWHERE, OSKAR)
    result = go_on(first, answer(first, yes=True))
    assert result.end == "resolved" and "now goes to 12 Elm Street" in told(result)
    assert value(shop, "SELECT zip FROM orders WHERE id = '#W1000008'") == "30305"


@pytest.mark.parametrize(("opening", "name"), [(TWICE, GRACE), (ELSEWHERE, OSKAR)])
def test_a_refusal_is_told_with_its_reason_and_opens_no_ticket(shop: Engine, opening: str, name: str) -> None:
    first = desk(shop, opening, name)
    result = go_on(first, answer(first, yes=False, reason="The bank has sent it back already."))
    assert result.end == "resolved" and refunded(shop, "#W1000009") == 0
    assert "did not approve it" in told(result) and "The bank has sent it back already." in told(result)
    assert "ines" not in told(result), "who decided is nobody's business"
    assert value(shop, f"SELECT count(*) FROM tickets WHERE case_id = '{result.run.id}'") == 0


@pytest.mark.parametrize(("opening", "name"), [(TWICE, GRACE), (ELSEWHERE, OSKAR)])
def test_a_deadline_that_passed_is_no_refusal_but_puts_the_case_before_a_human(shop: Engine, opening: str, name: str) -> None:
    first = desk(shop, opening, name)
    result = go_on(first, answer(first, yes=False, by=DEADLINE, reason="No operator approved it until 2026-11-21 03:00 UTC."))
    assert result.end == "escalated" and "did not approve" not in told(result)
    ticket = value(shop, f"SELECT summary FROM tickets WHERE case_id = '{result.run.id}'")
    assert "No operator approved it until 2026-11-21 03:00 UTC." in ticket and "by deadline" not in ticket


def test_after_a_refusal_the_customer_can_have_a_person(shop: Engine) -> None:
    first = desk(shop, TWICE, GRACE)
    second = go_on(first, answer(first, yes=False, reason="No."))
    third = go_on(second, {"kind": "words", "words": "I want to speak with a person about it"})
    assert third.end == "escalated" and "T000005" in told(third)


def test_one_operator_does_not_release_more_than_a_thousand(shop: Engine) -> None:
    result = desk(shop, "I was charged twice for #W1000010, please refund it.", FELIX, (True,))
    assert result.end == "awaiting_approval" and refunded(shop, "#W1000010") == 0
    [asked] = result.run.asking
    assert asked.operators == 2 and [approval.answer for approval in asked.said] == ["approve"]


def test_what_is_behind_a_waiting_matter_is_announced_and_done_after_it(shop: Engine) -> None:
    opening = "I was charged twice for #W1000010, please refund that. Also, please cancel #W1000047, I no longer need it."
    first = desk(shop, opening, FELIX)
    assert "After that I take up the rest of your message" in told(first) and "#W1000047" in told(first)
    result = go_on(go_on(first, answer(first, yes=True)), words("Yes."))
    assert result.end == "resolved" and refunded(shop, "#W1000010") == 124900
    assert value(shop, "SELECT status FROM orders WHERE id = '#W1000047'") == "cancelled"


class Watching(Nobody):
    """Nobody answers; who was asked is counted."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.whys: list[str] = []

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        self.asked.append(call.tool)
        self.whys.append(why)
        return Approval("approve")


def made(run: Run, agent: str, tool: str, **arguments: Any) -> ResultEntry:
    call_id = run.next_call_id()
    run.add(CallEntry(agent, tool=tool, arguments=arguments, call_id=call_id))
    return do_call(run, call_id, Call(tool, arguments))


def test_small_refunds_of_one_run_add_up(shop: Engine) -> None:
    human = Watching()
    unconfirmed = replace(team, approvals=[rule for rule in team.approvals if rule.decision != "confirm"])
    run = Run("run-1", unconfirmed, shop, human, customer_id="felix_aldous_1010")
    part = {"order_id": "#W1000010", "kind": "partial", "reason": "late"}
    assert made(run, "refunds", "refund_order", amount_cents=30_00, **part).status == "done" and human.asked == []
    assert made(run, "refunds", "refund_order", amount_cents=30_01, **part).status == "done"
    assert human.asked == ["refund_order"]
    assert human.whys[0].startswith("refund_order above 50.00 USD asks one operator. ")
    assert human.whys[0].endswith(" It counts 30.00 USD that was done before, or may have been.")


@pytest.mark.parametrize(("order", "says"), [("#W1000010", "is processed"), ("#W1000008", "belongs to the verified customer")])
def test_nobody_is_asked_for_an_address_that_the_rows_refuse(shop: Engine, order: str, says: str) -> None:
    human = Watching()
    run = Run("run-1", team, shop, human, customer_id="felix_aldous_1010")
    result = made(run, "orders", "modify_pending_order_address", order_id=order, **NEW)
    assert result.status == "refused" and says in result.text and human.asked == []


def test_an_order_that_was_sent_while_its_new_address_waited_keeps_the_old_one(shop: Engine) -> None:
    first = desk(shop, ELSEWHERE, OSKAR)
    with shop.begin() as connection:
        connection.execute(text("UPDATE orders SET status = 'processed' WHERE id = '#W1000008'"))
    result = go_on(first, answer(first, yes=True))
    assert value(shop, "SELECT zip FROM orders WHERE id = '#W1000008'") != "30305"
    assert result.end == "escalated" and "now goes to" not in told(result)


def test_what_an_operator_refused_stays_refused_until_a_human_takes_it_up(shop: Engine) -> None:
    first = desk(shop, TWICE, GRACE)
    run = go_on(first, answer(first, yes=False, reason="No.")).run
    refund = {"order_id": "#W1000009", "kind": "duplicate_charge", "amount_cents": 17990}
    refund["reason"] = "The same charge was made twice."
    run.human = human = Watching()
    run.add(MessageEntry("customer", "But I have the bank's letter here!", "human"))
    for again in (refund, {**refund, "kind": "partial", "amount_cents": 9000}):
        done = made(run, "refunds", "refund_order", **again)
        assert done.status == "refused" and "refused this refund_order already" in done.text and human.asked == []
    run.add(DecisionEntry("operator", "The letter is real.", "human", handed_back=True, operator="ines"))
    assert made(run, "refunds", "refund_order", **refund).status == "done" and human.asked == ["refund_order"]
