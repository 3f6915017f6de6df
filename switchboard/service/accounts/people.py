"""People who may work at a desk, by the names that what they do is recorded under."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Engine, exists, select
from sqlalchemy.orm import Session

from switchboard.accounts.passwords import BY_PROVIDER
from switchboard.accounts.roles import Role, may
from switchboard.accounts.rows import accounts
from switchboard.characters import normal
from switchboard.errors import OperatorError


class Rows(Protocol):
    """Where the rows are: any place of the service is one."""

    @property
    def engine(self) -> Engine: ...


@dataclass(frozen=True)
class Person:
    """Somebody with an account: their name, as the records have it, and what they may do."""

    name: str
    role: Role

    def may(self, needed: Role) -> bool:
        """Whether what needs a role is open to this person."""
        return may(self.role, needed)


def account_called(session: Session, name: str) -> Any:
    """The row of an account, however its name is written. Raises OperatorError where there is none."""
    row = session.execute(select(accounts).where(accounts.c.folded == normal(name))).first()
    if row is None:
        raise OperatorError(f"There is no account {name[:60]!r}. `switchboard users list` lists them.")
    return row


def person_called(place: Rows, name: str) -> Person:
    """Who has an account, however its name is written. Raises OperatorError where there is none, or it is disabled."""
    with Session(place.engine.execution_options(reading=True)) as session:
        row = account_called(session, name)
        if row.disabled:
            raise OperatorError(f"The account {row.name} is disabled.")
        return Person(row.name, row.role)


def has_password(place: Rows, name: str) -> bool:
    """Whether somebody proves by a password who they are; else a provider says so, or there is no such account."""
    return _any(place, accounts.c.folded == normal(name), accounts.c.password.not_like(f"{BY_PROVIDER}%"))


def any_admin(place: Rows) -> bool:
    """Whether there is an admin who is let in, by a password or by a provider."""
    return _any(place, accounts.c.role == "admin")


def _any(place: Rows, *which: ColumnElement[bool]) -> bool:
    found = select(exists().where(*which, accounts.c.disabled.is_(False)))
    with Session(place.engine.execution_options(reading=True)) as session:
        return bool(session.scalar(found))
