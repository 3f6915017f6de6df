"""What operators say to a call that waits, over protocols that tell of it as of an interruption."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from switchboard.cases.approvals import check_seen
from switchboard.cases.people.tried import may_approve
from switchboard.cases.people.waiting import said_already
from switchboard.console.protocols.bounds import Changes, Hash, Reason, SeenSince
from switchboard.console.protocols.seam import Served
from switchboard.events.masking import masked_data
from switchboard.service import approvals
from switchboard.service.approvals import Answered
from switchboard.service.place import case_here


class Verdict(BaseModel):
    """A yes, perhaps with other `arguments`, or a no, which tells the agent why. A yes counts only where `seen` is how many
    messages the call's `since` holds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    approve: bool
    why: Reason = "No reason was given."
    arguments: Changes = Field(default_factory=dict)
    seen: SeenSince = 0


class Decision(Verdict):
    """The same of the call with this hash, and of no other."""

    hash: Hash


def decide(place: Served, name: str, case_id: str, given: Decision) -> Answered:
    """Answer a call, as the operator of this name. Raises OperatorError for a yes that has not seen what the
    customer wrote.
    """
    asked = approvals.waiting_call(place, case_id, given.hash)
    if given.approve:
        check_seen(asked.since, given.seen)
        return approvals.approve(place, asked, name, approvals.edited(place, asked, given.arguments))
    return approvals.deny(place, asked, name, given.why)


def was_decided(place: Served, name: str, case_id: str, given: Decision) -> bool:
    """Whether somebody has given just this answer to the call already, as where it is sent again."""
    return said_already(place.engine, case_id, given.hash, name, "approve" if given.approve else "refuse", given.arguments)


def waiting(place: Served, name: str, case_id: str) -> dict[str, Any] | None:
    """The call of a case that waits, as its operators see it; None where none does, or this one may not approve it."""
    stand = case_here(place, case_id)
    if not (found := stand.approvals) or not may_approve(place.engine, stand.case_id, name):
        return None
    one, card = found[0], approvals.card(place, found[0])
    told: dict[str, Any] = {
        "hash": one.hash,
        "tool": one.tool,
        "arguments": one.arguments,
        "why": one.why,
        "in_words": card.in_words,
    }
    told |= {"deadline": one.deadline.isoformat(), "operators": one.operators, "approved_by": one.approved_by}
    told["asked_again"] = one.asked_again
    return dict(masked_data(told | {"refused": card.refused, "since": one.since}))
