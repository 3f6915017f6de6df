"""Days by rules: read from the customer's words as they stand to the day of these, and asked about where they may be two."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.bookings import READS, TOOLS, WHICH, move, seed

from switchboard.cases.runs import Environment
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.agent import AgentSpec
from switchboard.declare.human import Prepared
from switchboard.declare.play import Process, Slot, Step
from switchboard.declare.team import Rule, TeamSpec
from switchboard.engine.worker import Worker
from switchboard.errors import DeclarationError
from switchboard.flows.hub import hub
from switchboard.loop.drive import RunResult, run_team
from switchboard.migrations import migrate_cases
from switchboard.plays.asked.days import days_in
from switchboard.plays.which import gives_a_value

WEDNESDAY = date(2031, 8, 13)
ONE = {
    "en": {
        "tomorrow at noon": "08-14", "the day after tomorrow": "08-15", "today": "08-13", "next Tuesday": "08-19",
        "on Saturday please": "08-16", "this Friday": "08-15", "Friday of next week": "08-22", "in 10 days": "08-23",
        "in a week": "08-20", "2 September": "09-02", "September 2nd, at ten": "09-02",
        "the 2nd of September 2031": "09-02", "Tuesday, 2 September": "09-02", "2031-09-02": "09-02", "25/12/2031": "12-25",
    },
    "de": {
        "morgen Mittag": "08-14", "übermorgen": "08-15", "heute": "08-13", "nächsten Dienstag": "08-19",
        "am Samstag bitte": "08-16", "kommenden Freitag": "08-15", "Freitag nächster Woche": "08-22", "in 10 Tagen": "08-23",
        "am 2. September": "09-02", "am Dienstag, den 2. September 2031": "09-02", "am 2.9.": "09-02", "02.09.2031": "09-02",
    },
    "fr": {
        "demain midi": "08-14", "après-demain": "08-15", "aujourd'hui": "08-13", "mardi prochain": "08-19", "samedi": "08-16",
        "vendredi de la semaine prochaine": "08-22", "dans 10 jours": "08-23", "le 2 septembre": "09-02",
        "le mardi 2 septembre 2031": "09-02", "le 1er octobre": "10-01", "02/09/2031": "09-02",
    },
    "es": {
        "mañana a mediodía": "08-14", "pasado mañana": "08-15", "hoy": "08-13", "el próximo martes": "08-19",
        "el sábado por la mañana": "08-16", "el viernes que viene": "08-15", "dentro de 10 días": "08-23",
        "el 2 de septiembre": "09-02", "el martes 2 de septiembre de 2031": "09-02", "02/09/2031": "09-02",
    },
}  # fmt: skip
NONE = {
    "en": ("every Tuesday", "on Tuesdays", "good morning", "5 people", "may 5 people come", "half past ten", "1/2 pint"),
    "de": ("guten Morgen", "jeden Dienstag", "dienstags", "am Morgen", "5 Personen", "2.50 EUR"),
    "fr": ("tous les mardis", "le mardi", "5 personnes", "chaque samedi"),
    "es": ("buenos días", "por la mañana", "los martes", "cada sábado", "5 personas"),
}
NOT_EXACT = {
    "en": ("before Tuesday", "a week on Tuesday", "Tuesday week", "not tomorrow", "tomorrow does not work: it isn't possible",
           "31 September", "Monday, 2 September", "I can't on Friday", "by 2 September"),
    "de": ("bis Dienstag", "übernächsten Dienstag", "Dienstag geht nicht", "ab morgen", "am Montag, den 2. September"),
    "fr": ("avant mardi", "mardi ne va pas", "mardi en huit", "à partir de demain"),
    "es": ("antes del martes", "hasta mañana", "el martes no puedo", "desde hoy"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "words", "day"), [(name, *one) for name, of in ONE.items() for one in of.items()])
def test_a_day_is_read_as_it_stands_to_the_day_of_the_message(language: str, words: str, day: str) -> None:
    assert days_in(words, language, WEDNESDAY) == [(date.fromisoformat(f"2031-{day}"),)]


@pytest.mark.parametrize(("language", "words"), [(language, words) for language, of in NONE.items() for words in of])
def test_what_is_no_day_is_read_as_none(language: str, words: str) -> None:
    assert days_in(words, language, WEDNESDAY) == []


@pytest.mark.parametrize(("language", "words"), [(language, words) for language, of in NOT_EXACT.items() for words in of])
def test_what_is_no_exact_day_or_denied_is_left_to_a_question(language: str, words: str) -> None:
    assert days_in(words, language, WEDNESDAY) == [()]


@pytest.mark.parametrize("words", ["next Saturday", "on Wednesday"])
def test_what_may_be_two_days_is_both(words: str) -> None:
    [(one, two)] = days_in(words, "en", WEDNESDAY)
    assert (two - one).days == 7 and one >= WEDNESDAY


def test_what_depends_on_the_order_is_both_in_english_alone() -> None:
    assert days_in("4/9/2031", "en", WEDNESDAY) == [(date(2031, 9, 4), date(2031, 4, 9))]
    assert days_in("4/9/2031", "fr", WEDNESDAY) == [(date(2031, 9, 4),)]


def test_a_date_without_a_year_is_the_nearest_and_one_of_late_is_past() -> None:
    assert days_in("2 March", "en", WEDNESDAY) == [(date(2032, 3, 2),)]
    assert days_in("10 August", "en", WEDNESDAY) == [(date(2031, 8, 10),)]
    assert days_in("2 September", "en", WEDNESDAY, "past") == [(date(2030, 9, 2),)]
    assert days_in("29 February", "en", WEDNESDAY) == [(date(2032, 2, 29),)]
    assert days_in("on Friday", "en", WEDNESDAY, "past") == [(date(2031, 8, 8),)]


def test_without_the_day_of_the_message_only_a_whole_date_is_read() -> None:
    assert days_in("2 September 2031", "en", None) == [(date(2031, 9, 2),)]
    assert [days_in(words, "en", None) for words in ("tomorrow", "on Friday", "2 September")] == [[()]] * 3


def hall(zone: str = "", mode: str = "future", *more: Slot) -> TeamSpec:
    day = Slot("day", "For which day?", date=mode)
    process = Process(
        "It is on {result.day:weekday} now.",
        slots=(WHICH, day, *more),
        reads=READS,
        does=Step("move_booking", {"number": "number", "day": "day"}),
        deeds="mov|shift|chang|reschedul|another|put",
    )
    play = replace(move, process=process, examples=(*move.examples, "move booking B-444 to tomorrow"))
    desk = AgentSpec("desk", "Bookings.", "You look after bookings.", tools=TOOLS, plays=(play,))
    rules = (Rule("confirm", effect="write"), *(Rule("approve", effect=one) for one in ("read", "send", "write")))
    members = {"desk": desk, "closer": AgentSpec("closer", "Writes the note.", "You write the note.")}
    return TeamSpec("hall", "", members, hub("desk", {}, "closer"), rules, time_zone=zone)


@pytest.fixture
def rows() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "hall.db"))
        migrate_cases(engine)
        seed(engine)
        yield engine
        engine.dispose()


def talk(rows: Engine, *words: str, today: date | None = WEDNESDAY, team: TeamSpec | None = None) -> RunResult:
    human, known = Prepared(words[1:], live=True), {"email": "ada@example.com"}
    return run_team(team or hall(), words[0], engine=rows, human=human, known=known, came_on=today)


def last_said(result: RunResult) -> str:
    return [e.text for e in result.run.transcript if e.kind == "message" and e.speaker == "desk"][-1]


def test_the_whole_day_is_read_back_and_told(rows: Engine) -> None:
    result = talk(rows, "Please move booking B-101 to next Tuesday")
    assert "day Tuesday, August 19, 2031" in last_said(result)
    assert last_said(talk(rows, "Please move booking B-101 to next Tuesday", "yes")) == "It is on Tuesday, August 19, 2031 now."


@pytest.mark.parametrize("answer", ["the 23rd", "the second one", "Saturday, 23 August", "on August 23", "Saturday next week"])
def test_of_two_days_the_customer_says_which(rows: Engine, answer: str) -> None:
    result = talk(rows, "Please move booking B-101 to next Saturday")
    assert last_said(result) == "Do you mean Saturday, August 16, 2031 or Saturday, August 23, 2031?"
    assert "day Saturday, August 23, 2031" in last_said(talk(rows, "Please move booking B-101 to next Saturday", answer))


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("move B-101 to yesterday's slot, please another day", "For which day?"),
        ("Please move B-101 to 10 August", "Sunday, August 10, 2031 is past. For which day?"),
        ("Please move B-101 to 2 May 2031", "Friday, May 2, 2031 is past. For which day?"),
        (
            "Please move booking B-101 to Friday or Sunday",
            "You have named Friday, August 15, 2031 and Sunday, August 17, 2031.",
        ),
        ("Please move B-101, not to Friday", "For which day?"),
        ("Please move booking B-101 to a day before Friday", "For which day?"),
    ],
)
def test_a_day_that_cannot_be_is_asked_for(rows: Engine, words: str, asked: str) -> None:
    assert last_said(talk(rows, words)).startswith(asked)


def test_without_the_day_of_the_message_it_is_asked_for(rows: Engine) -> None:
    assert last_said(talk(rows, "Please move booking B-101 to tomorrow", today=None)) == "For which day?"
    found = talk(rows, "Please move booking B-101 to tomorrow", "to 20 August 2031", today=None)
    assert "day Wednesday, August 20, 2031" in last_said(found)


def test_the_newest_day_counts(rows: Engine) -> None:
    found = talk(rows, "Please move booking B-101 to tomorrow", "no, to Sunday please")
    assert "day Sunday, August 17, 2031" in last_said(found)


def test_of_two_days_each_is_read_from_the_answer_to_its_question(rows: Engine) -> None:
    team = hall("", "future", Slot("until", "Until which day?", date="future"))
    assert last_said(talk(rows, "Please move booking B-101 to Friday", team=team)) == "For which day?"
    assert "August 15, 2031" in last_said(talk(rows, "Please move booking B-101 to Friday", "on Friday", team=team))


def test_a_day_that_must_be_past(rows: Engine) -> None:
    team = hall("", "past")
    assert last_said(talk(rows, "Please move B-101 to 2 May 2032", team=team)).startswith(
        "Sunday, May 2, 2032 is still to come."
    )
    assert "day Friday, August 8, 2031" in last_said(talk(rows, "Please move B-101 to last Friday", team=team))


def test_a_slot_that_is_a_day_is_nothing_else() -> None:
    wrongs: tuple[dict[str, Any], ...] = ({"date": "soon"}, {"date": "future", "form": "x"})
    for wrong in wrongs:
        with pytest.raises(DeclarationError, match="`date` is future, past or any"):
            Slot("day", "For which day?", **wrong)


def begin(rows: Engine, case: str, run: int, moment: str) -> None:
    """Say that a run began then."""
    with rows.begin() as connection:
        values = {"at": datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None), "case": case, "run": run}
        connection.execute(text("UPDATE runs SET started_at = :at WHERE case_id = :case AND number = :run"), values)


def said_in_rows(document: Any) -> str:
    return str([e["text"] for e in document["transcript"] if e["kind"] == "message" and e["speaker"] == "desk"][-1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("", "2031-08-13T23:30:00+00:00", "August 14"),
        ("Europe/Berlin", "2031-08-13T23:30:00+00:00", "August 15"),
        ("America/New_York", "2031-08-14T02:00:00+00:00", "August 14"),
    ],
)
def test_the_day_is_that_of_the_run_in_the_zone_of_the_project(rows: Engine, zone: str, moment: str, day: str) -> None:
    with Worker(Environment(rows, {"hall": hall(zone)})) as worker:
        ref = worker.open_case("hall", "Please move booking B-101 to tomorrow", known={"email": "ada@example.com"})
        begin(rows, ref.case_id, 1, moment)
        assert f"{day}, 2031" in said_in_rows(worker.work(ref))


@pytest.mark.slow
def test_what_was_said_on_an_earlier_day_stands_to_that_day(rows: Engine) -> None:
    from switchboard.cases import cases

    with Worker(Environment(rows, {"hall": hall()})) as worker:
        ref = worker.open_case("hall", "Please move a booking to tomorrow", known={"email": "ada@example.com"})
        begin(rows, ref.case_id, 1, "2031-08-13T10:00:00+00:00")
        assert said_in_rows(worker.work(ref)).startswith("Which booking is it?")
        later, _ = cases.hear(rows, ref.case_id, "B-101", worker.workflows.executor)
        assert later
        begin(rows, ref.case_id, 2, "2031-08-14T10:00:00+00:00")
        assert "Thursday, August 14, 2031" in said_in_rows(worker.work(later))


@pytest.mark.parametrize(
    ("words", "gives"), [("to Friday", True), ("on 2 May", True), ("before Friday", False), ("soon", False)]
)
def test_a_part_gives_a_day_where_one_could_be_meant(words: str, gives: bool) -> None:
    play = replace(move, process=Process("Done.", slots=(Slot("day", "For which day?", date="future"),)))
    assert gives_a_value(play, words, "en") is gives
