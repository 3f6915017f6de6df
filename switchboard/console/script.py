"""A scenario that is played from its own file."""

import sys
from pathlib import Path
from typing import NoReturn

from switchboard.console.databases import fresh_sample
from switchboard.events.rendering import line_of, summary_of
from switchboard.project import open_project
from switchboard.scenario import Scenario, play


def play_file(scenario: Scenario, folder: Path) -> NoReturn:
    """Play it on a fresh sample of the project in that folder with no model, print what happened, and exit 0 when it went as
    told, else 1.
    """
    if scenario.runs_code and "--allow-code" not in sys.argv[1:]:
        sys.exit(f"The agents of {scenario.name} run code, in a sandbox. Add --allow-code to let them.")
    project = open_project(folder)
    with fresh_sample(project) as engine:
        result = play(scenario, engine, identity=project.file.identity)
        complaints = scenario.complaints(result, engine)
    lines = [scenario.title, ""]
    for entry in result.run.transcript:
        line = line_of(entry)
        lines.append(f"{line.who} ({line.by}, {line.kind}): {line.what}")
    lines += ["", summary_of(result.document)]
    lines += [f"Not as told: {complaint}" for complaint in complaints] or ["It went as told."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if complaints else 0)
