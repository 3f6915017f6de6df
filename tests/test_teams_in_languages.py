"""The text teams speak the language of the question, read long texts by their questions, and ask who only greets."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from support.sample import prepared

from groupchats import (
    answer_line,
    article,
    complaint_process,
    digest,
    fact_sheet,
    mailroom,
    market_study,
    panel,
    pros_and_cons,
    second_opinion,
    text_analysis,
)
from switchboard.database import sqlite_url
from switchboard.declare.human import Prepared
from switchboard.declare.team import TeamSpec
from switchboard.loop.drive import run_team
from switchboard.reading.languages import SPOKEN, said

QUESTION = {
    "de": "Wie viele Stockwerke hat der Leuchtturm von Kap Arkona?",
    "fr": "Combien d'étages compte le phare de la pointe ?",
    "es": "¿Cuántos pisos tiene el faro del cabo?",
}
SAID = [
    (article.team, "nothing"),
    (panel.team, "nothing"),
    (pros_and_cons.team, "nothing"),
    (digest.team, "nothing"),
    (fact_sheet.team, "nothing"),
    (answer_line.team, "person"),
    (mailroom.team, "person"),
    (market_study.team, "which_goods"),
    (second_opinion.team, "which_numbers"),
    (complaint_process.team, "when"),
    (text_analysis.team, "topics"),
]
LONG = "It rained again, and the dog slept by the door of the shed. " * 20


@pytest.fixture
def rows(tmp_path: Path) -> Engine:
    return prepared(sqlite_url(tmp_path / "shop.db"))


def reply(team: TeamSpec, rows: Engine, words: str) -> str:
    return str(run_team(team, words, engine=rows).document["reply"])


@pytest.mark.parametrize("language", QUESTION)
@pytest.mark.parametrize(("team", "message"), SAID, ids=[team.name for team, _ in SAID])
def test_a_question_in_another_language_is_answered_in_it(team: TeamSpec, message: str, language: str, rows: Engine) -> None:
    begun = said(f"team.{message}", language, ticket="TICKET", found="").partition("TICKET")[0].strip()
    assert begun in reply(team, rows, QUESTION[language])
    assert begun not in said(f"team.{message}", "en", ticket="", found="")


@pytest.mark.parametrize("team", [article.team, panel.team, pros_and_cons.team, digest.team, fact_sheet.team, answer_line.team])
@pytest.mark.parametrize("words", ["hello", "Hallo", "Bonjour", "Hola, buenos días"])
def test_who_only_greets_is_asked_what_it_is_about(team: TeamSpec, words: str, rows: Engine) -> None:
    assert reply(team, rows, words) in [said("team.which", code) for code in SPOKEN]


@pytest.mark.parametrize("team", [article.team, panel.team, digest.team, fact_sheet.team, answer_line.team])
def test_of_a_long_text_the_questions_are_looked_up(team: TeamSpec, rows: Engine) -> None:
    assert "15 to 20 years" in reply(team, rows, f"{LONG}How long do heat pumps last? {LONG}")


def test_what_leans_on_a_part_is_looked_up_with_it(rows: Engine) -> None:
    told = reply(fact_sheet.team, rows, "How noisy is a heat pump, and what does it cost?")
    assert "Induction" not in told and "heat pump" in told


def test_no_figures_are_told_where_none_was_recognised_and_no_part_is_named_twice(rows: Engine) -> None:
    told = reply(fact_sheet.team, rows, "Which pans suit induction? Where is the regatta? Where is the regatta?")
    assert "none" not in told and told.count("regatta") == 1


@pytest.mark.parametrize("words", ["Ich bin enttäuscht, der Stuhl ist furchtbar.", "Je suis déçu, la chaise est horrible."])
def test_the_feeling_of_a_text_in_another_language_is_not_told_by_rules_that_know_english(words: str, rows: Engine) -> None:
    told = reply(text_analysis.team, rows, words)
    assert "neutral" not in told and "horrible" not in told.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "Mein Trockner ist 11 Jahre alt. Die Reparatur kostet 90 Euro, ein neuer 600 Euro. Was tun?",
            "Wir empfehlen",
        ),
        ("Mon four a 3 ans. La réparation coûte 500 euros, un neuf 600 euros. Que faire ?", "Nous recommandons"),
    ],
)
def test_advisers_read_the_numbers_of_another_language(words: str, told: str, rows: Engine) -> None:
    assert told in reply(second_opinion.team, rows, words)


def test_what_may_hurt_somebody_comes_first_in_each_language(rows: Engine) -> None:
    for words in ("Seit gestern riecht der Toaster nach Rauch.", "Depuis lundi il y a de la fumée.", "Desde ayer sale humo."):
        assert "T0" in reply(complaint_process.team, rows, words)
        assert run_team(complaint_process.team, words, engine=rows).end == "escalated"


@pytest.mark.parametrize("team", [panel.team, answer_line.team, fact_sheet.team, digest.team, article.team])
def test_how_long_something_lasts_is_first_told_by_a_sentence_with_a_time(team: TeamSpec, rows: Engine) -> None:
    first = next(line for line in reply(team, rows, "How long do heat pumps last?").splitlines() if line.startswith("- "))
    assert "15 to 20 years" in first


@pytest.mark.parametrize("team", [article.team, panel.team, pros_and_cons.team, digest.team, fact_sheet.team, answer_line.team])
@pytest.mark.parametrize("first", ["hello", "Who won the regatta of Cowes?"])
def test_what_is_written_after_a_question_is_looked_up(team: TeamSpec, first: str, rows: Engine) -> None:
    human = Prepared(("Should we put a heat pump into our older house?",), live=True)
    told = str(run_team(team, first, engine=rows, human=human).document["reply"])
    assert "heat pump" in told or (team is answer_line.team and first != "hello"), told


def test_advisers_who_asked_for_the_numbers_go_by_them(rows: Engine) -> None:
    human = Prepared(("It is 9 years old, the repair is 40 dollars, a new one 60 dollars.",), live=True)
    ran = run_team(second_opinion.team, "My toaster is broken.", engine=rows, human=human)
    assert ran.end == "resolved" and "We recommend to replace it" in ran.document["reply"]
