"""What a run goes on from beside the entries of its case, as plain data, and back."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from switchboard.consent.typed_codes import Hiding
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry
from switchboard.loop.state import Forked, Run, Used


class Budgets(TypedDict):
    """The limits that a case began with, and keeps."""

    tokens: int
    cost_usd: float


class Snapshot(TypedDict):
    """How a case stands between its runs, beside its entries, as JSON data; `pending` are the calls that wait, by their ids."""

    pending: list[tuple[str, dict[str, Any]]]
    used: dict[str, Any]
    customer_id: str | None
    known: dict[str, str]
    folder: str | None
    asks_model: bool | None
    reviewed: bool
    limits: Budgets
    allows_code: NotRequired[bool]
    """Whether agents may run code, where they may."""
    allows_web: NotRequired[bool]
    """Whether they may ask the web, where they may."""
    awaits_code: NotRequired[bool]
    """Whether the customer may write a code, which is kept from the transcript."""
    asks_code: NotRequired[bool]
    """Whether that is what they were asked for last."""
    spent_codes: NotRequired[list[str]]
    """The marks of the case's codes, once one has verified the customer."""
    asks_else: NotRequired[bool]
    """Whether they were asked then for something that a number may answer."""
    language: NotRequired[str]
    """That of the team, where it is not English."""
    days: NotRequired[dict[str, str]]
    """The days on which the customer's messages came, by their places in the transcript, where that is known."""
    forked: NotRequired[tuple[str, int]]
    """The case that an operator forked this one from, and the number of the last entry that both have."""


def freeze(run: Run) -> Snapshot:
    """All that the next run needs, with the transcript, to go on as if nothing had happened."""
    stands: Snapshot = {
        "pending": [(call_id, asdict(call)) for call_id, call in run.pending],
        "used": asdict(run.used),
        "customer_id": run.customer_id,
        "known": dict(run.known),
        "folder": str(run.folder) if run.folder else None,
        "asks_model": run.asks_model,
        "reviewed": run.reviewed,
        "limits": {"tokens": run.team.limits.tokens, "cost_usd": run.team.limits.cost_usd},
    }
    if run.allows_code:
        stands["allows_code"] = True
    if run.allows_web:
        stands["allows_web"] = True
    hiding = run.hiding()
    if hiding.awaits:
        stands["awaits_code"] = True
    if hiding.asks:
        stands["asks_code"] = True
    if hiding.spent:
        stands["spent_codes"] = list(hiding.spent)
    if hiding.asks_else:
        stands["asks_else"] = True
    if run.team.language != "en":
        stands["language"] = run.team.language
    if run.days:
        stands["days"] = {str(place): day.isoformat() for place, day in run.days.items()}
    if run.forked:
        stands["forked"] = (run.forked.case_id, run.forked.after)
    return stands


def hiding_in(case_id: str, data: Snapshot | None) -> Hiding:
    """Which numbers the customer's next words are kept without, in a case that stands so."""
    if data is None:
        return Hiding(case_id)
    spent, asks_else = tuple(data.get("spent_codes", ())), data.get("asks_else", False)
    return Hiding(case_id, data.get("awaits_code", False), data.get("asks_code", False), spent, asks_else)


def thaw(run: Run, data: Snapshot, transcript: Sequence[Entry]) -> Run:
    """Put what `freeze` wrote, and the transcript until then, into a run that has just been made, in place of what it has."""
    limits = replace(run.team.limits, **data["limits"])
    if limits != run.team.limits:  # the same team is the same value, so that its chats and its fingerprint serve again
        run.team = replace(run.team, limits=limits)
    # The line that a call waits is no result: what comes of the call stands in its place.
    run.transcript = [line for line in transcript if line.kind != "result" or line.status != "waiting"]
    run.pending = deque((call_id, Call.from_data(call)) for call_id, call in data["pending"])
    run.used = Used.from_data(data["used"])
    run.customer_id = data["customer_id"]
    run.spent_codes = tuple(data.get("spent_codes", ()))
    run.known = data["known"]
    run.folder = Path(data["folder"]) if data["folder"] else None
    run.asks_model = data["asks_model"]
    run.forked = Forked(*data["forked"]) if "forked" in data else None
    run.reviewed = data.get("reviewed", False)  # up to version 0.2.0 it was no part of a case
    run.allows_code, run.allows_web = data.get("allows_code", False), data.get("allows_web", False)
    run.days = {int(place): date.fromisoformat(day) for place, day in data.get("days", {}).items()}
    return run


def agent_gone(team: TeamSpec, transcript: Sequence[Entry], pending: Collection[str]) -> str:
    """The agent whom a case goes on with and whom the team does not have any more, or ""; `pending` are the ids of calls.

    It is whoever has an open matter, made a call that waits, or asked the customer last. One who is done is not needed.
    """
    needed = [matter.agent for matter in team.flow.open_matters(transcript)]
    needed += [line.speaker for line in transcript if line.kind == "call" and line.call_id in pending]
    said = [line for line in transcript if line.kind == "message" and line.speaker != CUSTOMER and not line.meanwhile]
    needed += [said[-1].speaker] if said and said[-1].asks and said[-1].by != "human" else []
    return next((agent for agent in needed if agent not in team.members), "")
