"""Codes by mail where the customers are an API's: the whole way, from a question to the answer, on a project of TOML alone."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.described import answering, described
from support.mail_server import MailServer
from support.other_side import Asked, OtherSide, said
from support.terminal import PLAIN, environment

STRING = {"type": "string"}
MEMBERS = {
    "ada@example.com": {"id": "M-7", "email": "ada@example.com"},
    "bo@example.com": {"id": "M-8", "email": "bo@example.com"},
}
LOANS = {"L-4711": {"number": "L-4711", "member": "M-7", "title": "The Waves", "due": "2030-05-14"}}
API = described(
    {
        "/members": {
            "get": {
                "operationId": "findMember",
                "parameters": [{"name": "email", "in": "query", "required": True, "schema": STRING}],
                **answering({"type": "object", "properties": {"id": STRING, "email": STRING}}),
            }
        },
        "/loans/{number}": {
            "get": {
                "operationId": "getLoan",
                "parameters": [{"name": "number", "in": "path", "required": True, "schema": STRING}],
                **answering({"type": "object", "properties": dict.fromkeys(("number", "member", "title", "due"), STRING)}),
            }
        },
    }
)
PROJECT = """
name = "Lending Library"
identity = "code"

[ids.loan]
form = 'L-\\d{4}'
example = "L-0000"

[departments.loans]
about = "Loans: when a book is due."
examples = ["When is my book due?", "Until when may I keep L-0000?", "How long can I have it?", "When must L-0000 be back?"]
tools = ["find_member", "get_loan"]
plays = ["due"]

[tools.library]
openapi = "library.json"
server = "${LIBRARY_API}"

[tools.library.calls.find_member]
operation = "findMember"
effect = "read"
verifies = "id"
email = "email"
result = ["id"]

[tools.library.calls.get_loan]
operation = "getLoan"
effect = "read"
owner = "member"
"""
PLAY = """
about = "When a loan is due."
examples = [
    "When is my book due?",
    "Until when may I keep L-0000?",
    "When must L-0000 be back?",
    "How long can I have the book?",
    "When do I have to bring it back?",
    "What is the last day for my loan?",
    "Is my loan overdue?",
    "By when do you want the book back?",
]
slots = [{ name = "number", ask = "Which loan is it? Its number begins with L-.", id = "loan" }]
reads = [{ tool = "get_loan", arguments = { number = "number" } }]
told = "{get_loan.title} is due on {get_loan.due:date}."
"""
ASKED = "When must my loan L-4711 be back? I am ada@example.com"


class Library(NamedTuple):
    folder: Path
    mail: MailServer
    variables: dict[str, str]

    def ask(self, words: str, *options: str) -> dict[str, Any]:
        env = environment(self.folder, **self.variables)
        command = [*PLAIN, "ask", words, "--json", *options]
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=120)
        assert done.stdout, done.stderr
        return dict(json.loads(done.stdout))


def answer(asked: Asked) -> list[bytes | float]:
    path, _, query = asked.target.partition("?")
    found = (
        LOANS.get(path.rpartition("/")[2])
        if path.startswith("/loans/")
        else MEMBERS.get(query.replace("email=", "").replace("%40", "@"))
    )
    return [said(json.dumps(found))] if found else [said("{}", "404 Not Found")]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    (tmp_path / "agents" / "plays").mkdir(parents=True)
    (tmp_path / "switchboard.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "agents" / "plays" / "due.toml").write_text(PLAY, "utf-8")
    (tmp_path / "library.json").write_text(json.dumps(API), "utf-8")
    with OtherSide(answer) as side, MailServer() as mail:
        named = {"HOST": "127.0.0.1", "PORT": str(mail.port), "SENDER": "desk@example.com", "TLS": "none"}
        variables = {f"SWITCHBOARD_MAIL_{name}": value for name, value in named.items()}
        yield Library(tmp_path, mail, {**variables, "SWITCHBOARD_CODE_KEY": "k" * 32, "LIBRARY_API": side.address})


@pytest.mark.slow
def test_who_writes_the_code_of_the_address_on_file_is_told_of_their_loan(library: Library) -> None:
    asked = library.ask(ASKED)
    assert (asked["end"], "The Waves" in json.dumps(asked)) == ("awaiting_customer", False)
    ((to, _),) = library.mail.letters
    assert to == "ada@example.com"
    told = library.ask(library.mail.codes[0], "--case", asked["case_id"])
    assert (told["end"], told["reply"]) == ("resolved", "The Waves is due on May 14, 2030.")


@pytest.mark.slow
def test_a_wrong_code_and_an_unknown_address_are_told_nothing(library: Library) -> None:
    asked = library.ask(ASKED)
    wrong = f"{(int(library.mail.codes[0]) + 1) % 1_000_000:06}"
    told = library.ask(wrong, "--case", asked["case_id"])
    assert (told["end"], "The Waves" in json.dumps(told)) == ("awaiting_customer", False)
    unknown = library.ask(ASKED.replace("ada@", "nobody@"))
    assert (unknown["reply"], len(library.mail.letters)) == (asked["reply"].replace("a***@", "n***@"), 1)


@pytest.mark.slow
def test_a_loan_of_somebody_else_is_not_told_to_who_is_verified(library: Library) -> None:
    asked = library.ask(ASKED.replace("ada@", "bo@"))
    told = library.ask(library.mail.codes[0], "--case", asked["case_id"])
    assert "The Waves" not in json.dumps(told) and "M-7" not in json.dumps(told)
