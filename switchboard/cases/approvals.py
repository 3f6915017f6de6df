"""Approvals: calls that wait for operators, their answers, and what a deadline says when nobody does."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.cases.cases import RunRef, begin_run, held
from switchboard.cases.documents import find
from switchboard.cases.people.inside import reason
from switchboard.cases.people.tried import check_no_customer
from switchboard.cases.people.waiting import bound, fallen, let_fall, shown_as, voices_of
from switchboard.cases.sealed.rows import check_answerable, seal_approval, seal_opinion
from switchboard.cases.snapshot import Snapshot
from switchboard.cases.tables import ApprovalRow, CaseRow, OpinionRow, clock, utc
from switchboard.characters import same
from switchboard.database import for_a_while
from switchboard.declare.beginnings import Answered
from switchboard.declare.human import Approval, Asked
from switchboard.declare.transcript import DEADLINE, as_json, digest
from switchboard.errors import OperatorError

DEADLINE_HOURS = 72.0
MOST_DECISIONS = 5


@dataclass(frozen=True)
class WaitingCall:
    """A call that waits for operators; moments are in UTC.

    `hash` is what an answer is bound to; `since` is what the customer wrote while it waits, `edited` the arguments that an
    operator approved in place of it. Those who are `asked_again` approved it before the customer wrote more.
    """

    case_id: str
    team: str
    customer_id: str | None
    agent: str
    tool: str
    arguments: dict[str, Any]
    hash: str
    why: str
    operators: int
    approved_by: list[str]
    asked_at: datetime
    deadline: datetime
    opening: str
    since: list[str]
    edited: dict[str, Any] | None
    asked_again: list[str]


def ask_operators(session: Session, case_id: str, asked: Asked, hours: float) -> None:
    """Keep a call that waits, with the answers that it has already."""
    now = clock(session)
    row = ApprovalRow(
        case_id=case_id,
        call_id=asked.call_id,
        agent=asked.agent,
        tool=asked.tool,
        arguments=plain(asked.arguments),
        arguments_hash=asked.bound or digest([asked.tool, asked.arguments]),
        why=asked.why,
        operators=asked.operators,
        state="open",
        asked_at=now,
        deadline=now + timedelta(hours=hours),
    )
    session.add(row)
    session.flush()
    seal_approval(session, row)
    for approval in asked.said:
        _note(session, row, approval)
    if session.get_one(CaseRow, case_id).inbox:  # who approved it at the keyboard has not seen what came meanwhile
        let_fall(session, case_id)


def open_approvals(engine: Engine, case_id: str | None = None, limit: int | None = None) -> list[WaitingCall]:
    """What waits for operators, the nearest deadline first: of one case, or so many of all."""
    columns = (CaseRow.opening, CaseRow.inbox, CaseRow.team, CaseRow.state)
    query = select(ApprovalRow, *columns).join(CaseRow, CaseRow.id == ApprovalRow.case_id)
    query = query.where(ApprovalRow.state == "open").order_by(ApprovalRow.deadline, ApprovalRow.id).limit(limit)
    if case_id is not None:
        query = query.where(ApprovalRow.case_id == case_id)
    with Session(engine.execution_options(reading=True)) as session:
        found = session.execute(query).all()
        return [
            _waiting_call(row, voices_of(session, row), [one.operator for one in fallen(session, row)], *of_the_case)
            for row, *of_the_case in found
        ]


def open_hashes(engine: Engine, teams: Collection[str]) -> list[tuple[str, str]]:
    """Of all calls of these teams that wait, the nearest deadline first, the case and the hash alone."""
    query = select(ApprovalRow.case_id, ApprovalRow.id, ApprovalRow.call_id, ApprovalRow.arguments_hash)
    query = query.join(CaseRow, CaseRow.id == ApprovalRow.case_id).where(CaseRow.team.in_(teams), ApprovalRow.state == "open")
    with Session(engine.execution_options(reading=True)) as session:
        found = session.execute(query.order_by(ApprovalRow.deadline, ApprovalRow.id))
        return [(case_id, bound(asked, call_id, its_hash)) for case_id, asked, call_id, its_hash in found]


def count_open(engine: Engine) -> int:
    """How many calls wait for operators."""
    with Session(engine.execution_options(reading=True)) as session:
        return session.scalar(select(func.count()).where(ApprovalRow.state == "open")) or 0


def decisions_on(engine: Engine, tool: str, about: str, value: Any) -> list[str]:
    """What operators said to calls of a tool with this value of an argument, in all cases, the newest first."""
    of_it = (ApprovalRow.tool == tool, ApprovalRow.arguments[about].as_string() == str(value))
    query = select(ApprovalRow).where(*of_it, ApprovalRow.state.in_(("approved", "refused"))).order_by(ApprovalRow.id.desc())
    with Session(engine.execution_options(reading=True)) as session:
        return [_decision(row, voices_of(session, row)) for row in session.scalars(query.limit(MOST_DECISIONS))]


def _decision(row: ApprovalRow, opinions: list[OpinionRow]) -> str:
    who = " and ".join(opinion.operator for opinion in opinions) or "the deadline"
    why = "; ".join(opinion.reason for opinion in opinions if opinion.reason)
    return f"{row.state} by {who} on {utc(row.asked_at):%Y-%m-%d}, in {row.case_id}" + (f": {why}" if why else "")


def _waiting_call(
    row: ApprovalRow,
    opinions: list[OpinionRow],
    again: list[str],
    opening: str,
    inbox: list[str],
    team: str,
    state: Snapshot | None,
) -> WaitingCall:
    return WaitingCall(
        case_id=row.case_id,
        team=team,
        customer_id=state["customer_id"] if state else None,
        agent=row.agent,
        tool=row.tool,
        arguments=row.arguments,
        hash=shown_as(row),
        why=row.why,
        operators=row.operators,
        approved_by=[opinion.operator for opinion in opinions],
        asked_at=utc(row.asked_at),
        deadline=utc(row.deadline),
        opening=opening,
        since=inbox,
        edited=next((opinion.arguments for opinion in opinions if opinion.arguments), None),
        asked_again=again,
    )


def call_that_waits(engine: Engine, case_id: str, shown: str = "") -> WaitingCall:
    """The call of a case that waits for operators, with this hash where one is given.

    Raises OperatorError where it does not wait (any more), with how things stand instead.
    """
    expire(engine)
    with Session(engine.execution_options(reading=True)) as session:
        row = find(session, case_id)
        found = open_approvals(engine, row.id)
        if found and shown in ("", found[0].hash):
            return found[0]
        _waiting(session, row, shown)
    return call_that_waits(engine, case_id, shown)  # it has begun to wait in this moment


def check_seen(since: Sequence[str], seen: int) -> None:
    """Raises OperatorError where the customer wrote more meanwhile than whoever approves has seen: it may be a no."""
    if (count := len(since)) > seen:
        many = "a message" if count == 1 else f"{count} messages"
        raise OperatorError(
            f"Nothing was approved: while the call waits, the customer wrote {many}, of which you have seen {seen}. "
            "Read what they say, then approve it having seen them, or refuse."
        )


@for_a_while
def answer(
    engine: Engine, case_id: str, shown: str, approval: Approval, owner: str | None, seen: int | None = None
) -> RunRef | None:
    """An operator's answer to the call with this hash. None while another operator must agree. `seen` is how many of the
    messages that the customer wrote meanwhile the operator knows of, where that is to be held against them.

    Raises OperatorError when the call does not wait (any more), this operator has spoken already, or does not know what the
    customer wrote.
    """
    approval = replace(approval, reason=reason(approval.reason))
    expire(engine)
    with Session(engine) as session, session.begin():
        row = held(session, case_id)
        waiting = _waiting(session, row, shown)
        said = voices_of(session, waiting)
        if approval.answer == "approve" and seen is not None:
            check_seen(row.inbox, seen)
        mine = [opinion for opinion in said if same(opinion.operator, approval.by)]
        if mine and approval.answer == "approve":
            raise OperatorError(f"{approval.by} has approved this already; a different operator must approve it too.")
        if any(opinion.arguments != _edited(approval) for opinion in said) and approval.answer == "approve":
            raise OperatorError("The other operator approved other arguments. Approve the same ones, or refuse.")
        if approval.answer == "approve":
            check_no_customer(session, row, approval.by)
            check_answerable(session, row, waiting, said)
        before = [opinion for opinion in fallen(session, waiting) if same(opinion.operator, approval.by)]
        for opinion in (*mine, *before):  # who refuses now takes back what they said before
            session.delete(opinion)
        session.flush()
        _note(session, waiting, approval)
        ref = None
        if approval.answer != "approve" or len(said) + 1 >= waiting.operators:
            agreed = [opinion.operator for opinion in said] if approval.answer == "approve" else []
            voices = (*agreed, approval.by)
            ref = _decide(session, row, waiting, replace(approval, by=" and ".join(voices), voices=voices), owner)
        _record(session, waiting, approval)
        return ref


@for_a_while
def expire(engine: Engine) -> list[RunRef]:
    """Say no for every approval whose deadline has passed; whoever takes runs up goes on with the cases."""
    with Session(engine) as session, session.begin():
        late = select(ApprovalRow.case_id).where(ApprovalRow.state == "open", ApprovalRow.deadline <= clock(session))
        refs = []
        for case_id in session.scalars(late.order_by(ApprovalRow.id)).all():
            row = held(session, case_id)
            waiting = session.scalars(
                select(ApprovalRow).where(ApprovalRow.case_id == case_id, ApprovalRow.state == "open")
            ).first()
            if waiting is None:  # another process was faster
                continue
            no = Approval("refuse", DEADLINE, f"No operator approved it until {_when(waiting.deadline)}.")
            refs.append(_decide(session, row, waiting, no, None))
        return refs


def _decide(session: Session, row: CaseRow, waiting: ApprovalRow, approval: Approval, owner: str | None) -> RunRef:
    waiting.state = "approved" if approval.answer == "approve" else "refused"
    session.flush()
    bound = replace(approval, bound=waiting.arguments_hash)
    return begin_run(session, row, Answered(waiting.call_id, bound), owner)


def _record(session: Session, waiting: ApprovalRow, approval: Approval) -> None:
    """Put what an operator said to a call into the audit log."""
    what = "approved a call" if approval.answer == "approve" else "refused a call"
    data = {"call": waiting.call_id, "tool": waiting.tool, "hash": shown_as(waiting), "operators": waiting.operators}
    data |= {"edited": _edited(approval)} if approval.arguments else {}
    data |= {"reason": approval.reason} if approval.reason else {}
    record(session, approval.by, what, waiting.case_id, data)


def _waiting(session: Session, row: CaseRow, shown: str) -> ApprovalRow:
    """The open approval that an answer is for. Raises OperatorError, which says how things stand instead."""
    rows = session.scalars(select(ApprovalRow).where(ApprovalRow.case_id == row.id).order_by(ApprovalRow.id)).all()
    found = next((a for a in rows if a.state == "open"), None)
    if found is not None and shown_as(found) == shown:
        return found
    if found is not None:
        raise OperatorError(f"{row.id} waits for another call by now. `switchboard approvals` shows it.")
    last = rows[-1] if rows else None
    if last is None or last.state == "void":
        stands = "is being worked on" if row.end is None else f"stands at {row.end}"
        raise OperatorError(f"{row.id} does not wait for an approval; it {stands}.")
    names = " and ".join(opinion.operator for opinion in voices_of(session, last)) or "the deadline"
    raise OperatorError(f"{last.tool} of {row.id} was {last.state} already, by {names}.")


def _note(session: Session, row: ApprovalRow, approval: Approval) -> None:
    opinion = OpinionRow(approval_id=row.id, operator=approval.by, answer=approval.answer or "", reason=approval.reason)
    opinion.arguments, opinion.said_at = _edited(approval), clock(session)
    seal_opinion(session, opinion)
    session.add(opinion)
    session.flush()


def _edited(approval: Approval) -> dict[str, Any] | None:
    return plain(approval.arguments) if approval.arguments else None


def plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as JSON data."""
    return dict(json.loads(as_json(arguments)))


def _when(moment: datetime) -> str:
    return f"{utc(moment):%Y-%m-%d %H:%M} UTC"
