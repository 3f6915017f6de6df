"""Every scenario, found by its file: each module of this folder declares one value called `scenario`."""

from pathlib import Path

from switchboard.scenario import ScenarioFolder

_here = ScenarioFolder(Path(__file__).parent)
names, scenario_called, all_scenarios = _here.names, _here.called, _here.all
