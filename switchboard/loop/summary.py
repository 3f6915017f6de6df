"""A case in words: what was done, for the customer, and the whole of it, for the human who takes it over."""

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import (
    DEADLINE,
    BranchEntry,
    CallEntry,
    DecisionEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    ResultEntry,
    as_json,
)
from switchboard.events.masking import without_cards
from switchboard.events.rendering import cut, in_short
from switchboard.loop.state import Run, written

MOST_TEXT = 500
MOST_LINES = 80
"""Of what happened, the newest so many lines."""


def case_in_words(run: Run) -> str:
    """What a human must know to go on: who it is, what was done, what not, what is open, then everything in order."""
    who = f"{run.customer_id}, verified" if run.customer_id else "not verified"
    known = "".join(f", {name} {value}" for name, value in run.known.items())
    results = [e for e in run.transcript if e.kind == "result"]
    writes = {name for name, tool in run.team.tools.items() if tool.effect in ("write", "send")}
    failed = [e for e in results if e.status in ("refused", "failed") and e.tool in writes]
    matters = run.team.flow.open_matters(run.transcript)
    lines = [
        f"Case {run.id}. Customer: {who}{known}.",
        *([f"The agents stopped at {run.end}: {run.reason}"] if run.end else []),
        f"Done: {'; '.join(done_list(run)) or 'nothing was changed'}.",
        *(f"Not done: {in_words(run, e)}, {_how(e)}" for e in failed),
        *(f"Asked for and not made: {in_words(run, e)}" for e in _calls_left(run)),
        *(f"Open, with {m.agent}: {_short(m.request)}" for m in matters if m.request),
    ]
    read = [e for e in run.transcript if e.kind != "result" or e.to != run.team.flow.closer]
    told = [line for e in read if (line := _line(e))]
    left_out = [f"({len(told) - MOST_LINES} lines before that are in the case's transcript)"] if len(told) > MOST_LINES else []
    return without_cards("\n".join([*lines, "", "What happened, the newest last:", *left_out, *told[-MOST_LINES:]]))


def done_list(run: Run) -> list[str]:
    """What was changed, one short text for each call."""
    return [in_words(run, entry) for entry in written(run)]


def in_words(run: Run, entry: CallEntry | ResultEntry) -> str:
    """A call in words: what the tool is called, with its amount where it moves one; what it moved, where the result says."""
    given, result = entry.arguments, entry.result if entry.kind == "result" else None
    facts = {**given, **(result if isinstance(result, dict) else {})}
    tool = run.team.tools.get(entry.tool)
    amount = facts.get(tool.amount) if tool and tool.amount else None
    money = run.team.vocabulary.money(amount) if isinstance(amount, int) else ""
    if tool and tool.called and tool.takes(given):
        return ", ".join(part for part in (tool.called.format_map(facts), money) if part)
    return " ".join(part for part in (entry.tool.replace("_", " "), money) if part)


def _calls_left(run: Run) -> list[CallEntry]:
    """The calls that have no result and do not hand the case over themselves."""
    answered = {e.call_id for e in run.transcript if e.kind == "result"}
    calls = [e for e in run.transcript if e.kind == "call" and e.call_id not in answered]
    return [e for e in calls if not (e.tool in run.team.tools and run.team.tools[e.tool].ends)]


def _line(e: Entry) -> str:
    """One line of what happened; empty for what a human need not read."""
    match e:
        case MessageEntry() if e.speaker == CUSTOMER:
            return f"- The customer: {_short(e.text)}"
        case MessageEntry():
            return f"- {e.operator or e.speaker} to the customer: {_short(e.text)}"
        case HandoffEntry():
            return f"- {e.speaker} handed over to {e.to}: {_short(e.text)}"
        case ResultEntry():
            given = ", ".join(f"{name}={_short(as_json(value))}" for name, value in e.arguments.items())
            return f"- {e.to} called {e.tool}({given}): {_how(e)}"
        case BranchEntry():
            return f"- {e.speaker} looked into it, in {e.case_id} ({e.end}): {_short(e.text or e.reason)}"
        case DecisionEntry() if e.by == "human":
            return f"- {e.operator or e.speaker} decided: {_short(e.text)}"
        case _:
            return ""


def _how(e: ResultEntry) -> str:
    """How a call ended, and who refused it where a human did."""
    by = f" by {e.refused_by}" if e.refused_by not in ("", DEADLINE) else ""
    result = e.result if isinstance(e.result, str) else as_json(e.result)
    return f"{e.status}{by}: {_short(e.text or (result if len(result) <= MOST_TEXT else in_short(e.result)))}"


def _short(text: str) -> str:
    return cut(" ".join(text.split()), MOST_TEXT)
