"""Plays scenarios of project two, in a process of its own: the names of its packages are those of the sample.

`praxis_player.py rules|scripted|against SIDES NAME…` in the project's folder; SIDES is JSON, and so is each line that it gives.
"""

import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from support.praxis import Sides
from support.praxis_hostile import Hostile
from switchboard.console.databases import fresh_sample
from switchboard.declare.flow import CUSTOMER
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Script, ScriptedModel
from switchboard.project import Project, find_project, open_project
from switchboard.scenario import Scenario, play, scripted_by_agent
from switchboard.toolsets import functions

SEEDS, ANSWERS = 2, (("Nein.", "Nein, danke.", "Nein, wirklich nicht."), ("Ja.", "Ja, bitte.", "Ja, gern."))
functions.PAUSES = (0.0, 0.0)


@contextmanager
def gateway_of(script: Script) -> Iterator[Gateway]:
    with ScriptedModel(script) as model:
        entry = {"model": "scripted", "base_url": model.url, "api_key": "scripted"}
        yield Gateway(read_endpoints(json.dumps([entry])), retries=0)


def played(project: Project, scenario: Scenario, sides: Sides, gateway: Gateway | None) -> dict[str, Any]:
    sides.fresh()
    with fresh_sample(project) as rows:
        result = play(scenario, rows, identity=project.file.identity, gateway=gateway)
        told = [e.text for e in result.run.transcript if e.kind == "message" and e.speaker != CUSTOMER]
        facts = {"complaints": scenario.complaints(result, rows), "told": told, "now": sides.now()}
    written = sum(len(replies) for replies in scenario.script.values())
    return {"name": scenario.name, **facts, "answered": result.document["model_calls"], "written": written}


def against(project: Project, scenario: Scenario, sides: Sides, seed: int) -> dict[str, Any]:
    """The same with a model that works against it, and a customer who says no to all that is asked, or yes."""
    model = Hostile(random.Random(f"{scenario.name} {seed}"))
    with gateway_of(model) as gateway:
        done = played(project, replace(scenario, turns=ANSWERS[seed % 2], approvals=(True,) * 9), sides, gateway)
    facts = {"name": f"{scenario.name} {seed}", "yes": seed % 2 == 1, "email": scenario.email}
    return {**done, **facts, "lies": [lie for lie in model.said if lie in " ".join(done["told"])]}


if __name__ == "__main__":
    how, given, *names = sys.argv[1:]
    opened = open_project(find_project(Path.cwd()))
    facts = json.loads(given)
    other = Sides(facts["api"], facts["calendar"], Path(facts["reservations"]), Path(facts["plans"]))
    for story in [opened.scenarios.called(name) for name in names or opened.scenarios.names()]:
        if how == "rules":
            print(json.dumps(played(opened, story, other, None)), flush=True)
        elif how == "scripted":
            with gateway_of(scripted_by_agent(story)) as scripted:
                print(json.dumps(played(opened, story, other, scripted)), flush=True)
        else:
            for number in range(SEEDS):
                print(json.dumps(against(opened, story, other, number)), flush=True)
