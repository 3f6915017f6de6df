"""How a case goes on between its runs: what customers and operators can do with it, each in one transaction.

What begins a run is a row under `(case, number)`, so of two who want to begin the same one only the first does.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.documents import find, written
from switchboard.cases.entries import add, append_lines, line_row, lines_of, next_number
from switchboard.cases.people import inside
from switchboard.cases.people.holding import check_taken_from, not_anothers, once
from switchboard.cases.people.leaving import alarm, only_decides, wrote_again
from switchboard.cases.people.waiting import let_fall, open_calls, void_approvals
from switchboard.cases.sealed.rows import case_fits, seal_case, seal_run
from switchboard.cases.snapshot import freeze, hiding_in
from switchboard.cases.tables import CaseRow, RunRow, clock
from switchboard.database import for_a_while
from switchboard.declare.beginnings import Beginning, Cancelled, HandedBack, Ignored, Proposed, Words, as_data
from switchboard.declare.flow import OPERATOR
from switchboard.declare.human import Human, Nobody
from switchboard.declare.transcript import DecisionEntry, Entry, MessageEntry, digest
from switchboard.errors import OperatorError
from switchboard.events.masking import spoken
from switchboard.flows.matters import is_with_a_human
from switchboard.loop.recording.words import MOST_WORDS, words_of_customer
from switchboard.loop.state import Run
from switchboard.mail.history import is_absence, own_words
from switchboard.plays.asked.thanks import only_thanks
from switchboard.reading.languages import language_for, said
from switchboard.tickets.drafts import WENT_ON, WROTE, drop
from switchboard.tickets.rows import answered

AWAY = "It is a notice of absence."
GOES_ON = ("awaiting_customer", "awaiting_approval", "escalated")
"""Ends after which a case is not over."""


class RunRef(NamedTuple):
    """One run of a case, and at the same time the id of the engine's workflow."""

    case_id: str
    number: int

    @property
    def workflow_id(self) -> str:
        return f"{self.case_id}:{self.number}"


@for_a_while
def open_case(engine: Engine, run: Run, words: str, owner: str | None) -> RunRef:
    """Keep a new case with its first run, for this process or, without one, for whoever takes runs up."""
    with Session(engine) as session, session.begin():
        return keep_case(session, run, words, owner)


def keep_case(
    session: Session,
    run: Run,
    words: str,
    owner: str | None,
    message_id: str | None = None,
    priority: int = 0,
    ignored: str = "",
    proposed: Proposed | None = None,
) -> RunRef:
    """Write a new case with its first run. `ignored` says why no person wrote the words, where none did; where a call is
    `proposed`, they only name it.
    """
    words = spoken(words)[:MOST_WORDS]
    opening = own_words(words) or words
    ignored = ignored or (AWAY if is_absence(words) else "")
    row = CaseRow(id=run.id, team=run.team.name, opening=opening, created_at=clock(session), run=0, inbox=[])
    written(row, run)
    row.message_id, row.state = message_id, freeze(run)
    seal_case(session, row)
    session.add(row)
    said = Ignored(words, ignored) if ignored else _words(words, run.human, False)
    return begin_run(session, row, proposed or said, owner, priority)


def begin_run(
    session: Session, row: CaseRow, given: Beginning, owner: str | None, priority: int = 0, *, gap: int = 0
) -> RunRef:
    """Begin the next run of a case that nobody works on, from the state that the last one left. `gap` is how many entries the
    last one has still to write in this transaction. What waits as a case is ended between runs ends with it.
    """
    assert row.state is not None, "a case that cannot go on was refused before"
    holds = case_fits(session, row)
    if isinstance(given, Cancelled) and row.inbox:
        hear_inbox(session, row, gap=gap)
        gap = 0
    row.run, row.end = row.run + 1, None
    is_first = row.run == 1
    first = 1 if is_first else next_number(session, row.id) + gap
    session.flush()  # a run stands in the rows after its case
    if isinstance(given, Words):
        given = replace(given, thanks=only_thanks(own_words(given.words)))
    new = RunRow(case_id=row.id, number=row.run, first=first, given=as_data(given), start=row.state, version="", owner=owner)
    new.attempts, new.reached, new.priority = 0, 0, priority
    new.started_at = row.created_at if is_first else clock(session)
    seal_run(session, new, row.team, holds=holds)
    seal_case(session, row, holds=holds)
    session.add(new)
    session.flush()
    if not is_first:
        void_approvals(session, row)
        if not only_decides(given):
            drop(session, row.id, "", WENT_ON, clock(session))
    if isinstance(given, Words | Ignored) and not row.state["pending"]:
        add(session, [line_row(row.id, first, row.run, _line_of(row, given.words))])  # the run begins so, and it can be read
    return RunRef(row.id, row.run)


@for_a_while
def hear(
    engine: Engine,
    case_id: str,
    words: str,
    owner: str | None,
    human: Human | None = None,
    *,
    allows_code: bool = False,
) -> tuple[RunRef | None, str]:
    """A further message of the customer: the run that it begins, or what becomes of it instead."""
    with Session(engine) as session, session.begin():
        return hear_in(session, case_id, words, owner, human, allows_code)


def hear_in(
    session: Session,
    case_id: str,
    words: str,
    owner: str | None,
    human: Human | None = None,
    allows_code: bool = False,
    *,
    before: bool = False,
) -> tuple[RunRef | None, str]:
    """The same in a transaction that is under way. `before` says that they have not seen what they are asked by now."""
    words, row = spoken(words), held(session, case_id)
    own = own_words(words)
    ours = row.state.get("language", "en") if row.state else "en"
    language = language_for([own, *reversed(row.inbox), row.opening], ours)
    if is_absence(words):
        return None, said("case.absence", language)
    if is_with_human(session, row):
        append_lines(session, row.id, row.run, [_line_for_human(row, words)])
        if not only_thanks(own):
            drop(session, row.id, "", WROTE, clock(session))
        if not wrote_again(session, row, own):
            return None, said("thanks", language)
        added = said("case.added_for" if row.held_by else "case.added", language, who=row.held_by or "")
        return None, alarm(session, row, own) + added
    if row.end is None or row.end == "awaiting_approval":
        if not only_decides(Words(words)) and not only_thanks(own):
            drop(session, row.id, "", WROTE, clock(session))
        row.inbox = [*row.inbox, words]
        let_fall(session, row.id)
        return None, alarm(session, row, own) + said("case.worked_on" if row.end is None else "case.waits", language)
    given = replace(_words(words, human or Nobody(), allows_code), before=before)
    return begin_run(session, row, given, owner), ""


def _line_of(row: CaseRow, text: str) -> Entry:  # without what may be a code
    return words_of_customer(text, hiding_in(row.id, row.state))


def _line_for_human(row: CaseRow, text: str) -> Entry:
    """The same for a human, who may ask for other numbers than the code that was the question before."""
    return words_of_customer(text, replace(hiding_in(row.id, row.state), asks=False))


def _words(words: str, human: Human, allows_code: bool) -> Words:  # who sits there is kept, so that a replay asks them, too
    return Words(words, human.live, human.reviews, allows_code)


@for_a_while
def cancel(engine: Engine, case_id: str, operator: str, owner: str | None) -> RunRef | None:
    """End a case. None where it is being worked on: then it ends after the step that is under way."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        if row.end not in (None, *GOES_ON):
            raise OperatorError(f"{row.id} is over; it ended {row.end}. There is nothing to cancel.")
        if row.held_by not in (None, operator):
            raise OperatorError(f"{row.held_by} has this case. Ask them to end it, or to hand it back.")
        row.held_by, ref = None, None
        if row.end is None:
            row.cancelled_by = operator
        else:
            ref = begin_run(session, row, Cancelled(operator), owner)
        record(session, operator, "cancelled a case", row.id)
        return ref


@for_a_while
def take(engine: Engine, case_id: str, operator: str, instead_of: str = "") -> str:
    """Give a case to an operator, in place of another where that one is named: the agents fall silent. Returns what the
    operator must know.
    """
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        check_taken_from(session, row, operator, instead_of)
        if row.end is None and row.cancelled_by:
            raise OperatorError(f"{row.cancelled_by} has this case end, after the step that is under way. Take it then.")
        before, row.held_by = row.held_by, operator
        told = "The agents stop after the step that is under way."
        if row.end is not None:
            told = " ".join(["The agents are silent; the customer's messages come to you.", *open_calls(session, row)])
            if row.end not in GOES_ON and not is_with_a_human(lines_of(session, row.id, row.run)):
                line = DecisionEntry(OPERATOR, f"{operator} took the case over.", "human", reopened=True, operator=operator)
                append_lines(session, row.id, row.run, [line])
            taken_over(session, row)
        record(session, operator, "took a case over", row.id, {"from": before} if before else None)
        return told


def taken_over(session: Session, row: CaseRow, *, gap: int = 0) -> None:
    """Name the end of a case that an operator has taken; what waited for an approval is the operator's business now."""
    row.end, row.reason = "escalated", f"{row.held_by} took the case over."
    void_approvals(session, row)
    hear_inbox(session, row, gap=gap)


def hear_inbox(session: Session, row: CaseRow, *, gap: int = 0) -> None:
    """Put what the customer wrote meanwhile before the human who has the case now."""
    words, row.inbox = row.inbox, []
    if words:
        drop(session, row.id, "", WROTE, clock(session))
    append_lines(session, row.id, row.run, [_line_for_human(row, text) for text in words], gap=gap)
    for text in words if row.end == "cancelled" else ():  # no ticket is opened for that end, and theirs may be closed
        wrote_again(session, row, own_words(text))


@for_a_while
def speak(engine: Engine, case_id: str, operator: str, words: str, key: str = "") -> None:
    """An operator's words to the customer of a case that is with a human, once under the key of a form. Who speaks first takes
    the case.
    """
    said = inside.words(words)
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        if key and not once(session, key, row.id, said):
            return
        mine(session, row, operator, "Take it first: `switchboard take CASE`.")
        row.held_by = operator
        if row.end not in GOES_ON:
            taken_over(session, row)
        answered(session, row.id, clock(session))
        drop(session, row.id, operator, "They answered by hand.", clock(session))
        append_lines(session, row.id, row.run, [MessageEntry(OPERATOR, said, "human", operator=operator)])
        record(session, operator, "spoke to the customer", row.id, {"words": digest(said)})


@for_a_while
def hand_back(engine: Engine, case_id: str, operator: str, note: str, owner: str | None) -> RunRef:
    """Give a case back to the agents, with a note that they see."""
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        mine(session, row, operator, "There is nothing to hand back.")
        row.held_by = None
        ref = begin_run(session, row, HandedBack(operator, inside.words(note)), owner)
        record(session, operator, "handed a case back", row.id)
        return ref


def held(session: Session, case_id: str) -> CaseRow:
    """The case, locked until the transaction ends. Raises OperatorError where there is none, or none that can go on."""
    row = session.get(CaseRow, find(session, case_id).id, with_for_update=True, populate_existing=True)
    assert row is not None
    if row.parent:
        raise OperatorError(f"{row.id} is a branch of {row.parent}, and goes on and ends with it. Name {row.parent} instead.")
    if row.state is None:
        raise OperatorError(
            f"{row.id} was played on rows that are gone, so it cannot go on. `switchboard ask` begins a new case."
        )
    return row


def is_with_human(session: Session, row: CaseRow, lines: Sequence[Entry] | None = None) -> bool:
    """Whether messages go to a human: an operator has taken the case, or the agents have handed it over. `lines` are the
    case's, where they have been read already.
    """
    if row.end is None or row.state is None:
        return False
    return bool(row.held_by) or is_with_a_human(lines_of(session, row.id, row.run) if lines is None else lines)


def mine(session: Session, row: CaseRow, operator: str, otherwise: str) -> None:
    """Raises OperatorError where an operator cannot speak in a case: it is with the agents, or another one has it."""
    not_anothers(row, operator)
    if row.end is None:
        raise OperatorError("The agents are still at work on this case. Try again in a moment.")
    if not is_with_human(session, row):
        raise OperatorError(f"This case is with the agents; it stands at {row.end}. {otherwise}")
