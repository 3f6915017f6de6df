"""Whoever has a case: who may take it from them, as nobody could go on with the cases of one who left the desk else; and
what they say in it once.
"""

from shlex import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.known import has_accounts, is_at_least
from switchboard.cases.entries import lines_of
from switchboard.cases.tables import CaseRow, MailRow
from switchboard.declare.transcript import digest
from switchboard.errors import OperatorError
from switchboard.flows.matters import is_with_a_human
from switchboard.tickets.rows import open_of


def not_anothers(row: CaseRow, operator: str) -> None:
    """Raises OperatorError where another operator has a case."""
    if row.held_by not in (None, operator):
        how = f"Where they cannot, a lead takes it over by `switchboard take {row.id} --from {quote(row.held_by)}`."
        raise OperatorError(f"{row.held_by} has this case. Ask them to hand it back. {how}")


def check_taken_from(session: Session, row: CaseRow, by: str, instead_of: str) -> None:
    """Raises OperatorError where somebody takes a case that they have, or that another has whom they did not name, so that
    nobody takes one from whoever was faster; or where it is not theirs to take.
    """
    if row.held_by is None:
        return
    if row.held_by == by:
        raise OperatorError("You have this case already.")
    if not may_take_from(session, row.held_by, by):
        raise OperatorError(f"{row.held_by} has this case already. Ask them to hand it back, or a lead to take it over.")
    if row.held_by != instead_of:
        how = f"`switchboard take {row.id} --from {quote(row.held_by)}` takes it from them."
        raise OperatorError(f"{row.held_by} has this case already. {how}")


def may_take_from(session: Session, holder: str, by: str) -> bool:
    """Whether somebody may take over a case that another has: a lead may; and whoever works at the desk, where the other does
    so no more, or nobody has an account.
    """
    if not has_accounts(session) or is_at_least(session, by, "lead"):
        return True
    return is_at_least(session, by, "operator") and not is_at_least(session, holder, "operator")


def release(session: Session, row: CaseRow, by: str) -> None:
    """Have nobody any more a case whose last ticket was closed by who has it: it is settled. It stays with people, so what its
    customer writes then opens that ticket again.
    """
    if row.held_by == by and row.end is not None and not open_of(session, row.id):
        row.held_by = None if is_with_a_human(lines_of(session, row.id, row.run)) else by


def once(session: Session, key: str, case_id: str, words: str) -> bool:
    """Note what a form says in a case that is locked. False where it has said just that before, as when its button was pressed
    twice. Raises OperatorError where it said something else.
    """
    said = f"{key} {digest([case_id, words])}"
    before = session.scalars(select(MailRow.message_id).where(MailRow.message_id.in_((key, said)))).all()
    if before and said not in before:
        raise OperatorError("This form has sent other words already. These are not sent; send them again if both are meant.")
    session.add_all([] if before else [MailRow(message_id=one, case_id=case_id) for one in (key, said)])
    return not before
