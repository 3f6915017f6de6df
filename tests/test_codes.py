"""Rules branch on the code of a refusal and on the reason of a handoff, and on nobody's sentences."""

import ast
import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.own_shop import PRIYA, Desk, seeded
from support.toys import agent, run, team, told

from agents.desk import payments, triage
from agents.reasons import Reason
from groupchats.desk import team as desk
from scenarios.order_of_someone_else import scenario
from switchboard.cases.cases import hear
from switchboard.cases.entries import kept_of, steps_of
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.declare.moves import Calls, HandOff, Say, call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Context, tool
from switchboard.declare.transcript import CallResult, HandoffEntry, ResultEntry, View
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError, Refused, ToolError
from switchboard.flows.hub import hub
from switchboard.grounding.evidence import is_confirmed
from switchboard.loop.prompts.offered import hand_off_schema
from tools.accounts import get_user_details
from tools.orders import cancel_pending_order
from tools.vocabulary import vocabulary

ROOT = Path(__file__).parent.parent

SHORT = {"balance_cents": 740, "due_cents": 4250}


@tool(effect="write", public=True)
def pay_by_card(ctx: Context) -> str:
    """Pay by a gift card that holds too little."""
    raise ToolError("The gift card holds 7.40 USD. Ask for another one.", code="gift_card_short", **SHORT)


@tool(effect="write", public=True, outside=lambda ctx, result: pay_by_card(ctx))
def pay_elsewhere(ctx: Context) -> str:
    """Pay at a provider that refuses."""
    return "asked"


@tool(effect="read", public=True, timeout=0.05)
def dawdle() -> str:
    """Take too long."""
    import time

    time.sleep(0.4)
    return "late"


@pytest.fixture
def shop(tmp_path: Path) -> Any:
    engine = seeded(tmp_path)
    yield engine
    engine.dispose()


def told_by_worker(tmp_path: Path, used: Any, *, rule: str = "approve") -> tuple[str, dict[str, Any]]:
    """What a worker's rules see of the call that they made, and the result's line in the transcript."""

    def twin(view: View) -> Any:
        made = view.last()
        return Say(json.dumps([made.code, dict(made.data)])) if made else call(used.name)

    members = {**team().members, "worker": agent("worker", twin, used)}
    document = run(tmp_path, team(members=members, approvals=(Rule("approve", effect="read"), Rule(rule)))).document  # type: ignore[arg-type]
    line = next(e for e in document["transcript"] if e["kind"] == "result" and e["tool"] == used.name)
    return str(document["reply"]), line


@pytest.mark.parametrize("used", [pay_by_card, pay_elsewhere], ids=["its rows", "outside"])
def test_a_refusal_has_a_code_and_data_beside_its_sentence(tmp_path: Path, used: Any) -> None:
    seen, line = told_by_worker(tmp_path, used)
    assert json.loads(seen) == ["gift_card_short", SHORT]
    assert (line["code"], line["data"]) == ("gift_card_short", SHORT)
    assert line["text"] == "The gift card holds 7.40 USD. Ask for another one."


def test_what_was_not_even_tried_has_a_code_too(tmp_path: Path) -> None:
    assert json.loads(told_by_worker(tmp_path, pay_by_card, rule="reject")[0]) == ["against_rules", {}]
    assert json.loads(told_by_worker(tmp_path, dawdle)[0]) == ["gave_up", {}]


def test_a_done_call_has_no_code(tmp_path: Path) -> None:
    result = run(tmp_path, team(lambda view: Say(f"code {view.last().code!r}") if view.calls else call("look_up", number=1)))
    assert told(result) == "code ''"
    assert all("code" not in line and "data" not in line for line in result.document["transcript"])


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    def twin(view: View) -> Any:
        made = view.last()
        return Say(json.dumps([made.code, dict(made.data)])) if made else call("look_up", number="many")

    assert json.loads(told(run(tmp_path, team(twin)))) == ["wrong_arguments", {"arguments": ["number"]}]


def test_a_code_is_a_few_words_in_snake_case() -> None:
    with pytest.raises(DeclarationError, match="no code"):
        ToolError("No.", code="The gift card holds too little")
    with pytest.raises(DeclarationError, match="no reason"):
        HandOff("triage", "n", reason="needs a human")
    assert (ToolError("No.").code, Refused("No.").code, Refused("No.").data) == ("refused", "not_allowed", {})


def test_a_refusal_can_be_carried_between_processes() -> None:
    carried = pickle.loads(pickle.dumps(ToolError("No.", code="gift_card_short", **SHORT)))
    assert (str(carried), carried.code, carried.data) == ("No.", "gift_card_short", SHORT)


def test_a_refusals_code_survives_the_journal_and_a_replay(shop: Engine) -> None:
    environment = Environment(shop, {"desk": desk})
    with Worker(environment) as worker:
        ref = worker.open_case("desk", scenario.opening, known={"email": scenario.email})
        assert ref
        document = worker.work(ref)
    refused = [e for e in document["transcript"] if e["kind"] == "result" and e["status"] == "refused"]
    assert [(e["tool"], e["code"], e["data"]) for e in refused] == [
        ("get_order_details", "no_such_order", {"order_id": "#W1000019"})
    ]
    with shop.connect() as connection:
        outcomes = dict(steps_of(kept_of(connection, ref.case_id, ref.number)))
    again = rebuild(environment, document["case_id"])
    assert [(o["code"], o["data"]) for name, o in outcomes.items() if "get_order_details" in name] == [
        ("no_such_order", {"order_id": "#W1000019"})
    ]
    assert (again.differences, again.complete) == ((), True)
    assert again.document == document


def test_a_code_is_known_in_the_next_run_of_the_case(shop: Engine) -> None:
    """Between two runs a case is rows alone."""
    environment = Environment(shop, {"desk": desk})
    with Worker(environment) as worker:
        ref = worker.open_case("desk", scenario.opening, known={"email": scenario.email})
        assert ref
        worker.work(ref)
        second, _ = hear(shop, ref.case_id, "Then leave it.", worker.workflows.executor)
        assert second
        document = worker.work(second)
    assert [e["code"] for e in document["transcript"] if e.get("code")] == ["no_such_order"]
    with shop.connect() as connection:
        assert connection.execute(text("SELECT status FROM orders WHERE id = '#W1000019'")).scalar() == "pending"


def test_a_handoffs_reason_stands_in_the_transcript_and_in_the_view(tmp_path: Path) -> None:
    seen: list[tuple[str, str, dict[str, Any]]] = []

    def front(view: View) -> Any:
        seen.append((view.reason, view.note, dict(view.facts)))
        return (
            Say("A colleague comes.")
            if view.reason == "needs_human"
            else HandOff("worker", "as written", {"n": 1}, reason="new")
        )

    def back(view: View) -> Any:
        seen.append((view.reason, view.note, dict(view.facts)))
        return HandOff("triage", "they ask for a person", reason="needs_human")

    members = {**team().members, "triage": agent("triage", front), "worker": agent("worker", back)}
    document = run(tmp_path, team(members=members, flow=hub("triage", {"worker": []}, "closer")), known={}).document
    handed = [(e["to"], e["text"], e["reason"]) for e in document["transcript"] if e["kind"] == "handoff"]
    assert handed == [("worker", "as written", "new"), ("triage", "they ask for a person", "needs_human")]
    assert seen == [
        ("", "", {}),
        ("new", "as written", {"n": 1}),
        ("needs_human", "they ask for a person", {"n": 1}),
    ]
    assert document["reply"] == "A colleague comes."


def test_a_model_is_offered_the_reasons_of_its_agent_and_no_others() -> None:
    assert "reason" not in hand_off_schema(("triage",))["function"]["parameters"]["properties"]
    offered = hand_off_schema(("triage",), ("needs_human", "other_department"))["function"]["parameters"]
    assert offered["properties"]["reason"] == {"type": "string", "enum": ["needs_human", "other_department"]}
    assert offered["required"] == ["to", "note"]


def test_reasons_are_bounded_where_they_are_declared() -> None:
    with pytest.raises(DeclarationError, match="no reason"):
        replace(agent("triage", lambda view: Say("Hello.")), reasons=("Needs a human",))


def test_every_handoff_of_the_desk_gives_one_of_its_reasons() -> None:
    """The small teams, one for each flow, go by the board and by words of their own."""
    folders = ("desk", "research", "plays", "orders", "money", "articles", "products", "cases")
    desk = [path for folder in folders for path in sorted((ROOT / "agents" / folder).rglob("*.py"))]
    for path in [*desk, ROOT / "agents" / "summarizer.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "HandOff":
                given = [ast.unparse(k.value) for k in node.keywords if k.arg == "reason"]
                assert len(given) == 1 and given[0].startswith("Reason."), f"{path.name}:{node.lineno}"


def test_every_refusal_of_the_sample_has_a_code_of_its_own() -> None:
    for path in sorted((ROOT / "tools").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("ToolError", "Refused"):
                assert "code" in [k.arg for k in node.keywords], f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("code", "data", "says"),
    [
        ("gift_card_short", SHORT, "The gift card holds 7.40 USD, but 42.50 USD is due. Which other"),
        ("paid_by_it_already", {}, "already paid by your gift card with 7.40 USD. Which other"),
        ("no_such_order", {}, "I cannot find order #W1000004"),
        ("wrong_status", {"status": "processed"}, "is processed, so it cannot be paid by another method. Once it is"),
    ],
)
def test_a_refused_payment_is_told_by_its_code_whatever_its_sentence(code: str, data: dict[str, Any], says: str) -> None:
    wish = {"order_id": "#W1000004", "payment_method_id": "gift_card_1"}
    made = CallResult("modify_pending_order_payment", wish, "refused", None, "Some other words.", code=code, data=data)
    account = {"payment_methods": {"gift_card_1": {"source": "gift_card", "balance": 7.4}}}
    read = CallResult("get_user_details", {"user_id": "tomas_berg_1004"}, "done", account)
    words, facts = "Pay order #W1000004 with my gift card", {"kind": "change_payment"}
    view = View("payments", words, words, facts=facts, customer_id="tomas_berg_1004", calls=(read, made))
    said = payments.without_model(view)
    assert isinstance(said, Say) and says in said.text and "Some other words" not in said.text


def test_a_note_that_reads_like_a_reason_is_none() -> None:
    """What a specialist writes is free: only its reason sends a matter to a human."""
    words = "Where is my order #W1000004?"
    handed = HandOff("triage", "needs a human, not verified, another account", {"kind": "order_status"})
    line = HandoffEntry("orders", handed.note, to="triage", facts=handed.facts)
    view = View("triage", words, words, note=handed.note, facts=handed.facts, customer_id="tomas_berg_1004", case=(line,))
    assert isinstance(triage.without_model(view), HandOff)
    assert isinstance(triage.without_model(replace(view, reason=Reason.NEEDS_HUMAN)), Calls)


@pytest.mark.parametrize(
    ("result", "confirmed"),
    [
        ({"refund_state": "requested"}, False),
        ({"to": [{"state": "requested"}]}, False),
        ({"to": [{"state": "settled"}], "note": 'The customer wrote "state":"requested" and refund_state.'}, True),
        ("refund_state", True),
    ],
)
def test_what_is_not_confirmed_is_told_by_a_field_and_not_by_words(result: Any, confirmed: bool) -> None:
    refund = next(deed for deed in vocabulary.deeds if deed.pays)
    entry = ResultEntry("executor", tool="refund_order", result=result, status="done", call_id="call_1", to="refunds")
    assert is_confirmed(refund, entry) == confirmed


def test_results_tell_amounts_in_cents_too(shop: Engine) -> None:
    account = Desk(shop, PRIYA).call(get_user_details, user_id=PRIYA)
    rows = [*account.get("subscriptions", []), *account.get("invoices", [])]
    assert rows and all(isinstance(row.get("price_cents", row.get("amount_cents")), int) for row in rows)
    cancelled = Desk(shop, PRIYA).call(cancel_pending_order, order_id="#W1000011", reason="no longer needed")
    assert cancelled["refund_cents"] == 6740 and cancelled["refunds"][0].startswith("67.40 USD")
