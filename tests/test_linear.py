"""Nothing takes work out of proportion to what it is given, whatever a model, a customer or a file holds."""

import re
from itertools import islice, pairwise
from pathlib import Path

import pytest
from support.effort import PART, TOO_MUCH, growth
from support.hard_texts import hard_texts
from support.own_shop import seeded
from support.patterns import Found, made_meanwhile, patterns
from support.text_functions import long_texts, rules_and_judges, text_functions

from scenarios import names, scenario_called
from switchboard.scenario import play

LENGTH = 20_000
PARTS, SOME, SHARE = 8, 48, 10
"""So many tests share the patterns, and so many the functions, to run side by side; which share of the texts they try."""
HARDEST = (" ", "1", "\n", "a")
PLANTED = {"most": 0.5}
"""What is enough where a pattern is known to be steep."""
all_of_them = pytest.param(1, marks=(pytest.mark.slow, pytest.mark.exhaustive))


@pytest.mark.each
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("hardest", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_no_function_that_reads_a_text_takes_work_out_of_proportion(hardest: bool, part: int) -> None:
    """Each time one hard text of each function, else one in SHARE of all texts, others for the next function."""
    texts = list(zip(long_texts(LENGTH), long_texts(LENGTH // PART), strict=True))
    hard = [pair for pair in texts if pair[0][:2] in [one * 2 for one in HARDEST]]
    found = [*rules_and_judges(), *text_functions()]
    assert (len(found) > 400, len(hard)) == (True, len(HARDEST))
    steep = {}
    for number, (where, use) in enumerate(found[part::PARTS]):
        for whole, quarter in hard[number % len(hard) :: len(hard)] if hardest else texts[number % SHARE :: SHARE]:
            if took := growth(use, whole, quarter):
                steep[f"{where} of {whole[:30]!r}…"] = took
    assert steep == {}


@pytest.mark.slow
@pytest.mark.each
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("every", [SOME, all_of_them])
def test_no_pattern_takes_work_out_of_proportion(every: int, part: int) -> None:
    found = patterns()
    assert len(found) > 400
    assert steep(found[part::PARTS], every=every) == {}


STEEP = (
    r"\d+x", r"see the list[^.]*\.", r"\s+$", r"[.!?]+(?=\s)", r"(?:then\s+)*please", r"(?:a|aa)+b", r"(\w+\s?)+:", r"-.*-.*=",
    r"(?<!\w)[^\W\d_](?:[_ ]{1,3}[^\W\d_]){4,}(?!\w)", r"\bfrom\b[\s\S]*\bto\b",
)  # fmt: skip
"""What is to be found: two of them always, the others, some of which take seconds, in CI."""


@pytest.mark.parametrize("pattern", [*STEEP[:2], *(pytest.param(one, marks=pytest.mark.slow) for one in STEEP[2:])])
def test_a_pattern_that_sets_out_anew_at_each_place_is_found(pattern: str) -> None:
    assert steep([Found("planted", re.compile(pattern))], **PLANTED)


@pytest.mark.parametrize(
    "pattern",
    [r"\S{1,200}@\S{1,200}", r"(?<!\s)\s+$", r"[^.]{0,60}\.", r"\b(?:refund|return|exchange)\b", r"(?:[a-z]{1,9}[ ,]){0,4}\d"],
)
def test_a_pattern_that_looks_a_bounded_way_ahead_is_in_proportion(pattern: str) -> None:
    assert steep([Found("planted", re.compile(pattern))]) == {}


@pytest.mark.slow
def test_a_function_that_looks_at_all_for_each_word_is_found() -> None:
    texts = long_texts(LENGTH)
    assert any(growth(lambda text: [text.count(f" {word} ") for word in text.split()], text) for text in texts)
    assert not any(growth(lambda text: [a == b for a, b in pairwise(text.split())], text) for text in texts)


def test_what_a_text_grows_by_in_its_second_half_is_not_what_it_costs() -> None:
    """Half beginnings and half of what is no end: of such a text the first quarter alone says nothing."""
    use = re.compile(r"\b(?:weather|rain)\b").findall
    whole, part = "weather" * 30_000 + "a " * 100_000, "weather" * 7_500 + "a " * 25_000
    assert growth(use, whole, part) == ""


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


def steep(found: list[Found], *, length: int = LENGTH, every: int = 1, most: float = TOO_MUCH) -> dict[str, str]:
    """The patterns that need more than their share, and for which text; of every pattern the first."""
    steep = {}
    for number, one in enumerate(found):
        pairs = zip(hard_texts(one.pattern, length), hard_texts(one.pattern, length // PART), strict=True)
        for text, part in islice(pairs, number % every, None, every):
            if took := growth(one.use, text, part, most):
                steep[f"{one.where} {one.pattern.pattern[:60]}"] = f"{took} of {text[:30]!r}…{text[-10:]!r}"
                break
    return steep
