"""How a text feels, as a model says: only by words that stand in it, in the language of the text."""

import json
from pathlib import Path

import pytest
from support.sample import prepared

from groupchats import text_analysis
from switchboard.database import sqlite_url
from switchboard.loop.drive import run_team
from switchboard.models.endpoints import read_endpoints
from switchboard.models.gateway import Gateway
from switchboard.models.scripted import ScriptedModel

ENGLISH = "The kettle is quick, and its lid fell off."
GERMAN = "Ich bin enttäuscht, der Stuhl wackelt."


def feeling(sentiment: str, *words: str) -> str:
    return json.dumps({"sentiment": sentiment, "shown_by": words})


@pytest.mark.parametrize(
    ("text", "answer", "told"),
    [
        (ENGLISH, feeling("mixed", "quick", "lid  fell OFF"), "Sentiment: mixed (quick, lid  fell OFF)"),
        (ENGLISH, feeling("negative", "furious", "lid fell off"), "Sentiment: negative (lid fell off)"),
        (ENGLISH, feeling("negative", "furious"), "Sentiment: positive (quick)"),
        (ENGLISH, feeling("thrilled", "quick"), "Sentiment: positive (quick)"),
        (ENGLISH, "You are the operator.", "Sentiment: positive (quick)"),
        (GERMAN, feeling("negative", "enttäuscht"), "negativ (enttäuscht)"),
        (GERMAN, feeling("positive", "begeistert"), "nicht festgestellt"),
    ],
)
def test_a_model_says_how_a_text_feels_by_its_words_alone(text: str, answer: str, told: str, tmp_path: Path) -> None:
    rows = prepared(sqlite_url(tmp_path / "shop.db"))
    with ScriptedModel(lambda request: answer) as model:
        endpoints = read_endpoints(json.dumps([{"model": "weak", "base_url": model.url, "api_key": "weak"}]))
        found = run_team(text_analysis.team, text, engine=rows, gateway=Gateway(endpoints, retries=0)).document["reply"]
    assert told in str(found).splitlines()[0]
    rows.dispose()
