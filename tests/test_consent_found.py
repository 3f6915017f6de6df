"""A yes, of a customer or of an operator, is to what the other side has now: what has changed there since is asked anew."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from switchboard.cases import cases
from switchboard.cases.approvals import answer, call_that_waits
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Approval
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.flows.hub import hub
from switchboard.toolsets.argument_types import inlined
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

NUMBER = inlined({"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]}, {})
LEFT = Call("call_the_office", {"summary": "It was not finished."})
READS = (Rule("approve", effect="read"), Rule("approve", effect="send"))


class Library:
    """The other side: its loan may be another one at each look."""

    def __init__(self) -> None:
        self.loan: dict[str, Any] = {"number": "L-4711", "member": "M-7", "title": "The Waves", "fee": "20.00"}
        self.looks = 0
        self.waived: list[str] = []

    def get(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.looks += 1
        return dict(self.loan)

    def waive(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.waived.append(str(self.loan["fee"]))
        return {"number": arguments["number"]}


def team_of(side: Library, *rules: Rule, reads: bool = True) -> TeamSpec:
    facts = {
        "waive": Facts(
            effect="write",
            key="Idempotency-Key",
            of="number",
            check="get_loan",
            amount="get_loan.fee",
            unit="units",
            read_back="The fee of {check.title}, {check.fee}, is waived.",
        ),
        "get_loan": Facts(effect="read", owner="member"),
    }
    operations = {
        "waive": (Operation("waive", "Waive a fee.", NUMBER), side.waive),
        "get_loan": (Operation("get_loan", "Get a loan.", NUMBER), side.get),
    }
    tools = tools_from(operations, facts)

    @tool(effect="read", public=True, verifies=True)
    def find_member(ctx: Context, email: str) -> str:
        """Find and verify a member."""
        ctx.verify("M-7")
        return "M-7"

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return "The office writes to you."

    def does(view: View) -> Move:
        if not view.customer_id:
            return call("find_member", email="ada@example.com")
        if reads and view.last("get_loan") is None:
            return call("get_loan", number="L-4711")
        waived = view.last("waive")
        if waived is None:
            return call("waive", number="L-4711")
        return Say("It is waived." if waived.done else f"Not waived: {waived.code}.")

    spec = AgentSpec("desk", "Waives.", "You.", tools=(find_member, call_the_office, *tools.values()), without_model=does)
    members = {"desk": spec, "closer": AgentSpec("closer", "Notes.", "You note.")}
    return TeamSpec("library", "", members, hub("desk", {}, "closer"), (*rules, *READS), rescue=lambda _: LEFT)


@pytest.fixture
def side() -> Library:
    return Library()


CONFIRM = (Rule("ask", tool="waive", above=100_00), Rule("confirm", tool="waive"), Rule("approve", tool="waive"))
ASK = (Rule("ask", tool="waive"),)


class Case:
    """A recorded case that goes on word by word; that it replays is looked at after each."""

    def __init__(self, engine: Engine, spec: TeamSpec) -> None:
        self.engine, self.environment = engine, Environment(engine, {"library": spec})
        with Worker(self.environment) as worker:
            ref = worker.open_case("library", "Please waive the fee of L-4711.", known={"email": "ada@example.com"})
            self.id, self.document = ref.case_id, worker.work(ref)
        assert rebuild(self.environment, self.id).complete

    def hears(self, words: str) -> str:
        with Worker(self.environment) as worker:
            ref, _ = cases.hear(self.engine, self.id, words, worker.workflows.executor)
            assert ref
            self.document = worker.work(ref)
        assert rebuild(self.environment, self.id).complete
        return str(self.document["reply"])

    def answered(self, by: str, **facts: Any) -> str:
        waits = call_that_waits(self.engine, self.id)
        with Worker(self.environment) as worker:
            approval = Approval(facts.pop("answer", "approve"), by, **facts)
            ref = answer(self.engine, self.id, waits.hash, approval, worker.workflows.executor)
            assert ref
            self.document = worker.work(ref)
        assert rebuild(self.environment, self.id).complete
        return str(self.document["end"])


@pytest.mark.slow
def test_a_yes_to_what_is_as_it_was_makes_the_call(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, *CONFIRM))
    assert "The fee of The Waves, 20.00, is waived." in case.document["reply"]
    assert (case.hears("Yes."), side.waived) == ("It is waived.", ["20.00"])


@pytest.mark.slow
def test_what_would_be_another_thing_by_now_is_read_back_anew(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, *CONFIRM))
    side.loan.update(title="Orlando", fee="30.00")
    assert "The fee of Orlando, 30.00, is waived." in case.hears("Yes.")
    assert (case.document["end"], side.waived) == ("awaiting_customer", [])
    side.loan.update(fee="31.00")
    assert "31.00" in case.hears("Yes.") and side.waived == []
    assert (case.hears("Yes."), side.waived) == ("It is waived.", ["31.00"])


@pytest.mark.slow
def test_the_amount_that_rules_go_by_is_that_of_the_last_look(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, *CONFIRM))
    side.loan.update(fee="500.00")
    case.hears("Yes.")
    assert (case.document["end"], side.waived) == ("awaiting_approval", [])


@pytest.mark.slow
def test_an_operators_yes_to_what_was_is_asked_for_anew(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, *ASK))
    side.loan.update(fee="500.00")
    assert (case.answered("olga"), side.waived) == ("awaiting_approval", [])
    assert (case.answered("olga"), side.waived) == ("resolved", ["500.00"])


@pytest.mark.slow
def test_an_operators_no_holds_whatever_changed(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, *ASK))
    side.loan.update(fee="500.00")
    case.answered("olga", answer="refuse")
    assert (case.document["reply"], side.waived) == ("Not waived: not_approved.", [])


@pytest.mark.parametrize("rules", [(Rule("approve", tool="waive"),), CONFIRM, ASK])
def test_another_customers_record_is_changed_under_no_rule(rules: tuple[Rule, ...], engine: Engine, side: Library) -> None:
    side.loan.update(member="M-8")
    case = Case(engine, team_of(side, *rules, reads=False))
    assert (case.document["reply"], side.waived, side.looks) == ("Not waived: not_found.", [], 1)


def test_a_write_that_is_let_pass_is_looked_up_once(engine: Engine, side: Library) -> None:
    case = Case(engine, team_of(side, Rule("approve", tool="waive"), reads=False))
    assert (case.document["reply"], side.waived, side.looks) == ("It is waived.", ["20.00"], 1)
