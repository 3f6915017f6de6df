"""Whether anybody has an account, and who may do what: for what is decided in a transaction that is under way."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from switchboard.accounts.roles import ROLES, Role, may
from switchboard.accounts.rows import accounts
from switchboard.characters import normal


def has_accounts(session: Session) -> bool:
    """Whether anybody has an account, be it a disabled one."""
    return bool(session.scalar(select(exists(accounts))))


def is_at_least(session: Session, name: str, needed: Role) -> bool:
    """Whether somebody has an enabled account, however its name is written, whose role may do what needs another."""
    query = select(accounts.c.role).where(accounts.c.folded == normal(name), accounts.c.disabled.is_(False))
    role = session.scalar(query)
    return role in ROLES and may(role, needed)
