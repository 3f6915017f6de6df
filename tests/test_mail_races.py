"""The same mail at the same moment, in several processes: one case, one message, on SQLite and on Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support import toys

from switchboard.cases.documents import load
from switchboard.cases.intake import Kept, Message, keep, keep_message, outcomes
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.migrations import migrate_cases

KNOWN = {"email": "ada@example.com"}
FIRST, AWAY = Message("<1>", "Please pay me.", KNOWN), Message("<3>", "I am away.", KNOWN, ignored="A machine wrote it.")
SECOND = Message("<2>", "And now?", KNOWN, references=("<1>",))


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Environment:
    on_sqlite = request.param == "sqlite"
    engine = open_engine(sqlite_url(tmp_path / "toys.db") if on_sqlite else request.getfixturevalue("addresses")())
    request.addfinalizer(engine.dispose)
    migrate_cases(engine)
    return Environment(engine, {"toys": toys.team()})


def at_once(act: Callable[[int], Kept], times: int = 6) -> list[Kept]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(act, range(times)))


@pytest.mark.slow
def test_a_mail_that_comes_several_times_at_once_is_kept_once(environment: Environment) -> None:
    for message in (FIRST, SECOND, AWAY):
        kept = at_once(lambda _, message=message: keep_message(environment, "toys", message))
        assert sorted(one.is_new for one in kept) == [False] * 5 + [True]
        assert len({one.case_id for one in kept}) == 1
    assert keep(environment, "toys", [AWAY, SECOND, FIRST]) == 0
    assert outcomes(environment.engine, ["<1>", "<2>", "<3>"]) == {}


def test_mails_that_follow_another_at_once_are_all_heard(environment: Environment) -> None:
    first = keep_message(environment, "toys", FIRST)
    further = [Message(f"<{n}>", f"And {n}?", KNOWN, references=("<9>", "<1>")) for n in range(10, 16)]
    kept = at_once(lambda n: keep_message(environment, "toys", further[n]))
    assert {one.case_id for one in kept} == {first.case_id}
    assert all(one.instead.startswith("Your message was kept.") for one in kept)
    assert load(environment.engine, first.case_id)["end"] is None


def test_what_answers_another_of_the_same_file_is_kept_after_it(environment: Environment) -> None:
    assert keep(environment, "toys", [SECOND, FIRST]) == 2
    assert keep_message(environment, "toys", FIRST).case_id == keep_message(environment, "toys", SECOND).case_id
