"""What cannot be kept, or made, is left to a person and keeps nothing behind it waiting, whatever the channel."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from support import toys
from support.own_shop import seeded

from switchboard.cases.channels.rows import AnswerRow
from switchboard.cases.intake import Message, cases_of
from switchboard.cases.runs import Environment
from switchboard.cases.tables import clock
from switchboard.service.channels import traffic
from switchboard.service.channels.channel import Answer, Came
from switchboard.service.channels.traffic import send_out, take_in, unread


class Post:
    """A channel that has what it is given, and keeps what it marks and sends."""

    name, most_answers, arrived = "post", 10, None
    takes_notes: ClassVar[bool] = False
    place: ClassVar[dict[str, Any]] = {"to": "box"}

    def __init__(self, *messages: Message) -> None:
        self.messages, self.marked, self.sent = messages, list[str](), list[str]()

    def came(self) -> Iterator[Came]:
        yield from (Came(f"mark {n}", one, f"box {n}", self.place) for n, one in enumerate(self.messages))

    def keep(self, came: Came) -> None:
        self.marked.append(came.mark)

    def send(self, answer: Answer) -> None:
        self.sent.append(answer.text)

    def known_as(self, key: str, address: str) -> str:
        return ""

    def wait(self, seconds: float) -> bool:
        return False


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = seeded(tmp_path)
    yield engine
    engine.dispose()


def test_a_message_that_no_row_can_hold_is_named_and_left_to_a_person(engine: Engine) -> None:
    channel = Post(Message("a\ud800", "Hello", {}), Message("b", "Hello", {}))
    taken = take_in(Environment(engine, {"toys": toys.team()}), channel, "toys")
    assert (taken.ids, taken.new, channel.marked) == (["b"], 1, ["mark 0", "mark 1"])
    [wrong] = taken.wrong
    assert "left to a person" in wrong and unread(engine, "post") == ["mark 0"]


def test_an_answer_that_cannot_be_made_is_refused_and_the_next_goes_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Post(Message("a", "Hello", {}), Message("b", "Hello", {}))
    taken = take_in(Environment(engine, {"toys": toys.team()}), channel, "toys")
    with Session(engine) as session, session.begin():
        now = clock(session)
        for case_id in cases_of(engine, taken.ids).values():
            values = {"channel": "post", "address": "box", "place": {}, "state": "queued", "why": "", "queued_at": now}
            session.add(AnswerRow(case_id=case_id, n=1, key=f"k {case_id}", changed_at=now, **values))
    broken = list[str]()

    def made(session: Session, row: AnswerRow) -> Answer:
        if not broken:
            broken.append(row.key)
            raise KeyError(row.key)
        return Answer(row.key, "Hello", row.place)

    monkeypatch.setattr(traffic, "_made", made)
    assert send_out(engine, channel, {}) == (1, "") and channel.sent == ["Hello"]
    with Session(engine) as session:
        assert sorted(session.scalars(select(AnswerRow.state))) == ["refused", "sent"]
