"""A key that is lost, or another one, is noticed before work begins, and not only where a case is touched."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support import toys
from support.commands import parked
from support.own_shop import seeded
from support.staffed import Place

from switchboard.accounts.seals import use_key
from switchboard.cases.cases import hear
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.key import OTHER_KEY, checks, see_to_the_key, trouble_with_key
from switchboard.cases.sealed.rows import edited_entry, seal_all
from switchboard.cases.tables import EntryRow
from switchboard.console.sealing import seal_with
from switchboard.database import open_engine
from switchboard.engine.cleanup import clean_up
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.migrations import migrate_cases
from switchboard.service import accounts, cases

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_who_has_not_the_key_of_the_rows_writes_nothing_that_would_look_edited_later(url: str, opened: list[Engine]) -> None:
    engine = with_key(url, opened, None)
    seal_with(engine, FIRST, None)
    with Worker(Environment(engine, {"toys": toys.team()})) as worker:
        ref = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
        assert ref
        worker.work(ref)
        cases.take(Place(worker.environment), ref.case_id, "ines")
    for key, why in ((None, "there is no key here"), (SECOND, "not the one that sealed")):
        other = with_key(url, opened, None)
        seal_with(other, key, None)
        place = Place(Environment(other, {"toys": toys.team()}))
        assert cases.standing_of(other, ref.case_id).case_id == ref.case_id  # looking is free
        for act in (
            lambda place=place: cases.speak(place, ref.case_id, "ines", "Hello."),
            lambda other=other: hear(other, ref.case_id, "Are you there?", None),
            lambda other=other: clean_up(other, datetime.now(UTC) + timedelta(days=1), lambda refs: None),
            lambda place=place: Worker(place.environment),
            lambda place=place: accounts.seal_anew(place, ref.case_id, "ines"),
        ):
            with pytest.raises(OperatorError, match=f"{why}|set SWITCHBOARD_SEAL_KEY"):
                act()
    with Session(engine) as session:
        assert all(session.scalars(select(EntryRow.seal))) and edited_entry(session, ref.case_id, "toys") is None
    accounts.seal_anew(place, "", "ines")
    cases.speak(place, ref.case_id, "ines", "Hello.")
