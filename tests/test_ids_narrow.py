"""A message that names a record, and is like no example, is the play about such records; no write is guessed."""

import pytest
from test_several_departments import PLAYS, play

from switchboard.declare.play import Play, Process, Slot
from switchboard.plays.which import play_of_record

BIKE = Slot("bike", "Which bike?", r"R-\d{3}")
BACK = PLAYS["en"][0]
STATE = Play(
    "state",
    "They ask how a bike is.",
    "A colleague looks.",
    (
        "is my bike repaired",
        "how is the repair of my bike going",
        "is bike R-000 ready",
        "when is my repair done",
        "is the repair of R-000 finished",
        "how long does my repair take",
        "can I fetch my bike",
        "is my bike done",
    ),
    process=Process("{bike} is ready.", slots=(BIKE,)),
)
RAIN = play("rain", "It rains.", "", "will it rain today", "is there rain", "how wet is it", "does it rain")
ALL = (BACK, STATE, RAIN)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("hey R-114 repair going how", "state"),
        ("R-114 your shop is a mess!!! return it now you lot", "back"),
    ],
)
def test_an_id_narrows_to_the_play_about_it(words: str, name: str) -> None:
    found = play_of_record(ALL, words)
    assert found and found.name == name


@pytest.mark.parametrize(
    "words",
    [
        "R-114 what is the weather like tomorrow",
        "R-114 do not return it",
        "R-114 should I maybe return it?",
        "the man at your desk was rude about R-114",
        "repair going anywhere",
    ],
)
def test_what_points_elsewhere_is_not_guessed(words: str) -> None:
    assert play_of_record(ALL, words) is None


def test_of_two_plays_about_it_none_is_guessed() -> None:
    also = Play("bill", "They ask.", "A colleague looks.", STATE.examples, process=Process("{bike}.", slots=(BIKE,)))
    assert play_of_record((*ALL, also), "hey folks R-114 repair going anywhere by now") is None
