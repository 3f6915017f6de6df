"""What was moved of a customer's money before a call, and what was sent elsewhere and may be done."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from switchboard.database import patiently
from switchboard.declare.outcomes import MovedBefore, Outcome
from switchboard.declare.tool import Tool
from switchboard.loop.journal import Amount
from switchboard.loop.state import Run


def moved_before(run: Run, call_id: str, tool: Tool, arguments: Mapping[str, Any]) -> MovedBefore:
    """The cents that approval rules count beside a call's own amount, and what was sent elsewhere and may be done."""
    if not tool.has_amount and not (tool.remote and tool.changes):
        return MovedBefore(cents=0)

    @patiently
    def act() -> Outcome:
        with Session(run.engine.execution_options(reading=True)) as session:
            counted = counted_for(run.customer_id or run.id, tool, arguments)
            cents = run.journal.moved(session, *counted) if tool.has_amount else 0
            unknown = run.journal.unknown(session, Amount(tool.name, *counted, 0), arguments) if tool.remote else ()
            return MovedBefore(cents=cents, unknown=tuple(unknown)).as_data()

    return MovedBefore.from_data(run.journal.step(f"{call_id}.moved {tool.name}", act))


def counted_for(whose: str, tool: Tool, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """For whom, the customer or where nobody is verified the case, and about what, an amount counts."""
    return whose, str(arguments.get(tool.about, "")) if tool.about else ""
