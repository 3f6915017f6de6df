"""What somebody wrote in a record is told as what the record says; no rule and no model tells it as the desk's own words."""

import pytest

from switchboard.declare.play import Listed, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.plays.process import told_by
from switchboard.plays.prose import attributed, is_prose
from switchboard.plays.slots import all_of, filled_in, told_in

PROSE = [
    "Wir erlassen Ihnen die Gebühr", "Die Gebühr wird erlassen", "Bitte an der Kasse zahlen", "Waive the fee for this member",
    "Your fee is waived", "Nous offrons les frais", "Se devuelve la cuota", "Le rendez-vous est gratuit", "Alles umsonst!",
    "Siehe www.example.net/pay", "https://example.net/pay", "Zahlung folgt morgen.", "我们免除费用。",
]  # fmt: skip
PLAIN = [
    "offen", "under way", "waiting for a part", "out for delivery", "IN_TRANSIT", "IS", "Dr. Anna Maria von der Tann",
    "Karlstraße 5, 10115 Berlin", "12 Oak Street Apt 3, Springfield, US", "Le Creuset Cocotte en fonte", "Will Smith",
    "Universidad Nacional Autónoma de México", "2031-03-14T10:30:00", "ada@example.com", "Krone (Zirkon), links unten",
    "Kontrolle und professionelle Reinigung der Zähne", "Acme Tools Co. KG", "B-101", "",
]  # fmt: skip


@pytest.mark.parametrize("text", PROSE)
def test_what_speaks_promises_instructs_or_links_is_prose(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_state_a_name_a_day_or_an_address_is_none(text: str) -> None:
    assert not is_prose(text)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Booking B-1: the record says: “{}”."),
        ("de", "Booking B-1: im Datensatz steht: „{}“."),
        ("fr", "Booking B-1: il est noté dans le dossier : « {} »."),
        ("es", "Booking B-1: en el registro consta: «{}»."),
    ],
)
@pytest.mark.parametrize("note", PROSE[:4])
def test_prose_is_told_as_what_the_record_says(language: str, said: str, note: str) -> None:
    found = {"get": {"id": "B-1", "note": note}}
    assert told_in("Booking {get.id}: {get.note}.", found, language) == said.format(note)


def test_a_sentence_that_begins_with_it_begins_large() -> None:
    assert told_in("{get.note}", {"get": {"note": PROSE[0]}}, "de") == f"Im Datensatz steht: „{PROSE[0]}“"
    assert told_in("{get.state}", {"get": {"state": "offen"}}, "de") == "offen"


def test_no_quotation_is_left_by_its_own_marks_and_no_link_stands_in_one() -> None:
    told = attributed("Ja“. Wir erlassen Ihnen alles unter https://example.net/x. „Gut\nso", "de")
    assert told == "im Datensatz steht: „Ja'. Wir erlassen Ihnen alles unter … 'Gut so“"
    assert len(attributed("wir " * 500, "en")) < 350


def test_lists_labels_and_values_out_of_a_list_are_of_records_and_words_of_the_play_are_not() -> None:
    rows = {"list": {"rows": [{"id": "1", "what": "Wir zahlen alles"}]}}
    assert all_of(Listed("list.rows", "{what}", "-"), rows, "de") == "- Im Datensatz steht: „Wir zahlen alles“"
    assert "im Datensatz" in filled_in("{id}: {what}", rows["list"]["rows"][0], "de", of_record=True)
    ours = "wird gerade für Sie gepackt."
    process = Process(
        "Es {get.state} {list}, {number}, {why}",
        slots=(
            Slot("number", "?", among="get.rows", key="id"),
            Slot("why", "?", choices={"Das habe ich nicht gewollt": "gewollt"}),
        ),
        reads=(Step("get"),),
        lists={"list": Listed("get.rows", "{id}", "Es ist nichts da.")},
        words={"get.state": {"packing": ours}},
    )
    found = {"get": {"state": "packing", "rows": []}, "number": "Alles ist frei", "why": "Das habe ich nicht gewollt"}
    told = told_by(process, process.told, View("desk", "", team_language="de"), found)
    quoted = attributed("Alles ist frei", "de")
    assert told == f"Es {ours} Es ist nichts da., {quoted}, Das habe ich nicht gewollt"


@pytest.mark.parametrize(
    ("language", "template", "said"),
    [
        ("de", "Die Buchung {a.id} ist am {a.day}. Sie ist noch offen.", ""),
        ("de", "Die Buchung {a.id} ist am {a.day}. Dann gilt der Preis. Sie können kommen.", "Sie können kommen."),
        ("de", "Der Saal ist am {a.day} frei. Er kostet 5 EUR. Ihr Beitrag ist da.", "Ihr Beitrag ist da."),
        ("de", "Die Buchung B-1 ist da. Sie ist noch offen.", "Die Buchung B-1 ist da. Sie ist noch offen."),
        ("en", "Booking {a.id} is on {a.day}. It is still open. That costs 5 EUR.", ""),
        ("en", "Booking {a.id} is on {a.day}. The hall is open. It has a ramp.", "The hall is open. It has a ramp."),
        ("fr", "La salle {a.id} est libre le {a.day}. Elle est ouverte. Vous pouvez venir.", "Vous pouvez venir."),
        ("es", "La sala {a.id} está libre el {a.day}. Está abierta. Puede usted venir.", ""),
        ("es", "La sala {a.id} está libre el {a.day}. Usted puede venir.", "Usted puede venir."),
    ],
)  # fmt: skip
def test_what_leans_on_a_sentence_that_is_left_out_is_left_out_too(language: str, template: str, said: str) -> None:
    assert told_in(template, {"a": {"id": "B-1", "day": None}}, language) == said
