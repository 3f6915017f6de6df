"""Playing one scenario from its own file: `python -m scenarios.NAME` and `python scenarios/NAME.py`."""

import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from switchboard.database import open_engine, sqlite_url
from switchboard.events.rendering import line_of, summary_of
from switchboard.scenario import Scenario, play
from tools.store import migrate, seed


def main(scenario: Scenario) -> NoReturn:
    """Play it on a fresh sample shop with no model, print what happened, and exit 0 when it went as told, else 1."""
    with tempfile.TemporaryDirectory(prefix="switchboard-", ignore_cleanup_errors=True) as folder:
        engine = open_engine(sqlite_url(Path(folder) / "shop.db"))
        try:
            migrate(engine)
            seed(engine)
            result = play(scenario, engine)
            complaints = scenario.complaints(result, engine)
        finally:
            engine.dispose()
    lines = [scenario.title, ""]
    for entry in result.run.transcript:
        line = line_of(entry)
        lines.append(f"{line.who} ({line.by}, {line.kind}): {line.what}")
    lines += ["", summary_of(result.document)]
    lines += [f"Not as told: {complaint}" for complaint in complaints] or ["It went as told."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if complaints else 0)
