"""Who acts at the terminal where there are accounts: one of them, whose role will do, and who pays shows that it is they."""

import json
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.commands import GRACE, LARGE, document, parked, refunds, said, switchboard
from support.terminal import Terminal, plain
from typer.main import get_command

from groupchats.desk import team as desk
from switchboard.console.terminal.cli import app
from switchboard.declare.team import Rule

WORDS, OTHERS = "nine green kettles", "ten yellow kettles"
OPENING = "I was charged twice for order #W1000001, please refund it.\n"
EMMA = ["--email", "emma.lindqvist@example.com"]


def staffed(folder: Path, **roles: str) -> None:
    """An account for each, made by alma, the first admin; all have WORDS as their password."""
    for name, role in {"alma": "admin", **roles}.items():
        by_alma(folder, "users", "add", name, "--role", role, given=f"{WORDS}\n")


def by_alma(folder: Path, *arguments: str, given: str = "") -> Any:
    """What alma does, who shows that it is they; the first account is made without."""
    shown = f"{WORDS}\n" if arguments[2] != "alma" else ""
    done = switchboard(folder, *arguments, "--as", "alma", given=shown + given)
    assert done.returncode == 0, said(done)
    return done


def token(folder: Path, name: str, *scopes: str) -> str:
    wanted = [part for scope in scopes for part in ("--scope", scope)]
    return str(by_alma(folder, "tokens", "add", name, *wanted).stdout.strip())


def log(folder: Path, *filters: str) -> list[tuple[str, str]]:
    """Who did what, the oldest first, without how accounts were kept."""
    found = json.loads(switchboard(folder, "audit", "--json", "--limit", "1000", *filters).stdout)
    return [(row["who"], row["what"]) for row in reversed(found) if row["who"] != "alma"]


def with_a_name(command: Any, words: str = "") -> Iterator[str]:
    """All commands, below this one, that take `--as`, as they are typed."""
    for name, one in getattr(command, "commands", {}).items():
        yield from with_a_name(one, f"{words} {name}".strip())
    if any("--as" in one.opts for one in command.params):
        yield words


def approve(folder: Path, case_id: str, bound: str, name: str, given: str = "", **variables: str) -> Any:
    return switchboard(folder, "approve", case_id, "--for", bound, "--as", name, given=given, **variables)


def is_refused(done: Any, *words: str) -> None:
    told = said(done)
    assert done.returncode == 2 and "Traceback" not in told, told
    for one in words:
        assert one in told, told


@pytest.mark.slow
def test_who_has_no_account_or_too_small_a_role_approves_nothing_and_hears_who_mends_it(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator", vera="viewer", dora="operator")
    by_alma(tmp_path, "users", "disable", "dora")
    for name, words in (
        ("nobody", ("no account 'nobody'", "--as NAME", "switchboard users add NAME")),
        ("vera", ("vera is viewer, and this needs operator", "switchboard users role vera operator")),
        ("dora", ("dora is disabled",)),
        ("", ("no account", "SWITCHBOARD_OPERATOR")),
    ):
        done = approve(tmp_path, case_id, bound, name, f"{WORDS}\n")
        assert done.returncode == 2 and "Nothing was done." in said(done), said(done)
        for one in words:
            assert one in said(done)
    found = document(tmp_path, "show", case_id)
    assert found["end"] == "awaiting_approval" and log(tmp_path) == []


@pytest.mark.slow
def test_an_approval_wants_the_password_of_the_account_and_is_recorded_under_its_name(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator")
    assert "The name or the password is wrong" in said(approve(tmp_path, case_id, bound, "otto", f"{OTHERS}\n"))
    assert "No password of otto was typed" in said(approve(tmp_path, case_id, bound, "otto"))
    assert document(tmp_path, "show", case_id)["end"] == "awaiting_approval" and log(tmp_path) == []
    done = approve(tmp_path, case_id, bound, "OTTO", f"{WORDS}\n")
    assert done.returncode == 0, said(done)
    assert refunds(document(tmp_path, "show", case_id)) == [("done", 17990)]
    assert log(tmp_path) == [("otto", "approved a call")]


@pytest.mark.slow
def test_a_refusal_wants_it_too(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    staffed(tmp_path, otto="operator")
    no = ["deny", case_id, "--why", "It was a hold.", "--as", "otto"]
    assert switchboard(tmp_path, *no).returncode == 2
    assert switchboard(tmp_path, *no, given=f"{WORDS}\n").returncode == 0
    assert log(tmp_path) == [("otto", "refused a call")]


@pytest.mark.slow
def test_without_a_hash_the_call_is_shown_and_the_yes_comes_before_the_password(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    staffed(tmp_path, otto="operator")
    assert switchboard(tmp_path, "approve", case_id, "--as", "otto", given=f"n\n{WORDS}\n").returncode == 3
    done = switchboard(tmp_path, "approve", case_id, "--as", "otto", given=f"y\n{WORDS}\n")
    assert (done.returncode, refunds(document(tmp_path, "show", case_id))) == (0, [("done", 17990)])


@pytest.mark.slow
def test_a_password_at_the_terminal_is_asked_for_unseen(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator")
    screen = Terminal(tmp_path, "approve", case_id, "--for", bound, "--as", "otto")
    screen.wait_for("Password of otto: ")
    screen.type(f"{WORDS}\n")
    assert screen.end() == 0 and WORDS not in screen.seen
    assert log(tmp_path) == [("otto", "approved a call")]


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--why", "It's a hold; wait."], ["--with", '{"reason": "A hold."}', "--for", "HASH"]])
def test_ctrl_c_at_the_password_gives_the_whole_command_back(tmp_path: Path, options: list[str]) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator")
    typed = ["deny" if "--why" in options else "approve", case_id, *(bound if one == "HASH" else one for one in options)]
    screen = Terminal(tmp_path, *typed, "--as", "otto")
    screen.wait_for("Password of otto: ")
    screen.interrupt()
    assert screen.end() == 1
    command = shlex.join(["switchboard", *typed, "--as", "otto"])
    assert plain(screen.seen).splitlines()[-2:] == [command, "Stopped."] and f"the call of {case_id} waits on" in screen.seen
    assert log(tmp_path) == []


@pytest.mark.slow
def test_one_person_with_a_shell_is_not_both_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = replace(desk, approvals=(Rule("ask", tool="refund_order", operators=2), *desk.approvals))
    monkeypatch.setattr("groupchats.desk.team", strict)
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator", theo="operator")
    by_alma(tmp_path, "users", "password", "theo", given=f"{OTHERS}\n")
    assert approve(tmp_path, case_id, bound, "otto", f"{WORDS}\n").returncode == 3
    for name in ("otto", "theo", "somebody"):
        assert approve(tmp_path, case_id, bound, name, f"{WORDS}\n").returncode == 2
    assert log(tmp_path) == [("otto", "approved a call")]
    assert approve(tmp_path, case_id, bound, "theo", f"{OTHERS}\n").returncode == 0
    assert refunds(document(tmp_path, "show", case_id)) == [("done", 17990)]


@pytest.mark.slow
def test_after_five_wrong_passwords_one_waits_as_at_the_page(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator", theo="operator")
    for _ in range(5):
        assert "is wrong" in said(approve(tmp_path, case_id, bound, "otto", f"{OTHERS}\n"))
    late = approve(tmp_path, case_id, bound, "otto", f"{WORDS}\n")
    is_refused(late, "too many tries", "15 minutes")
    chat = switchboard(tmp_path, "chat", "--human", "always", SWITCHBOARD_OPERATOR="otto", given=f"{WORDS}\nHello.\n")
    is_refused(chat, "too many tries")
    assert approve(tmp_path, case_id, bound, "theo", f"{WORDS}\n").returncode == 0
    [file] = tmp_path.rglob("switchboard.db")
    with closing(sqlite3.connect(file)) as rows:  # other users of this machine have tries of their own
        assert {*rows.execute("SELECT address FROM operator_sign_ins")} == {(f"terminal:{os.getuid()}",)}


@pytest.mark.slow
def test_a_token_says_who_a_script_acts_for(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path, otto="operator", theo="operator")
    reads, decides = token(tmp_path, "otto", "cases:read"), token(tmp_path, "otto", "approvals:decide")
    for shown, name, why in (
        (reads, "otto", "not good for approvals:decide"),
        ("swb_nothing", "otto", "is no token"),
        (decides, "theo", "is a token of otto, and not of theo"),
    ):
        is_refused(approve(tmp_path, case_id, bound, name, f"{WORDS}\n", SWITCHBOARD_TOKEN=shown), why, "tokens add")
    done = switchboard(tmp_path, "approve", case_id, "--for", bound, SWITCHBOARD_TOKEN=decides)
    assert done.returncode == 0 and decides not in said(done)
    assert log(tmp_path) == [("otto", "approved a call")]


@pytest.mark.slow
def test_who_signs_in_by_a_provider_shows_a_token_here(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    staffed(tmp_path)
    by_alma(tmp_path, "users", "add", "ines", "--by-provider")
    is_refused(approve(tmp_path, case_id, bound, "ines", f"{WORDS}\n"), "signs in by the provider", "SWITCHBOARD_TOKEN")
    shown = token(tmp_path, "ines", "approvals:decide")
    assert approve(tmp_path, case_id, bound, "ines", SWITCHBOARD_TOKEN=shown).returncode == 0


@pytest.mark.slow
def test_every_deed_of_an_operator_wants_an_account_whose_role_will_do(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    handed = document(tmp_path, "ask", "I want to speak to a person, now.", *GRACE)["case_id"]
    [ticket] = [one["number"] for one in document(tmp_path, "tickets", "list") if one["case_id"] == handed]
    staffed(tmp_path, otto="operator", vera="viewer", lena="lead", adam="admin")
    why = ["--why", "It rang."]
    commands = {
        "approve": ("operator", [[case_id, "--for", "x"]]),
        "deny": ("operator", [[case_id, *why]]),
        "take": ("operator", [[case_id]]),
        "say": ("operator", [[handed, "I look into it."]]),
        "note": ("operator", [[case_id, "Rang them."]]),
        "hand-back": ("operator", [[case_id, "--note", "All is well."]]),
        "cancel": ("operator", [[case_id]]),
        "escalate": ("operator", [[case_id, *why], [handed, *why, "--critical"]]),
        "reopen": ("operator", [[handed, *why]]),
        "flag": ("operator", [[case_id, "2", *why], [case_id, "2", "--drop"]]),
        "fork": ("operator", [[case_id, "--from", "1"]]),
        "send": ("operator", [[handed, "--for", "x"]]),
        "drop": ("operator", [[handed, "--for", "x"]]),
        "suggest": ("operator", [[handed]]),
        "tickets assign": ("operator", [[ticket], [ticket, "--to", "otto"]]),
        "tickets close": ("operator", [[ticket, *why]]),
        "tickets reopen": ("operator", [[ticket, *why]]),
        "suggestions take": ("lead", [["1", "--example", "orders"]]),
        "clean-up": ("admin", [["--older-than", "0"]]),
        "seal": ("admin", [[case_id], ["--all"]]),
        "users add": ("admin", [["theo"]]),
        "users role": ("admin", [["vera", "admin"]]),
        "users disable": ("admin", [["adam"], ["vera", "--undo"]]),
        "users password": ("admin", [["otto"]]),
        "tokens add": ("admin", [["otto", "--scope", "approvals:decide"]]),
        "tokens revoke": ("admin", [["1"]]),
    }
    assert set(commands) == set(with_a_name(get_command(app)))  # so that none is forgotten
    before = log(tmp_path)
    for command, role, given in ((words, role, one) for words, (role, ways) in commands.items() for one in ways):
        lesser = {"operator": "vera", "lead": "otto", "admin": "lena"}[role]
        for name, words in (("nobody", "no account 'nobody'"), ("vera", "is viewer, and"), (lesser, f"and this needs {role}")):
            is_refused(switchboard(tmp_path, *command.split(), *given, "--as", name, given=f"{WORDS}\n{OTHERS}\n"), words)
    assert log(tmp_path) == before
    assert switchboard(tmp_path, "take", case_id, "--as", "otto").returncode == 0


@pytest.mark.slow
def test_an_admin_keeps_accounts_and_shows_who_they_are(tmp_path: Path) -> None:
    staffed(tmp_path, adam="admin")
    add = ["users", "add", "otto", "--as", "adam"]
    is_refused(switchboard(tmp_path, *add, given=f"{OTHERS}\n{OTHERS}\n"), "The name or the password is wrong")
    assert "otto (operator) has an account." in said(switchboard(tmp_path, *add, given=f"{WORDS}\n{OTHERS}\n"))
    made = switchboard(tmp_path, "tokens", "add", "adam", "--scope", "admin", "--as", "adam", given=f"{WORDS}\n")
    assert made.returncode == 0, said(made)
    by_token = {"SWITCHBOARD_TOKEN": made.stdout.strip()}
    assert switchboard(tmp_path, "users", "role", "otto", "lead", **by_token).returncode == 0
    screen = Terminal(tmp_path, "users", "add", "theo", "--as", "adam")
    for question in ("Password of adam: ", "The new password: ", "The same again: "):
        screen.wait_for(question)
        screen.type(f"{WORDS}\n")
    screen.wait_for("theo (operator) has an account.")
    assert screen.end() == 0
    [newest, *_] = json.loads(switchboard(tmp_path, "audit", "--json").stdout)
    assert (newest["who"], newest["what"]) == ("adam", "added an account")


@pytest.mark.slow
def test_who_answers_at_the_keyboard_signs_in_first_and_what_they_decide_is_recorded(tmp_path: Path) -> None:
    staffed(tmp_path, otto="operator", vera="viewer")
    chat = ["chat", "--human", "always", *EMMA, "--json"]
    for operator, words in (("vera", "needs operator"), ("nobody", "no account"), ("otto", "The name or the password")):
        is_refused(switchboard(tmp_path, *chat, SWITCHBOARD_OPERATOR=operator, given=f"wrong\n{OPENING}"), words)
    assert document(tmp_path, "cases") == []
    given = f"{WORDS}\n{OPENING}" + "p\n" * 12
    done = json.loads(switchboard(tmp_path, *chat, SWITCHBOARD_OPERATOR="otto", given=given).stdout)
    assert "refund_order" in [call["tool"] for call in done["tool_calls"] if call["status"] == "done"]
    found = log(tmp_path)
    assert found[0] == ("otto", "signed in") and found[-1] == ("otto", "signed out")
    assert ("otto", "reviewed a move") in found and {who for who, _ in found} == {"otto"}
    rows = json.loads(switchboard(tmp_path, "audit", "--json", "--case", done["case_id"]).stdout)
    assert any("refund_order" in row["data"].get("calls", []) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "what", "why"), [("y\n" * 12, "approved a call", ""), ("n\nA hold.\n" + "y\n" * 6, "refused a call", "A hold.")]
)
def test_a_yes_or_a_no_at_the_keyboard_is_a_row_of_the_audit_log(tmp_path: Path, answers: str, what: str, why: str) -> None:
    staffed(tmp_path, otto="operator")
    chat = ["chat", "--human", "terminate", *GRACE, "--json"]
    done = switchboard(tmp_path, *chat, SWITCHBOARD_OPERATOR="otto", given=f"{WORDS}\n{LARGE}\n{answers}")
    case_id = json.loads(done.stdout)["case_id"]
    rows = json.loads(switchboard(tmp_path, "audit", "--json", "--case", case_id).stdout)
    [row] = [one for one in rows if one["what"] != "reviewed a move"]
    assert (row["who"], row["what"], row["data"]["at"], row["data"].get("reason", "")) == ("otto", what, "keyboard", why)


@pytest.mark.slow
def test_who_is_disabled_meanwhile_decides_nothing_more_at_the_keyboard(tmp_path: Path) -> None:
    staffed(tmp_path, otto="operator")
    screen = Terminal(tmp_path, "chat", "--human", "always", *GRACE, SWITCHBOARD_OPERATOR="otto")
    screen.wait_for("Password of otto: ")
    screen.type(f"{WORDS}\n")
    screen.answer("You (empty line to end): ", LARGE)
    screen.wait_for("[p]ass")
    by_alma(tmp_path, "users", "disable", "otto")
    screen.type("p\n")
    screen.wait_for("is signed in here no more")
    screen.end()
    assert ("otto", "reviewed a move") not in log(tmp_path)
    [case] = document(tmp_path, "cases")
    assert refunds(document(tmp_path, "show", case["case_id"])) == []


@pytest.mark.slow
def test_who_only_speaks_as_a_customer_needs_no_account(tmp_path: Path) -> None:
    staffed(tmp_path, otto="operator")
    assert switchboard(tmp_path, "chat", *EMMA, given="Where is my order #W1000001?\n").returncode == 0
    assert document(tmp_path, "ask", LARGE, *GRACE)["end"] == "awaiting_approval"
