"""Finding cases by what was said in them: on SQLite and on Postgres, by any of its words, and never by what is masked."""

from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session
from support.many_cases import FIRST, fill
from support.sample import prepared

from switchboard.cases.entries import append_lines
from switchboard.cases.tables import CaseRow, NoteRow, clock
from switchboard.cases.words.rows import MOST_LETTERS, case_words, keep_words
from switchboard.cases.words.search import about, looked_up
from switchboard.database import sqlite_url
from switchboard.declare.transcript import CallEntry, Entry, MessageEntry, ResultEntry
from switchboard.engine.cleanup import clean_up
from switchboard.service.cases import list_cases
from switchboard.service.place import Place
from switchboard.tickets.rows import opened

CARD = "4111 1111 1111 1111"
HOSTILE = (
    *(
        '"',
        "'",
        "*",
        "%",
        "_",
        "\\",
        "()",
        ":*",
        "' OR 1=1 --",
        '" OR "a',
        "NEAR(a b)",
        "a NEAR b",
        "words:zebra",
        "^zebra",
        "-zebra",
    ),
    *(
        "\x00",
        "\ud800",
        "zebra\x00*",
        "x" * 10_000,
        "é" * 10_000,
        "a-" * 5_000,
        "AND",
        "NOT",
        "!!!",
        "&|!<->",
        "zebra:A",
        "$1",
        "{}",
    ),
)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def rows(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    on_sqlite = request.param == "sqlite"
    found = prepared(
        sqlite_url(tmp_path_factory.mktemp("rows") / "rows.db") if on_sqlite else request.getfixturevalue("addresses")()
    )
    yield found
    found.dispose()


@pytest.fixture
def engine(rows: Engine) -> Engine:
    """Five cases without any word."""
    with Session(rows) as session, session.begin():
        for table in ("case_words", "operator_notes", "tickets", "entries", "runs", "cases"):
            session.execute(text(f"DELETE FROM {table}"))
    fill(rows, 5)
    return rows


def case(number: int) -> str:
    return f"case_{number:012x}"


def say(engine: Engine, number: int, *texts: str) -> None:
    with Session(engine) as session, session.begin():
        append_lines(session, case(number), 1, [MessageEntry("customer", one, "human") for one in texts])


def found(engine: Engine, sought: str, *, for_operators: bool = True) -> list[int]:
    """The numbers of the cases that are found, which both ways to look find."""
    query = select(CaseRow.id).order_by(CaseRow.id)
    with Session(engine.execution_options(reading=True)) as session:
        at_once = session.scalars(query.where(about(engine.dialect.name, sought, for_operators=for_operators))).all()
        if for_operators:
            assert session.scalars(query.where(looked_up(session, sought))).all() == at_once
    return [int(one.removeprefix("case_"), 16) for one in at_once]


@pytest.mark.slow
def test_all_words_are_needed_wherever_and_by_whomever_they_were_said(engine: Engine) -> None:
    say(engine, 1, "The kettle leaks.", "It cost 40 euros.")
    say(engine, 2, "My kettle is fine, the toaster is not.")
    assert found(engine, "kettle") == [1, 2]
    assert found(engine, "euros the KETTLE") == [1]
    assert found(engine, "kettle toaster euros") == []
    say(engine, 2, "I paid in euros.")
    assert found(engine, "kettle toaster euros") == [2]


def test_a_word_is_found_by_its_beginning_without_its_accents_and_in_any_case(engine: Engine) -> None:
    say(engine, 1, "Élodie hat die Straße zur Café-Bar nicht gefunden, ＷＩＦＩ und Wi-Fi auch nicht. 返品したい")
    for sought in ("elodie", "ÉLOD", "strasse", "STRAẞE", "cafe", "cafébar", "wifi", "wi-fi", "gefund", "返品", "品"):
        assert found(engine, sought) == [1], sought
    for sought in ("lodie", "afe", "funden"):
        assert found(engine, sought) == [], sought


def test_tools_and_ids_are_found_and_what_a_tool_gave_is_not(engine: Engine) -> None:
    made: dict[str, Any] = {
        "tool": "refund_order",
        "arguments": {"order": {"id": "#W1000009", "items": [3000000101, True]}},
        "call_id": "c1",
    }
    with Session(engine) as session, session.begin():
        lines: list[Entry] = [
            CallEntry("billing", **made),
            ResultEntry("executor", result={"street": "Elm"}, status="done", to="billing", **made),
        ]
        append_lines(session, case(3), 1, lines)
    for sought in ("refund_order", "refund", "#W1000009", "w1000009", "1000009", "3000000101"):
        assert found(engine, sought) == [3], sought
    assert found(engine, "elm") == found(engine, "true") == []


def test_notes_and_tickets_are_found_by_operators_alone(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        keep_words(session, [(case(1), ["A fraudster, beware."])], internal=True)
        values = {"department": "hire", "priority": "high", "subject": "A tent, torn", "summary": "-"}
        contact = {"contact_email": "zoe@example.com", "contact_name": "Zoë Öz", "customer_id": "zoe_oz_7"}
        number = opened(session, "key", case(2), {**values, **contact}).number
    say(engine, 2, "It rained.")
    assert found(engine, "fraudster") == [1] and found(engine, "fraudster", for_operators=False) == []
    for sought in ("torn", "zoe@example.com", "ZOË", "öz", "zoe_oz_7", number, f"{number} rained", "torn rain"):
        assert found(engine, sought) == [2], sought
        assert found(engine, sought, for_operators=False) == [], sought
    assert found(engine, case(4)) == found(engine, case(4), for_operators=False) == [4]


def test_a_card_or_an_address_that_was_written_finds_nothing(engine: Engine) -> None:
    say(engine, 1, f"My card is {CARD}, mail ada.stone@example.com", f"{CARD.replace(' ', '')}?")
    for sought in (CARD, CARD.replace(" ", ""), "4111", "1111", "ada.stone@example.com", "ada", "stone"):
        assert found(engine, sought) == [], sought
    assert found(engine, "card mail example.com") == [1]


@pytest.mark.parametrize("sought", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_looked_for_is_never_read_as_a_query(engine: Engine, sought: str) -> None:
    say(engine, 1, "A zebra.", "y" * 20_000)
    assert found(engine, sought) in ([], [1])


def test_a_very_long_word_is_found_by_itself(engine: Engine) -> None:
    say(engine, 1, "x" * 10_000)
    assert found(engine, "x" * 10_000) == found(engine, "x" * MOST_LETTERS) == found(engine, "xx") == [1]


def test_each_word_is_kept_once_and_what_is_undone_is_not_kept(engine: Engine) -> None:
    say(engine, 1, "tea tea Tea", "More tea?")
    say(engine, 1, "TEA, more of it")
    with Session(engine) as session:
        append_lines(session, case(1), 1, [MessageEntry("customer", "A secret.", "human")])
        session.rollback()
    with Session(engine) as session:
        assert session.scalars(select(case_words.c.words).order_by(case_words.c.id)).all() == ["tea more", "of it"]
        session.execute(delete(case_words))
        session.commit()
    assert found(engine, "tea") == found(engine, "secret") == []


def test_of_more_cases_than_are_told_by_their_ids_all_are_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.cases.words.search.MOST_FOUND", 1)
    for number in range(3):
        say(engine, number, "plums")
    assert found(engine, "plums") == [0, 1, 2]


def test_cleaning_up_leaves_what_was_said_to_be_found_as_it_leaves_it_to_be_read(engine: Engine) -> None:
    with engine.begin() as connection:
        import_module("switchboard.cases.migrations.0022_words").fill(connection)
        connection.execute(update(CaseRow).values(state={}))
    over = [0, 1, 4]
    assert clean_up(engine, FIRST + timedelta(days=100), lambda _: None) == len(over)
    listed = list_cases(cast(Place, SimpleNamespace(engine=engine)), 10, "tent cost")
    assert sorted(one.case_id for one in listed) == [case(n) for n in range(5)]
    assert found(engine, "tent cost") == [0, 1, 2, 3, 4]
    assert found(engine, "little") == found(engine, "end of run") == []  # what was recorded of the work


def test_cases_from_before_there_were_words_are_found_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("switchboard.cases.migrations.0022_words")
    monkeypatch.setattr(migration, "CASES_AT_ONCE", 2)
    with Session(engine) as session, session.begin():
        session.add(NoteRow(case_id=case(4), after=1, text="Rang them.", by="dana", at=clock(session)))
    with engine.begin() as connection:
        migration.fill(connection)
    assert found(engine, "tent cost") == [0, 1, 2, 3, 4]
    assert found(engine, "look_up 17") == [0, 1, 2, 3, 4]
    assert found(engine, "rang") == [4] and found(engine, "rang", for_operators=False) == []
    assert found(engine, "green") == []


SAID = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(SAID, min_size=1, max_size=3), data=st.data())
def test_what_was_said_is_found_by_any_of_its_words(engine: Engine, texts: list[str], data: st.DataObject) -> None:
    with Session(engine) as session, session.begin():
        session.execute(delete(case_words))
        keep_words(session, [(case(1), texts)])
        kept = " ".join(session.scalars(select(case_words.c.words))).split()
    spoken = [word for one in texts for word in "".join(c if c.isalnum() else " " for c in one).split()]
    for word in data.draw(st.lists(st.sampled_from(spoken), max_size=2)) if spoken else ():
        if word.isascii() and not word.isdigit():  # what else may be folded into several words, or be part of a number
            assert 1 in found(engine, word.upper()), word
    for word in data.draw(st.lists(st.sampled_from(kept), max_size=2)) if kept else ():
        assert 1 in found(engine, word) and 1 in found(engine, word[:1]), word


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(before=SAID, sign=st.sampled_from(["", " ", "-", ".", "\n"]), after=SAID, size=st.sampled_from([4, 16]))
def test_what_was_masked_is_never_found(engine: Engine, before: str, sign: str, after: str, size: int) -> None:
    digits = CARD.replace(" ", "")
    card = sign.join(digits[at : at + size] for at in range(0, 16, size))
    around = "".join(c for c in f"{before} {after}" if not c.isnumeric())
    with Session(engine) as session, session.begin():
        session.execute(delete(case_words))
        keep_words(session, [(case(1), [f"{around} is {card} mine", f"to qvist.karl@example.com {around}"])])
    assert found(engine, "mine") == [1]
    for sought in (card, digits, "4111", "1111", "qvist.karl@example.com", "qvist"):
        assert found(engine, sought) == [], sought
