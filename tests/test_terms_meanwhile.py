"""What changes between a yes and the call that it is to: other terms are asked about anew, and so is what needs more voices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support import toys
from support.giving import ADA, FREE, given, giving_rows

from switchboard.cases import cases
from switchboard.cases.approvals import answer, open_approvals
from switchboard.cases.runs import Environment
from switchboard.declare.human import Approval
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.engine.worker import Worker


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    with giving_rows(tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE price (cents INTEGER)"))
            connection.execute(text("INSERT INTO price VALUES (7000)"))
        yield engine


@tool(effect="write", read_back=lambda given, told: f"Room {given['room']} is booked for {told['price']} cents.")
def book(ctx: Context, room: int) -> dict[str, Any]:
    """Book a room at today's price."""
    price = ctx.session.execute(text("SELECT cents FROM price")).scalar_one()
    ctx.session.execute(text("INSERT INTO given VALUES (:cents)"), {"cents": price})
    return {"price": price}


@tool(effect="write", amount="cents", about="order")
def give(ctx: Context, cents: int, order: str) -> dict[str, Any]:
    """Give money for an order."""
    ctx.session.execute(text("INSERT INTO given VALUES (:cents)"), {"cents": cents})
    return {"given": cents}


def does(view: Any) -> Any:
    last = view.last("give", "book")
    if last:
        return Say("It is done." if last.done else "It is not done.")
    what, _, order = view.words[0].partition(" ")
    return call("book", room=7) if what == "book" else call("give", cents=int(what), order=order)


def team(*rules: Rule) -> Any:
    members = {**toys.team().members, "worker": toys.agent("worker", does, give, book)}
    return toys.team(members=members, approvals=(*rules, *FREE, Rule("approve")))


def priced(rows: Engine, cents: int) -> None:
    with rows.begin() as connection:
        connection.execute(text("UPDATE price SET cents = :cents"), {"cents": cents})


@pytest.mark.slow
def test_a_yes_to_other_terms_than_the_rows_have_by_now_is_asked_for_anew(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": team(Rule("confirm", tool="book"))})) as worker:
        ref = worker.open_case("toys", "book it", known=ADA)
        assert "for 7000 cents" in worker.work(ref)["reply"]
        priced(rows, 99_000)
        ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)
        again = worker.work(ref)
        assert (again["end"], given(rows)) == ("awaiting_customer", []) and "for 99000 cents" in again["reply"]
        ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)
        assert (worker.work(ref)["end"], given(rows)) == ("resolved", [99_000])


@pytest.mark.slow
def test_a_call_that_needs_two_operators_by_now_waits_for_the_second(rows: Engine) -> None:
    rules = Rule("ask", tool="give", up_to=5000), Rule("ask", tool="give", operators=2)
    with Worker(Environment(rows, {"toys": team(*rules)})) as worker:
        for order in "AB":
            worker.work(worker.open_case("toys", f"3000 {order}", known=ADA))
        ends = []
        before = open_approvals(rows)
        for asked in before:
            ref = answer(rows, asked.case_id, asked.hash, Approval("approve", "dana"), worker.workflows.executor)
            assert ref
            ends.append(worker.work(ref)["end"])
        assert (ends, given(rows)) == (["resolved", "awaiting_approval"], [3000])
        (asked,) = open_approvals(rows)
        assert asked.hash not in [one.hash for one in before], "else it is shown to nobody again"
        assert (asked.operators, "counts 30.00 USD" in asked.why) == (2, True)
        ref = answer(rows, asked.case_id, asked.hash, Approval("approve", "erik"), worker.workflows.executor)
        assert ref and (worker.work(ref)["end"], given(rows)) == ("resolved", [3000, 3000])


@pytest.mark.slow
def test_an_edit_by_one_operator_is_not_made_where_two_are_needed_by_now(rows: Engine) -> None:
    rules = Rule("ask", tool="give", up_to=5000), Rule("ask", tool="give", operators=2)
    with Worker(Environment(rows, {"toys": team(*rules)})) as worker:
        for order in "AB":
            worker.work(worker.open_case("toys", f"3000 {order}", known=ADA))
        first, second = open_approvals(rows)
        ref = answer(rows, first.case_id, first.hash, Approval("approve", "dana"), worker.workflows.executor)
        assert ref and worker.work(ref)["end"] == "resolved"
        edited = Approval("approve", "dana", arguments={"cents": 2900, "order": second.arguments["order"]})
        ref = answer(rows, second.case_id, second.hash, edited, worker.workflows.executor)
        assert ref
        worker.work(ref)
    assert given(rows) == [3000]


@pytest.mark.slow
def test_terms_that_are_others_each_time_are_not_asked_about_for_ever(rows: Engine) -> None:
    with Worker(Environment(rows, {"toys": team(Rule("confirm", tool="book"))})) as worker:
        ref = worker.open_case("toys", "book it", known=ADA)
        found, asked = worker.work(ref), 0
        while found["end"] == "awaiting_customer" and asked < 10:
            priced(rows, 8000 + asked)
            asked += 1
            ref, _ = cases.hear(rows, ref.case_id, "Yes.", worker.workflows.executor)
            found = worker.work(ref)
    assert (asked < 10, given(rows)) == (True, [])
