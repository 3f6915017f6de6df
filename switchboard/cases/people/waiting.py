"""What becomes of calls that wait for operators where their case goes another way."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from switchboard.cases.tables import ApprovalRow, CaseRow
from switchboard.declare.transcript import as_json


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
