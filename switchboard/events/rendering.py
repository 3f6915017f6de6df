"""A transcript as lines of text, masked: what was said and done, for people, or as a trace one line for each entry."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from switchboard.declare.document import Document
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import (
    BranchEntry,
    CallEntry,
    ConsentEntry,
    DecisionEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    NoteEntry,
    ResultEntry,
    as_json,
)
from switchboard.events.masking import masked
from switchboard.models.money.prices import of_unknown_price
from switchboard.search.citations import readable

ADVICE = re.compile(r"(?<=[.!?])\s+|;\s|:\s(?=[a-z])")
"""What stands between the reason of a refusal and what would work."""
MOST_ARGUMENT = 60
MOST_RESULT = 600
MOST_LINE = 240
"""Characters of a call or a result; what is said is shown whole."""


class Line(NamedTuple):
    """`who` did `what`; `kind` is the entry's kind or, for a result, its status."""

    who: str
    what: str
    kind: str
    by: str


HOW = {"done": "done", "waiting": "waits", "refused": "not done", "failed": "not done"}


def told_of(entry: Entry) -> Line | None:
    """An entry as a person reads it who wants to know what was said and done, and not how; None for what is of the inside."""
    match entry:
        case MessageEntry() if entry.speaker == CUSTOMER:
            return Line(CUSTOMER, printable(entry.text), "message", "")
        case MessageEntry():
            return Line(entry.operator or entry.speaker, printable(readable(entry.text)), "message", "")
        case ResultEntry() if entry.called and not entry.dropped:
            why = f": {entry.text}" if entry.refused_by or entry.status == "failed" else ""
            how = "not known" if entry.is_not_known else HOW[entry.status]
            return Line(how, printable(f"{sentence(entry.called)}{why}"), entry.status, "")
        case NoteEntry():
            return Line("note", printable(readable(entry.text)), "note", "")
        case BranchEntry():
            return Line(entry.speaker, printable(f"looked into: {cut(entry.task, MOST_ARGUMENT)}"), "branch", "")
        case DecisionEntry() if entry.handed_back:
            return Line(entry.operator, printable(handed_back(entry)), "decision", "")
        case DecisionEntry() if entry.reopened:
            return Line(entry.operator, printable(reopened(entry)), "decision", "")
        case DecisionEntry() if entry.by == "human":
            return Line(entry.operator or entry.speaker, printable(entry.text), "decision", "")
    return None


def told_to_customer(entry: Entry) -> Line | None:
    """An entry as its customer reads it, to whom nothing is shown that is for colleagues or agents."""
    match entry:
        case NoteEntry():
            return None
        case DecisionEntry() if entry.reopened:
            return None
        case DecisionEntry() if entry.handed_back:
            return Line(entry.operator, "gives the case back to the agents.", "decision", "")
    return told_of(entry)


def in_facts(value: Any, left_out: tuple[str, ...] = ("_cents", "_id")) -> str:
    """A result in a line, for operators: its fields and what they hold, without ids of rows and money in cents."""
    if isinstance(value, dict):
        shown = ((name, in_facts(one, left_out)) for name, one in value.items() if not name.endswith(left_out))
        return cut(printable(", ".join(f"{name.replace('_', ' ')} {one}" for name, one in shown if one)), MOST_RESULT)
    if isinstance(value, list | tuple):
        return "; ".join(in_facts(one, left_out) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def why_refused(entry: ResultEntry) -> str:
    """Why a call was not done, for people: of what a tool says the reason, and not what it tells the agents to do about it."""
    return entry.text if entry.operator_said_no or entry.status == "failed" else ADVICE.split(entry.text, maxsplit=1)[0]


def handed_back(entry: DecisionEntry) -> str:
    """An operator's note to the agents, which is no word to the customer."""
    return f"gives the case back. To the agents: {entry.text}"


def reopened(entry: DecisionEntry) -> str:
    """Why an operator opened a case again, for colleagues."""
    return f"opens the case again: {entry.text}"


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def line_of(entry: Entry) -> Line:
    """An entry of a transcript as a line of the trace."""
    kind, what = str(entry.kind), entry.text
    match entry:
        case CallEntry():
            given = ", ".join(f"{name}={cut(as_json(value), MOST_ARGUMENT)}" for name, value in entry.arguments.items())
            what = f"{entry.tool}({given})"
            what = f"{entry.text}\n{what}" if entry.text else what
        case ResultEntry():
            kind = entry.status
            what = f"{entry.tool}: {entry.text or in_short(entry.result)}"
        case BranchEntry():
            what = f"in {entry.case_id}, {entry.end}: {entry.text or entry.reason}"
        case ConsentEntry():
            what = f"{entry.stance} to {entry.call_id}" if entry.stance != "other" else f"no answer to {entry.call_id}"
        case DecisionEntry() if entry.handed_back:
            what = handed_back(entry)
        case DecisionEntry() if entry.reopened:
            what = reopened(entry)
        case HandoffEntry():
            what = f"to {entry.to}: {entry.text}"
        case MessageEntry() if entry.quoted:
            what = "\n".join([entry.text, *(f"│ {line}" for line in entry.quoted.split("\n"))]).strip()
    shown = printable(what)
    if kind in ("call", "done", "refused", "failed"):
        shown = cut(shown, MOST_LINE)
    return Line(entry.speaker, shown, kind, entry.by)


def details_of(entry: Entry) -> Iterator[tuple[str, Any]]:
    """All there is to a line, each with its name, unmasked: texts and data. What it goes by comes first."""
    yield from goes_by(entry)
    given: dict[str, Any] = {}
    match entry:
        case CallEntry():
            given = {"arguments": dict(entry.arguments)}
        case ResultEntry():
            given = {"arguments": dict(entry.arguments), "result": entry.result, "code": entry.code, "data": dict(entry.data)}
            given["refused by"] = entry.refused_by
        case HandoffEntry():
            given = {"reason": entry.reason, "request": entry.request, "facts": dict(entry.facts)}
        case ConsentEntry():
            given = {"bound to": entry.bound}
        case MessageEntry() if entry.confirms:
            given = {"asks for a yes to": {name: list(one) for name, one in entry.confirms.items()}}
    if entry.text and not isinstance(entry, MessageEntry | NoteEntry):
        yield "said", entry.text
    yield from ((name, value) for name, value in given.items() if value not in ("", None, {}, []))


def goes_by(entry: Entry) -> Iterator[tuple[str, str]]:
    """The rule that decided on a call, what carries an answer, and the answer of a model that was not sent."""
    match entry:
        case ResultEntry() if entry.rule:
            yield "rule", entry.rule
        case MessageEntry() if entry.rests_on:
            yield "rests on", "\n".join(entry.rests_on)
        case DecisionEntry() if entry.not_sent:
            yield "not sent", entry.not_sent


def traced(entry: Entry) -> Line:
    """An entry as a line of the trace, with what it goes by."""
    line = line_of(entry)
    below = [f"{name}: {cut(printable(' '.join(text.split())), MOST_LINE)}" for name, text in goes_by(entry)]
    return line._replace(what="\n".join([line.what, *below]))


def printable(text: str) -> str:
    """The text as a screen may show it: masked, and without control characters, which a terminal would obey."""
    return masked("".join(c for c in text if c.isprintable() or c == "\n"))


def in_short(result: Any) -> str:
    """A result for the eye: names and values of the first level, how many of what lies deeper, amounts only in words."""
    if not isinstance(result, dict):
        return as_json(result)
    shown = [
        f"{name} {value}" if not isinstance(value, list | dict) else f"{name} ({len(value)})"
        for name, value in result.items()
        if not name.endswith("_cents") or name.removesuffix("_cents") not in result
    ]
    return ", ".join(shown)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} …"


def ending_of(document: Document) -> str:
    """How a case ended, in a few words, with what it cost where a model was asked."""
    cost = f" · {document['model_calls']} model calls, {money_of(document)}" if document["model_calls"] else ""
    return f"{document['end']} · {document['case_id']}{cost}"


def money_of(document: Document) -> str:
    """What models cost in a case: what is known of it, and how many calls nobody knows the price of."""
    unpriced = document["unpriced_calls"]
    known = f"{document['cost_usd']:.4f} USD" if document["cost_usd"] or not unpriced else ""
    unknown = of_unknown_price(unpriced) if unpriced else ""
    return " + ".join(part for part in (known, unknown) if part)


def summary_of(document: Document) -> str:
    """One line on how a case ended and what it cost, for the trace."""
    changed = [c["tool"] for c in document["tool_calls"] if c["status"] == "done"]
    cost = f"{document['model_calls']} model calls, {document['tokens']} tokens, {money_of(document)}"
    return f"{document['end']} · {len(changed)} tool calls done · {cost} · {document['seconds']:.2f} s · {document['case_id']}"
