"""What routing learned is shipped, so that no process has to learn it again, and is never older than its examples."""

import pytest

from agents.requests.lexicon import lexicon
from agents.routing import learned as module
from agents.routing.departments import route
from agents.routing.learned import LEARNED, made_from
from switchboard.reading.learning.classifier import Classifier, restored, stored

MESSAGES = (
    "I was charged twice for order #W1000001",
    "Where is #W1000002?",
    "The parcel should have been here on Tuesday",
    "Is the trail backpack available in green?",
    "the smart thermostat doesnt connect to wifi anymore",
    "Why was my passport photo rejected in the identity check?",
    "Will it rain in Oslo tomorrow?",
    "refnd the secound charge pls",
    "عربي",
    "",
)


@pytest.fixture(scope="module")
def learned() -> Classifier:
    return module.learned()


def test_the_shipped_file_is_that_of_the_present_examples() -> None:
    shipped = LEARNED.read_text("utf-8")
    assert shipped.startswith(f'{{"made_from":"{made_from()}"'), "run `python -m agents.learn`"
    assert len(shipped.encode()) < 500_000


@pytest.mark.slow
def test_what_is_stored_comes_back_the_same(learned: Classifier) -> None:
    assert restored(stored(learned, "here"), lexicon()) == learned


@pytest.mark.parametrize("text", MESSAGES)
def test_the_shipped_classifier_answers_like_one_that_learned_anew(learned: Classifier, text: str) -> None:
    shipped = restored(LEARNED.read_text("utf-8"), lexicon()).scores(text)
    assert shipped == pytest.approx(learned.scores(text), abs=0.01)


def test_other_examples_are_learned_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert "billing" in module.classifier().labels, "what this process has learned, it keeps"
    (tmp_path / "examples").mkdir()
    for label, text in (
        ("orders", "where is my parcel\nmy parcel is late\n"),
        ("sales", "how much is a tent\na tent, please\n"),
    ):
        (tmp_path / "examples" / f"{label}.txt").write_text(text, "utf-8")
    (tmp_path / "lexicon.py").write_text("", "utf-8")
    monkeypatch.setattr(module, "HERE", tmp_path)
    fresh = module.classifier.__wrapped__()
    assert fresh.labels == ["orders", "sales"]
    assert fresh.scores("is the parcel here")["orders"] > 0.5
    assert route("Where is my parcel?").department == "orders"
