"""A real `kill -9` at every boundary of a code: it is sent again as the same one, and counts once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.killed import Nursery
from support.kills import mostly_slow
from support.mail_server import MailServer
from support.postgres import running_server
from support.sample import prepared

from switchboard.consent.typed_codes import HIDDEN
from switchboard.database import sqlite_url
from switchboard.settings import load_settings

FIND = "find_user_id_by_email"
ASKED = (f"call_1.lookup {FIND}", f"call_1 {FIND}", f"call_1 {FIND} outside", "end of run")
"""The recorded steps of the run that sends a code."""
WRITTEN = (f"call_2.written {FIND}", f"call_2 {FIND}", "call_3 get_order_details", "call_4 add_case_note", "end of run")
"""Those of the run in which the customer writes it."""
POINTS = (
    *(f"asked {when} {n}" for n in range(1, len(ASKED) + 1) for when in ("before", "inside", "after")),
    "written before its workflow",
    *(f"written {when} {n}" for n in range(1, len(WRITTEN) + 1) for when in ("before", "inside", "after")),
)
FEW = ("written inside 1",)
WORDS = "Where is my order #W1000011? I am priya.raman@example.com"


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as nursery:
        yield nursery


@pytest.fixture(scope="module")
def addresses() -> Iterator[Callable[[], str]]:
    with running_server() as fresh:
        yield lambda: str(load_settings(database_url=fresh()).database_url)


def dies(nursery: Nursery, url: str, mail: MailServer, job: str, at: str, **given: Any) -> None:
    """Do a job that is killed at a point, and have another process go on with what it left."""
    nursery.start(job, url, dies=at, mail=mail.port, **given).was_killed()
    resumed = nursery.start("resume", url, mail=mail.port)
    resumed.ended()
    assert [(line["differences"], line["complete"]) for line in resumed.lines()] == [([], True)]


def is_verified_once(point: str, nursery: Nursery, url: str) -> None:
    part, _, at = point.partition(" ")
    prepared(url).dispose()
    with MailServer() as mail:
        if part == "asked":
            dies(nursery, url, mail, "case", at, words=WORDS, email="")
        else:
            nursery.start("case", url, words=WORDS, email="", mail=mail.port).ended()
        assert len(set(mail.codes)) == 1
        assert len(mail.letters) <= 1 + (part == "asked")
        assert len({letter["Message-ID"] for _, letter in mail.letters}) == 1
        code = mail.codes[0]
        if part == "written":
            dies(nursery, url, mail, "reply", at, words=f"It is {code}")
        else:
            nursery.start("reply", url, words=f"It is {code}", mail=mail.port).ended()
    engine = prepared(url)
    with engine.connect() as connection:
        end, state = connection.execute(text('SELECT "end", state FROM cases')).one()
        codes = connection.execute(text("SELECT state, tries FROM codes")).all()
        lines = connection.execute(text("SELECT data FROM entries WHERE kind = 'message' ORDER BY n")).scalars().all()
    engine.dispose()
    state = json.loads(state) if isinstance(state, str) else state
    assert (end, state["customer_id"], [tuple(row) for row in codes]) == ("resolved", "priya_raman_1003", [("used", 1)])
    assert code not in str(lines) and HIDDEN in str([json.loads(x) if isinstance(x, str) else x for x in lines])


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_code_is_sent_again_as_it_was_and_counts_once(point: str, nursery: Nursery, tmp_path: Path) -> None:
    is_verified_once(point, nursery, sqlite_url(tmp_path / "shop.db"))


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS[::3])
def test_it_does_on_postgres(point: str, nursery: Nursery, addresses: Callable[[], str]) -> None:
    is_verified_once(point, nursery, addresses())
