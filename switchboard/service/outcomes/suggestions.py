"""Questions that nothing answered: grouped by likeness, counted, with what people answered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.people.inside import reason
from switchboard.cases.tables import CaseRow, EntryRow, TakenQuestionRow, clock
from switchboard.declare.flow import OPERATOR
from switchboard.errors import OperatorError
from switchboard.events.masking import masked
from switchboard.events.secrets import without_secrets
from switchboard.tickets.likeness import Known, Texts
from switchboard.tickets.rows import Ticket

NOT_ANSWERED = "not_answered"
LIKE = 60.0
"""From which likeness on, 0 to 100, two questions are taken for one."""
MOST_CASES = 5_000
"""So many of the newest cases are looked through."""


@dataclass(frozen=True)
class Suggestion:
    """A question that nothing answered, in the words of who asked it first, and each wording of it. `number` is of the oldest
    ticket that it led to, and stays; `answers` are what people answered, the newest first. All of it is masked.
    """

    number: int
    question: str
    wordings: tuple[str, ...]
    case_ids: tuple[str, ...]
    departments: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.case_ids)


def suggestions(engine: Engine, least: int = 2) -> list[Suggestion]:
    """The questions that came so often and nobody has taken over, the most frequent first."""
    with Session(engine.execution_options(reading=True)) as session:
        first = select(Ticket.case_id, func.min(Ticket.id).label("number")).group_by(Ticket.case_id).subquery()
        query = select(CaseRow.id, CaseRow.opening, CaseRow.department, first.c.number).join(
            first, first.c.case_id == CaseRow.id
        )
        query = query.where(CaseRow.handed_over == NOT_ANSWERED, CaseRow.end == "escalated", CaseRow.parent.is_(None))
        query = query.where(CaseRow.id.not_in(select(TakenQuestionRow.case_id)))
        newest = query.order_by(first.c.number.desc()).limit(MOST_CASES)
        rows = [_Asked(str(c), _plain(opening), d or "", int(n)) for c, opening, d, n in session.execute(newest)]
        groups = [one for one in _grouped(reversed(rows)) if len(one) >= least]
        answers = _answers(session, [one.case_id for group in groups for one in group])
    found = [_as_suggestion(group, answers) for group in groups]
    return sorted(found, key=lambda one: (-one.count, one.number))


def suggestion(engine: Engine, number: int) -> Suggestion:
    """The question with a number. Raises OperatorError where there is none (any more)."""
    found = next((one for one in suggestions(engine, 1) if one.number == number), None)
    if found is None:
        raise OperatorError(f"There is no suggestion {number}. `switchboard suggestions --least 1` lists all of them.")
    return found


def mark_taken(session: Session, one: Suggestion, into: str, by: str) -> None:
    """Keep that a question was taken over: its cases count no more."""
    _settle(session, one, into, by)
    record(session, by, "took a suggestion over", data={"suggestion": one.number, "into": into, "cases": one.case_ids})


def put_aside(engine: Engine, one: Suggestion, why: str, by: str) -> None:
    """Keep that a question is to be taken over into nothing, and why: its cases count no more. Raises OperatorError."""
    why = _masked(reason(why))
    try:
        with Session(engine) as session, session.begin():
            _settle(session, one, "", by)
            told = {"suggestion": one.number, "why": why, "cases": one.case_ids}
            record(session, by, "put a suggestion aside", data=told)
    except IntegrityError:
        raise OperatorError("Somebody has settled this at the same moment. Reload for what is left.") from None


def _settle(session: Session, one: Suggestion, into: str, by: str) -> None:
    at = clock(session)
    session.add_all([TakenQuestionRow(case_id=case_id, into=into, taken_by=by, at=at) for case_id in one.case_ids])


@dataclass(frozen=True)
class _Asked:
    case_id: str
    text: str
    department: str
    number: int


def _plain(text: str) -> str:
    return _masked(" ".join(text.split()))


def _masked(text: str) -> str:
    """A text masked as a file of the project may have it."""
    return masked(without_secrets(text))


def _grouped(asked: Iterable[_Asked]) -> list[list[_Asked]]:
    """Questions that are like an earlier one, together with it."""
    texts, groups, group_of = Texts(), dict[str, list[_Asked]](), dict[str, str]()
    for one in asked:
        like = texts.like(one.text, 1, LIKE)
        first = group_of[like[0].key] if like else one.case_id
        groups.setdefault(first, []).append(one)
        group_of[one.case_id] = first
        texts.add(Known(one.case_id, "", one.text))
    return list(groups.values())


def _answers(session: Session, case_ids: list[str]) -> dict[str, list[str]]:
    """What people told the customers of cases, and how they settled the tickets, by case, the newest first."""
    said: dict[str, list[str]] = defaultdict(list)
    told = select(EntryRow.case_id, EntryRow.data["text"].as_string())
    told = told.where(EntryRow.kind == "message", EntryRow.data["speaker"].as_string() == OPERATOR)
    settled = select(Ticket.case_id, Ticket.resolution).where(Ticket.resolution.is_not(None)).order_by(Ticket.id.desc())
    for start in range(0, len(case_ids), 500):
        some = case_ids[start : start + 500]
        spoken = told.where(EntryRow.case_id.in_(some)).order_by(EntryRow.at.desc())
        for query in (spoken, settled.where(Ticket.case_id.in_(some))):
            for case_id, text in session.execute(query):
                said[case_id].append(_masked(str(text).strip()))
    return said


def _as_suggestion(group: list[_Asked], answers: dict[str, list[str]]) -> Suggestion:
    newest_first = [text for one in reversed(group) for text in answers.get(one.case_id, ())]
    return Suggestion(
        number=group[0].number,
        question=group[0].text,
        wordings=tuple(dict.fromkeys(one.text for one in group)),
        case_ids=tuple(one.case_id for one in group),
        departments=tuple(dict.fromkeys(one.department for one in group if one.department)),
        answers=tuple(dict.fromkeys(text for text in newest_first if text)),
    )
