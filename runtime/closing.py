"""The end of a run: its name, and a last message to the customer that is true whatever happened."""

from runtime.claims import unsupported
from runtime.executor import do_call
from runtime.flow import CUSTOMER, open_matters
from runtime.moves import Call, Calls, Note
from runtime.rendering import cut
from runtime.state import End, Run, written
from runtime.transcript import Entry
from runtime.turn import otherwise

UNFINISHED = ("limit", "loop", "failed", "cancelled", "awaiting_approval")
MOST_QUOTED = 200
NOTHING_DONE = "To be clear: nothing was changed in this conversation; no order, payment or address was touched."


def natural_end(run: Run) -> tuple[End, str]:
    """The end of a run that no limit, stop or failure ended, and why where that is not plain."""
    if any(e.facts.get("ends") for e in run.transcript if e.kind == "result"):
        return "escalated", ""
    escalations = {name for name, tool in run.team.tools.items() if tool.ends}
    spoken = [e for e in run.transcript if e.kind == "message"]
    if spoken and spoken[-1].asks:
        return "awaiting_customer", ""
    if any(e.kind == "result" and e.tool in escalations for e in run.transcript):
        return "cancelled", "The case was to go to a human, and an operator refused that."
    return "resolved", ""


def close(run: Run) -> None:
    """Name the end, leave an unfinished case with a human, and see to it that the customer hears the truth."""
    run.stop(*natural_end(run))
    waiting = open_matters(run.transcript, run.team.flow.entry)[1:]
    requests = [" ".join(str(m.facts["request"]).split()) for m in waiting if "request" in m.facts]
    if run.end == "awaiting_customer" and requests:
        rest = "; ".join(f"“{cut(request, MOST_QUOTED)}”" for request in requests)
        run.add(Entry(_voice(run), "message", f"After that I take up the rest of your message: {rest}"))
    answer = reply(run)
    if run.end in UNFINISHED:
        done = done_list(run)
        run.add(Entry(_voice(run), "message", _closing_text(run, done, handed_over=_rescue(run))))
        if run.end != "cancelled":  # an operator who stops a run lets no further row be written
            _note(run)
    elif not answer:
        run.add(Entry(_voice(run), "message", "Thank you for your message. Nothing was changed."))
    elif not written(run) and any(unsupported(run, text) for text in _said_by_model(run)):
        run.add(Entry(_voice(run), "message", NOTHING_DONE))


def reply(run: Run) -> str:
    """All that was said to the customer since their last words."""
    return "\n\n".join(e.text.strip() for e in _answers(run) if e.text.strip())


def _answers(run: Run) -> list[Entry]:
    spoken = [e for e in run.transcript if e.kind == "message"]
    last = max((i for i, e in enumerate(spoken) if e.speaker == CUSTOMER), default=-1)
    return spoken[last + 1 :]


def _said_by_model(run: Run) -> list[str]:
    """What a model told the customer; the rules read their texts from the results."""
    return [e.text for e in _answers(run) if e.by == "model"]


def done_list(run: Run) -> list[str]:
    """What was changed, one short text for each call."""
    return [in_words(run, entry) for entry in written(run)]


def in_words(run: Run, entry: Entry) -> str:
    """A call in words: the tool's name, with the order and the amount where there are such."""
    given = entry.arguments or {}
    facts = {**given, **(entry.result if isinstance(entry.result, dict) else {})}
    tool = run.team.tools.get(entry.tool or "")
    if tool and tool.amount and tool.amount in given:
        facts.setdefault("amount", f"{int(given[tool.amount]) / 100:.2f} USD")
    return " ".join([(entry.tool or "").replace("_", " "), *(str(facts[k]) for k in ("order_id", "amount") if k in facts)])


def _voice(run: Run) -> str:
    """Who speaks for the team when no agent can: the entry agent."""
    return run.team.flow.entry


def _rescue(run: Run) -> bool:
    """Leave the case with a human, where the team can. Returns whether that worked."""
    if run.team.rescue is None or run.end == "cancelled":
        return False
    call = run.team.rescue(run.transcript)
    spoke = [e.speaker for e in reversed(run.transcript)]
    holders = [spec.name for spec in run.team.members.values() if spec.tool(call.tool)]
    holder = next((name for name in [*spoke, *holders] if name in holders), None)
    if holder is None:
        return False
    return _call(run, holder, call).status == "done"


def _call(run: Run, agent: str, call: Call) -> Entry:
    """A call after the group chat is over. Returns its result."""
    call_id = run.next_call_id()
    run.add(Entry(agent, "call", tool=call.tool, arguments=dict(call.arguments), call_id=call_id))
    do_call(run, call_id, call)
    return run.transcript[-1]


def _note(run: Run) -> None:
    """The case note of a run whose chat did not come to one; the closer's rules write it."""
    closer = run.team.members.get(run.team.flow.closer or "")
    move = otherwise(closer.without_model(run.view(closer.name))) if closer else None
    if closer and isinstance(move, Calls):
        for call in move.calls:
            _call(run, closer.name, call)
        move = otherwise(closer.without_model(run.view(closer.name)))
    if closer and isinstance(move, Note):
        run.add(Entry(closer.name, "note", move.text))


def _closing_text(run: Run, done: list[str], *, handed_over: bool) -> str:
    waiting = [in_words(run, e) for e in run.transcript if e.kind == "result" and e.status == "waiting"]
    opening = {
        "limit": "I could not finish this within the limits that are set for me.",
        "loop": "I could not get any further with this.",
        "failed": "Something went wrong on our side while I worked on this.",
        "cancelled": "This conversation was stopped before it was finished.",
        "awaiting_approval": f"This needs the approval of a colleague and is not done yet: {'; '.join(waiting)}.",
    }[str(run.end)]
    what = f"What was done: {'; '.join(done)}." if done else "Nothing was changed."
    further = "A colleague takes over from here and has all the details."
    return " ".join([opening, what, further if handed_over else "Please write to us again if you still need help."])
