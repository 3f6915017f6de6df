"""Accounts, at the terminal."""

import sys
from dataclasses import asdict
from pathlib import Path

import typer

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
    had_admin = accounts.any_admin(place)
    by = keeping(place, name, makes_admin=role == "admin")
    password = None if by_provider else typed_password()
    made = accounts.add_account(place, account, role, password, by)
    _tell(made, "has an account", json, "" if had_admin else _first_token(place, made, by))


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
    had_admin = accounts.any_admin(place)
    by = keeping(place, name, makes_admin=role == "admin")
    person = accounts.set_role(place, account, role, by)
    _tell(person, f"is {role} from now on", json, "" if had_admin else _first_token(place, person, by))


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
    password = typed("The new password: ")
    if sys.stdin.isatty() and password and typed("The same again: ") != password:
        raise OperatorError("These are two passwords. Nothing was done.")
    return password


def _first_token(place: Workplace, person: Person, by: str) -> str:
    """A token of the first admin, who signs in by a provider: here nothing else proves who that is. "" where none is needed."""
    if not accounts.any_admin(place) or accounts.has_password(place, person.name):
        return ""
    return accounts.add_token(place, person.name, "the first admin", ["admin"], by).token


def _tell(person: Person, what: str, json: bool, token: str = "") -> None:
    if json:
        show_json({**asdict(person), **({"token": token} if token else {})})
        return
    say(f"{person.name} ({person.role}) {what}.")
    if token:
        say("For `users`, `tokens` and `seal` set SWITCHBOARD_TOKEN to this token. It is shown this once:")
        typer.echo(token)
