"""What stands beside a deed: questions are answered or named; and of several plays with one tool the one meant is told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from support.bookings import OPEN, READS, TOOLS, WHICH, booking, cancel, hall, lost, move
from support.toys import told
from test_processes import written
from test_several_departments import PLAYS

from switchboard.declare.play import Play, Process, Step
from switchboard.declare.tool import Context, tool
from switchboard.plays.asked.questions import questions_marked, requests_in
from switchboard.plays.which import asks_for_it

DONE = "Booking B-102 on Friday is cancelled. You get 60.00 back."


def named(*words: str) -> str:
    return f"{DONE} I do one thing at a time. You wrote, too: “{' '.join(words)}” Please write that again, and I go on with it."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Please cancel B-102, we no longer need it. Is there a tram stop near by?", named("Is there a tram stop near by")),
        (
            "Cancel B-102, we no longer need it. Do you lend chairs? And where may we park?",
            named("Do you lend chairs", "where may we park"),
        ),
        (
            "How long is the stage? Who plays next? Is it warm? Are dogs let in? Do you lend mugs? "
            "Cancel B-102, it is no longer needed.",
            named("How long is the stage", "Who plays next", "Is it warm", "Are dogs let in", "Do you lend mugs"),
        ),
        ("Cancel B-102, we no longer need it. What is the fee when we cancel?", named("What is the fee when we cancel")),
        (
            "Cancel B-102, we no longer need it. Please send the bill of March to my sister.",
            named("Please send the bill of March to my sister"),
        ),
        ("Please cancel B-102, we no longer need it. Please hurry! I'd like to know soon.", DONE),
        ("Please cancel B-102, we no longer need it. Could you confirm that, please.", DONE),
        ("Is there a bar for B-102? Cancel B-102, we no longer need it.", named("Is there a bar for B-102")),
        ("Could you cancel B-102, which is on Friday, as we no longer need it?", DONE),
        ("We no longer need it, so can you call off B-102? Is that possible?", DONE),
        ("Cancel B-102, we no longer need it. Can you help me with that?", DONE),
        ("Cancel a booking, we no longer need it. Is it B-102?", DONE),
    ],
)
def test_each_question_beside_a_deed_is_named_where_it_is_not_answered(tmp_path: Path, words: str, said: str) -> None:
    assert told(written(tmp_path, words, "yes")) == said


def test_a_wish_for_another_deed_is_named_once(tmp_path: Path) -> None:
    result = written(tmp_path, "Cancel B-102, we no longer need it. Could you move B-101 to Tuesday?", "B-102", "yes")
    assert told(result).count("move B-101 to Tuesday") == 1


BESIDE = [
    ("en", "I want to return bike R-207. Do you lend helmets?", ["Do you lend helmets"]),
    ("en", "Could you return bike R-207? Can you do that?", []),
    ("de", "Bitte das Rad R-207 zurückgeben. Verleihen Sie Helme?", ["Verleihen Sie Helme"]),
    ("de", "Können Sie das Rad R-207 zurückgeben, was dringend ist? Geht das?", []),
    ("fr", "Je veux rendre le vélo R-207. Avez-vous des casques ?", ["Avez-vous des casques"]),
    ("fr", "Pouvez-vous rendre le vélo R-207, que j'ai ici ? Est-ce possible ?", []),
    ("es", "Quiero devolver la bicicleta R-207. ¿Tienen cascos?", ["Tienen cascos"]),
    ("es", "¿Pueden devolver la bicicleta R-207? ¿Me pueden ayudar?", []),
]


REQUESTS = [
    ("en", "Please return bike R-207. Please keep the helmet for me.", ["Please keep the helmet for me"]),
    ("en", "Could you return bike R-207? I would like that done today. Thanks!", []),
    ("de", "Bitte das Rad R-207 zurückgeben. Schicken Sie mir bitte die Rechnung.", ["Schicken Sie mir bitte die Rechnung"]),
    ("de", "Bitte das Rad R-207 zurückgeben. Bitte um Bestätigung! Danke.", []),
    ("fr", "Je veux rendre le vélo R-207. Veuillez m'envoyer la facture.", ["Veuillez m'envoyer la facture"]),
    ("fr", "Je veux rendre le vélo R-207. Merci de faire vite.", []),
    ("es", "Quiero devolver la bicicleta R-207. Por favor, envíenme la factura.", ["Por favor, envíenme la factura"]),
    ("es", "Quiero devolver la bicicleta R-207. Por favor, es urgente. Gracias.", []),
]


@pytest.mark.parametrize(("language", "words", "others"), REQUESTS)
def test_what_is_asked_for_beside_the_wish_is_told_from_it(language: str, words: str, others: list[str]) -> None:
    back = PLAYS[language][0]
    found = requests_in(words, language)
    assert [one for one in found if not asks_for_it(back, one, words.replace(one, ""), language)] == others


@pytest.mark.parametrize(("language", "words", "others"), BESIDE)
def test_what_is_no_part_of_the_wish_is_told_from_it(language: str, words: str, others: list[str]) -> None:
    back = PLAYS[language][0]
    found = questions_marked(words, language)
    assert [one for one in found if not asks_for_it(back, one, words.replace(one, ""), language)] == others


@tool(effect="write", about="number", called="the cancellation of booking {number}")
def cancel_booking(ctx: Context, number: str, why: str = "ill") -> dict[str, Any]:
    """Cancel a booking."""
    found = booking(ctx, number)
    ctx.session.execute(text("UPDATE bookings SET state = 'cancelled' WHERE id = :id"), {"id": found["id"]})
    return {"number": found["id"], "day": found["day"], "refund_cents": found["paid"], "why": why}


rain = Play(
    name="rain",
    about="The member cancels as of the storm.",
    says="The office looks at it.",
    examples=(
        "there is a storm, cancel my booking", "the roof leaks in the rain, please cancel the hall",
        "a storm warning, cancel B-222", "we cancel because of the storm", "heavy rain, cancel it",
        "storm and rain, please cancel booking B-333", "the rain floods the road, cancel", "stormy weather, cancel the hall",
    ),
    process=Process(
        slots=(WHICH,),
        reads=READS,
        conditions=(OPEN,),
        does=Step("cancel_booking", {"number": "number"}),
        told="Stay dry. Booking {result.number} is cancelled, and you may come on another day.",
        deeds="cancel",
    ),
)  # fmt: skip


@pytest.mark.parametrize("plays", [(cancel, move, lost, rain), (rain, cancel, move, lost)])
def test_of_two_plays_on_one_tool_that_is_told_which_the_words_are(tmp_path: Path, plays: tuple[Play, ...]) -> None:
    team = hall()
    tools = tuple(cancel_booking if one.name == "cancel_booking" else one for one in TOOLS)
    desk = replace(team.members["desk"], plays=plays, tools=tools)
    team = replace(team, members={**team.members, "desk": desk})
    stormy = written(tmp_path, "a storm warning came, cancel B-101", team=team)
    assert told(stormy) == "Stay dry. Booking B-101 is cancelled, and you may come on another day."
    assert told(written(tmp_path, "Please cancel B-102, we no longer need it", team=team)) == DONE
