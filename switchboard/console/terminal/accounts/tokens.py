"""API tokens, at the terminal."""

from dataclasses import asdict
from pathlib import Path

import typer

from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.shown import moment
from switchboard.console.terminal.accounts.who import keeping
from switchboard.console.terminal.screen import say, show_json, show_table
from switchboard.service import accounts


def add(account: str, scopes: list[str], called: str, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    made = accounts.add_token(place, account, called, scopes, keeping(place, name))
    if json:
        show_json(asdict(made))
    else:
        say(f"Token {made.number} is for {', '.join(scopes)}. It is shown this once:")
        typer.echo(made.token)


def show_all(data: Path | None, json: bool) -> None:
    found = accounts.list_tokens(Workplace(data))
    if json:
        show_json([asdict(one) for one in found])
    elif found:
        columns = ("number", "account", "for", "scopes", "used (UTC)", "")
        rows = [
            (t.number, t.account, t.name, ", ".join(t.scopes), moment(t.last_used), "revoked" if t.revoked else "")
            for t in found
        ]
        show_table("", columns, rows)
    else:
        say("There are no tokens yet:", "switchboard tokens add NAME --scope cases:read")


def revoke(number: int, name: str, data: Path | None, json: bool) -> None:
    place = Workplace(data)
    accounts.revoke_token(place, number, keeping(place, name))
    if json:
        show_json({"number": number, "revoked": True})
    else:
        say(f"Token {number} opens nothing any more.")
