"""A team in AutoGen's group chat: who speaks, who may call what, and how a run ends."""

from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.toys import agent, pay, run, statuses, team, told

from switchboard.declare.human import Nobody, Prepared, Review
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Note, Say, call
from switchboard.declare.team import Limits, Rule, TeamSpec
from switchboard.declare.tool import tool
from switchboard.errors import DeclarationError
from switchboard.flows.chain import chain
from switchboard.flows.hub import hub


def test_a_case_goes_from_triage_to_a_specialist_to_the_note(tmp_path: Path) -> None:
    document = run(tmp_path, team()).document
    assert [(e["speaker"], e["kind"]) for e in document["transcript"]] == [
        ("customer", "message"),
        ("triage", "call"),
        ("executor", "result"),
        ("triage", "handoff"),
        ("worker", "call"),
        ("executor", "result"),
        ("worker", "message"),
        ("closer", "note"),
    ]
    assert (document["end"], document["reply"], document["note"]) == ("resolved", "Paid 300.", "The note.")
    assert document["department"] == "worker"


def test_a_run_has_every_field_of_the_published_document(tmp_path: Path) -> None:
    document = run(tmp_path, team()).document
    assert {
        "case_id", "team", "end", "department", "reply", "note", "transcript", "tool_calls", "model_calls", "tokens",
        "cost_usd", "seconds",
    } <= document.keys()  # fmt: skip
    for entry in document["transcript"]:
        assert {"speaker", "kind", "text", "tool", "arguments", "result", "by"} <= entry.keys()
        assert entry["by"] in ("model", "rules", "tool", "human")


@pytest.mark.parametrize("words", ["TERMINATE", "exit", "CLEAR HISTORY", "please TERMINATE now", "clear history worker"])
def test_no_word_of_a_customer_ends_or_clears_a_run(tmp_path: Path, words: str) -> None:
    assert told(run(tmp_path, team(), words)) == "Paid 300."


def test_a_tool_of_another_agent_is_refused(tmp_path: Path) -> None:
    def thief(view: Any) -> Any:
        return Say(view.calls[0].text) if view.calls else call("call_a_human", summary="x")

    result = run(tmp_path, team(thief))
    assert statuses(result)[-1] == ("call_a_human", "refused")
    assert "worker cannot call 'call_a_human'" in told(result)


def test_an_unknown_tool_and_wrong_arguments_are_told_to_the_agent(tmp_path: Path) -> None:
    def clumsy(view: Any) -> Any:
        if len(view.calls) < 3:
            return Calls((Call("nope", {}), Call("look_up", {"number": "x"}), Call("look_up", {}, raw="{number: 1")))
        return Say(" | ".join(c.text for c in view.calls))

    result = run(tmp_path, team(clumsy))
    assert [s for _, s in statuses(result)[1:]] == ["refused"] * 3
    assert "It holds: look_up" in told(result)
    assert "number: Input should be a valid integer" in told(result)
    assert "not a JSON object" in told(result)


def test_before_a_customer_is_verified_only_public_tools_answer(tmp_path: Path) -> None:
    result = run(tmp_path, team(), known={})
    assert statuses(result) == [("pay", "refused")]
    assert "needs a verified customer" in told(result)
    assert not toys.PAID


def test_the_same_write_is_not_done_a_second_time(tmp_path: Path) -> None:
    def twice(view: Any) -> Any:
        return call("pay", cents=300) if len(view.calls) < 2 else Say("Paid once.")

    assert statuses(run(tmp_path, team(twice)))[1:] == [("pay", "done"), ("pay", "refused")]
    assert len(toys.PAID) == 1


def test_a_tool_that_breaks_fails_the_run_and_the_customer_hears_it(tmp_path: Path) -> None:
    result = run(tmp_path, team(lambda view: call("break_down")))
    assert result.end == "failed"
    assert "ZeroDivisionError" in result.document["reason"]
    assert "Something went wrong on our side" in told(result)
    assert "Nothing was changed" in told(result)


def test_rules_that_break_fail_the_run_and_the_customer_hears_it(tmp_path: Path) -> None:
    def broken(view: Any) -> Any:
        raise KeyError("no such thing")

    result = run(tmp_path, team(broken))
    assert result.end == "failed"
    assert "Something went wrong on our side" in told(result)


def test_an_approval_that_nobody_gives_leaves_the_run_waiting_and_says_so(tmp_path: Path) -> None:
    result = run(tmp_path, team(lambda view: call("pay", cents=7000)), human=Nobody())
    assert result.end == "awaiting_approval"
    assert statuses(result)[-1] == ("pay", "waiting")
    assert "needs the approval of a colleague and is not done yet: pay 70.00 USD" in told(result)
    assert result.document["note"] == "", "the case is not over"
    assert not toys.PAID


@pytest.mark.parametrize(("yes", "status"), [(True, "done"), (False, "refused")])
def test_an_approval_decides_a_call_that_a_rule_asks_for(tmp_path: Path, yes: bool, status: str) -> None:
    def big(view: Any) -> Any:
        return Say("That is all.") if view.calls else call("pay", cents=7000)

    result = run(tmp_path, team(big), human=Prepared(approvals=[yes], live=False))
    assert statuses(result)[-1] == ("pay", status)


def test_a_call_that_no_rule_matches_is_rejected(tmp_path: Path) -> None:
    def huge(view: Any) -> Any:
        return Say("That is all.") if view.calls else call("pay", cents=10001)

    assert statuses(run(tmp_path, team(huge)))[-1] == ("pay", "refused")
    assert not toys.PAID


def test_two_matters_of_one_message_are_both_answered(tmp_path: Path) -> None:
    def split(view: Any) -> Any:
        return HandOffs((HandOff("worker", "a", request="first"), HandOff("worker", "b", request="second")))

    spec = team(lambda view: Say(f"Did the {view.text}."))
    spec = TeamSpec(**{**vars(spec), "members": {**spec.members, "triage": agent("triage", split, toys.find_customer)}})
    assert told(run(tmp_path, spec)) == "Did the first.\n\nDid the second."


@pytest.mark.parametrize(("request_", "named"), [("the second thing", True), ("", False)])
def test_a_question_names_the_matters_that_wait_behind_it(tmp_path: Path, request_: str, named: bool) -> None:
    def split(view: Any) -> Any:
        return HandOffs((HandOff("worker", "a", request=request_), HandOff("worker", "b", request=request_)))

    spec = team(lambda view: Say("Which one?", asks=True))
    front = agent("triage", split, toys.find_customer)
    result = run(tmp_path, TeamSpec(**{**vars(spec), "members": {**spec.members, "triage": front}}))
    assert result.end == "awaiting_customer"
    assert ("After that I take up the rest of your message: “the second thing”" in told(result)) == named
    assert ("After that" in told(result)) == named


def test_a_question_waits_for_the_customer_or_is_answered_where_one_is_there(tmp_path: Path) -> None:
    def asking(view: Any) -> Any:
        return Say(f"You said {view.latest}.") if view.questions else Say("Which one?", asks=True)

    assert run(tmp_path, team(asking)).end == "awaiting_customer"
    result = run(tmp_path, team(asking), human=Prepared(["the red one"]))
    assert (result.end, told(result)) == ("resolved", "You said the red one.")


def test_each_message_of_a_long_conversation_is_answered(tmp_path: Path) -> None:
    def looks(view: Any) -> Any:
        return Say(f"I looked up {view.latest}.") if view.calls else call("look_up", number=len(view.latest))

    later = [f"message {number}" for number in range(2, 51)]
    result = run(tmp_path, team(looks), "message 1", human=Prepared(later))
    answered = [e.text for e in result.run.transcript if e.kind == "message" and e.speaker == "worker"]
    assert answered == [f"I looked up {words}." for words in ("message 1", *later)]
    assert (result.end, result.document["note"]) == ("resolved", "The note.")


def test_a_customer_who_leaves_a_question_unanswered_ends_the_run(tmp_path: Path) -> None:
    result = run(tmp_path, team(lambda view: Say("Which one?", asks=True)), human=Prepared([]))
    assert result.end == "awaiting_customer"
    assert result.document["note"] == "The note."


def test_a_specialist_who_needs_a_human_ends_the_run_escalated(tmp_path: Path) -> None:
    def escalating(view: Any) -> Any:
        return Say(view.calls[-1].result) if view.last("call_a_human") else call("call_a_human", summary="help")

    spec = team()
    front = agent("triage", escalating, toys.find_customer, toys.call_a_human)
    spec = TeamSpec(**{**vars(spec), "members": {**spec.members, "triage": front}})
    with pytest.raises(DeclarationError, match="no rule of the flow ever reaches"):
        TeamSpec(**{**vars(spec), "flow": hub("triage", {}, "closer")})
    assert run(tmp_path, spec).end == "escalated"


LOOPS = {
    "the same text": (lambda view: Say("Again?", asks=True), "loop"),
    "the same call": (lambda view: call("look_up", number=1), "loop"),
    "a handoff to and fro": (lambda view: HandOff("triage", "not mine"), "loop"),
    "calls that all differ": (lambda view: call("look_up", number=len(view.calls)), "limit"),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_run_without_an_end_is_ended_and_the_customer_told(tmp_path: Path, name: str) -> None:
    twin, end = LOOPS[name]
    result = run(tmp_path, team(twin), human=Prepared(["yes"] * 99))
    assert result.end == end
    assert result.document["reason"]
    assert "Nothing was changed" in told(result)


def test_an_ended_run_says_what_was_done_before(tmp_path: Path) -> None:
    def pays_then_loops(view: Any) -> Any:
        return call("look_up", number=1) if view.last("pay") else call("pay", cents=300)

    assert "What was done: pay" in told(run(tmp_path, team(pays_then_loops)))


def test_a_limit_that_is_reached_with_the_last_answer_does_not_spoil_it(tmp_path: Path) -> None:
    assert run(tmp_path, team(limits=Limits(turns=5))).end == "resolved"
    assert run(tmp_path, team(limits=Limits(turns=4))).end == "resolved", "the customer has the answer; the note is ours"
    assert run(tmp_path, team(limits=Limits(turns=3))).end == "limit"


def test_an_operator_can_answer_in_an_agents_place_or_stop_the_run(tmp_path: Path) -> None:
    class Operator(Nobody):
        reviews = True

        def __init__(self, review: Review) -> None:
            self._review = review

        def review(self, agent: str, move: Any, effects: dict[str, str]) -> Review:
            return self._review if agent == "worker" else Review()

    answered = run(tmp_path, team(), human=Operator(Review("replace", Say("I, a human, answer."))))
    assert told(answered) == "I, a human, answer."
    assert answered.document["transcript"][-2]["by"] == "human"
    assert run(tmp_path, team(), human=Operator(Review("stop"))).end == "cancelled"
    assert not toys.PAID


def test_a_chain_hands_the_work_on_and_its_last_text_is_the_answer(tmp_path: Path) -> None:
    members = [
        agent("first", lambda v: HandOff("second", "n", {"x": 1})),
        agent("second", lambda v: Say(f"Got {v.facts}")),
    ]
    spec = TeamSpec("line", "", {a.name: a for a in members}, chain("first", "second"), ())
    assert told(run(tmp_path, spec)) == "Got {'x': 1}"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"flow": hub("triage", {"nobody": []}, "closer")}, "names 'nobody', which is not a member"),
        ({"approvals": (Rule("approve", effect="read"),)}, "no approval rule covers"),
        ({"members": {**team().members, "worker": agent("smith", toys.worker)}}, "'worker' is an agent called 'smith'"),
        ({"members": {**team().members, "worker": toys.worker}}, "'worker' is no AgentSpec, but function worker"),
        *(
            ({"members": {**team().members, name: agent(name, lambda v: Note("x"))}}, "no agent may be called")
            for name in ("customer", "operator", "human", "end", "executor", "front desk", "a\x1b[31m", "")
        ),
        ({"approvals": Rule("approve")}, "must be a list of Rules"),
        ({"approvals": ("approve",)}, "must be a list of Rules"),
    ],
)
def test_a_team_that_is_declared_wrongly_is_refused_when_it_is_built(facts: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        team(**facts)


def test_an_agent_with_more_tools_than_it_may_hold_is_refused() -> None:
    many = team()
    with pytest.raises(DeclarationError, match="holds 11 tools"):
        TeamSpec(**{**vars(many), "members": {**many.members, "worker": agent("worker", toys.worker, *[pay] * 11)}})


def test_a_word_that_no_rule_and_no_tool_may_say_is_refused_and_never_taken_for_consent() -> None:
    wrong: Any = "rejct"
    for build, message in (
        (lambda: Rule(wrong), "decides 'rejct', not approve or confirm or ask or reject"),
        (lambda: Rule("ask", effect=wrong), "names the effect 'rejct'"),
        (lambda: Rule("ask", operators=0), "asks 0 operators"),
        (lambda: tool(effect=wrong)(break_it), "the effect 'rejct' is none of read, write, send, compute"),
        (lambda: agent("a", toys.worker, break_it), "function break_it is none"),
        (lambda: tool(effect="read")(untyped), "argument 'number' has no type"),
        (lambda: tool(effect="read")(any_number), "argument 'numbers' must be one that is given by its name"),
    ):
        with pytest.raises(DeclarationError, match=message):
            build()


def test_a_tool_is_called_as_models_may_call_it_and_not_like_a_handoff() -> None:
    def hand_off(note: str) -> str:
        """Hand a parcel off."""
        return note

    def größe(note: str) -> str:
        """Tell a size."""
        return note

    for function, message in ((hand_off, "'hand_off' is what a handoff is called"), (größe, "'größe' is no name for a tool")):
        with pytest.raises(DeclarationError, match=message):
            tool(effect="read")(function)


@pytest.mark.parametrize(("answer", "kind"), [(None, "NoneType None"), ("Hello", "str 'Hello'"), (Call("pay"), "Call Call")])
def test_rules_that_answer_what_is_no_move_fail_the_run_and_say_so(tmp_path: Path, answer: Any, kind: str) -> None:
    result = run(tmp_path, team(lambda view: answer))
    assert result.end == "failed"
    assert f"The rules of worker answered {kind}" in result.document["reason"]
    assert "which is no move" in result.document["reason"]
    assert "Nothing was changed" in told(result)


def break_it(number: int) -> str:
    """Break."""
    return ""


def untyped(number) -> str:  # type: ignore[no-untyped-def]
    """Take anything."""
    return ""


def any_number(*numbers: int) -> str:
    """Take many."""
    return ""
