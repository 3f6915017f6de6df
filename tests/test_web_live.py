"""Pages as things happen: each entry once, whatever a page has missed; and the command that serves them."""

import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy.orm import Session
from support.own_shop import data_folder
from support.ports import free_port
from support.served import Served, listening, served
from support.terminal import PLAIN, environment

from switchboard.cases.cases import speak, take
from switchboard.cases.tables import CaseRow
from switchboard.console.web.app import make_app
from switchboard.console.web.desk import Desk
from switchboard.console.web.serving import _bound
from switchboard.errors import OperatorError
from switchboard.service.watching import queue as queues
from switchboard.service.watching.queue import STATES, Wanted

LARGE, GRACE = "Order #W1000009 was billed two times. Refund one of them.", "grace.mbeki@example.com"
NUMBERED = re.compile(r"^id: (\d+)$", re.MULTILINE)


class Listening:
    """An open page, as far as its stream goes."""

    def __init__(self, url: str, path: str, last: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.text, self.at = "", dict[str, float]()
        headers = {**(headers or {}), **({"last-event-id": last} if last else {})}
        self._client = httpx.Client(base_url=url, timeout=60)
        self._thread = threading.Thread(target=self._read, args=(path, headers), daemon=True)
        self._thread.start()

    def _read(self, path: str, headers: Mapping[str, str]) -> None:
        with self._client.stream("GET", path, headers=headers) as stream:
            for chunk in stream.iter_text():
                for number in NUMBERED.findall(chunk):
                    self.at.setdefault(number, time.monotonic())
                self.text += chunk

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in NUMBERED.findall(self.text)]

    def has(self, what: str, seconds: float = 20) -> bool:
        until = time.monotonic() + seconds
        while what not in self.text and time.monotonic() < until:
            time.sleep(0.01)
        return what in self.text

    def is_over(self) -> bool:
        self._thread.join(20)
        return not self._thread.is_alive()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_a_page_that_was_away_gets_what_it_missed_once(desk: Served) -> None:
    case_id = desk.case(LARGE, GRACE)
    first = Listening(desk.url, f"/cases/{case_id}/events?after=0")
    assert first.has("event: state")
    seen = first.numbers
    assert seen == sorted(set(seen)) and len(seen) > 8
    take(desk.place.engine, case_id, "dana")
    speak(desk.place.engine, case_id, "dana", "One moment, please.")
    assert first.has("One moment, please.")
    again = Listening(desk.url, f"/cases/{case_id}/events?after=0", last=str(seen[-1]))
    assert again.has("One moment, please.")
    assert not set(again.numbers) & set(seen) and first.numbers == sorted({*seen, *again.numbers})


@pytest.mark.slow
def test_pages_go_on_when_their_server_was_begun_anew(desk: Served, tmp_path: Path) -> None:
    case_id, port = desk.case(LARGE, GRACE), free_port()
    app = make_app(Desk(desk.place, desk.worker), {"127.0.0.1"})
    with listening(app, port) as url:
        page = Listening(url, f"/cases/{case_id}/events?after=0")
        assert page.has("event: state")
    assert page.is_over()
    take(desk.place.engine, case_id, "dana")
    speak(desk.place.engine, case_id, "dana", "We are back.")
    with listening(make_app(Desk(desk.place, desk.worker), {"127.0.0.1"}), port) as url:
        again = Listening(url, f"/cases/{case_id}/events?after=0", last=str(page.numbers[-1]))
        assert again.has("We are back.")
    assert not set(again.numbers) & set(page.numbers)


@pytest.mark.slow
def test_the_queue_hears_of_new_cases_and_of_what_is_decided(desk: Served) -> None:
    page = Listening(desk.url, "/events?mark=")
    assert page.has("event: queue")
    before = page.text.count("event: queue")
    desk.case(LARGE, GRACE)
    until = time.monotonic() + 20
    while page.text.count("event: queue") == before and time.monotonic() < until:
        time.sleep(0.02)
    assert page.text.count("event: queue") > before


@pytest.mark.slow
def test_who_asks_for_the_events_of_no_case_is_told_so(desk: Served) -> None:
    assert desk.browser().client.get("/cases/nothing/events").status_code == 404
    assert desk.browser().client.get(f"/cases/{desk.case(LARGE)}/part/nothing").status_code == 404


@pytest.mark.slow
def test_the_nearest_deadline_is_first_whatever_it_is_of(desk: Served) -> None:
    desk.case("My heater is on fire and I burned my arm.")
    desk.case("I want to speak to a human being, please.")
    desk.case(LARGE, GRACE)
    found = queues.queue(desk.place, Wanted())
    due = [row.due for row in found.rows if row.due]
    assert len(due) == 3 and due == sorted(due)
    assert found.rows[0].urgency == "critical" and found.rows[-1].state == "approval"
    assert found.for_people == 3 == len(found.rows)
    everything = queues.queue(desk.place, Wanted(states=STATES, sort="oldest"))
    assert [row.created_at for row in everything.rows] == sorted(row.created_at for row in everything.rows)


@pytest.mark.slow
def test_a_case_that_a_person_has_settled_is_done(desk: Served) -> None:
    case_id = desk.case("I want to speak to a human being, please.")
    with Session(desk.place.engine) as session, session.begin():
        session.get_one(CaseRow, case_id).held_by = "dana"
    assert [row.with_whom for row in queues.queue(desk.place, Wanted(whose="dana")).rows] == ["dana"]
    assert queues.queue(desk.place, Wanted(whose="-")).rows == []
    assert queues.queue(desk.place, Wanted(whose="erik")).rows == []


@contextmanager
def serving(folder: Path, *options: str, **variables: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The command itself, until it says where its pages are."""
    command = [*PLAIN, "serve", *options]
    given = {"cwd": folder, "env": environment(folder, SWITCHBOARD_OPERATOR="dana", **variables), "text": True}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **given)  # type: ignore[call-overload]
    try:
        assert process.stdout
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_the_command_serves_works_and_stops_when_it_is_told_to(tmp_path: Path) -> None:
    data_folder(tmp_path)
    port = free_port()
    with serving(tmp_path, "--port", str(port)) as (process, said):
        assert said == f"http://127.0.0.1:{port} - Ctrl-C stops.\n"
        found = httpx.get(f"http://127.0.0.1:{port}/", timeout=30)
        assert found.status_code == 200 and "dana" in found.text
        assert httpx.get(f"http://localhost:{port}/health", timeout=60).text == "ok\n"
        page = Listening(f"http://127.0.0.1:{port}", "/events?mark=")
        assert page.has("event: queue")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0 and page.is_over()
        assert process.stdout and "Nothing was left undone here." in process.stdout.read()


@pytest.mark.slow
def test_pages_for_other_machines_need_accounts(tmp_path: Path) -> None:
    data_folder(tmp_path)
    with serving(tmp_path, "--host", "0.0.0.0", "--port", str(free_port())) as (process, said):
        assert process.wait(30) == 2 and "nobody has an account here" in said
    with serving(tmp_path, "--no-worker", "--port", "0") as (process, said):
        port = re.search(r":(\d+) ", said)
        assert port
        assert process.poll() is None
        with serving(tmp_path, "--port", port[1]) as (second, why):
            told = why + (second.stdout.read() if second.stdout else "")
            assert second.wait(30) == 2 and "Errno" not in told
            assert told.startswith(f"Port {port[1]} of 127.0.0.1 is taken by another program") and "--port" in told


def test_of_two_that_are_started_at_once_the_second_says_in_a_sentence_that_the_port_is_taken() -> None:
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]

        class Later(uvicorn.Config):
            def bind_socket(self) -> socket.socket:
                """Both have the port by then, and the first one listens."""
                bound = super().bind_socket()
                first.listen()
                return bound

        with pytest.raises(OperatorError, match=f"^Port {port} of 127.0.0.1 is taken by another program.*--port"):
            _bound(Later("nothing:app", host="127.0.0.1", port=port))
