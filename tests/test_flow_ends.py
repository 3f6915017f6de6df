"""Every flow stops, with a named end and a closing message that is true; and one that is declared wrongly is refused."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from support.flow_teams import FLOWS, RING, Route, flow_team
from support.toys import agent, run, told

from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOff, HandOffs, Say
from switchboard.errors import DeclarationError
from switchboard.flows.fallback import fallback
from switchboard.flows.hub import hub
from switchboard.flows.loop import PASSES, REVISE, loop
from switchboard.flows.opinions import RECOMMENDS, opinions
from switchboard.flows.peers import peers
from switchboard.flows.rounds import rounds
from switchboard.flows.routing import question_of, routing
from switchboard.flows.states import State, states
from switchboard.flows.supervisor import supervisor
from switchboard.loop.drive import RunResult


def to(name: str, **given: Any) -> Callable[[Any], HandOff]:
    """Rules that hand on, each time with another note."""
    return lambda view: HandOff(name, f"{view.agent} {len(view.said)}", **given)


def to_itself(view: Any) -> HandOff:
    return HandOff(view.agent, "mine")


def speakers(result: RunResult) -> list[str]:
    return [e.speaker for e in result.run.transcript if e.kind == "handoff"]


REVISES = {"one": to("two"), "two": to("one", reason=REVISE)}
STUBBORN: dict[str, tuple[str, Any, str, str]] = {
    "a critic that never passes": ("loop", REVISES, "limit", "two passed none of 3 drafts of one."),
    "a writer that never tells": ("loop", REVISES | {"two": to("one", reason=PASSES)}, "limit", "one handed in 4 drafts"),
    "a supervisor that assigns for ever": ("supervisor", {"one": to("two")}, "limit", "one assigned work 2 times"),
    "states that go round": ("states", {"one": to("two"), "two": to("one")}, "limit", "The case went through 5 transitions"),
    "an answer in a state that is not a last one": ("states", {}, "failed", "one answered while the case was 'new'"),
    "peers that never agree": ("peers", to_itself, "loop", "2 rounds the agents did not agree who takes it: one one, two"),
    "a peer that puts the case back": ("peers", to("two"), "loop", "two took the case and put it back on the board."),
    "advisers of whom nobody takes a side": (
        "opinions",
        {"one": to("four", facts={RECOMMENDS: "go"}), "two": to("four", facts={RECOMMENDS: "stay"}), "three": to("four")},
        "limit",
        "one recommends go; two recommends stay; three recommends nothing",
    ),
    "a critic of a report that never passes": (
        "researched",
        {"one": to("two"), "three": to("four"), "four": to("three", reason=REVISE)},
        "limit",
        "four passed none of 2 drafts of three.",
    ),
    "two who push a matter to and fro": ("nested", {"one": to("two"), "two": to("one")}, "loop", "handed the case back"),
}  # fmt: skip
WITH_A_PERSON = [
    name for name, (flow, *_) in STUBBORN.items() if flow in ("loop", "supervisor", "researched", "peers", "opinions")
]


@pytest.mark.parametrize("case", STUBBORN)
def test_agents_that_never_come_to_an_end_are_stopped_and_the_customer_hears_so(case: str, tmp_path: Path) -> None:
    flow, twins, end, why = STUBBORN[case]
    result = run(tmp_path, flow_team(flow, twins))
    assert result.end == end
    assert why in result.document["reason"]
    assert "Nothing was changed. Please write to us again" in told(result)
    assert len(speakers(result)) <= 12


@pytest.mark.parametrize("case", WITH_A_PERSON)
def test_what_agents_do_not_settle_goes_to_a_person_with_all_that_they_said(case: str, tmp_path: Path) -> None:
    flow, twins, _, _ = STUBBORN[case]
    twins = twins if isinstance(twins, dict) else dict.fromkeys(("one", "two", "three"), twins)
    result = run(tmp_path, flow_team(flow, twins, person="person"))
    assert result.end == "escalated"
    (call,) = (c for c in result.document["tool_calls"] if c["tool"] == "call_a_human")
    assert (call["agent"], call["status"]) == ("person", "done")
    for entry in result.run.transcript:
        assert entry.kind != "handoff" or entry.text in call["arguments"]["summary"]


def test_what_is_not_settled_is_not_resolved_by_a_text_alone(tmp_path: Path) -> None:
    team = flow_team("peers", to_itself, person="person")
    result = run(tmp_path, replace(team, members={**team.members, "person": agent("person", lambda view: Say("Well."))}))
    assert (result.end, "did not agree" in result.document["reason"]) == ("loop", True)
    assert "I could not get any further with this." in told(result)


def test_the_draft_that_passed_is_told_and_what_the_evaluator_said_is_read(tmp_path: Path) -> None:
    def writes(view: Any) -> Any:
        if view.said and view.said[-1].reason == PASSES:
            return Say([e.text for e in view.said if e.speaker == "one"][-1])
        return HandOff("two", f"draft after {len(view.said)}")

    judges = lambda view: HandOff("one", "good", reason=PASSES if len(view.said) > 2 else REVISE)  # noqa: E731
    result = run(tmp_path, flow_team("loop", {"one": writes, "two": judges}))
    assert (result.end, told(result)) == ("resolved", "draft after 2")


def test_a_question_on_the_way_is_put_to_the_customer_and_the_board_stays(tmp_path: Path) -> None:
    def asks(view: Any) -> Any:
        return HandOff("three", view.latest) if view.asked else Say("Which one?", asks=True)

    tells = lambda view: Say(" / ".join(e.text for e in view.said))  # noqa: E731
    team = flow_team("rounds", {"one": to("three"), "two": asks, "three": tells})
    result = run(tmp_path, team, human=Prepared(["The blue one."], live=True))
    assert told(result) == "one 0 / The blue one. / one 2 / The blue one."
    assert result.end == "resolved"


def test_a_new_message_after_an_answer_begins_a_new_board(tmp_path: Path) -> None:
    tells = lambda view: Say(f"{len(view.said)} of {view.text}", asks=view.text == "First.")  # noqa: E731
    team = flow_team("rounds", {"one": to("three"), "two": to("three"), "three": tells})
    result = run(tmp_path, team, "First.", human=Prepared(["Second."], live=True))
    assert told(result) == "4 of First.\nSecond."


def test_advisers_do_not_know_what_the_others_said_and_who_agree_need_no_tie_breaker(tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    def advises(view: Any) -> Any:
        seen[view.agent] = len(view.said)
        return HandOff("four", "go", {RECOMMENDS: "go"})

    result = run(tmp_path, flow_team("opinions", {"one": advises, "two": advises, "three": advises}))
    assert (result.end, told(result), seen) == ("resolved", "It is done.", {"one": 0, "two": 0})


def test_a_supervisor_has_the_work_of_one_turn_done_side_by_side_and_reads_what_came_of_it(tmp_path: Path) -> None:
    def leads(view: Any) -> Any:
        tasks = HandOffs((HandOff("two", "left"), HandOff("three", "right"), HandOff("two", "up")))
        return Say(" + ".join(b.text for b in view.branches)) if view.branches else tasks

    works = lambda view: Say(f"{view.agent} did {view.text}")  # noqa: E731
    result = run(tmp_path, flow_team("supervisor", {"one": leads, "two": works, "three": works}))
    assert told(result) == "two did left + three did right + two did up"
    assert len(result.document["branches"]) == 3


def test_the_next_in_line_takes_over_where_the_rules_of_one_fail(tmp_path: Path) -> None:
    def breaks(view: Any) -> Any:
        raise ZeroDivisionError("no rule for this")

    result = run(tmp_path, flow_team("fallback", {"one": breaks, "two": to("three", reason="not_mine")}))
    assert (result.end, told(result)) == ("resolved", "It is done.")
    assert [(e.reason, e.text) for e in result.run.transcript if e.kind == "handoff"] == [
        ("failed", "ZeroDivisionError: no rule for this"),
        ("not_mine", "two 1"),
    ]
    last = run(tmp_path, flow_team("fallback", dict.fromkeys(("one", "two", "three"), breaks)))
    assert (last.end, "Something went wrong on our side" in told(last)) == ("failed", True)


def test_a_matter_goes_down_a_nested_hub_and_up_again(tmp_path: Path) -> None:
    up = lambda view: Say("Up again.") if view.reason == "up" else HandOff("three", "down")  # noqa: E731
    team = flow_team("nested", {"one": to("two"), "two": up, "three": lambda v: HandOff("two", "no", reason="up")})
    assert told(run(tmp_path, team)) == "Up again."
    assert team.flow.reaches == {"one": ("two",), "two": ("three", "one"), "three": ("four", "two"), "four": ("three",)}


def test_a_router_can_be_asked_for_no_other_agent_than_those_of_its_enum() -> None:
    schema = question_of(Route).model_json_schema()
    assert schema["$defs"]["Route"]["enum"] == ["one", "two"]


class Single(StrEnum):
    ONE = "one"


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a loop of one": (lambda: loop("one", "one"), "'one' is named twice"),
    "revisions below none": (lambda: loop("one", "two", revisions=-1), "-1 revisions; 0 is the least"),
    "rounds of one": (lambda: rounds(["one"], "two"), "two or more speakers"),
    "no round": (lambda: rounds(["one", "two"], "three", rounds=0), "0 rounds; 1 is the least"),
    "a moderator that argues": (lambda: rounds(["one", "two"], "two"), "'two' is named twice"),
    "a lead without workers": (lambda: supervisor("one", []), "one or more workers"),
    "a lead that works": (lambda: supervisor("one", ["one"]), "'one' is named twice"),
    "work that is never assigned": (lambda: supervisor("one", ["two"], most=0), "0 times to assign work"),
    "a line of one": (lambda: fallback("one"), "two or more agents"),
    "peers of one": (lambda: peers(["one"]), "two or more agents"),
    "one adviser": (lambda: opinions(["one"], "two", "three"), "two or more advisers"),
    "a tie-breaker that advises": (lambda: opinions(["one", "two"], "one", "three"), "'one' is named twice"),
    "one route": (lambda: routing("zero", Single), "Single has 1 values"),
    "a route to the router": (lambda: routing("one", Single), "'one' is named twice"),
    "a state that is none": (lambda: states("new", {"new": State("one", to=("gone",))}), "from 'new' goes to 'gone'"),
    "a start that is none": (lambda: states("gone", RING), "it goes to 'gone', which is no state"),
    "a state that nothing leads to": (lambda: states("done", RING), "nothing leads to 'new'"),
    "states without a way out": (
        lambda: states("a", {"a": State("one", to=("b",)), "b": State("two", to=("a",))}),
        "from 'a' no way leads to a last state",
    ),
    "two states of one agent": (lambda: states("a", {"a": State("one", to=("b",)), "b": State("one")}), "'one' is named twice"),
    "a name in two places of a hub": (lambda: hub("one", {"two": {"three": ["two"]}}), "two is named twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_flow_that_is_declared_wrongly_is_refused_with_one_sentence(case: str) -> None:
    make, why = WRONG[case]
    with pytest.raises(DeclarationError) as refused:
        make()
    assert why in str(refused.value)
    assert str(refused.value).startswith("Flow ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", FLOWS)
def test_a_team_that_lacks_an_agent_of_its_flow_is_refused(name: str) -> None:
    team = flow_team(name, {})
    without = {one: spec for one, spec in team.members.items() if one != team.flow.members[-1]}
    with pytest.raises(DeclarationError, match="which is not a member"):
        replace(team, members=without)
