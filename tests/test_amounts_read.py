"""An amount that no argument gives: it is what was read of the same record before, and no rule takes one that is not known."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from switchboard.consent.wanted import own_amount
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError
from switchboard.flows.hub import hub
from switchboard.loop.drive import run_team
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

ONE = {"type": "object", "properties": {"lesson": {"type": "string"}}, "required": ["lesson"]}
PRICES = {"S-1": {"price": {"cents": 4000}}, "S-2": {"price": {"cents": 3000}}, "S-3": {}, "S-4": {"price": {"cents": 9000}}}
PRICES |= {"S-5": {"price": {"cents": "41.50"}}, "S-6": {"price": {"cents": 41.5}}, "S-7": {"price": {"cents": "41.00"}}}
FACTS: dict[str, Any] = {
    "get_lesson": Facts(effect="read", public=True),
    "call_off": Facts(effect="write", amount="get_lesson.price.cents", of="lesson", key="k"),
    "move": Facts(effect="write", of="lesson", key="k"),
}
LEFT = Call("call_the_office", {"summary": "It was not finished."})


def team_of(
    steps: Sequence[tuple[str, str]], approvals: tuple[Rule, ...], done: list[Any], facts: Mapping[str, Any]
) -> TeamSpec:
    """A desk that makes these calls, one after the other."""

    def change(arguments: Mapping[str, Any], **_: Any) -> Any:
        done.append(arguments["lesson"])
        return {"state": "gone"}

    def get(arguments: Mapping[str, Any], **_: Any) -> Any:
        return {"lesson": arguments["lesson"], **PRICES[arguments["lesson"]]}

    asks = {"get_lesson": get, "call_off": change, "move": change}
    tools = tools_from({name: (Operation(name, name, ONE), ask) for name, ask in asks.items()}, facts)

    @tool(effect="read", public=True, verifies=True)
    def find_pupil(ctx: Context, email: str) -> str:
        """Find and verify a pupil."""
        ctx.verify("P-7")
        return "P-7"

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return "The office writes to you."

    def rules(view: View) -> Move:
        made = [one for one in view.calls if one.tool != "find_pupil"]
        if not view.customer_id:
            return call("find_pupil", email="ada@example.com")
        return call(steps[len(made)][0], lesson=steps[len(made)][1]) if len(made) < len(steps) else Say("That is all.")

    spec = AgentSpec("desk", "Lessons.", "You look.", tools=(find_pupil, call_the_office, *tools.values()), without_model=rules)
    closer = AgentSpec("closer", "Notes.", "You note.")
    members = {"desk": spec, "closer": closer}
    always = (Rule("approve", effect="read"), Rule("approve", effect="send"), Rule("approve", tool="move"))
    return TeamSpec("school", "", members, hub("desk", {}, "closer"), (*always, *approvals), rescue=lambda _: LEFT)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    yield engine
    engine.dispose()


UP_TO = (Rule("approve", tool="call_off", up_to=5000), Rule("ask", tool="call_off"))
ABOVE = (Rule("ask", tool="call_off", above=5000), Rule("approve", tool="call_off"))


def ended(
    engine: Engine, *steps: tuple[str, str], approvals: tuple[Rule, ...] = UP_TO, facts: Mapping[str, Any] = FACTS
) -> tuple[list[Any], str]:
    done: list[Any] = []
    team = team_of(steps, approvals, done, facts)
    return done, str(run_team(team, "Call it off.", engine=engine, known={"email": "ada@example.com"}).document["end"])


@pytest.mark.parametrize("approvals", [UP_TO, ABOVE])
@pytest.mark.parametrize(
    ("steps", "done", "asked"),
    [
        ((("get_lesson", "S-1"), ("call_off", "S-1")), ["S-1"], False),
        ((("get_lesson", "S-4"), ("call_off", "S-4")), [], True),
        ((("call_off", "S-1"),), [], True),
        ((("get_lesson", "S-1"), ("call_off", "S-2")), [], True),
        ((("get_lesson", "S-3"), ("call_off", "S-3")), [], True),
        ((("get_lesson", "S-5"), ("call_off", "S-5")), [], True),
        ((("get_lesson", "S-6"), ("call_off", "S-6")), [], True),
        ((("get_lesson", "S-7"), ("call_off", "S-7")), [], True),
        ((("get_lesson", "S-1"), ("move", "S-1"), ("call_off", "S-1")), ["S-1"], True),
        ((("get_lesson", "S-1"), ("get_lesson", "S-2"), ("move", "S-2"), ("call_off", "S-1")), ["S-2", "S-1"], False),
    ],
)
def test_a_rule_goes_by_what_was_read_of_the_same_record(
    steps: tuple[tuple[str, str], ...], done: list[str], asked: bool, approvals: tuple[Rule, ...], engine: Engine
) -> None:
    assert ended(engine, *steps, approvals=approvals) == (done, "awaiting_approval" if asked else "resolved")


def test_what_was_called_off_before_counts_with_it_about_the_same_customer(engine: Engine) -> None:
    facts = {**FACTS, "call_off": FACTS["call_off"].model_copy(update={"of": None})}
    steps = (("get_lesson", "S-1"), ("call_off", "S-1"), ("get_lesson", "S-2"), ("call_off", "S-2"))
    assert ended(engine, *steps, facts=facts) == (["S-1"], "awaiting_approval")


@pytest.mark.parametrize(("unit", "given", "cents"), [("cents", 41.5, None), ("cents", 41.0, 41), ("units", 41.5, 4150)])
def test_an_argument_with_parts_of_a_cent_is_no_amount(unit: Any, given: float, cents: int | None) -> None:
    takes = {"type": "object", "properties": {"sum": {"type": "number"}}, "required": ["sum"]}
    facts = {"pay": Facts(effect="write", amount="sum", unit=unit, key="k")}
    made = tools_from({"pay": (Operation("pay", "Pay.", takes), lambda *_, **__: None)}, facts, currency="EUR")["pay"]
    assert own_amount(made, {"sum": given}, (), {}) == cents


def test_an_amount_that_may_be_left_out_and_is_is_not_known() -> None:
    takes = {"type": "object", "properties": {"sum": {"type": ["integer", "null"]}}}
    facts = {"pay": Facts(effect="write", amount="sum", unit="cents", key="k")}
    made = tools_from({"pay": (Operation("pay", "Pay.", takes), lambda *_, **__: None)}, facts, currency="EUR")["pay"]
    assert [own_amount(made, given, (), {}) for given in ({}, {"sum": None}, {"sum": 7})] == [None, None, 7]


def test_what_another_side_is_to_change_is_looked_at_before_whatever_the_rule(engine: Engine) -> None:
    facts = {
        "get_lesson": Facts(effect="read", owner="pupil"),
        "call_off": Facts(effect="write", of="lesson", key="k", check="get_lesson"),
        "move": FACTS["move"],
    }
    approvals = (Rule("approve", tool="call_off"),)
    assert ended(engine, ("call_off", "S-1"), approvals=approvals, facts=facts)[0] == []


def test_the_call_that_reads_an_amount_is_one_of_the_source_that_reads() -> None:
    with pytest.raises(DeclarationError, match="amount names 'look'"):
        facts = {"call_off": Facts(effect="write", amount="look.price", key="k")}
        tools_from({"call_off": (Operation("call_off", "", ONE), lambda *_, **__: None)}, facts)
