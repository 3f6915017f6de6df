"""To whom a ticket is given, where there are accounts: to one that may work on it, and to nobody else."""

from pathlib import Path

import pytest
from support.commands import said, switchboard
from support.signed_in import house

from switchboard.service import accounts


@pytest.mark.slow
def test_a_ticket_is_given_to_an_account_that_may_work_on_it(tmp_path: Path) -> None:
    with house(tmp_path) as desk:
        accounts.disable(desk.place, "theo", "root")
        program = desk.program(desk.token("otto", "cases:read", "cases:write"))
        message = {"message": "I want to speak to a person, now."}
        case = program.post("/api/v1/cases", json=message, headers={"idempotency-key": "a"})
        assert case.is_success, case.text
        number = program.get("/api/v1/tickets").json()["tickets"][0]["number"]
        for to, words in (("nobody", "no account 'nobody'"), ("vera", "vera is viewer"), ("theo", "theo is disabled")):
            refused = program.post(f"/api/v1/tickets/{number}/assign", json={"to": to})
            assert refused.status_code == 409 and words in refused.text, refused.text
            done = switchboard(tmp_path, "tickets", "assign", number, "--to", to, "--as", "otto")
            assert done.returncode == 2 and words in said(done), said(done)
        given = program.post(f"/api/v1/tickets/{number}/assign", json={"to": "LENA"}).json()["ticket"]
        assert given["listed"]["assigned_to"] == "lena"
