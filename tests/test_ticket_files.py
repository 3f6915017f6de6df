"""A file of tickets is worked through: what is wrong is named by its line, and what says the same is linked."""

import csv
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support.commands import switchboard
from support.faulty_model import NOT_AGAIN, FaultyModel
from support.notified import notifying_project, on_call
from support.otlp_receiver import Receiver
from support.postgres import Fresh, with_driver
from support.working import worker

from switchboard.errors import OperatorError
from switchboard.models.scripted import ScriptedModel
from switchboard.service.tickets.files import read_tickets
from switchboard.tickets.likeness import Known, Texts

KOFI, ERIK = "kofi.asante@example.com", "erik.halvorsen@example.com"
RETURNS = "How long do I have to return something?"
ADDRESS = "Can you change the address of my order #W1000014 to my new flat?"
Row = dict[str, Any]


def ticket(name: str, text: str, email: str = "", **more: object) -> Row:
    return {"id": name, "text": text, **({"email": email} if email else {}), **more}


def written(folder: Path, rows: Sequence[Row | str], name: str = "queue.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def results(path: Path) -> dict[str, Row]:
    return {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}


@pytest.mark.slow
def test_a_queue_is_answered_drafted_and_escalated_and_the_same_file_does_nothing_twice(tmp_path: Path) -> None:
    rows = [
        ticket("t-1", RETURNS, KOFI),
        ticket("t-2", ADDRESS, ERIK),
        ticket("t-3", "Since noon my radio gives off sparks and it smells of burning!", subject="Radio"),
        ticket("t-4", f"Hi there! {ADDRESS}", ERIK),
        '{"text": "no id"}',
    ]
    file, out = written(tmp_path, rows), tmp_path / "done.jsonl"
    first = switchboard(tmp_path, "tickets", str(file), "--out", str(out))
    assert first.returncode == 1 and 'Line 5 was not taken: its "id" is missing' in " ".join(first.stderr.split())
    found = results(out)
    decisions = {name: (row["decision"], row["urgency"], row["end"]) for name, row in found.items() if "decision" in row}
    assert decisions == {
        "t-1": ("auto_resolve", "medium", "resolved"),
        "t-2": ("draft", "medium", "escalated"),
        "t-3": ("human", "critical", "escalated"),
        "t-4": ("draft", "medium", "escalated"),
    }
    assert found["t-1"]["citations"] == ["returns.md#returns"] and "30 days" in found["t-1"]["answer"]
    assert found["t-2"]["draft"] and "30 days" not in found["t-2"]["answer"]
    assert found["t-4"]["duplicate_of"] == found["t-2"]["case_id"] and not found["t-2"]["duplicate_of"]
    assert "no plain text" in found["line 5"]["error"]
    before = out.read_text("utf-8")
    again = switchboard(tmp_path, "tickets", str(file), "--out", str(out))
    assert "Put 0 cases on the queue. 4 of the tickets had theirs already." in " ".join(again.stderr.split())
    assert results(out) == {row["id"]: row for row in map(json.loads, before.splitlines())}
    other = written(tmp_path, [ticket("t-1", "The tent leaks at its seams", KOFI)], "other.jsonl")
    refused = switchboard(tmp_path, "tickets", str(other), "--out", str(tmp_path / "other.csv"))
    assert (refused.returncode, "Ticket t-1 was not taken" in refused.stderr) == (1, True)
    assert "says something else" in (tmp_path / "other.csv").read_text("utf-8")
    waiting = json.loads(switchboard(tmp_path, "tickets", "list", "--json").stdout)
    assert sum(one["case_id"] in {row.get("case_id") for row in found.values()} for one in waiting) == 3


@pytest.mark.slow
def test_csv_is_read_and_written_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    file, out = tmp_path / "queue.csv", tmp_path / "done.csv"
    file.write_text("﻿id;email;subject;text;priority\n=1+1;;Goods;" + RETURNS + ";2\nx;nobody;;Hello;\n", "utf-8")
    done = switchboard(tmp_path, "tickets", str(file), "--out", str(out), "--json")
    assert done.returncode == 1 and json.loads(done.stdout.splitlines()[0])["id"] == "=1+1"
    rows = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert [row["id"] for row in rows] == ["'=1+1", "line 3"] and "no e-mail address" in rows[1]["error"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is no ticket"),
        (b"[1]\n", "Line 1: it is not an object"),
        (b'{"id": "a", "text": 3}', 'its "text" is missing'),
    ],
)
def test_a_file_without_a_ticket_is_refused_with_its_first_fault(content: bytes, said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        read_tickets(content, "queue.jsonl")


def test_no_ticket_is_lost_for_another_with_its_id() -> None:
    rows = [
        ticket("a", "My bell is too quiet"),
        ticket("b", "Hello"),
        ticket("a", "The oven smells of gas"),
        ticket("b", "Hello"),
    ]
    taken, wrong = read_tickets("\n".join(map(json.dumps, rows)).encode(), "queue.jsonl")
    assert [one.id for one in taken] == ["a", "b"]
    assert [(one.line, one.why) for one in wrong] == [(3, "line 1 has its \"id\", 'a', and says something else")]


def test_a_priority_is_a_number_or_a_word_of_other_programs() -> None:
    wishes = ["High", " urgent", "low", "3", "²", "9" * 5000, "soon"]
    lines = [json.dumps(ticket(str(n), "Hello", priority=wish)) for n, wish in enumerate(wishes)]
    taken, wrong = read_tickets("\n".join(lines).encode(), "queue.jsonl")
    assert ([one.priority for one in taken], [one.line for one in wrong]) == ([2, 1, 9, 3], [5, 6, 7])


@pytest.mark.parametrize("name", ["queue.jsonl", "queue.csv"])
def test_a_file_may_begin_with_a_byte_order_mark(name: str) -> None:
    text = json.dumps(ticket("a", "Hello")) if name == "queue.jsonl" else "id,text\na,Hello\n"
    assert [one.id for one in read_tickets(text.encode("utf-8-sig"), name)[0]] == ["a"]


def test_a_quotation_mark_that_is_left_open_makes_no_ticket_of_many() -> None:
    with pytest.raises(OperatorError, match=r"queue\.csv, line 4: .*end of data"):
        read_tickets(b'id,text\na,Hello\nb,"Where is it?\nc,Another customer\n', "queue.csv")


def test_a_cell_that_is_too_long_costs_its_own_line_alone() -> None:
    taken, wrong = read_tickets(f"id,text\na,{'x' * 300_000}\nb,Hello\n".encode(), "queue.csv")
    assert ([one.id for one in taken], [one.line for one in wrong]) == (["b"], [2])


@pytest.mark.slow
def test_a_table_without_its_columns_and_results_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no column 'text'"):
        read_tickets(b"id,body\n1,hello\n", "queue.csv")
    file = written(tmp_path, [ticket("t-1", RETURNS)])
    assert "end in .jsonl or .csv" not in switchboard(tmp_path, "tickets", str(file), "--out", "x.jsonl").stderr
    refused = switchboard(tmp_path, "tickets", str(file), "--out", "x.xlsx")
    assert refused.returncode == 2 and ".jsonl or .csv" in " ".join(refused.stderr.split())


OF_ADA = [
    ("Where is the parcel of order 4711, please?", True),
    ("where is teh parcel of order 4711 please", True),
    ("Where is the parcel of order 4712, please?", False),
    ("Where is the invoice of order 4711?", False),
    ("Please tell me where my money is for order 4711.", False),
]


@pytest.mark.parametrize(("text", "same"), OF_ADA)
def test_the_same_is_what_one_writer_says_in_nearly_the_same_words_and_the_same_numbers(text: str, same: bool) -> None:
    texts = Texts([Known("first", "ada", "Hello, where is the parcel of order 4711?"), Known("other", "ben", text)])
    assert texts.the_same(Known("new", "ada", text)) == ("first" if same else "")


def test_among_many_texts_the_like_one_is_found_quickly() -> None:
    chance = random.Random(7)
    words = [f"word{n}" for n in range(3000)]
    texts = Texts(Known(str(n), "ada", " ".join(chance.choices(words, k=30)) + " the and of") for n in range(10_000))
    wanted = " ".join(chance.choices(words, k=30)) + " the and of"
    texts.add(Known("it", "ada", wanted))
    began = time.monotonic()
    found = [texts.the_same(Known("new", "ada", wanted.replace("word", "Word"))) for _ in range(20)]
    assert found == ["it"] * 20 and (time.monotonic() - began) / 20 < 0.1


@pytest.mark.slow
def test_mails_and_a_project_without_the_team_are_worked_through_too(tmp_path: Path) -> None:
    acme = notifying_project(tmp_path)
    box = b"".join(
        b"From ada@example.com Mon Nov 23 10:00:00 2026\nFrom: ada@example.com\nMessage-ID: <%d@x>\nSubject: Help\n\n"
        b"I want to speak to a person, number %d.\n\n" % (n, n)
        for n in (1, 2)
    )
    (acme / "queue.mbox").write_bytes(box)
    with on_call() as place:
        done = switchboard(acme, "tickets", "queue.mbox", "--json", new=True, ON_CALL_URL=place.url)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert {(row["end"], row["decision"]) for row in rows} == {("escalated", "")}
        assert {row["ticket"] for row in rows} == {"T000001", "T000002"} and len(place.heard) == 2 == len(set(place.keys))


def test_what_is_worked_through_is_traced_and_results_go_into_a_pipe_too(tmp_path: Path) -> None:
    file, pipe, heard = written(tmp_path, [ticket("t-1", RETURNS)]), tmp_path / "results.jsonl", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.extend(pipe.read_text("utf-8").splitlines()), daemon=True)
    reader.start()
    with Receiver() as receiver:
        done = switchboard(tmp_path, "tickets", str(file), "--out", str(pipe), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
        reader.join(10)
        assert done.returncode == 0, done.stderr
        (row,) = map(json.loads, heard)
        assert {span.attributes["switchboard.case.id"] for span in receiver.spans} == {row["case_id"]}


@pytest.mark.slow
def test_what_a_ticket_cost_is_not_known_where_no_price_is(tmp_path: Path) -> None:
    file = written(tmp_path, [ticket("t-1", RETURNS)])
    with ScriptedModel([json.dumps(CLASSIFIED)], repeat=True) as model:
        given = {"OAI_CONFIG_LIST": str(model.config(tmp_path))}
        (row,) = map(json.loads, switchboard(tmp_path, "tickets", str(file), "--json", **given).stdout.splitlines())
    assert (row["model_calls"] > 0, row["cost_usd"]) == (True, None)


@pytest.mark.slow
def test_workers_on_postgres_work_through_a_queue_alike(tmp_path: Path, fresh: Fresh) -> None:
    rows = [ticket(f"t-{n}", RETURNS if n % 2 else f"{ADDRESS} It is flat {n}.", KOFI if n % 2 else ERIK) for n in range(40)]
    file, out = written(tmp_path, rows), tmp_path / "done.jsonl"
    given = {"SWITCHBOARD_DATABASE_URL": with_driver(fresh.shop())}
    with worker(tmp_path, "--concurrency", "4", **given), worker(tmp_path, "--concurrency", "4", **given):
        done = switchboard(tmp_path, "tickets", str(file), "--out", str(out), **given)
    assert done.returncode == 0, done.stderr
    found = results(out)
    assert Counter(row["decision"] for row in found.values()) == {"auto_resolve": 20, "draft": 20}
    assert sum(bool(row["duplicate_of"]) for row in found.values()) == 19, (
        "all but the first that says it, and each flat is its own"
    )
    assert len({row["ticket"] for row in found.values()}) == 40


CLASSIFIED = {"category": "general", "urgency": "medium", "sentiment": "neutral", "reasoning": "It asks."}


def configured(folder: Path, url: str) -> str:
    """An OAI_CONFIG_LIST for a server at that address."""
    path = folder / "OAI_CONFIG_LIST"
    path.write_text(json.dumps([{"model": "m", "base_url": url, "api_key": "k", "tags": ["fast", "strong"]}]), "utf-8")
    return str(path)


@pytest.mark.slow
def test_tickets_go_on_by_rules_while_no_endpoint_answers_and_by_models_when_one_does(tmp_path: Path) -> None:
    file, later = written(tmp_path, [ticket("t-1", RETURNS)]), tmp_path / "later.jsonl"
    later.write_text(json.dumps(ticket("t-2", ADDRESS)) + "\n", "utf-8")
    with FaultyModel(lambda _: json.dumps(CLASSIFIED), 0.0, seed=1) as model:
        given: dict[str, Any] = {"OAI_CONFIG_LIST": configured(tmp_path, model.url), "SWITCHBOARD_MODEL_RETRIES": "0"}
        model.down = True
        away = switchboard(tmp_path, "tickets", str(file), "--out", str(tmp_path / "one.jsonl"), **given)
        model.down = False
        switchboard(tmp_path, "tickets", str(later), "--out", str(tmp_path / "two.jsonl"), **given)
    first, second = results(tmp_path / "one.jsonl")["t-1"], results(tmp_path / "two.jsonl")["t-2"]
    assert (first["end"], first["model_calls"]) == ("resolved", 0) and "m at" in away.stderr, "who is at the terminal is told"
    assert second["model_calls"] > 0 and second["end"] in ("resolved", "escalated")


@pytest.mark.slow
def test_five_hundred_tickets_end_by_name_with_a_model_that_fails_a_third_of_the_time(tmp_path: Path) -> None:
    texts = [f"{RETURNS} It is number {n}." if n % 3 else f"{ADDRESS} Flat {n}." for n in range(500)]
    rows = [ticket(f"t-{n}", text, f"c{n}@example.com") for n, text in enumerate(texts)]
    file, out = written(tmp_path, rows), tmp_path / "done.jsonl"
    with FaultyModel(lambda _: json.dumps(CLASSIFIED), 0.3, seed=3, hang=8.0) as model:
        given: dict[str, Any] = {"OAI_CONFIG_LIST": configured(tmp_path, model.url), "SWITCHBOARD_MODEL_TIMEOUT_SECONDS": "3"}
        switchboard(tmp_path, "tickets", str(file), "--out", str(out), "--concurrency", "20", **given)
    found = results(out)
    assert len(found) == 500 and {row["end"] for row in found.values()} <= {"resolved", "escalated"}
    assert max(row["seconds"] for row in found.values()) < 60
    assert [met for met in model.met.values() if any(fault in NOT_AGAIN for fault in met[:-1])] == [], "nothing in vain"
