"""A model that verifies a customer who is verified goes on: it is told so from the record, and nothing is done again."""

from pathlib import Path
from typing import Any

import pytest
from support.bookings import hall, hall_of_two
from support.toys import statuses, told
from test_processes import AS_SEEDED, CONFIRMED, held, with_model

from switchboard.models.scripted import Reply, tool_calls

ASKED = "Please cancel B-101, we no longer need it"
WHAT = {"number": "B-101", "why": "not needed"}
DONE = "All done: booking B-101 on Monday is cancelled, and you get 40.00 back."


def verify(email: str = "ada@example.com", *more: Any) -> Reply:
    return tool_calls([("find_member", {"email": email}), *more])


LOOK = [("list_bookings", {}), ("get_booking", {"number": "B-101"})]


@pytest.mark.parametrize("again", ["ada@example.com", "ADA@example.com", "bo@example.com", ""])
def test_a_second_verifying_is_answered_from_the_record_and_the_model_goes_on(tmp_path: Path, again: str) -> None:
    replies = [verify(), verify(again), tool_calls(LOOK), tool_calls([("cancel_booking", WHAT)]), DONE, "A note."]
    result = with_model(tmp_path, replies, ASKED, "yes")
    assert told(result) == DONE and held(tmp_path)["B-101"] == ("Monday", "cancelled")
    assert [name for name, _ in statuses(result)].count("find_member") == 1
    assert "is verified already" in " ".join(e.text for e in result.run.transcript if e.kind == "decision")


def test_beside_other_calls_it_is_left_out(tmp_path: Path) -> None:
    replies = [verify(), verify("ada@example.com", *LOOK), tool_calls([("cancel_booking", WHAT)]), DONE, "A note."]
    result = with_model(tmp_path, replies, ASKED, "yes")
    assert told(result) == DONE and [name for name, _ in statuses(result)].count("find_member") == 1


@pytest.mark.parametrize("team", [lambda: hall(*CONFIRMED), hall_of_two])
@pytest.mark.parametrize("again", ["ada@example.com", "bo@example.com"])
def test_where_it_does_nothing_else_the_rules_do_what_it_is_for(tmp_path: Path, team: Any, again: str) -> None:
    result = with_model(tmp_path, [verify(), *[verify(again)] * 40], ASKED, "yes", team=team())
    assert result.end == "resolved" and told(result).startswith("Booking B-101 on Monday is cancelled.")


def test_where_they_can_do_nothing_a_person_does(tmp_path: Path) -> None:
    result = with_model(tmp_path, [verify(), *[verify("bo@example.com")] * 40], "The lamps are too bright", "hm", "well")
    assert result.end == "escalated" and held(tmp_path) == AS_SEEDED
