"""Internal notes: operators have them at the terminal and on the pages, and nobody else ever has a word of them."""

import ast
import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.orm import Session
from support.commands import GRACE, WHERE, document, said, switchboard
from support.own_shop import data_folder
from support.served import Served, served

from groupchats.desk import team
from switchboard.cases import cases
from switchboard.cases.channels.rows import keep_thread
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.errors import OperatorError
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel
from switchboard.notifications.table import NotificationsTable
from switchboard.service.channels.channel import Answer
from switchboard.service.channels.traffic import send_out
from switchboard.service.operators.notes import MOST_NOTE, add_note, notes_of

ROOT = Path(__file__).parent.parent
SAYINGS = (
    "Where is my order #W1000009?",
    "I want to speak to a person.",
    "Thanks!",
    "Refund #W1000009, it was billed two times.",
)


class Shelf:
    """A channel that keeps what is sent by it."""

    name, most_answers, takes_notes, arrived = "shelf", 1000, False, None

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, answer: Answer) -> None:
        self.sent.append(answer.text)

    def known_as(self, key: str, address: str) -> str:
        return ""


def rows_beside_notes(engine: Engine) -> str:
    """All that the database holds but the notes themselves."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        tables = [one for one in found.tables.values() if one.name != "operator_notes"]
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


class Journey:
    """A case that people and models work on in some order, with a note between any two steps."""

    def __init__(self, place: Environment, worker: Worker, channel: Shelf, seed: int) -> None:
        self.place, self.worker, self.channel, self.chance = place, worker, channel, random.Random(seed)
        ref = worker.open_case("desk", SAYINGS[seed % len(SAYINGS)], known={"email": "grace.mbeki@example.com"})
        self.case_id, self.notes = ref.case_id, 0
        with Session(place.engine) as session, session.begin():
            keep_thread(session, self.case_id, channel.name, "grace.mbeki@example.com", {})
        self.note()
        worker.work(ref)

    def note(self) -> None:
        self.notes += 1
        add_note(self.place, self.case_id, "dana", f"INSIDE{self.notes} they seem tired, be kind INSIDE")

    def step(self) -> None:
        engine, case_id = self.place.engine, self.case_id
        what = self.chance.choice(("hear", "hear", "take", "speak", "hand_back"))
        with suppress(OperatorError):  # not every deed fits at any time
            match what:
                case "hear":
                    ref, _ = cases.hear(engine, case_id, self.chance.choice(SAYINGS), self.worker.workflows.executor)
                    self.note()
                    if ref:
                        self.worker.work(ref)
                case "take":
                    cases.take(engine, case_id, "dana")
                case "speak":
                    cases.speak(engine, case_id, "dana", "I look after it.")
                case "hand_back":
                    self.worker.work(cases.hand_back(engine, case_id, "dana", "All set.", self.worker.workflows.executor))
        self.note()
        send_out(engine, self.channel, {})


@pytest.mark.slow
def test_no_word_of_a_note_reaches_a_customer_a_model_or_any_other_row(tmp_path: Path) -> None:
    engine, channel, journeys = open_engine(sqlite_url(data_folder(tmp_path) / "switchboard.db")), Shelf(), list[Journey]()
    answers = ["I looked into it for you.", "Which order do you mean?", "It is on its way."]
    with ScriptedModel(answers, repeat=True) as model:
        gateway = Gateway(read_endpoints(json.dumps([{"model": "m", "base_url": model.url, "price": [0.01, 0.01]}])), retries=0)
        table = NotificationsTable(webhooks=["${HOOK}"], secret="${HOOK_SECRET}")
        with Worker(Environment(engine, {"desk": team}, gateway, notifications=table)) as worker:
            for seed in range(4):
                journeys.append(journey := Journey(worker.environment, worker, channel, seed))
                for _ in range(6):
                    journey.step()
            seen = [json.dumps(worker.document(one.case_id), default=str) for one in journeys]
        asked = [json.dumps(one, default=str) for one in model.requests]
    assert asked and channel.sent
    for text in (*asked, *channel.sent, *seen, rows_beside_notes(engine)):
        assert "INSIDE" not in text
    for journey in journeys:
        kept = [note.text for note in notes_of(journey.place, journey.case_id)]
        assert kept == [f"INSIDE{n} they seem tired, be kind INSIDE" for n in range(1, journey.notes + 1)]
    engine.dispose()


def test_one_file_reads_the_notes() -> None:
    """What other modules do not import they can give to nobody: one writes them, two look whether there is a new one."""
    found = set()
    for path in (ROOT / "switchboard").rglob("*.py"):
        named = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
        found |= {path.relative_to(ROOT / "switchboard").as_posix()} if "NoteRow" in named else set()
    writes, looks = "cases/people/inside.py", {"service/operators/seen.py", "service/watching/changes.py"}
    assert found == {writes, "service/operators/notes.py", *looks}
    reading = [path for path in (ROOT / "switchboard").rglob("*.py") if "operators.notes" in path.read_text("utf-8")]
    assert {path.relative_to(ROOT / "switchboard").parts[:2] for path in reading} == {
        ("console", "web"),
        ("console", "terminal"),
    }


def test_a_note_is_kept_and_shown_at_the_terminal(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", WHERE, *GRACE)["case_id"]
    assert "Operators see it there" in said(
        switchboard(tmp_path, "note", case_id, "Rang twice; prefers mornings.", "--as", "dana")
    )
    switchboard(tmp_path, "note", case_id, "-", "--as", "erik", given="From a pipe.")
    told = switchboard(tmp_path, "show", case_id).stdout
    assert "dana noted" in told and "Rang twice; prefers mornings." in told and "From a pipe." in told
    shown = document(tmp_path, "show", case_id)
    assert [(one["by"], one["text"]) for one in shown["notes"]] == [
        ("dana", "Rang twice; prefers mornings."),
        ("erik", "From a pipe."),
    ]
    assert "Rang twice" not in json.dumps(shown["transcript"]) + shown["reply"]
    log = json.loads(switchboard(tmp_path, "audit", "--json").stdout)
    assert [(row["who"], row["what"]) for row in log] == [("erik", "wrote a note"), ("dana", "wrote a note")]
    assert "Rang" not in json.dumps(log)
    assert switchboard(tmp_path, "note", case_id, "  ").returncode == 2
    assert switchboard(tmp_path, "note", "no-such-case", "x").returncode == 2
    assert switchboard(tmp_path, "note", case_id, "x" * (MOST_NOTE + 1)).returncode == 2


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


def test_a_note_stands_in_the_talk_where_it_was_written_and_comes_live(desk: Served) -> None:
    case_id, browser = desk.case("I want to speak to a person."), desk.browser()
    page = browser.page(f"/cases/{case_id}")
    at = f"/cases/{case_id}/note"
    answer = browser.send(page, at, inside="Call <b>her</b> back.")
    assert "The note is kept" in answer.text and "Call &lt;b&gt;her&lt;/b&gt; back." in answer.text
    cases.speak(desk.place.engine, case_id, "dana", "Said after the note.")
    after = browser.page(f"/cases/{case_id}")
    assert (
        0 < after.index("Call &lt;b&gt;her") < after.index("Said after the note.")
        and 'class="line by-inside" id="note1"' in after
    )
    assert browser.send(after, at, inside=" ").status_code == 409
    stream = re.search(r'sse-connect="([^"]+)"', page)
    assert stream
    events: dict[str, Any] = {"timeout": 20}
    with browser.client.stream("GET", stream[1].replace("&amp;", "&"), **events) as live:
        found = next(chunk for chunk in live.iter_text() if "event: note" in chunk)
    assert "Call &lt;b&gt;her" in found and "id: " not in found.split("event: note")[1]
    viewer = desk.browser("viewer:vic")
    assert "Call &lt;b&gt;her" in viewer.page(f"/cases/{case_id}") and "<form" not in viewer.page(f"/cases/{case_id}")
    viewer.client.cookies.set("switchboard_form", "known")
    assert viewer.client.post(at, data={"form_token": "known", "inside": "x"}).status_code == 403
