"""`switchboard users …`, `tokens …` and `audit`: who may work at the desk from elsewhere, and what everybody did."""

from typing import Annotated

import typer

from switchboard.accounts.roles import SCOPES, Role
from switchboard.console.terminal.cli import DONE, FAILED, Data, Json, app
from switchboard.console.terminal.operators import PANEL, Limit, Name
from switchboard.errors import OperatorError

Account = Annotated[str, typer.Argument(metavar="NAME", help="The account's name: what its person does is recorded under it.")]
SCOPES_TOLD = ", ".join(SCOPES)
TYPED = "The password is typed, or read from standard input, and never an argument."

users = typer.Typer(no_args_is_help=True, help=f"Keep the accounts of those who work at the desk. {TYPED}")
tokens = typer.Typer(no_args_is_help=True, help="Keep the API tokens of accounts, which programs show in place of a password.")
app.add_typer(users, name="users", rich_help_panel=PANEL)
app.add_typer(tokens, name="tokens", rich_help_panel=PANEL)


@users.command(name="add")
def add_user(
    account: Account,
    role: Annotated[Role, typer.Option(help="What they may: each role may what those before it may.")] = "operator",
    by_provider: Annotated[bool, typer.Option("--by-provider", help="Signs in by `\\[accounts.oidc]`: no password.")] = False,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Make an account, with a password that is typed twice, or a line of standard input (behind that of the admin)."""
    from switchboard.console.terminal.accounts.users import add

    add(account, role, by_provider, name, data, json)


@users.command(name="list")
def list_users(json: Json = False, data: Data = None) -> None:
    """List the accounts."""
    from switchboard.console.terminal.accounts.users import show_all

    show_all(data, json)


@users.command(name="role")
def set_role(
    account: Account,
    role: Annotated[Role, typer.Argument(help="What they may from now on.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Give an account another role."""
    from switchboard.console.terminal.accounts.users import set_role as give_role

    give_role(account, role, name, data, json)


@users.command()
def disable(
    account: Account,
    undo: Annotated[bool, typer.Option("--undo", help="Let it in again.")] = False,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Let an account in no more: its sessions end, its tokens open nothing, and nobody else is called like it."""
    from switchboard.console.terminal.accounts.users import disable as shut

    shut(account, undo, name, data, json)


@users.command()
def password(account: Account, name: Name = "", json: Json = False, data: Data = None) -> None:
    """Give an account another password, typed as with `users add`; all of its sessions end."""
    from switchboard.console.terminal.accounts.users import set_password

    set_password(account, name, data, json)


@tokens.command(name="add")
def add_token(
    account: Account,
    scope: Annotated[list[str], typer.Option(help=f"What it is for, once for each: {SCOPES_TOLD}.")],
    called: Annotated[
        str, typer.Option("--called", metavar="WORDS", help="What it is for, for whoever lists them.")
    ] = "a program",
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Make a token of an account. It is shown this once; only its hash is kept."""
    from switchboard.console.terminal.accounts.tokens import add

    add(account, scope, called, name, data, json)


@tokens.command(name="list")
def list_tokens(json: Json = False, data: Data = None) -> None:
    """List the tokens, and when each was used last."""
    from switchboard.console.terminal.accounts.tokens import show_all

    show_all(data, json)


@tokens.command()
def revoke(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="The token, as `tokens list` numbers it.")],
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Have a token open nothing any more."""
    from switchboard.console.terminal.accounts.tokens import revoke as revoke_it

    revoke_it(number, name, data, json)


@app.command(rich_help_panel=PANEL)
def audit(
    case_id: Annotated[str, typer.Option("--case", metavar="CASE", help="What was done with this case.")] = "",
    who: Annotated[str, typer.Option("--who", metavar="NAME", help="What this one did.")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="What was done since then: 2026-11-28, or 7d.")] = "",
    limit: Limit = 50,
    check: Annotated[bool, typer.Option("--check", help="Tell whether a row was edited, put in or taken out.")] = False,
    json: Json = False,
    data: Data = None,
) -> None:
    """List what people did, newest first; with --check, whether each row is chained to the one before it."""
    from switchboard.console.terminal.accounts.log import check_log, list_log

    if check:
        raise typer.Exit(DONE if check_log(data, json) else FAILED)
    list_log(case_id, who, since, limit, data, json)


@app.command(rich_help_panel=PANEL)
def seal(
    case_id: Annotated[str, typer.Argument(metavar="[CASE]", help="The case.")] = "",
    every: Annotated[bool, typer.Option("--all", help="All cases, where a key is new or another one.")] = False,
    name: Name = "",
    json: Json = False,
    data: Data = None,
) -> None:
    """Let a case go on whose rows were edited in the database, and which you have looked at."""
    from switchboard.console.terminal.accounts.log import seal_case

    if every == bool(case_id):
        raise OperatorError("Name one case, or give --all.")
    seal_case(case_id, name, data, json)
