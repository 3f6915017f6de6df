"""Effects on another side: once by their key, or once and looked up, and never a guess where no answer came."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.errors import Away, DeclarationError, NotKnown, Refused, ToolError
from switchboard.events.rendering import told_of
from switchboard.flows.hub import hub
from switchboard.loop.drive import run_team
from switchboard.loop.summary import case_in_words
from switchboard.toolsets import functions
from switchboard.toolsets.argument_types import inlined
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from


class Side:
    """The other side: it does what comes to it, once for each key, and answers as `answers` say, one after the other."""

    def __init__(self, *answers: BaseException | None) -> None:
        self.answers = list(answers)
        self.done: dict[Any, Mapping[str, Any]] = {}
        self.asked: list[Any] = []

    def pay(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        self.asked.append(key)
        said = self.answers.pop(0) if self.answers else None
        if not isinstance(said, Away | ToolError) or isinstance(said, NotKnown):
            self.done[key or len(self.asked)] = arguments
        if said:
            raise said
        return {"id": "P-1", "amount": arguments["amount"], "inner": {"token": "hidden"}}

    def find(self, arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        return {"id": "P-1", "amount": arguments["amount"]} if self.done else {}


PAY = {
    "type": "object",
    "properties": {"amount": {"type": "number"}, "member": {"type": "string"}},
    "required": ["amount", "member"],
}


def operations(side: Side) -> dict[str, Any]:
    parameters = inlined(PAY, {})
    return {
        "pay": (Operation("pay", "Pay a sum.", parameters), side.pay),
        "find_payment": (Operation("find", "Find a payment.", parameters), side.find),
    }


LEFT = Call("call_the_office", {"summary": "It was not finished."})


def team_of(side: Side, decision: str = "approve", **facts: Any) -> TeamSpec:
    both = {
        "pay": Facts(effect="write", amount="amount", unit="units", customer="member", **facts),
        "find_payment": Facts(effect="read", customer="member"),
    }
    tools = tools_from(operations(side), both)

    @tool(effect="read", public=True, verifies=True)
    def find_member(ctx: Context, email: str) -> str:
        """Find and verify a member."""
        ctx.verify("M-7")
        return "M-7"

    @tool(effect="send", public=True, ends="escalated")
    def call_the_office(summary: str) -> str:
        """Hand over to the office."""
        return "The office writes to you."

    def rules(view: View) -> Move:
        if not view.customer_id:
            return call("find_member", email="ada@example.com")
        paid = view.last("pay")
        if paid is None:
            return call("pay", amount=0.29)
        return Say(f"Paid {paid.result['id']}." if paid.done else f"Not paid: {paid.code}.")

    spec = AgentSpec("desk", "Pays.", "You pay.", tools=(find_member, call_the_office, *tools.values()), without_model=rules)
    closer = AgentSpec("closer", "Notes.", "You note.")
    approvals = (Rule(decision, tool="pay"), Rule("approve", effect="read"), Rule("approve", effect="send"))  # type: ignore[arg-type]
    members = {"desk": spec, "closer": closer}
    return TeamSpec("office", "", members, hub("desk", {}, "closer"), approvals, rescue=lambda _: LEFT)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path / "rows.db"))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "PAUSES", (0.0, 0.0))


def asked(team: TeamSpec, engine: Engine) -> Any:
    return run_team(team, "Pay me, I am ada@example.com", engine=engine, known={"email": "ada@example.com"})


def test_what_a_key_makes_once_is_sent_again_and_told(engine: Engine) -> None:
    side = Side(NotKnown("No answer came."))
    document = asked(team_of(side, key="Idempotency-Key"), engine).document
    assert document["end"] == "resolved"
    assert document["reply"].startswith("Paid P-1.")
    assert len(side.asked) == 2 and len(set(side.asked)) == 1 and side.asked[0]
    assert len(side.done) == 1


def test_what_never_came_to_the_other_side_is_sent_again_and_then_said_to_be_undone(engine: Engine) -> None:
    side = Side(Away("Nobody answers."), Away("Nobody answers."), Away("Nobody answers."))
    document = asked(team_of(side, key="Idempotency-Key"), engine).document
    assert document["reply"] == "Not paid: away."
    assert not side.done


@pytest.mark.parametrize("then", [Away("Nobody answers."), ToolError("No.", code="in_progress")])
def test_after_a_try_that_may_have_been_heard_no_other_tells_that_nothing_was_done(then: ToolError, engine: Engine) -> None:
    side = Side(NotKnown("No answer came."), then, then)
    document = asked(team_of(side, key="Idempotency-Key", called="the payment"), engine).document
    assert (document["end"], len(side.done)) == ("failed", 1)
    assert "not known yet whether this was done" in document["reply"]


def test_where_nobody_can_tell_a_person_has_it_and_the_customer_hears_that_it_is_not_known(engine: Engine) -> None:
    side = Side(*(NotKnown("No answer came.") for _ in range(3)))
    result = asked(team_of(side, key="Idempotency-Key", called="the payment"), engine)
    assert result.document["end"] == "failed"
    assert "not known yet whether this was done: the payment, 0.29" in result.document["reply"]
    assert "Nothing was changed" not in result.document["reply"]
    assert "Not known whether done, look before you do it: the payment, 0.29" in case_in_words(result.run)
    assert "nothing was changed" not in f"{case_in_words(result.run)} {result.document['note']}".lower()
    lines = [e for e in result.run.transcript if e.kind == "result" and e.called]
    assert [line.who for e in lines if (line := told_of(e))] == ["not known"]
    assert [entry["tool"] for entry in result.document["tool_calls"]][-1] == "call_the_office"


def test_what_has_no_key_is_sent_once_and_looked_up(engine: Engine) -> None:
    side = Side(NotKnown("No answer came."))
    team = team_of(side, "ask", status_of="find_payment", found="id")
    document = run_approved(team, engine)
    assert document["reply"].startswith("Paid P-1.")
    assert side.asked == [None]


def test_what_has_no_key_and_cannot_be_looked_up_is_sent_once_and_left_to_a_person(engine: Engine) -> None:
    side = Side(NotKnown("No answer came."))
    document = run_approved(team_of(side, "ask"), engine)
    assert document["end"] == "failed"
    assert side.asked == [None]


def test_what_has_no_key_passes_no_team_without_an_operator() -> None:
    with pytest.raises(DeclarationError, match="may pass without a person"):
        team_of(Side())
    with pytest.raises(DeclarationError, match="may pass without a person"):
        team_of(Side(), "confirm")


def test_a_refusal_of_the_other_side_is_a_refusal(engine: Engine) -> None:
    document = asked(team_of(Side(Refused("No.", code="too_late")), key="Idempotency-Key"), engine).document
    assert document["reply"] == "Not paid: too_late."


def test_an_amount_in_units_counts_in_cents_and_in_words(engine: Engine) -> None:
    team = team_of(Side(), "ask", key="Idempotency-Key", called="the payment")
    assert team.tools["pay"].cents(0.29) == 29
    document = asked(team, engine).document
    assert document["end"] == "awaiting_approval"
    assert "the payment, 0.29" in document["reply"]


def test_of_an_answer_the_listed_fields_are_kept_and_another_customers_is_none() -> None:
    facts = {"get": Facts(effect="read", owner="who.id", result=("id", "lines.name"))}
    answer = {"id": 1, "who": {"id": "M-7"}, "lines": [{"name": "a", "cost": 3}], "token": "hidden"}
    made = tools_from({"get": (Operation("get", "Get.", {}), lambda *_, **__: answer)}, facts)["get"]
    assert made(ctx=context("M-7")) == {"id": 1, "lines": [{"name": "a"}]}
    with pytest.raises(ToolError) as refused:
        made(ctx=context("M-8"))
    assert refused.value.code == "not_found"


def test_who_the_customer_is_nobody_gives_but_the_case() -> None:
    side = Side()
    made = tools_from(operations(side), {"pay": Facts(effect="write", customer="member", key="k")})["pay"]
    assert "member" not in made.schema["function"]["parameters"]["properties"]
    with pytest.raises(ToolError):
        made.validated({"amount": 1, "member": "M-8"})
    assert made(ctx=context("M-7"), amount=1)["arguments"] == {"amount": 1, "member": "M-7"}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.com/other.json"},
        {"$ref": "#/nowhere"},
        {"type": "object", "properties": {f"a{n}": {"type": "string"} for n in range(1000)}},
    ],
)
def test_schemas_that_lead_out_or_are_too_large_are_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError):
        inlined(schema, {})


def test_a_schema_in_a_circle_ends() -> None:
    root = {
        "a": {"type": "object", "properties": {"more": {"$ref": "#/a"}, "list": {"type": "array", "items": {"$ref": "#/a"}}}}
    }
    assert inlined({"$ref": "#/a"}, root)["properties"]["more"] == {"type": "object"}


def context(customer_id: str) -> Context:
    return Context("case", "call", "desk", None, customer_id)  # type: ignore[arg-type]


def run_approved(team: TeamSpec, engine: Engine) -> dict[str, Any]:
    human = Prepared(approvals=[True])
    return run_team(team, "Pay me", engine=engine, known={"email": "ada@example.com"}, human=human).document


def test_the_address_for_a_code_is_asked_of_the_other_side_anew() -> None:
    found = {"id": "M-7", "contact": {"email": "ada@example.com"}}
    parameters = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    facts = {"find": Facts(effect="read", verifies="id", email="contact.email", result=("id",))}
    made = tools_from({"find": (Operation("find", "Find.", parameters), lambda *_, **__: found)}, facts)["find"]
    assert made(ctx=context("M-7"), name="Ada") == {"id": "M-7"}
    assert made(ctx=context("M-7"), name="Ada@example.com") == {"id": "M-7"}
    with pytest.raises(ToolError) as refused:  # a search that gives the nearest one finds nobody
        made(ctx=context("M-7"), name="ida@example.com")
    assert refused.value.code == "not_found"
    assert made.address and made.address(None, "M-7", {"name": "Ada"}) == "ada@example.com"  # type: ignore[arg-type]
    assert made.address(None, "M-8", {"name": "Ada"}) == ""  # type: ignore[arg-type]
