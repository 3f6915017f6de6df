"""How a case goes on between its runs: what customers and operators can do with it, each in one transaction.

What begins a run is a row under `(run, number)`, so of two who want to begin the same one only the first does.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from switchboard.cases.documents import find, written
from switchboard.cases.snapshot import freeze
from switchboard.cases.tables import ApprovalRow, CaseRow, RunRow, clock
from switchboard.database import for_a_while
from switchboard.declare.flow import CUSTOMER, OPERATOR
from switchboard.declare.human import Human, Nobody
from switchboard.declare.transcript import Entry, MessageEntry, entry_from
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.flows.matters import is_with_a_human
from switchboard.loop.closing import reply_in
from switchboard.loop.drive import document
from switchboard.loop.state import Run
from switchboard.loop.turn import customer_words

GOES_ON = ("awaiting_customer", "awaiting_approval", "escalated")
"""Ends after which a case is not over."""


class RunRef(NamedTuple):
    """One run of a run, and at the same time the id of the engine's workflow."""

    case_id: str
    number: int

    @property
    def workflow_id(self) -> str:
        return f"{self.case_id}:{self.number}"


@for_a_while
def open_case(engine: Engine, run: Run, words: str, executor: str | None) -> RunRef:
    """Keep a new run with its first run, for this process or, without one, for whoever takes runs up."""
    with Session(engine) as session, session.begin():
        return keep_case(session, run, words, executor)


def keep_case(
    session: Session, run: Run, words: str, executor: str | None, message_id: str | None = None, priority: int = 0
) -> RunRef:
    """Write a new run with its first run."""
    start = freeze(run)
    words = spoken(words)
    row = CaseRow(id=run.id, opening=customer_words(run, words), created_at=clock(session), run=0, message_id=message_id)
    written(row, document(run))
    row.state = json.dumps(start)
    session.add(row)
    session.flush()
    return begin_run(session, row, _words(words, run.human), executor, priority)


def begin_run(session: Session, row: CaseRow, given: dict[str, Any], executor: str | None, priority: int = 0) -> RunRef:
    """Begin the next run of a run that nobody works on, from the state that the last one left."""
    row.run, row.end = row.run + 1, None
    session.add(
        RunRow(
            case_id=row.id,
            number=row.run,
            given=json.dumps(given),
            start=row.state,
            version="",
            executor=executor,
            attempts=0,
            reached=0,
            priority=priority,
            started_at=clock(session),
        )
    )
    _void_approvals(session, row)
    session.flush()
    return RunRef(row.id, row.run)


@for_a_while
def hear(
    engine: Engine, case_id: str, words: str, executor: str | None, human: Human | None = None
) -> tuple[RunRef | None, str]:
    """A further message of the customer: the run that it begins, or what becomes of it instead."""
    words = spoken(words)
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        if is_with_human(row):
            append(row, MessageEntry(CUSTOMER, words, "human"))
            return None, f"Your message was added to the case. {row.held_by or 'A colleague'} answers it."
        if row.end is None or row.end == "awaiting_approval":
            row.inbox = json.dumps([*json.loads(row.inbox), words])
            waits = "is being worked on" if row.end is None else "waits for an approval"
            return None, f"Your message was kept. The case {waits}, and takes your message up after that."
        return begin_run(session, row, _words(words, human or Nobody()), executor), ""


def _words(words: str, human: Human) -> dict[str, Any]:
    """What begins a run with the customer's words; whoever sits there for it is kept, so that a replay asks them too."""
    return {"kind": "words", "words": words, "live": human.live, "reviewed": human.reviews}


@for_a_while
def cancel(engine: Engine, case_id: str, operator: str, executor: str | None) -> RunRef | None:
    """End a case. None where it is being worked on: then it ends after the step that is under way."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        if row.end is None:
            row.cancelled_by = operator
            return None
        if row.end not in GOES_ON:
            raise OperatorError(f"{row.id} is over; it ended {row.end}. There is nothing to cancel.")
        if row.held_by not in (None, operator):
            raise OperatorError(f"{row.held_by} has this case. Ask them to end it, or to hand it back.")
        row.held_by = None
        return begin_run(session, row, {"kind": "cancel", "by": operator}, executor)


@for_a_while
def take(engine: Engine, case_id: str, operator: str) -> str:
    """Give a case to an operator: the agents fall silent. Returns what the operator must know."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        if row.held_by:
            who = "You have" if row.held_by == operator else f"{row.held_by} has"
            raise OperatorError(f"{who} this case already.")
        row.held_by = operator
        if row.end is None:
            return "The agents stop after the step that is under way."
        taken_over(session, row)
        return "The agents are silent; the customer's messages come to you."


def taken_over(session: Session, row: CaseRow) -> None:
    """Name the end of a run that an operator has taken; what waited for an approval is the operator's business now."""
    row.end = "escalated"
    found = json.loads(row.document)
    row.document = json.dumps({**found, "end": row.end, "reason": f"{row.held_by} took the case over."})
    _void_approvals(session, row)
    hear_inbox(row)


def _void_approvals(session: Session, row: CaseRow) -> None:
    """What still waits for operators is not to be answered any more: the case goes another way."""
    open_ones = (ApprovalRow.case_id == row.id, ApprovalRow.state == "open")
    session.execute(update(ApprovalRow).where(*open_ones).values(state="void"))


def hear_inbox(row: CaseRow) -> None:
    """Put what the customer wrote meanwhile before the human who has the case now."""
    words, row.inbox = json.loads(row.inbox), "[]"
    for text in words:
        append(row, MessageEntry(CUSTOMER, text, "human"))


@for_a_while
def speak(engine: Engine, case_id: str, operator: str, words: str) -> None:
    """An operator's words to the customer of a case that is with a human. Who speaks first takes it."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        _mine(row, operator, "Take it first: `switchboard take RUN`.")
        row.held_by = operator
        append(row, MessageEntry(OPERATOR, spoken(words), "human", operator=operator))


@for_a_while
def hand_back(engine: Engine, case_id: str, operator: str, note: str, executor: str | None) -> RunRef:
    """Give a case back to the agents, with a note that they see."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        _mine(row, operator, "There is nothing to hand back.")
        row.held_by = None
        return begin_run(session, row, {"kind": "handed_back", "by": operator, "note": spoken(note)}, executor)


def held(session: Session, case_id: str) -> CaseRow:
    """The run, locked until the transaction ends. Raises OperatorError where there is none, or none that can go on."""
    row = session.get(CaseRow, find(session, case_id).id, with_for_update=True, populate_existing=True)
    assert row is not None
    if row.state is None:
        raise OperatorError(
            f"{row.id} was played on a shop that is gone, so it cannot go on. `switchboard ask` begins a new case."
        )
    return row


def is_with_human(row: CaseRow) -> bool:
    """Whether messages go to a human: an operator has taken the case, or the agents have handed it over."""
    if row.end is None:
        return False
    return bool(row.held_by) or is_with_a_human(entry_from(line) for line in json.loads(row.state or "{}")["transcript"])


def _mine(row: CaseRow, operator: str, otherwise: str) -> None:
    if row.held_by not in (None, operator):
        raise OperatorError(f"{row.held_by} has this case. Ask them to hand it back.")
    if row.end is None:
        raise OperatorError("The agents are still at work on this case. Try again in a moment.")
    if not is_with_human(row):
        raise OperatorError(f"This case is with the agents; it stands at {row.end}. {otherwise}")


def append(row: CaseRow, entry: Entry) -> None:
    """Add a line to a run that no agent works on."""
    state, found = json.loads(row.state or "{}"), json.loads(row.document)
    state["transcript"].append(entry.document())
    found["transcript"] = state["transcript"]
    found["reply"] = reply_in([entry_from(line) for line in found["transcript"]])
    row.state, row.document = json.dumps(state), json.dumps(found)
