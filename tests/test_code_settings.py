"""A project that verifies by codes: what its file and the environment say, and what `check` finds missing."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from support.mail_server import MailServer
from support.small_project import small_project
from test_project import ROOT, refused, switchboard

from switchboard.consent.typed_codes import HIDDEN

WORDS = "Where is my order #W1000011? I am priya.raman@example.com"
BY_CODE = 'name = "Acme Tools"\nidentity = "code"\n'
KEY = {"SWITCHBOARD_CODE_KEY": "k" * 32}
FINDER = """
    from switchboard.declare.tool import Context, tool


    @tool(effect="read", public=True, verifies=True)
    def find_customer(ctx: Context, email: str) -> str:
        '''Find a customer.'''
        ctx.verify(email)
        return email
    """
BY_HAND = """
    from pathlib import Path

    from switchboard.project import ProjectSetup


    class Pigeons:
        def send(self, letter):
            Path("sent.txt").write_text(letter.to)

        def probe(self):
            return ""


    setup = ProjectSetup(services=lambda: {"mail": Pigeons()})
    """


def found(done: CompletedProcess[str]) -> list[tuple[str, str]]:
    return [(row["state"], row["text"]) for row in json.loads(done.stdout)["findings"] if row["what"] == "identity"]


@pytest.mark.slow
def test_check_says_what_codes_need_and_no_command_goes_on_without(tmp_path: Path) -> None:
    project = small_project(tmp_path, BY_CODE)
    checked = switchboard(project, "check", "--json")
    told = [text for state, text in found(checked) if state == "wrong"]
    assert checked.returncode == 2
    assert [text.split(":")[0] for text in told] == [
        "There is no mail server",
        "There is no address that letters are from",
        "There is no key to make codes with",
    ]
    asked = switchboard(project, "ask", "Hello")
    assert (asked.returncode, "There is no mail server" in asked.stderr) == (2, True)


@pytest.mark.slow
def test_check_asks_the_mail_server(tmp_path: Path) -> None:
    with MailServer() as mail:
        table = f'[mail]\nhost = "127.0.0.1"\nport = {mail.port}\nsender = "desk@example.com"\ntls = "none"\n'
        project = small_project(tmp_path, BY_CODE + table)
        checked = switchboard(project, "check", "--json", **KEY)
        assert (checked.returncode, mail.visits, mail.letters) == (0, 1, [])
    ((state, text),) = found(checked)
    assert (state, text) == ("good", 'identity = "code": codes can be sent to customers\' addresses on file.')
    assert "misspelt" not in checked.stdout
    ((state, text),) = found(switchboard(project, "check", "--json", **KEY))
    assert (state, "cannot be reached" in text) == ("wrong", True)


@pytest.mark.slow
def test_a_project_may_bring_its_own_sender(tmp_path: Path) -> None:
    project = small_project(tmp_path, f'{BY_CODE}setup = "tools.setup"\n', BY_HAND)
    ((state, _),) = found(switchboard(project, "check", "--json", **KEY))
    assert state == "good"


@pytest.mark.slow
def test_check_names_what_finds_customers_and_knows_no_address_of_them(tmp_path: Path) -> None:
    project = small_project(tmp_path, f'{BY_CODE}setup = "tools.setup"\n', BY_HAND + FINDER)
    greeter = project / "agents" / "greeter.py"
    told = greeter.read_text().replace(', lambda view: Say("', ', tools=(find_customer,), without_model=lambda view: Say("')
    greeter.write_text("from tools.setup import find_customer\n" + told)
    ((state, text), _) = found(switchboard(project, "check", "--json", **KEY))
    assert (state, text.split(",")[0]) == ("wrong", "find_customer finds customers")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[mail]\nhots = "mail.example.com"', 'line 4: there is no key "mail.hots"; did you mean "host".'),
        ("[mail]\nport = 0", 'line 4: "mail.port" is wrong'),
        ('[mail]\nsender = "desk"', 'line 4: "mail.sender" is wrong'),
        ('[mail]\npassword = "secret"', 'line 4: there is no key "mail.password"'),
    ],
)
def test_what_is_wrong_in_the_table_of_the_mail_server_is_said_with_its_line(tmp_path: Path, table: str, told: str) -> None:
    assert told in refused(small_project(tmp_path, BY_CODE + table))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Path, MailServer]]:
    """A copy of the sample that verifies by codes, and its mail server."""
    project = tmp_path / "shop"
    for name in ("agents", "groupchats", "tools", "scenarios"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    with MailServer() as mail:
        table = f'\n[mail]\nhost = "localhost"\nport = {mail.port}\nsender = "desk@example.com"\ntls = "none"\n'
        toml = (ROOT / "switchboard.toml").read_text().replace('identity = "typed"', 'identity = "code"')
        (project / "switchboard.toml").write_text(toml + table)
        assert switchboard(project, "sample", "load", **KEY).returncode == 0
        yield project, mail


@pytest.mark.slow
def test_a_case_goes_on_from_one_command_to_the_next_and_shows_the_code_to_nobody(shop: tuple[Path, MailServer]) -> None:
    project, mail = shop
    asked = json.loads(switchboard(project, "ask", WORDS, "--json", **KEY).stdout)
    assert "a code of six digits to p***@e***.com" in asked["reply"]
    said = [switchboard(project, "ask", f"It is {mail.codes[0]}.", "--case", asked["case_id"], "--json", **KEY)]
    for command in ("show", "replay"):
        said += [switchboard(project, command, asked["case_id"], *more, **KEY) for more in ((), ("--json",))]
    assert [done.returncode for done in said] == [0] * 5
    assert json.loads(said[0].stdout)["end"] == "resolved"
    assert not any(mail.codes[0] in done.stdout + done.stderr for done in said)


@pytest.mark.slow
def test_a_code_that_is_written_to_a_person_is_shown_to_nobody(shop: tuple[Path, MailServer]) -> None:
    project, mail = shop
    case = json.loads(switchboard(project, "ask", WORDS, "--json", **KEY).stdout)["case_id"]
    assert switchboard(project, "take", case, "--as", "anna", **KEY).returncode == 0
    for words in (f"It is {mail.codes[0]}.", "1000012"):
        again = switchboard(project, "ask", words, "--case", case, **KEY)
        assert "anna" in again.stdout + again.stderr
    shown = switchboard(project, "show", case, "--json", **KEY).stdout
    assert [line["text"] for line in json.loads(shown)["transcript"]][-2:] == [f"It is {HIDDEN}.", "1000012"]
    assert mail.codes[0] not in shown
