"""What somebody tries who has just installed the program, and what they see: sentences, and nothing of the inside."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.commands import started, switchboard
from support.own_shop import data_folder

from switchboard.search.citations import readable

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


@pytest.mark.slow
def test_what_was_only_played_is_on_no_list_and_can_be_shown(place: Path) -> None:
    played = json.loads(switchboard(place, "demo", "--json").stdout)["case_id"]
    for command in ("cases", "runs"):
        assert json.loads(switchboard(place, command, "--json").stdout) == []
    assert json.loads(switchboard(place, "show", played, "--json").stdout)["case_id"] == played


INSIDE = re.compile(r"\w+_\w+\(|\.md#|\(rules\)|\b[a-z]+_[a-z]+_[a-z]+\b(?<!_approval)|credit_card_\d|gift_card_\d")
"""What a customer need not know: calls, citations, names of tools, ids of payment methods."""
ASKED = {
    "an article": ("Can I use two discount codes?", "(see: Discounts and codes)"),
    "a refund": ("I was charged twice for order #W1000001, please refund it.", "The refund of order #W1000001, 42.50 USD"),
    "fifty orders": (f"Where are {', '.join(f'#W10000{n:02}' for n in range(1, 51))}?", "#W1000001"),
    "what they pay with": ("Which payment methods do I have?", "card ending 1111"),
    "an order that is not theirs": ("Cancel #W1000004.", "#W1000004"),
}


def on_screen(place: Path, columns: str, *arguments: str) -> str:
    """What a command prints on a terminal of so many columns."""
    return started(place, *arguments, COLUMNS=columns).communicate(60)[0]


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize("name", ASKED)
def test_a_customer_sees_what_was_said_and_done_and_nothing_of_the_inside(place: Path, name: str, columns: str) -> None:
    words, told = ASKED[name]
    printed = on_screen(place, columns, "ask", words, *EMMA)
    shown = " ".join(printed.split())
    assert told in shown
    assert not INSIDE.findall(shown)
    assert "Wanted:" not in shown, "the note is for colleagues"
    assert max(map(len, printed.splitlines())) <= int(columns)
    case_id = json.loads(switchboard(place, "cases", "--json").stdout)[0]["case_id"]
    colleague = " ".join(on_screen(place, columns, "show", case_id).split())
    assert "Wanted:" in colleague or "awaiting_customer" in colleague
    assert not INSIDE.findall(colleague)
    document = json.loads(switchboard(place, "show", case_id, "--json").stdout)
    assert not INSIDE.findall(document["note"].replace(".md#", "")), document["note"]
    if "see:" in told:
        assert ".md#" in document["reply"], "programs get the citation itself"
        assert ".md#" in switchboard(place, "show", case_id, "--trace").stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", ["cases", "runs"])
def test_ids_are_whole_on_a_narrow_terminal(place: Path, command: str) -> None:
    for words in ("Hello", "Where is my order #W1000001?"):
        switchboard(place, "ask", words, *EMMA)
    ids = [row["case_id"] for row in json.loads(switchboard(place, "cases", "--json").stdout)]
    for columns in ("40", "60", "79", "80"):
        shown = on_screen(place, columns, command)
        assert all(case_id in shown for case_id in ids)
        assert max(map(len, shown.splitlines())) <= int(columns)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It costs 4 USD. [price-list.md#delivery]", "It costs 4 USD. (see: Price list)"),
        ("So it is.\n[a-b.md#x][a-b.md#y] [c.txt#z]\nGood.", "So it is. (see: A b; C)\nGood."),
        ("So it is. [a.md#x; b-c.md#y, d.md#z; a.md#z]", "So it is. (see: A; B c; D)"),
        ("So it is. [Terms, 2031.md#x] [D.MD#y, z; e.Docx#p2]", "So it is. (see: Terms, 2031; D; E)"),
        ("I wrote [order #W1000001] and [x#y].", "I wrote [order #W1000001] and [x#y]."),
        ("[" * 5000 + "a.md#b", "[" * 5000 + "a.md#b"),
    ],
)
def test_a_citation_is_read_as_the_name_of_its_source(text: str, read: str) -> None:
    assert readable(text) == read


@pytest.mark.slow
def test_a_further_message_on_a_case_that_a_human_has_is_answered_with_who_has_it(place: Path) -> None:
    case_id = json.loads(switchboard(place, "ask", "I want to talk to a human", *EMMA, "--json").stdout)["case_id"]
    words = "Your message was added to the case. A colleague answers it."
    assert words in switchboard(place, "ask", "--case", case_id, "Any news?").stdout
    again = switchboard(place, "ask", "--case", case_id, "Any news, please?", "--json")
    assert (again.returncode, json.loads(again.stdout)["reply"]) == (0, words)
    switchboard(place, "take", case_id, "--as", "dana")
    assert "dana answers it." in switchboard(place, "ask", "--case", case_id, "Hello?").stdout
    assert json.loads(switchboard(place, "show", case_id, "--json").stdout)["transcript"][-1]["text"] == "Hello?"


@pytest.mark.slow
def test_a_note_to_the_agents_does_not_look_like_words_to_the_customer(place: Path) -> None:
    case_id = json.loads(switchboard(place, "ask", "I want to talk to a human", *EMMA, "--json").stdout)["case_id"]
    switchboard(place, "take", case_id, "--as", "dana")
    switchboard(place, "hand-back", case_id, "--as", "dana", "--note", "Give her nothing.")
    for more in ([], ["--trace"]):
        assert "gives the case back. To the agents: Give her nothing." in switchboard(place, "show", case_id, *more).stdout


DAMAGED = {
    "no database at all": lambda whole: b"\x00" * 5000,
    "pages in the middle": lambda whole: whole[:8192] + b"U" * 40960 + whole[49152:],
    "cut short": lambda whole: whole[: len(whole) // 2],
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("name", ["switchboard.db", "switchboard-engine.db"])
def test_check_finds_a_damaged_file_and_says_what_to_do(place: Path, name: str, damage: str) -> None:
    on_screen(place, "80", "ask", "Hello", *EMMA)
    assert "is damaged: " not in on_screen(place, "250", "check")
    file = place / "data" / name
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    file.write_bytes(DAMAGED[damage](file.read_bytes()))
    found = switchboard(place, "check", "--json")
    assert found.returncode == 2
    wrong = [one["text"] for one in json.loads(found.stdout)["findings"] if one["state"] == "wrong"]
    assert f"{file} is damaged: " in wrong[0]
    if "engine" in name:
        assert "Move it away" in wrong[0]
        file.unlink()
        assert switchboard(place, "resume", "--all").returncode == 0
        assert switchboard(place, "ask", "Hello", *EMMA).returncode == 3
