"""Cases that an operator has: who may take one from them, and how it comes to its end."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session
from support.bookings import seed
from support.commands import document, said, switchboard
from support.sample import prepared
from support.served import Served, served
from support.toy_desk import House, form_token, house
from test_suggesting import ASKS, Desk

from switchboard.accounts.audit import audit
from switchboard.accounts.rows import accounts as rows_of_accounts
from switchboard.cases import runs
from switchboard.cases.cases import cancel, hand_back, hear, speak, take
from switchboard.cases.people.drafts import draft_of, send_draft
from switchboard.cases.people.reopening import reopen
from switchboard.cases.tables import CaseRow
from switchboard.database import sqlite_url
from switchboard.errors import OperatorError
from switchboard.loop.state import Run
from switchboard.reading.languages import said as said_in
from switchboard.service import accounts
from switchboard.service.tickets import working
from switchboard.service.watching.queue import _state
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.rows import Ticket

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


def tickets(engine: Engine, case_id: str) -> list[tuple[str, str]]:
    with Session(engine) as session:
        found = session.scalars(select(Ticket).where(Ticket.case_id == case_id).order_by(Ticket.id))
        return [(one.number, one.status) for one in found]


def in_queue(engine: Engine, case_id: str) -> str:
    with Session(engine) as session:
        return str(session.execute(select(_state()).where(CaseRow.id == case_id)).scalar_one())


def ended(desk: Desk, by: str) -> None:
    with desk.worker() as worker:
        ref = cancel(desk.engine, desk.case_id, by, worker.workflows.executor)
        assert ref and worker.work(ref)["end"] == "cancelled"


def closed(engine: Engine, number: str, by: str) -> None:
    working.close(SimpleNamespace(engine=engine, project=SimpleNamespace(file=ProjectFile(name="hall"))), number, by, "Done.")


def test_who_answers_a_case_that_is_over_and_closes_its_ticket_has_it_no_more(engine: Engine) -> None:
    desk = Desk(engine)
    ended(desk, "dana")
    desk.writes("But where is my money?")
    speak(engine, desk.case_id, "dana", "It is on its way.")
    assert (row(engine, desk.case_id).end, row(engine, desk.case_id).held_by) == ("escalated", "dana")
    [(number, _)] = tickets(engine, desk.case_id)
    closed(engine, number, "dana")
    assert (row(engine, desk.case_id).held_by, in_queue(engine, desk.case_id)) == (None, "done")
    desk.writes("It has not come.")
    assert tickets(engine, desk.case_id) == [(number, "open")] and in_queue(engine, desk.case_id) == "human"
    speak(engine, desk.case_id, "dana", "It comes on Monday.")
    ended(desk, "dana")


def test_a_case_of_ones_own_is_settled_with_its_last_ticket_and_nobody_elses_is(engine: Engine) -> None:
    desk = Desk(engine)
    speak(engine, desk.case_id, "dana", "You are welcome.")
    [(number, _)] = tickets(engine, desk.case_id)
    closed(engine, number, "eli")
    assert (row(engine, desk.case_id).held_by, in_queue(engine, desk.case_id)) == ("dana", "human")
    desk.writes("And now?")
    closed(engine, number, "dana")
    assert (row(engine, desk.case_id).held_by, in_queue(engine, desk.case_id)) == (None, "done")
    assert hear(engine, desk.case_id, "Thank you!", None) == (None, said_in("thanks", "en"))
    assert row(engine, desk.case_id).end == "escalated" and tickets(engine, desk.case_id) == [(number, "closed")]


def test_a_suggested_answer_that_is_sent_in_a_case_that_is_over_has_it_open_too(engine: Engine) -> None:
    desk = Desk(engine)
    ended(desk, "dana")
    desk.writes(ASKS)
    desk.suggest()
    assert not send_draft(engine, desk.case_id, "dana", draft_of(engine, desk.case_id).hash)
    assert (row(engine, desk.case_id).end, row(engine, desk.case_id).held_by) == ("escalated", "dana")
    ended(desk, "dana")


def test_an_answer_of_the_agents_that_settles_the_last_ticket_settles_ones_own_case(engine: Engine) -> None:
    desk = Desk(engine)
    take(engine, desk.case_id, "dana")
    with Session(engine) as session, session.begin():
        session.scalars(select(Ticket).where(Ticket.case_id == desk.case_id)).one().draft = "It is the second door."
    assert send_draft(engine, desk.case_id, "dana", draft_of(engine, desk.case_id).hash)
    assert (row(engine, desk.case_id).held_by, in_queue(engine, desk.case_id)) == (None, "done")


def handed_back(engine: Engine) -> tuple[Desk, str]:
    """A case that the agents have resolved, while its ticket is open."""
    desk = Desk(engine)
    with desk.worker() as worker:
        ref = hand_back(engine, desk.case_id, "dana", "I rang them.", worker.workflows.executor)
        worker.work(ref)
        following, _ = hear(engine, desk.case_id, ASKS, worker.workflows.executor)
        assert following and worker.work(following)["end"] == "resolved"
    [(number, status)] = tickets(engine, desk.case_id)
    assert status == "open"
    return desk, number


def test_what_agents_resolve_with_an_open_ticket_is_opened_again_with_that(engine: Engine) -> None:
    desk, number = handed_back(engine)
    assert reopen(engine, desk.case_id, "dana", "She rang.") == number
    assert row(engine, desk.case_id).end == "escalated" and tickets(engine, desk.case_id) == [(number, "open")]
    with pytest.raises(OperatorError, match=f"has an open ticket, {number}, and waits for a person"):
        reopen(engine, desk.case_id, "dana", "She rang.")
    speak(engine, desk.case_id, "dana", "I look into it.")


def test_one_that_is_taken_then_is_settled_with_its_ticket(engine: Engine) -> None:
    desk, number = handed_back(engine)
    take(engine, desk.case_id, "dana")
    speak(engine, desk.case_id, "dana", "I have looked into it.")
    closed(engine, number, "dana")
    assert (row(engine, desk.case_id).held_by, in_queue(engine, desk.case_id)) == (None, "done")
    desk.writes("And now?")
    assert tickets(engine, desk.case_id) == [(number, "open")]


@pytest.mark.slow
def test_the_page_has_what_to_do_with_a_case_that_agents_resolved_while_its_ticket_is_open(desk: Served) -> None:
    case_id, browser = desk.case(PERSON), desk.browser()
    browser.send(browser.page(f"/cases/{case_id}"), f"/cases/{case_id}/hand-back", note="I rang them.")
    desk.settled(case_id)
    hear(desk.place.engine, case_id, "How long does a refund take?", None)
    desk.worker.put_on_queue()
    assert desk.settled(case_id)["end"] == "resolved"
    page = browser.page(f"/cases/{case_id}")
    assert f'action="/cases/{case_id}/take"' in page and f'action="/cases/{case_id}/reopen"' in page
    opened = browser.send(page, f"/cases/{case_id}/reopen", again="She rang.")
    assert opened.status_code == 200 and f'action="/cases/{case_id}/reply"' in opened.text


def test_who_is_told_that_a_colleague_answers_has_a_ticket(engine: Engine) -> None:
    desk = Desk(engine)
    with Session(engine) as session, session.begin():
        session.execute(delete(Ticket).where(Ticket.case_id == desk.case_id))  # somebody had it
    ended(desk, "dana")
    assert hear(engine, desk.case_id, "Thank you!", None)[1] == said_in("thanks", "en") and tickets(engine, desk.case_id) == []
    told = hear(engine, desk.case_id, "But where is my money?", None)[1]
    assert told == said_in("case.added", "en") and [one[1] for one in tickets(engine, desk.case_id)] == ["open"]
    assert in_queue(engine, desk.case_id) == "human"


def test_what_is_ended_in_the_last_step_goes_on_with_no_message_that_came_meanwhile(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, finish = Desk(engine), runs.finish
    begun: list[str] = []

    def late(session: Session, run: Run, **more: Any) -> Any:
        if not begun:
            begun.append(run.id)
            found = session.get_one(CaseRow, run.id)
            found.inbox, found.cancelled_by = ["For us?"], "dana"
        return finish(session, run, **more)

    monkeypatch.setattr(runs, "finish", late)
    with desk.worker() as worker:
        ref = worker.open_case("hall", ASKS, known={"email": "ada@example.com"})
        worker.work(ref)
    assert begun == [ref.case_id] and row(engine, ref.case_id).end == "cancelled"
    assert row(engine, ref.case_id).run == 2 and row(engine, ref.case_id).inbox == []
