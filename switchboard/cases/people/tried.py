"""Cases in which a person of the desk wrote as a customer, by trying, in a fork or by a token: their yes to a call there is
none, but that of a lead whose token a program shows.
"""

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import audit, record
from switchboard.accounts.known import has_accounts, is_at_least
from switchboard.cases.tables import CaseRow
from switchboard.characters import same
from switchboard.errors import OperatorError

TRIED, FORKED, BY_TOKEN = "tried the desk as a customer", "forked a case", "wrote for a customer by a token"
"""What the audit log says of it; a fork counts where its customer was given other words, which its row says."""
MOST_FORKS = 100


def note_by_token(session: Session, case_id: str, by: str) -> None:
    """Keep whose token brought a customer's words, once a case, as the last statement of the transaction that keeps them."""
    there = select(exists().where(audit.c.case_id == case_id, audit.c.who == by, audit.c.what == BY_TOKEN))
    if by and has_accounts(session) and not session.scalar(there):
        record(session, by, BY_TOKEN, case_id)


def check_no_customer(session: Session, row: CaseRow, by: str) -> None:
    """Raises OperatorError where whoever approves a call of a case `wrote_in` it."""
    if wrote_in(session, row, by):
        raise OperatorError(f"Nothing was approved: {by} wrote in {row.id} as its customer. Somebody else must approve it.")


def wrote_in(session: Session, row: CaseRow, by: str) -> bool:
    """Whether they wrote in a case as its customer, or in one that it was forked from. Where nobody has an account one person
    does all, and approves what they try.
    """
    ids = _itself_and_before(session, row)
    deeds = select(audit.c.who, audit.c.what, audit.c.data).where(
        audit.c.case_id.in_(ids), audit.c.what.in_((TRIED, FORKED, BY_TOKEN))
    )
    found = session.execute(deeds).all()
    wrote = [one.who for one in found if one.what == TRIED or (one.data.get("words") and one.data.get("fork") in ids)]
    if not is_at_least(session, by, "lead"):  # whose token may be that of what serves all customers
        wrote += [one.who for one in found if one.what == BY_TOKEN]
    return any(same(who, by) for who in wrote) and has_accounts(session)


def may_approve(engine: Engine, case_id: str, by: str) -> bool:
    """Whether their yes counts in a case, as they did not write in it."""
    with Session(engine.execution_options(reading=True)) as session:
        return not wrote_in(session, session.get_one(CaseRow, case_id), by)


def _itself_and_before(session: Session, row: CaseRow) -> list[str]:
    found, one = [row.id], row
    while one.state and (before := one.state.get("forked", ("", 0))[0]) and len(found) < MOST_FORKS:
        if before in found or (earlier := session.get(CaseRow, before)) is None:
            break
        found.append(before)
        one = earlier
    return found
