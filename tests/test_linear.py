"""Nothing takes work out of proportion to what it is given, whatever a model, a customer or a file holds."""

from pathlib import Path

import pytest
from support.effort import growth
from support.hard_texts import hard_texts
from support.own_shop import seeded
from support.patterns import Found, made_meanwhile, patterns
from support.text_functions import long_texts, rules_and_judges, text_functions

from scenarios import names, scenario_called
from switchboard.scenario import play

LENGTH = 20_000
PARTS = 8
"""So many tests share the patterns, to run side by side."""
HARDEST = (" ", "1", "\n", "a")


@pytest.mark.parametrize("hardest", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_no_function_that_reads_a_text_takes_work_out_of_proportion(hardest: bool) -> None:
    texts = [text for text in long_texts(LENGTH) if not hardest or text[:2] in [part * 2 for part in HARDEST]]
    found = [*rules_and_judges(), *text_functions()]
    assert len(found) > 150
    assert {f"{where} of {text[:30]!r}…": took for where, use in found for text in texts if (took := growth(use, text))} == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_no_pattern_takes_work_out_of_proportion(part: int) -> None:
    found = patterns()
    assert len(found) > 300
    assert steep(found[part::PARTS]) == {}


@pytest.mark.slow
def test_no_pattern_that_is_made_during_a_run_takes_work_out_of_proportion(tmp_path: Path) -> None:
    known = {one.pattern.pattern for one in patterns()}
    with made_meanwhile() as made:
        for name in names():
            (tmp_path / name).mkdir()
            play(scenario_called(name), seeded(tmp_path / name))
    new = [one for one in made if one.pattern.pattern not in known]
    assert new
    assert steep(new) == {}


def steep(found: list[Found]) -> dict[str, str]:
    """What the patterns need that need more than their share, by where they stand."""
    texts = ((one, text, growth(one.use, text)) for one in found for text in hard_texts(one.pattern, LENGTH))
    return {f"{one.where} {one.pattern.pattern[:60]}": f"{took} of {text[:30]!r}…" for one, text, took in texts if took}
