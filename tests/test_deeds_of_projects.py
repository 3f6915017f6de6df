"""What a project that says nothing of its words lets a model say: the deeds of its plays, its ids, and no sums of counts."""

from typing import Any

import pytest
from support.bookings import hall
from support.translated import saal

from switchboard.declare.transcript import Entry, MessageEntry, ResultEntry
from switchboard.declare.vocabulary import Vocabulary
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.judge import why_untrue
from switchboard.tables.deeds import deeds_of

WORDS = Vocabulary((r"\bB-\d{3}\b",), deeds_of(saal().members.values(), "de"), "EUR", "de")


def evidence(*done: tuple[str, Any], wrote: str = "Was ist mit B-101, und mit meinem Plan?") -> Evidence:
    entries: list[Entry] = [MessageEntry("customer", wrote, "human")]
    for number, (tool, result) in enumerate(done, start=1):
        entries.append(
            ResultEntry("executor", "", "rules", tool=tool, result=result, status="done", call_id=f"call_{number}", to="desk")
        )
    return Evidence(entries, WORDS, changes={"cancel_booking", "move_booking"})


def test_the_deeds_of_a_project_are_named_by_the_words_of_its_plays() -> None:
    german = {deed.part: deed.words for deed in WORDS.deeds}
    assert german["cancel_booking"] == ("abgesag", "absag", "kundig", "stornier")
    assert {"umgeleg", "verschieb", "verleg"} <= {*german["move_booking"]}
    english = {deed.part: deed.words for deed in deeds_of(hall().members.values(), "en")}
    assert "cancel" in english["cancel_booking"] and "reschedul" in english["move_booking"]


@pytest.mark.parametrize(
    "lie",
    [
        "Der Saal ist am Montag abgesagt.", "Alle Buchungen sind storniert.", "Die Buchung B-101 ist gestrichen.",
        "Der Saal wurde auf Dienstag umgelegt.", "Alles ist erledigt, auf Wiedersehen!",
    ],
)  # fmt: skip
def test_what_no_call_did_is_not_said_to_be_done(lie: str) -> None:
    plan = ("plan", {"rows": [{"what": "Putzen", "state": "erledigt", "day": "Montag"}]})
    assert why_untrue(evidence(), lie)
    assert why_untrue(evidence(plan), lie)


def test_what_a_call_did_and_what_a_row_says_may_be_said() -> None:
    done = ("cancel_booking", {"number": "B-101", "day": "Montag"})
    assert why_untrue(evidence(done), "Die Buchung B-101 ist abgesagt.") is None
    plan = ("plan", {"rows": [{"what": "Putzen", "state": "erledigt"}]})
    assert why_untrue(evidence(plan), "Das Putzen ist erledigt.") is None


@pytest.mark.parametrize(
    ("said", "true"), [("46,00", False), ("16,00", False), ("2,00", True), ("680,50", True), ("1.361,00", True)]
)
def test_of_a_place_in_a_list_no_amount_follows(said: str, true: bool) -> None:
    rows = {"rows": [{"place": 1, "what": "Krone", "price": 680.5}, {"place": 2, "what": "Putzen", "price": 95.25}]}
    why = why_untrue(evidence(("plan", rows)), f"Die Krone kostet Sie {said} EUR.")
    assert (why is None or "amount" not in why) == true, why
