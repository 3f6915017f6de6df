"""Accounts, at the terminal."""

import sys
from dataclasses import asdict
from pathlib import Path

from switchboard.accounts.roles import Role
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.shown import moment
from switchboard.console.terminal.accounts.who import keeping, typed
from switchboard.console.terminal.screen import say, show_json, show_table
from switchboard.errors import OperatorError
from switchboard.service import accounts
from switchboard.service.accounts import Person


def add(account: str, role: Role, by_provider: bool, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    by = keeping(place, name)
    password = None if by_provider else typed_password()
    _tell(accounts.add_account(place, account, role, password, by), "has an account", json)


def show_all(data: Path | None, json: bool) -> None:
    found = accounts.list_accounts(Workplace(data))
    if json:
        show_json([asdict(one) for one in found])
    elif found:
        rows = [(one.name, one.role, "disabled" if one.disabled else "", moment(one.made_at)) for one in found]
        show_table("", ("name", "role", "", "since (UTC)"), rows)
    else:
        say("Nobody has an account yet:", "switchboard users add NAME --role admin")


def set_role(account: str, role: Role, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    _tell(accounts.set_role(place, account, role, keeping(place, name)), f"is {role} from now on", json)


def disable(account: str, undo: bool, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    change = accounts.enable if undo else accounts.disable
    _tell(change(place, account, keeping(place, name)), "is let in again" if undo else "is let in no more", json)


def set_password(account: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    by = keeping(place, name)
    _tell(accounts.set_password(place, account, typed_password(), by), "has another password, and is signed in nowhere", json)


def typed_password() -> str:
    """A new password, typed twice at a terminal; for scripts the next line of standard input."""
    password = typed("Password: ")
    if sys.stdin.isatty() and password and typed("The same again: ") != password:
        raise OperatorError("These are two passwords. Nothing was done.")
    return password


def _tell(person: Person, what: str, json: bool) -> None:
    if json:
        show_json(asdict(person))
    else:
        say(f"{person.name} ({person.role}) {what}.")
