"""Signing in: a name and a password for a session, whose token is new each time and stands in no row."""

import ipaddress
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.accounts.passwords import MOST, fits, hash_of, hashed, is_outdated, new_token
from switchboard.accounts.rows import accounts, sessions, sign_ins
from switchboard.characters import normal, washed
from switchboard.database import lock_key, worth_no_failure
from switchboard.errors import OperatorError
from switchboard.service.accounts.people import Person, Rows

LASTS_SECONDS, IDLE_SECONDS = 12 * 3600.0, 2 * 3600.0
"""After how long a session ends, and after how long without a request."""
NOTED_SECONDS = 60.0
"""How exactly it is kept when a session or a token was used last."""
WINDOW_SECONDS = 15 * 60.0
MOST_OF_NAME, MOST_OF_ADDRESS = 5, 50
"""Failed tries within the window for a name from an address, and from an address in all."""
MOST_NAME, MOST_ADDRESS = 200, 100
OF_ONE_OWNER = 64
"""Bits of an IPv6 address that say whose it is."""
ONE_AT_A_TIME = 7392013
"""The advisory lock on Postgres of the one who counts tries and adds one."""


class WrongPassword(OperatorError):
    """The name and the password do not belong together, or the account is disabled: which of it is told to nobody."""

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class TooManyTries(OperatorError):
    """There were too many failed tries: after `seconds` there may be another."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were too many tries. Wait for {math.ceil(seconds / 60)} minutes.")
        self.seconds = seconds


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in, and the token of their session, which is kept nowhere else than where they are."""

    token: str = field(repr=False)
    person: Person


def sign_in(place: Rows, name: str, password: str, address: str) -> SignedIn:
    """Begin a session. Raises WrongPassword, or TooManyTries where name and address, or the address, have failed too often."""
    with _proved(place, name, password, address) as (session, row):
        return begin_session(session, row, {"address": counted(address)})


def check_password(place: Rows, name: str, password: str, address: str) -> Person:
    """Whose name and password these are, for one deed and without a session. Raises as `sign_in` does, by the same count."""
    with _proved(place, name, password, address) as (_, row):
        return Person(row.name, row.role)


@contextmanager
def _proved(place: Rows, name: str, password: str, address: str) -> Iterator[tuple[Session, Any]]:
    """The account whose password this is, in a transaction in which it stays so; failed tries are forgotten with its end."""
    folded, address = normal(washed(name))[:MOST_NAME], counted(address)
    tried = begin_try(place, folded, address)
    with Session(place.engine.execution_options(reading=True)) as session:
        row = session.execute(select(accounts).where(accounts.c.folded == folded)).first()
    if not fits(password, row.password if row else None) or row is None or row.disabled:
        raise WrongPassword
    with Session(place.engine) as session, session.begin():
        its = select(accounts).where(accounts.c.id == row.id, accounts.c.disabled.is_(False)).with_for_update()
        is_same = session.execute(its.where(accounts.c.password == row.password)).first()
        if is_same is None:  # it was changed while the password was tried
            raise WrongPassword
        if is_outdated(row.password) and len(password) <= MOST:
            session.execute(accounts.update().where(accounts.c.id == row.id).values(password=hashed(password)))
        session.execute(sign_ins.delete().where(sign_ins.c.folded == folded, sign_ins.c.address == address))
        session.execute(sign_ins.delete().where(sign_ins.c.id == tried))
        yield session, is_same


def begin_session(session: Session, row: Any, told: Mapping[str, Any]) -> SignedIn:
    """A new session of an account, which nobody had before; it is recorded, and so comes last in its transaction."""
    token, now = new_token(), time.time()
    session.execute(sessions.delete().where(sessions.c.ends_at <= now))
    new = {"token": hash_of(token), "account_id": row.id, "csrf": new_token()}
    session.execute(sessions.insert().values(**new, made_at=now, used_at=now, ends_at=now + LASTS_SECONDS))
    record(session, row.name, "signed in", data=told)
    return SignedIn(token, Person(row.name, row.role))


def begin_try(place: Rows, folded: str, address: str) -> int:
    """Count a try before it is made, as failed until it is not, so that of many at once no more are made. Returns its id."""
    now = time.time()
    with Session(place.engine) as session, session.begin():
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(lock_key(session.connection().engine, ONE_AT_A_TIME))))
        session.execute(sign_ins.delete().where(sign_ins.c.at <= now - WINDOW_SECONDS))
        of_address = sign_ins.c.address == address
        for most, which in ((MOST_OF_NAME, (of_address, sign_ins.c.folded == folded)), (MOST_OF_ADDRESS, (of_address,))):
            newest = select(sign_ins.c.at).where(*which).order_by(sign_ins.c.at.desc()).limit(most)
            found = list(session.scalars(newest))
            if len(found) == most:
                raise TooManyTries(max(1, math.ceil(found[-1] + WINDOW_SECONDS - now)))
        new = sign_ins.insert().values(folded=folded, address=address, at=now)
        return int(session.execute(new).inserted_primary_key[0])  # type: ignore[attr-defined]


def take_back_try(place: Rows, tried: int) -> None:
    """Count a try no more, which failed by nobody's fault who made it."""
    with Session(place.engine) as session, session.begin():
        session.execute(sign_ins.delete().where(sign_ins.c.id == tried))


def counted(address: str) -> str:
    """What tries from an address are counted for: of IPv6 the network, any address of which its owner may take next."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return washed(address)[:MOST_ADDRESS]
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    return str(found if found.version == 4 else ipaddress.ip_network((found, OF_ONE_OWNER), strict=False))


def whose(place: Rows, token: str) -> Person | None:
    """Who has the session of a token; None where it has ended, or there is none."""
    row, now = _session_of(place, token), time.time()
    if row is None:
        return None
    if now - row.used_at >= NOTED_SECONDS:
        with worth_no_failure("when a session was used"), Session(place.engine) as session, session.begin():
            session.execute(sessions.update().where(sessions.c.token == row.token).values(used_at=now))
    return Person(row.name, row.role)


def csrf_of(place: Rows, token: str) -> str:
    """What the forms of a session carry, and nobody else knows; "" where the session has ended."""
    row = _session_of(place, token)
    return str(row.csrf) if row else ""


def sign_out(place: Rows, token: str) -> None:
    """End a session."""
    row = _session_of(place, token)
    if row is not None:
        with Session(place.engine) as session, session.begin():
            session.execute(sessions.delete().where(sessions.c.token == row.token))
            record(session, row.name, "signed out")


def _session_of(place: Rows, token: str) -> Any:
    now = time.time()
    columns = (*sessions.c, accounts.c.name, accounts.c.role)
    query = select(*columns).join(accounts, accounts.c.id == sessions.c.account_id)
    query = query.where(sessions.c.token == hash_of(token), accounts.c.disabled.is_(False))
    query = query.where(sessions.c.ends_at > now, sessions.c.used_at > now - IDLE_SECONDS)
    with Session(place.engine.execution_options(reading=True)) as session:
        return session.execute(query).first()
