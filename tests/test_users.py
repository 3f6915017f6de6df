"""`switchboard users` and `tokens`: a password is typed unseen or piped, never an argument, and shown nowhere."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.commands import said, switchboard
from support.terminal import Terminal

WORDS = "nine green kettles"


def users(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(switchboard(folder, "users", "list", "--json").stdout)
    return found


def add(folder: Path, name: str, role: str = "operator", words: str = WORDS) -> Any:
    return switchboard(folder, "users", "add", name, "--role", role, "--as", "root", given=f"{words}\n")


def by_ines(folder: Path, *arguments: str, given: str = "") -> Any:
    """What the admin ines does, who shows that it is she."""
    return switchboard(folder, *arguments, "--as", "ines", given=f"{WORDS}\n{given}")


@pytest.mark.slow
def test_an_account_is_made_for_a_script_and_listed(tmp_path: Path) -> None:
    assert "Nobody has an account yet" in said(switchboard(tmp_path, "users", "list"))
    made = add(tmp_path, "Ines", "admin")
    assert (made.returncode, said(made)) == (0, "Ines (admin) has an account.")
    assert [(one["name"], one["role"], one["disabled"]) for one in users(tmp_path)] == [("Ines", "admin", False)]
    assert "password" not in switchboard(tmp_path, "users", "list", "--json").stdout


@pytest.mark.slow
def test_a_password_that_is_typed_is_not_seen(tmp_path: Path) -> None:
    screen = Terminal(tmp_path, "users", "add", "ines", "--as", "root")
    screen.wait_for("The new password: ")
    screen.type(f"{WORDS}\n")
    screen.wait_for("The same again: ")
    screen.type(f"{WORDS}\n")
    screen.wait_for("ines (operator) has an account.")
    assert screen.end() == 0 and WORDS not in screen.seen
    assert len(users(tmp_path)) == 1


@pytest.mark.slow
def test_two_passwords_that_differ_make_no_account(tmp_path: Path) -> None:
    screen = Terminal(tmp_path, "users", "add", "ines", "--as", "root")
    for question, words in (("The new password: ", WORDS), ("The same again: ", "nine green kettle")):
        screen.wait_for(question)
        screen.type(f"{words}\n")
    screen.wait_for("two passwords")
    assert screen.end() == 2 and users(tmp_path) == []


@pytest.mark.slow
def test_what_cannot_be_is_told_in_a_sentence_and_nothing_is_kept(tmp_path: Path) -> None:
    add(tmp_path, "ines", "admin")
    by_ines(tmp_path, "users", "add", "vera", given=f"{WORDS}\n")
    for done, words in (
        (by_ines(tmp_path, "users", "add", "Vera", given=f"{WORDS}\n"), "already"),
        (by_ines(tmp_path, "users", "add", "dana", given="short\n"), "10 to 1000"),
        (by_ines(tmp_path, "users", "add", "dana"), "10 to 1000"),
        (by_ines(tmp_path, "users", "add", "customer", given=f"{WORDS}\n"), "cannot be an operator's name"),
        (by_ines(tmp_path, "users", "role", "erik", "lead"), "no account 'erik'"),
        (by_ines(tmp_path, "users", "password", "erik", given=f"{WORDS}\n"), "no account 'erik'"),
        (by_ines(tmp_path, "tokens", "add", "vera", "--scope", "admin"), "admin needs admin"),
        (by_ines(tmp_path, "tokens", "add", "vera", "--scope", "all"), "no scope 'all'"),
        (by_ines(tmp_path, "tokens", "revoke", "7"), "no token 7"),
    ):
        assert (done.returncode, done.stdout) == (2, "") and words in done.stderr, said(done)
    assert [one["name"] for one in users(tmp_path)] == ["ines", "vera"]


@pytest.mark.slow
def test_roles_passwords_and_disabled_accounts_at_the_terminal(tmp_path: Path) -> None:
    add(tmp_path, "ines", "admin")
    by_ines(tmp_path, "users", "add", "vera", given=f"{WORDS}\n")
    assert "is lead from now on" in said(by_ines(tmp_path, "users", "role", "VERA", "lead"))
    assert "another password" in said(by_ines(tmp_path, "users", "password", "vera", given="ten yellow kettles\n"))
    by_ines(tmp_path, "users", "disable", "vera")
    assert [(one["role"], one["disabled"]) for one in users(tmp_path)] == [("admin", False), ("lead", True)]
    by_ines(tmp_path, "users", "disable", "vera", "--undo")
    assert [one["disabled"] for one in users(tmp_path)] == [False, False]


def test_where_no_admin_is_let_in_the_first_one_comes_before_all_else(tmp_path: Path) -> None:
    add(tmp_path, "otto")
    for deed in (
        ["users", "add", "evil"],
        ["users", "add", "evil", "--role", "lead", "--by-provider"],
        ["users", "role", "otto", "lead"],
        ["users", "password", "otto"],
        ["users", "disable", "otto"],
        ["tokens", "add", "otto", "--scope", "approvals:decide"],
        ["tokens", "revoke", "1"],
        ["seal", "--all"],
    ):
        done = switchboard(tmp_path, *deed, "--as", "whoever", given=f"{WORDS}\n")
        assert done.returncode == 2 and "users add NAME --role admin" in said(done), said(done)
    assert switchboard(tmp_path, "users", "role", "otto", "admin").returncode == 0
    assert add(tmp_path, "evil", "admin").returncode == 2
    assert [(one["name"], one["role"]) for one in users(tmp_path)] == [("otto", "admin")]


def test_an_admin_of_a_provider_is_an_admin_too_and_shows_the_token_that_the_first_one_is_given(tmp_path: Path) -> None:
    made = switchboard(tmp_path, "users", "add", "petra", "--role", "admin", "--by-provider", "--json")
    token = json.loads(made.stdout)["token"]
    for name in ("whoever", "petra"):
        for role in ("operator", "admin"):
            done = switchboard(tmp_path, "users", "add", "evil", "--role", role, "--as", name, given=f"{WORDS}\n")
            assert done.returncode == 2, said(done)
    assert "SWITCHBOARD_TOKEN" in said(done)
    made = switchboard(tmp_path, "users", "add", "otto", SWITCHBOARD_TOKEN=token, given=f"{WORDS}\n")
    assert made.returncode == 0, said(made)
    second = ["users", "add", "paul", "--role", "admin", "--by-provider"]
    made = switchboard(tmp_path, *second, SWITCHBOARD_TOKEN=token)
    assert made.returncode == 0 and "swb_" not in said(made)


def test_a_desk_whose_only_admin_lost_the_password_gets_in_by_the_database(tmp_path: Path) -> None:
    add(tmp_path, "anna", "admin")
    [file] = tmp_path.rglob("switchboard.db")
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE operator_accounts SET role = 'lead' WHERE role = 'admin'")
    assert add(tmp_path, "bruno", "admin").returncode == 0
    for deed in (["users", "password", "anna"], ["users", "role", "anna", "admin"]):
        done = switchboard(tmp_path, *deed, "--as", "bruno", given=f"{WORDS}\n{WORDS}\n")
        assert done.returncode == 0, said(done)
    assert [one["role"] for one in users(tmp_path)] == ["admin", "admin"]


def test_an_account_of_a_provider_that_becomes_the_first_admin_is_given_a_token(tmp_path: Path) -> None:
    switchboard(tmp_path, "users", "add", "petra", "--by-provider")
    made = switchboard(tmp_path, "users", "role", "petra", "admin")
    assert made.returncode == 0, said(made)
    assert switchboard(tmp_path, "users", "add", "paul", "--by-provider", SWITCHBOARD_TOKEN=made.stdout.strip()).returncode == 0


@pytest.mark.slow
def test_a_token_is_shown_once_and_revoked_by_its_number(tmp_path: Path) -> None:
    add(tmp_path, "ines", "admin")
    made = by_ines(tmp_path, "tokens", "add", "ines", "--scope", "cases:read", "--scope", "stats:read", "--called", "nightly")
    token = made.stdout.strip()
    assert token.startswith("swb_") and token not in made.stderr
    listed = switchboard(tmp_path, "tokens", "list", "--json").stdout
    [one] = json.loads(listed)
    assert token not in listed
    assert (one["account"], one["name"], one["scopes"]) == ("ines", "nightly", ["cases:read", "stats:read"])
    assert by_ines(tmp_path, "tokens", "revoke", str(one["number"])).returncode == 0
    assert json.loads(switchboard(tmp_path, "tokens", "list", "--json").stdout)[0]["revoked"]
    assert [row["what"] for row in json.loads(switchboard(tmp_path, "audit", "--json").stdout)][:2] == [
        "revoked a token",
        "added a token",
    ]
