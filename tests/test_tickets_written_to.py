"""Customers who write on a case that is with people, or tell of danger later on: somebody sees it, as soon as they must."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.commands import document, switchboard
from support.notified import OnCall, notifying_project, on_call

PERSON = "I want to speak to a person, please."
FIRE = "Help, the heater on my desk caught fire and the room is full of smoke"


def waiting(acme: Path) -> dict[str, Any]:
    (one,) = json.loads(switchboard(acme, "inbox", "--json", new=True).stdout)
    return dict(one)


@pytest.mark.slow
def test_danger_in_a_later_message_makes_a_case_critical_and_is_told_to_the_pager_once(tmp_path: Path) -> None:
    with on_call() as mail, on_call() as pager:
        acme = notifying_project(tmp_path, f'\n[notifications]\nurls = ["{bare(mail)}"]\nurgent = ["{bare(pager)}"]\n')
        case = document(acme, "ask", "What do you sell?", new=True)["case_id"]
        document(acme, "ask", FIRE, "--case", case, new=True)
        assert waiting(acme)["urgency"] == "critical"
        assert (len(mail.heard), len(pager.heard)) == (1, 1)


@pytest.mark.slow
def test_what_is_written_to_people_is_as_urgent_as_it_says_and_opens_a_ticket_that_was_closed(tmp_path: Path) -> None:
    with on_call() as mail, on_call() as pager:
        acme = notifying_project(tmp_path, f'\n[notifications]\nurls = ["{bare(mail)}"]\nurgent = ["{bare(pager)}"]\n')
        case = document(acme, "ask", PERSON, new=True)["case_id"]
        assert (waiting(acme)["urgency"], len(pager.heard)) == ("medium", 0)
        switchboard(acme, "tickets", "close", "T000001", "--why", "Called back.", new=True)
        document(acme, "ask", "It did not help me.", "--case", case, new=True)
        assert (waiting(acme)["name"], len(mail.heard), len(pager.heard)) == ("T000001", 1, 0)
        for _ in range(2):
            told = document(acme, "ask", FIRE, "--case", case, new=True)["reply"]
            assert "call the fire brigade" in told and told.endswith("A colleague answers it.")
        assert (waiting(acme)["urgency"], len(mail.heard), len(pager.heard)) == ("critical", 2, 1)
        assert pager.heard[0]["title"] == "acme: a ticket is critical" and FIRE[:9] not in pager.heard[0]["message"]
        history = json.loads(switchboard(acme, "show", "T1", "--json", new=True).stdout)["facts"]["history"]
        assert [(line["what"], line["by"]) for line in history][1:] == [("reopened", "customer")]


@pytest.mark.slow
def test_danger_that_is_told_again_after_its_ticket_was_closed_is_told_to_the_pager_anew(tmp_path: Path) -> None:
    with on_call() as mail, on_call() as pager:
        acme = notifying_project(tmp_path, f'\n[notifications]\nurls = ["{bare(mail)}"]\nurgent = ["{bare(pager)}"]\n')
        case = document(acme, "ask", FIRE, new=True)["case_id"]
        assert (len(mail.heard), len(pager.heard)) == (1, 1)
        for times in (2, 3):
            switchboard(acme, "tickets", "close", "T000001", "--why", "It is out.", new=True)
            for _ in range(2):
                document(acme, "ask", f"{FIRE}, for the {times}. time", "--case", case, new=True)
            assert (waiting(acme)["urgency"], len(mail.heard), len(pager.heard)) == ("critical", times, times)
        assert len(set(pager.keys)) == 3


@pytest.mark.slow
def test_danger_told_while_a_case_waits_for_an_approval_has_an_urgent_ticket_at_once(tmp_path: Path) -> None:
    opening = "I was charged twice for my order #W1000009. Please refund the second charge."
    found = document(tmp_path, "ask", opening, "--email", "grace.mbeki@example.com")
    assert found["end"] == "awaiting_approval"
    assert "fire brigade" not in document(tmp_path, "ask", "How long will it take?", "--case", found["case_id"])["reply"]
    mine = [one for one in document(tmp_path, "inbox") if one["case_id"] == found["case_id"] and one["urgency"] == "critical"]
    assert mine == []
    for _ in range(2):
        told = document(tmp_path, "ask", FIRE, "--case", found["case_id"])["reply"]
        assert "call the fire brigade" in told and "waits" in told
    listed = document(tmp_path, "tickets", "list")
    assert [one["urgency"] for one in listed if one["case_id"] == found["case_id"]] == ["critical"]


def bare(place: OnCall) -> str:
    return f"json://127.0.0.1:{place.port}/on-call"
