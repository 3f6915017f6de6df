"""A case that an operator ends while agents work on it: whose it is, and what its customer writes until then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support import toys

from switchboard.cases import cases
from switchboard.cases.documents import load
from switchboard.cases.runs import Environment
from switchboard.cases.standing import standing
from switchboard.cases.tables import CaseRow, clock
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.moves import Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.tickets.rows import open_of, settle

pytestmark = pytest.mark.slow
ALSO = "Please tell me, too, how I can return a kettle."


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    yield engine
    engine.dispose()


@tool(effect="read")
def wait() -> str:
    """Wait for nobody."""
    return "waited"


def works(view: View) -> Any:
    if not view.last("wait"):
        return call("wait")
    if "person" in view.latest and not view.last("call_a_human"):
        return call("call_a_human", summary=view.latest)
    return Say(f"You said: {view.latest}")


def team_with(waiting: Any) -> TeamSpec:
    worker = toys.agent("worker", works, waiting, toys.call_a_human)
    return toys.team(members={**toys.team().members, "worker": worker}, approvals=(Rule("approve"),))


def worked_on(rows: Engine, meanwhile: Callable[[str], object], opening: str = "Hello") -> tuple[dict[str, Any], list[str]]:
    """A case in whose first step somebody does something, once nobody works on it any more, and who has it."""
    came: list[str] = []

    @tool(effect="read")
    def wait(ctx: Context) -> str:
        """Be at work when people come."""
        if not came:
            came.append(ctx.case_id)
            meanwhile(ctx.case_id)
        return "waited"

    with Worker(Environment(rows, {"toys": team_with(wait)})) as at_work:
        ref = at_work.open_case("toys", opening, known={"email": "ada@example.com"})
        document = at_work.work(ref)
        with Session(rows) as session:
            row = session.get_one(CaseRow, ref.case_id)
            assert document == load(rows, ref.case_id) and row.cancelled_by is None
            return {**document, "held_by": row.held_by}, row.inbox


def test_a_case_that_another_operator_has_taken_is_not_ended_while_agents_work_on_it(rows: Engine) -> None:
    refused: list[str] = []

    def two_come(case_id: str) -> None:
        cases.take(rows, case_id, "dana")
        with pytest.raises(OperatorError) as told:
            cases.cancel(rows, case_id, "robin", None)
        refused.append(str(told.value))

    document, _ = worked_on(rows, two_come)
    assert refused == ["dana has this case. Ask them to end it, or to hand it back."]
    assert (document["end"], document["held_by"]) == ("escalated", "dana")


def test_who_has_taken_a_case_may_end_it_while_agents_work_on_it(rows: Engine) -> None:
    def one_comes(case_id: str) -> None:
        cases.take(rows, case_id, "dana")
        assert cases.cancel(rows, case_id, "dana", None) is None

    document, _ = worked_on(rows, one_comes)
    assert (document["end"], document["held_by"], document["reason"]) == ("cancelled", None, "An operator cancelled the case.")


def test_a_case_that_is_about_to_end_is_not_taken(rows: Engine) -> None:
    def two_come(case_id: str) -> None:
        cases.cancel(rows, case_id, "robin", None)
        with pytest.raises(OperatorError, match=r"^robin has this case end, after the step that is under way\."):
            cases.take(rows, case_id, "dana")

    document, _ = worked_on(rows, two_come)
    assert (document["end"], document["held_by"]) == ("cancelled", None)


def test_what_the_customer_writes_while_their_case_is_ended_is_answered(rows: Engine) -> None:
    def both_come(case_id: str) -> None:
        cases.cancel(rows, case_id, "robin", None)
        assert cases.hear(rows, case_id, ALSO, None)[1]

    document, inbox = worked_on(rows, both_come)
    assert (document["end"], inbox) == ("resolved", [])
    assert ALSO in document["reply"]


def test_what_they_write_to_a_person_while_it_is_ended_is_before_people(rows: Engine) -> None:
    """The agents have handed it over already, so no agent answers it."""
    with Worker(Environment(rows, {"toys": team_with(wait)})) as at_work:
        ref = at_work.open_case("toys", "I want a person.", known={"email": "ada@example.com"})
        assert at_work.work(ref)["end"] == "escalated"
        with Session(rows) as session, session.begin():
            [ticket] = open_of(session, ref.case_id)
            settle(ticket, "robin", "It is settled.", clock(session))
        ending = cases.cancel(rows, ref.case_id, "robin", None)
        assert ending
        cases.hear(rows, ref.case_id, ALSO, None)
        document = at_work.work(ending)
    assert document["end"] == "cancelled"
    assert [line["text"] for line in document["transcript"] if line["speaker"] == "customer"][-1] == ALSO
    assert standing(rows, ref.case_id).is_with_human
    with Session(rows) as session:
        assert [one.reopened for one in open_of(session, ref.case_id, locked=False)] == [1]
