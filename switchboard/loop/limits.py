"""Limits and loop detection: pure checks of a run between two turns."""

from collections import Counter
from dataclasses import replace
from itertools import groupby

from switchboard.declare.flow import CUSTOMER, EXECUTOR
from switchboard.declare.outcomes import Wasted
from switchboard.declare.team import Limits
from switchboard.declare.transcript import Entry, as_key
from switchboard.flows.inner.board import Board
from switchboard.flows.matters import since_last_words
from switchboard.loop.state import Run
from switchboard.models.money.budgets import WARNED_AT, Unit, amount

AGENT_TURNS = ("message", "handoff", "call", "note", "decision")


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
    lines = since_last_words(run.transcript)
    turns = turns_of(lines)
    in_branches, calls = _in_branches(lines)
    words = sum(e.kind == "message" and e.speaker == CUSTOMER for e in run.transcript)
    checks = [
        (words - 1, limits.customer_messages, "messages of the customer"),
        (len(turns) + in_branches, limits.turns, "turns"),
        (_in_a_row(turns), limits.replies_in_a_row, "replies in a row of one agent"),
        (calls, limits.tool_calls, "tool calls"),
        (used.tokens, limits.tokens, "tokens"),
        (used.cost_usd, limits.cost_usd, "US dollars"),
        (used.seconds, limits.seconds, "seconds"),
    ]
    return next((f"The run reached its limit of {most} {what}." for value, most, what in checks if value >= most), "")


def running_out(run: Run, took: Wasted) -> list[str]:
    """What is to be told of a case's own budgets where a call of a model took them past the share at which that is told."""
    if run.under:
        return []  # it has a share of them, and its parent counts what it took
    limits, used = run.team.limits, run.used
    units: tuple[tuple[Unit, str, float, float, float], ...] = (
        ("tokens", "tokens", used.tokens, took.tokens, limits.tokens),
        ("cost_usd", "US dollars", used.cost_usd, took.cost_usd, limits.cost_usd),
    )
    return [
        f"Budget of {run.id}: {amount(before + more, unit)} of {amount(most, unit)} {what} are used. It runs out."
        for unit, what, before, more, most in units
        if before < WARNED_AT * most <= before + more
    ]


def share(run: Run, branches: int) -> Limits:
    """What each of so many branches may use: an even share of what the run has left, so that no order in which they come
    along changes how any of them ends.
    """
    limits, used = run.team.limits, run.used
    lines = since_last_words(run.transcript)
    in_branches, calls = _in_branches(lines)
    turns = limits.turns - len(turns_of(lines)) - in_branches
    return replace(
        limits,
        turns=turns // branches,
        tool_calls=(limits.tool_calls - calls) // branches,
        tokens=(limits.tokens - used.tokens) // branches,
        cost_usd=(limits.cost_usd - used.cost_usd) / branches,
        seconds=(limits.seconds - used.seconds) / branches,
    )


def _in_branches(lines: list[Entry]) -> tuple[int, int]:
    """The turns that branches took, and all tool calls, theirs among them."""
    came = [e for e in lines if e.kind == "branch"]
    calls = sum(e.kind == "result" for e in lines) + sum(e.calls for e in came)
    return sum(max(1, e.turns) for e in came), calls


def turns_of(lines: list[Entry]) -> list[str]:
    """The speakers of the agents' turns; several calls in one message are one turn."""
    turns = []
    caller = ""  # who made the call just before
    for line in lines:
        again = line.kind == "call" and line.speaker == caller
        caller = line.speaker if line.kind == "call" else ""
        by_the_way = line.kind == "decision" and line.by == "rules"  # says why a model's answer was not used
        if line.kind in AGENT_TURNS and line.speaker not in (CUSTOMER, EXECUTOR) and not again and not by_the_way:
            turns.append(line.speaker)
    return turns


def _in_a_row(speakers: list[str]) -> int:
    """The longest series of turns of one agent that nobody but the executor interrupted."""
    return max((len(list(row)) for _, row in groupby(speakers)), default=0)


def _circle(run: Run) -> str:
    limits = run.team.limits
    lines = since_last_words(run.transcript)
    calls = Counter((e.speaker, e.tool, as_key(e.arguments)) for e in lines if e.kind == "call")
    # The same question again, whatever was answered, gets nowhere; the same answer may be asked for again.
    questions = [e for e in run.transcript[: -len(lines) or None] if e.kind == "message" and e.asks]
    spoken = [e for e in lines if e.kind == "message" and e.speaker != CUSTOMER]
    texts = Counter((e.speaker, e.text) for e in [*questions, *spoken])
    handoffs = Counter(frozenset((e.speaker, e.to)) for e in lines if e.kind == "handoff")
    for (agent, tool, _), times in calls.items():
        if times >= limits.same_call:
            return f"{agent} made the same call of {tool} {times} times."
    for (agent, _), times in texts.items():
        if times >= limits.same_text:
            return f"{agent} said the same text {times} times."
    for pair, times in handoffs.items():
        if times >= limits.handoffs_between_two and not isinstance(run.team.flow, Board):  # which counts itself
            return f"{' and '.join(sorted(map(str, pair)))} handed the case back and forth {times} times."
    return ""
