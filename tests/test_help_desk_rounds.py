"""Help desks side by side, and what becomes of a round of one: nobody's trouble is another one's."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.help_desks import hall

from switchboard.cases.channels.noticed import notice
from switchboard.cases.channels.rows import AnswerRow
from switchboard.cases.intake import Kept, Message, keep_message
from switchboard.cases.runs import Environment
from switchboard.cases.tables import clock
from switchboard.console.channels import serving
from switchboard.console.channels.helpdesks import asked
from switchboard.console.channels.helpdesks.asked import Side
from switchboard.console.channels.helpdesks.heard import at_work
from switchboard.database import open_engine, sqlite_url
from switchboard.engine.worker import Worker
from switchboard.mail.letters import MayBeSent, NotSent
from switchboard.migrations import migrate_cases
from switchboard.service.channels import help_desk
from switchboard.service.channels.channel import Away, Came, OutOfReach
from switchboard.service.channels.conversation import Conversation, HelpDesk, Post
from switchboard.service.channels.help_desk import HelpDeskChannel
from switchboard.service.channels.traffic import send_out, take_in, unread

ASKED = Conversation((Post(101, "customer", "Is the cellar dry?"),))


@dataclass
class InWords(HelpDesk):
    """A help desk whose conversations are given; one that is an error cannot be read."""

    name: str  # type: ignore[misc]
    conversations: dict[str, Conversation | Exception] = field(default_factory=dict)
    posted: list[tuple[str, str]] = field(default_factory=list)
    read_so_far: list[str] = field(default_factory=list)
    is_away: bool = False

    def read(self, conversation: str) -> Conversation | None:
        self.read_so_far.append(conversation)
        found = self.conversations.get(conversation)
        if isinstance(found, Exception):
            raise found
        return found

    def post(self, conversation: str, text: str, *, public: bool, how: Mapping[str, Any]) -> None:
        if self.is_away:
            raise NotSent("It is away.")
        self.posted.append((conversation, text))


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    engine = open_engine(sqlite_url(tmp_path / "desk.db"))
    migrate_cases(engine)
    yield Environment(engine, {"toys": hall()})
    engine.dispose()


def channel_of(environment: Environment, name: str, most_answers: int = 30, **given: Any) -> tuple[HelpDeskChannel, InWords]:
    desk = InWords(name, given or {"5": ASKED})
    return HelpDeskChannel(environment.engine, desk, most_answers), desk


def queued(environment: Environment, channel: str, n: int = 1, state: str = "queued", address: str = "noor@example.com") -> str:
    """An answer of a channel, to what an operator or the desk said."""
    case_id = keep_message(environment, "toys", Message(f"{channel}:5:{n}", "Is the cellar dry?", {})).case_id
    with Session(environment.engine) as session, session.begin():
        row = AnswerRow(case_id=case_id, n=n, channel=channel, address=address, place={"conversation": "5", "post": 101})
        row.key, row.state, row.why = f"{case_id}:{n}", state, ""
        row.queued_at = row.changed_at = clock(session)
        session.add(row)
    return case_id


def states(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        query = "SELECT channel, state FROM channel_answers ORDER BY channel, n"
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.fixture
def in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.service.channels.traffic.words_of", lambda session, row: "It is dry.")


def test_a_channel_sends_its_own_answers_alone(environment: Environment, in_words: None) -> None:
    for name in ("chatwoot", "mail", "zammad"):
        queued(environment, name)
    zammad, desk = channel_of(environment, "zammad")
    assert send_out(environment.engine, zammad, {}) == (1, "")
    assert desk.posted == [("5", "It is dry.")]
    assert states(environment.engine) == [("chatwoot", "queued"), ("mail", "queued"), ("zammad", "sent")]


def test_a_channel_looks_up_and_gives_up_its_own_answers_alone(environment: Environment, in_words: None) -> None:
    for name in ("chatwoot", "zammad"):
        for n, state in enumerate(("sending", "queued")):
            queued(environment, name, n, state)
    with environment.engine.begin() as connection:  # so old that the one was cut off, and the other waited too long
        old = "'2020-01-01 00:00:00.000000'"
        connection.exec_driver_sql(f"UPDATE channel_answers SET queued_at = {old}, changed_at = {old}")
    zammad, desk = channel_of(environment, "zammad")
    send_out(environment.engine, zammad, {})
    assert [state for name, state in states(environment.engine) if name == "chatwoot"] == ["sending", "queued"]
    assert [state for name, state in states(environment.engine) if name == "zammad"] == ["queued", "withdrawn"]
    assert desk.read_so_far == ["5"]


def test_the_answers_of_another_channel_count_for_none(environment: Environment, in_words: None) -> None:
    queued(environment, "mail", state="sent")
    queued(environment, "zammad")
    zammad, _ = channel_of(environment, "zammad", most_answers=1)
    assert send_out(environment.engine, zammad, {}) == (1, "")
    queued(environment, "zammad", n=2)
    send_out(environment.engine, zammad, {})
    assert states(environment.engine) == [("mail", "sent"), ("zammad", "sent"), ("zammad", "withdrawn")]


def told_of(environment: Environment, channel: HelpDeskChannel, *conversations: str) -> None:
    for one in conversations:
        notice(environment.engine, channel.name, one)


@pytest.fixture
def tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_desk, "PAUSE", 0.0)


@pytest.mark.parametrize("trouble", [OutOfReach("It answered 403."), KeyError("posts")])
def test_conversations_that_cannot_be_read_stop_no_other_one_and_are_left_to_a_person(
    environment: Environment, trouble: Exception, tried_at_once: None
) -> None:
    bad = {"1": trouble, "2": trouble, "3": trouble}
    channel, desk = channel_of(environment, "zammad", **bad, **{"5": ASKED})
    told_of(environment, channel, "1", "2", "3", "5")
    taken = take_in(environment, channel, "toys")
    assert (taken.ids, taken.wrong) == (["zammad:5:101"], [])
    for _ in range(help_desk.MOST_TRIES):
        taken.wrong += take_in(environment, channel, "toys").wrong
    assert [one.split(" of ")[0] for one in taken.wrong] == ["Conversation 1", "Conversation 2", "Conversation 3"]
    assert sorted(unread(environment.engine, "zammad")) == ["1", "2", "3"]
    assert desk.read_so_far.count("1") == help_desk.MOST_TRIES
    desk.conversations["1"] = ASKED
    told_of(environment, channel, "1")  # what can be read after all is known to nobody as unread
    assert take_in(environment, channel, "toys").ids == ["zammad:1:101"]
    assert sorted(unread(environment.engine, "zammad")) == ["2", "3"]


def test_a_message_whose_place_cannot_be_kept_is_its_case_and_a_person_hears_of_it(environment: Environment) -> None:
    engine = environment.engine
    channel, _ = channel_of(environment, "zammad")
    came = Came("7", Message("zammad:5:101", "Is the cellar dry?", {}), "noor\ud800@example.com", {"post": 101})
    channel.came = lambda: iter([came])  # type: ignore[method-assign]
    taken = take_in(environment, channel, "toys")
    assert (taken.ids, taken.new) == (["zammad:5:101"], 1) and unread(engine, "zammad") == []
    [told] = taken.wrong
    assert "is case case_" in told and "A person must answer" in told and "A message could not be kept" not in told


def test_what_cannot_be_read_waits_before_it_is_tried_again(environment: Environment) -> None:
    channel, desk = channel_of(environment, "zammad", **{"1": OutOfReach("It answered 403.")})
    told_of(environment, channel, "1")
    for _ in range(3):
        take_in(environment, channel, "toys")
    assert desk.read_so_far == ["1"]
    told_of(environment, channel, "1")
    take_in(environment, channel, "toys")
    assert desk.read_so_far == ["1", "1"]


def test_a_side_that_is_away_stops_the_round_and_nothing_is_given_up(environment: Environment, tried_at_once: None) -> None:
    channel, desk = channel_of(environment, "zammad", **{str(n): Away("It answered 502.") for n in range(1, 5)})
    told_of(environment, channel, "1", "2", "3", "4")
    for _ in range(help_desk.MOST_TRIES + 1):
        with pytest.raises(Away):
            take_in(environment, channel, "toys")
    assert desk.read_so_far[:4] == ["1", "2", "3", "4"]  # two in each round, and the others in the next one
    assert (len(desk.read_so_far), unread(environment.engine, "zammad")) == (2 * help_desk.MOST_TRIES + 2, [])


def test_what_is_away_while_others_are_there_is_in_trouble_by_itself(environment: Environment, tried_at_once: None) -> None:
    channel, desk = channel_of(environment, "zammad", **{"1": Away("It answered 500."), "5": ASKED})
    told_of(environment, channel, "1", "5")
    for _ in range(help_desk.MOST_TRIES + 1):
        take_in(environment, channel, "toys")
        told_of(environment, channel, "5")
        desk.conversations["5"] = ASKED
    assert unread(environment.engine, "zammad") == ["1"]


@pytest.mark.parametrize(
    ("status", "kind"), [(403, OutOfReach), (422, OutOfReach), (401, Away), (429, Away), (302, Away), (500, Away), (503, Away)]
)
def test_an_answer_is_about_one_conversation_or_about_the_side(
    status: int, kind: type[OutOfReach], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Side, "_asked", lambda *_: (status, b""))
    with pytest.raises(OutOfReach) as raised:
        Side("Zammad", "http://127.0.0.1:1", {}).get("/api/v1/tickets/5")
    assert type(raised.value) is kind


@pytest.mark.slow
def test_a_look_at_a_long_conversation_writes_for_what_is_new_and_the_last_post_alone(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = tuple(Post(n, "customer", f"Is room {n} dry?") for n in range(101, 341))
    channel, desk = channel_of(environment, "zammad", **{"5": Conversation(posts[:-2])})
    told_of(environment, channel, "5")
    assert len(take_in(environment, channel, "toys").ids) == 238
    kept: list[str] = []

    def keeps(given: Environment, team: str, message: Message) -> Kept:
        kept.append(message.id)
        return keep_message(given, team, message)

    monkeypatch.setattr("switchboard.service.channels.traffic.intake.keep_message", keeps)
    desk.conversations["5"] = Conversation(posts)
    told_of(environment, channel, "5")
    taken = take_in(environment, channel, "toys")
    assert (kept, taken.new) == (["zammad:5:339", "zammad:5:340"], 2)
    told_of(environment, channel, "5")
    assert take_in(environment, channel, "toys").new == 0
    assert kept[2:] == ["zammad:5:340"]
    with environment.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(DISTINCT case_id) FROM channel_threads").scalar() == 1
        assert '"post":340' in str(connection.exec_driver_sql("SELECT place FROM channel_threads").scalar())


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """A server that begins so, and goes on with a byte at a time."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drips() -> None:
            taken, _ = server.accept()
            with taken, suppress(OSError):
                taken.sendall(head)
                while not over.wait(0.05):
                    taken.sendall(b"a")

        thread = threading.Thread(target=drips, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


@pytest.mark.slow
@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_help_desk_that_answers_byte_by_byte_is_not_waited_for(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_SECONDS", 0.4)
    began = time.monotonic()
    with dripping(head) as url, pytest.raises(Away, match="cannot be reached"):
        Side("Zammad", url, {}).get("/api/v1/tickets/5")
    with dripping(head) as url, pytest.raises(MayBeSent):
        Side("Zammad", url, {}).send("POST", "/api/v1/ticket_articles", {})
    assert time.monotonic() - began < 10


def test_the_end_waits_for_no_thread_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "GRACE_SECONDS", 0.2)
    for_ever, told = threading.Event(), list[threading.Event]()

    def run(over: threading.Event) -> None:
        told.append(over)
        for_ever.wait()

    with serving.beside([run] * 3):
        began = time.monotonic()
    assert 0.2 <= time.monotonic() - began < 5 and all(over.is_set() for over in told)
    for_ever.set()


def test_what_was_written_while_nobody_heard_it_is_read_at_the_start(environment: Environment) -> None:
    channel, desk = channel_of(environment, "zammad", **{"4": ASKED, "5": ASKED})
    other, _ = channel_of(environment, "chatwoot")
    told_of(environment, channel, "4", "5")
    told_of(environment, other, "5")
    take_in(environment, channel, "toys")
    take_in(environment, other, "toys")
    with environment.engine.begin() as connection:
        old = "UPDATE noticed_conversations SET at = '2020-01-01 00:00:00.000000' WHERE conversation = '4'"
        connection.exec_driver_sql(old)
    desk.conversations["5"] = Conversation((*ASKED.posts, Post(102, "customer", "And the attic?")))
    assert take_in(environment, channel, "toys").ids == []
    channel.catch_up()
    assert take_in(environment, channel, "toys").ids == ["zammad:5:102"]
    assert take_in(environment, other, "toys").ids == take_in(environment, channel, "toys").ids == []


@pytest.mark.slow
def test_a_thread_catches_up_and_ends_with_the_rest(environment: Environment) -> None:
    channel, desk = channel_of(environment, "zammad")
    told_of(environment, channel, "5")
    take_in(environment, channel, "toys")
    with Worker(environment) as worker, at_work(worker, [(channel, "toys")], print):
        until = time.monotonic() + 20
        while len(desk.read_so_far) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert desk.read_so_far == ["5", "5"]
