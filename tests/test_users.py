"""`switchboard users` and `tokens`: a password is typed unseen or piped, never an argument, and shown nowhere."""

import json
from pathlib import Path
from typing import Any

from support.commands import said, switchboard
from support.terminal import Terminal

WORDS = "nine green kettles"


def users(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(switchboard(folder, "users", "list", "--json").stdout)
    return found


def add(folder: Path, name: str, role: str = "operator", words: str = WORDS) -> Any:
    return switchboard(folder, "users", "add", name, "--role", role, "--as", "root", given=f"{words}\n")


def test_an_account_is_made_for_a_script_and_listed(tmp_path: Path) -> None:
    assert "Nobody has an account yet" in said(switchboard(tmp_path, "users", "list"))
    made = add(tmp_path, "Ines", "admin")
    assert (made.returncode, said(made)) == (0, "Ines (admin) has an account.")
    assert [(one["name"], one["role"], one["disabled"]) for one in users(tmp_path)] == [("Ines", "admin", False)]
    assert "password" not in switchboard(tmp_path, "users", "list", "--json").stdout


def test_a_password_that_is_typed_is_not_seen(tmp_path: Path) -> None:
    screen = Terminal(tmp_path, "users", "add", "ines", "--as", "root")
    screen.wait_for("Password: ")
    screen.type(f"{WORDS}\n")
    screen.wait_for("The same again: ")
    screen.type(f"{WORDS}\n")
    screen.wait_for("ines (operator) has an account.")
    assert screen.end() == 0 and WORDS not in screen.seen
    assert len(users(tmp_path)) == 1


def test_two_passwords_that_differ_make_no_account(tmp_path: Path) -> None:
    screen = Terminal(tmp_path, "users", "add", "ines", "--as", "root")
    for question, words in (("Password: ", WORDS), ("The same again: ", "nine green kettle")):
        screen.wait_for(question)
        screen.type(f"{words}\n")
    screen.wait_for("two passwords")
    assert screen.end() == 2 and users(tmp_path) == []


def test_what_cannot_be_is_told_in_a_sentence_and_nothing_is_kept(tmp_path: Path) -> None:
    add(tmp_path, "ines")
    for done, words in (
        (add(tmp_path, "Ines"), "already"),
        (add(tmp_path, "dana", words="short"), "10 to 1000"),
        (add(tmp_path, "dana", words=""), "10 to 1000"),
        (add(tmp_path, "customer"), "cannot be an operator's name"),
        (switchboard(tmp_path, "users", "role", "erik", "lead"), "no account 'erik'"),
        (switchboard(tmp_path, "users", "password", "erik", given=f"{WORDS}\n"), "no account 'erik'"),
        (switchboard(tmp_path, "tokens", "add", "ines", "--scope", "admin"), "admin needs admin"),
        (switchboard(tmp_path, "tokens", "add", "ines", "--scope", "all"), "no scope 'all'"),
        (switchboard(tmp_path, "tokens", "revoke", "7"), "no token 7"),
    ):
        assert (done.returncode, done.stdout) == (2, "") and words in done.stderr, said(done)
    assert [one["name"] for one in users(tmp_path)] == ["ines"]


def test_roles_passwords_and_disabled_accounts_at_the_terminal(tmp_path: Path) -> None:
    add(tmp_path, "ines")
    assert "is lead from now on" in said(switchboard(tmp_path, "users", "role", "INES", "lead"))
    assert "another password" in said(switchboard(tmp_path, "users", "password", "ines", given="ten yellow kettles\n"))
    switchboard(tmp_path, "users", "disable", "ines")
    assert [(one["role"], one["disabled"]) for one in users(tmp_path)] == [("lead", True)]
    switchboard(tmp_path, "users", "disable", "ines", "--undo")
    assert [one["disabled"] for one in users(tmp_path)] == [False]


def test_a_token_is_shown_once_and_revoked_by_its_number(tmp_path: Path) -> None:
    add(tmp_path, "ines")
    made = switchboard(
        tmp_path, "tokens", "add", "ines", "--scope", "cases:read", "--scope", "stats:read", "--called", "nightly"
    )
    token = made.stdout.strip()
    assert token.startswith("swb_") and token not in made.stderr
    listed = switchboard(tmp_path, "tokens", "list", "--json").stdout
    [one] = json.loads(listed)
    assert token not in listed
    assert (one["account"], one["name"], one["scopes"]) == ("ines", "nightly", ["cases:read", "stats:read"])
    assert switchboard(tmp_path, "tokens", "revoke", str(one["number"])).returncode == 0
    assert json.loads(switchboard(tmp_path, "tokens", "list", "--json").stdout)[0]["revoked"]
    assert [row["what"] for row in json.loads(switchboard(tmp_path, "audit", "--json").stdout)][:2] == [
        "revoked a token",
        "added a token",
    ]
