"""Each flow says what it is for and when not to use it, and has a team, a scenario and tests."""

import importlib
import inspect
import re
from pathlib import Path
from types import FunctionType

import pytest
from support.flow_teams import FLOWS as TOYS

import switchboard.flows as flows
from scenarios import all_scenarios

FOLDER = Path(flows.__file__).parent
SHARED = ("matters",)
"""What the flows are made of."""
FLOWS = {
    path.stem: f"switchboard.flows.{path.relative_to(FOLDER).with_suffix('').as_posix().replace('/', '.')}"
    for path in sorted([*FOLDER.glob("*.py"), *FOLDER.glob("composed/*.py")])
    if path.stem not in ("__init__", *SHARED)
}
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| (`\w+`(?:, `\w+`)*) \|$", re.MULTILINE)
TABLE = {flow: re.findall(r"\w+", teams) for flow, teams in ROW.findall(Path("README.md").read_text("utf-8"))}


def test_the_readme_lists_the_flows() -> None:
    assert set(TABLE) == set(FLOWS)


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_says_what_it_is_for_and_when_not_to_use_it(name: str) -> None:
    function = getattr(importlib.import_module(FLOWS[name]), name)
    assert isinstance(function, FunctionType)
    told = " ".join((inspect.getdoc(function) or "").split())
    assert re.search(r"(?:^|\. )For [a-z]", told), "the case it is for"
    assert re.search(r"\. Not [a-z]", told), "when not to use it"


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_has_a_team_with_a_scenario_and_is_tried_with_any_moves(name: str) -> None:
    for team in TABLE[name]:
        module = importlib.import_module(f"groupchats.{team}")
        assert f"The flow `{name}`" in (module.__doc__ or "")
        assert [one.name for one in all_scenarios() if one.team is module.team], team
    assert name in TOYS or name == "hub", "a hub is `nested` there"
