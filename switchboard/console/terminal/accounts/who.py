"""Who acts at the terminal: where nobody has an account, whoever sits here; else somebody with one, whose role will do.

Whoever has a shell may write any name behind --as. So what pays, and what opens a door to others, is done by those alone who
show who they are, as on the pages: by the password of their account, or by a token of theirs.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass

from switchboard.accounts.roles import NEEDED, Role, Scope
from switchboard.characters import normal
from switchboard.console.app import Workplace
from switchboard.console.terminal.live.keyboard import read_line
from switchboard.errors import OperatorError
from switchboard.service import accounts

TERMINAL = f"terminal:{os.getuid() if hasattr(os, 'getuid') else 0}"
"""Where tries come from that are made here, as they are counted: of each user of this machine by themselves."""
DECIDES: Scope = "approvals:decide"
MAKE_ONE = "An admin makes one: `switchboard tokens add NAME --scope {}`."


def acting(place: Workplace, name: str, needed: Role = "operator") -> str:
    """The name that a deed is recorded under: as it was given, of SWITCHBOARD_OPERATOR, or of who sits here.

    Raises OperatorError where there are accounts, and this is none, or its role may not do it.
    """
    if not accounts.any_accounts(place):
        return place.called(name)
    try:
        person = accounts.person_called(place, name or _default(place))
    except OperatorError as error:
        how = "Give your own with --as NAME or SWITCHBOARD_OPERATOR; an admin makes one: `switchboard users add NAME`."
        raise OperatorError(f"{error} {how} Nothing was done.") from None
    if not person.may(needed):
        how = f"An admin changes that: `switchboard users role {person.name} {needed}`."
        raise OperatorError(f"{person.name} is {person.role}, and this needs {needed}. {how} Nothing was done.")
    return person.name


def proved(place: Workplace, name: str, scope: Scope = DECIDES) -> str:
    """As `acting`, of somebody who shows that it is they: by SWITCHBOARD_TOKEN, else by their password. Raises OperatorError,
    also after too many failed tries.
    """
    by = acting(place, name, NEEDED[scope])
    if not accounts.any_accounts(place):
        return by
    if place.settings.token:
        _check_token(place, by, scope)
        return by
    return accounts.check_password(place, by, _password_of(place, by, scope), TERMINAL).name


def keeping(place: Workplace, name: str, *, makes_admin: bool = False) -> str:
    """Who keeps accounts, tokens and seals: an admin who shows that it is they. Where there are accounts, and no admin is let
    in, it is whoever `makes_admin`, and nobody else. Raises OperatorError.
    """
    if accounts.any_admin(place):
        return proved(place, name, "admin")
    if accounts.any_accounts(place) and not makes_admin:
        how = "Make one first: `switchboard users add NAME --role admin`, or `switchboard users role NAME admin`."
        raise OperatorError(f"No admin has an account that is enabled. {how} Nothing was done.")
    return place.called(name)


@contextmanager
def at_keyboard(place: Workplace) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Who decides at this keyboard for as long as a conversation lasts, and what says whether they still may: they have signed
    in, as at a page, and are out as they would be there.
    """
    by = acting(place, "")
    if not accounts.any_accounts(place):
        yield by, lambda: True
    elif place.settings.token:
        _check_token(place, by, DECIDES)
        yield by, lambda: _holds(place, by)
    else:
        token = accounts.sign_in(place, by, _password_of(place, by, DECIDES), TERMINAL).token
        try:
            yield by, lambda: bool((person := accounts.whose(place, token)) and person.may("operator"))
        finally:
            accounts.sign_out(place, token)


def typed(prompt: str) -> str:
    """What is typed at a terminal, where nobody sees it; for scripts a line of standard input."""
    if not sys.stdin.isatty():
        return read_line("") or ""
    try:
        return getpass(prompt)
    except EOFError:
        return ""


def _default(place: Workplace) -> str:
    """Who acts where nobody is named: who runs this says so, or the token that they gave it."""
    if place.settings.operator or not place.settings.token:
        return place.operator
    holder = accounts.holder_of(place, place.settings.token)
    return holder.person.name if holder else place.operator


def _check_token(place: Workplace, by: str, scope: Scope) -> None:
    holder = accounts.holder_of(place, place.settings.token or "")
    if holder is None:
        why = "is no token, or one that was revoked"
    elif normal(holder.person.name) != normal(by):
        why = f"is a token of {holder.person.name}, and not of {by}"
    elif not holder.may(scope):
        why = f"is not good for {scope}"
    else:
        return
    raise OperatorError(f"SWITCHBOARD_TOKEN {why}. {MAKE_ONE.format(scope)} Nothing was done.")


def _holds(place: Workplace, by: str) -> bool:
    try:
        _check_token(place, by, DECIDES)
    except OperatorError:
        return False
    return True


def _password_of(place: Workplace, by: str, scope: Scope) -> str:
    if not accounts.has_password(place, by):
        how = f"Here SWITCHBOARD_TOKEN has to say that it is you. {MAKE_ONE.format(scope)}"
        raise OperatorError(f"{by} has no password, but signs in by the provider. {how} Nothing was done.")
    if password := typed(f"Password of {by}: "):
        return password
    raise OperatorError(
        f"No password of {by} was typed. Scripts set SWITCHBOARD_TOKEN. {MAKE_ONE.format(scope)} Nothing was done."
    )
