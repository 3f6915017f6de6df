"""Characters that are not what they look like, that cannot be seen, or that a terminal obeys."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from support.commands import said, switchboard
from support.own_shop import Desk

from switchboard.characters import is_plain, is_plain_address, same, visible, washed, washed_data
from switchboard.errors import OperatorError, ToolError
from switchboard.models.endpoints import read_endpoints
from switchboard.service.conversations import known
from tools.identity import find_user_id_by_email, find_user_id_by_name_zip

EVIL = "\x1b]52;c;aGk=\x07 \x9b31m \u202e \u2066 \u200b \U000e0041 \x7f"
"""What a terminal obeys, what turns a line around, and what is not seen."""


@pytest.mark.parametrize(
    "name", ["Ada", "Élodie", "E\u0301lodie", "Öztürk", "Иванова", "山田たろう", "Ann-Marie O’Neil", "Σοφία"]
)
def test_a_name_of_one_script_is_plain(name: str) -> None:
    assert is_plain(name)


@pytest.mark.parametrize(
    "name", ["\u212aarl", "\u0410da", "Ann \u0412ee", "A\u200bda", "\uff21da", "\ufb01na", "Ad\u03b1", "A\u202eda"]
)
def test_a_name_that_looks_like_another_is_not(name: str) -> None:
    assert not is_plain(name)


def test_names_are_one_name_whatever_their_case_and_form() -> None:
    assert same("STRASSE  Élodie", "straße E\u0301LODIE")
    assert not same("Ada", "\u0410da")


@pytest.mark.parametrize("email", ["ada@example.com", "ivan@почта.example", "élodie@exämple.com"])
def test_parts_of_an_address_may_be_of_different_scripts(email: str) -> None:
    assert is_plain_address(email) and known(email) == {"email": email}


@pytest.mark.parametrize("email", ["\u212aate@example.com", "\u0430da@example.com", "ada@ex\u0430mple.com"])
def test_an_address_that_looks_like_another_is_refused_at_the_door(email: str, shop: Engine) -> None:
    with pytest.raises(OperatorError, match="not taken for an address"):
        known(email)
    with pytest.raises(ToolError):
        Desk(shop).call(find_user_id_by_email, email=email)


def test_look_alikes_of_a_customer_verify_nobody(shop: Engine) -> None:
    desk = Desk(shop)
    for email in ("emma.lindqvist@ex\u0430mple.com", "emma.lindqvist@e\uff58ample.com"):
        with pytest.raises(ToolError):
            desk.call(find_user_id_by_email, email=email)
    with pytest.raises(ToolError):
        desk.call(find_user_id_by_name_zip, first_name="Emm\u0430", last_name="Lindqvist", zip="55802")
    assert desk.customer is None


@pytest.mark.parametrize("name", ["\u0410nn", "\u212aarl", "\uff43\uff55stomer", "CUSTOMER", "Deadline"])
def test_nobody_is_an_operator_by_a_name_that_looks_like_anothers(tmp_path: Path, name: str) -> None:
    done = switchboard(tmp_path, "take", "case_none", "--as", name)
    assert done.returncode == 2 and "cannot be an operator's name" in said(done)


@given(st.text())
def test_what_is_visible_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    assert all(line.isprintable() for line in visible(text).split("\n"))
    assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text
    assert visible(text) == text or not text.replace("\n", "").isprintable()


def test_half_a_surrogate_pair_is_visible_and_washed_away() -> None:
    assert visible("a\ud83db") == "a\\ud83db"
    assert washed("a\ud83db\x00 \U0001f600") == "ab \U0001f600"
    assert washed_data({"a\udc00": ["\ud83d", 1, None, {"b": "c\x00"}]}) == {"a": ["", 1, None, {"b": "c"}]}


def test_json_on_the_screen_holds_no_raw_code(tmp_path: Path) -> None:
    done = switchboard(tmp_path, "ask", f"Good evening. {EVIL}", "--json")
    assert all(line.isprintable() for line in done.stdout.split("\n"))
    assert EVIL.split()[0] in json.loads(done.stdout)["transcript"][0]["text"]


def test_names_of_files_and_what_check_finds_hold_no_raw_code(tmp_path: Path) -> None:
    for command in (
        ("route", "--file", f"/nowhere/{EVIL}"),
        ("research", "heat pumps", "--sources", f"/nowhere/{EVIL}"),
        ("run", EVIL),
        ("show", EVIL),
        ("submit", f"/nowhere/{EVIL}"),
    ):
        done = switchboard(tmp_path, *command)
        assert done.returncode == 2
        assert all(line.isprintable() for line in (done.stdout + done.stderr).split("\n")), command


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1\x01:9/v1", "http://127.0.0.1:9/\x7fv1", "http://ho st/v1", "http://h\u202e/v1"]
)
def test_an_address_of_a_model_with_a_character_that_no_address_has_is_refused(url: str) -> None:
    with pytest.raises(OperatorError, match="base_url is not an address"):
        read_endpoints(json.dumps([{"model": "m", "base_url": url, "api_key": "x"}]))
