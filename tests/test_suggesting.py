"""An operator asks for a suggested reply: agents prepare it and change nothing, and it waits to be edited and sent."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support.bookings import call_the_office, cancel_booking, find_member, get_booking, seed
from support.commands import document, said, switchboard
from support.killed import Nursery
from support.kills import boundaries
from support.sample import prepared as prepared_rows
from test_drafts import ASKS as BOATS
from test_drafts import TOLD, project

from switchboard.accounts.seals import use_key
from switchboard.cases.cases import hand_back, hear, speak, take
from switchboard.cases.documents import listing, load
from switchboard.cases.people.drafts import draft_of, drafts, drop_draft, send_draft
from switchboard.cases.people.suggesting import AskedFor, ask_for_suggestion, prepared
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.cases.sealed.rows import case_fits
from switchboard.cases.tables import CaseRow, EntryRow, RunRow, clock
from switchboard.consent.codes import Codes
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Note, Say, Unsure
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.flows.hub import hub
from switchboard.mail.letters import Letter
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.tables.project_file import read_file
from switchboard.tables.team import desk_of
from switchboard.tickets.rows import Ticket, settle

HOLDS = "The hall holds 80 people."
ASKS = "How many people fit in?"
PERSON = "A person, please!"


def rules(view: View) -> Move | Unsure:
    if view.latest == PERSON:
        told = view.last("call_the_office")
        return (
            Say(f"You will be called: {told.result}.") if told else Calls((Call("call_the_office", {"summary": "They ask."}),))
        )
    if "B-101" in view.latest and not view.customer_id:
        if denied := view.last("find_member"):
            return Say(denied.text)
        return Calls((Call("find_member", {"email": view.facts.get("email") or view.latest.split()[-1]}),))
    if view.latest.startswith("Cancel"):
        return Calls((Call("cancel_booking", {"number": "B-101", "why": "not needed"}),))
    if view.latest.startswith("What of B-101?"):
        got = view.last("get_booking")
        return Say(f"It is {got.result['state']}.") if got else Calls((Call("get_booking", {"number": "B-101"}),))
    if view.latest == ASKS:
        return Say(HOLDS)
    if view.latest == "For us?":
        return Say("For which day?", asks=True)
    return Unsure(Say("I do not know.", asks=True))


def hall() -> TeamSpec:
    tools = (find_member, get_booking, cancel_booking, call_the_office)
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", rules, tools)
    closer = AgentSpec("closer", "Notes.", "You write the note.", lambda view: Note("Done."))
    passes = (Rule("confirm", effect="write"), Rule("approve"))
    return TeamSpec("hall", "", {"desk": desk, "closer": closer}, hub("desk", {}, "closer"), passes)


class Desk:
    """A case that the agents have left to a person, and what its customer writes then."""

    def __init__(self, engine: Engine, *words: str) -> None:
        self.engine = engine
        with self.worker() as worker:
            ref = worker.open_case("hall", PERSON, known={"email": "ada@example.com"})
            assert worker.work(ref)["end"] == "escalated"
        self.case_id = ref.case_id
        for text in words:
            self.writes(text)

    def worker(self) -> Worker:
        return Worker(Environment(self.engine, {"hall": hall()}))

    def writes(self, words: str) -> None:
        assert hear(self.engine, self.case_id, words, None)[0] is None

    def suggest(self, by: str = "dana") -> str:
        """What is suggested, or the sentence that says why nothing is."""
        with self.worker() as worker:
            asked = ask_for_suggestion(self.engine, self.case_id, by, worker.workflows.executor)
            assert asked
            worker.work(asked.ref)
        found = drafts(self.engine, case_id=self.case_id)
        stands = prepared(self.engine, self.case_id)
        return found[-1].text if found else stands.why if stands else ""

    @property
    def said(self) -> list[str]:
        return [e["text"] for e in load(self.engine, self.case_id)["transcript"] if e["kind"] == "message"]

    @property
    def ticket(self) -> Ticket:
        with Session(self.engine, expire_on_commit=False) as session:
            return session.scalars(select(Ticket).where(Ticket.case_id == self.case_id)).one()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = prepared_rows(sqlite_url(tmp_path / "rows.db"))
    seed(engine)
    yield engine
    engine.dispose()


def test_what_the_agents_would_answer_waits_and_the_customer_hears_nothing(engine: Engine) -> None:
    desk = Desk(engine, ASKS)
    before = load(engine, desk.case_id)["transcript"]
    assert desk.suggest() == HOLDS
    assert load(engine, desk.case_id)["transcript"] == before
    assert desk.ticket.status == "open" and draft_of(engine, desk.case_id).asked_for


def test_one_that_is_sent_leaves_its_ticket_open_and_its_case_with_who_sent_it(engine: Engine) -> None:
    desk = Desk(engine, ASKS)
    desk.suggest()
    assert not send_draft(engine, desk.case_id, "dana", draft_of(engine, desk.case_id).hash, "Eighty.")
    assert desk.said[-1] == "Eighty." and desk.ticket.status == "open" and desk.ticket.answered_at
    with pytest.raises(OperatorError, match="No suggestion: dana has answered what the customer wrote last"):
        ask_for_suggestion(engine, desk.case_id, "dana", None)
    with pytest.raises(OperatorError, match="dana has this case"):
        ask_for_suggestion(engine, desk.case_id, "eli", None)


@pytest.mark.slow
def test_it_may_be_a_question_and_what_is_read_for_it_is_recorded_and_counted(engine: Engine) -> None:
    assert Desk(engine, "For us?").suggest() == "For which day?"
    desk = Desk(engine, "What of B-101?")
    assert desk.suggest() == "It is open."
    stands = prepared(engine, desk.case_id)
    assert stands
    reads = load(engine, stands.case_id)["tool_calls"]
    assert [(one["tool"], one["status"]) for one in reads] == [("find_member", "done"), ("get_booking", "done")]
    replayed = rebuild(Environment(engine, {"hall": hall()}), desk.case_id)
    assert replayed.differences == () and replayed.complete
    assert replayed.document["seconds"] == load(engine, desk.case_id)["seconds"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Mauve triangles", "The agents are not sure what to answer."),
        ("Cancel B-101", "The agents would do cancel_booking first. Hand the case back to have that done."),
        (PERSON, "The agents would leave this to a person."),
    ],
)
def test_who_is_unsure_suggests_nothing_and_nothing_is_changed(engine: Engine, words: str, why: str) -> None:
    desk = Desk(engine, words)
    tickets, said = desk.ticket, desk.said
    assert desk.suggest() == why
    assert drafts(engine) == [] and desk.said == said and desk.ticket.number == tickets.number
    with engine.connect() as rows:
        assert rows.exec_driver_sql("SELECT state FROM bookings WHERE id = 'B-101'").scalar() == "open"


@pytest.mark.slow
def test_it_is_dropped_where_the_talk_has_moved_on_meanwhile_or_does_after(engine: Engine) -> None:
    for late in (lambda one: one.writes("For us?"), lambda one: speak(engine, one.case_id, "dana", "I will look.")):
        desk = Desk(engine, ASKS)
        with desk.worker() as worker:
            asked = ask_for_suggestion(engine, desk.case_id, "dana", worker.workflows.executor)
            assert asked
            late(desk)
            worker.work(asked.ref)
        assert drafts(engine, case_id=desk.case_id) == [] and prepared(engine, desk.case_id) is None
    desk = Desk(engine, ASKS)
    desk.suggest()
    desk.writes("And tomorrow?")
    assert drafts(engine, case_id=desk.case_id) == []


def test_one_that_comes_after_the_ticket_was_closed_opens_it_not_again(engine: Engine) -> None:
    desk = Desk(engine, ASKS)
    with desk.worker() as worker:
        asked = ask_for_suggestion(engine, desk.case_id, "dana", worker.workflows.executor)
        assert asked
        with Session(engine) as session, session.begin():
            settle(
                session.scalars(select(Ticket).where(Ticket.case_id == desk.case_id)).one(), "eli", "A twin.", clock(session)
            )
        worker.work(asked.ref)
    assert (desk.ticket.status, desk.ticket.reopened, drafts(engine, case_id=desk.case_id)) == ("closed", 0, [])


def test_thanks_leave_it(engine: Engine) -> None:
    desk = Desk(engine, ASKS)
    with desk.worker() as worker:
        asked = ask_for_suggestion(engine, desk.case_id, "dana", worker.workflows.executor)
        assert asked
        desk.writes("Thank you!")
        worker.work(asked.ref)
    assert draft_of(engine, desk.case_id).text == HOLDS


@pytest.mark.slow
def test_two_who_ask_get_one_and_who_asks_again_after_it_was_dropped_another(engine: Engine) -> None:
    desk = Desk(engine, ASKS)
    first, second = (ask_for_suggestion(engine, desk.case_id, name, None) for name in ("dana", "eli"))
    assert first and second == AskedFor(first.ref, is_new=False)
    with desk.worker() as worker:
        worker.take_up()
        worker.wait_for(first.ref)
    assert ask_for_suggestion(engine, desk.case_id, "eli", None) is None
    drop_draft(engine, desk.case_id, "eli", draft_of(engine, desk.case_id).hash)
    assert desk.suggest("eli") == HOLDS
    with Session(engine) as session:
        assert len(session.scalars(select(CaseRow).where(CaseRow.parent == desk.case_id)).all()) == 2


@pytest.mark.slow
def test_a_case_that_was_taken_from_the_agents_gets_a_ticket_for_it(engine: Engine) -> None:
    with Worker(Environment(engine, {"hall": hall()})) as worker:
        ref = worker.open_case("hall", "For us?")
        worker.work(ref)
    with pytest.raises(OperatorError, match="with the agents"):
        ask_for_suggestion(engine, ref.case_id, "dana", None)
    take(engine, ref.case_id, "dana")
    with pytest.raises(OperatorError, match="No suggestion: the agents have answered"):
        ask_for_suggestion(engine, ref.case_id, "dana", None)
    hear(engine, ref.case_id, ASKS, None)
    with Worker(Environment(engine, {"hall": hall()})) as worker:
        asked = ask_for_suggestion(engine, ref.case_id, "dana", worker.workflows.executor)
        assert asked
        worker.work(asked.ref)
    assert draft_of(engine, ref.case_id).text == HOLDS


@pytest.mark.slow
def test_what_it_took_counts_for_its_case(engine: Engine) -> None:
    desk = Desk(engine, "What of B-101?")
    before = load(engine, desk.case_id)["seconds"]
    desk.suggest()
    with Session(engine) as session:
        row, stands = session.get_one(CaseRow, desk.case_id), prepared(engine, desk.case_id)
        assert stands and row.state
        own = session.get_one(CaseRow, stands.case_id).used["seconds"]
        assert row.used["seconds"] == row.state["used"]["seconds"] == pytest.approx(before + own, abs=0.001)
        assert session.get_one(RunRow, (stands.case_id, 1)).start["asks_model"] is None


@pytest.mark.slow
@pytest.mark.parametrize("order", ["within the next run", "after the next run", "before a third run"])
def test_what_it_took_counts_once_where_the_case_is_handed_back_meanwhile(engine: Engine, order: str) -> None:
    desk = Desk(engine, "What of B-101?")
    with desk.worker() as worker:
        asked = ask_for_suggestion(engine, desk.case_id, "dana", worker.workflows.executor)
        assert asked
        back = hand_back(engine, desk.case_id, "dana", "Go on.", worker.workflows.executor)
        for ref in (asked.ref, back) if order == "within the next run" else (back, asked.ref):
            worker.work(ref)
        if order == "before a third run":
            third, _ = hear(engine, desk.case_id, ASKS, worker.workflows.executor)
            assert third
            worker.work(third)
    with Session(engine) as session:
        row = session.get_one(CaseRow, desk.case_id)
        steps = session.scalars(select(EntryRow.data).where(EntryRow.case_id.in_([row.id, asked.ref.case_id])))
        took = sum(one.get("seconds", 0.0) for one in steps)
        assert row.state and session.get_one(CaseRow, asked.ref.case_id).used["seconds"] > 0.0
        assert row.used["seconds"] == row.state["used"]["seconds"] == pytest.approx(took, abs=1e-9)
        assert row.seconds == round(row.used["seconds"], 3)
    replayed = rebuild(Environment(engine, {"hall": hall()}), desk.case_id)
    assert replayed.differences == () and replayed.complete
    assert replayed.document["seconds"] == load(engine, desk.case_id)["seconds"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "asked"), [(TOLD, True), ("A rowing boat costs 99.00 USD for an hour.", True), ("", False)]
)
def test_a_model_is_asked_where_there_is_one_and_what_nothing_carries_is_not_suggested(
    tmp_path: Path, engine: Engine, answers: str, asked: bool
) -> None:
    folder = project(tmp_path)
    teams = {"desk": desk_of(folder, read_file(folder / "switchboard.toml"))}
    with Worker(Environment(engine, teams)) as worker:
        ref = worker.open_case("desk", "I want to speak to a person, please.")
        assert worker.work(ref)["end"] == "escalated"
    hear(engine, ref.case_id, BOATS, None)
    requests = list[object]()
    with ScriptedModel(lambda request: requests.append(request) or answers) as model:  # type: ignore[func-returns-value]
        entry = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(entry)), retries=0) if asked else None
        with Worker(Environment(engine, teams, gateway)) as worker:
            began = ask_for_suggestion(engine, ref.case_id, "dana", worker.workflows.executor)
            assert began
            worker.work(began.ref)
    assert bool(requests) is asked
    assert draft_of(engine, ref.case_id).text.startswith(TOLD)
    assert load(engine, ref.case_id)["model_calls"] == len(requests)


def test_no_code_is_sent_for_a_suggestion(engine: Engine) -> None:
    letters = list[Letter]()
    box = SimpleNamespace(send=letters.append, probe=lambda: "")
    by_code = replace(find_member, address=lambda session, customer_id, given: f"{customer_id}@example.com")
    team = hall()
    own = replace(team.members["desk"], tools=(by_code, get_booking, cancel_booking, call_the_office))
    team = replace(team, members={**team.members, "desk": own})
    environment = Environment(engine, {"hall": team}, identity="code", codes=Codes(b"k" * 32, box))
    with Worker(environment) as worker:
        ref = worker.open_case("hall", PERSON)
        worker.work(ref)
        hear(engine, ref.case_id, "What of B-101? I am ada@example.com", None)
        began = ask_for_suggestion(engine, ref.case_id, "dana", worker.workflows.executor)
        assert began
        worker.work(began.ref)
    stands = prepared(engine, ref.case_id)
    assert stands and "find_member first" in stands.why and letters == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_many_who_ask_at_once_get_one(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    url = sqlite_url(tmp_path / "many.db") if kind == "sqlite" else request.getfixturevalue("addresses")()
    engine = prepared_rows(url)
    seed(engine) if kind == "sqlite" else None
    desk = Desk(engine, ASKS)
    with ThreadPoolExecutor(6) as pool:
        came = list(pool.map(lambda n: ask_for_suggestion(engine, desk.case_id, f"op{n}", None), range(6)))
    assert len({one.ref for one in came if one}) == 1 and [one.is_new for one in came if one].count(True) == 1
    with desk.worker() as worker:
        worker.take_up()
        worker.wait_for(next(one.ref for one in came if one))
    assert [one.text for one in drafts(engine)] == [HOLDS]
    engine.dispose()


@pytest.mark.slow
def test_in_draft_mode_it_waits_as_one_that_was_asked_for(tmp_path: Path, engine: Engine) -> None:
    folder = project(tmp_path, "true")
    with Worker(Environment(engine, {"desk": desk_of(folder, read_file(folder / "switchboard.toml"))})) as worker:
        ref = worker.open_case("desk", "I want to speak to a person, please.")
        worker.work(ref)
        hear(engine, ref.case_id, BOATS, None)
        began = ask_for_suggestion(engine, ref.case_id, "dana", worker.workflows.executor)
        assert began
        worker.work(began.ref)
    waits = draft_of(engine, ref.case_id)
    assert waits.asked_for and waits.text.startswith(TOLD)


@pytest.mark.slow
def test_of_a_case_that_was_edited_in_the_database_nothing_is_suggested(engine: Engine) -> None:
    use_key(engine, b"k" * 40)
    sound, desk = Desk(engine, ASKS), Desk(engine, ASKS)
    assert sound.suggest() == HOLDS
    with Session(engine) as session:
        assert case_fits(session, session.get_one(CaseRow, sound.case_id))
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, desk.case_id)
        assert row.state
        row.state = {**row.state, "customer_id": "bo"}
    assert "were edited in the database" in desk.suggest()
    assert drafts(engine, case_id=desk.case_id) == []


STEPS = ["who answers", "a search", "its end"]


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before its workflow", *boundaries(STEPS)])
def test_who_is_killed_while_an_answer_is_prepared_leaves_nothing_half(
    point: str, one_nursery: Nursery, tmp_path: Path
) -> None:
    url, folder = sqlite_url(tmp_path / "rows.db"), str(project(tmp_path))
    prepared_rows(url).dispose()
    words = "I want to speak to a person, please."
    one_nursery.start("case", url, words=words, email="", project=folder).ended()
    engine = prepared_rows(url)
    [row] = listing(engine, 2)
    hear(engine, row["case_id"], BOATS, None)
    before = load(engine, row["case_id"])["transcript"]
    one_nursery.start("suggest", url, by="dana", project=folder, dies=point).was_killed()
    resumed = one_nursery.start("resume", url, project=folder)
    resumed.ended()
    assert [one["differences"] for one in resumed.lines()] == [[]]
    [waits] = drafts(engine)
    assert waits.text.startswith(TOLD) and waits.text.count(TOLD) == 1 and waits.asked_for
    assert load(engine, row["case_id"])["transcript"] == before
    engine.dispose()


@pytest.mark.slow
def test_at_the_terminal_an_answer_is_suggested_and_sent(tmp_path: Path) -> None:
    own = ("--project", str(project(tmp_path)))
    case_id = document(tmp_path, *own, "ask", "I want to speak to a person, please.")["case_id"]
    none = switchboard(tmp_path, *own, "suggest", case_id)
    assert none.returncode == 3 and "No suggestion: the agents would leave this to a person." in said(none)
    switchboard(tmp_path, *own, "ask", BOATS, "--case", case_id)
    found = document(tmp_path, *own, "suggest", case_id)
    assert found["state"] == "waits" and found["draft"]["text"].startswith(TOLD)
    shown = switchboard(tmp_path, *own, "suggest", case_id)
    assert shown.returncode == 0 and f"switchboard send {case_id} --for {found['draft']['hash']}" in said(shown)
    assert switchboard(tmp_path, *own, "send", case_id, "--for", found["draft"]["hash"], "--as", "dana").returncode == 0
    again = switchboard(tmp_path, *own, "suggest", case_id, "--as", "dana")
    assert again.returncode == 2 and "No suggestion: dana has answered" in said(again)
    assert "asked for a suggested answer" in [one["what"] for one in document(tmp_path, *own, "audit")]
    assert switchboard(tmp_path, *own, "replay", case_id).returncode == 0
