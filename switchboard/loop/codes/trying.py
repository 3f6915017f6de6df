"""A one-time code is tried when the customer writes one: their words are read here before any agent sees them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from switchboard.consent.codes import Tried, marks, try_codes
from switchboard.declare.flow import EXECUTOR
from switchboard.declare.moves import Call
from switchboard.declare.outcomes import Outcome, ToolOutcome
from switchboard.declare.transcript import CallEntry, ResultEntry, Status
from switchboard.loop.codes.sending import TOLD
from switchboard.loop.state import Run


def try_written(run: Run, asked: ResultEntry, written: Sequence[str]) -> tuple[str, Call] | None:
    """Try the numbers of the customer's newest words against the code that they were asked for. Who wrote it is verified;
    then the call that it was sent for is to be made again, and is returned with its id.
    """
    if run.customer_id is not None:
        return None
    call_id = run.next_call_id()

    def act(session: Session) -> Outcome:
        tried = try_codes(session, run.codes, run.id, written) if run.codes else Tried("code_void")
        status: Status = "done" if tried.customer_id else "refused"
        data: dict[str, Any] = {"left": tried.left} if tried.left else {}
        if tried.customer_id and run.codes:
            data["spent"] = marks(session, run.codes, run.id)
        return ToolOutcome(status=status, code=tried.code, data=data, seconds=0.0, customer_id=tried.customer_id).as_data()

    outcome = ToolOutcome.from_data(run.journal.transaction(f"{call_id}.written {asked.tool}", act))
    run.heard(outcome)
    call = Call(asked.tool, dict(asked.arguments))
    run.add(CallEntry(asked.to, tool=call.tool, arguments=dict(call.arguments), call_id=call_id))
    if outcome.status == "done":
        run.customer_id = outcome.customer_id
        run.spent_codes = tuple(outcome.data.get("spent", ()))
        return call_id, call
    told: dict[str, Any] = {"tool": call.tool, "arguments": dict(call.arguments), "call_id": call_id, "to": asked.to}
    told |= {"status": "refused", "code": outcome.code, "data": dict(outcome.data)}
    run.add(ResultEntry(EXECUTOR, TOLD[outcome.code], "tool", **told))
    return None
