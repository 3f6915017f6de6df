"""Suggested answers: in a case that a person has, an operator asks the agents what they would answer to what was said last.

Each is prepared in a run of its own, in a case under the one that it is for: it reads what was said until then, changes nothing
and tells nobody. What it comes to waits as a draft on the case's ticket, where nothing was said meanwhile; a person sends it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.branches import IS_SUGGESTION
from switchboard.cases.cases import RunRef, held, is_with_human, mine
from switchboard.cases.documents import find, written
from switchboard.cases.entries import lines_since, next_number
from switchboard.cases.people.leaving import open_for
from switchboard.cases.sealed.rows import case_fits, seal_case, seal_run
from switchboard.cases.snapshot import Snapshot
from switchboard.cases.tables import CaseRow, RunRow, clock, utc
from switchboard.database import for_a_while
from switchboard.declare.beginnings import Suggested, as_data, beginning_from
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.outcomes import Outcome, RunEnded
from switchboard.declare.transcript import Entry
from switchboard.errors import OperatorError
from switchboard.loop.drafts import suggestion_in
from switchboard.loop.prompts.instructions import fingerprint
from switchboard.loop.state import Run, Used
from switchboard.plays.asked.thanks import only_thanks
from switchboard.tickets.drafts import suggest, waiting
from switchboard.tickets.rows import newest_of, open_of

SUGGESTION = "suggestion"
"""Whose such a case is, where its branches have their agent."""
PREPARE = "Prepare the answer to what the customer wrote last. A person reads it first, and sends it."
ANSWERED = "No suggestion: {} answered what the customer wrote last."
LEFT_OUT = ("allows_code", "reviewed", "forked", "awaits_code", "asks_code", "asks_else")
"""What a suggestion does not take over of how its case stands."""


@dataclass(frozen=True)
class AskedFor:
    """The run that prepares a suggestion; `is_new` is false where somebody asked before."""

    ref: RunRef
    is_new: bool


@dataclass(frozen=True)
class Prepared:
    """The newest suggestion of a case that answers what was said last. `is_over` is false while it is prepared; then `why` is
    a sentence where there is none.
    """

    case_id: str
    is_over: bool
    why: str = ""


@for_a_while
def ask_for_suggestion(engine: Engine, case_id: str, operator: str, owner: str | None) -> AskedFor | None:
    """Have an answer suggested, by this process or, without an owner, by whoever takes runs up. None where a draft waits.

    Raises OperatorError where the case is not with people, or another operator has it, or nothing is to be answered.
    """
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        mine(session, row, operator, "Take it first: `switchboard take CASE`.")
        if waiting(session, row.id):
            return None
        newest = _newest(session, row.id)
        if newest and newest.end is None:
            return AskedFor(RunRef(newest.id, newest.run), is_new=False)
        lines = lines_since(session, row.id, row.run, 0)
        at = _to_answer(lines)
        child = _keep(session, row, Suggested(row.id, row.run, lines[at][0], operator), lines[at][1].text, owner)
        record(session, operator, "asked for a suggested answer", row.id, {"suggestion": child})
        return AskedFor(RunRef(child, 1), is_new=True)


def prepared(engine: Engine, case_id: str) -> Prepared | None:
    """What became of the newest suggestion of a case; None where there is none, or something was said since."""
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        newest = _newest(session, row.id)
        if newest is None:
            return None
        given = beginning_from(session.get_one(RunRow, (newest.id, newest.run)).given)
        assert isinstance(given, Suggested)
        if newest.end and _has_moved_on(session, row, given):
            return None
        return Prepared(newest.id, newest.end is not None, newest.reason if newest.end else "")


def finish_suggestion(session: Session, run: Run) -> Outcome:
    """Record how a suggestion ended and what it took, and leave what it says to operators where nothing was said meanwhile."""
    begun = session.get_one(RunRow, (run.id, run.number))
    given = beginning_from(begun.given)
    assert isinstance(given, Suggested)
    row = session.get(CaseRow, given.of, with_for_update=True, populate_existing=True)
    own = session.get_one(CaseRow, run.id, with_for_update=True)
    assert row is not None
    written(own, run)
    own.department, begun.version, begun.end = SUGGESTION, fingerprint(run.team), run.end
    if row.state is not None:
        holds = case_fits(session, row)
        count(row, run.used)
        seal_case(session, row, holds=holds)
    text = suggestion_in(run)
    is_wanted = not (_has_moved_on(session, row, given) or _is_settled(session, row, begun) or waiting(session, row.id))
    if text and is_wanted:
        suggest(open_for(session, row, "escalated")[0], text, given.by, clock(session))
    return RunEnded(run.end, counts_in=row.run).as_data()


def count(row: CaseRow, took: Used) -> None:
    """Add to a case what suggestions took, also while a run of it is under way, which adds it to its own as it ends. The row is
    to be sealed then.
    """
    assert row.state is not None
    total = Used.from_data(row.state["used"])
    total.add(took)
    row.used, row.seconds = asdict(total), round(total.seconds, 3)
    row.state = {**row.state, "used": asdict(total)}


def _is_settled(session: Session, row: CaseRow, begun: RunRow) -> bool:
    """Whether the last ticket of a case was closed since a suggestion for it was asked for."""
    newest = newest_of(session, row.id)
    is_closed = newest is not None and newest.closed_at is not None and utc(newest.closed_at) >= utc(begun.started_at)
    return is_closed and not open_of(session, row.id)


def _to_answer(lines: Sequence[tuple[int, Entry]]) -> int:
    """The place of the customer's last words. Raises OperatorError where there are none, or they were answered."""
    at = max((i for i, (_, e) in enumerate(lines) if e.kind == "message" and e.speaker == CUSTOMER), default=None)
    if at is None:
        raise OperatorError("No suggestion: the customer has written nothing yet.")
    since = [entry for _, entry in lines[at + 1 :]]
    by_people = [e.operator or "an operator" for e in since if e.kind == "message" and e.speaker == OPERATOR]
    if by_people:
        raise OperatorError(ANSWERED.format(f"{by_people[-1]} has"))
    handed = any(e.kind == "result" and e.ends for e in since)
    if not handed and any(e.kind == "message" and not e.meanwhile for e in since):
        raise OperatorError(ANSWERED.format("the agents have"))
    return at


def _keep(session: Session, row: CaseRow, given: Suggested, words: str, owner: str | None) -> str:
    """Write the case of a suggestion with its run; its id tells the entry at which it was asked for, as a branch's does."""
    assert row.state is not None
    begun = f"{row.id}.{next_number(session, row.id) - 1}-"
    number = session.scalar(select(func.count()).where(CaseRow.parent == row.id, CaseRow.id.startswith(begun, autoescape=True)))
    now, used = clock(session), asdict(Used())
    child = CaseRow(id=f"{begun}{(number or 0) + 1}", team=row.team, parent=row.id, opening=words, created_at=now, run=1)
    child.reason, child.department, child.inbox, child.seconds, child.used = "", SUGGESTION, [], 0.0, used
    seal_case(session, child)
    session.add(child)
    session.flush()
    kept = {name: value for name, value in row.state.items() if name not in LEFT_OUT}
    start: Snapshot = {**kept, "pending": [], "used": used, "asks_model": None, "reviewed": False}  # type: ignore[typeddict-item]
    run = RunRow(case_id=child.id, number=1, first=1, given=as_data(given), start=start, version="", owner=owner)
    run.attempts = run.reached = run.priority = 0
    run.started_at = now
    seal_run(session, run, row.team, holds=case_fits(session, row))
    session.add(run)
    return child.id


def _newest(session: Session, case_id: str) -> CaseRow | None:
    query = select(CaseRow).join(RunRow, (RunRow.case_id == CaseRow.id) & (RunRow.number == CaseRow.run))
    query = query.where(CaseRow.parent == case_id, IS_SUGGESTION)
    return session.scalars(query.order_by(CaseRow.created_at.desc(), CaseRow.id.desc()).limit(1)).first()


def _has_moved_on(session: Session, row: CaseRow, given: Suggested) -> bool:
    """Whether a case went on since a suggestion was asked for: with words of its customer or an operator, or with agents."""
    if row.run != given.run or not is_with_human(session, row):
        return True
    since = [e for _, e in lines_since(session, row.id, row.run, given.upto) if e.kind == "message"]
    return any(e.speaker == OPERATOR or (e.speaker == CUSTOMER and not only_thanks(e.text)) for e in since)
