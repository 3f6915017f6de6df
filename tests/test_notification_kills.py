"""A real `kill -9` around the sending of a notification, over real SMTP and HTTP: a place that goes by its key has it once."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text
from support.commands import switchboard
from support.notified import OnCall, mailbox, notifying_project, on_call
from support.terminal import PLAIN, environment

from switchboard.database import open_engine, sqlite_url

PERSON = "I want to speak to a person, please."
KINDS = {"mail": mailbox, "http": on_call}


def url_of(place: OnCall, kind: str) -> str:
    return place.url if kind == "http" else f"mailto://127.0.0.1:{place.port}?from=desk@example.com&to=lead@example.com"


def all_due(acme: Path) -> None:
    engine = open_engine(sqlite_url(acme / "data" / "switchboard.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET due_at = 0"))
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before it is sent", "between the effect and its record"])
@pytest.mark.parametrize("kind", ["mail", "http"])
def test_a_kill_leaves_neither_none_nor_two(tmp_path: Path, kind: str, moment: str) -> None:
    acme, killed = notifying_project(tmp_path), list[int]()
    with KINDS[kind]() as place:
        url = url_of(place, kind)
        variables = environment(acme, ON_CALL_URL=url)
        process = subprocess.Popen([*PLAIN, "ask", PERSON], cwd=acme, env=variables, stdout=subprocess.DEVNULL)

        def kill() -> None:
            if not killed:
                killed.append(process.pid)
                process.kill()
                process.wait()

        if moment.startswith("before"):
            place.asked = kill
        else:
            place.before = kill
        process.wait(60)
        assert killed, "it was killed while it sent"
        for _ in range(3):
            all_due(acme)
            assert switchboard(acme, "ask", "When are you open?", new=True, ON_CALL_URL=url).returncode in (0, 3)
        assert len(place.keys) >= 1 and len(set(place.keys)) == 1 and "None" not in place.keys, place.keys
        assert len(place.keys) <= 2, "once by the one that was killed, and once since: what is recorded is not sent again"
        (case,) = {told["message"].split()[1] for told in place.heard}
        assert case.startswith("case_")


@pytest.mark.slow
def test_two_escalations_of_a_case_are_two_notifications(tmp_path: Path) -> None:
    acme = notifying_project(tmp_path)
    with on_call() as place:
        for _ in range(2):
            switchboard(acme, "ask", PERSON, new=True, ON_CALL_URL=place.url)
        assert len(place.heard) == len(set(place.keys)) == 2


@pytest.mark.slow
def test_what_is_critical_or_high_is_told_to_the_pager_too(tmp_path: Path) -> None:
    table = '\n[notifications]\nurls = ["${ON_CALL_URL}"]\nurgent = ["${PAGER}"]\n'
    acme = notifying_project(tmp_path, table)
    with mailbox() as mails, on_call() as pager:
        said = {"ON_CALL_URL": url_of(mails, "mail"), "PAGER": pager.url}
        switchboard(acme, "ask", PERSON, new=True, **said)
        assert (len(mails.heard), len(pager.heard)) == (1, 0)
        switchboard(acme, "ask", "There is smoke coming out of my charger.", new=True, **said)
        assert (len(mails.heard), len(pager.heard)) == (2, 1)
        assert "(critical)" in pager.heard[0]["message"] and "smoke" not in pager.heard[0]["message"]
