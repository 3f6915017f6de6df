"""A real `kill -9` at every boundary of a run of each flow: it ends as without it, and no model is asked twice."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.killed import Nursery
from support.kills import documents, recorded
from support.sample import prepared

from scenarios import scenario_called
from switchboard.database import sqlite_url
from switchboard.models.scripted import Reply, ScriptedModel
from switchboard.scenario import scripted_by_agent

STEPS = {
    "article_revised": 6,
    "both_sides": 7,
    "text_analysed": 6,
    "work_assigned": 9,
    "backup_answers": 4,
    "letter_sorted": 3,
    "complaint_filed": 3,
    "panel_agrees": 3,
    "opinions_to_a_person": 4,
    "research_report": 12,
    "quotes_told": 4,
    "market_studied": 8,
    "ticket_answered": 8,
    "ticket_on_call": 6,
}
"""The recorded steps of each scenario, those of its branches among them."""
WHEN = ("inside", "after")
POINTS = [(name, f"{when} {number}") for name, steps in STEPS.items() for number in range(1, steps + 1) for when in WHEN]
FEW = [(name, f"after {steps // 2}") for name, steps in STEPS.items()]
"""One of each belongs to the suite."""
ON_POSTGRES = [(name, f"inside {number}") for name, steps in STEPS.items() for number in (1, steps // 2 + 1)]
"""Two of each: on a second kind of database the run is the same."""


class Counted:
    """The scripted model of a scenario, which answers the same to the same, and counts what it was asked."""

    def __init__(self, name: str) -> None:
        self.script, self.asked, self.given = scripted_by_agent(scenario_called(name)), Counter[str](), dict[str, Reply]()

    def __call__(self, request: dict[str, Any]) -> Reply:
        assert callable(self.script)
        asked = json.dumps(request)
        self.asked[asked] += 1
        if asked not in self.given:
            self.given[asked] = self.script(request)
        return self.given[asked]


_without: dict[str, dict[str, Any]] = {}


def without_a_kill(name: str, nursery: Nursery, folder: Path) -> dict[str, Any]:
    if name not in _without:
        model = Counted(name)
        url = sqlite_url(folder / "without.db")
        with ScriptedModel(model) as server:
            given = {"words": opening(name), "email": "", "team": scenario_called(name).team.name}
            nursery.start("case", url, server.config(folder), **given, scenario=name).ended()
        engine = prepared(url)
        steps = sum(map(len, recorded(engine).values()))
        _without[name] = documents(engine)
        engine.dispose()
        assert (steps, _without[name]["CASE"]["end"]) == (STEPS[name], scenario_called(name).expected.end)
        assert _without[name]["CASE"]["model_calls"] == sum(map(len, scenario_called(name).script.values()))
    return _without[name]


def unnumbered(found: dict[str, Any]) -> Any:
    """Without the numbers of tickets: on Postgres one that is undone takes its number with it."""
    return json.loads(re.sub(r"\bT\d{6}\b", "TICKET", json.dumps(found)))


def opening(name: str) -> str:
    """All that the customer writes: nobody answers here."""
    return "\n".join([scenario_called(name).opening, *scenario_called(name).turns])


@pytest.mark.parametrize(("name", "point"), [p if p in FEW else pytest.param(*p, marks=pytest.mark.slow) for p in POINTS])
def test_a_run_of_a_flow_that_is_killed_at_any_boundary_ends_as_without_the_kill(
    name: str, point: str, nursery: Nursery, tmp_path: Path
) -> None:
    ends_as_without_the_kill(name, point, nursery, tmp_path, sqlite_url(tmp_path / "shop.db"))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "point"), ON_POSTGRES)
def test_a_run_of_a_flow_that_is_killed_on_postgres_ends_as_without_the_kill(
    name: str, point: str, nursery: Nursery, tmp_path: Path, addresses: Callable[[], str]
) -> None:
    ends_as_without_the_kill(name, point, nursery, tmp_path, addresses())


def ends_as_without_the_kill(name: str, point: str, nursery: Nursery, tmp_path: Path, url: str) -> None:
    expected, model = without_a_kill(name, nursery, tmp_path), Counted(name)
    team = scenario_called(name).team.name
    prepared(url).dispose()
    with ScriptedModel(model) as server:
        models = server.config(tmp_path)
        given = {"words": opening(name), "email": "", "team": team, "scenario": name}
        nursery.start("case", url, models, **given, dies=point).was_killed()
        resumed = nursery.start("resume", url, models, teams=[team], scenario=name)
        resumed.ended()
    engine = prepared(url)
    found = documents(engine)
    engine.dispose()
    assert unnumbered(found) == unnumbered(expected)
    (line,) = resumed.lines()
    assert (line["differences"], line["complete"], line["same"]) == ([], True, True)
    # What is lost on its way into the record is asked for again: the step's own answer, or one of a branch beside it.
    in_flight = len(scenario_called(name).script) if expected["CASE"]["branches"] else int(point.startswith("inside"))
    assert model.asked.total() - len(model.asked) <= in_flight, "an answer that was recorded is not asked for again"
