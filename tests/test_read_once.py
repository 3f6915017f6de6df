"""Each text of a case is read once, however many agents go by it and however often their rules are asked."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from agents.requests import reading as of_the_shop
from agents.requests.reading import read
from scenarios import scenario_called
from switchboard.reading import reading as of_the_library
from switchboard.scenario import play

LIBRARY = ("details_in", "danger_in", "language_of", "parts_of", "without_forged")


@pytest.mark.parametrize("name", ["exchange_items", "unclear_message", "two_matters", "cancel_order"])
def test_each_message_of_a_conversation_is_read_once(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    analyses: Counter[tuple[str, str]] = Counter()

    def counted(what: str, find: Callable[..., Any]) -> Callable[..., Any]:
        def finding(text: str, *others: Any) -> Any:
            analyses[what, text] += 1
            return find(text, *others)

        return finding

    for what in LIBRARY:
        monkeypatch.setattr(of_the_library, what, counted(what, getattr(of_the_library, what)))
    monkeypatch.setattr(of_the_shop, "scored", counted("scored", of_the_shop.scored))
    read.cache_clear()
    done = play(scenario_called(name), seeded(tmp_path))
    assert done.end == scenario_called(name).expected.end
    assert analyses["details_in", scenario_called(name).opening] == 1
    assert {key: times for key, times in analyses.items() if times > 1} == {}
