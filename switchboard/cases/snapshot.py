"""What a run goes on from beside the entries of its case, as plain data, and back."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from switchboard.declare.moves import Call
from switchboard.declare.team import Limits
from switchboard.declare.transcript import Entry
from switchboard.loop.state import Run, Used

BUDGETS = ("tokens", "cost_usd")


def freeze(run: Run) -> dict[str, Any]:
    """All that the next run needs, with the transcript, to go on as if nothing had happened."""
    return {
        "pending": [[call_id, asdict(call)] for call_id, call in run.pending],
        "used": asdict(run.used),
        "customer_id": run.customer_id,
        "known": dict(run.known),
        "folder": str(run.folder) if run.folder else None,
        "asks_model": run.asks_model,
        "limits": {name: getattr(run.team.limits, name) for name in BUDGETS},
    }


def thaw(run: Run, data: Mapping[str, Any], transcript: Sequence[Entry]) -> Run:
    """Put what `freeze` wrote, and the transcript until then, into a run that has just been made, in place of what it has."""
    limits = limited(run.team.limits, data["limits"])
    if limits != run.team.limits:  # the same team is the same value, so that its chats and its fingerprint serve again
        run.team = replace(run.team, limits=limits)
    # The line that a call waits is no result: what comes of the call stands in its place.
    run.transcript = [line for line in transcript if line.kind != "result" or line.status != "waiting"]
    run.pending = deque((call_id, Call(**call)) for call_id, call in data["pending"])
    run.used = Used(**data["used"])
    run.customer_id = data["customer_id"]
    run.known = data["known"]
    run.folder = Path(data["folder"]) if data["folder"] else None
    run.asks_model = data["asks_model"]
    return run


def limited(limits: Limits, budgets: Mapping[str, Any]) -> Limits:
    """The limits with other budgets of tokens and US dollars where they are given."""
    return replace(limits, **{name: value for name, value in budgets.items() if value is not None})
