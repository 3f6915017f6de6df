"""`switchboard doctor`: what would keep an installation from working, who can mend it, and how."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from support.commands import LARGE, parked, said, switchboard

from switchboard.console.terminal.running import doctor, installed
from switchboard.console.terminal.running.installed import trouble_with_python, troubles_with
from switchboard.database import open_engine
from switchboard.service.watching import health


def told(tmp_path: Path, **variables: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """The exit code, and the findings by what they are about."""
    done = switchboard(tmp_path, "doctor", "--json", **variables)
    rows = json.loads(done.stdout)["findings"]
    return done.returncode, {what: [row for row in rows if row["what"] == what] for what in {row["what"] for row in rows}}


@pytest.mark.slow
def test_of_one_that_works_each_line_is_good_and_nothing_is_said_twice(tmp_path: Path) -> None:
    parked(tmp_path)
    code, by = told(tmp_path)
    assert code == 0
    assert {row["state"] for what in ("packages", "folder", "database", "clock", "seals", "accounts") for row in by[what]} == {
        "good"
    }
    texts = [row["text"] for rows in by.values() for row in rows]
    assert len(texts) == len(set(texts))
    assert {row["who"] for row in by["workers"]} == {doctor.ADMINISTRATOR} and "Nobody takes cases" in by["workers"][0]["text"]


def test_at_a_terminal_each_line_that_is_not_good_names_who_can_mend_it(tmp_path: Path) -> None:
    switchboard(tmp_path, "route", LARGE)
    done = switchboard(tmp_path, "doctor")
    assert done.returncode == 0 and "(to be mended by: who runs this machine)" in " ".join(done.stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("key", ["another-key-that-is-long-enough-to-be-one", None])
def test_a_key_that_is_lost_or_another_one_is_told_and_no_worker_starts(tmp_path: Path, key: str | None) -> None:
    parked(tmp_path)
    if key is None:
        (tmp_path / "data" / "switchboard.db.key").unlink()
    given = {"SWITCHBOARD_SEAL_KEY": key} if key else {}
    code, by = told(tmp_path, **given)
    assert (code, [row["state"] for row in by["seals"]]) == (1, ["wrong"]) and "seal --all" in by["seals"][0]["text"]
    for command in (["worker"], ["serve", "--port", "0"]):
        refused = switchboard(tmp_path, *command, **given)
        assert (refused.returncode, "not the one that sealed the rows" in said(refused)) == (2, True)
    assert switchboard(tmp_path, "seal", "--all", **given).returncode == 0
    assert told(tmp_path, **given)[0] == 0


@pytest.mark.slow
def test_tables_of_an_older_version_are_left_as_they_are(tmp_path: Path, shop: Engine) -> None:
    parked(tmp_path)
    url = f"sqlite:///{tmp_path / 'data' / 'switchboard.db'}"
    engine = open_engine(url)
    for version, word in (("0012_traced", "Keep a copy"), ("0099_later", "Install the newer")):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE schema_versions SET version = '{version}' WHERE chain = 'switchboard'"))
        code, by = told(tmp_path)
        assert code == 1 and word in by["database"][0]["text"] and "workers" not in by
        with engine.begin() as connection:
            assert (
                connection.execute(text("SELECT version FROM schema_versions WHERE chain = 'switchboard'")).scalar() == version
            )
    engine.dispose()


def test_a_server_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    code, by = told(tmp_path, SWITCHBOARD_DATABASE_URL="postgresql://desk:secret@127.0.0.1:9/desk")
    assert code == 1 and len(by["database"]) == 1 and "does not answer" in by["database"][0]["text"]
    assert "secret" not in str(by)


@pytest.mark.slow
def test_clocks_that_are_apart_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parked(tmp_path)
    states = {}
    for apart in (0.4, -5.0, 90.0):
        monkeypatch.setattr(health, "skew", lambda engine, apart=apart: apart)
        code, by = told(tmp_path)
        states[apart] = (code, by["clock"][0]["state"])
    assert states == {0.4: (0, "good"), -5.0: (0, "odd"), 90.0: (1, "wrong")}


def test_on_both_databases_the_clock_is_near_ours(shop: Engine) -> None:
    assert abs(health.skew(shop)) < 2 and health.is_current(shop)


def test_packages_are_held_against_what_is_declared() -> None:
    assert trouble_with_python(">=3.11", "3.11.7") == "" and "is needed" in trouble_with_python(">=3.11", "3.10.2")
    required = ["packaging>=999", "nowhere-to-be-found>=1", "not-there; extra == 'mail'", "ruff>=999; extra == 'dev'"]
    required += ["httpx>=999; extra == 'mail'", "old-thing>=1; python_version < '3'"]
    found = list(troubles_with(required))
    assert len(found) == 3 and found[1] == "nowhere-to-be-found is missing."
    assert found[0].startswith("packaging is ") and found[2].startswith("httpx is ")


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"autogen": "0.14.1"}, []),
        ({"pyautogen": "0.9"}, []),
        ({"pyautogen": "0.8"}, ["pyautogen is 0.8, and >=0.9 is declared."]),
        ({}, ["autogen is missing."]),
    ],
)
def test_autogen_may_be_the_one_that_was_published_before(
    there: dict[str, str], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(installed, "version", version)
    assert list(troubles_with(["autogen[openai]>=0.14.1,<0.15"])) == told


def test_what_waits_too_long_is_named(tmp_path: Path) -> None:
    parked(tmp_path)
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'switchboard.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE approvals SET deadline = '2026-01-01 00:00:00.000000'"))
        connection.execute(text("UPDATE cases SET created_at = '2026-01-01 00:00:00.000000'"))
    engine.dispose()
    _, by = told(tmp_path)
    assert "late" in by["cases"][0]["text"] and by["cases"][0]["who"] == doctor.OPERATOR
