"""What a customer's first message gets from the whole desk, without a model."""

from pathlib import Path
from typing import Any

import pytest
from support.own_shop import seeded

from groupchats.desk import team
from switchboard.loop.drive import run_team

EMMA, NOOR, ANIKA = "emma.lindqvist@example.com", "noor.farouk@example.com", "anika.desai@example.com"


def asked(folder: Path, words: str, email: str = "") -> Any:
    return run_team(team, words, engine=seeded(folder), known={"email": email} if email else {}).document


def test_a_new_email_address_is_no_new_street(tmp_path: Path) -> None:
    words = "Hello, my mail address is different now, it is new.one@example.com. Could you please update my profile?"
    document = asked(tmp_path, words, EMMA)
    assert "confirmed by a link" in document["reply"] and "number and street" not in document["reply"]


def test_an_invoice_is_named_with_the_way_to_its_copy_and_without_those_of_other_orders(tmp_path: Path) -> None:
    document = asked(tmp_path, "I need the receipt for #W1000001 for the tax office", EMMA)
    assert "INV2001" in document["reply"] and "Invoice (PDF)" in document["reply"] and "INV2002" not in document["reply"]


def test_open_invoices_are_told_with_their_days_beside_the_payment_methods(tmp_path: Path) -> None:
    document = asked(tmp_path, "Can I pay my open invoices with a card?", ANIKA)
    assert document["reply"].count("open, due on") == 2 and "mastercard" in document["reply"]


def test_what_came_damaged_goes_to_a_person_with_a_word_on_what_to_keep(tmp_path: Path) -> None:
    document = asked(tmp_path, "The lamp of order #W1000005 arrived shattered, please send another one.", NOOR)
    assert document["end"] == "escalated" and "photos of both" in document["reply"]


@pytest.mark.parametrize("words", ["Cancel #W1000020 please, my daughter bought it by accident"])
def test_what_was_delivered_too_long_ago_is_said_to_be_past_cancelling(words: str, tmp_path: Path) -> None:
    document = asked(tmp_path, words, "hanna.vesely@example.com")
    assert "can no longer be cancelled" in document["reply"]


def test_the_measures_of_a_thing_are_no_question_for_its_area(tmp_path: Path) -> None:
    assert "m²" not in asked(tmp_path, "We have a shelf of 3 m x 2 m", ANIKA)["reply"]


def test_which_order_is_asked_only_where_an_order_is_meant(tmp_path: Path) -> None:
    assert "Which order" not in asked(tmp_path, "My desk does not match your drawings", ANIKA)["reply"]


def test_whether_two_things_go_together_is_said_to_be_unknown(tmp_path: Path) -> None:
    reply = asked(tmp_path, "Is the smart plug compatible with the hub of another maker?", ANIKA)["reply"]
    assert "does not say what it works with" in reply
