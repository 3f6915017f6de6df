"""Calls that wait for operators, over the REST API: looking at them, approving and refusing them by their hashes."""

from dataclasses import asdict
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter

from switchboard.console.protocols.deciding import Decision, decide
from switchboard.console.protocols.rest.asking import Asker, Decides
from switchboard.console.protocols.rest.cases import WAIT, case_now
from switchboard.console.protocols.rest.values import Approvals, Approve, CaseId, Decided, Limit, Refuse, Wait
from switchboard.console.protocols.waiting import until_over
from switchboard.events.masking import masked_data
from switchboard.service import approvals

router = APIRouter(prefix="/v1/approvals", tags=["approvals"])


@router.get("", response_model=Approvals)
def list_approvals(by: Decides, limit: Limit = 20) -> dict[str, Any]:
    """What waits for operators, the nearest deadline first."""
    found = [(one, approvals.card(by.place, one)) for one in approvals.list_approvals(by.place, limit)]
    rows = [{"call": asdict(one), "card": asdict(card)} for one, card in found]
    return {"approvals": masked_data(rows), "waiting": approvals.count_approvals(by.place)}


@router.post("/{case_id}/approve", response_model=Decided)
async def approve(by: Decides, case_id: CaseId, given: Approve, wait: Wait = WAIT) -> dict[str, Any]:
    """Approve the call of a case that waits, if it is the one with this hash, and wait for what the agents do then. Where its
    customer wrote more meanwhile than was `seen`, it is refused: look at its `since` first.
    """
    decision = Decision(hash=given.hash, approve=True, arguments=given.arguments, seen=given.seen)
    return await _decided(by, case_id, decision, wait)


@router.post("/{case_id}/refuse", response_model=Decided)
async def refuse(by: Decides, case_id: CaseId, given: Refuse, wait: Wait = WAIT) -> dict[str, Any]:
    """Refuse it; the agent hears why."""
    return await _decided(by, case_id, Decision(hash=given.hash, approve=False, why=given.why), wait)


async def _decided(by: Asker, named: str, given: Decision, wait: float) -> dict[str, Any]:
    """What became of the case, once the agents have gone on with it or so many seconds are over."""
    answered = await run_sync(decide, by.place, by.name, named, given)
    case_id = answered.worked.document["case_id"]
    await until_over(by.place, case_id, wait)
    return {**await run_sync(case_now, by, case_id), "needs_another": answered.needs_another}
