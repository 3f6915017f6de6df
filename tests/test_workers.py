"""Workers and files of messages: who takes what, in which order, how many at a time, and what becomes of it on a stop."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from support.commands import said, started, switchboard
from support.crowd import Customer, crowd, done, look, malformed, order_of, refund, refunds, results_in
from support.own_shop import seeded
from support.postgres import Fresh, with_driver
from support.working import WorkerProcess, worker

from groupchats.desk import team
from switchboard.cases import documents
from switchboard.cases.intake import Message, keep, outcomes
from switchboard.cases.replay import rebuild
from switchboard.cases.runs import Environment
from switchboard.cases.tables import CaseRow, RunRow, WorkerRow, clock
from switchboard.console.app import Workplace
from switchboard.database import engine_schema, open_engine
from switchboard.declare.moves import Move
from switchboard.declare.transcript import View
from switchboard.engine.worker import Worker, warm_up
from switchboard.engine.workflows import engine_url
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import Reply, ScriptedModel
from switchboard.service.intake import message_of, read_messages

WHERE = "Where is my order #W1000002?"
JONAS = "jonas.okafor@example.com"


class Seen:
    """What a model server saw of the cases of a crowd: each answer takes so many seconds.

    By the key of whoever asks: `most` requests at a time, and when each case `began`; `answered` counts by order. While
    `ends` is not set, no case gets its last answer.
    """

    def __init__(self, customers: Sequence[Customer], seconds: float) -> None:
        self._by_order, self._seconds = {who.order_id: who for who in customers}, seconds
        self._lock = threading.Lock()
        self._now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.began: list[tuple[float, str]] = []
        self.answered: Counter[tuple[str, int]] = Counter()
        self.ends = threading.Event()
        self.ends.set()

    def reply(self, request: dict[str, Any]) -> Reply:
        who, step, key = self._by_order[order_of(request)], results_in(request), request["model"]
        with self._lock:
            for name in (key, "all"):
                self._now[name] += 1
                self.most[name] = max(self.most[name], self._now[name])
            if step == 0:
                self.began.append((time.monotonic(), who.order_id))
        time.sleep(self._seconds)
        if step == 2:
            self.ends.wait(60)
        with self._lock:
            self._now.subtract((key, "all"))
            self.answered[who.order_id, step] += 1
        return (look(who), refund(who), done(who))[step]


@contextmanager
def serving(seen: Seen) -> Iterator[str]:
    with ScriptedModel(seen.reply) as server:
        yield server.url


def models(url: str, name: str) -> str:
    """An OAI_CONFIG_LIST; a worker is known by the model that it asks for."""
    return json.dumps([{"model": name, "base_url": url, "api_key": "scripted", "tags": ["fast", "strong"]}])


def told_to_stop(worker: WorkerProcess) -> str:
    worker.signal(signal.SIGTERM)
    return worker.stopped()


def submitted(folder: Path, customers: Sequence[Customer], **variables: str) -> None:
    """Put a message of each customer on the queue."""
    done = started(folder, "submit", str(file_of(folder, customers)), "--no-wait", **variables)
    said = done.communicate(timeout=60)
    assert done.returncode == 0, said


def file_of(folder: Path, customers: Sequence[Customer]) -> Path:
    path = folder / "messages.jsonl"
    rows = [{"id": who.id, "text": who.words, "email": who.email} for who in customers]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def ends(engine: Engine) -> Counter[str | None]:
    with Session(engine) as session:
        return Counter(session.scalars(select(CaseRow.end)))


def until(engine: Engine, number: int, seconds: float = 60) -> None:
    """Wait until so many cases are resolved."""
    late = time.monotonic() + seconds
    while ends(engine)["resolved"] < number:
        assert time.monotonic() < late, ends(engine)
        time.sleep(0.1)


def most_in_a_second(engine: Engine) -> int:
    """How many runs were taken from the queue within any one second, by the moments that the engine has recorded of it."""
    its_own = open_engine(engine_url(engine.url).render_as_string(hide_password=False))
    table = "workflow_status" if engine.dialect.name == "sqlite" else f"{engine_schema(engine)}.workflow_status"
    with its_own.connect() as connection:
        began = list(connection.scalars(text(f"SELECT started_at_epoch_ms FROM {table}")))
    its_own.dispose()
    return max(sum(0 <= other - moment < 999 for other in began) for moment in began)


def sound(engine: Engine, customers: Sequence[Customer]) -> None:
    """Nothing is lost, nothing doubled."""
    assert ends(engine) == {"resolved": len(customers)}
    assert refunds(engine) == {who.order_id: [who.cents] for who in customers}
    with Session(engine) as session:
        cases = session.scalars(select(CaseRow.id)).all()
        assert [malformed(documents.load(engine, case_id)) for case_id in cases] == [[]] * len(customers)
        assert set(session.scalars(select(RunRow.attempts))) == {0}
        assert session.scalars(select(WorkerRow.id)).all() == []


LINES = {
    "no JSON": ("{", "line 2: it is not JSON"),
    "no object": ("[1]", "line 2: it is not an object like"),
    "no id": ('{"text": "hello"}', 'line 2: its "id" is missing'),
    "an id that is too long": (json.dumps({"id": "x" * 201, "text": "hello"}), 'line 2: its "id" is missing, or no plain text'),
    "no text": ('{"id": "a", "text": " "}', 'line 2: its "text" is missing or empty'),
    "too much text": (json.dumps({"id": "a", "text": "x" * 200_001}), 'line 2: its "text" has more than 200,000 characters'),
    "an e-mail that is none": ('{"id": "a", "text": "b", "email": 5}', 'line 2: its "email" is no e-mail address'),
    "an e-mail that is too long": (
        json.dumps({"id": "a", "text": "b", "email": "x" * 321}),
        'line 2: its "email" has more than 320 characters',
    ),
    "a priority that is none": ('{"id": "a", "text": "b", "priority": 0}', 'line 2: its "priority" is no whole number from 1'),
}


@pytest.mark.parametrize("name", LINES)
def test_a_bad_line_is_named_and_none_of_its_file_is_taken(tmp_path: Path, name: str) -> None:
    line, words = LINES[name]
    file = tmp_path / "messages.jsonl"
    file.write_text(f'{{"id": "m-1", "text": "{WHERE}"}}\n{line}\n', encoding="utf-8")
    asked = switchboard(tmp_path, "submit", str(file), new=True)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert words in said(asked)
    assert "Nothing of" in said(asked)
    assert not list(tmp_path.rglob("*.db"))


def test_files_that_are_not_there_or_empty_are_said(tmp_path: Path) -> None:
    assert "cannot be read" in said(switchboard(tmp_path, "submit", "nope.jsonl"))
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n\n", encoding="utf-8")
    assert "There is no message in" in said(switchboard(tmp_path, "submit", str(empty)))
    one = tmp_path / "one.jsonl"
    one.write_text('{"id": "m-1", "text": "hello"}', encoding="utf-8")
    assert "cannot be written to" in said(switchboard(tmp_path, "submit", str(one), "--out", "no/such/folder"))


def test_the_results_never_take_the_place_of_the_messages_nor_of_results_before_there_are_new_ones(tmp_path: Path) -> None:
    file, out = tmp_path / "messages.jsonl", tmp_path / "results.jsonl"
    for path in (file, out):
        path.write_text('{"id": "m-1", "text": "hello"}\n', encoding="utf-8")
    (tmp_path / "same.jsonl").symlink_to(file)
    refused = switchboard(tmp_path, "submit", str(file), "--out", "same.jsonl")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "would take the place of the messages" in said(refused)
    dead = {"SWITCHBOARD_DATABASE_URL": "postgresql://u:p@127.0.0.1:9/x"}
    assert switchboard(tmp_path, "submit", str(file), "--out", str(out), **dead).returncode == 2
    assert file.read_text("utf-8") == out.read_text("utf-8") == '{"id": "m-1", "text": "hello"}\n'
    assert switchboard(tmp_path, "submit", str(file), "--out", str(out)).returncode == 3
    assert json.loads(out.read_text("utf-8"))["end"] == "awaiting_customer"


def test_a_line_may_have_a_number_as_id_and_anything_beside() -> None:
    line = json.dumps({"id": 7, "text": " Card 4111 1111 1111 1111, please ", "email": f" {JONAS} ", "shop": "de"}).encode()
    message = message_of(line, 5)
    assert (message.id, message.known, message.priority) == ("7", {"email": JONAS}, 5)
    assert message_of(b'{"id": "a", "text": "b", "email": null, "priority": 2}', 5) == Message("a", "b", {}, 2)


def test_a_file_keeps_its_order_and_each_id_once() -> None:
    content = "".join(json.dumps({"id": n % 3, "text": f"words {n}\u2028"}) + "\n" for n in range(7)).encode()
    assert [(m.id, m.words) for m in read_messages(content, "a file", 5)] == [(str(n), f"words {n}\u2028") for n in range(3)]


@pytest.mark.slow
def test_submit_works_on_the_queue_itself_and_the_same_ids_give_the_same_results_again(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    rows = [{"id": f"m-{n}", "text": WHERE, "email": JONAS} for n in (1, 2, 1)]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first = switchboard(tmp_path, "submit", str(file))
    assert first.returncode == 0, said(first)
    assert "Put 2 cases on the queue" in said(first)
    assert "No worker is alive, so this command works on the queue itself" in said(first)
    results = {row["id"]: row for row in map(json.loads, first.stdout.splitlines())}
    assert {name: row["end"] for name, row in results.items()} == {"m-1": "resolved", "m-2": "resolved"}
    assert "#W1000002" in results["m-1"]["reply"]
    shown = switchboard(tmp_path, "show", results["m-1"]["case_id"], "--json")
    assert (
        results["m-1"].items()
        >= {"id": "m-1", **{k: json.loads(shown.stdout)[k] for k in ("case_id", "reply", "tokens")}}.items()
    )

    again = switchboard(tmp_path, "submit", str(file), "--out", str(tmp_path / "again.jsonl"))
    assert (again.returncode, again.stdout) == (0, "")
    assert "Put 0 cases on the queue. 2 of the messages had theirs already." in said(again)
    written = [json.loads(line) for line in (tmp_path / "again.jsonl").read_text("utf-8").splitlines()]
    assert sorted(written, key=lambda row: row["id"]) == [results["m-1"], results["m-2"]]


@pytest.mark.slow
def test_submit_says_with_its_exit_code_that_some_wait(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps({"id": 1, "text": "I want my money back for the lamp"}), encoding="utf-8")
    asked = switchboard(tmp_path, "submit", str(file))
    assert asked.returncode == 3, said(asked)
    assert json.loads(asked.stdout)["end"] == "awaiting_customer"


def test_submit_without_waiting_leaves_the_cases_to_workers(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps({"id": 1, "text": WHERE}), encoding="utf-8")
    asked = switchboard(tmp_path, "submit", str(file), "--no-wait")
    assert (asked.returncode, asked.stdout) == (0, "")
    assert "`switchboard worker` takes cases from the queue" in said(asked)
    assert ends(Workplace(tmp_path / "data").engine) == {None: 1}


@pytest.mark.slow
def test_a_message_that_is_submitted_twice_at_the_same_moment_is_one_case(shop: Engine) -> None:
    environment = Environment(shop, {"desk": team})
    messages = [Message(f"m-{n}", WHERE, {}, 5) for n in range(300)]
    new: list[int] = []
    threads = [threading.Thread(target=lambda: new.append(keep(environment, "desk", messages))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 300
    assert ends(shop) == {None: 300}


@pytest.mark.slow
def test_the_smallest_priority_is_first_and_equal_ones_go_in_order(shop: Engine) -> None:
    environment, ended = Environment(shop, {"desk": team}), []
    messages = [Message(f"m-{n}", WHERE, {"email": JONAS}, priority) for n, priority in enumerate((5, 9, 1, 5, 2))]
    environment.stream.listen(lambda event: event.kind == "run_finished" and ended.append(event.case_id))
    with Worker(environment, stands_by=True, concurrency=1) as worker:
        keep(environment, "desk", messages)
        worker.put_on_queue()
        worker.take_cases()
        until(shop, 5)
    with Session(shop) as session:
        names = dict(session.execute(select(CaseRow.id, CaseRow.message_id)).all())
    assert [names[case_id] for case_id in ended] == ["m-2", "m-4", "m-0", "m-3", "m-1"]


@pytest.mark.slow
def test_a_case_submitted_where_no_model_is_gets_the_model_of_its_worker(shop: Engine) -> None:
    customers = crowd(shop, 1)
    keep(Environment(shop, {"desk": team}), "desk", [Message("m", customers[0].words, {"email": customers[0].email})])
    with serving(Seen(customers, 0.0)) as url:
        environment = Environment(shop, {"desk": team}, Gateway(read_endpoints(models(url, "one"))))
        with Worker(environment, takes_cases=True):
            until(shop, 1)
            case_id = next(iter(outcomes(shop, ["m"]).values()))["case_id"]
            replayed = rebuild(Environment(shop, {"desk": team}), case_id)
    assert outcomes(shop, ["m"])["m"]["model_calls"] == 3
    assert (replayed.differences, replayed.complete) == ((), True)


def test_limits_for_all_workers_stay_until_another_one_is_said(shop: Engine) -> None:
    with Worker(Environment(shop, {"desk": team}), stands_by=True) as worker:
        assert worker.limit(None, None) == (None, None)
        assert worker.limit(4, 2.5) == (4, 2.5)
    with Worker(Environment(shop, {"desk": team}), stands_by=True, concurrency=50) as worker:
        assert worker.limit(None, None) == (4, 2.5)
        assert worker.limit(0, None) == (None, 2.5)
        assert worker.limit(None, 0) == (None, None)
        assert worker.limit(3, 0.1) == (3, 0.1)


@pytest.mark.slow
def test_no_more_cases_are_begun_in_a_second_than_the_rate_says(shop: Engine) -> None:
    environment = Environment(shop, {"desk": team})
    with Worker(environment, stands_by=True) as worker:
        worker.limit(None, 5)
        keep(environment, "desk", [Message(f"m-{n}", WHERE, {"email": JONAS}, 5) for n in range(7)])
        worker.put_on_queue()
        worker.take_cases()
        until(shop, 7)
    assert most_in_a_second(shop) == 5


@pytest.mark.slow
def test_a_second_worker_on_sqlite_is_refused_in_one_sentence(tmp_path: Path, shop: Engine) -> None:
    with Session(shop) as session, session.begin():
        other = WorkerRow(id="other", host=os.uname().nodename, pid=os.getppid(), takes_cases=True, beat_at=clock(session))
        session.add(other)
    asked = switchboard(tmp_path, "worker")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert f"Process {os.getppid()} works on the cases of this database already" in said(asked)
    assert "Traceback" not in said(asked)
    assert json.loads(switchboard(tmp_path, "ask", WHERE, "--email", JONAS, "--json").stdout)["end"] == "resolved"


@pytest.mark.slow
def test_a_worker_that_was_killed_is_no_reason_to_refuse_another(shop: Engine) -> None:
    with Session(shop) as session, session.begin():
        gone = {"host": os.uname().nodename, "takes_cases": True, "beat_at": clock(session)}
        # One whose pid nobody has, and one of a container that began anew: the same host and pid as this process.
        session.add_all([WorkerRow(id="killed", pid=2**22 + 1, **gone), WorkerRow(id="me", pid=os.getpid(), **gone)])
    with Worker(Environment(shop, {"desk": team}), takes_cases=True) as worker:
        assert worker.is_worker


def test_a_database_that_is_away_at_the_start_is_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://nobody:secret@127.0.0.1:1/none"
    asked = switchboard(tmp_path, "worker", SWITCHBOARD_DATABASE_URL=url)
    assert asked.returncode == 2
    assert "The database cannot be opened" in said(asked)
    assert "secret" not in said(asked)


@pytest.mark.slow
def test_two_workers_share_the_cases_and_each_keeps_its_own_concurrency(tmp_path: Path, fresh: Fresh) -> None:
    url = fresh.shop()
    engine = open_engine(with_driver(url))
    customers = crowd(engine, 40)
    seen = Seen(customers, 0.3)
    with serving(seen) as server:
        given = {"SWITCHBOARD_DATABASE_URL": url}
        submitted(tmp_path, customers, OAI_CONFIG_LIST=models(server, "any"), **given)
        with (
            worker(tmp_path, "--concurrency", "2", "--json", OAI_CONFIG_LIST=models(server, "small"), **given) as small,
            worker(tmp_path, "--concurrency", "6", "--json", OAI_CONFIG_LIST=models(server, "large"), **given) as large,
        ):
            until(engine, len(customers))
            told_to_stop(small)
            told_to_stop(large)
        lines = [each.out.read_text("utf-8").splitlines() for each in (small, large)]
    sound(engine, customers)
    assert seen.most["small"] <= 2
    assert 4 <= seen.most["large"] <= 6
    assert len(lines[0]) >= 5
    assert len(lines[0]) + len(lines[1]) == len(customers)
    assert set(seen.answered.values()) == {1}
    assert {json.loads(line)["id"] for some in lines for line in some} == {who.id for who in customers}
    engine.dispose()


@pytest.mark.slow
def test_all_workers_together_keep_the_common_bound_and_rate(tmp_path: Path, fresh: Fresh) -> None:
    url = fresh.shop()
    engine = open_engine(with_driver(url))
    customers = crowd(engine, 24)
    seen = Seen(customers, 0.2)
    with serving(seen) as server:
        given = {"SWITCHBOARD_DATABASE_URL": url, "OAI_CONFIG_LIST": models(server, "any")}
        options = ("--concurrency", "8", "--all-together", "3", "--rate", "4")
        with worker(tmp_path, *options, **given) as first, worker(tmp_path, "--concurrency", "8", **given) as second:
            out, err = started(tmp_path, "submit", str(file_of(tmp_path, customers)), **given).communicate(timeout=120)
            told_to_stop(first)
            told_to_stop(second)
    assert len(out.splitlines()) == len(customers), err
    sound(engine, customers)
    assert seen.most["all"] <= 3
    assert most_in_a_second(engine) <= 4
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize("grace", [0.0, 20.0])
def test_a_worker_that_is_told_to_stop_ends_or_gives_back_what_it_holds(
    tmp_path: Path, request: pytest.FixtureRequest, database: str, grace: float
) -> None:
    url = request.getfixturevalue("fresh").shop() if database == "postgres" else ""
    given = {"SWITCHBOARD_DATABASE_URL": url} if url else {}
    engine = open_engine(with_driver(url)) if url else seeded(tmp_path / "data", "switchboard.db")
    customers = crowd(engine, 12)
    seen = Seen(customers, 0.4)
    seen.ends.clear()
    with serving(seen) as server:
        given |= {"OAI_CONFIG_LIST": models(server, "any")}
        submitted(tmp_path, customers, **given)
        with worker(tmp_path, "--concurrency", "4", "--grace", str(grace), **given) as first:
            while sum(seen.answered[who.order_id, 1] for who in customers) < 4:
                time.sleep(0.05)
            threading.Timer(4, seen.ends.set).start()
            err = told_to_stop(first)
        if grace:
            assert "4 cases under way" in err
            assert "Nothing was left undone here" in err
            assert ends(engine) == {"resolved": 4, None: 8}
        else:
            assert "Gave back 4 cases" in err, err
            assert ends(engine) == {None: 12}
        with worker(tmp_path, "--concurrency", "12", **given) as second:
            until(engine, 12)
            told_to_stop(second)
    sound(engine, customers)
    # A step that was recorded is not made again; of one that was given back in the middle the answer was lost.
    twice = [key for key, number in seen.answered.items() if number > 1]
    assert len(twice) <= (0 if grace else 4)
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("begun", ["switchboard.db", "switchboard-engine.db"])
def test_a_worker_that_is_told_to_stop_in_its_first_seconds_ends_as_later(tmp_path: Path, number: int, begun: str) -> None:
    process = started(tmp_path, "worker", SWITCHBOARD_DATA=str(tmp_path / "own"))
    until = time.monotonic() + 60
    while not (tmp_path / "own" / begun).exists() and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), err
    assert err.endswith("Stopped. Nothing was left undone here.\n")


@pytest.mark.slow
def test_ctrl_c_twice_gives_back_at_once_and_submit_goes_on_where_it_was_stopped(tmp_path: Path, shop: Engine) -> None:
    customers = crowd(shop, 6)
    seen = Seen(customers, 1.0)
    with serving(seen) as server:
        given = {"OAI_CONFIG_LIST": models(server, "any")}
        file = str(file_of(tmp_path, customers))
        first = started(tmp_path, "submit", file, **given)
        while len(seen.began) < 6:
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        out, err = first.communicate(timeout=10)
        assert first.returncode == 1, err
        assert "`switchboard submit` with the same file" in err
        with worker(tmp_path, **given) as stopped:
            while "Taking cases" not in stopped.err.read_text("utf-8"):
                time.sleep(0.05)
            time.sleep(0.5)
            stopped.signal(signal.SIGINT)
            time.sleep(0.3)
            stopped.signal(signal.SIGINT)
            assert "Gave back 6 cases" in stopped.stopped()
        again = started(tmp_path, "submit", file, **given)
        out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert Counter(json.loads(line)["end"] for line in out.splitlines()) == {"resolved": 6}
    sound(shop, customers)


@pytest.mark.slow
def test_a_thousand_messages_are_put_on_the_queue(fresh: Fresh) -> None:
    engine = open_engine(with_driver(fresh.shop()))
    environment = Environment(engine, {"desk": team})
    with Worker(environment, stands_by=True) as worker:
        assert keep(environment, "desk", [Message(f"m-{n}", WHERE, {"email": JONAS}, 5) for n in range(1000)]) == 1000
        worker.put_on_queue()
    with engine.connect() as connection:
        assert (
            connection.scalar(text(f"SELECT count(*) FROM {engine_schema(engine)}.workflow_status WHERE status = 'ENQUEUED'"))
            == 1000
        )
    engine.dispose()


def test_rules_that_fail_before_a_worker_has_a_case_are_told_and_keep_no_worker_from_its_cases(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(view: View) -> Move:
        raise ZeroDivisionError

    broken = replace(team.members[team.flow.entry], without_model=fails)
    warm_up(replace(team, members={**team.members, team.flow.entry: broken}))
    assert "the rules of triage fail on a greeting" in caplog.text and "ZeroDivisionError" in caplog.text
