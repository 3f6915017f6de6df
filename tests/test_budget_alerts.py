"""A budget of models that runs out, or is used up: who is on call hears of each once, also when nobody asks a model again."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support.commands import switchboard
from support.notified import OnCall, mailbox, notifying_project, on_call
from support.terminal import PLAIN, environment

from switchboard.cases.spending import budgets as by_clock
from switchboard.cases.spending.budgets import Budgets
from switchboard.cases.spending.rows import settle
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.outcomes import Wasted
from switchboard.migrations import migrate_cases
from switchboard.models.money.budgets import Budget, Estimate
from switchboard.models.scripted import ScriptedModel
from switchboard.notifications import rows as notified
from switchboard.notifications.table import NotificationsTable
from switchboard.service.notifications import send_due
from switchboard.tables.project_file import ProjectFile

WHOM = NotificationsTable(urls=["json://a"], urgent=["json://pager"])
CALL = Estimate(1, 0.01, 60.0)


@pytest.fixture(params=["sqlite", "postgres"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_sqlite = request.param == "sqlite"
    engine = open_engine(sqlite_url(tmp_path / "rows.db") if on_sqlite else request.getfixturevalue("addresses")())
    migrate_cases(engine)
    yield engine
    engine.dispose()


def file(**budgets: object) -> ProjectFile:
    return ProjectFile.model_validate({"name": "acme", "notifications": WHOM.model_dump(), "budgets": budgets})


def took(engine: Engine, tokens: int) -> None:
    with Session(engine) as session, session.begin():
        settle(session.connection(), [("case", datetime.now(UTC).date().isoformat(), Wasted(1, tokens, 0.0))])


def sent(engine: Engine, project: ProjectFile) -> list[tuple[str, str, str]]:
    """Where what went out now, under which title."""
    heard: list[tuple[str, str, str]] = []
    send_due(engine, project, lambda *given: heard.append((given[1], given[2], given[3])) or "")  # type: ignore[func-returns-value]
    return heard


def test_each_of_its_two_levels_is_written_with_the_call_that_finds_it_and_once(rows: Engine) -> None:
    both = [Budgets(lambda: rows, [Budget("day", "tokens", 10)], wait=0.0, whom=WHOM) for _ in range(2)]
    for number in range(14):
        begun = both[number % 2].begin(f"case-{number}", lambda: CALL)
        if not begun.refused:
            both[0].settle(f"case-{number}", begun.day, Wasted(1, 1, 0.0))
    today = datetime.now(UTC).date().isoformat()
    assert sorted((one.url, one.about) for one in notified.newest(rows, 99)) == [
        ("json://a", f"100 % 10 tokens of the day {today}"),
        ("json://a", f"80 % 10 tokens of the day {today}"),
        ("json://pager", f"100 % 10 tokens of the day {today}"),
    ]


def test_what_the_last_call_of_the_night_used_up_is_told_though_none_comes_after_it(rows: Engine) -> None:
    project = file(day={"tokens": 100}, month={"tokens": 1000})
    assert sent(rows, project) == []
    took(rows, 85)
    ((to, title, words),) = sent(rows, project)
    assert (to, title) == ("json://a", "acme: a budget of models runs out")
    assert words.startswith("80 % or more of 100 tokens of the day 20") and "`switchboard check`" in words
    took(rows, 15)
    assert sorted(sent(rows, project))[1][:2] == ("json://pager", "acme: a budget of models is used up")
    assert sent(rows, project) == []
    took(rows, 750)
    ((_, _, words),) = sent(rows, project)
    assert "of 1,000 tokens of the month 20" in words


def test_the_next_day_and_a_budget_that_was_raised_are_told_anew(rows: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    took(rows, 90)
    assert len(sent(rows, file(day={"tokens": 100}))) == 1
    assert len(sent(rows, file(day={"tokens": 110}))) == 1
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(by_clock, "clock", lambda _: tomorrow)
    assert sent(rows, file(day={"tokens": 100})) == []
    with Session(rows) as session, session.begin():
        settle(session.connection(), [("case", tomorrow.date().isoformat(), Wasted(1, 90, 0.0))])
    assert sent(rows, file(day={"tokens": 100})) == [], "it is due when that day is"
    assert next(one.about[-10:] for one in notified.newest(rows, 9)) == tomorrow.date().isoformat()


KINDS = {"mail": mailbox, "http": on_call}
BUDGET = "\n[budgets.day]\ntokens = 10\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mail", "http"])
def test_a_kill_between_sending_and_its_record_leaves_one_key(tmp_path: Path, kind: str) -> None:
    acme = notifying_project(tmp_path, BUDGET + '\n[notifications]\nurls = ["${ON_CALL_URL}"]\n')
    killed = list[int]()
    with KINDS[kind]() as place, ScriptedModel(["We are here from nine to five."], repeat=True) as model:
        url = place.url if kind == "http" else f"mailto://127.0.0.1:{place.port}?from=desk@example.com&to=lead@example.com"
        given = {"ON_CALL_URL": url, "OAI_CONFIG_LIST": json.dumps([{"model": "m", "base_url": model.url, "api_key": "x"}])}
        process = subprocess.Popen(
            [*PLAIN, "ask", "Tell me of the sea."], cwd=acme, env=environment(acme, **given), stdout=subprocess.DEVNULL
        )

        def kill() -> None:
            if not killed and any("budget" in heard["title"] for heard in place.heard):
                killed.append(process.pid)
                process.kill()
                process.wait()

        place.before = kill
        process.wait(60)
        assert killed, place.heard
        for _ in range(3):
            all_due(acme)
            assert switchboard(acme, "ask", "When are you open?", new=True, **given).returncode in (0, 3)
        keys = {key for key, heard in zip(place.keys, place.heard, strict=True) if "budget" in heard["title"]}
        assert len(keys) == 1 and len(budget_letters(place)) == 2, "by the one that was killed, and once since"


def budget_letters(place: OnCall) -> list[str]:
    return [heard["message"] for heard in place.heard if "budget" in heard["title"]]


def all_due(acme: Path) -> None:
    engine = open_engine(sqlite_url(acme / "data" / "switchboard.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET due_at = 0"))
    engine.dispose()
