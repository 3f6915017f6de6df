"""A model that hands off rightly passes at once, in a desk that has articles, and one that hands off wrongly does not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.bookings import hall_of_two
from test_processes import with_model as with_hall

from switchboard.declare.agent import AgentSpec
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult
from switchboard.models.scripted import Reply, tool_calls
from switchboard.toolsets.built_in.articles import article_search

ARTICLE = "# Parking at the hall\n\n## Where to park a car\n\nPark the car behind the hall, at the gate.\n"


def team(folder: Path) -> TeamSpec:
    """A front with articles, and two departments: the bookings, with plays, and the kitchen, with none."""
    folder.mkdir(exist_ok=True)
    (folder / "parking.md").write_text(ARTICLE)
    two = hall_of_two()
    front, desk = two.members["front"], two.members["desk"]
    front = replace(front, tools=(*front.tools, article_search(folder)))
    desk = replace(desk, tools=(*desk.tools, front.tools[0]))
    members = {**two.members, "front": front, "desk": desk, "kitchen": AgentSpec("kitchen", "The kitchen.", "You cook.")}
    return replace(two, members=members, flow=hub("front", {"desk": [], "kitchen": []}, "closer"))


def handed(to: str) -> Reply:
    return tool_calls([("hand_off", {"to": to, "note": "It is yours."})])


def played(tmp_path: Path, replies: Sequence[Reply], opening: str, *words: str, **facts: Any) -> RunResult:
    return with_hall(tmp_path, replies, opening, *words, team=team(tmp_path / "articles"), **facts)


def of(result: RunResult, kind: str) -> list[Entry]:
    return [e for e in result.run.transcript if e.kind == kind]


def not_sent(result: RunResult) -> list[str]:
    return [e.text for e in of(result, "decision") if "was not sent" in e.text]


@pytest.mark.parametrize(
    ("opening", "to"),
    [
        ("There is trouble with the soup for our evening", "kitchen"),
        ("Our evening on Monday will not take place", "desk"),
        ("please cancel my booking B-101", "desk"),
    ],
)
def test_a_right_hand_off_passes_at_once(tmp_path: Path, opening: str, to: str) -> None:
    result = played(tmp_path, [handed(to), *[""] * 20], opening)
    assert [(e.speaker, e.to) for e in of(result, "handoff")][:1] == [("front", to)] and of(result, "handoff")[0].by == "model"
    before = result.run.transcript[: result.run.transcript.index(of(result, "handoff")[0])]
    assert [e.text for e in before if e.kind == "decision"] == []


@pytest.mark.parametrize("opening", ["Let me talk to a person please", "The lamps of the street are too bright for me"])
def test_a_person_is_called_at_once(tmp_path: Path, opening: str) -> None:
    result = played(tmp_path, [handed("human"), *[""] * 20], opening)
    assert result.end == "escalated" and not_sent(result) == []


@pytest.mark.parametrize(
    ("opening", "why"),
    [
        ("please cancel my booking B-101", "the matter is for desk"),
        ("Where to park a car?", "what was found answers it"),
    ],
)
def test_a_wrong_hand_off_does_not_pass(tmp_path: Path, opening: str, why: str) -> None:
    result = played(tmp_path, [handed("kitchen")] * 4, opening)
    assert not [e for e in of(result, "handoff") if e.to == "kitchen"] and why in " ".join(not_sent(result))
