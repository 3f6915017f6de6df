"""What another side answers, and how a call is named, never makes that untrue which the customer hears of what was done."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Move, Say, call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import View
from switchboard.declare.vocabulary import Vocabulary
from switchboard.errors import DeclarationError
from switchboard.flows.hub import hub
from switchboard.loop import summary
from switchboard.loop.drive import run_team
from switchboard.toolsets import functions
from switchboard.toolsets.facts import Facts
from switchboard.toolsets.remote import Operation, tools_from

TAKES = {
    "type": "object",
    "properties": {"number": {"type": "string"}, "deposit": {"type": "string"}},
    "required": ["number", "deposit"],
}
CALLED = "the return of the deposit on canoe {number}"
NOTHING = "nothing was changed"
ODD = ["18,50 EUR", "18.50", 18.5, 1850, "1e999999", "NaN", "Infinity", None, True, [], {}, "", "{number}", 10**400, -1]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(sqlite_url(tmp_path_factory.mktemp("told") / "rows.db"))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True, scope="module")
def _no_pauses() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(functions, "PAUSES", (0.0, 0.0))
        yield


def team_of(answers: Any, sent: list[Any], deposit: str = "18.50", **facts: Any) -> TeamSpec:
    """A desk that lends canoes: it gives a deposit back, and the other side gives these answers."""

    def pay(arguments: Mapping[str, Any], *, key: str | None, timeout: float) -> Any:
        sent.append(arguments)
        if isinstance(answers, Exception):
            raise answers
        return answers

    given = {"amount": "deposit", "unit": "units", "of": "number", "owner": False, "key": "Key", "called": CALLED, **facts}
    tools = tools_from(
        {"give_back": (Operation("give_back", "Give it back.", TAKES), pay)},
        {"give_back": Facts(effect="write", **given)},
        currency="EUR",
    )

    @tool(effect="send", public=True, ends="escalated")
    def call_the_boathouse(summary: str) -> str:
        """Hand over to the boathouse."""
        return "The boathouse has it under 7."

    @tool(effect="read", public=True, verifies=True)
    def find_paddler(ctx: Context, email: str) -> str:
        """Find a paddler."""
        ctx.verify("C-1")
        return "C-1"

    def rules(view: View) -> Move:
        if not view.customer_id:
            return call("find_paddler", email="kim@example.com")
        made = view.last("give_back")
        if made is None:
            return call("give_back", number="K-3", deposit=deposit)
        return Say("Your deposit is on its way.") if made.done else call("call_the_boathouse", summary="It was refused.")

    def told(view: View) -> Move:
        if (handed := view.last("call_the_boathouse")) is not None:
            return Say(str(handed.result))
        return rules(view)

    held = (*tools.values(), find_paddler, call_the_boathouse)
    members = {
        "desk": AgentSpec("desk", "Lends.", "You lend.", tools=held, without_model=told),
        "closer": AgentSpec("closer", "Notes.", "You note."),
    }
    approvals = (Rule("approve", effect="write"), Rule("approve", effect="read"), Rule("approve", effect="send"))
    left = Call("call_the_boathouse", {"summary": "It was not finished."})
    return TeamSpec(
        "canoes",
        "",
        members,
        hub("desk", {}, "closer"),
        approvals,
        rescue=lambda _: left,
        vocabulary=Vocabulary(currency="EUR"),
    )


def asked(team: TeamSpec, engine: Engine) -> dict[str, Any]:
    return dict(
        run_team(
            team, "My deposit for K-3, please. kim@example.com", engine=engine, known={"email": "kim@example.com"}
        ).document
    )


def check_truly_told(document: Mapping[str, Any], sent: list[Any]) -> None:
    """After the call was sent nobody hears that nothing was changed, and the customer or a person knows of it."""
    words = f"{document['reply']} {document['note']}"
    assert not sent or NOTHING not in words.lower()
    assert document["reply"]
    assert document["end"] in ("resolved", "escalated", "failed")
    if document["end"] != "resolved":
        assert any(one["tool"] == "call_the_boathouse" and one["status"] == "done" for one in document["tool_calls"])


@pytest.mark.parametrize("amount", ODD, ids=repr)
def test_whatever_amount_is_answered_the_end_is_told_truly(amount: Any, engine: Engine) -> None:
    sent: list[Any] = []
    document = asked(team_of({"id": "R-1", "deposit": amount}, sent), engine)
    check_truly_told(document, sent)
    assert sent


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["number", "deposit", "id", "x y"]) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=JSON)
def test_whatever_is_answered_the_end_is_told_truly(answer: Any, engine: Engine) -> None:
    sent: list[Any] = []
    check_truly_told(asked(team_of(answer, sent), engine), sent)


@pytest.mark.parametrize("amount", ["185.00", 185, "185,00 EUR", "18.50 or 20.00 EUR", "soon", True], ids=repr)
def test_another_amount_than_was_agreed_to_is_a_persons_and_what_was_agreed_is_told(amount: Any, engine: Engine) -> None:
    sent: list[Any] = []
    document = asked(team_of({"id": "R-1", "deposit": amount}, sent), engine)
    check_truly_told(document, sent)
    assert document["end"] == "failed"
    assert "canoe K-3, 18.50 EUR" in document["reply"] and "185" not in document["reply"]


@pytest.mark.parametrize(
    ("answer", "matches"),
    [
        ({"deposit": "18.5"}, {}),
        ({"deposit": 18.50}, {}),
        ({"data": {"deposit": "EUR 18,50"}}, {}),
        ({"deposit": None}, {}),
        ({"id": "R-1", "more": {"deposit": "99.00"}}, {}),
        ({"deposit": "99.00"}, {"deposit": False}),
        ({"deposit": "99.00", "paid": {"sum": "18.50"}}, {"deposit": "paid.sum"}),
    ],
)
def test_the_same_amount_however_it_is_written_is_done(answer: Any, matches: Any, engine: Engine) -> None:
    assert asked(team_of(answer, [], matches=matches), engine)["end"] == "resolved"


@pytest.mark.parametrize("error", [KeyError("id"), RecursionError(), ValueError("no"), OSError("gone")], ids=repr)
def test_what_breaks_while_a_call_is_made_is_not_known_to_be_undone(error: Exception, engine: Engine) -> None:
    sent: list[Any] = []
    document = asked(team_of(error, sent), engine)
    check_truly_told(document, sent)
    assert document["end"] == "failed"
    assert f"not known yet whether this was done: {CALLED.format(number='K-3')}, 18.50 EUR" in document["reply"]


def test_a_call_is_named_by_what_was_agreed_to_whatever_its_answer_calls_so(engine: Engine) -> None:
    team = team_of({"number": "RET-0042"}, [])
    known = {"email": "kim@example.com"}
    entries = [e for e in run_team(team, "K-3", engine=engine, known=known).run.transcript if e.kind == "result" and e.called]
    assert [entry.called for entry in entries] == ["the return of the deposit on canoe K-3, 18.50 EUR"]


@pytest.mark.parametrize("amount", ["18,50", "18.50 EUR", "NaN", "Infinity", "1e400", ""])
def test_an_amount_that_is_none_is_refused_before_anything_is_sent_and_a_person_has_it(amount: str, engine: Engine) -> None:
    sent: list[Any] = []
    document = asked(team_of({}, sent, deposit=amount), engine)
    check_truly_told(document, sent)
    assert not sent and document["end"] == "escalated"


def test_a_case_that_cannot_be_told_is_handed_over_all_the_same(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> str:
        raise KeyError("ref")

    monkeypatch.setattr(summary, "_line", broken)
    sent: list[Any] = []
    document = asked(team_of(KeyError("id"), sent), engine)
    check_truly_told(document, sent)
    assert document["end"] == "failed"


@pytest.mark.parametrize(
    ("called", "why"),
    [
        ("the deposit on {numbr}", "called names 'numbr'.*did you mean 'number'"),
        ("the deposit on {check.number}", "called names 'check.number'"),
        ("the deposit on {id}", "called names 'id'"),
        ("the deposit on {number:date}", "in a form"),
        ("the deposit on {number", "no template"),
        ("the deposit on {}", "called names ''"),
    ],
)
def test_a_name_that_could_not_be_filled_is_refused_where_the_tool_is_made(called: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        team_of({}, [], called=called)
