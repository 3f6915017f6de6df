"""The end of a run: its name, and a last message to the customer that is true whatever happened."""

import re

from runtime.executor import do_call
from runtime.flow import CUSTOMER
from runtime.state import End, Run, written
from runtime.transcript import Entry

CLAIMS = re.compile(
    r"\b(i|we)('ve| have|)\s+(just |now |already |successfully )*"
    r"(refunded|cancelled|canceled|returned|exchanged|changed|updated|issued|processed|modified|transferred)\b"
    r"|\b(has|have) (now |just |already )?been "
    r"(refunded|cancelled|canceled|exchanged|changed|updated|issued|processed|modified)\b",
    re.IGNORECASE,
)
NOTHING_DONE = "To be clear: nothing was changed in this conversation; no order, payment or address was touched."


def natural_end(run: Run) -> End:
    """The end of a run that no limit, stop or failure ended."""
    ends = {name for name, tool in run.team.tools.items() if tool.ends}
    if any(e.kind == "result" and e.status == "done" and e.tool in ends for e in run.transcript):
        return "escalated"
    spoken = [e for e in run.transcript if e.kind == "message"]
    return "awaiting_customer" if spoken and spoken[-1].asks else "resolved"


def close(run: Run) -> None:
    """Name the end, leave an unfinished case with a human, and see to it that the customer hears the truth."""
    run.stop(natural_end(run), "")
    if run.end in ("limit", "loop", "failed", "cancelled", "awaiting_approval"):
        done = done_list(run)
        run.add(Entry(_voice(run), "message", _closing_text(run, done, handed_over=_rescue(run))))
        return
    answer = reply(run)
    if not answer:
        run.add(Entry(_voice(run), "message", "Thank you for your message. Nothing was changed."))
    elif CLAIMS.search(answer) and not written(run):
        run.add(Entry(_voice(run), "message", NOTHING_DONE))


def reply(run: Run) -> str:
    """All that was said to the customer since their last words."""
    spoken = [e for e in run.transcript if e.kind == "message"]
    last = max((i for i, e in enumerate(spoken) if e.speaker == CUSTOMER), default=-1)
    return "\n\n".join(e.text.strip() for e in spoken[last + 1 :] if e.text.strip())


def done_list(run: Run) -> list[str]:
    """What was changed: the tool's name in words, with the order and the amount where there are such."""
    lines = []
    for entry in written(run):
        facts = {**(entry.arguments or {}), **(entry.result if isinstance(entry.result, dict) else {})}
        told = [str(facts[name]) for name in ("order_id", "amount") if name in facts]
        lines.append(" ".join([(entry.tool or "").replace("_", " "), *told]))
    return lines


def _voice(run: Run) -> str:
    """Who speaks for the team when no agent can: the entry agent."""
    return run.team.flow.entry


def _rescue(run: Run) -> bool:
    """Leave the case with a human, where the team can. Returns whether that worked."""
    if run.team.rescue is None or run.end in ("cancelled", "awaiting_approval"):
        return False
    call = run.team.rescue(run.transcript)
    holder = next((s.name for s in run.team.members.values() if s.tool(call.tool)), None)
    if holder is None:
        return False
    call_id = run.next_call_id()
    run.add(Entry(holder, "call", tool=call.tool, arguments=dict(call.arguments), call_id=call_id))
    do_call(run, call_id, call)
    return run.transcript[-1].status == "done"


def _closing_text(run: Run, done: list[str], *, handed_over: bool) -> str:
    opening = {
        "limit": "I could not finish this within the limits that are set for me.",
        "loop": "I could not get any further with this.",
        "failed": "Something went wrong on our side while I worked on this.",
        "cancelled": "This conversation was stopped before it was finished.",
        "awaiting_approval": "What you asked for needs the approval of a colleague, who has been asked. It is not done yet.",
    }[str(run.end)]
    what = f"What was done: {'; '.join(done)}." if done else "Nothing was changed."
    further = "A colleague takes over from here and has all the details." if handed_over else ""
    if not handed_over and run.end != "awaiting_approval":
        further = "Please write to us again if you still need help."
    return " ".join(part for part in (opening, what, further) if part)
