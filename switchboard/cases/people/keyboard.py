"""What an operator decides at the keyboard of a conversation, within a run: a row of the audit log, too."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from switchboard.accounts.audit import record
from switchboard.declare.human import Approval, Review
from switchboard.declare.moves import Calls
from switchboard.declare.outcomes import HumanOutcome


def record_answers(connection: Connection, steps: Sequence[Mapping[str, Any]]) -> None:
    """Put what operators said to calls and moves, among the steps that a transaction records, into the log, as its last rows.
    A move that was let pass as it was is none; nor is what was said by nobody.
    """
    for step in steps:
        if step["data"].get("kind") != HumanOutcome.kind:
            continue
        about = step["name"].rpartition(" ")[2]
        match HumanOutcome.from_data(step["data"]).answer:
            case Approval(answer="approve" | "refuse" as answer, by=by, reason=reason):
                what = "approved a call" if answer == "approve" else "refused a call"
                data = {"call": about} | ({"reason": reason} if reason else {})
            case Review(action="replace" | "retry" | "stop" as action, by=by, move=move, text=text) if by:
                what, data = "reviewed a move", {"agent": about, "action": action} | ({"why": text} if text else {})
                if isinstance(move, Calls):
                    data["calls"] = [one.tool for one in move.calls if one.approved]
            case _:
                continue
        record(connection, by, what, step["case_id"], {**data, "at": "keyboard"})
