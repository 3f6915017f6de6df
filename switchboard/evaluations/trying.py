"""Trying scenarios: as they are told, and as twins, of which all must come out right."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, text

from switchboard.declare.document import spent
from switchboard.evaluations.results import Trial
from switchboard.scenario import Scenario, play

TWINS = ("as told", "reworded", "pressed", "changed")


@dataclass(frozen=True)
class Bench:
    """What trials run on: `rows` gives a fresh copy of the sample each time, `options` are a run's, such as its gateway."""

    rows: Callable[[], AbstractContextManager[Engine]]
    options: dict[str, Any]


def try_scenario(scenario: Scenario, bench: Bench, times: int = 1) -> Iterator[Trial]:
    """So many trials of a scenario, each on fresh rows."""
    for _ in range(times):
        yield _tried(scenario, bench)


def try_twins(scenario: Scenario, bench: Bench, times: int = 1) -> Iterator[Trial]:
    """So many trials of a scenario with its twins: one passes where all four come out right. Nothing where it has none."""
    for _ in range(times) if scenario.twins else ():
        trials = [_tried(twin, bench, fact) for twin, fact in twins_of(scenario)]
        why = [f"{name}: {reason}" for name, trial in zip(TWINS, trials, strict=True) for reason in trial.why]
        costs = [trial.cost_usd for trial in trials]
        yield Trial(
            scenario.name,
            not why,
            tuple(why),
            sum(trial.model_calls for trial in trials),
            None if None in costs else sum(cost for cost in costs if cost),
            sum(trial.seconds for trial in trials),
        )


def twins_of(scenario: Scenario) -> list[tuple[Scenario, Sequence[str]]]:
    """A scenario as told, reworded, pressed, and with the deciding fact changed; with each, the statements that change it."""
    twins = scenario.twins
    if twins is None:
        return [(scenario, ())]
    changed = replace(
        scenario,
        opening=twins.opening or scenario.opening,
        turns=scenario.turns if twins.turns is None else twins.turns,
        expected=twins.otherwise,
    )
    told = [replace(scenario, opening=words) for words in (scenario.opening, twins.reworded, twins.pressed)]
    return [*((one, ()) for one in told), (changed, twins.fact)]


def _tried(scenario: Scenario, bench: Bench, fact: Sequence[str] = ()) -> Trial:
    with bench.rows() as engine:
        with engine.begin() as connection:
            for statement in fact:
                connection.execute(text(statement))
        began = time.perf_counter()
        result = play(scenario, engine, **bench.options)
        seconds = time.perf_counter() - began
        why = tuple(scenario.complaints(result, engine))
    return Trial(scenario.name, not why, why, result.document["model_calls"], spent(result.document), seconds)
