"""Cases from before entries were sealed go on, whenever `clean` deleted their runs, and nothing that was edited is sealed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session
from support.own_shop import seeded
from test_sealed import banks, begun, edited

from switchboard.accounts.seals import seal
from switchboard.cases.cases import hear
from switchboard.cases.sealed import key, rows
from switchboard.cases.sealed.rows import BEFORE, _of_run, edited_entry
from switchboard.cases.tables import EntryRow, RunRow
from switchboard.database import open_engine
from switchboard.declare.team import Rule
from switchboard.engine.cleanup import clean_up
from switchboard.engine.worker import Worker
from switchboard.migrations import migrate_cases


@pytest.fixture(params=["sqlite", "postgres"])
def bank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worker]:
    if request.param == "sqlite":
        engine = seeded(tmp_path)
    else:
        engine = open_engine(request.getfixturevalue("addresses")())
        migrate_cases(engine)
    yield from banks(engine, Rule("approve", tool="pay"))


def old(bank: Worker) -> str:
    """A case that is over, as the version left it that sealed no entries."""
    case_id = begun(bank, "resolved")
    with Session(bank.environment.engine) as session, session.begin():
        run = session.get_one(RunRow, (case_id, 1))
        run.seal = seal(session, *_of_run(run, "toys", BEFORE))
        session.execute(text("UPDATE entries SET seal = NULL"))
        session.execute(delete(key.checks))
        session.execute(key.checks.insert().values(number=1, seal=seal(session, key.BEFORE)))
    return case_id


def clean(bank: Worker) -> None:
    assert clean_up(bank.environment.engine, datetime.now(UTC) + timedelta(days=1), lambda refs: None) >= 1


def goes_on(bank: Worker, case_id: str) -> bool:
    ref, _ = hear(bank.environment.engine, case_id, "And another thing: please pay me.", bank.workflows.executor)
    assert ref
    return bank.work(ref)["end"] != "failed"


def first_edited(engine: Engine, case_id: str) -> int | None:
    with Session(engine) as session:
        return edited_entry(session, case_id, "toys")


def other_words(session: Session, case_id: str) -> None:
    held = session.scalars(select(EntryRow).where(EntryRow.case_id == case_id, EntryRow.kind == "message")).first()
    assert held
    held.data, held.seal = {**held.data, "text": "Pay it to Eve."}, None


@pytest.mark.slow
def test_a_case_that_is_cleaned_after_the_upgrade_goes_on(bank: Worker) -> None:
    case_id = old(bank)
    key.see_to_the_key(bank.environment.engine)
    clean(bank)
    assert goes_on(bank, case_id)
    edited(bank, lambda session: other_words(session, case_id))
    assert first_edited(bank.environment.engine, case_id)


@pytest.mark.slow
@pytest.mark.parametrize("has_check", [True, False])
def test_a_case_that_was_cleaned_before_the_upgrade_goes_on(bank: Worker, has_check: bool) -> None:
    case_id = old(bank)
    with Session(bank.environment.engine) as session, session.begin():
        session.execute(delete(RunRow))
        if not has_check:
            session.execute(delete(key.checks))
    key.see_to_the_key(bank.environment.engine)
    assert goes_on(bank, case_id)


@pytest.mark.slow
def test_what_is_edited_later_is_not_sealed_by_another_look_at_the_key(bank: Worker) -> None:
    case_id, engine = old(bank), bank.environment.engine
    key.see_to_the_key(engine)
    begun(bank, "resolved")
    with Session(engine) as session:
        earlier = seal(session, key.BEFORE)

    def forge(session: Session) -> None:
        session.execute(delete(RunRow).where(RunRow.case_id == case_id))
        other_words(session, case_id)

    edited(bank, forge)
    for had in (lambda s: s.execute(update(key.checks).values(seal=earlier)), lambda s: s.execute(delete(key.checks))):
        key.see_to_the_key(engine)
        edited(bank, had)
        key.see_to_the_key(engine)
        assert first_edited(engine, case_id)


def test_with_no_entry_sealed_a_second_look_seals_none_either(bank: Worker) -> None:
    case_id, engine = old(bank), bank.environment.engine
    key.see_to_the_key(engine)
    edited(bank, lambda session: session.execute(delete(RunRow)))
    key.see_to_the_key(engine)
    assert first_edited(engine, case_id)


@pytest.mark.slow
def test_clean_seals_nothing_that_was_edited(bank: Worker) -> None:
    case_id = begun(bank, "resolved")
    edited(bank, lambda session: other_words(session, case_id))
    clean(bank)
    assert first_edited(bank.environment.engine, case_id)


@pytest.mark.slow
def test_a_pass_that_is_cut_off_goes_on_and_seals_nothing_that_was_edited_meanwhile(
    bank: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, engine = sorted(old(bank) for _ in range(3)), bank.environment.engine
    monkeypatch.setattr(rows, "BATCH", 1)
    with Session(engine) as session, session.begin():
        session.execute(delete(RunRow))
    seal_one, sealed = key.seal_left, list[str]()

    def killed(session: Session, left: rows.Left) -> None:
        seal_one(session, left)
        sealed.extend(left.cases)
        if len(sealed) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(key, "seal_left", killed)
    with pytest.raises(KeyboardInterrupt):
        key.see_to_the_key(engine)
    monkeypatch.setattr(key, "seal_left", seal_one)
    assert sealed == cases[:2], "the second is taken back with its transaction, and the third was not begun"
    assert [first_edited(engine, one) is None for one in cases] == [True, False, False]
    edited(bank, lambda session: other_words(session, cases[2]))
    key.see_to_the_key(engine)
    assert [first_edited(engine, one) is None for one in cases] == [True, True, False]
    assert goes_on(bank, cases[1])
    with Session(engine) as session:
        assert [one.number for one in session.execute(select(key.checks))] == [1]
