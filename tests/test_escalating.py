"""An operator escalates a case, once however often it is pressed, and opens one again that is over: nothing is redone."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support.commands import document, parked, switchboard
from support.notified import notifying_project, on_call
from support.served import Served, served
from support.staffed import Place

from switchboard.accounts.audit import audit
from switchboard.cases.approvals import answer
from switchboard.cases.cases import hear, speak
from switchboard.cases.entries import lines_of
from switchboard.cases.people.drafts import drop_draft
from switchboard.cases.people.escalating import escalate
from switchboard.cases.people.inside import MOST_NOTES, MOST_WHY
from switchboard.cases.people.leaving import leave_to_people
from switchboard.cases.people.reopening import reopen
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow, NoteRow
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.human import Approval
from switchboard.errors import OperatorError
from switchboard.loop.recording.words import MOST_WORDS
from switchboard.migrations import migrate_cases
from switchboard.notifications.rows import notifications
from switchboard.notifications.table import NotificationsTable
from switchboard.service.notifications import send_due
from switchboard.service.operators.bulk import answer_these
from switchboard.service.outcomes.flags import flag
from switchboard.service.outcomes.suggestions import put_aside
from switchboard.service.outcomes.thumbs import give_thumb
from switchboard.service.tickets import working
from switchboard.service.tickets.alerts import keep_alerts
from switchboard.tables.project_file import ProjectFile
from switchboard.tickets.rows import MOST_HISTORY, Ticket, note_on
from switchboard.toolsets.built_in.handover import hand_over_to_a_person
from tools.tickets import pass_to_a_person

WHOM = NotificationsTable(urls=["json://a"], urgent=["json://pager"])
FILE = ProjectFile(name="acme", notifications=WHOM)
HOURS = "When are you open?"
PERSON = "I want to speak to a person, please."
WHERE = "Where is my order #W1000009?"


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    on_sqlite = request.param == "sqlite"
    engine = open_engine(sqlite_url(tmp_path / "rows.db") if on_sqlite else request.getfixturevalue("addresses")())
    migrate_cases(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def a_case(engine: Engine, end: str | None, held_by: str | None = None) -> str:
    state = {"known": {}, "customer_id": None}
    with Session(engine) as session, session.begin():
        row = CaseRow(id="case_1", team="desk", opening="Hello", run=1, end=end, held_by=held_by, state=state, inbox=[])
        row.reason, row.seconds, row.used, row.created_at = "", 0.0, {}, session.scalar(select(func.now()))
        session.add(row)
    return "case_1"


def sent(engine: Engine) -> list[tuple[str, str]]:
    heard: list[tuple[str, str]] = []
    send_due(engine, FILE, lambda *given: heard.append((given[1], given[3])) or "")  # type: ignore[func-returns-value]
    return sorted(heard)


@pytest.mark.parametrize(("end", "held_by"), [(None, None), (None, "dana"), ("escalated", "dana"), ("awaiting_customer", None)])
def test_who_is_on_call_hears_of_an_escalation_once_whoever_has_the_case(
    engine: Engine, end: str | None, held_by: str | None
) -> None:
    case_id = a_case(engine, end, held_by)
    first = escalate(engine, case_id, "dana", "high", "A child is hurt.", WHOM)
    again = escalate(engine, case_id, "erik", "high", "Really.", WHOM)
    assert (first.is_new, again.is_new, first.ticket == again.ticket) == (True, False, True)
    heard = sent(engine)
    assert [url for url, _ in heard] == ["json://a", "json://pager"]
    assert "an operator has escalated ticket T000001 as high" in heard[0][1] and "child" not in heard[0][1]
    assert sent(engine) == []
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(audit)) == 2
        assert session.get_one(CaseRow, case_id).held_by == held_by
        assert session.get_one(Ticket, 1).priority == "high"


def test_why_a_second_one_escalates_is_kept_and_the_same_reason_of_the_same_one_once(engine: Engine) -> None:
    case_id = a_case(engine, None)
    said = [("dana", "A child is hurt."), ("erik", "They wrote to the press."), ("erik", "They wrote to the press.")]
    for name, why in said:
        escalate(engine, case_id, name, "critical", why, WHOM)
    with Session(engine) as session:
        notes = [row.text for row in session.scalars(select(NoteRow).order_by(NoteRow.id))]
        history = (session.get_one(Ticket, 1).facts or {})["history"]
    assert [note.rpartition(": ")[2] for note in notes] == ["A child is hurt.", "They wrote to the press."]
    assert [(one["by"], one["words"]) for one in history if one["what"] == "escalated"] == said[:2]
    assert len(sent(engine)) == 2


def test_what_becomes_more_urgent_or_is_opened_again_is_told_anew(engine: Engine) -> None:
    case_id = a_case(engine, "escalated")
    assert escalate(engine, case_id, "dana", "high", "Look.", WHOM).is_new and len(sent(engine)) == 2
    assert escalate(engine, case_id, "dana", "critical", "Now.", WHOM).is_new and len(sent(engine)) == 2
    assert not escalate(engine, case_id, "dana", "high", "Look.", WHOM).is_new
    close(engine)
    assert escalate(engine, case_id, "dana", "high", "Again.", WHOM).is_new and len(sent(engine)) == 2
    with Session(engine) as session:
        assert [session.get_one(Ticket, 1).status, session.get_one(Ticket, 1).reopened] == ["open", 1]


def test_two_who_escalate_at_the_same_time_are_told_of_once(engine: Engine) -> None:
    case_id, found = a_case(engine, None), list[bool]()
    both = threading.Barrier(2)

    def press(name: str) -> None:
        both.wait()
        found.append(escalate(engine, case_id, name, "high", "Look.", WHOM).is_new)

    pressing = [threading.Thread(target=press, args=(name,)) for name in ("dana", "erik")]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join(60)
    assert sorted(found) == [False, True] and len(sent(engine)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("does", ["escalate", "hear", "alarm", "reopen"])
def test_who_closes_a_ticket_at_the_same_time_stays_known_and_the_case_has_an_open_one(engine: Engine, does: str) -> None:
    case_id = a_case(engine, "awaiting_approval" if does == "alarm" else "escalated", "dana" if does == "hear" else None)
    escalate(engine, case_id, "dana", "high", "Look.", None)
    do = {
        "escalate": lambda: escalate(engine, case_id, "erik", "critical", "Now.", WHOM),
        "hear": lambda: hear(engine, case_id, "Is anybody there?", None),
        "alarm": lambda: hear(engine, case_id, "I will kill myself.", None),
        "reopen": lambda: reopen(engine, case_id, "erik", "They rang."),
    }
    doing = threading.Thread(target=do[does])
    with Session(engine) as session, session.begin():
        ticket = session.get_one(Ticket, 1)
        ticket.status = "closed"
        note_on(ticket, "closed", "dana", "Done.", datetime.now(UTC))
        session.flush()
        doing.start()
        time.sleep(0.5)  # it comes to the ticket, or waits for the whole database
    doing.join(60)
    with Session(engine) as session:
        ticket = session.get_one(Ticket, 1)
        done = [line["what"] for line in (ticket.facts or {})["history"]]
        assert ticket.status == "open" and done[:3] == ["escalated", "closed", "reopened"], done


def test_a_case_that_is_over_is_escalated_once_it_is_open_again(engine: Engine) -> None:
    case_id = a_case(engine, "resolved")
    with pytest.raises(OperatorError, match="switchboard reopen case_1"):
        escalate(engine, case_id, "dana", "high", "Look.", WHOM)
    reopen(engine, case_id, "dana", "They rang.")
    assert escalate(engine, case_id, "dana", "high", "Look.", WHOM).is_new


@pytest.mark.parametrize("end", [None, "awaiting_customer", "awaiting_approval", "escalated"])
def test_what_is_not_over_is_not_opened_again(engine: Engine, end: str | None) -> None:
    case_id = a_case(engine, end)
    with pytest.raises(OperatorError, match="not over"):
        reopen(engine, case_id, "dana", "They rang.")
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0


@pytest.mark.parametrize("end", ["resolved", "not_found", "cancelled", "ignored", "failed"])
def test_what_is_over_is_opened_again_once_and_waits_for_a_person_with_deadlines(engine: Engine, end: str) -> None:
    case_id = a_case(engine, end)
    assert reopen(engine, case_id, "dana", "They rang.") == "T000001"
    with pytest.raises(OperatorError, match="T000001"):
        reopen(engine, case_id, "erik", "They rang.")
    with Session(engine) as session:
        row, ticket = session.get_one(CaseRow, case_id), session.get_one(Ticket, 1)
        assert (row.end, row.held_by, ticket.status, ticket.reopened) == ("escalated", None, "open", 1)
        assert session.scalar(select(func.count()).select_from(notifications)) == 0


def close(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.get_one(Ticket, 1).status = "closed"


def test_a_run_that_leaves_its_case_to_a_person_opens_the_ticket_again_that_was_closed_under_way(engine: Engine) -> None:
    case_id = a_case(engine, None)
    escalate(engine, case_id, "dana", "high", "Look.", WHOM)
    close(engine)
    with Session(engine) as session, session.begin():
        row = session.get_one(CaseRow, case_id)
        row.end = "escalated"
        leave_to_people(session, row, WHOM)
    with Session(engine) as session:
        assert [(one.status, one.reopened) for one in session.scalars(select(Ticket))] == [("open", 1)]


def test_who_is_on_call_hears_that_it_is_critical_where_the_customers_words_had_it_so(engine: Engine) -> None:
    case_id = a_case(engine, "awaiting_approval")
    hear(engine, case_id, "I will kill myself.", None)
    assert escalate(engine, case_id, "dana", "high", "Look.", WHOM).urgency == "critical"
    heard = sent(engine)
    assert len(heard) == 2 and all("ticket T000001 as critical" in text for _, text in heard)


def test_what_is_escalated_where_nobody_is_notified_is_told_once_somebody_is(engine: Engine) -> None:
    escalate(engine, a_case(engine, "escalated"), "dana", "high", "Look.", None)
    assert len(sent(engine)) == 2


def test_what_the_customer_wrote_before_a_case_failed_is_heard_before_it_is_opened_again(engine: Engine) -> None:
    case_id = a_case(engine, "failed")
    with Session(engine) as session, session.begin():
        session.get_one(CaseRow, case_id).inbox = ["Are you there?", "I will kill myself."]
    reopen(engine, case_id, "dana", "They rang.")
    with Session(engine) as session:
        said = [(line.speaker, getattr(line, "text", "")) for line in lines_of(session, case_id, 1)]
        assert said[:2] == [("customer", "Are you there?"), ("customer", "I will kill myself.")] and said[2][0] == "operator"
        assert len(said) == 3 and session.get_one(CaseRow, case_id).inbox == []
        assert session.get_one(Ticket, 1).priority == "critical"


def test_where_programs_alone_are_named_they_hear_once_and_no_person_is_said_to(engine: Engine) -> None:
    programs = NotificationsTable(webhooks=["http://127.0.0.1:1/hook"], secret="${HOOK_SECRET}")
    found = escalate(engine, a_case(engine, None), "dana", "high", "Look.", programs)
    assert (found.is_new, found.is_told, found.tells_programs) == (True, False, True)
    keep_alerts(engine, ProjectFile(name="acme", notifications=programs), programs)
    with Session(engine) as session:
        written = session.scalars(select(notifications.c.about)).all()
        assert [about for about in written if "opened" not in about] == ["1 escalation high 0"]


@pytest.mark.slow
def test_the_terminal_says_that_programs_alone_hear_of_an_escalation(tmp_path: Path) -> None:
    project = notifying_project(tmp_path)
    file = project / "switchboard.toml"
    hook = 'webhooks = ["http://127.0.0.1:1/hook"]\nsecret = "${HOOK_SECRET}"'
    file.write_text(file.read_text().replace('urls = ["${ON_CALL_URL}"]', hook))
    case_id = document(project, "--project", str(project), "ask", HOURS)["case_id"]
    told = switchboard(project, "--project", str(project), "escalate", case_id, "--why", "Look.", "--as", "dana")
    assert told.returncode == 0 and "names programs alone" in " ".join(told.stderr.split()), told


@pytest.mark.parametrize("how", ["case", "ticket"])
def test_a_case_and_its_ticket_are_opened_again_to_the_same_effect(engine: Engine, how: str) -> None:
    case_id = a_case(engine, "escalated")
    escalate(engine, case_id, "dana", "high", "Look.", None)
    close(engine)
    with Session(engine) as session, session.begin():
        session.get_one(CaseRow, case_id).end = "resolved"
    desk: Any = SimpleNamespace(engine=engine, project=SimpleNamespace(file=FILE))
    if how == "case":
        reopen(engine, case_id, "dana", "They rang.")
    else:
        working.reopen(desk, "T000001", "dana", "They rang.")
    began, _ = hear(engine, case_id, "Where is it?", None)
    assert began is None, "a person reads it, and no agent"
    with Session(engine) as session:
        row, ticket = session.get_one(CaseRow, case_id), session.get_one(Ticket, 1)
        assert (row.end, row.reason, ticket.status, ticket.reopened) == ("escalated", "dana opened the case again.", "open", 1)


@pytest.mark.parametrize("hand_over", [hand_over_to_a_person, pass_to_a_person], ids=lambda one: one.name)
def test_the_agents_summary_stands_on_a_ticket_that_an_operator_escalated_before(engine: Engine, hand_over: Any) -> None:
    case_id = a_case(engine, None)
    escalate(engine, case_id, "dana", "high", "Look.", WHOM)
    with Session(engine) as session, session.begin():
        assert session.get_one(Ticket, 1).summary == "Hello", "why it was escalated stands in its history"
        ctx: Any = SimpleNamespace(
            session=session, case_id=case_id, key=f"{case_id}:1:call_1", customer_id=None, known={}, agent="a"
        )
        assert hand_over(summary="They want a refund of $20.", ctx=ctx) == "T000001"
    with Session(engine) as session:
        ticket = session.get_one(Ticket, 1)
        assert ticket.summary == "They want a refund of $20." and "Look." in str(ticket.facts)


def test_why_is_never_cut_and_notes_and_history_are_bounded(engine: Engine) -> None:
    case_id = a_case(engine, "escalated")
    place, nothing = Place(Environment(engine, {})), cast(Any, None)
    for do in (
        lambda why: escalate(engine, case_id, "dana", "high", why, WHOM),
        lambda why: reopen(engine, case_id, "dana", why),
        lambda why: answer(engine, case_id, "", Approval("refuse", "dana", why), None),
        lambda why: answer_these(place, "", {case_id: ""}, "dana", yes=False, why=why),
        lambda why: drop_draft(engine, case_id, "dana", "", why),
        lambda why: flag(place, case_id, 1, why, "dana"),
        lambda why: give_thumb(place, case_id, "down", why),
        lambda why: put_aside(engine, nothing, why, "dana"),
        lambda why: working.close(nothing, "T000001", "dana", why),
        lambda why: working.reopen(nothing, "T000001", "dana", why),
    ):
        with pytest.raises(OperatorError, match=f"at most {MOST_WHY:,} characters, and this one has {MOST_WHY + 1:,}"):
            do("a" * (MOST_WHY + 1))
    with pytest.raises(OperatorError, match="Send the part that matters"):
        speak(engine, case_id, "dana", "a" * (MOST_WORDS + 1))
    with Session(engine) as session, session.begin():
        now = datetime.now(UTC)
        session.add_all(NoteRow(case_id=case_id, after=0, text="Look.", by="dana", at=now) for _ in range(MOST_NOTES))
    assert escalate(engine, case_id, "dana", "high", "a" * MOST_WHY, WHOM).is_new, "it is too urgent to be refused for that"
    with Session(engine) as session, session.begin():
        assert session.scalar(select(func.count()).select_from(NoteRow)) == MOST_NOTES
        ticket = session.get_one(Ticket, 1)
        for n in range(MOST_HISTORY + 5):
            note_on(ticket, "closed", "dana", str(n), now)
        history = (ticket.facts or {})["history"]
        assert len(history) == MOST_HISTORY and history[-1]["words"] == str(MOST_HISTORY + 4)


@pytest.mark.slow
def test_at_the_terminal_a_case_is_escalated_and_only_operators_see_why(tmp_path: Path) -> None:
    project = notifying_project(tmp_path)
    with on_call() as place:
        own = ("--project", str(project))
        case_id = document(project, *own, "ask", HOURS, ON_CALL_URL=place.url)["case_id"]
        place.heard.clear()
        for words in ("A child is hurt.", "A child is hurt."):
            done = switchboard(project, *own, "escalate", case_id, "--why", words, "--as", "dana", ON_CALL_URL=place.url)
            assert done.returncode == 0, done.stderr
        assert len([text for text in place.texts if "escalated" in text]) == 1
    shown = document(project, *own, "show", case_id)
    [note] = shown["notes"]
    assert (
        note["by"] == "dana" and note["text"].startswith("Escalated as high, T") and note["text"].endswith(": A child is hurt.")
    )
    assert "child" not in json.dumps(shown["transcript"])


@pytest.mark.slow
def test_a_case_that_paid_is_opened_again_and_pays_nothing_twice_also_after_it_is_handed_back(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    assert switchboard(tmp_path, "approve", case_id, "--for", bound, "--as", "dana").returncode == 0
    before = document(tmp_path, "show", case_id)
    paid = [call for call in before["tool_calls"] if call["tool"] == "refund_order" and call["status"] == "done"]
    assert before["end"] == "resolved" and len(paid) == 1
    assert switchboard(tmp_path, "reopen", case_id, "--why", "They say it was the other one.", "--as", "erik").returncode == 0
    opened = document(tmp_path, "show", case_id)
    assert (opened["end"], opened["outcome"]["outcome"]) == ("escalated", "reopened")
    [ticket] = [one for one in document(tmp_path, "inbox") if one["case_id"] == case_id]
    assert ticket["due"] and ticket["what"] == "answer"
    wrote = document(tmp_path, "ask", "Is anybody there?", "--case", case_id)
    assert wrote["end"] == "escalated" and "other one" not in wrote["reply"], "a person reads it, and no agent"
    switchboard(tmp_path, "hand-back", case_id, "--note", "All is well.", "--as", "erik")
    after = document(tmp_path, "show", case_id)
    assert [call for call in after["tool_calls"] if call["tool"] == "refund_order" and call["status"] == "done"] == paid
    assert switchboard(tmp_path, "replay", case_id).returncode == 0
    assert [row["what"] for row in document(tmp_path, "audit", "--case", case_id)][-2] == "reopened a case"


@pytest.mark.slow
def test_the_page_escalates_and_opens_again_without_javascript(desk: Served) -> None:
    browser = desk.browser()
    case_id = desk.case(PERSON)
    page = browser.page(f"/cases/{case_id}")
    assert 'data-hotkey="u"' in page and f'action="/cases/{case_id}/reopen"' not in page
    told = browser.send(page, f"/cases/{case_id}/escalate", matter="They threaten to sue.", urgency="critical")
    assert told.status_code == 200 and "Escalated" in told.text and "They threaten to sue." in told.text
    assert "escalated already" in browser.send(page, f"/cases/{case_id}/escalate", matter="Yes.", urgency="critical").text
    assert browser.send(page, f"/cases/{case_id}/escalate", matter=" ").status_code == 409
    over = desk.case(WHERE, "grace.mbeki@example.com")
    page = browser.page(f"/cases/{over}")
    assert 'data-hotkey="o"' in page and f'action="/cases/{over}/escalate"' not in page
    told = browser.send(page, f"/cases/{over}/reopen", again="It is the wrong parcel.")
    assert told.status_code == 200 and "It is the wrong parcel." in told.text and "reopened" in told.text
    assert over in browser.page("/")
    assert browser.send(page, f"/cases/{over}/reopen", again="Once more.").status_code == 409
