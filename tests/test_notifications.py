"""Who is on call hears of each case that waits for a person: once, and as often as needed until it goes out."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support import toys
from support.commands import switchboard
from support.mail_server import MailServer
from support.notified import OnCall, notifying_project, on_call
from support.terminal import PLAIN, environment

from switchboard.cases import runs
from switchboard.cases.cases import RunRef
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.notifications import rows
from switchboard.notifications.table import NotificationsTable
from switchboard.tables.project_file import read_file

PERSON = "I want to speak to a person, please."


@pytest.fixture
def place() -> Iterator[OnCall]:
    with on_call() as place:
        yield place


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return notifying_project(tmp_path)


def ask(acme: Path, words: str, place: OnCall) -> str:
    done = switchboard(acme, "ask", words, new=True, ON_CALL_URL=place.url)
    assert done.returncode in (0, 3), done.stderr
    return flat(done.stderr)


def flat(shown: str) -> str:
    """What was shown, however wide the screen is."""
    return " ".join(shown.split())


def due_now(acme: Path) -> None:
    engine = open_engine(sqlite_url(acme / "data" / "switchboard.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET due_at = 0"))
    engine.dispose()


@pytest.mark.slow
def test_a_case_that_a_person_gets_is_told_once(acme: Path, place: OnCall) -> None:
    ask(acme, PERSON, place)
    ask(acme, "When are you open?", place)
    due_now(acme)
    ask(acme, "When are you open?", place)
    (told,) = place.heard
    assert told["title"] == "acme: a case waits for a person"
    assert "The agents have handed it to a person. `switchboard take case_" in told["message"]
    assert [thread.name for thread in threading.enumerate() if not thread.daemon] == [threading.main_thread().name]
    assert PERSON not in told["message"] and "had this already" not in told["message"]


@pytest.mark.slow
def test_what_did_not_go_out_is_told_and_tried_again(acme: Path, place: OnCall) -> None:
    place.answers = 503
    told = ask(acme, PERSON, place)
    assert "nobody could be notified through ${ON_CALL_URL}." in told and "It is tried again later." in told
    assert "hushhush" not in told
    assert "did not go out" in flat(switchboard(acme, "check", new=True, ON_CALL_URL=place.url).stdout)
    place.answers = 200
    ask(acme, "When are you open?", place)
    assert len(place.heard) == 1, "it is not due yet"
    due_now(acme)
    ask(acme, "When are you open?", place)
    ask(acme, "When are you open?", place)
    assert len(place.heard) == 2
    assert "sent" in switchboard(acme, "notifications", new=True, ON_CALL_URL=place.url).stdout


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_sends_leaves_it_to_the_next(acme: Path, place: OnCall) -> None:
    asked = threading.Event()
    place.before = lambda: (asked.set(), time.sleep(0.5))
    variables = environment(acme, ON_CALL_URL=place.url)
    process = subprocess.Popen([*PLAIN, "ask", PERSON], cwd=acme, env=variables, stdout=subprocess.DEVNULL)
    assert asked.wait(60)
    process.kill()
    process.wait()
    place.before = lambda: None
    ask(acme, "When are you open?", place)
    assert len(place.heard) == 1, "another process may still be sending it"
    due_now(acme)
    ask(acme, "When are you open?", place)
    assert len(place.heard) == 2 and place.texts[1].endswith("You may have had this already.")


@pytest.mark.slow
def test_a_case_that_a_person_has_taken_meanwhile_is_told_to_nobody(acme: Path, place: OnCall) -> None:
    place.answers = 500
    ask(acme, PERSON, place)
    case = place.texts[0].split()[1].rstrip(":")
    assert switchboard(acme, "take", case, new=True, ON_CALL_URL=place.url).returncode == 0
    due_now(acme)
    ask(acme, "When are you open?", place)
    assert len(place.heard) == 1


def test_a_test_says_which_place_takes_it(acme: Path, place: OnCall) -> None:
    tried = switchboard(acme, "notifications", "--test", new=True, ON_CALL_URL=place.url)
    assert (tried.returncode, place.heard[0]["title"]) == (0, "acme: a test")
    away = switchboard(acme, "notifications", "--test", new=True, ON_CALL_URL="json://127.0.0.1:9/")
    assert (away.returncode, "onnection" in flat(away.stdout)) == (1, True)
    unset = switchboard(acme, "notifications", "--test", new=True)
    assert (unset.returncode, "ON_CALL_URL, which is not set" in flat(unset.stdout)) == (1, True)
    odd = switchboard(acme, "check", new=True, ON_CALL_URL="nosuchservice://x")
    assert (odd.returncode, "Apprise does not understand ${ON_CALL_URL}" in flat(odd.stdout)) == (2, True)


@pytest.mark.slow
def test_mail_reaches_who_is_on_call(tmp_path: Path, place: OnCall) -> None:
    with MailServer() as server:
        url = f"mailto://127.0.0.1:{server.port}?from=desk@example.com&to=lead@example.com"
        acme = notifying_project(tmp_path, f'\n[notifications]\nurls = ["{url}"]\nends = ["escalated"]\n')
        ask(acme, PERSON, place)
        ((to, letter),) = server.letters
    assert (to, letter["Subject"]) == ("lead@example.com", "acme: a case waits for a person")


SECRETS = ("slack://TokenA/TokenB/TokenC", "mailto://desk:secret@mail.example.com", "mailto://mail.example.com?user=a&pass=b")


@pytest.mark.parametrize("url", [*SECRETS, "on-call", "json://a b", "json://\\u001b[2J"])
def test_no_secret_and_nothing_hidden_stands_in_the_file(tmp_path: Path, url: str) -> None:
    acme = notifying_project(tmp_path, f'\n[notifications]\nurls = ["{url}"]\n')
    with pytest.raises(OperatorError, match=r"line \d+: \"notifications.urls\" is wrong"):
        read_file(acme / "switchboard.toml")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_sqlite = request.param == "sqlite"
    engine = open_engine(sqlite_url(tmp_path / "rows.db") if on_sqlite else request.getfixturevalue("addresses")())
    migrate_cases(engine)
    yield engine
    engine.dispose()


def test_of_two_that_take_at_once_one_sends(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        rows.notify(session, "case_1", 1, ["json://a", "json://b"], "escalated", None, 100.0)
    taken: list[rows.Notification] = []
    threads = [threading.Thread(target=lambda: taken.extend(rows.take_due(engine, ["json://a"], 100.0))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.url for one in taken] == ["json://a"]
    assert [one.may_be_second for one in rows.take_due(engine, ["json://a"], 100.0 + rows.TAKEN_SECONDS)] == [True]


@pytest.mark.parametrize("second", ["sent", "taken"])
def test_a_slow_try_does_not_overwrite_what_came_of_a_later_one(engine: Engine, second: str) -> None:
    with Session(engine) as session, session.begin():
        rows.notify(session, "case_1", 1, ["json://a"], "escalated", None, 0.0)
    (slow,) = rows.take_due(engine, ["json://a"], 0.0)
    later = rows.TAKEN_SECONDS
    (quick,) = rows.take_due(engine, ["json://a"], later)
    if second == "sent":
        rows.settle(engine, quick, "", later)
    rows.settle(engine, slow, "Away.", later)
    assert [(one.state, one.trouble) for one in rows.newest(engine, 5)] == [(second, "")]
    assert rows.take_due(engine, ["json://a"], later + rows.PAUSES[0]) == []


def test_it_is_given_up_after_the_last_pause_and_not_before(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        rows.notify(session, "case_1", 1, ["json://a"], "escalated", "orders", 0.0)
    now = 0.0
    for pause in (*rows.PAUSES, 0.0):
        (one,) = rows.take_due(engine, ["json://a"], now)
        rows.settle(engine, one, "Away.", now)
        now += pause
    assert [(one.state, one.trouble) for one in rows.newest(engine, 5, unsent=True)] == [("given_up", "Away.")]
    assert rows.take_due(engine, ["json://a"], now + 1e9) == []


@pytest.mark.slow
@pytest.mark.parametrize("by", ["itself", "another process"])
def test_a_run_that_fails_while_it_is_given_up_is_told_once(engine: Engine, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    table = NotificationsTable(urls=["json://a"])
    with Worker(Environment(engine, {"toys": toys.team()}, notifications=table)) as worker:
        ref = worker.open_case("toys", "Where is my parcel?", known={"email": "ada@example.com"})
        if by == "itself":
            monkeypatch.setattr(runs, "finish", lambda *_: 1 / 0)
            worker.work(ref)
        else:
            for number in (1, 2, 2):
                runs.give_up(engine, RunRef(ref.case_id, number), "It cannot go on.", table)
        assert worker.document(ref.case_id)["end"] == "failed"
    assert [(one.case_id, one.run, one.end) for one in rows.newest(engine, 9)] == [(ref.case_id, 2, "failed")]


@pytest.mark.slow
def test_all_that_a_command_leaves_to_people_is_told_when_it_ends(acme: Path, place: OnCall) -> None:
    (acme / "queue.jsonl").write_text(
        "\n".join(f'{{"id": "q-{n}", "text": "{PERSON} It is my {n}th try."}}' for n in range(30))
    )
    done = switchboard(acme, "tickets", "queue.jsonl", new=True, ON_CALL_URL=place.url)
    assert (done.returncode, len(place.heard), len(set(place.keys))) == (0, 30, 30), done.stderr
