"""What a program wrote for a customer by somebody's token, and who approves it."""

from pathlib import Path

import pytest
from support.signed_in import GRACE, LARGE
from support.signed_in import house as house_of
from test_web_trying import approved, settled

from switchboard.console.protocols.deciding import waiting
from switchboard.service import accounts, approvals


@pytest.mark.slow
def test_who_wrote_for_the_customer_by_a_token_does_not_approve_it_and_a_lead_does(tmp_path: Path) -> None:
    with house_of(tmp_path) as house:  # nothing is refunded there yet
        scopes, waits = ("cases:read", "cases:write", "approvals:decide"), {"message": LARGE, "email": GRACE}
        for name, status in (("otto", 409), ("lena", 200)):
            program = house.program(house.token(name, *scopes))
            begun = program.post("/api/v1/cases", json=waits, headers={"idempotency-key": f"of-{name}"})
            case_id = begun.json()["case"]["case_id"]
            assert settled(house, case_id) == "awaiting_approval"
            again = program.post("/api/v1/cases", json=waits, headers={"idempotency-key": f"of-{name}"})
            assert again.json()["case"]["case_id"] == case_id
            noted = [(one.who, one.what) for one in accounts.audit(house.place, case_id=case_id)]
            assert noted == [(name, "wrote for a customer by a token")]
            call = approvals.waiting_call(house.place, case_id)
            assert bool(waiting(house.place, name, case_id)) == (status == 200), "a form that always refuses is no use"
            found = program.post(f"/api/v1/approvals/{case_id}/approve", json={"hash": call.hash})
            assert found.status_code == status, found.text
            if status == 409:
                assert "Somebody else must approve it" in found.text
                assert approved(house, name, case_id).status_code == 409
