"""Draft mode: an answer waits for an operator, who edits and sends it once; the customer hears that a colleague answers."""

import json
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.bookings import call_the_office
from support.commands import document, said, switchboard
from support.killed import Nursery
from support.kills import boundaries, mostly_slow
from support.postgres import running_server, with_driver
from support.sample import prepared
from support.terminal import Terminal, plain

from switchboard.cases.cases import hand_back, hear, speak, take
from switchboard.cases.documents import load
from switchboard.cases.people.drafts import draft_of, drafts, drop_draft, send_draft
from switchboard.cases.runs import Environment
from switchboard.database import sqlite_url
from switchboard.declare.agent import AgentSpec, Twin
from switchboard.declare.human import Nobody
from switchboard.declare.moves import Call, Calls, Move, Note, Say
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Context, Tool, tool
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError, OperatorError
from switchboard.flows.hub import hub
from switchboard.loop.drive import run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.tables.project_file import read_file
from switchboard.tables.team import desk_of
from switchboard.tickets.rows import Ticket, opened
from switchboard.toolsets.built_in.drafts import suggest_answer

PROJECT = """
name = "Tarn"
articles = "articles"
drafts = {drafts}

[departments.boats]
about = "Boats: what they cost and where they lie."
examples = ["What does a boat cost?", "Where do the boats lie?", "Do you have a rowing boat?"]
"""
ARTICLE = "# Boats\n\n## What does a rowing boat cost?\n\nA rowing boat costs 14.00 USD for an hour.\n"
ASKS = "What does a rowing boat cost?"
TOLD = "A rowing boat costs 14.00 USD for an hour."


def project(folder: Path, drafts: str = "true") -> Path:
    (folder / "articles").mkdir(exist_ok=True)
    (folder / "articles" / "boats.md").write_text(ARTICLE, "utf-8")
    (folder / "switchboard.toml").write_text(PROJECT.format(drafts=drafts), "utf-8")
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = prepared(sqlite_url(tmp_path / "rows.db"))
    yield found
    found.dispose()


def asked(
    folder: Path, engine: Engine, words: str = ASKS, drafts: str = "true", gateway: Gateway | None = None
) -> dict[str, Any]:
    folder = project(folder, drafts)
    environment = Environment(engine, {"desk": desk_of(folder, read_file(folder / "switchboard.toml"))}, gateway)
    with Worker(environment) as worker:
        ref = worker.open_case("desk", words, known={"email": "io@example.com"})
        assert ref
        return dict(worker.work(ref))


def told(engine: Engine, case_id: str) -> list[tuple[str, str]]:
    lines = load(engine, case_id)["transcript"]
    return [(one["speaker"], one["text"]) for one in lines if one["kind"] == "message" and one["speaker"] != "customer"]


def ticket_of(engine: Engine, case_id: str) -> Ticket:
    with Session(engine, expire_on_commit=False) as session:
        return session.query(Ticket).filter_by(case_id=case_id).one()


def test_an_answer_waits_and_the_customer_hears_that_a_colleague_answers(tmp_path: Path, engine: Engine) -> None:
    found = asked(tmp_path, engine)
    assert (found["end"], found["outcome"]["outcome"], found["outcome"]["because"]) == ("escalated", "handed_off", "draft")
    assert "14.00" not in found["reply"] and "A colleague" in found["reply"] and "T0000" in found["reply"]
    [waits] = drafts(engine)
    assert waits.text.startswith(TOLD) and waits.case_id == found["case_id"] and waits.opening == ASKS
    send_draft(engine, waits.case_id, "dana", waits.hash)
    assert told(engine, waits.case_id)[-1][0] == "operator" and told(engine, waits.case_id)[-1][1].startswith(TOLD)
    assert load(engine, waits.case_id)["outcome"]["outcome"] == "resolved_by_human"
    assert drafts(engine) == [] and ticket_of(engine, waits.case_id).status == "closed"


def test_an_operator_edits_what_is_sent_and_a_draft_that_is_dropped_leaves_the_ticket(tmp_path: Path, engine: Engine) -> None:
    edited, dropped = asked(tmp_path, engine)["case_id"], asked(tmp_path, engine)["case_id"]
    send_draft(engine, edited, "dana", draft_of(engine, edited).hash, "Fourteen dollars.")
    assert told(engine, edited)[-1] == ("operator", "Fourteen dollars.")
    drop_draft(engine, dropped, "dana", draft_of(engine, dropped).hash, "It is wrong.")
    assert ticket_of(engine, dropped).status == "open" and len(told(engine, dropped)) == 1
    with pytest.raises(OperatorError, match="dana has dropped it"):
        draft_of(engine, dropped)


def test_a_draft_is_dropped_when_the_customer_has_written_meanwhile_and_the_operator_is_told(
    tmp_path: Path, engine: Engine
) -> None:
    case_id = asked(tmp_path, engine)["case_id"]
    seen = draft_of(engine, case_id)
    hear(engine, case_id, "For two hours, I mean.", None)
    with pytest.raises(OperatorError, match="the customer has written since"):
        send_draft(engine, case_id, "dana", seen.hash)
    assert len(told(engine, case_id)) == 1 and drafts(engine) == []


def test_thanks_for_being_told_that_a_colleague_answers_leave_the_draft(tmp_path: Path, engine: Engine) -> None:
    case_id = asked(tmp_path, engine)["case_id"]
    hear(engine, case_id, "Thank you!", None)
    assert [one.case_id for one in drafts(engine)] == [case_id]


def test_a_draft_is_dropped_where_an_operator_answers_by_hand_or_gives_the_case_back(tmp_path: Path, engine: Engine) -> None:
    by_hand, given = asked(tmp_path, engine)["case_id"], asked(tmp_path, engine)["case_id"]
    speak(engine, by_hand, "eli", "I will call you.")
    hand_back(engine, given, "eli", "Go on.", None)
    for case_id, why in ((by_hand, "eli has dropped it"), (given, "the case went on")):
        with pytest.raises(OperatorError, match=why):
            draft_of(engine, case_id)


def test_all_drafts_of_a_case_are_dropped_when_the_customer_has_written_meanwhile(tmp_path: Path, engine: Engine) -> None:
    case_id = asked(tmp_path, engine)["case_id"]
    with Session(engine) as session, session.begin():
        values = {"department": "lake", "priority": "low", "subject": "Pike", "summary": "Pike", "draft": "None bite."}
        opened(session, "another", case_id, values)
    first, second = drafts(engine)
    drop_draft(engine, case_id, "dana", first.hash)
    assert [one.text for one in drafts(engine)] == [second.text]
    with Session(engine) as session, session.begin():
        session.query(Ticket).filter_by(id=int(first.ticket[1:])).one().draft = TOLD
    hear(engine, case_id, "And tomorrow?", None)
    assert drafts(engine) == []


def test_a_draft_of_a_case_that_an_operator_has_is_nobody_elses(tmp_path: Path, engine: Engine) -> None:
    case_id = asked(tmp_path, engine)["case_id"]
    take(engine, case_id, "eli")
    seen = draft_of(engine, case_id)
    for act in (send_draft, drop_draft):
        with pytest.raises(OperatorError, match="eli has this case"):
            act(engine, case_id, "dana", seen.hash)
    send_draft(engine, case_id, "eli", seen.hash)
    assert len(told(engine, case_id)) == 2


def test_what_is_sent_is_bound_to_the_text_that_was_seen(tmp_path: Path, engine: Engine) -> None:
    case_id = asked(tmp_path, engine)["case_id"]
    seen = draft_of(engine, case_id)
    with Session(engine) as session, session.begin():
        session.query(Ticket).filter_by(case_id=case_id).one().draft = "It is free."
    for act in (send_draft, drop_draft):
        with pytest.raises(OperatorError, match="another one by now"):
            act(engine, case_id, "dana", seen.hash)
    assert len(told(engine, case_id)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_of_operators_who_send_at_once_one_wins_and_the_others_are_told(tmp_path: Path, kind: str) -> None:
    with running_server() as fresh:
        engine = prepared(sqlite_url(tmp_path / "rows.db") if kind == "sqlite" else with_driver(fresh()))
        case_id = asked(tmp_path, engine)["case_id"]
        seen = draft_of(engine, case_id)

        def sends(name: str) -> str:
            try:
                send_draft(engine, case_id, name, seen.hash)
            except OperatorError as error:
                return str(error)
            return name

        names = [f"op{n}" for n in range(6)]
        with ThreadPoolExecutor(6) as pool:
            came = list(pool.map(sends, names))
        [winner] = [one for one in came if one in names]
        assert all(f"{winner} has sent an answer already" in one for one in came if one != winner)
        assert len(told(engine, case_id)) == 2
        engine.dispose()


@pytest.mark.slow
def test_a_question_goes_out_and_so_does_what_tells_of_a_hand_over(tmp_path: Path, engine: Engine) -> None:
    found = asked(tmp_path, engine, "Mauve triangles beyond Tuesday?")
    assert found["end"] == "awaiting_customer" and drafts(engine) == []
    person = asked(tmp_path, engine, "I want to speak to a person, please.")
    assert (person["end"], person["outcome"]["because"], drafts(engine)) == ("escalated", "asked_for_person", [])


def open_house(tools: tuple[Tool, ...], without_model: Twin | None = None) -> TeamSpec:
    desk = AgentSpec("desk", "Boats.", "You look after boats.", without_model, tools, drafts="all")
    closer = AgentSpec("closer", "Notes.", "You write the note.", lambda view: Note("Done."))
    return TeamSpec("desk", "", {"desk": desk, "closer": closer}, hub("desk", {}, "closer"), (Rule("approve", effect="send"),))


@pytest.mark.parametrize("tools", [(suggest_answer,), (suggest_answer, call_the_office)])
def test_an_answer_that_waits_is_not_told_as_well_whatever_its_agent_holds_beside(
    tmp_path: Path, engine: Engine, tools: tuple[Tool, ...]
) -> None:
    result = run_team(open_house(tools, lambda view: Say(TOLD)), ASKS, engine=engine, human=Nobody())
    assert result.end == "escalated" and TOLD not in result.document["reply"]
    with Session(engine) as session:
        assert [one.draft for one in session.query(Ticket) if one.draft] == [TOLD]


@pytest.mark.parametrize("length", [8_001, 90_000, 150_000])
def test_an_answer_of_any_length_waits_and_is_sent_whole(tmp_path: Path, engine: Engine, length: int) -> None:
    answer = "The boats lie at the north pier. " * (length // 33 + 1)
    team = open_house((call_the_office, suggest_answer), lambda view: Say(answer))
    with Worker(Environment(engine, {"desk": team})) as worker:
        ref = worker.open_case("desk", ASKS)
        assert ref and worker.work(ref)["end"] == "escalated"
    waits = draft_of(engine, ref.case_id)
    assert waits.text == answer if length < 100_000 else waits.text.endswith(" …") and answer.startswith(waits.text[:-2])
    send_draft(engine, ref.case_id, "dana", waits.hash)
    assert told(engine, ref.case_id)[-1] == ("operator", waits.text)


def test_an_agent_with_drafts_holds_what_leaves_them_and_no_rule_stands_before_it() -> None:
    with pytest.raises(DeclarationError, match="Agent desk: its `drafts` are left to a person by the tool suggest_answer"):
        open_house((call_the_office,))
    desk = AgentSpec("desk", "Boats.", "You look after boats.", None, (suggest_answer,), drafts="model")
    for first in (Rule("confirm", effect="send"), Rule("ask", tool="suggest_answer"), Rule("reject", effect="send")):
        with pytest.raises(DeclarationError, match="desk has `drafts`, and an answer is left to a person first"):
            TeamSpec("desk", "", {"desk": desk}, hub("desk", {}), (first, Rule("approve")))


def test_no_note_for_colleagues_becomes_a_draft(tmp_path: Path, engine: Engine) -> None:
    result = run_team(open_house((suggest_answer,)), "Mauve triangles?", engine=engine, human=Nobody())
    assert result.end == "awaiting_customer"
    again = run_team(open_house((suggest_answer,)), "I want to speak to a person, please.", engine=engine, human=Nobody())
    assert again.end == "escalated"
    with Session(engine) as session:
        assert all("They wrote" not in (one.draft or "") for one in session.query(Ticket))


def test_a_draft_that_is_sent_settles_no_other_work_on_its_case(tmp_path: Path, engine: Engine) -> None:
    @tool(effect="send", public=True)
    def book_the_yard(ctx: Context) -> str:
        """Have the yard mend a boat."""
        values = {"department": "yard", "priority": "low", "subject": "Mend it", "summary": "Mend it"}
        return opened(ctx.session, ctx.key, ctx.case_id, values).number

    def books(view: View) -> Move:
        return Say("The yard mends it.") if view.last("book_the_yard") else Calls((Call("book_the_yard", {}),))

    team = open_house((call_the_office, book_the_yard, suggest_answer), books)
    with Worker(Environment(engine, {"desk": team})) as worker:
        ref = worker.open_case("desk", "My boat leaks.")
        assert ref
        worker.work(ref)
    send_draft(engine, ref.case_id, "dana", draft_of(engine, ref.case_id).hash)
    with Session(engine) as session:
        tickets = {one.department: one.status for one in session.query(Ticket).filter_by(case_id=ref.case_id)}
    assert tickets == {"yard": "open", "desk": "closed"}
    assert load(engine, ref.case_id)["outcome"]["outcome"] == "handed_off"


def test_what_tells_of_a_hand_over_goes_out_by_whichever_call_that_was(tmp_path: Path, engine: Engine) -> None:
    @tool(effect="send", public=True, ends="escalated")
    def ring_the_bell(why: str) -> str:
        """Call whoever is near."""
        return "Somebody comes."

    def rings(view: View) -> Move:
        return Say("Somebody comes.") if view.last("ring_the_bell") else Calls((Call("ring_the_bell", {"why": "They ask."}),))

    team = open_house((call_the_office, ring_the_bell, suggest_answer), rings)
    result = run_team(team, ASKS, engine=engine, human=Nobody())
    assert (result.end, result.document["reply"]) == ("escalated", "Somebody comes.")


OTHER = "Which mauve triangle sings on Tuesdays?"


@pytest.mark.parametrize(
    ("mode", "said_by_model", "waits"),
    [
        ("true", "", True),
        ('"model"', "", False),
        ('"model"', f"{TOLD} Which triangle do you mean?", True),
        ('"model"', "As a rowing boat costs 14.00 USD for an hour, which triangle do you mean?", True),
    ],
)
def test_a_question_that_tells_an_answer_too_waits(
    tmp_path: Path, engine: Engine, mode: str, said_by_model: str, waits: bool
) -> None:
    with ScriptedModel(lambda request: said_by_model) as model:
        entry = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        gateway = Gateway(read_endpoints(json.dumps(entry)), retries=0) if said_by_model else None
        found = asked(tmp_path, engine, f"{ASKS} {OTHER}", mode, gateway)
    assert ("14.00" not in found["reply"], bool(drafts(engine))) == (waits, waits)


@pytest.mark.parametrize(("mode", "waits"), [('"model"', True), ("true", True), ("false", False)])
def test_answers_of_a_model_wait_alone_where_that_is_said(tmp_path: Path, engine: Engine, mode: str, waits: bool) -> None:
    with ScriptedModel(lambda request: TOLD) as model:
        entry = [{"model": "scripted", "base_url": model.url, "api_key": "scripted"}]
        found = asked(tmp_path, engine, drafts=mode, gateway=Gateway(read_endpoints(json.dumps(entry)), retries=0))
    assert bool(drafts(engine)) is waits and ("14.00" in found["reply"]) is not waits
    by_rules = asked(tmp_path, engine, drafts='"model"')
    assert "14.00" in by_rules["reply"], "rules answer what they are sure of"


STEPS = ["a search", "the draft", "its end"]


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(boundaries(STEPS), ("inside 2", "after 2")))
def test_a_run_that_is_killed_leaves_one_draft(point: str, nursery: Nursery, tmp_path: Path) -> None:
    url, folder = sqlite_url(tmp_path / "rows.db"), str(project(tmp_path))
    prepared(url).dispose()
    nursery.start("case", url, words=ASKS, email="", project=folder, dies=point).was_killed()
    resumed = nursery.start("resume", url, project=folder)
    resumed.ended()
    assert [(one["differences"], one["same"]) for one in resumed.lines()] == [([], True)]
    engine = prepared(url)
    [waits] = drafts(engine)
    assert waits.text.startswith(TOLD) and waits.text.count(TOLD) == 1
    assert [speaker for speaker, _ in told(engine, waits.case_id)] == ["boats"]
    engine.dispose()


@pytest.mark.slow
def test_an_operator_who_is_killed_while_sending_has_sent_nothing_and_it_is_sent_once(nursery: Nursery, tmp_path: Path) -> None:
    url, folder = sqlite_url(tmp_path / "rows.db"), str(project(tmp_path))
    prepared(url).dispose()
    nursery.start("case", url, words=ASKS, email="", project=folder).ended()
    nursery.start("send", url, by="dana", dies="inside").was_killed()
    engine = prepared(url)
    [waits] = drafts(engine)
    assert len(told(engine, waits.case_id)) == 1
    both = [nursery.start("send", url, by=name) for name in ("eli", "fay")]
    for process in both:
        process.ended()
    assert sum("sent" in line for process in both for line in process.lines()) == 1
    assert len(told(engine, waits.case_id)) == 2
    engine.dispose()


@pytest.mark.slow
def test_the_commands_list_send_and_drop(tmp_path: Path) -> None:
    own = ("--project", str(project(tmp_path)))
    cases = [document(tmp_path, *own, "ask", ASKS)["case_id"] for _ in range(3)]
    listed = document(tmp_path, *own, "drafts")
    assert [one["case_id"] for one in listed] == cases
    unsure = switchboard(tmp_path, *own, "send", cases[0], given="n\n")
    assert unsure.returncode == 3 and TOLD in said(unsure) and "waits on" in said(unsure)
    assert switchboard(tmp_path, *own, "send", cases[0], "--as", "dana", given="y\n").returncode == 0
    again = switchboard(tmp_path, *own, "send", cases[0], "--as", "eli", given="y\n")
    assert again.returncode == 2 and "dana has sent an answer already" in said(again)
    empty = switchboard(tmp_path, *own, "send", cases[1], "--for", listed[1]["hash"], "--with", " ")
    assert empty.returncode == 2 and "--with is empty" in said(empty)
    sent = document(tmp_path, *own, "send", cases[1], "--for", listed[1]["hash"], "--with", "Fourteen.")
    assert sent["reply"].endswith("Fourteen.")
    assert switchboard(tmp_path, *own, "drop", cases[2], "--why", "Wrong.").returncode == 0
    assert document(tmp_path, *own, "drafts") == []
    assert "No answer waits" in said(switchboard(tmp_path, *own, "drafts"))


@pytest.mark.slow
def test_ctrl_c_where_a_draft_is_to_be_sent_gives_the_whole_command_back(tmp_path: Path) -> None:
    own = ("--project", str(project(tmp_path)))
    case_id = document(tmp_path, *own, "ask", ASKS)["case_id"]
    typed = ["send", case_id, "--with", "It's $14.\nPer hour.", "--as", "dana"]
    screen = Terminal(tmp_path, *own, *typed)
    screen.wait_for("Send yours in its place as dana? [y/N] ")
    screen.interrupt()
    assert screen.end() == 1
    assert plain(screen.seen).endswith(shlex.join(["switchboard", *typed]) + "\nStopped.\n")
    assert len(document(tmp_path, *own, "drafts")) == 1


@pytest.mark.slow
def test_lists_mark_the_tickets_with_a_draft_and_a_ticket_shows_it_with_its_commands(tmp_path: Path) -> None:
    own = ("--project", str(project(tmp_path)))
    case_id = document(tmp_path, *own, "ask", ASKS)["case_id"]
    person = document(tmp_path, *own, "ask", "I want to speak to a person, please.")["case_id"]
    written = document(tmp_path, *own, "ask", ASKS)["case_id"]
    document(tmp_path, *own, "ask", "For two hours, I mean.", "--case", written)
    [void] = [one["number"] for one in document(tmp_path, *own, "tickets", "list") if one["case_id"] == written]
    assert "draft dropped: the customer has written since" in " ".join(switchboard(tmp_path, *own, "show", void).stdout.split())
    for command in (("inbox",), ("tickets", "list")):
        marked = {one["case_id"]: one["drafted"] for one in document(tmp_path, *own, *command)}
        assert (marked[case_id], marked[person]) == (True, False)
        shown = switchboard(tmp_path, *own, *command).stdout
        assert shown.count("waits") == 1
        assert "switchboard drafts" in said(switchboard(tmp_path, *own, *command))
    [one] = document(tmp_path, *own, "drafts")
    shown = switchboard(tmp_path, *own, "show", one["ticket"])
    assert TOLD in shown.stdout and f"switchboard drop {case_id} --for {one['hash']}" in shown.stdout
    assert switchboard(tmp_path, *own, "send", case_id, "--for", one["hash"]).returncode == 0
    after = switchboard(tmp_path, *own, "show", one["ticket"]).stdout
    assert (
        "draft sent by " in after
        and "switchboard send" not in after
        and not any(o["drafted"] for o in document(tmp_path, *own, "inbox"))
    )
