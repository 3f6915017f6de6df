"""Streams of pages: no more than there is room for, and one look at the rows for all of them."""

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from support.many_cases import fill
from support.served import WHO, served
from test_web_live import Listening

from switchboard.cases.tables import EntryRow
from switchboard.console.web import live
from switchboard.console.web.live import HELD, Live, Mark, News
from switchboard.console.web.streams import NoRoom, Room, seen_last
from switchboard.declare.transcript import MessageEntry
from switchboard.service.watching.changes import LineAt


def line(number: int) -> LineAt:
    return LineAt(number, 0.0, MessageEntry("customer", "Hello.", "human"))


def write(engine: Engine, words: str, number: int = 1001) -> None:
    with Session(engine) as session, session.begin():
        data = MessageEntry("operator", words, "human").document()
        session.add(EntryRow(case_id=f"case_{0:012x}", n=number, run=1, kind="message", name="", data=data, at=time.time()))


def test_there_is_room_for_so_many_of_one_and_in_all() -> None:
    room = Room(most=3)
    with room.for_one_more({"dana": 2}), room.for_one_more({"dana": 2}):
        with pytest.raises(NoRoom) as of_one, room.for_one_more({"dana": 2}):
            pass
        with room.for_one_more({"erik": 2}), pytest.raises(NoRoom) as in_all, room.for_one_more({"olga": 2}):
            pass
        assert of_one.value.of_one and not in_all.value.of_one
    with room.for_one_more({"dana": 1}):
        pass


def test_a_page_that_is_far_behind_reads_the_rows_itself() -> None:
    news = News("a", 4, 4).and_then(Mark("b", 7), [line(5), line(6)])
    assert (news.mark, news.since, news.upto) == ("b", 4, 7)
    later = news.and_then(Mark("c", 8), [line(number) for number in range(8, 8 + HELD)])
    assert later.since == 6 and len(later.lines) == HELD and later.upto == 7 + HELD


def test_what_a_page_says_it_has_seen_is_a_number_or_nothing() -> None:
    assert [seen_last(*one) for one in (("7", "3"), (None, "3"), ("x", ""), (None, "9" * 30), (None, "²"))] == [7, 3, 0, 0, 0]


def test_whether_a_session_may_hear_is_asked_once_for_all_of_its_pages() -> None:
    asked = list[str]()

    def hear(key: str) -> bool:
        asked.append(key)
        return True

    async def ask() -> list[bool]:
        here = Live(None)  # type: ignore[arg-type]
        return await asyncio.gather(*(here.is_let(key, partial(hear, key)) for key in "aaab"))

    assert asyncio.run(ask()) == [True] * 4 and len(asked) == 2


@pytest.mark.slow
def test_all_pages_of_a_process_share_a_look_and_one_too_many_is_told_when_to_come_again(tmp_path: Path) -> None:
    with served(tmp_path) as desk, patch("switchboard.console.web.asked.MOST_OF_ONE", 3):
        fill(desk.place.engine, 1)
        path, read = f"/cases/case_{0:012x}/events?after=0", list[Any]()
        pages = [Listening(desk.url, path) for _ in range(3)]
        assert all(page.has("event: state") for page in pages)
        refused = httpx.get(f"{desk.url}{path}", headers={WHO: "dana"}, timeout=60)
        assert refused.status_code == 429 and refused.headers["retry-after"] == "30"
        with httpx.stream("GET", f"{desk.url}{path}", headers={WHO: "erik"}, timeout=60) as other:
            assert other.status_code == 200
        write(desk.place.engine, "One before.")
        assert all(page.has("One before.") for page in pages)  # so the first look, from which on it is shared, was made
        counted = live.lines_after
        with patch.object(live, "lines_after", lambda *given: read.append(given) or counted(*given)):  # type: ignore[func-returns-value]
            write(desk.place.engine, "One for all.", 1002)
            assert all(page.has("One for all.") for page in pages)
        assert len([one for one in read if one[-1]]) == 1  # but for the first look of the one who left
        assert all(page.numbers == sorted(set(page.numbers)) for page in pages)
