"""What an operator does with a case or a ticket is a row of the audit log, written with the deed or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.commands import GRACE, WHERE, document, parked, said, switchboard
from support.staffed import Place

from groupchats.desk import team
from switchboard.cases import cases
from switchboard.cases.runs import Environment
from switchboard.errors import OperatorError
from switchboard.service import accounts


def log(folder: Path, *filters: str) -> list[dict[str, Any]]:
    """The log, the oldest row first."""
    return list(reversed(json.loads(switchboard(folder, "audit", "--json", *filters).stdout)))


def told(folder: Path, *filters: str) -> list[tuple[str, str]]:
    return [(row["who"], row["what"]) for row in log(folder, *filters)]


@pytest.mark.slow
def test_an_approval_is_a_row_with_the_hash_of_its_call_and_what_was_edited(tmp_path: Path) -> None:
    case_id, bound = parked(tmp_path)
    assert (
        switchboard(
            tmp_path, "approve", case_id, "--for", bound, "--as", "dana", "--with", '{"kind": "partial", "amount_cents": 5000}'
        ).returncode
        == 0
    )
    [row] = log(tmp_path)
    assert (row["who"], row["what"], row["case_id"]) == ("dana", "approved a call", case_id)
    assert (row["data"]["tool"], row["data"]["hash"], row["data"]["edited"]["amount_cents"]) == ("refund_order", bound, 5000)
    shown = switchboard(tmp_path, "audit").stdout
    assert "edited" in shown and not set('{}"') & set(shown), "it is told in words"


@pytest.mark.slow
def test_a_refusal_is_a_row_with_its_reason_and_an_answer_that_came_late_is_none(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    switchboard(tmp_path, "deny", case_id, "--why", "It was a hold.", "--as", "dana")
    assert switchboard(tmp_path, "deny", case_id, "--why", "Me too.", "--as", "erik").returncode == 2
    [row] = log(tmp_path)
    assert (row["who"], row["what"], row["data"]["reason"]) == ("dana", "refused a call", "It was a hold.")


@pytest.mark.slow
def test_who_takes_part_in_a_case_is_recorded_step_by_step(tmp_path: Path) -> None:
    case_id, _ = parked(tmp_path)
    other = document(tmp_path, "ask", WHERE, *GRACE)["case_id"]
    line = str(json.loads(switchboard(tmp_path, "fork", other, "--json").stdout)[-1]["number"])
    for command in (
        ["take", case_id, "--as", "dana"],
        ["say", case_id, "I look into it.", "--as", "dana"],
        ["hand-back", case_id, "--note", "All is well.", "--as", "dana"],
        ["flag", other, line, "--why", "It says too much.", "--as", "erik"],
        ["flag", other, line, "--drop", "--as", "erik"],
        ["thumb", other, "down"],
        ["fork", other, "--from", "1"],
    ):
        assert switchboard(tmp_path, *command, SWITCHBOARD_OPERATOR="ines").returncode in (0, 3), command
    assert switchboard(tmp_path, "take", case_id, "--as", "erik").returncode == 0
    assert switchboard(tmp_path, "take", case_id, "--as", "dana").returncode == 2
    switchboard(tmp_path, "cancel", case_id, "--as", "erik")
    assert told(tmp_path, "--case", case_id) == [
        ("dana", "took a case over"),
        ("dana", "spoke to the customer"),
        ("dana", "handed a case back"),
        ("erik", "took a case over"),
        ("erik", "cancelled a case"),
    ]
    assert told(tmp_path, "--case", other) == [
        ("erik", "flagged a line"),
        ("erik", "let a flag go"),
        ("customer", "gave a thumb down"),
        ("ines", "forked a case"),
    ]
    assert told(tmp_path, "--who", "DANA") == told(tmp_path, "--case", case_id)[:3]
    checked = switchboard(tmp_path, "audit", "--check")
    assert (checked.returncode, "Each of the 9 rows fits." in said(checked)) == (0, True)


@pytest.mark.slow
def test_what_is_done_with_a_ticket_is_recorded_on_its_case(tmp_path: Path) -> None:
    case_id = document(tmp_path, "ask", "I want to speak to a person, now.", *GRACE)["case_id"]
    tickets = json.loads(switchboard(tmp_path, "tickets", "list", "--json").stdout)
    [number] = [ticket["number"] for ticket in tickets if ticket["case_id"] == case_id]
    for command in (
        ["assign", number, "--to", "erik"],
        ["close", number, "--why", "We spoke."],
        ["reopen", number, "--why", "They called again."],
    ):
        done = switchboard(tmp_path, "tickets", *command, "--as", "dana")
        assert done.returncode == 0, said(done)
    assert switchboard(tmp_path, "tickets", "reopen", number, "--why", "Again.", "--as", "dana").returncode == 2
    deeds = ["assigned a ticket", "closed a ticket", "reopened a ticket"]
    assert told(tmp_path, "--case", case_id) == [("dana", deed) for deed in deeds]


def test_a_deed_whose_row_cannot_be_written_is_not_done(shop: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, _ = parked(tmp_path)

    def fails(*_: Any) -> None:
        raise OperatorError("The log is full.")

    with monkeypatch.context() as broken, pytest.raises(OperatorError, match="full"):
        broken.setattr(cases, "record", fails)
        cases.take(shop, case_id, "dana")
    place = Place(Environment(shop, {"desk": team}))
    assert accounts.audit(place) == []
    cases.take(shop, case_id, "erik")
    assert [(row.who, row.what) for row in accounts.audit(place)] == [("erik", "took a case over")]


def test_who_deletes_recorded_steps_is_recorded(tmp_path: Path) -> None:
    document(tmp_path, "ask", WHERE, *GRACE)
    switchboard(tmp_path, "clean-up", "--older-than", "0", SWITCHBOARD_OPERATOR="ines")
    [row] = log(tmp_path)
    assert (row["who"], row["what"], row["data"]) == ("ines", "deleted recorded steps", {"cases": 1, "older_than_days": 0})


def test_of_a_case_that_there_is_not_and_of_a_day_that_is_none_a_sentence_tells(tmp_path: Path) -> None:
    for options in (["--case", "case_nowhere"], ["--since", "yesterday"]):
        done = switchboard(tmp_path, "audit", *options)
        assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    assert "Nothing is recorded" in said(switchboard(tmp_path, "audit"))
