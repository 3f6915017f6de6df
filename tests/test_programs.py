"""What programs write is kept once, and lists go on where they stopped, on either database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.programs import hall

from switchboard.cases.intake import Message, OtherMessage, keep_once
from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.migrations import migrate_cases
from switchboard.service.cases import show
from switchboard.service.programs.messages import own_key
from switchboard.service.programs.pages import Wanted, page_of_cases


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    addresses: Callable[[], str] | None = request.getfixturevalue("addresses") if request.param == "postgresql" else None
    engine = open_engine(addresses() if addresses else sqlite_url(tmp_path / "rows.db"))
    migrate_cases(engine)
    yield SimpleNamespace(engine=engine, environment=Environment(engine, {"toys": hall()}))
    engine.dispose()


def test_a_message_is_kept_once_whoever_is_faster(place: Any) -> None:
    def keep(key: str, words: str, case_id: str = "") -> Any:
        return keep_once(place.environment, "toys", case_id, Message(own_key("api", "robin", key), words, {}))

    with ThreadPoolExecutor(8) as pool:
        begun = [*pool.map(lambda _: keep("one", "Hello"), range(16))]
        [case_id] = {one.case_id for one in begun}
        more = [*pool.map(lambda _: keep("two", "Are you there?", case_id), range(16))]
    assert [sum(one.is_new for one in kept) for kept in (begun, more)] == [1, 1]
    assert {one.instead for one in more if one.is_new} != {""}  # the first message is still to be worked on
    for key, words, case in (
        ("one", "Goodbye", ""),
        ("two", "Hello?", case_id),
        ("one", "Hello", case_id),
        ("two", "Hello", ""),
    ):
        with pytest.raises(OtherMessage):
            keep(key, words, case)
    assert show(place, case_id).standing.document["transcript"][0]["text"] == "Hello"
    other = keep_once(place.environment, "toys", "", Message(own_key("api", "kim", "one"), "Hello", {}))
    assert other.is_new and other.case_id != case_id


def test_pages_give_each_case_once_the_newest_first(place: Any) -> None:
    ids = [
        keep_once(place.environment, "toys", "", Message(own_key("api", "robin", str(n)), "Hello", {})).case_id
        for n in range(7)
    ]
    found: list[str] = []
    cursor = ""
    while True:
        page, cursor = page_of_cases(place, Wanted(team="toys", end="working"), 3, cursor)
        found += [one.case_id for one in page]
        if not cursor:
            break
    assert found == ids[::-1]
    assert page_of_cases(place, Wanted(end="resolved"), 3) == ([], "")
