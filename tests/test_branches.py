"""Branches: agents that work side by side, each in a child run with a record of its own, and what is joined of them."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.toys import agent, call_a_human, find_customer, look_up, pay, run, told

from switchboard.declare.flow import CUSTOMER, Branch, Branches, Next, Over, Sight, Speaker
from switchboard.declare.moves import HandOff, Say, call
from switchboard.declare.team import Limits, TeamSpec
from switchboard.declare.transcript import BranchEntry, Entry, MessageEntry
from switchboard.errors import DeclarationError
from switchboard.flows.fan_out import fan_out
from switchboard.flows.inner.alone import Alone
from switchboard.loop.drive import RunResult
from switchboard.loop.summary import reply_in
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel, tool_calls

Twin = Callable[[Any], Any]


def finds(view: Any) -> Any:
    """Look the number of the task up, and tell it."""
    found = view.last("look_up")
    return Say(f"Found {found.result['number']} of {view.text!r}.") if found else call("look_up", number=len(view.text))


def joins(view: Any) -> Any:
    return Say(" + ".join(f"{b.speaker}: {b.text or b.reason}" for b in view.branches))


def searching(left: Twin = finds, right: Twin = finds, joiner: Twin = joins, **facts: Any) -> TeamSpec:
    """Two who search side by side, and one who joins what they found."""
    tools = (find_customer, look_up, pay, call_a_human)
    members = [agent("left", left, *tools), agent("right", right, *tools), agent("joiner", joiner, pay)]
    flow = facts.pop("flow", fan_out(["left", "right"], "joiner"))
    return toys.team(members={spec.name: spec for spec in members}, flow=flow, **facts)


def branches_of(lines: Sequence[Entry]) -> list[BranchEntry]:
    return [line for line in lines if line.kind == "branch"]


def verified(twin: Twin) -> Twin:
    """A twin that verifies the customer before it does anything that is not public."""

    def first(view: Any) -> Any:
        return twin(view) if view.customer_id else call("find_customer", email="ada@example.com")

    return first


def test_each_branch_is_told_its_task_alone_and_the_joiner_answers_from_what_they_found(tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def looks(view: Any) -> Any:
        seen[view.agent] = view
        return finds(view) if view.customer_id else call("find_customer", email="ada@example.com")

    result = run(tmp_path, searching(looks, looks), "Where is it?")
    assert (result.end, told(result)) == (
        "resolved",
        "left: Found 12 of 'Where is it?'. + right: Found 12 of 'Where is it?'.",
    )
    assert all((view.text, view.case, view.facts) == ("Where is it?", (), {}) for view in seen.values())
    assert [line["kind"] for line in result.document["transcript"]] == ["message", "branch", "branch", "message"]


def test_a_branch_is_a_case_of_its_own_named_after_its_place_in_that_of_its_parent(tmp_path: Path) -> None:
    result = run(tmp_path, searching(verified(finds), verified(finds)))
    parent = result.document["case_id"]
    assert result.document["branches"] == [
        {"case_id": f"{parent}.1-1", "agent": "left", "end": "resolved"},
        {"case_id": f"{parent}.1-2", "agent": "right", "end": "resolved"},
    ]


def test_branches_run_side_by_side_and_are_joined_in_their_declared_order(tmp_path: Path) -> None:
    both, second = threading.Barrier(2, timeout=20), threading.Event()

    def first(view: Any) -> Any:
        both.wait()
        assert second.wait(20)
        return Say("I was last.")

    def other(view: Any) -> Any:
        both.wait()
        second.set()
        return Say("I was first.")

    assert told(run(tmp_path, searching(first, other))) == "left: I was last. + right: I was first."


def test_more_branches_than_threads_all_come_to_their_end(tmp_path: Path) -> None:
    many = Branches(tuple(Branch("left", f"task {n}") for n in range(20)))
    result = run(tmp_path, searching(lambda view: Say(view.text), flow=Then(many)))
    assert [b.text for b in branches_of(result.run.transcript)] == [f"task {n}" for n in range(20)]


def test_a_branch_that_fails_is_told_and_keeps_none_of_the_others_from_its_end(tmp_path: Path) -> None:
    def breaks(view: Any) -> Any:
        raise ZeroDivisionError("no rule for this")

    result = run(tmp_path, searching(breaks, lambda view: Say("Here.")))
    assert result.end == "resolved"
    assert told(result) == "left: ZeroDivisionError: no rule for this + right: Here."
    assert [b["end"] for b in result.document["branches"]] == ["failed", "resolved"]


@pytest.mark.parametrize(
    ("tool", "given"), [("pay", {"cents": 300}), ("pay", {"cents": 9000}), ("call_a_human", {"summary": "help"})]
)
def test_a_branch_changes_nothing_and_asks_nobody_and_says_what_it_wanted(
    tmp_path: Path, tool: str, given: dict[str, Any]
) -> None:
    codes = []

    def pays(view: Any) -> Any:
        tried = view.last(tool)
        if tried:
            codes.append(tried.code)
            return Say("Somebody else must do it.")
        return call(tool, **given)

    result = run(tmp_path, searching(verified(pays), lambda view: Say("Here.")))
    first, second = branches_of(result.run.transcript)
    assert (codes, toys.PAID) == (["not_in_a_branch"], [])
    assert (first.end, list(first.not_done), list(second.not_done)) == ("resolved", [tool], [])
    assert "Nothing" in result.document["reply"] or not result.document["tool_calls"]


def test_a_branch_that_asks_a_question_ends_with_it_and_the_joiner_hears_so(tmp_path: Path) -> None:
    result = run(tmp_path, searching(lambda view: Say("Which one?", asks=True), lambda view: Say("Here.")))
    assert [b["end"] for b in result.document["branches"]] == ["awaiting_customer", "resolved"]
    assert told(result) == "left: Which one? + right: Here."


def test_a_branch_cannot_hand_off(tmp_path: Path) -> None:
    result = run(tmp_path, searching(lambda view: HandOff("right", "not mine"), lambda view: Say("Here.")))
    (first, _) = branches_of(result.run.transcript)
    assert first.end == "failed" and "cannot hand off to 'right'" in first.reason


def test_who_is_verified_in_a_branch_is_verified_nowhere_else(tmp_path: Path) -> None:
    assert run(tmp_path, searching(verified(finds), lambda view: Say("Here."))).run.customer_id is None


@dataclass(frozen=True)
class Then:
    """A flow that branches at the customer's words, and again as often as it is told, and then is over."""

    branches: Branches
    times: int = 1
    entry: str = "joiner"
    closer: None = None
    members: tuple[str, ...] = ("left", "right", "joiner")
    reaches: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        came = len(branches_of(transcript))
        return self.branches if came < self.times * max(1, len(self.branches.branches)) else Over()

    def open_matters(self, transcript: Sequence[Entry]) -> tuple[()]:
        return ()

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        return Sight(None, (), ())


TWO = Branches((Branch("left", "a"), Branch("right", "b")))


def test_a_flow_that_branches_for_ever_ends_at_the_limit_of_turns(tmp_path: Path) -> None:
    said = lambda view: Say("Here.")  # noqa: E731
    result = run(tmp_path, searching(said, said, flow=Then(TWO, 10**6), limits=Limits(turns=9)))
    assert (result.end, result.document["reason"]) == ("limit", "The run reached its limit of 9 turns.")
    assert len(result.document["branches"]) == 8


@pytest.mark.parametrize("branches", [Branches(()), Branches((Branch("nobody", "a"),))])
def test_a_flow_that_branches_to_nobody_fails_the_run(tmp_path: Path, branches: Branches) -> None:
    result = run(tmp_path, searching(flow=Then(branches)))
    assert result.end == "failed" and "not to members of the team" in result.document["reason"]


def test_the_limits_of_a_run_count_what_its_branches_use(tmp_path: Path) -> None:
    def calls_on(view: Any) -> Any:
        return call("look_up", number=len(view.calls)) if view.customer_id else call("find_customer", email="ada@example.com")

    result = run(tmp_path, searching(calls_on, calls_on, limits=Limits(tool_calls=8, turns=100, replies_in_a_row=100)))
    first, second = branches_of(result.run.transcript)
    assert (first.end, second.end, first.calls + second.calls) == ("limit", "limit", 8)
    assert (result.end, result.document["reason"]) == ("limit", "The run reached its limit of 8 tool calls.")


def asked_of(tmp_path: Path, reply: Callable[[dict[str, Any]], Reply], **facts: Any) -> RunResult:
    """Run the search with a model."""
    with ScriptedModel(reply) as model:
        config = [{"model": "scripted", "base_url": model.url, "api_key": "scripted", "price": [0.001, 0.001]}]
        gateway = Gateway(read_endpoints(json.dumps(config)), retries=0)
        return run(tmp_path, searching(**facts), gateway=gateway)


def test_a_model_that_joins_is_told_what_the_branches_found_and_one_in_a_branch_is_offered_what_only_reads(
    tmp_path: Path,
) -> None:
    asked: dict[str, dict[str, Any]] = {}

    def reply(request: dict[str, Any]) -> Reply:
        name = str(request["messages"][0]["content"]).removeprefix("You are ").strip(".")
        asked.setdefault(name, request)
        if name != "joiner" and request["messages"][-1]["role"] == "user":
            return tool_calls([("find_customer", {"email": "ada@example.com"}), ("look_up", {"number": 17})])
        return f"{name} has found 17 hammers."

    result = asked_of(tmp_path, reply)
    offered = [offer["function"]["name"] for offer in asked["left"]["tools"]]
    assert offered == ["find_customer", "look_up"]
    assert [message["content"] for message in asked["joiner"]["messages"][2:]] == [
        "left, a colleague, looked into it. Found: left has found 17 hammers.",
        "right, a colleague, looked into it. Found: right has found 17 hammers.",
    ]
    assert told(result) == "joiner has found 17 hammers.", "what a branch found carries what is said of it"
    assert result.document["model_calls"] == 5
    assert result.document["tokens"] > sum(b.turns for b in branches_of(result.run.transcript))


def test_the_budget_of_a_run_is_no_larger_for_its_branches(tmp_path: Path) -> None:
    def reply(request: dict[str, Any]) -> Reply:
        return tool_calls([("find_customer", {"email": f"a{len(request['messages'])}@example.com"})])

    limits = Limits(tokens=3000, turns=10**4, tool_calls=10**4, replies_in_a_row=10**4)
    result = asked_of(tmp_path, reply, limits=limits)
    first, second = branches_of(result.run.transcript)
    assert (first.end, second.end, result.end) == ("limit", "limit", "limit")
    assert "1500 tokens" in first.reason and "3000 tokens" in result.document["reason"]
    assert result.document["tokens"] < 2 * 3000, "no more than the call with which each share was used up"


def test_ctrl_c_stops_the_branches_and_leaves_behind_what_does_not_heed_it(tmp_path: Path) -> None:
    heeded, released = [], threading.Event()

    def stopped(view: Any) -> Any:
        if view.last("look_up"):
            heeded.append("it went on")
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)
        return call("find_customer", email="ada@example.com")

    def stuck(view: Any) -> Any:
        released.wait(30)
        return Say("Too late.")

    began = time.monotonic()
    result = run(tmp_path, searching(stopped, stuck))
    released.set()
    assert (result.end, [b["end"] for b in result.document["branches"]]) == ("cancelled", ["cancelled", "cancelled"])
    assert time.monotonic() - began < 10 and not heeded
    assert "Too late." not in str(result.document)


def test_a_fan_out_may_have_an_entry_that_answers_itself_or_lets_them_look(tmp_path: Path) -> None:
    def meets(view: Any) -> Any:
        return Say("Hello.") if view.text == "Hi" else HandOff("joiner", "look into it")

    spec = searching(
        lambda view: Say(f"About {view.text}"), lambda view: Say("Here."), flow=fan_out(["left", "right"], "joiner")
    )
    members = {**spec.members, "entry": agent("entry", meets)}
    spec = toys.team(members=members, flow=fan_out(["left", "right"], "joiner", entry="entry"))
    assert told(run(tmp_path, spec, "Hi")) == "Hello."
    assert told(run(tmp_path, spec, "my kettle")) == "left: About my kettle + right: Here."


@pytest.mark.parametrize("names", [("left",), ("left", "left"), ("left", "joiner")])
def test_a_fan_out_needs_different_agents(names: tuple[str, ...]) -> None:
    with pytest.raises(DeclarationError, match="two or more different branches"):
        fan_out(names, "joiner")


def test_a_team_whose_fan_out_names_no_member_is_refused_when_it_is_built() -> None:
    with pytest.raises(DeclarationError, match="the flow names 'nobody'"):
        searching(flow=fan_out(["left", "nobody"], "joiner"))


def test_one_alone_speaks_until_it_has_said_something_and_sees_its_own_lines() -> None:
    flow, task = Alone("left", ("left", "right")), MessageEntry(CUSTOMER, "Look.")
    assert flow.next([task], live=True) == Speaker("left")
    assert flow.next([task, MessageEntry("left", "Which?", asks=True)], live=True) == Over()
    assert flow.sees("left", [task]).words == ((0, "Look."),)
    assert reply_in([task, MessageEntry("left", "Here.")]) == "Here."
