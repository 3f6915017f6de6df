"""What is recorded of the work on cases: rebuilding a case from it, and deleting what is old."""

from datetime import UTC, datetime, timedelta

from switchboard.cases.replay import Replay, rebuild
from switchboard.engine import cleanup
from switchboard.service.place import Place


def replay(place: Place, case_id: str) -> Replay:
    """Rebuild a case from its record, with no model and no tool called."""
    return rebuild(place.environment, case_id)


def clean_up(place: Place, days: int) -> int:
    """Delete the recorded steps of cases that are over for so many days; what was said and done stays. Returns how many
    cases those are.
    """
    from switchboard.engine.workflows import forget

    return cleanup.clean_up(place.engine, datetime.now(UTC) - timedelta(days=days), lambda refs: forget(place.engine, refs))
