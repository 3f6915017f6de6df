"""A key that is lost, or another one, is noticed before work begins, and not only where a case is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.commands import parked
from support.own_shop import seeded
from support.staffed import Place

from switchboard.accounts.seals import use_key
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.key import OTHER_KEY, checks, see_to_the_key, trouble_with_key
from switchboard.cases.sealed.rows import seal_all
from switchboard.console.sealing import seal_with
from switchboard.database import open_engine
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.service import accounts

FIRST, SECOND = "a" * 40, "b" * 40


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        engine = seeded(tmp_path)
        engine.dispose()
        return engine.url.render_as_string()
    return str(request.getfixturevalue("addresses")())


@pytest.fixture
def opened(url: str) -> Iterator[list[Engine]]:
    made: list[Engine] = []
    yield made
    for engine in made:
        engine.dispose()


def with_key(url: str, opened: list[Engine], key: str | None) -> Engine:
    engine = open_engine(url)
    migrate_cases(engine)
    if key:
        use_key(engine, key.encode())
    opened.append(engine)
    return engine


def test_the_first_key_is_that_of_the_database_and_no_other_one_nor_none_begins_work(url: str, opened: list[Engine]) -> None:
    see_to_the_key(with_key(url, opened, None))  # nothing is sealed yet, so nothing is missing
    see_to_the_key(with_key(url, opened, FIRST))
    see_to_the_key(with_key(url, opened, FIRST))
    assert trouble_with_key(with_key(url, opened, SECOND)) == OTHER_KEY
    with pytest.raises(OperatorError, match="there is no key here"):
        see_to_the_key(with_key(url, opened, None))


def test_who_seals_all_anew_has_another_key_from_then_on(url: str, opened: list[Engine]) -> None:
    see_to_the_key(with_key(url, opened, FIRST))
    second = with_key(url, opened, SECOND)
    accounts.seal_anew(Place(Environment(second, {})), "", "ines")
    assert (trouble_with_key(second), trouble_with_key(with_key(url, opened, FIRST))) == ("", OTHER_KEY)


def test_a_key_that_is_gone_from_beside_its_file_is_missed_and_what_it_sealed_is_not_sealed_anew(tmp_path: Path) -> None:
    engine, file = seeded(tmp_path), tmp_path / "rows.db"
    seal_with(engine, None, file)
    kept = file.with_name("rows.db.key").read_text()
    file.with_name("rows.db.key").unlink()
    seal_with(engine, None, file)
    assert trouble_with_key(engine) == OTHER_KEY
    file.with_name("rows.db.key").write_text(kept)
    seal_with(engine, None, file)
    assert trouble_with_key(engine) == ""
    engine.dispose()


def test_rows_that_an_older_version_sealed_say_themselves_whose_key_it_is(tmp_path: Path) -> None:
    parked(tmp_path)
    url = f"sqlite:///{tmp_path / 'data' / 'switchboard.db'}"
    opened: list[Engine] = []
    engine = with_key(url, opened, FIRST)
    with Session(engine) as session, session.begin():
        seal_all(session)
        session.execute(checks.delete())
    see_to_the_key(engine)
    with Session(engine) as session, session.begin():
        session.execute(checks.delete())
    assert trouble_with_key(with_key(url, opened, SECOND)) == OTHER_KEY
    for one in opened:
        one.dispose()
