"""API tokens: what a program shows in place of a password, for what its scopes name and no more than its account may."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.accounts.passwords import hash_of, new_token
from switchboard.accounts.roles import NEEDED, SCOPES, Scope, may
from switchboard.accounts.rows import accounts, tokens
from switchboard.characters import washed
from switchboard.database import worth_no_failure
from switchboard.errors import OperatorError
from switchboard.service.accounts.people import Person, Rows, account_called
from switchboard.service.accounts.signing_in import NOTED_SECONDS

BEGINS = "swb_"
"""How a token begins, so that who finds one in a file, or searches for such, knows what it is."""
MOST_NAME = 60
OF_ACCOUNT = select(tokens, accounts.c.name.label("account"), accounts.c.role, accounts.c.disabled).join(
    accounts, accounts.c.id == tokens.c.account_id
)


@dataclass(frozen=True)
class ListedToken:
    """`number` is what it is revoked by; moments are in seconds since the epoch."""

    number: int
    name: str
    account: str
    scopes: tuple[Scope, ...]
    made_at: float
    last_used: float | None
    revoked: bool


@dataclass(frozen=True)
class NewToken:
    """A token that was made: `token` is told this once."""

    number: int
    token: str = field(repr=False)


@dataclass(frozen=True)
class Holder:
    """Whose token a program has shown, and what it is for."""

    person: Person
    scopes: tuple[Scope, ...]

    def may(self, scope: Scope) -> bool:
        """Whether it is for this, and its account may do it."""
        return scope in self.scopes and self.person.may(NEEDED[scope])


def add_token(place: Rows, account: str, name: str, scopes: Sequence[str], by: str) -> NewToken:
    """Make a token of an account. Raises OperatorError for a scope that there is not, or that is more than its role may."""
    wanted = [scope for scope in SCOPES if scope in scopes]
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise OperatorError(f"There is no scope {unknown[0]!r}; there is {', '.join(SCOPES)}.")
    name = " ".join(washed(name).split())
    if not wanted or not name or len(name) > MOST_NAME:
        raise OperatorError(f"A token has a name of at most {MOST_NAME} characters, which says what it is for, and a scope.")
    token = BEGINS + new_token()
    with Session(place.engine) as session, session.begin():
        row = account_called(session, account)
        if row.disabled:
            raise OperatorError(f"The account {row.name} is disabled.")
        if more := [scope for scope in wanted if not may(row.role, NEEDED[scope])]:
            raise OperatorError(f"{row.name} is {row.role}, and {more[0]} needs {NEEDED[more[0]]}.")
        new = {"token": hash_of(token), "name": name, "scopes": wanted, "account_id": row.id}
        made = session.execute(tokens.insert().values(**new, made_at=time.time(), last_used=None, revoked=False))
        number = int(made.inserted_primary_key[0])  # type: ignore[attr-defined]
        record(session, by, "added a token", data={"account": row.name, "token": number, "name": name, "scopes": new["scopes"]})
    return NewToken(number, token)


def list_tokens(place: Rows) -> list[ListedToken]:
    """All tokens, the oldest first."""
    with Session(place.engine.execution_options(reading=True)) as session:
        return [
            ListedToken(row.id, row.name, row.account, tuple(row.scopes), row.made_at, row.last_used, bool(row.revoked))
            for row in session.execute(OF_ACCOUNT.order_by(tokens.c.id))
        ]


def revoke_token(place: Rows, number: int, by: str) -> None:
    """Have a token open nothing any more. Raises OperatorError where there is none, or it was revoked."""
    with Session(place.engine) as session, session.begin():
        ids = session.scalars(select(tokens.c.id).where(tokens.c.revoked.is_(False)))
        if number not in [*ids]:  # no database is asked for a number without end
            raise OperatorError(f"There is no token {number} that is not revoked. `switchboard tokens list` lists them.")
        session.execute(tokens.update().where(tokens.c.id == number).values(revoked=True))
        record(session, by, "revoked a token", data={"token": number})


def holder_of(place: Rows, token: str) -> Holder | None:
    """Whose token this is; None where it is none, or was revoked, or its account is disabled."""
    query = OF_ACCOUNT.where(tokens.c.token == hash_of(token), tokens.c.revoked.is_(False), accounts.c.disabled.is_(False))
    with Session(place.engine.execution_options(reading=True)) as session:
        row = session.execute(query).first()
    if row is None:
        return None
    if (now := time.time()) - (row.last_used or 0.0) >= NOTED_SECONDS:
        with worth_no_failure("when a token was used"), Session(place.engine) as session, session.begin():
            session.execute(tokens.update().where(tokens.c.id == row.id).values(last_used=now))
    return Holder(Person(row.account, row.role), tuple(row.scopes))
