"""What is computed once, or only when it is needed, says the same as if it were computed each time."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from support.toys import agent, team, worker

from agents.requests.reading import read
from agents.routing.departments import route
from switchboard.cases.snapshot import freeze, thaw
from switchboard.database import open_engine, patiently, sqlite_url
from switchboard.declare.flow import Flow
from switchboard.declare.human import Nobody
from switchboard.declare.transcript import as_key, digest
from switchboard.flows.chain import chain
from switchboard.flows.hub import hub
from switchboard.flows.loop import loop
from switchboard.flows.peers import peers
from switchboard.flows.rounds import rounds
from switchboard.flows.states import State, states
from switchboard.flows.supervisor import supervisor
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.state import Run


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[Any, Any]]:
    """Keys of text, or of numbers: both at once JSON cannot sort."""
    return st.dictionaries(st.text(max_size=3), inner, max_size=3) | st.dictionaries(st.integers(0, 200), inner, max_size=3)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | mappings(inner), max_leaves=8)


@given(VALUES)
def test_a_digest_is_the_same_for_what_comes_back_from_the_record(value: Any) -> None:
    assert digest(value) == digest(json.loads(as_key(value)))


def test_a_digest_is_as_it_was_when_cases_began_to_wait_for_it() -> None:
    assert digest(["refund_order", {"order_id": "#W1", "amount_cents": 4250}]) == "537ce0d2babb835b"
    assert digest(["refund_order", {"amount_cents": 4250, "order_id": "#W1"}]) == "537ce0d2babb835b"


def test_a_fingerprint_belongs_to_one_team_and_tells_teams_apart() -> None:
    one = team()
    other = replace(one, members={**one.members, "worker": replace(one.members["worker"], prompt="Another.")})
    again = replace(other, members={**other.members, "worker": one.members["worker"]})
    assert fingerprint(one) == fingerprint(one) == fingerprint(again) != fingerprint(other)
    assert one != again and len({one, again, other}) == 3
    assert fingerprint(team(worker)) != fingerprint(replace(one, members={**one.members, "worker": agent("worker", worker)}))


RING = {"new": State("one", to=("done",)), "done": State("two")}
CHANGED: dict[str, tuple[Flow, Flow]] = {
    "revisions": (loop("one", "two", revisions=1), loop("one", "two", revisions=2)),
    "rounds": (rounds(["one", "two"], "three", rounds=1), rounds(["one", "two"], "three", rounds=2)),
    "rounds of peers": (peers(["one", "two"], rounds=1), peers(["one", "two"], rounds=2)),
    "times to assign work": (supervisor("one", ["two"], most=1), supervisor("one", ["two"], most=2)),
    "transitions": (states("new", RING, most=3), states("new", RING, most=4)),
    "the names of states": (states("new", RING), states("fresh", {"fresh": RING["new"], "done": RING["done"]})),
    "who gets what is not settled": (loop("one", "two"), loop("one", "two", unsettled="three")),
    "the kind of flow": (chain("one", "two"), hub("one", {"two": []})),
    "who is asked first": (peers(["one", "two"]), peers(["two", "one"])),
}


@pytest.mark.parametrize("what", CHANGED)
def test_a_fingerprint_tells_what_a_flow_counts_by(what: str) -> None:
    one, other = (team(members={n: agent(n, worker) for n in flow.members}, flow=flow) for flow in CHANGED[what])
    assert fingerprint(one) == fingerprint(replace(one)) != fingerprint(other)


def test_a_run_goes_on_with_its_team_as_it_is_unless_it_began_with_other_budgets(tmp_path: Path) -> None:
    engine, spec = open_engine(sqlite_url(tmp_path / "none.db")), team()
    began = freeze(Run("case_1", spec, engine, Nobody()))
    smaller = {**began, "limits": {**began["limits"], "tokens": 7}}
    assert thaw(Run("case_1", spec, engine, Nobody()), began, []).team is spec
    assert thaw(Run("case_1", spec, engine, Nobody()), smaller, []).team.limits.tokens == 7
    engine.dispose()


class Away:
    """A database that is away for so many tries."""

    def __init__(self, tries: int, message: str = "database is locked") -> None:
        self.left, self.message, self.calls = tries, message, 0

    @patiently
    def ask(self, given: str, *, named: str) -> tuple[str, str]:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise OperationalError("SELECT 1", {}, Exception(self.message))
        return given, named


@pytest.mark.parametrize("tries", [0, 1, 3])
def test_a_run_waits_for_its_database_and_tries_no_more_often_than_it_must(tries: int) -> None:
    away = Away(tries)
    assert away.ask("a", named="b") == ("a", "b")
    assert away.calls == tries + 1


def test_what_is_wrong_in_itself_is_not_tried_again() -> None:
    away = Away(9, "no such table: nothing")
    with pytest.raises(OperationalError, match="no such table"):
        away.ask("a", named="b")
    assert away.calls == 1


def test_rules_that_read_the_same_words_again_read_the_same_and_cannot_change_it() -> None:
    words = "Please refund the second charge on my order #W1000001, I was charged twice."
    assert read(words).scores is read(words).scores and route(words) is route(words)
    with pytest.raises(TypeError):
        read(words).scores["refund_full"] = 99.0  # type: ignore[index]
    assert read(words) is read(words) and read(words).request.kind == "refund_duplicate"
    assert read(words + "x" * 30_000 + " cancel my order").scores == read(words + "x" * 30_000).scores
