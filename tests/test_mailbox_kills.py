"""A real `kill -9` at every boundary of a mail's way: it is one case, and is answered once, or a person hears of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.imap_server import ImapServer
from support.killed import Nursery
from support.kills import boundaries, every_other, mostly_slow, rows
from support.mail_jobs import POINTS
from support.mail_server import MailServer
from support.mailed import DANA, mail
from support.sample import prepared

from switchboard.database import sqlite_url

STEPS = ("end of run",)
"""The recorded steps of the case, whose writer nobody knows: it is asked about and ends."""
ALL = (*POINTS, *boundaries(STEPS))
FEW = ("after kept", "before send")
SENT = "SELECT count(*) FROM channel_answers WHERE state = 'sent'"
NOT_KNOWN = "SELECT count(*) FROM channel_answers WHERE state = 'not_known'"
TICKETS = "SELECT count(*) FROM tickets WHERE subject LIKE 'It is not known whether the customer%'"
OTHER = "lee@other.example"


@pytest.fixture
def servers() -> Iterator[tuple[ImapServer, MailServer]]:
    with ImapServer() as imap, MailServer() as smtp:
        yield imap, smtp


def each_is_answered_once(point: str, nursery: Nursery, url: str, servers: tuple[ImapServer, MailServer]) -> None:
    """The second mail comes while the first is at its fate."""
    imap, smtp = servers
    prepared(url).dispose()
    ports: dict[str, Any] = {"imap": imap.port, "smtp": smtp.port}
    imap.put(mail("Hello there."), mail("Good morning.", "m2", OTHER))
    nursery.start("mails", url, dies=point, **ports).was_killed()
    for _ in range(2):
        nursery.start("mails", url, **ports).ended()
    got = Counter(to for to, _ in smtp.letters)
    assert rows(url, "SELECT count(*) FROM cases", 'SELECT count(*) FROM cases WHERE "end" IS NULL') == [2, 0]
    cut_off = point in ("before send", "after send")
    assert set(got.values()) == {1} and got.keys() <= {DANA, OTHER}
    assert len(got) == (1 if point == "before send" else 2)
    assert rows(url, SENT, NOT_KNOWN, TICKETS) == ([1, 1, 1] if cut_off else [2, 0, 0])
    assert imap.found("UNSEEN") == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(ALL, FEW))
def test_a_mail_is_one_case_and_one_answer_wherever_the_process_is_killed(
    point: str, nursery: Nursery, tmp_path: Path, servers: tuple[ImapServer, MailServer]
) -> None:
    each_is_answered_once(point, nursery, sqlite_url(tmp_path / "shop.db"), servers)


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(ALL))
def test_a_mail_is_one_case_and_one_answer_wherever_the_process_is_killed_on_postgres(
    point: str, nursery: Nursery, addresses: Callable[[], str], servers: tuple[ImapServer, MailServer]
) -> None:
    each_is_answered_once(point, nursery, addresses(), servers)
