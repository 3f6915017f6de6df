"""A real `kill -9` at every boundary of letters to companies: none goes out twice, or without an approval."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.killed import Nursery
from support.kills import boundaries, every_other, mostly_slow, rows
from support.mail_server import MailServer
from support.sample import prepared

from switchboard.database import sqlite_url

WORDS = "Find makers of garden tools in Ohio, and write to the best two."
TO = ["hello@fern-makers.example.com", "hello@cedar-mill.example.com"]
ASKS = ("call_1 find_companies", "call_2.check check_letter", "end of run")
"""The recorded steps of the run that drafts, up to the first letter that waits."""
FIRST = (
    "call_2.check check_letter",
    "call_2 send_letter",
    "call_2 send_letter outside",
    "call_3.check check_letter",
    "end of run",
)
SECOND = ("call_3.check check_letter", "call_3 send_letter", "call_3 send_letter outside", "end of run")
"""Those of the runs that the approvals begin."""
SENDING = ("first before it is sent", "second after it is sent")
POINTS = (
    *(f"asks {point}" for point in boundaries(ASKS)),
    *(f"first {point}" for point in boundaries(FIRST)),
    *(f"second {point}" for point in boundaries(SECOND)),
)
FEW = ("first inside 3",)
STATES = "SELECT count(*) FROM outreach_letters WHERE state = '{}'"
TICKETS = "SELECT count(*) FROM tickets WHERE subject LIKE 'It is not known whether the letter%'"
TEAM: dict[str, Any] = {"scenario": "companies_written_to"}


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def work(nursery: Nursery, url: str, mail: MailServer, job: str, part: str, at: str, **given: Any) -> None:
    """Do a job, which is killed where the point is in it; then another process goes on."""
    mine = at.startswith(part)
    point = at.removeprefix(part).strip()
    when = point.split()[0] if mine and point.endswith("is sent") else ""
    dies = point if mine and not when else ""
    begun = nursery.start(job, url, letters=[mail.port, when], dies=dies, **TEAM, **given)
    if not mine:
        begun.ended()
        return
    begun.was_killed()
    resumed = nursery.start("resume", url, letters=[mail.port], teams=["outreach"], **TEAM)
    resumed.ended()
    assert [(line["differences"], line["complete"], line["same"]) for line in resumed.lines()] == [([], True, True)]


def is_written_to_once(point: str, nursery: Nursery, url: str, mail: MailServer) -> Counter[str]:
    prepared(url).dispose()
    work(nursery, url, mail, "case", "asks", point, words=WORDS, email="", team="outreach")
    assert mail.letters == []
    for part in ("first", "second"):
        work(nursery, url, mail, "approve", part, point, by="anna")
    assert rows(url, 'SELECT "end" FROM cases', "SELECT count(*) FROM outreach_letters") == ["resolved", 2]
    return Counter(to for to, _ in mail.letters)


def each_went_out_once(point: str, nursery: Nursery, url: str, mail: MailServer) -> None:
    assert is_written_to_once(point, nursery, url, mail) == Counter(TO)
    assert rows(url, STATES.format("sent"), TICKETS) == [2, 0]


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_each_company_gets_one_letter_wherever_its_run_is_killed(
    point: str, nursery: Nursery, tmp_path: Path, mail: MailServer
) -> None:
    each_went_out_once(point, nursery, sqlite_url(tmp_path / "shop.db"), mail)


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_each_company_gets_one_letter_wherever_its_run_is_killed_on_postgres(
    point: str, nursery: Nursery, addresses: Callable[[], str], mail: MailServer
) -> None:
    each_went_out_once(point, nursery, addresses(), mail)


@pytest.mark.slow
@pytest.mark.parametrize("point", SENDING)
def test_a_letter_that_was_being_sent_when_the_process_died_is_not_sent_again_and_a_person_hears_of_it(
    point: str, nursery: Nursery, tmp_path: Path, mail: MailServer
) -> None:
    url = sqlite_url(tmp_path / "shop.db")
    got = is_written_to_once(point, nursery, url, mail)
    assert got == Counter(TO[1:] if "before" in point else TO)
    assert rows(url, STATES.format("sent"), STATES.format("not_known"), TICKETS) == [1, 1, 1]
