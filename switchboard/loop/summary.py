"""A case told: in words, for the customer and for the human who takes it over, and as the document that commands print."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from switchboard.declare.document import Document, MadeCall
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import (
    BranchEntry,
    CallEntry,
    DecisionEntry,
    Entry,
    HandoffEntry,
    MessageEntry,
    ResultEntry,
    Status,
)
from switchboard.events.masking import without_cards
from switchboard.events.rendering import cut, handed_back, in_facts, reopened, why_refused
from switchboard.flows.matters import is_with_a_human, since_hand_back
from switchboard.loop.state import Run, Used, written

log = logging.getLogger("switchboard")
MOST_TEXT = 500
MOST_LINES = 80
"""Of what happened, the newest so many lines."""


def case_in_words(run: Run) -> str:
    """What a human must know to go on: who it is, what was done, what not, what is open, then everything in order. Where that
    cannot be told they get the case nevertheless.
    """
    try:
        return _case_in_words(run)
    except Exception:
        log.exception("case %s cannot be told", run.id)
        return f"Case {run.id}. What happened cannot be told here: look at its transcript before you do anything."


def _case_in_words(run: Run) -> str:
    who = f"{run.customer_id}, verified" if run.customer_id else "not verified"
    known = "".join(f", {name} {value}" for name, value in run.known.items())
    results = [e for e in run.transcript if e.kind == "result"]
    writes = {name for name, tool in run.team.tools.items() if tool.effect in ("write", "send")}
    done = "; ".join(done_list(run)) or ("nothing was changed" if is_unchanged(run) else "nothing that is known")
    unknown = dict.fromkeys([*not_known_list(run), *sent_before(run)])
    failed = [e for e in results if e.status in ("refused", "failed") and e.tool in writes and not e.is_not_known]
    matters = run.team.flow.open_matters(run.transcript)
    lines = [
        f"Case {run.id}. Customer: {who}{known}.",
        *([f"The agents stopped at {run.end}: {run.reason}"] if run.end else []),
        f"Done: {done}.",
        *(f"Not known whether done, look before you do it: {one}" for one in unknown),
        *(f"Not done: {in_words(run, e)}, {_how(e)}" for e in failed),
        *(f"Asked for and not made: {in_words(run, e)}" for e in _calls_left(run)),
        *(f"Open, with {m.agent}: {_short(m.request)}" for m in matters if m.request),
    ]
    read = [e for e in run.transcript if e.kind != "result" or e.to != run.team.flow.closer]
    told = [line for e in read if (line := _line(e))]
    left_out = [f"({len(told) - MOST_LINES} lines before that are in the case's transcript)"] if len(told) > MOST_LINES else []
    return without_cards("\n".join([*lines, "", "What happened, the newest last:", *left_out, *told[-MOST_LINES:]]))


def done_list(run: Run) -> list[str]:
    """What was changed, one short text for each call. That a human has the case changes nothing for the customer."""
    return [in_words(run, entry) for entry in written(run) if not entry.ends]


def not_known_list(run: Run) -> list[str]:
    """What was sent, and nobody can say whether it was done, in words. An operator who gave the case back has found out."""
    return [in_words(run, e) for e in since_hand_back(run.transcript) if _is_not_known(run, e) and e.kind == "result"]


def sent_before(run: Run) -> list[str]:
    """The calls of this case that were sent in another one, too, where nobody knows what came of them; not those done since,
    nor those before an operator gave the case back.
    """
    done = {e.call_id for e in written(run)}
    sent = [e for e in since_hand_back(run.transcript) if e.kind == "decision" and e.sent_before and e.call_id not in done]
    return list(dict.fromkeys(e.sent_before for e in sent))


def is_unchanged(run: Run) -> bool:
    """Whether nothing was changed for sure: what nobody knew of may be done, whatever an operator found out."""
    may_be = any(_is_not_known(run, e) or (e.kind == "decision" and e.sent_before) for e in run.transcript)
    return not may_be and not done_list(run)


def _is_not_known(run: Run, e: Entry) -> bool:
    tool = run.team.tools.get(e.tool) if e.kind == "result" else None
    return e.kind == "result" and e.is_not_known and (tool is None or tool.changes)


def in_words(run: Run, entry: CallEntry | ResultEntry) -> str:
    """A call in words: what the tool is called, with the amount that it is to move, both as they were agreed to. What the other
    side answers changes nothing of that, and cannot keep it from being told.
    """
    tool = run.team.tools.get(entry.tool)
    cents = tool.cents_given(entry.arguments) if tool else None
    money = "" if cents is None else run.team.vocabulary.money(cents)
    name = tool.named(entry.arguments) if tool else entry.tool.replace("_", " ")
    return (", " if tool and name != entry.tool.replace("_", " ") else " ").join(part for part in (name, money) if part)


def _calls_left(run: Run) -> list[CallEntry]:
    """The calls that have no result and do not hand the case over themselves."""
    answered = {e.call_id for e in run.transcript if e.kind == "result"}
    calls = [e for e in run.transcript if e.kind == "call" and e.call_id not in answered]
    return [e for e in calls if not (e.tool in run.team.tools and run.team.tools[e.tool].ends)]


def _line(e: Entry) -> str:
    """One line of what happened; empty for what a human need not read."""
    match e:
        case MessageEntry() if e.speaker == CUSTOMER:
            beside = f" (and, not in their own words: {_short(e.quoted)})" if e.quoted else ""
            return f"- The customer: {_short(e.text)}{beside}"
        case MessageEntry():
            return f"- {e.operator or e.speaker} to the customer: {_short(e.text)}"
        case HandoffEntry():
            return f"- {e.speaker} handed over to {e.to}: {_short(e.text)}"
        case ResultEntry():
            given = ", ".join(f"{name.replace('_', ' ')} {_short(in_facts(value, ()))}" for name, value in e.arguments.items())
            return f"- {e.to}: {e.called or e.tool.replace('_', ' ')}{given and f' ({given})'}: {_how(e)}"
        case BranchEntry():
            return f"- {e.speaker} looked into it, in {e.case_id} ({e.end}): {_short(e.text or e.reason)}"
        case DecisionEntry() if e.handed_back:
            return f"- {e.operator} {_short(handed_back(e))}"
        case DecisionEntry() if e.reopened:
            return f"- {e.operator} {_short(reopened(e))}"
        case DecisionEntry() if e.by == "human" and e.speaker == CUSTOMER:
            return f"- {e.text}"
        case DecisionEntry() if e.by == "human":
            return f"- {e.operator or e.speaker}{f' to {e.to}:' if e.to else ''} {_short(e.text)}"
        case _:
            return ""


def _how(e: ResultEntry) -> str:
    """How a call ended, and who refused it where a human did."""
    by = f" by {e.refused_by}" if e.operator_said_no else ""
    what = why_refused(e) if e.text else in_facts(e.result, ("_cents",))
    return f"{e.status}{by}: {_short(what)}"


def _short(text: str) -> str:
    return cut(" ".join(text.split()), MOST_TEXT)


def reply(run: Run) -> str:
    """All that was said to the customer since their last words, but for how things stood meanwhile."""
    return reply_in(run.transcript)


def _until_answered(transcript: Sequence[Entry]) -> Sequence[Entry]:
    """The lines up to the newest that was said to the customer: what they wrote after it lies before a human."""
    said = [i for i, e in enumerate(transcript) if e.kind == "message" and e.speaker != CUSTOMER]
    return transcript[: said[-1] + 1] if said else transcript


def reply_in(transcript: Sequence[Entry]) -> str:
    return "\n\n".join(e.text.strip() for e in answers(transcript) if e.text.strip())


def answers(transcript: Sequence[Entry]) -> list[MessageEntry]:
    """The messages that a reply is made of."""
    spoken = [e for e in transcript if e.kind == "message"]
    last = max((i for i, e in enumerate(spoken) if e.speaker == CUSTOMER), default=-1)
    said = spoken[last + 1 :]
    answered = max((i for i, e in enumerate(said) if not e.meanwhile), default=-1)
    return [e for i, e in enumerate(said) if i > answered or not e.meanwhile]


class Stands(NamedTuple):
    """How a case stands beside its transcript: `run` is the number of its newest run, `end` None while one works on it."""

    case_id: str
    run: int
    team: str
    end: str | None
    reason: str
    department: str | None
    used: Used


def stands(run: Run) -> Stands:
    return Stands(run.id, run.number, run.team.name, run.end, run.reason, department(run), run.used)


def document(run: Run) -> Document:
    """The case as JSON-ready data: its end, what was said and called, by whom, and what it cost."""
    return as_document(stands(run), run.transcript)


def as_document(case: Stands, transcript: Sequence[Entry]) -> Document:
    """The same for a case that nobody works on here."""
    notes = [e.text for e in transcript if e.kind == "note"]
    with_a_human = case.end == "escalated" or is_with_a_human(transcript)
    return {
        "case_id": case.case_id,
        "run_id": f"{case.case_id}:{case.run}",
        "team": case.team,
        "end": case.end,
        "reason": case.reason,
        "department": case.department,
        "reply": reply_in(_until_answered(transcript) if with_a_human else transcript),
        "note": notes[-1] if notes else "",
        "transcript": [e.document() for e in transcript],
        "tool_calls": tool_calls(transcript),
        "branches": [{"case_id": e.case_id, "agent": e.speaker, "end": e.end} for e in transcript if e.kind == "branch"],
        "model_calls": case.used.model_calls,
        "tokens": case.used.tokens,
        "cost_usd": round(case.used.cost_usd, 6),
        "cost_known": not case.used.unpriced,
        "unpriced_calls": case.used.unpriced,
        "seconds": round(case.used.seconds, 3),
    }


def department(run: Run) -> str | None:
    """The first agent that the entry agent handed the case to; of a branch, who works on it. Where that agent can hand on to
    one only, it is the `department` that it found, if it found one.
    """
    entry = run.team.flow.entry
    if run.parent:
        return entry
    handed = next((e for e in run.transcript if e.kind == "handoff" and e.speaker == entry), None)
    if handed is None:
        return None
    found = handed.facts.get("department") if len(run.team.flow.reaches[entry]) == 1 else None
    return str(found or handed.to)


def tool_calls(transcript: Sequence[Entry]) -> list[MadeCall]:
    """Every call with how it ended."""
    results = {e.call_id: e for e in transcript if e.kind == "result"}
    rows = []
    for e in transcript:
        if e.kind == "call":
            answer = results.get(e.call_id)
            arguments = dict(answer.arguments if answer else e.arguments)
            status: Status = answer.status if answer else "refused"
            rows.append(MadeCall(tool=e.tool, agent=e.speaker, arguments=arguments, status=status))
    return rows
