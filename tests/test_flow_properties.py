"""Whatever agents do that is allowed, each flow ends within its limits, and reads the transcript alone."""

import tempfile
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.flow_teams import FLOWS, flow_team
from support.toys import run

from switchboard.declare.flow import Flow
from switchboard.declare.human import Prepared
from switchboard.declare.moves import HandOff, HandOffs, Say
from switchboard.flows.inner.board import Board
from switchboard.flows.loop import PASSES, REVISE
from switchboard.flows.opinions import RECOMMENDS
from switchboard.loop.state import End

HAND, HANDS, SAY, ASK = "hand", "hands", "say", "ask"
steps = st.tuples(
    st.sampled_from([HAND, HAND, HAND, HANDS, SAY, ASK]),
    st.integers(0, 3),
    st.sampled_from(["", PASSES, REVISE]),
    st.sampled_from(["go", "stay", None]),
)


def allowed(script: list[tuple[str, int, str, str | None]], flow: Flow) -> Any:
    """Rules that do what a script says, in turn and from its start again, as far as the flow allows it: else they answer."""
    turns = iter(range(10**9))

    def twin(view: Any) -> Any:
        number = next(turns)
        what, whom, reason, advice = script[number % len(script)]
        reached = flow.reaches.get(view.agent, ())
        if what == ASK:
            return Say(f"Which {number}?", asks=True)
        if what == SAY or not reached:
            return Say(f"Done {number}.")
        handed = HandOff(reached[whom % len(reached)], f"note {number}", {RECOMMENDS: advice}, reason=reason)
        return HandOffs((handed, HandOff(reached[0], "more"))) if what == HANDS else handed

    return twin


@pytest.mark.parametrize("name", FLOWS)
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    script=st.lists(steps, min_size=1, max_size=8),
    answers=st.lists(st.sampled_from(["The blue one.", "No."]), max_size=3),
    live=st.booleans(),
    person=st.sampled_from([None, "person"]),
)
def test_whatever_agents_do_a_flow_ends_within_its_limits_and_reads_the_transcript_alone(
    name: str, script: list[Any], answers: list[str], live: bool, person: str | None
) -> None:
    flow = FLOWS[name](person)
    team = flow_team(name, allowed(script, flow), person)
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), team, human=Prepared(answers, live=live))
    assert result.end in get_args(End)
    assert result.document["reply"].strip(), "the customer heard nothing"
    assert result.end != "failed" or "no last state" in result.document["reason"]
    if result.end in ("limit", "loop"):
        assert "Nothing was changed" in result.document["reply"] or "A human comes" in result.document["reply"]
    lines = result.run.transcript
    if isinstance(flow, Board) and not answers:
        assert sum(line.kind == "handoff" for line in lines) <= 20
    for length in range(1, len(lines) + 1):
        seen, kept = lines[:length], tuple(lines[:length])
        assert flow.next(seen, live) == flow.next(kept, live)
        assert flow.open_matters(seen) == flow.open_matters(kept)
        assert all(flow.sees(one, seen) == flow.sees(one, kept) for one in flow.members)
        assert tuple(seen) == kept
