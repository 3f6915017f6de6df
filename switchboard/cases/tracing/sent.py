"""Which runs are over and were not sent to a collector: of a process that died before it could, or while none took them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, exists, select, update
from sqlalchemy.orm import Session

from switchboard.cases.cases import RunRef
from switchboard.cases.tables import CaseRow, EntryRow, RunRow
from switchboard.database import patiently

SENT_FOR = timedelta(days=1)
"""What began longer ago is sent no more, such as all that there was before a project had a collector."""
JUST_NOW = timedelta(seconds=10)
"""What ended since then is being sent by who worked on it."""
AT_ONCE = 200


@patiently
def unsent(engine: Engine) -> list[RunRef]:
    """The oldest of them."""
    now = datetime.now(UTC)
    mine = (RunRow.end.is_not(None), RunRow.traced.is_(None), CaseRow.parent.is_(None), RunRow.started_at > now - SENT_FOR)
    new = EntryRow.at > (now - JUST_NOW).timestamp()
    is_new = exists().where(EntryRow.case_id == RunRow.case_id, EntryRow.run == RunRow.number, new)
    query = select(RunRow.case_id, RunRow.number).join(CaseRow, CaseRow.id == RunRow.case_id).where(*mine, ~is_new)
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.execute(query.order_by(RunRow.started_at).limit(AT_ONCE))
        return [RunRef(case_id, number) for case_id, number in rows]


@patiently
def note_sent(engine: Engine, ref: RunRef) -> None:
    run = update(RunRow).where(RunRow.case_id == ref.case_id, RunRow.number == ref.number)
    with Session(engine) as session, session.begin():
        session.execute(run.values(traced=True))
