"""Accounts: made, given another role or password, and disabled; each is a row of the audit log, too.

One that is disabled stays, so that nobody else is called by its name.
"""

import time
from dataclasses import dataclass
from typing import Any
from unicodedata import category

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.accounts.known import has_accounts
from switchboard.accounts.passwords import BY_PROVIDER, hashed
from switchboard.accounts.roles import ROLES, Role
from switchboard.accounts.rows import accounts, sessions
from switchboard.characters import normal
from switchboard.errors import OperatorError
from switchboard.service.accounts.people import Person, Rows, account_called
from switchboard.service.place import Place, name_of_operator

MARKS = " .'’-_@+"
"""What an account's name may hold beside letters and digits."""


@dataclass(frozen=True)
class ListedAccount:
    """`made_at` is in seconds since the epoch."""

    name: str
    role: Role
    disabled: bool
    made_at: float


def any_accounts(place: Rows) -> bool:
    """Whether there is an account, be it a disabled one: who lets the last one go opens the desk to nobody."""
    with Session(place.engine.execution_options(reading=True)) as session:
        return has_accounts(session)


def list_accounts(place: Rows) -> list[ListedAccount]:
    """All accounts, by name."""
    with Session(place.engine.execution_options(reading=True)) as session:
        rows = session.execute(select(accounts).order_by(accounts.c.folded))
        return [ListedAccount(row.name, row.role, bool(row.disabled), row.made_at) for row in rows]


def add_account(place: Place, name: str, role: Role, password: str | None, by: str) -> Person:
    """Make an account; without a password its person signs in by the provider that the project's file names.

    Raises OperatorError where the name is taken or can be no operator's, or the password will not do.
    """
    name = name_of_operator(place.environment, name)
    kept = BY_PROVIDER if password is None else hashed(password)
    try:
        with Session(place.engine) as session, session.begin():
            insert_account(session, name, _checked(role), kept)
            record(session, by, "added an account", data={"account": name, "role": role})
    except IntegrityError:
        raise OperatorError(f"There is an account {name!r} already. `switchboard users list` lists them.") from None
    return Person(name, role)


def insert_account(session: Session, name: str, role: Role, password: str) -> None:
    """The row of a new account. Raises IntegrityError where the name is taken, OperatorError where it is no name."""
    if not all(one.isalnum() or category(one)[0] == "M" or one in MARKS for one in name) or not any(map(str.isalnum, name)):
        raise OperatorError(f"{name!r} is no name of an account: that has letters, digits, spaces and {MARKS.strip()} alone.")
    new = {"name": name, "folded": normal(name), "role": role, "password": password, "disabled": False}
    session.execute(accounts.insert().values(**new, made_at=time.time()))


def set_role(place: Rows, name: str, role: Role, by: str) -> Person:
    """Give an account another role, which holds from the next request on."""
    with Session(place.engine) as session, session.begin():
        row = account_called(session, name)
        session.execute(accounts.update().where(accounts.c.id == row.id).values(role=_checked(role)))
        record(session, by, "set a role", data={"account": row.name, "role": role, "before": row.role})
        return Person(row.name, role)


def disable(place: Rows, name: str, by: str) -> Person:
    """Let an account in no more: its sessions end, and its API tokens open nothing."""
    return _changed(place, name, {"disabled": True}, by, "disabled an account")


def enable(place: Rows, name: str, by: str) -> Person:
    """Let an account in again that was disabled."""
    return _changed(place, name, {"disabled": False}, by, "enabled an account")


def set_password(place: Rows, name: str, password: str, by: str) -> Person:
    """Give an account another password; whoever is signed in with the old one is so no more."""
    return _changed(place, name, {"password": hashed(password)}, by, "set a password")


def _changed(place: Rows, name: str, values: dict[str, Any], by: str, what: str) -> Person:
    with Session(place.engine) as session, session.begin():
        row = account_called(session, name)
        session.execute(accounts.update().where(accounts.c.id == row.id).values(**values))
        session.execute(sessions.delete().where(sessions.c.account_id == row.id))
        record(session, by, what, data={"account": row.name})
        return Person(row.name, row.role)


def _checked(role: Role) -> Role:
    if role not in ROLES:
        raise OperatorError(f"There is no role {role!r}; there is {', '.join(ROLES)}.")
    return role
