"""Every scenario, found by its file: each module of this folder declares one value called `scenario`."""

import pkgutil
from importlib import import_module
from pathlib import Path

from switchboard.errors import DeclarationError, OperatorError
from switchboard.scenario import Scenario

FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if module.name != "script")


def scenario_called(name: str) -> Scenario:
    """The scenario of that name. Raises OperatorError with the names there are."""
    if name not in names():
        raise OperatorError(f"There is no scenario {name!r}. There are: {', '.join(names())}.")
    scenario = import_module(f"scenarios.{name}").scenario
    if not isinstance(scenario, Scenario) or scenario.name != name:
        raise DeclarationError(f"scenarios/{name}.py must declare `scenario`, a Scenario called {name!r}.")
    return scenario


def all_scenarios() -> list[Scenario]:
    return [scenario_called(name) for name in names()]
