"""A large amount in small parts is a large one to the rules: within a case, over cases and days, and of two at once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support import toys
from support.giving import given as all_given
from support.giving import giving_rows

from switchboard.cases.approvals import open_approvals
from switchboard.cases.entries import forget_steps
from switchboard.cases.runs import Environment
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.engine.journal import Recorded
from switchboard.engine.worker import Worker
from switchboard.errors import NotKnown, ToolError

DAY = 24 * 60 * 60


@tool(effect="write", amount="cents", about="order")
def give(ctx: Context, cents: int, order: str) -> dict[str, Any]:
    """Give money for an order."""
    ctx.session.execute(text("INSERT INTO given VALUES (:cents)"), {"cents": cents})
    return {"given": cents}


@tool(effect="write", moves="back_cents", about="order")
def send_back(ctx: Context, order: str) -> dict[str, Any]:
    """Take an order back, which gives 40.00."""
    return {"back_cents": 4000}


def shop_team(give: Any = give) -> TeamSpec:
    def does(view: Any) -> Any:
        last = view.last("give", "send_back")
        if last and last.code != "moved_meanwhile":
            return Say(f"{last.status} {last.text}")
        what, _, order = view.latest.partition(" ")
        return call("send_back", order=order) if what == "back" else call("give", cents=int(what), order=order)

    members = {**toys.team().members, "worker": toys.agent("worker", does, give, send_back)}
    rules = (Rule("approve", tool="give", up_to=5000), Rule("ask", tool="give"), Rule("approve"))
    return toys.team(members=members, approvals=rules)


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    with giving_rows(tmp_path) as engine:
        yield engine


def ends(engine: Engine, *messages: str, who: str = "ada", give: Any = give) -> list[str]:
    """How a case of its own ends for each of the messages."""
    with Worker(Environment(engine, {"toys": shop_team(give)})) as worker:
        refs = [worker.open_case("toys", words, known={"email": f"{who}@example.com"}) for words in messages]
        return [str(worker.work(ref)["end"]) for ref in refs]


def given(engine: Engine) -> int:
    return sum(all_given(engine))


@pytest.mark.slow
def test_small_parts_over_several_cases_are_one_amount(rows: Engine) -> None:
    assert ends(rows, "3000 A", "2000 B", "100 C") == ["resolved", "resolved", "awaiting_approval"]
    assert given(rows) == 5000


@pytest.mark.slow
def test_each_customer_has_an_amount_of_their_own(rows: Engine) -> None:
    assert ends(rows, "4000 A") + ends(rows, "4000 B", who="bo") == ["resolved", "resolved"]


@pytest.mark.slow
def test_what_was_sent_back_as_money_counts_too(rows: Engine) -> None:
    assert ends(rows, "back A", "2000 B") == ["resolved", "awaiting_approval"]


@pytest.mark.slow
def test_after_thirty_days_only_what_was_given_for_the_same_order_counts(rows: Engine) -> None:
    assert ends(rows, "4000 A") == ["resolved"]
    with rows.begin() as connection:
        connection.execute(text("UPDATE amounts SET at = at - :days"), {"days": 31 * DAY})
    assert ends(rows, "2000 B", "2000 A") == ["resolved", "awaiting_approval"]


@pytest.mark.slow
def test_what_the_rules_refused_or_left_waiting_counts_for_nothing(rows: Engine) -> None:
    assert ends(rows, "6000 A", "5000 B") == ["awaiting_approval", "resolved"]
    assert given(rows) == 5000


def sent(error: str) -> Any:
    """`give` on another side, which refuses a call, or whose answer does not come."""

    def outside(ctx: Context, result: Any) -> Any:
        if error == "refused":
            raise ToolError("The account is closed.", code="closed")
        raise NotKnown("No answer came.")

    def give(ctx: Context, cents: int, order: str) -> dict[str, Any]:
        """Give money for an order."""
        return {"given": cents}

    return tool(effect="write", amount="cents", about="order", outside=outside)(give)


@pytest.mark.slow
@pytest.mark.parametrize(("error", "then"), [("refused", "resolved"), ("not known", "awaiting_approval")])
@pytest.mark.parametrize("forgotten", [False, True])
def test_what_the_other_side_refused_does_not_count_and_what_may_be_done_does(
    rows: Engine, error: str, then: str, forgotten: bool
) -> None:
    assert len(ends(rows, "3000 A", give=sent(error))) == 1
    if forgotten:
        with Session(rows) as session, session.begin():
            forget_steps(session, list(session.scalars(text("SELECT id FROM cases"))))
    assert ends(rows, "3000 B") == [then]
    asked = open_approvals(rows)
    assert [one.why for one in asked] == [one.why for one in asked if "It counts 30.00 USD that was done before" in one.why]
    assert given(rows) == (3000 if then == "resolved" else 0)


def test_of_two_cases_that_were_judged_at_once_the_second_is_judged_anew(rows: Engine) -> None:
    seen: list[str] = []

    def does(view: Any) -> Any:
        last = view.last("give")
        if last is None or last.code == "moved_meanwhile":
            seen.append(last.code if last else "first")
            return call("give", cents=3000, order="A")
        return Say("Given.")

    spec = shop_team()
    spec = toys.team(members={**spec.members, "worker": toys.agent("worker", does, give)}, approvals=spec.approvals)
    asked = Recorded.moved

    def other_is_faster(journal: Recorded, session: Session, customer_id: str, about: str) -> int:
        found = asked(journal, session, customer_id, about)
        if seen == ["first"] and not others:
            others.append(1)
            threading.Thread(target=write_other, daemon=True).start()
            done.wait(10)
        return found

    others: list[int] = []
    done = threading.Event()

    def write_other() -> None:
        with rows.begin() as connection:
            connection.execute(
                text("INSERT INTO amounts VALUES (:case, 'call_9', 'give', 'ada', 'B', 3000, 9e9)"), {"case": case}
            )
        done.set()

    with pytest.MonkeyPatch.context() as patch, Worker(Environment(rows, {"toys": spec})) as worker:
        patch.setattr(Recorded, "moved", other_is_faster)
        ref = worker.open_case("toys", "Please.", known={"email": "ada@example.com"})
        case = ref.case_id
        assert worker.work(ref)["end"] == "awaiting_approval"
    assert (seen, given(rows)) == (["first", "moved_meanwhile"], 0)
