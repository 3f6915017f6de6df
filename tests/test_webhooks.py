"""Programs hear of each run that ended: once, signed, and as often as needed until they have taken it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from support.other_side import Asked, OtherSide, said
from support.programs import hall

from switchboard.cases.cases import RunRef, hear, take
from switchboard.cases.people.escalating import escalate
from switchboard.cases.runs import Environment, give_up
from switchboard.cases.spending.budgets import BUDGET
from switchboard.console.protocols.rest.app import rest
from switchboard.console.terminal.workers import Chores
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.notifications.rows import newest, notify
from switchboard.notifications.table import NotificationsTable
from switchboard.notifications.webhooks import signature
from switchboard.service import notifications
from switchboard.service.notifications import send_due, troubles, try_out
from switchboard.service.programs.events import deliveries
from switchboard.tables.project_file import ProjectFile

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    yield


def table(address: str) -> NotificationsTable:
    return NotificationsTable(webhooks=[f"{address}/hook"], secret="${HOOK_SECRET}")


def worked(engine: Engine, whom: NotificationsTable, *openings: str) -> list[str]:
    with Worker(Environment(engine, {"toys": hall()}, notifications=whom)) as worker:
        return [worker.work(worker.open_case("toys", words))["case_id"] for words in openings]


def due_now(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET due_at = 0 WHERE state = 'waiting'"))


def test_a_signature_is_the_one_that_the_standard_gives() -> None:
    body = b'{"test": 2432232314}'
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature("plain", "a", 1, body) != signature("plain", "b", 1, body)


@pytest.mark.slow
def test_each_end_is_told_once_and_signed(engine: Engine) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        file = ProjectFile(name="Toys", notifications=table(crm.address))
        ids = worked(engine, table(crm.address), "When are you open?", "I want a person.", "Please pay me.")
        for _ in range(2):
            assert send_due(engine, file) == []
    events = [json.loads(one.body) for one in crm.asked]
    ended = [one for one in events if one["type"] == "run.ended"]
    assert {one["case_id"]: one["end"] for one in ended} == dict(
        zip(ids, ("resolved", "escalated", "awaiting_customer"), strict=True)
    )
    assert {one["run"] for one in ended} == {1} and len(ended) == 3
    beside = sorted((one["type"], one["case_id"]) for one in events if one not in ended)
    assert beside == [("case.escalated", ids[1]), ("ticket.opened", ids[1])]
    for one in crm.asked:
        assert signed(one) and (one.method, one.target) == ("POST", "/hook")
    assert "person." not in str(events)  # nothing of the customer's words


@pytest.mark.slow
def test_what_waits_for_people_is_told_as_the_description_has_it(engine: Engine) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        whom = table(crm.address)
        file = ProjectFile(name="Toys", notifications=whom)
        with Worker(Environment(engine, {"toys": hall()}, notifications=whom)) as worker:
            person = worker.work(worker.open_case("toys", "I want a person."))["case_id"]
            asked = worker.open_case("toys", "Please pay me.", known={"email": "ada@example.com"})
            worker.work(asked)
            following, _ = hear(engine, asked.case_id, "70", worker.workflows.executor)
            assert following and worker.work(following)["end"] == "awaiting_approval"
        assert send_due(engine, file) == []
        with engine.begin() as connection:  # SQLite and Postgres alike take a text for a moment
            then = (datetime.now(UTC) - timedelta(days=6)).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute(text("UPDATE tickets SET created_at = :then, look_at = 0"), {"then": then})
        escalate(engine, person, "dana", "critical", "A child is hurt.", whom)
        for _ in range(2):
            assert send_due(engine, file) == []
        found = deliveries(SimpleNamespace(engine=engine), file, 100)  # type: ignore[arg-type]
    events = [json.loads(one.body) for one in crm.asked if signed(one)]
    described = rest(SimpleNamespace()).openapi()  # type: ignore[arg-type]
    assert described["webhooks"]["ticket.at_risk"]["post"]["summary"] == "Ticket at risk"
    for one in events:
        schema = described["webhooks"][one["type"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.validate(one, {**schema, "components": described["components"]})
    waits = {(one["type"], one["case_id"]) for one in events if one["type"] != "run.ended"}
    late = {("ticket.breached", person), ("ticket.urgent", person), ("ticket.opened", person), ("case.escalated", person)}
    assert waits == {*late, ("approval.waiting", asked.case_id)}
    assert sorted(one.type for one in found) == sorted(one["type"] for one in events)
    assert {one.id for one in found} == {head(one)["webhook-id"] for one in crm.asked}
    assert {(one.state, one.tries, one.trouble) for one in found} == {("sent", 1, "")}


def test_what_became_of_deliveries_is_shown_without_secrets(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", "http://127.0.0.1:1/hook?token=hush")
    whom = NotificationsTable(webhooks=["${HOOK}"], urls=["json://127.0.0.1:1/people"], secret="${HOOK_SECRET}")
    file = ProjectFile(name="Toys", notifications=whom)
    worked(engine, whom, "When are you open?", "I want a person.")
    send_due(engine, file, lambda *_: "Away.")
    place: Any = SimpleNamespace(engine=engine)
    found = deliveries(place, file, 100, "waiting")
    assert {one.to for one in found} == {"${HOOK}"} and all("could not be reached" in one.trouble for one in found)
    assert "hush" not in str(found) and SECRET not in str(found)
    assert (deliveries(place, file, 100, "sent"), deliveries(place, ProjectFile(name="Toys"), 100)) == ([], [])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example.com/services/T/B/hush", "https://hooks.example.com"),
        ("https://hush@hooks.example.com:8443/hush?a=hush#hush", "https://hooks.example.com:8443"),
        ("https://hooks.example.com?hush", "https://hooks.example.com"),
        ("https://hooks.example.com/${HUSH}", "https://hooks.example.com"),
        ("https://[::1]:80/hush", "https://[::1]:80"),
        ("${HOOK}", "${HOOK}"),
    ],
)
def test_of_an_address_the_host_is_shown_and_nothing_that_may_be_a_secret(engine: Engine, url: str, shown: str) -> None:
    whom = NotificationsTable(webhooks=[url], secret="${HOOK_SECRET}")
    with Session(engine) as session, session.begin():
        notify(session, "case_1", 1, whom.webhooks, "resolved", None, 0.0)
    [found] = deliveries(SimpleNamespace(engine=engine), ProjectFile(name="Toys", notifications=whom), 9)  # type: ignore[arg-type]
    assert found.to == shown


def test_a_run_is_told_though_the_next_one_follows_at_once(engine: Engine) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        file = ProjectFile(name="Toys", notifications=table(crm.address))
        with Worker(Environment(engine, {"toys": hall()}, notifications=table(crm.address))) as worker:
            ref = worker.open_case("toys", "When are you open?")
            hear(engine, ref.case_id, "I want a person.", None)  # while the first run is under way
            worker.work(ref)
        for _ in range(2):
            assert send_due(engine, file) == []
    events = [json.loads(one.body) for one in crm.asked]
    assert sorted((one["run"], one["end"]) for one in events if "end" in one) == [(1, "resolved"), (2, "escalated")]


@pytest.mark.parametrize(("words", "also"), [("When are you open?", []), ("I want a person.", ["case.escalated"])])
def test_a_case_that_an_operator_takes_under_way_is_escalated_where_the_agents_say_so(
    engine: Engine, words: str, also: list[str]
) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        whom = table(crm.address)
        with Worker(Environment(engine, {"toys": hall()}, notifications=whom)) as worker:
            ref = worker.open_case("toys", words)
            take(engine, ref.case_id, "dana")
            worker.work(ref)
        assert send_due(engine, ProjectFile(name="Toys", notifications=whom)) == []
    events = [json.loads(one.body) for one in crm.asked]
    assert [one["end"] for one in events if one["type"] == "run.ended"] == ["escalated"]
    assert [one["type"] for one in events if one["type"] in ("case.escalated", "approval.waiting")] == also


@pytest.mark.parametrize(("hours", "before", "times"), [(0, True, 0), (1, False, 1), (30, False, 0)])
def test_a_program_hears_of_a_ticket_that_was_opened_lately_and_that_nobody_looked_at_before(
    engine: Engine, hours: int, before: bool, times: int
) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        whom = table(crm.address)
        worked(engine, whom, "I want a person.")
        if before:  # webhooks are named later
            people = NotificationsTable(urls=["json://127.0.0.1:1/b"])
            send_due(engine, ProjectFile(name="Toys", notifications=people), lambda *_: "")
        with engine.begin() as connection:
            then = (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute(text("UPDATE tickets SET created_at = :then, look_at = 0"), {"then": then})
        assert send_due(engine, ProjectFile(name="Toys", notifications=whom)) == []
    assert [json.loads(one.body)["type"] for one in crm.asked].count("ticket.opened") == times


def test_runs_that_are_given_up_are_told_once_each(engine: Engine) -> None:
    with OtherSide(said("", "204 No Content")) as crm:
        whom = table(crm.address)
        with Worker(Environment(engine, {"toys": hall()}, notifications=whom)) as worker:
            ref = worker.open_case("toys", "When are you open?")
            for number in (1, 1, 2, 2):
                give_up(engine, RunRef(ref.case_id, number), "It cannot go on.", whom)
        assert send_due(engine, ProjectFile(name="Toys", notifications=whom)) == []
    events = [json.loads(one.body) for one in crm.asked]
    assert sorted((one["run"], one["end"]) for one in events if "end" in one) == [(1, "failed"), (2, "failed")]


def head(asked: Asked) -> dict[str, str]:
    return {name.lower(): value for name, value in asked.headers.items()}


def signed(asked: Asked) -> bool:
    heads = head(asked)
    key, at = heads["webhook-id"], int(heads["webhook-timestamp"])
    return heads["webhook-signature"] == signature(SECRET, key, at, asked.body)


@pytest.mark.slow
def test_what_was_not_taken_is_tried_again_under_the_same_id(engine: Engine) -> None:
    answers = iter([said("", "500 Oh"), said("", "302 Found", Location="http://127.0.0.1:1/"), said("{}")])
    with OtherSide(lambda _: [next(answers)]) as crm:
        file = ProjectFile(name="Toys", notifications=table(crm.address))
        worked(engine, table(crm.address), "When are you open?")
        for why in ("It answered 500.", "It answered 302."):
            [told] = send_due(engine, file)
            assert why in told and "It is tried again later." in told and SECRET not in told
            assert "did not go out" in troubles(engine, file)[0]
            due_now(engine)
        assert send_due(engine, file) == []
    assert len({one.headers.get("Webhook-Id", one.headers.get("webhook-id")) for one in crm.asked}) == 1
    assert (len(crm.asked), troubles(engine, file)) == (3, [])
    assert try_out(file) == {}


def test_who_is_away_and_a_secret_that_is_not_set_are_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whom = table("http://127.0.0.1:1")
    file = ProjectFile(name="Toys", notifications=whom)
    worked(engine, whom, "When are you open?")
    assert "could not be reached" in send_due(engine, file)[0]
    monkeypatch.delenv("HOOK_SECRET")
    due_now(engine)
    assert "HOOK_SECRET" in send_due(engine, file)[0]
    assert any("HOOK_SECRET" in one for one in troubles(engine, file))


def test_a_place_that_was_a_program_and_is_for_people_now_hears_what_is_for_people(engine: Engine) -> None:
    worked(engine, table("http://127.0.0.1:1"), "When are you open?", "I want a person.")
    send_due(engine, ProjectFile(name="Toys", notifications=table("http://127.0.0.1:1")))  # writes that a ticket was opened
    due_now(engine)
    heard: list[str] = []

    def deliver(*given: str) -> str:
        heard.append(given[3])
        return ""

    moved = ProjectFile(name="Toys", notifications=NotificationsTable(urls=["json://127.0.0.1:1/hook", "json://127.0.0.1:1/b"]))
    with engine.begin() as connection:
        connection.execute(text("UPDATE notifications SET url = 'json://127.0.0.1:1/hook'"))
    assert send_due(engine, moved, deliver) == []
    assert len(heard) == 1 and "handed it to a person" in heard[0]
    states = {one.about.partition(" ")[2] or one.about: one.state for one in newest(engine, 9) if one.end != "resolved"}
    assert states == {"": "sent", "case.escalated": "overtaken", "opened open 0": "overtaken"}
    assert [one.state for one in newest(engine, 9) if one.end == "resolved"] == ["overtaken"]


def test_a_place_that_was_for_people_and_is_a_program_now_is_told_of_no_budget(engine: Engine) -> None:
    with OtherSide(said("{}")) as crm:
        file = ProjectFile(name="Toys", notifications=table(crm.address))
        with Session(engine) as session, session.begin():
            notify(session, BUDGET, 0, [f"{crm.address}/hook"], "used_up", None, 0.0, "100 % of the tokens of a day 2026-01-02")
        assert (send_due(engine, file), crm.asked) == ([], [])
        assert deliveries(SimpleNamespace(engine=engine), file, 9) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("about", ["of a later version", "1 opened open"])
def test_one_that_is_not_understood_is_kept_with_its_trouble_and_stops_no_other(engine: Engine, about: str) -> None:
    with OtherSide(said("{}")) as crm:
        whom = NotificationsTable(webhooks=[f"{crm.address}/hook"], urls=["json://127.0.0.1:1/b"], secret="${HOOK_SECRET}")
        file = ProjectFile(name="Toys", notifications=whom)
        worked(engine, whom, "I want a person.")
        with Session(engine) as session, session.begin():
            notify(session, "case_1", 1, [*whom.urls, *whom.webhooks], "escalated", None, 0.0, about)
        told = send_due(engine, file, lambda *_: "")
        assert len(told) == 2 and all("not known to this version" in one for one in told)
        assert {one.state for one in newest(engine, 9) if one.case_id != "case_1"} == {"sent"}
        assert len(deliveries(SimpleNamespace(engine=engine), file, 9)) == 3  # type: ignore[arg-type]


def test_what_cannot_be_made_stops_no_other(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whom = NotificationsTable(urls=["json://127.0.0.1:1/b"])
    worked(engine, whom, "I want a person.", "I want a person.")
    made = notifications.letter
    whose: list[str] = []

    def letter(one: Any, *given: Any) -> str:
        whose.append(one.case_id)
        return made(one, *given) if len(whose) > 1 else {"a": "b"}["gone"]

    monkeypatch.setattr(notifications, "letter", letter)
    [told] = send_due(engine, ProjectFile(name="Toys", notifications=whom), lambda *_: "")
    assert "It could not be made (KeyError)." in told and sorted(one.state for one in newest(engine, 9)) == ["sent", "waiting"]


def test_a_chore_is_done_where_nothing_can_be_sent() -> None:
    def send_notifications(at_once: int) -> None:
        raise OperatorError("Nothing can be sent.")

    done: list[str] = []
    chores = Chores(SimpleNamespace(gateway=None, send_notifications=send_notifications, do_chore=lambda: done.append("done")))  # type: ignore[arg-type]
    chores._settled = -1e9
    with pytest.raises(OperatorError):
        chores()
    assert done == ["done"]


def test_an_address_of_the_environment_may_hold_a_secret_and_is_still_an_address(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whom = NotificationsTable(webhooks=["${HOOK}"], secret="${HOOK_SECRET}")
    file = ProjectFile(name="Toys", notifications=whom)
    with OtherSide(said("{}")) as crm:
        monkeypatch.setenv("HOOK", f"{crm.address}/hook?token=hush")
        worked(engine, whom, "When are you open?")
        assert send_due(engine, file) == [] and crm.asked[0].target == "/hook?token=hush"
    monkeypatch.setenv("HOOK", "file:///etc/hush")
    [told] = troubles(engine, file)
    assert "no address" in told and "hush" not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"webhooks": ["https://a.example"]},
        {"webhooks": ["https://a.example"], "secret": "plain"},
        {"webhooks": ["http://a.example"], "secret": "${S}"},
        {"webhooks": ["ftp://a.example"], "secret": "${S}"},
        {"webhooks": ["https://me:pass@a.example"], "secret": "${S}"},
        {"webhooks": ["https://a.example?token=1"], "secret": "${S}"},
        {"webhooks": ["jsons://a.example"], "urls": ["jsons://a.example"], "secret": "${S}"},
    ],
)
def test_what_is_declared_wrongly_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NotificationsTable.model_validate(wrong)
