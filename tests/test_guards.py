"""Each check of the executor, of consent and of what a model's answer may be, alone: without it one of these fails."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support import toys
from support.next_run import go_on

from groupchats.desk import team as desk
from switchboard.consent.admitted import (
    MOST_CALLS,
    MOST_NOTE,
    MOST_TEXT,
    admitted,
    bounded,
    check_call,
    is_carried,
    never_named,
)
from switchboard.consent.before import check_not_before, check_rule
from switchboard.consent.identity import check_identity, leaves, needs_code
from switchboard.consent.record import last_read_back
from switchboard.consent.spans import MOST_QUOTE, span_of, words_of
from switchboard.consent.wanted import Wanted, is_of_another_amount
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Approval, Nobody
from switchboard.declare.moves import Call, Calls, HandOff, Say
from switchboard.declare.outcomes import Answer, ModelCall
from switchboard.declare.team import Rule
from switchboard.declare.tool import tool
from switchboard.declare.transcript import DEADLINE, Entry, MessageEntry, ResultEntry, digest
from switchboard.errors import Refused
from switchboard.loop.drive import RunResult, run_team
from switchboard.loop.recording.words import MOST_WORDS, words_of_customer
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel, tool_calls

EMMA = "emma.lindqvist@example.com"
PAY = {"order_id": "#W1000001", "kind": "duplicate_charge", "amount_cents": 42_50, "reason": "Charged twice."}
SHORT = Answer("", (), "m", 0, 0, 0.0, 0)
OFFERED = [{"type": "function", "function": {"name": "pay"}}]


FREE = (Rule("approve", effect="read"), Rule("approve", effect="compute"), Rule("approve", effect="send"))


def said(words: str, speaker: str = CUSTOMER, **facts: Any) -> MessageEntry:
    return MessageEntry(speaker, words, "human", **facts)


def result(tool_name: str, **facts: Any) -> ResultEntry:
    given: dict[str, Any] = {"arguments": {}, "status": "done", "call_id": "call_1", "to": "worker", **facts}
    return ResultEntry("executor", "", "tool", tool=tool_name, **given)


def refusal(check: Any, *given: Any, **facts: Any) -> str:
    try:
        check(*given, **facts)
    except Refused as refused:
        return refused.code
    return ""


# The executor


class Operator(Nobody):
    """One who is there, and answers so."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval(self._answer, "ines")


def paying(*cents: int) -> Any:
    return lambda view: Say("Ready.") if view.calls else Calls(tuple(Call("pay", {"cents": one}) for one in cents))


def decided(before: RunResult, **given: Any) -> RunResult:
    [call_id] = [asked.call_id for asked in before.run.asking]
    return go_on(before, {"kind": "answer", "call_id": call_id, "approval": {"answer": "approve", "by": "ines", **given}})


def waiting(folder: Path, *cents: int, **facts: Any) -> RunResult:
    before = toys.run(folder, toys.team(paying(*cents), **facts))
    assert before.end == "awaiting_approval"
    return before


def codes(found: RunResult) -> list[str]:
    return [e.code for e in found.run.transcript if e.kind == "result" and e.tool == "pay" and e.status == "refused"]


@pytest.mark.parametrize(
    "words",
    [
        "A friend told me: say that you were charged twice for #W1000001 and they refund it. Is that true?",
        "My neighbour was charged twice for #W1000009 and wants it back. My own order is #W1000001.",
    ],
)
def test_what_is_owed_and_nobody_asked_for_is_not_paid_by_a_model(shop: Engine, words: str) -> None:
    with ScriptedModel([tool_calls([("refund_order", PAY)])]) as model:
        entry = {"model": "scripted", "base_url": model.url, "api_key": "scripted"}
        gateway = Gateway(read_endpoints(json.dumps([entry])), retries=0)
        found = run_team(desk, words, engine=shop, gateway=gateway, known={"email": EMMA})
    assert "not_asked_for" in [e.code for e in found.run.transcript if e.kind == "result"]
    with shop.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM refunds WHERE order_id = '#W1000001'")).scalar() == 0


def test_an_approval_holds_for_the_call_that_was_shown_and_for_no_other(tmp_path: Path) -> None:
    before = waiting(tmp_path, 60_00)
    assert codes(decided(before, bound=digest(["pay", {"cents": 61_00}]))) == ["approval_unfit"] and toys.PAID == []
    assert decided(before, bound=digest(["pay", {"cents": 60_00}])).end == "resolved" and len(toys.PAID) == 1


@pytest.mark.parametrize("cents", [100_01, 70_00])
def test_an_edit_that_needs_more_than_was_asked_for_is_not_made(tmp_path: Path, cents: int) -> None:
    rules = (*FREE, Rule("ask", tool="pay", up_to=60_00), Rule("ask", tool="pay", up_to=100_00, operators=2))
    before = waiting(tmp_path, 60_00, approvals=rules)
    assert codes(decided(before, arguments={"cents": cents})) == ["approval_unfit"] and toys.PAID == []


def test_the_no_of_the_one_who_is_there_is_no_voice_of_two(tmp_path: Path) -> None:
    rules = (*FREE, Rule("ask", tool="pay", operators=2))
    found = toys.run(tmp_path, toys.team(paying(60_00), approvals=rules), human=Operator("refuse"))
    assert (codes(found), found.run.asking, toys.PAID) == (["not_approved"], [], [])


def test_what_stands_behind_a_call_that_waits_is_made_after_it(tmp_path: Path) -> None:
    before = waiting(tmp_path, 60_00, 3_00)
    assert toys.PAID == [] and codes(before) == []
    after = decided(before)
    assert (after.end, codes(after), len(toys.PAID)) == ("awaiting_approval", [], 1), "both together are above the limit too"
    assert codes(decided(after)) == [] and len(toys.PAID) == 2


def test_nobody_is_asked_to_approve_what_a_look_at_the_rows_refuses(tmp_path: Path) -> None:
    @tool(effect="read")
    def look(cents: int) -> str:
        """Look."""
        raise Refused("There is nothing to pay.", code="nothing_left")

    pay = replace(toys.pay, check=look)
    members = {**toys.team().members, "worker": toys.agent("worker", paying(60_00), pay)}
    found = toys.run(tmp_path, toys.team(members=members))
    assert (codes(found), found.run.asking, toys.PAID) == (["nothing_left"], [], [])


def test_the_note_of_a_case_whose_steps_an_operator_sees_waits_for_nobody(shop: Engine) -> None:
    class Watching(Nobody):
        reviews = True

    found = run_team(desk, "How long does a refund take?", engine=shop, human=Watching())
    assert [e.status for e in found.run.transcript if e.kind == "result" and e.tool == "add_case_note"] == ["done"]


def confirming(folder: Path, **facts: Any) -> RunResult:
    """A run whose call of 3.00 is read back, with a tool of these facts."""
    pay = replace(toys.pay, **facts)
    members = {**toys.team().members, "worker": toys.agent("worker", paying(3_00), pay)}
    return toys.run(folder, toys.team(members=members, approvals=(Rule("confirm", tool="pay"), *FREE)))


def test_what_is_too_long_to_be_read_back_goes_to_a_person(tmp_path: Path) -> None:
    assert codes(confirming(tmp_path, read_back=lambda given, result: "x" * 1_001)) == ["too_long_to_read_back"]
    assert confirming(tmp_path, read_back=lambda given, result: "x" * 1_000).end == "awaiting_customer"


def test_a_rehearsal_has_no_effect_outside(tmp_path: Path) -> None:
    made: list[str] = []
    found = confirming(tmp_path, outside=lambda ctx, result: made.append(ctx.key))
    assert (found.end, made) == ("awaiting_customer", [])
    after = go_on(found, {"kind": "words", "words": "Yes."})
    assert (after.end, len(made)) == ("resolved", 1)


def test_an_agent_hands_off_to_nobody_but_whom_the_flow_says(tmp_path: Path) -> None:
    found = toys.run(tmp_path, toys.team(lambda view: HandOff("closer", "Write what I like.")))
    assert found.end == "failed" and "cannot hand off" in found.run.reason


def test_a_message_is_taken_apart_and_cut_where_it_becomes_a_line(tmp_path: Path) -> None:
    line = words_of_customer("No.\n> Yes.")
    assert (line.text, line.quoted) == ("No.", "> Yes.")
    found = toys.run(tmp_path, toys.team(paying(3_00)), "a" * 2 * MOST_WORDS)
    assert next(len(e.text) for e in found.run.transcript if e.kind == "message") == MOST_WORDS


# What a model's answer may be


def test_an_answer_is_bounded_and_washed_before_anything_reads_it() -> None:
    call = ModelCall("a", "n" * 200 + "\ud83d", "\ud83d\x00" + "x" * 2 * MOST_TEXT)
    found = bounded(replace(SHORT, text="\ud83d\x00" + "y" * 2 * MOST_TEXT, calls=(call,) * 3 * MOST_CALLS), OFFERED)
    assert len(found.calls) == MOST_CALLS
    assert found.text == "y" * (MOST_TEXT - 2)
    assert {(one.name, one.arguments) for one in found.calls} == {("n" * 100, "x" * (MOST_TEXT - 1))}
    assert bounded(replace(SHORT, calls=(replace(call, name="\ud83dpay"),)), OFFERED).calls[0].name == "pay"
    assert bounded(replace(SHORT, calls=(call,)), []).calls == ()


def test_what_a_call_and_a_note_carry_is_washed_and_bounded() -> None:
    move = admitted(Calls((Call("pay", {"a\ud83d": ["b\x00\ud83d"]}),)), OFFERED, [], {})
    assert isinstance(move, Calls) and move.calls[0].arguments == {"a": ["b"]}
    handed = admitted(HandOff("orders", "\ud83d" + "n" * 2 * MOST_NOTE), [], [], {})
    assert isinstance(handed, HandOff) and handed.note == "n" * (MOST_NOTE - 1)


def test_a_number_or_an_id_counts_as_heard_only_as_a_whole() -> None:
    assert is_carried(55802, "I live in 55802.") and not is_carried(5580, "I live in 55802.")
    assert never_named({"order_id": "#W1234567"}, [said("It is number 1234567.")], {}) == ""
    for words in ("It is number 91234567.", "It is 12345678.", "It is 1234567x."):
        assert never_named({"order_id": "#W1234567"}, [said(words)], {}) == "#W1234567"


def test_what_a_refused_call_would_have_found_names_nothing() -> None:
    found: list[Entry] = [result("look_up", result={"order": "#W1234567"}, status="refused")]
    assert never_named({"order_id": "#W1234567"}, found, {}) == "#W1234567"
    assert never_named({"order_id": "#W1234567"}, [replace(found[0], status="done")], {}) == ""


def test_what_an_operator_calls_was_offered_by_nobody() -> None:
    call = Call("pay", {"cents": 1}, offered=False)
    assert refusal(check_call, toys.pay, call, "human", [], {}, "typed") == ""
    assert refusal(check_call, toys.pay, call, "model", [], {}, "typed") == "not_offered"


# Identity


@pytest.mark.parametrize("identity", ["channel", "typed", "code"])
def test_the_address_of_the_channel_verifies_nobody_else(identity: Any) -> None:
    assert refusal(check_identity, toys.find_customer, {"email": EMMA}, [], {"email": EMMA}, identity) == ""
    assert refusal(check_identity, toys.find_customer, {"email": "ada@example.com"}, [], {"email": EMMA}, identity)


def test_a_code_is_needed_where_anything_or_nothing_of_an_identity_was_typed() -> None:
    def needs(known: dict[str, str], **arguments: Any) -> bool:
        return needs_code(toys.find_customer, Call("find_customer", arguments), "model", known, "code", None)

    assert needs({}) and needs({"email": EMMA}) and needs({"email": EMMA}, email=EMMA, zip="55401")
    assert not needs({"email": EMMA}, email=EMMA)


def test_every_text_of_an_argument_is_looked_at() -> None:
    assert list(leaves({"a": ["x", {"b": ("y", 3)}], "c": {"d": None, "e": True}})) == [("a", "x"), ("a", "y"), ("a", "3")]


def test_words_are_the_customers_own_where_a_person_wrote_them_as_the_customer() -> None:
    lines = [said("mine"), said("Say yes.", "operator"), MessageEntry("worker", "no"), MessageEntry(CUSTOMER, "a task")]
    assert words_of(lines) == ["mine"]


def test_a_quotation_without_end_is_none() -> None:
    words = "cancel it " * MOST_QUOTE
    assert span_of(words[: MOST_QUOTE + 1], [words]) == "" != span_of(words[:MOST_QUOTE], [words])


# A yes, and what was done before


def test_only_the_newest_question_that_is_open_is_answered() -> None:
    read = said("Shall I?", "worker", confirms={"call_1": ["bound", "Pay."]})
    told = said("It takes a while.", "worker", meanwhile=True)
    assert [one.call_id for one in last_read_back([read, told])] == ["call_1"]
    assert last_read_back([read, said("And what is your name?", "worker")]) == []
    assert last_read_back([read, said("Hm.")]) == []
    answered = said("Yes.", confirms={"call_1": ["bound", "Pay."]})
    assert last_read_back([answered]) == [], "what a customer writes reads nothing back"


def test_a_case_that_is_with_a_human_is_handed_over_once_in_whatever_words() -> None:
    before: Sequence[Entry] = [said("Help."), result("call_a_human", ends="escalated", arguments={"summary": "a"}, to="triage")]
    again = {"summary": "b"}
    assert refusal(check_not_before, toys.call_a_human, again, "triage", before) == "done_before"
    assert refusal(check_not_before, toys.call_a_human, again, "triage", [*before, said("Still there?")]) == ""


def test_what_was_sent_is_not_sent_a_second_time() -> None:
    @tool(effect="send", public=True)
    def send(words: str) -> str:
        """Send."""
        return words

    before = [result("send", arguments={"words": "a"})]
    assert refusal(check_not_before, send, {"words": "a"}, "worker", before) == "done_before"
    assert refusal(check_not_before, send, {"words": "b"}, "worker", before) == ""


def test_a_branch_asks_nobody_and_changes_nothing() -> None:
    ask, approve = Rule("ask"), Rule("approve")
    branch: dict[str, Any] = {"in_branch": True}
    assert refusal(check_rule, ask, toys.look_up, {}, [], **branch) == "not_in_a_branch"
    assert refusal(check_rule, approve, toys.pay, {}, [], **branch) == "not_in_a_branch"
    assert refusal(check_rule, approve, toys.look_up, {}, [], **branch) == ""


def test_the_no_of_a_deadline_holds_until_the_customer_writes_again_and_for_that_call_alone() -> None:
    late = result("pay", arguments={"cents": 1}, status="refused", refused_by=DEADLINE)
    before: list[Entry] = [said("Pay me."), late]
    given: dict[str, Any] = {"in_branch": False}
    assert refusal(check_rule, Rule("ask"), toys.pay, {"cents": 1}, before, **given) == "refused_before"
    assert refusal(check_rule, Rule("ask"), toys.pay, {"cents": 2}, before, **given) == ""
    assert refusal(check_rule, Rule("ask"), toys.pay, {"cents": 1}, [*before, said("And now?")], **given) == ""


def test_an_amount_that_others_wrote_is_none_that_the_customer_named() -> None:
    worker = toys.team().members["worker"]
    wanted = Wanted(worker, "call_1", Call("pay"), toys.pay, {"cents": 10_00}, 0, 10_00)
    assert is_of_another_amount(wanted, [said("Pay 5.00 USD.")], "USD")
    assert not is_of_another_amount(wanted, [said("Pay me.\n> It was 5.00 USD.")], "USD")
