"""What is recorded of the work on cases: rebuilding a case from it, and deleting what is old."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.documents import newest_version
from switchboard.cases.replay import Replay, rebuild
from switchboard.declare.flow import OPERATOR
from switchboard.declare.team import TeamSpec
from switchboard.engine import cleanup
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.service.place import Place


def replay(place: Place, case_id: str) -> Replay:
    """Rebuild a case from its record, with no model and no tool called."""
    return rebuild(place.environment, case_id)


def changed_since(place: Place, team: TeamSpec) -> str | None:
    """The newest case of a team that another version of it worked on, with other prompts, tools or rules; None where the newest
    is of this one, or there is none.
    """
    newest = newest_version(place.engine, team.name)
    return newest[0] if newest and newest[1] not in ("", fingerprint(team)) else None


def clean_up(place: Place, days: int, operator: str = OPERATOR) -> int:
    """Delete the recorded steps of cases that are over for so many days; what was said and done stays. Returns how many
    cases those are.
    """
    from switchboard.engine.workflows import forget

    count = cleanup.clean_up(place.engine, datetime.now(UTC) - timedelta(days=days), lambda refs: forget(place.engine, refs))
    with Session(place.engine) as session, session.begin():
        record(session, operator, "deleted recorded steps", data={"cases": count, "older_than_days": days})
    return count
