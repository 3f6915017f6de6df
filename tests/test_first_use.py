"""What somebody tries who has just installed the program, and what they see: sentences, and nothing of the inside."""

import json
from pathlib import Path

import pytest
from support.commands import switchboard
from support.own_shop import data_folder

EMMA = ["--email", "emma.lindqvist@example.com"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    data_folder(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", [["-h"], ["ask", "-h"], ["tau2", "replay", "-h"], ["sample", "load", "-h"]])
def test_the_short_form_of_help_is_help(place: Path, arguments: list[str]) -> None:
    done = switchboard(place, *arguments)
    assert done.returncode == 0
    assert "Usage: switchboard" in done.stdout


def test_the_version_is_an_option_too(place: Path) -> None:
    assert switchboard(place, "--version").stdout == switchboard(place, "version").stdout != ""


@pytest.mark.parametrize("address", ["notanemail", "@", "emma@", "@example.com", "emma lindqvist@example.com", "a@b@c"])
def test_what_is_no_address_is_refused_with_a_sentence(place: Path, address: str) -> None:
    done = switchboard(place, "ask", "Where is my order?", "--email", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{address!r} is no e-mail address. Write one like name@example.com, or leave it out.\n"
    (place / "messages.jsonl").write_text(json.dumps({"id": 1, "text": "Hello", "email": address}))
    assert "is no e-mail address" in switchboard(place, "submit", "messages.jsonl").stderr


def test_what_was_only_played_is_on_no_list_and_can_be_shown(place: Path) -> None:
    played = json.loads(switchboard(place, "demo", "--json").stdout)["case_id"]
    for command in ("cases", "runs"):
        assert json.loads(switchboard(place, command, "--json").stdout) == []
    assert json.loads(switchboard(place, "show", played, "--json").stdout)["case_id"] == played
