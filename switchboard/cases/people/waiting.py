"""Calls that wait for operators: who has said what to them, and what becomes of them where their case goes another way."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from switchboard.cases.documents import find
from switchboard.cases.sealed.rows import seal_opinion
from switchboard.cases.tables import ApprovalRow, CaseRow, OpinionRow
from switchboard.characters import same
from switchboard.declare.transcript import as_json, digest

FALLEN = "fallen"
"""The answer of who approved a call before its customer wrote more: it counts no more, as that may be a no."""


def shown_as(row: ApprovalRow) -> str:
    return bound(row.id, row.call_id, row.arguments_hash)


def bound(asked: int, call_id: str, arguments_hash: str) -> str:
    """What an answer is bound to: this very call, as operators are `asked` about it this time. The same one, asked for anew,
    is another: it may be so because of what an operator wrote meanwhile, of other terms, or of how many must approve it.
    """
    return digest([asked, call_id, arguments_hash])


def voices_of(session: Session, row: ApprovalRow) -> list[OpinionRow]:
    """What operators said to a call, the earliest first, as far as it counts."""
    query = select(OpinionRow).where(OpinionRow.approval_id == row.id, OpinionRow.answer != FALLEN)
    return list(session.scalars(query.order_by(OpinionRow.said_at)))


def fallen(session: Session, row: ApprovalRow) -> list[OpinionRow]:
    """What they said before the customer wrote more: they are asked again."""
    query = select(OpinionRow).where(OpinionRow.approval_id == row.id, OpinionRow.answer == FALLEN)
    return list(session.scalars(query.order_by(OpinionRow.said_at)))


def let_fall(session: Session, case_id: str) -> None:
    """Have each yes to a call that waits count no more, as the customer writes what nobody who gave one has seen."""
    of_it = (ApprovalRow.case_id == case_id, ApprovalRow.state == "open")
    for row in session.scalars(select(ApprovalRow).where(*of_it)):
        for opinion in voices_of(session, row):
            opinion.answer = FALLEN
            seal_opinion(session, opinion)


def said_already(
    engine: Engine, case_id: str, shown: str, by: str, answer: str, changes: Mapping[str, Any] | None = None
) -> bool:
    """Whether this operator has given this answer, with these changes, to the call with this hash, waiting or not."""
    with Session(engine.execution_options(reading=True)) as session:
        rows = session.scalars(select(ApprovalRow).where(ApprovalRow.case_id == find(session, case_id).id)).all()
        said = [(row, one) for row in rows if shown_as(row) == shown for one in voices_of(session, row) if one.answer == answer]
        given = [
            as_json(one.arguments) == as_json({**row.arguments, **changes} if changes else None)
            for row, one in said
            if same(one.operator, by)
        ]
        return any(given)


def open_calls(session: Session, row: CaseRow) -> list[str]:
    """What becomes of the calls that wait for operators where one takes the case, in sentences."""
    found = session.scalars(select(ApprovalRow).where(ApprovalRow.case_id == row.id, ApprovalRow.state == "open"))
    return [
        f"{one.tool}({', '.join(f'{name}={as_json(value)}' for name, value in one.arguments.items())}) waited for an approval. "
        "It is not done, and nobody can approve it while you have the case. No note does it; after `hand-back` the agents ask "
        "for it anew, unless you have spoken to the customer since; then they are told that it is not done."
        for one in found
    ]


def void_approvals(session: Session, row: CaseRow) -> None:
    """What still waits for operators is not to be answered any more: the case goes another way."""
    open_ones = (ApprovalRow.case_id == row.id, ApprovalRow.state == "open")
    session.execute(update(ApprovalRow).where(*open_ones).values(state="void"))
