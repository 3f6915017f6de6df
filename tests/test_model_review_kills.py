"""The same kills in a reviewed chat of a model: it is asked once more at most, and nothing is done that nobody let pass."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.killed import Nursery
from support.kills import boundaries, every_other, left, mostly_slow
from test_review_kills import ASKED, QUERIES, Chat, is_asked_again_and_ends_the_same

from scenarios.cancel_order import scenario
from switchboard.database import sqlite_url
from switchboard.models.scripted import Reply, ScriptedModel
from switchboard.scenario import scripted_by_agent

STEPS = (
    "human review triage",
    "call_1 find_user_id_by_email",
    "human review triage",
    "model orders",
    "human review orders",
    "call_2 get_order_details",
    "model orders",
    "human review orders",
    "call_3.rehearsal cancel_pending_order",
    "human words",
    "call_3 cancel_pending_order",
    "call_3 cancel_pending_order outside",
    "model orders",
    "human review orders",
    "human words",
    "model summarizer",
    "human review summarizer",
    "call_4 add_case_note",
    "human review summarizer",
    "end of run",
)
"""The recorded steps of the chat."""
POINTS = ("before its workflow", *boundaries(STEPS))
FEW = ("after 8",)


class Model(NamedTuple):
    """A model server, and what it was asked for, in this order."""

    server: ScriptedModel
    asked: list[str]


@pytest.fixture
def model() -> Iterator[Model]:
    script, asked = scripted_by_agent(scenario), list[str]()
    given: dict[str, Reply] = {}

    def reply(request: dict[str, Any]) -> Reply:
        asked.append(json.dumps(request))
        assert callable(script)
        if asked[-1] not in given:  # who asks the same again is answered the same
            given[asked[-1]] = script(request)
        return given[asked[-1]]

    with ScriptedModel(reply) as server:
        yield Model(server, asked)


@pytest.fixture(scope="module")
def without_a_kill(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("without")
    with ScriptedModel(scripted_by_agent(scenario)) as server:
        chat = Chat(nursery, sqlite_url(folder / "shop.db"), folder, server.config(folder))
        chat.begin()
    assert chat.asked == ASKED
    return left(chat.url, *QUERIES)


def goes_on(point: str, nursery: Nursery, url: str, folder: Path, model: Model, without_a_kill: Any) -> None:
    chat = Chat(nursery, url, folder, model.server.config(folder))
    is_asked_again_and_ends_the_same(point, chat, without_a_kill, STEPS)
    when, _, number = point.partition(" ")
    is_lost = when == "inside" and STEPS[int(number) - 1].startswith("model ")
    assert len({*model.asked}) == sum(name.startswith("model ") for name in STEPS)
    assert len(model.asked) == len({*model.asked}) + is_lost


@pytest.mark.slow
@pytest.mark.parametrize("point", mostly_slow(POINTS, FEW))
def test_a_reviewed_chat_of_a_model_ends_after_a_kill_as_without_it(
    point: str, nursery: Nursery, tmp_path: Path, model: Model, without_a_kill: Any
) -> None:
    goes_on(point, nursery, sqlite_url(tmp_path / "shop.db"), tmp_path, model, without_a_kill)


@pytest.mark.slow
@pytest.mark.parametrize("point", every_other(POINTS))
def test_a_reviewed_chat_of_a_model_ends_after_a_kill_as_without_it_on_postgres(
    point: str, nursery: Nursery, tmp_path: Path, model: Model, without_a_kill: Any, addresses: Callable[[], str]
) -> None:
    goes_on(point, nursery, addresses(), tmp_path, model, without_a_kill)
