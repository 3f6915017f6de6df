"""Flows: who speaks next, what is open, and what an agent sees, from the transcript alone."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.toys import agent, run, team, told
from test_properties import moves, restless

from switchboard.declare.flow import (
    CUSTOMER,
    Branch,
    Branches,
    Flow,
    Matter,
    Next,
    Over,
    Sight,
    Speaker,
    ToCustomer,
    ToExecutor,
)
from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOff, Say
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import (
    BranchEntry,
    CallEntry,
    DecisionEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
)
from switchboard.flows.chain import chain
from switchboard.flows.fan_out import fan_out
from switchboard.flows.hub import hub

HUB, LINE = hub("triage", {"worker": ["helper"]}, "closer"), chain("first", "second")
OPENING = MessageEntry(CUSTOMER, "One. Two.", "human")
ANSWER, QUESTION = MessageEntry("worker", "It is done."), MessageEntry("worker", "Which one?", asks=True)
CALL = CallEntry("worker", tool="look_up", call_id="call_1")
DONE = ResultEntry("executor", by="tool", tool="look_up", status="done", call_id="call_1", to="worker")
LEFT = DecisionEntry(CUSTOMER, "The customer left the conversation.", "human")
BACK = DecisionEntry("ines", "Go on.", "human", handed_back=True)


def handed(speaker: str, to: str, request: str = "") -> HandoffEntry:
    return HandoffEntry(speaker, f"for {to}", to=to, request=request)


ONE, TWO = handed("triage", "worker", request="One."), handed("triage", "helper", request="Two.")


@pytest.mark.parametrize(
    ("lines", "following"),
    [
        ([OPENING], Speaker("triage")),
        ([OPENING, ONE], Speaker("worker")),
        ([OPENING, ONE, CALL], ToExecutor()),
        ([OPENING, ONE, CALL, DONE], Speaker("worker")),
        ([OPENING, ONE, QUESTION], ToCustomer()),
        ([OPENING, ONE, QUESTION, OPENING], Speaker("worker")),
        ([OPENING, ONE, QUESTION, LEFT], Speaker("closer")),
        ([OPENING, ONE, TWO, ANSWER], Speaker("helper")),
        ([OPENING, ONE, handed("worker", "helper")], Speaker("helper")),
        ([OPENING, ONE, ANSWER], ToCustomer()),
        ([OPENING, ONE, ANSWER, LEFT], Speaker("closer")),
        ([OPENING, ONE, ANSWER, LEFT, NoteEntry("closer", "Noted.")], Over()),
        ([OPENING, ONE, BACK], Speaker("worker")),
        ([OPENING, ONE, ANSWER, BACK], Over()),
    ],
)
def test_a_hub_names_who_speaks_next(lines: list[Entry], following: Next) -> None:
    assert HUB.next(lines, live=True) == following


FOUND = BranchEntry("first", "Here.", case_id="c.1-1", task="One. Two.", end="resolved")
FAN = fan_out(["first", "second"], "last")
BOTH = Branches((Branch("first", "One. Two."), Branch("second", "One. Two.")))
ANEW = Branches((Branch("first", "One. Two.\nOne. Two."), Branch("second", "One. Two.\nOne. Two.")))


@pytest.mark.parametrize(
    ("lines", "following"),
    [
        ([OPENING], BOTH),
        ([OPENING, FOUND], Speaker("last")),
        ([OPENING, FOUND, MessageEntry("last", "Which?", asks=True), OPENING], ANEW),
        ([OPENING, FOUND, MessageEntry("last", "It is done.")], Over()),
        ([OPENING, FOUND, MessageEntry("last", "It is done."), OPENING], BOTH),
        ([OPENING, FOUND, BACK], Speaker("last")),
    ],
)
def test_a_fan_out_lets_all_branches_look_and_then_the_joiner_answer(lines: list[Entry], following: Next) -> None:
    assert FAN.next(lines, live=False) == following


def test_where_another_agent_meets_the_customer_an_answer_goes_to_who_asked() -> None:
    flow = fan_out(["first", "second"], "last", entry="door")
    asked = [OPENING, handed("door", "last"), FOUND, MessageEntry("last", "Which?", asks=True), OPENING]
    assert flow.next(asked, live=False) == Speaker("last")


@pytest.mark.parametrize("lines", [[OPENING, ONE, QUESTION], [OPENING, ONE, QUESTION, BACK]])
def test_a_question_ends_a_run_in_which_nobody_can_answer(lines: list[Entry]) -> None:
    assert HUB.next(lines, live=False) == LINE.next(lines, live=False) == Over()


@pytest.mark.parametrize(
    ("lines", "following"),
    [
        ([OPENING], Speaker("first")),
        ([OPENING, handed("first", "second")], Speaker("second")),
        ([OPENING, handed("first", "second"), MessageEntry("second", "Here.")], Over()),
        ([OPENING, MessageEntry("first", "Which?", asks=True), OPENING], Speaker("first")),
        ([OPENING, handed("first", "second"), BACK], Speaker("second")),
    ],
)
def test_a_line_names_who_speaks_next(lines: list[Entry], following: Next) -> None:
    assert LINE.next(lines, live=False) == following


def test_matters_are_open_in_their_order_until_they_are_answered() -> None:
    assert [m.agent for m in HUB.open_matters([OPENING, ONE, TWO])] == ["worker", "helper"]
    assert [m.agent for m in HUB.open_matters([OPENING, ONE, TWO, QUESTION])] == ["worker", "helper"]
    assert [m.agent for m in HUB.open_matters([OPENING, ONE, TWO, ANSWER])] == ["helper"]


def test_an_agent_sees_its_matter_in_the_words_that_were_handed_to_it_and_what_came_since() -> None:
    lines = [OPENING, MessageEntry("triage", "Hello."), ONE, TWO, CALL, DONE, QUESTION, MessageEntry(CUSTOMER, "The blue one.")]
    seen = HUB.sees("worker", lines)
    assert seen.matter == Matter("worker", ONE, {}, "One.", 2, 2) and not seen.whole
    assert [text for _, text in seen.words] == ["One.", "The blue one."]
    assert [line for _, line in seen.lines] == [ONE, CALL, DONE, QUESTION, lines[-1]]
    assert seen.words_before(4) == ["One."] and seen.lines_from(6) == [QUESTION, lines[-1]]
    other = HUB.sees("helper", lines)
    assert other.matter is None and other.whole, "the matter that is worked on is not its own"


def test_the_entry_agent_sees_what_came_after_the_last_answer_and_the_whole_case() -> None:
    again = MessageEntry(CUSTOMER, "Three.", "human")
    seen = HUB.sees("triage", [OPENING, ONE, ANSWER, again])
    assert (seen.matter, seen.words, seen.lines, seen.whole) == (None, ((3, "Three."),), ((3, again),), True)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(script=st.lists(moves, min_size=1, max_size=8), answers=st.lists(st.sampled_from(["a", "b"]), max_size=3))
def test_a_flow_reads_the_transcript_alone_and_leaves_it_as_it_is(script: list[Any], answers: list[str]) -> None:
    spec = restless(script)
    with tempfile.TemporaryDirectory() as folder:
        lines = run(Path(folder), spec, human=Prepared(answers)).run.transcript
    flow: Flow = spec.flow
    for length in range(1, len(lines) + 1):
        seen, kept = lines[:length], tuple(lines[:length])
        assert flow.next(seen, True) == flow.next(kept, True) and flow.open_matters(seen) == flow.open_matters(kept)
        assert all(flow.sees(name, seen) == flow.sees(name, kept) for name in flow.members)
        assert tuple(seen) == kept


@dataclass(frozen=True)
class Echo:
    """A flow of its own: the one agent speaks, and then what the test says."""

    then: Next
    entry: str = "first"
    closer: None = None
    members: tuple[str, ...] = ("first", "second")
    reaches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def next(self, transcript: Sequence[Entry], live: bool) -> Next:
        return Speaker("first") if transcript[-1].speaker == CUSTOMER else self.then

    def open_matters(self, transcript: Sequence[Entry]) -> list[Matter]:
        return []

    def sees(self, agent: str, transcript: Sequence[Entry]) -> Sight:
        return Sight(None, ((0, f"{agent} may know this"),), ())


def speaking(flow: Flow) -> TeamSpec:
    members = {name: agent(name, lambda view: Say(f"{view.text}; {len(view.case)} lines.")) for name in ("first", "second")}
    return team(members=members, flow=flow)


def test_a_team_may_have_a_flow_of_its_own_which_says_what_its_agents_see(tmp_path: Path) -> None:
    result = run(tmp_path, speaking(Echo(Over())), "A secret.")
    assert (result.end, told(result)) == ("resolved", "first may know this; 0 lines.")


def test_a_handoff_to_somebody_whom_the_flow_does_not_reach_fails_the_run(tmp_path: Path) -> None:
    result = run(tmp_path, team(lambda view: HandOff("closer", "not mine")))
    assert result.end == "failed" and "cannot hand off to 'closer'" in result.document["reason"]
