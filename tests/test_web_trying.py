"""Trying the desk on its page: a real case of a person who is named for it, in which nobody speaks for a real customer."""

import re
import time
from collections.abc import Iterator
from typing import NoReturn

import httpx
import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from support.signed_in import GRACE, LARGE, House, token_of
from support.signed_in import house as house_of

from switchboard.accounts.rows import METADATA
from switchboard.cases.approvals import answer
from switchboard.cases.documents import find
from switchboard.cases.people.tried import check_no_customer
from switchboard.cases.tables import CaseRow
from switchboard.console.web.desk import Desk
from switchboard.declare.human import Approval
from switchboard.errors import OperatorError
from switchboard.service import accounts, approvals
from switchboard.service.fork import fork_on_queue
from switchboard.service.programs.trying import begin_trying, cases_tried


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("house")) as found:
        yield found


def form_at(client: httpx.Client, path: str) -> dict[str, str]:
    shown = client.get(path)
    key = re.search(r'name="key" value="([^"]+)"', shown.text)
    assert key, shown.text
    return {"form_token": token_of(shown), "key": key[1]}


def settled(house: House, case_id: str) -> str:
    until = time.monotonic() + 30
    while (end := house.worker.document(case_id)["end"]) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    return str(end)


def cases(house: House) -> int:
    with Session(house.place.engine) as session:
        return session.scalar(select(func.count()).select_from(CaseRow)) or 0


@pytest.mark.slow
def test_a_case_is_tried_and_goes_on_as_its_customer(house: House) -> None:
    client = house.inside("otto")
    assert "This begins a real case" in client.get("/try").text
    form, before = {**form_at(client, "/try"), "team": "desk", "words": LARGE, "email": GRACE}, cases(house)
    begun = client.post("/try", data=form)
    at = begun.headers["location"]
    assert begun.status_code == 303 and client.post("/try", data=form).headers["location"] == at  # pressed twice
    assert cases(house) == before + 1
    other = client.post("/try", data={**form, "words": "Something else."})
    assert other.status_code == 409 and "another message before" in other.text and "Something else." in other.text
    case_id = at.rpartition("/")[2]
    assert settled(house, case_id) == "awaiting_approval"
    shown = client.get(at).text
    assert "You, as the customer" in shown and "It waits for an operator to approve" in shown and "A real case" in shown
    assert "find_user_id_by_email" in shown and f'sse-connect="/cases/{case_id}/events' in shown
    seen = client.get(f"{at}/said").text
    assert "needs the approval" in seen and "find_user_id_by_email" not in seen
    more = {**form_at(client, at), "words": "Is it done by now?"}
    assert client.post(at, data=more).status_code == 303 and client.post(at, data=more).status_code == 303
    assert house.worker.document(case_id)["transcript"] and LARGE in client.get("/try").text
    rows = accounts.audit(house.place, case_id=case_id)
    assert [(row.who, row.what) for row in rows] == [("otto", "tried the desk as a customer")]


def approved(house: House, name: str, case_id: str) -> httpx.Response:
    client = house.inside(name)
    page = client.get(f"/cases/{case_id}")
    hash_ = re.search(r'name="hash" value="([0-9a-f]+)"', page.text)
    assert hash_, page.text
    return client.post(f"/cases/{case_id}/approve", data={"form_token": token_of(page), "hash": hash_[1]})


def tried(house: House, name: str, **more: str) -> str:
    client = house.inside(name)
    form = {**form_at(client, "/try"), "team": "desk", "words": LARGE, **more}
    case_id = client.post("/try", data=form).headers["location"].rpartition("/")[2]
    settled(house, case_id)
    return case_id


class Cut:
    """A place whose process is killed as soon as the case is kept."""

    def __init__(self, house: House) -> None:
        self.engine, self.environment = house.place.engine, house.place.environment

    def worker(self, about: str = "") -> NoReturn:
        raise KeyboardInterrupt


def test_a_try_that_is_cut_off_as_soon_as_its_case_is_kept_is_no_customers(house: House) -> None:
    with pytest.raises(KeyboardInterrupt):
        begin_trying(Cut(house), "desk", LARGE, "", "otto", "cut-off")
    [newest, *_] = cases_tried(house.place, "otto")
    assert newest["opening"] == LARGE


@pytest.mark.slow
def test_a_fork_with_other_words_is_written_by_who_forks_it(house: House) -> None:
    desk = Desk(house.place, house.worker)
    said = [fork_on_queue(desk, house.case_id, 1, words, "theo") for words in ("", f"{LARGE} Today.")]
    assert [settled(house, case_id) for case_id in said] == ["awaiting_approval"] * 2
    again = fork_on_queue(desk, said[1], 1, "", "otto")
    settled(house, again)
    for case_id in (said[1], again):
        assert approved(house, "theo", case_id).status_code == 409, case_id
    with Session(house.place.engine) as session:
        check_no_customer(session, find(session, said[0]), "theo")
        check_no_customer(session, find(session, again), "otto")


@pytest.mark.slow
def test_where_nobody_has_an_account_one_person_tries_and_approves(house: House) -> None:
    case_id = tried(house, "otto", email=GRACE)
    call = approvals.waiting_call(house.place, case_id)
    with Session(house.place.engine) as session:
        row = find(session, case_id)
        with pytest.raises(OperatorError):
            check_no_customer(session, row, "otto")
        for table in reversed(METADATA.sorted_tables):
            session.execute(delete(table))
        check_no_customer(session, row, "otto")
        session.rollback()
    approvals.deny(Desk(house.place, house.worker), call, "otto", "It was a try.")  # a no is theirs


@pytest.mark.slow
@pytest.mark.parametrize("identity", ["code", "channel"])
def test_a_typed_address_is_no_word_of_the_channel(house: House, monkeypatch: pytest.MonkeyPatch, identity: str) -> None:
    monkeypatch.setattr(house.place.environment, "identity", identity)
    assert 'name="email"' not in house.inside("otto").get("/try").text
    case_id = tried(house, "otto", email=GRACE)
    with Session(house.place.engine) as session:
        row = find(session, case_id)
        assert row.state and row.state["customer_id"] is None and GRACE not in str(row.state)
    assert house.worker.document(case_id)["end"] != "awaiting_approval"


@pytest.mark.slow
def test_nobody_speaks_for_a_real_customer_or_in_what_another_tried(house: House) -> None:
    otto, theo = house.inside("otto"), house.inside("theo")
    form = {**form_at(otto, "/try"), "team": "desk", "words": "How long does a refund take?"}
    at = otto.post("/try", data=form).headers["location"]
    settled(house, at.rpartition("/")[2])
    for client, path in ((theo, at), (otto, f"/try/{house.case_id}"), (otto, "/try/none")):
        assert client.get(path).status_code == 404 and client.get(f"{path}/said").status_code == 404
        ours = {**form_at(client, "/try"), "words": "Yes, do it."}
        assert client.post(path, data=ours).status_code in (404, 409), path
    assert "Yes, do it." not in str(house.worker.document(house.case_id)["transcript"])
    assert "How long does a refund take?" not in theo.get("/try").text


def test_what_cannot_be_begun_is_said_and_stands_in_the_form_still(house: House) -> None:
    client, before = house.inside("otto"), cases(house)
    for wrong in (
        {"words": " "},
        {"words": "x" * 200_001},
        {"words": "Hello there.", "team": "no-such-team"},
        {"words": "Hello there.", "email": "nobody"},
        {"words": "Hello there.", "key": ""},
    ):
        found = client.post("/try", data={**form_at(client, "/try"), "team": "desk", **wrong})
        assert found.status_code == 409 and 'role="alert"' in found.text, wrong
        assert "Hello" not in wrong["words"] or "Hello there." in found.text
    assert cases(house) == before


@pytest.mark.slow
def test_who_wrote_as_the_customer_does_not_approve_what_they_asked_for(house: House) -> None:
    case_id = tried(house, "otto", email=GRACE)
    own = approved(house, "otto", case_id)
    assert own.status_code == 409 and "Somebody else must approve it" in own.text
    program = house.program(house.token("otto", "approvals:decide"))
    call = approvals.waiting_call(house.place, case_id)
    assert program.post(f"/api/v1/approvals/{case_id}/approve", json={"hash": call.hash}).status_code == 409
    for name in ("otto", "OTTO"):
        with pytest.raises(OperatorError, match="Somebody else"):
            answer(house.place.engine, case_id, call.hash, Approval("approve", name), None)
    assert house.worker.document(case_id)["end"] == "awaiting_approval"
    assert approved(house, "theo", case_id).status_code == 303
    assert settled(house, case_id) == "resolved"
