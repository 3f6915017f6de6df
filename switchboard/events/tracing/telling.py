"""A trace in words: each span in a few, when it began, how long it took, and what it cost. Terminal and page say the same."""

from collections.abc import Iterator
from datetime import UTC, datetime

from switchboard.events.tracing.span import Span, Usage

MINUTE, HOUR, DAY = 60, 3600, 86_400


def drawn(span: Span, before: str = "", guide: str = "") -> Iterator[tuple[str, Span]]:
    """Each span with the lines that lead to it."""
    yield guide, span
    for child in span.children:
        is_last = child is span.children[-1]
        yield from drawn(child, before + ("   " if is_last else "│  "), before + ("└─ " if is_last else "├─ "))


def told(span: Span) -> str:
    """What a span is, in a few words."""
    facts, status = span.facts, span.status
    match span.kind:
        case "case":
            with_whom = facts.get("held_by") or facts.get("department")
            return f"case {span.case_id}: {status or 'goes on'}{f', with {with_whom}' if with_whom else ''}"
        case "run":
            restarts = f", restarts: {facts['restarts']}" if facts.get("restarts") else ""
            return f"run {span.run}, began with {facts['began_with'].replace('_', ' ')}: {status or 'goes on'}{restarts}"
        case "branch":
            return f"branch {span.case_id.rpartition('.')[2]}, {span.name}: {status or 'goes on'}"
        case "turn":
            did = f": {facts['did']}" if facts["did"] else ""
            return f"{span.name} ({facts['by']}){did}" if facts["by"] else f"{span.name}{did}"
        case "model":
            return f"model {span.name}" if not span.error else "model: no answer"
        case "wait":
            why = f" ({facts['for']})" if facts["for"].startswith(("review", "approve")) else ""
            return f"{'waits' if span.end is None else 'waited'} for {article(span.name)}{why}"
        case _:
            before = f" ({facts['before']})" if facts["before"] else ""
            found = f", {facts['found']} found" if facts["found"] is not None else ""
            how = f"{status} {span.error}".rstrip()
            return f"{span.name}{before}: {how}{found}"


def article(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"the {name}"


def numbers(span: Span) -> tuple[str, str, str, str]:
    """When a span began, how long it took, its tokens and its money; empty where no model was asked."""
    began = datetime.fromtimestamp(span.start, UTC)
    when = f"{began:%m-%d %H:%M:%S}" if span.kind in ("case", "run", "wait") else f"{began:%H:%M:%S}"
    usage = span.usage
    if not usage.model_calls:
        return when, took(span.seconds), "", ""
    return when, took(span.seconds), tokens(usage), money(usage.cost_usd)


def took(seconds: float | None) -> str:
    if seconds is None:
        return "…"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 2 * DAY else f"{seconds / DAY:.0f} days"


def tokens(usage: Usage) -> str:
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    return f"{usage.tokens:,}{cached}"


def money(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:.4f}"


def summed(span: Span) -> str:
    """What a case took in all."""
    usage = span.usage
    if not usage.model_calls:
        return "no model was asked"
    cost = "cost unknown" if usage.cost_usd is None else f"{usage.cost_usd:.4f} USD"
    wasted = f", {usage.wasted_tokens:,} of them wasted" if usage.wasted_tokens else ""
    return f"{usage.model_calls} model calls, {usage.tokens:,} tokens{wasted}, {cost}"
