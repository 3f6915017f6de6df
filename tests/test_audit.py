"""The audit log only grows: each row is chained to the last, the database refuses what changes one, and a check names it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from support.staffed import Place, places

from switchboard.accounts.audit import COLUMNS, Deed, audit, canonical, checked, hash_of, record
from switchboard.service import accounts

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(st.tuples(st.text(max_size=8), st.dictionaries(st.text(max_size=5), DATA, max_size=3)), min_size=1, max_size=8)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    yield from places(tmp_path, request.param, request)


def chained(rows: list[tuple[str, dict[str, Any]]]) -> list[Deed]:
    """Rows as `record` would write them."""
    made: list[Deed] = []
    for who, data in rows:
        row: dict[str, Any] = dict(
            zip(COLUMNS, (len(made) + 1, 1.5, who, "did", "", data, made[-1].hash if made else ""), strict=True)
        )
        made.append(Deed(**row, hash=hash_of(row)))
    return made


def write(place: Place, who: str, case_id: str = "", **data: Any) -> None:
    with Session(place.engine) as session, session.begin():
        record(session, who, "did", case_id, data)


@pytest.mark.slow
@given(ROWS)
def test_rows_that_nobody_touched_fit_and_so_does_what_comes_back_from_json(rows: list[tuple[str, dict[str, Any]]]) -> None:
    log = chained(rows)
    again = [replace(row, data=json.loads(json.dumps(row.data))) for row in log]
    assert checked(log) == checked(again)
    assert (checked(log).rows, checked(log).newest, checked(log).broken) == (len(log), log[-1].hash, None)


@pytest.mark.slow
@given(ROWS, st.data())
def test_a_row_that_was_edited_is_the_first_that_does_not_fit(
    rows: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    log = chained(rows)
    at = data.draw(st.integers(0, len(log) - 1))
    edits = ({"who": log[at].who + "x"}, {"what": "undid"}, {"case_id": "c"}, {"at": 2.5}, {"data": {**log[at].data, "": [1]}})
    edited = replace(log[at], **data.draw(st.sampled_from([one for one in edits if replace(log[at], **one) != log[at]])))
    found = checked([*log[:at], edited, *log[at + 1 :]])
    assert (found.rows, found.broken) == (at, at + 1)
    mended = replace(edited, hash=hash_of({name: getattr(edited, name) for name in COLUMNS}))
    found = checked([*log[:at], mended, *log[at + 1 :]])
    assert found.broken == (at + 2 if at + 1 < len(log) else None)  # the next one tells; of the last, what was kept elsewhere
    assert found.newest != log[-1].hash


@pytest.mark.slow
@given(ROWS, st.data())
def test_a_row_that_was_taken_out_or_put_in_or_moved_is_found(
    rows: list[tuple[str, dict[str, Any]]], data: st.DataObject
) -> None:
    log = [*chained(rows), *chained([*rows, ("last", {})])[len(rows) :]]
    at = data.draw(st.integers(0, len(log) - 2))
    assert checked([*log[:at], *log[at + 1 :]]).broken == at + 2
    assert checked([*log[: at + 1], *log[at:]]).broken == at + 1
    assert checked([*log[:at], log[at + 1], log[at], *log[at + 2 :]]).broken == at + 2


@given(DATA)
def test_canonical_json_is_one_for_what_comes_back_from_it(value: Any) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@pytest.mark.parametrize("statement", ["UPDATE operator_audit SET who = 'nobody'", "DELETE FROM operator_audit"])
def test_the_database_itself_refuses_to_change_a_row(place: Place, statement: str) -> None:
    write(place, "ines", told="so")
    with pytest.raises(DBAPIError, match="only grows"), place.engine.begin() as connection:
        connection.execute(text(statement))
    assert [row.who for row in accounts.audit(place)] == ["ines"]


def test_postgres_refuses_to_empty_it_too(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    [place] = places(tmp_path, "postgres", request)
    write(place, "ines")
    with pytest.raises(DBAPIError, match="only grows"), place.engine.begin() as connection:
        connection.execute(text("TRUNCATE operator_audit"))


def test_a_check_names_the_row_that_was_edited_where_the_trigger_was_taken_away(place: Place) -> None:
    for number in range(4):
        write(place, "ines", f"case_{number}", cents=number, words="Grüße \x00 ✂ \ud800")
    assert (accounts.check_chain(place).rows, accounts.check_chain(place).broken) == (4, None)
    off = "DROP TRIGGER operator_audit_update" + (" ON operator_audit" if place.engine.dialect.name == "postgresql" else "")
    with place.engine.begin() as connection:
        connection.execute(text(off))
        connection.execute(audit.update().where(audit.c.number == 3).values(data={"cents": 900}))
    found = accounts.check_chain(place)
    assert (found.rows, found.broken) == (2, 3) and "edited" in found.why


def test_what_is_undone_leaves_no_row(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), Session(place.engine) as session, session.begin():
        record(session, "ines", "did")
        1 / 0  # noqa: B018
    assert accounts.audit(place) == []


def test_many_who_write_at_once_make_one_chain(place: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: write(place, f"operator {n % 3}", cents=n), range(40)))
    found = accounts.check_chain(place)
    assert (found.rows, found.broken, found.newest) == (40, None, accounts.audit(place, limit=1)[0].hash)


def test_the_log_is_listed_by_case_by_who_by_what_and_since(place: Place) -> None:
    for who, case in (("ines", "case_1"), ("Dana", "case_1"), ("ines", "case_2")):
        write(place, who, case)

    def numbers(**filters: Any) -> list[int]:
        return [row.number for row in accounts.audit(place, **filters)]

    now = datetime.now(UTC)
    assert numbers() == [3, 2, 1] and numbers(limit=1) == [3] and numbers(before=3) == [2, 1]
    assert numbers(case_id="case_1") == [2, 1] and numbers(who="DANA") == [2] and numbers(what="undid") == []
    assert numbers(since=now - timedelta(minutes=1)) == [3, 2, 1] and numbers(since=now + timedelta(minutes=1)) == []


@pytest.mark.slow
def test_what_is_done_with_accounts_is_in_it(place: Place) -> None:
    accounts.add_account(place, "Ines", "lead", "nine green kettles", "root")
    accounts.set_role(place, "Ines", "admin", "root")
    accounts.sign_out(place, accounts.sign_in(place, "ines", "nine green kettles", "192.0.2.7").token)
    accounts.revoke_token(place, accounts.add_token(place, "Ines", "nightly", ["admin"], "Ines").number, "Ines")
    accounts.set_password(place, "Ines", "ten yellow kettles", "Ines")
    accounts.disable(place, "Ines", "root")
    told = [(row.who, row.what) for row in reversed(accounts.audit(place))]
    assert told == [
        ("root", "added an account"),
        ("root", "set a role"),
        ("Ines", "signed in"),
        ("Ines", "signed out"),
        ("Ines", "added a token"),
        ("Ines", "revoked a token"),
        ("Ines", "set a password"),
        ("root", "disabled an account"),
    ]
    assert accounts.check_chain(place).broken is None
