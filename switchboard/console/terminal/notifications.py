"""`switchboard notifications`: who was told of the cases that wait for a person, and a test of the places that are told."""

from pathlib import Path

from switchboard.console.app import Workplace
from switchboard.console.terminal.screen import say, show_findings, show_json, show_table
from switchboard.errors import OperatorError
from switchboard.service import notifications

NONE = "switchboard.toml names nobody to notify: write [notifications] with urls."
COLUMNS = {"case_id": "case", "end": "end", "to": "to", "state": "state", "tries": "tries", "at": "UTC", "trouble": "trouble"}


def list_notifications(limit: int, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    found = notifications.newest(place.engine, limit)
    if json:
        show_json(found)
    elif found:
        show_table("", tuple(COLUMNS.values()), [[row[key] for key in COLUMNS] for row in found])
    else:
        say("Nobody was notified of a case yet." if place.project.file.notifications else NONE)


def try_out(data: Path | None, json: bool) -> bool:
    """Send a test to each place. Returns whether all took it. Raises OperatorError where there is none."""
    file = Workplace(data).project.file
    if file.notifications is None:
        raise OperatorError(NONE)
    came = notifications.try_out(file)
    if json:
        show_json([{"to": url, "trouble": trouble} for url, trouble in came.items()])
    else:
        rows = [
            ("wrong", "red", url, why) if why else ("good", "green", url, "The test was taken.") for url, why in came.items()
        ]
        show_findings(rows)
    return not any(came.values())
