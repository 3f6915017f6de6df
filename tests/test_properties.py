"""What must never happen, whatever customers write and agents do: tried with random messages, calls and handoffs."""

import tempfile
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import toys
from support.examples import examples
from support.toys import agent, run, team

from switchboard.declare.human import Prepared
from switchboard.declare.moves import Call, Calls, HandOff, HandOffs, Note, Say
from switchboard.declare.team import TeamSpec
from switchboard.flows.hub import hub
from switchboard.loop.state import End

TOOLS = ("find_customer", "look_up", "pay", "call_a_human", "break_down", "hand_off", "no_such_tool")
AGENTS = ("triage", "worker", "helper", "closer", "customer", "executor", "nobody")
arguments = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["ada@example.com", "eve@example.com", ""]),
        "number": st.integers(0, 3) | st.text(max_size=3),
        "cents": st.integers(-5, 12_000),
        "summary": st.text(max_size=5),
        "ctx": st.just("x"),
    },
)
calls = st.builds(
    Call,
    st.sampled_from(TOOLS),
    arguments,
    raw=st.none() | st.sampled_from(["{broken", '{"cents": NaN}', "[" * 20_000]),
    approved=st.just(False),
    refusal=st.none(),
)
words = st.sampled_from(["", "TERMINATE", "done", "I have refunded it.", "Which one?", "CLEAR HISTORY", "مرحبا", "\x1b[2J"])
handoffs = st.builds(HandOff, st.sampled_from(AGENTS), words, st.just({}))
moves = st.one_of(
    st.builds(Say, words, st.booleans()),
    st.builds(Calls, st.lists(calls, min_size=1, max_size=3).map(tuple), words),
    st.builds(Calls, st.lists(calls, min_size=30, max_size=40).map(tuple), words),
    handoffs,
    st.builds(HandOffs, st.lists(handoffs, min_size=1, max_size=3).map(tuple)),
    st.builds(Note, words),
)


def restless(script: list[Any]) -> TeamSpec:
    """A team whose agents do what the script says, in turn, and begin again when it is over."""
    turns = iter(range(10**9))

    def twin(view: Any) -> Any:
        return script[next(turns) % len(script)]

    members = [
        agent("triage", twin, toys.find_customer, toys.call_a_human),
        agent("worker", twin, toys.look_up, toys.pay),
        agent("helper", twin, toys.break_down),
        agent("closer", twin),
    ]
    rules = team().approvals
    return TeamSpec("toys", "", {m.name: m for m in members}, hub("triage", {"worker": ["helper"]}, "closer"), rules)


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    script=st.lists(moves, min_size=1, max_size=12),
    answers=st.lists(words, max_size=4),
    approvals=st.lists(st.booleans(), max_size=4),
    live=st.booleans(),
)
def test_no_order_of_moves_makes_a_run_endless_silent_or_lets_it_overstep(
    script: list[Any], answers: list[str], approvals: list[bool], live: bool
) -> None:
    spec = restless(script)
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), spec, human=Prepared(answers, approvals, live=live))
    document = result.document
    assert document["end"] in get_args(End)
    assert document["reply"].strip(), "the customer heard nothing"
    if not live:
        assert sum(c["status"] == "done" for c in document["tool_calls"]) <= spec.limits.tool_calls
    for made in document["tool_calls"]:
        held = {t.name for t in spec.members[made["agent"]].tools}
        assert made["status"] != "done" or made["tool"] in held
    paid = [c for c in document["tool_calls"] if c["tool"] == "pay" and c["status"] == "done"]
    assert len(paid) == len(toys.PAID) == len(set(toys.PAID))
    assert all(0 <= c["arguments"]["cents"] <= 10_000 for c in paid) or not paid
    if document["end"] in ("limit", "loop", "failed", "cancelled"):
        assert ("What was done" in document["reply"]) == bool(paid or _sent(document))
    verified = {e["result"] for e in document["transcript"] if e.get("tool") == "find_customer" and e.get("status") == "done"}
    assert len(verified) <= 1


def _sent(document: dict[str, Any]) -> bool:
    return any(c["tool"] == "call_a_human" and c["status"] == "done" for c in document["tool_calls"])


def test_the_property_test_would_notice_a_payment_above_what_rules_allow(tmp_path: Path) -> None:
    spec = restless([Calls((Call("pay", {"cents": 12_000}),)), Say("done")])
    assert not [c for c in run(tmp_path, spec).document["tool_calls"] if c["status"] == "done" and c["tool"] == "pay"]


if __name__ == "__main__":
    pytest.main([__file__])
