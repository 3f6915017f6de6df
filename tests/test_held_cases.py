"""Cases that an operator has: who may take one from them, and how it comes to its end."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support.bookings import seed
from support.commands import document, said, switchboard
from support.sample import prepared
from support.served import Served, served
from support.toy_desk import House, form_token, house
from test_suggesting import Desk

from switchboard.accounts.audit import audit
from switchboard.accounts.rows import accounts as rows_of_accounts
from switchboard.cases.cases import hand_back, take
from switchboard.cases.tables import CaseRow
from switchboard.database import sqlite_url
from switchboard.errors import OperatorError
from switchboard.service import accounts

PERSON = "I want to speak to a human being, please."


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared(sqlite_url(tmp_path / "rows.db"))
    seed(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def row(engine: Engine, case_id: str) -> CaseRow:
    with Session(engine, expire_on_commit=False) as session:
        return session.get_one(CaseRow, case_id)


def deeds(engine: Engine, case_id: str, what: str) -> list[tuple[str, dict[str, str]]]:
    query = select(audit.c.who, audit.c.data).where(audit.c.case_id == case_id, audit.c.what == what).order_by(audit.c.number)
    with engine.connect() as connection:
        return [(one.who, one.data) for one in connection.execute(query)]


def people(engine: Engine, **roles: str) -> None:
    with engine.begin() as connection:
        for name, role in roles.items():
            new = {"name": name, "folded": name, "role": role, "password": "-", "disabled": False, "made_at": time.time()}
            connection.execute(rows_of_accounts.insert().values(**new))


def leave(engine: Engine, name: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(
            rows_of_accounts.update().where(rows_of_accounts.c.name == name).values(**values or {"disabled": True})
        )


def test_a_lead_takes_a_case_from_who_has_it_and_the_log_says_from_whom(engine: Engine) -> None:
    case_id = Desk(engine).case_id
    people(engine, dana="operator", eli="operator", lena="lead")
    take(engine, case_id, "dana")
    with pytest.raises(OperatorError, match="Ask them to hand it back, or a lead to take it over"):
        take(engine, case_id, "eli", "dana")
    with pytest.raises(OperatorError, match=f"`switchboard take {case_id} --from dana` takes it"):
        take(engine, case_id, "lena")
    assert row(engine, case_id).held_by == "dana"
    take(engine, case_id, "lena", "dana")
    assert (row(engine, case_id).held_by, row(engine, case_id).end) == ("lena", "escalated")
    assert deeds(engine, case_id, "took a case over") == [("dana", {}), ("lena", {"from": "dana"})]
    hand_back(engine, case_id, "lena", "All is settled.", None)


@pytest.mark.parametrize("how", [{"disabled": True}, {"role": "viewer"}])
def test_whoever_works_there_takes_the_case_of_one_who_left(engine: Engine, how: dict[str, object]) -> None:
    case_id = Desk(engine).case_id
    people(engine, dana="operator", eli="operator", vera="viewer")
    take(engine, case_id, "dana")
    leave(engine, "dana", **how)
    with pytest.raises(OperatorError, match="a lead to take it over"):
        take(engine, case_id, "vera", "dana")
    take(engine, case_id, "eli", "dana")
    assert row(engine, case_id).held_by == "eli"


def test_without_accounts_whoever_names_who_has_it_takes_it(engine: Engine) -> None:
    case_id = Desk(engine).case_id
    take(engine, case_id, "dana")
    with pytest.raises(OperatorError, match="You have this case already"):
        take(engine, case_id, "dana", "dana")
    with pytest.raises(OperatorError, match="dana has this case already"):
        take(engine, case_id, "eli", "erik")
    take(engine, case_id, "eli", "dana")
    assert row(engine, case_id).held_by == "eli"


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_the_page_has_the_form_for_who_may_take_it(staffed: House) -> None:
    ref = staffed.desk.at_work.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
    staffed.desk.at_work.work(ref)
    at = f"/cases/{ref.case_id}"
    take(staffed.desk.engine, ref.case_id, "otto")
    accounts.add_account(staffed.desk, "olga", "operator", "a heron on one leg", "root")
    lead = staffed.inside("lead")
    page = lead.get(at).text
    assert f'action="{at}/take"' in page and "Take over from otto" in page and 'name="from" value="otto"' in page
    accounts.disable(staffed.desk, "otto", "root")
    taken = lead.post(f"{at}/take", data={"form_token": form_token(page), "from": "otto"})
    assert (taken.status_code, taken.headers["location"]) == (303, f"{at}?told=taken")
    assert row(staffed.desk.engine, ref.case_id).held_by == "lena"
    client = staffed.browser()
    sent = {"form_token": form_token(client.get("/sign-in").text), "name": "olga", "password": "a heron on one leg"}
    assert client.post("/sign-in", data=sent).status_code == 303
    assert f'action="{at}/take"' not in client.get(at).text


@pytest.mark.slow
def test_the_terminal_takes_it_by_name(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", PERSON)["case_id"]
    assert switchboard(tmp_path, "take", case_id, "--as", "dana").returncode == 0
    refused = switchboard(tmp_path, "take", case_id, "--as", "eli")
    assert (refused.returncode, f"`switchboard take {case_id} --from dana`" in said(refused)) == (2, True)
    taken = switchboard(tmp_path, "take", case_id, "--as", "eli", "--from", "dana")
    assert taken.returncode == 0 and document(tmp_path, "show", case_id)["held_by"] == "eli"


def told(desk: Served, case_id: str) -> list[str]:
    return [one["text"] for one in desk.worker.document(case_id)["transcript"] if one["speaker"] == "operator"]


@pytest.mark.slow
def test_a_reply_that_is_sent_twice_is_told_once(desk: Served) -> None:
    case_id, browser = desk.case(PERSON), desk.browser()
    at, page = f"/cases/{case_id}/reply", browser.page(f"/cases/{case_id}")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: browser.send(page, at, words="Your parcel comes on Monday."), range(4)))
    assert [(one.status_code, "Sent." in one.text) for one in answers] == [(200, True)] * 4
    assert told(desk, case_id) == ["Your parcel comes on Monday."]
    assert len(deeds(desk.place.engine, case_id, "spoke to the customer")) == 1
    other = browser.send(page, at, words="Or on Tuesday.")
    assert (
        other.status_code == 409 and "has sent other words already" in other.text and ">Or on Tuesday.</textarea>" in other.text
    )
    assert browser.send(other.text, at, words="Or on Tuesday.").status_code == 200
    again = browser.send(browser.page(f"/cases/{case_id}"), at, words="Or on Tuesday.")
    assert again.status_code == 200  # a form of its own, so it is meant
    assert told(desk, case_id) == ["Your parcel comes on Monday.", "Or on Tuesday.", "Or on Tuesday."]
    assert browser.send(page, at, words="Hello?", key="").status_code == 409


@pytest.mark.slow
def test_an_escalation_that_is_sent_twice_goes_out_once(desk: Served) -> None:
    case_id, browser = desk.case(PERSON), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    for words in ("is urgent", "escalated already"):
        assert words in browser.send(page, f"/cases/{case_id}/escalate", matter="They wait.", urgency="high").text
    assert len(deeds(desk.place.engine, case_id, "escalated a case")) == 1
