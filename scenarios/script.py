"""Playing one scenario from its own file: `python -m scenarios.NAME` and `python scenarios/NAME.py`."""

from pathlib import Path
from typing import NoReturn

from switchboard.console.script import play_file
from switchboard.scenario import Scenario


def main(scenario: Scenario) -> NoReturn:
    play_file(scenario, Path(__file__).parent.parent)
