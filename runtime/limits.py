"""Limits and loop detection: pure checks of a run between two turns."""

from collections import Counter
from itertools import groupby

from runtime.flow import CUSTOMER, EXECUTOR
from runtime.state import Run
from runtime.transcript import Entry, as_json

AGENT_TURNS = ("message", "handoff", "call", "note")


def stop_if_over(run: Run) -> bool:
    """Name the end of the run when a limit is reached or it goes round in circles."""
    over = _over_limit(run)
    if over:
        run.stop("limit", over)
    circle = _circle(run)
    if circle:
        run.stop("loop", circle)
    return run.end is not None


def _over_limit(run: Run) -> str:
    limits, used = run.team.limits, run.used
    turns = [e for e in run.transcript if e.kind in AGENT_TURNS and e.speaker not in (CUSTOMER, EXECUTOR)]
    results = sum(e.kind == "result" for e in run.transcript)
    in_a_row = _in_a_row(run.transcript)
    checks = [
        (len(turns), limits.turns, "turns"),
        (in_a_row, limits.replies_in_a_row, "replies in a row of one agent"),
        (results, limits.tool_calls, "tool calls"),
        (used.tokens, limits.tokens, "tokens"),
        (used.cost_usd, limits.cost_usd, "US dollars"),
        (used.seconds, limits.seconds, "seconds"),
    ]
    return next((f"The run reached its limit of {most} {what}." for value, most, what in checks if value >= most), "")


def _in_a_row(transcript: list[Entry]) -> int:
    """The longest series of turns of one agent that nobody but the executor interrupted."""
    speakers = [e.speaker for e in transcript if e.kind in ("message", "call", "decision") and e.speaker != EXECUTOR]
    rows = [len(list(rows)) for speaker, rows in groupby(speakers) if speaker != CUSTOMER]
    return max(rows, default=0)


def _circle(run: Run) -> str:
    limits = run.team.limits
    lines = run.transcript
    calls = Counter((e.speaker, e.tool, as_json(e.arguments)) for e in lines if e.kind == "call")
    texts = Counter((e.speaker, e.text) for e in lines if e.kind == "message" and e.speaker != CUSTOMER)
    handoffs = Counter(frozenset((e.speaker, e.to)) for e in lines if e.kind == "handoff")
    for (agent, tool, _), times in calls.items():
        if times >= limits.same_call:
            return f"{agent} made the same call of {tool} {times} times."
    for (agent, _), times in texts.items():
        if times >= limits.same_text:
            return f"{agent} said the same text {times} times."
    for pair, times in handoffs.items():
        if times >= limits.handoffs_between_two:
            return f"{' and '.join(sorted(map(str, pair)))} handed the case back and forth {times} times."
    return ""
