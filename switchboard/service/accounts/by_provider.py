"""Signing in by a provider that says who somebody is: to an account that was made for them, or that its word makes."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from switchboard.accounts.audit import record
from switchboard.accounts.passwords import BY_PROVIDER, known_to_provider
from switchboard.accounts.roles import Role
from switchboard.accounts.rows import accounts, sessions, sign_ins, tokens
from switchboard.characters import normal
from switchboard.errors import OperatorError
from switchboard.service.accounts.keeping import any_accounts, insert_account
from switchboard.service.accounts.signing_in import SignedIn, begin_session, begin_try, counted, take_back_try
from switchboard.service.place import Place, name_of_operator

if TYPE_CHECKING:
    from switchboard.accounts.oidc import Begun, Known, Provider


class NoAccount(OperatorError):
    """Somebody is known to the provider, and not let in here."""


class NoRole(NoAccount):
    """The provider gives somebody no role any more, or never did."""


def sign_in_by_provider(
    place: Place, provider: "Provider", begun: "Begun", came: dict[str, str], back: str, address: str
) -> SignedIn:
    """Begin a session of whom the provider names. Raises NotProved, ProviderAway, NoAccount, and TooManyTries where that went
    wrong too often from an address.
    """
    from switchboard.accounts.oidc import ProviderAway

    tried = begin_try(place, begun.state[:200], address := counted(address))
    try:
        known = provider.known(begun, came, back)
    except ProviderAway:  # who comes from that address may have a password
        take_back_try(place, tried)
        raise
    if not any_accounts(place):
        raise NoAccount("Nobody has an account here. Whoever runs this desk makes the first one: `switchboard users add`.")
    name = name_of_operator(place.environment, known.name)
    try:
        with Session(place.engine) as session, session.begin():
            row = _account_of(session, known, name, makes=bool(provider.table.roles))
            session.execute(sign_ins.delete().where(sign_ins.c.id == tried))
            return begin_session(session, row, {"address": address, "provider": known.issuer})
    except NoRole:
        _let_out(place, known)
        raise
    except IntegrityError:  # the name was given away at this moment
        raise _taken(name) from None


def _let_out(place: Place, known: "Known") -> None:
    """End what somebody has open here whom the provider gives no role any more: their sessions, and API tokens for good."""
    with Session(place.engine) as session, session.begin():
        bound = accounts.c.password == known_to_provider(known.issuer, known.subject)
        row = session.execute(select(accounts).where(bound).with_for_update()).first()
        if row is not None:
            session.execute(sessions.delete().where(sessions.c.account_id == row.id))
            session.execute(tokens.update().where(tokens.c.account_id == row.id).values(revoked=True))
            record(session, row.name, "lost the role at the provider", data={"account": row.name})


def _account_of(session: Session, known: "Known", name: str, *, makes: bool) -> Any:
    """The account of whom a provider knows, bound to them; with `makes`, one with the role that it gives."""
    bound = known_to_provider(known.issuer, known.subject)
    row = session.execute(select(accounts).where(accounts.c.password == bound).with_for_update()).first()
    if row is None:
        row = session.execute(select(accounts).where(accounts.c.folded == normal(name)).with_for_update()).first()
        if row is not None and row.password != BY_PROVIDER:
            raise _taken(name)
    if makes and known.role is None:
        raise NoRole("The provider gives you no role at this desk.")
    if row is None and known.role is not None:
        insert_account(session, name, known.role, bound)
        record(session, name, "added an account", data={"account": name, "role": known.role, "provider": known.issuer})
    elif row is None:
        raise NoAccount(f"{name} has no account here. Whoever runs this desk makes one: `switchboard users add --by-provider`.")
    elif row.disabled:
        raise NoAccount("Your account was disabled.")
    else:
        role: Role = known.role if makes and known.role else row.role
        session.execute(accounts.update().where(accounts.c.id == row.id).values(password=bound, role=role))
        if role != row.role:
            record(session, row.name, "set a role", data={"account": row.name, "role": role, "before": row.role})
    return session.execute(select(accounts).where(accounts.c.password == bound)).one()


def _taken(name: str) -> NoAccount:
    return NoAccount(f"The account {name} is another's, or has a password. Whoever runs this desk can give you one.")
