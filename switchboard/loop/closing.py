"""The end of a run: its name, and a last message to the customer that is true whatever happened."""

import logging
from itertools import takewhile

from switchboard.declare.flow import CUSTOMER, OPERATOR, Speaker
from switchboard.declare.moves import Call, Calls, Note, otherwise
from switchboard.declare.transcript import CallEntry, MessageEntry, NoteEntry, ResultEntry
from switchboard.events.rendering import cut
from switchboard.flows.matters import is_just_handed_back, is_with_a_human, since_last_words
from switchboard.loop.answers import untold_changes
from switchboard.loop.drafts import end_of_suggestion
from switchboard.loop.executor import do_call
from switchboard.loop.state import End, Run
from switchboard.loop.summary import answers, done_list, in_words, is_unchanged, not_known_list, reply, sent_before
from switchboard.plays.default import rules_of
from switchboard.reading.languages import said

log = logging.getLogger("switchboard")
UNFINISHED = ("limit", "loop", "failed", "cancelled")
MOST_QUOTED = 200
NOTHING_FOUND = "Nothing was found in the sources."


def natural_end(run: Run) -> tuple[End, str]:
    """The end of a run that no limit, stop or failure ended, and why where that is not plain."""
    if run.suggests_for:
        return end_of_suggestion(run) if not _found_nothing(run) else ("not_found", NOTHING_FOUND)
    if run.parent:
        asks = any(e.kind == "message" and e.asks for e in run.transcript)
        return ("awaiting_customer", "It asked a question.") if asks else ("resolved", "")
    if is_with_a_human(run.transcript):
        return "escalated", ""
    if is_just_handed_back(run.transcript):
        return "awaiting_customer", "An operator gave the case back, and there was nothing to go on with."
    escalations = {name for name, tool in run.team.tools.items() if tool.ends}
    spoken = [e for e in run.transcript if e.kind == "message" and not e.meanwhile]
    if spoken and spoken[-1].asks:
        return "awaiting_customer", ""
    refused = [e for e in since_last_words(run.transcript) if e.kind == "result" and e.status != "done"]
    if any(e.tool in escalations for e in refused):
        return "cancelled", "The case was to go to a human, and an operator refused that."
    return ("not_found", NOTHING_FOUND) if _found_nothing(run) else ("resolved", "")


def _found_nothing(run: Run) -> bool:
    """Whether the newest call since the customer's last words that says whether it found anything says no."""
    finds = {name: tool.finds for name, tool in run.team.tools.items() if tool.finds}
    said_so = [e for e in since_last_words(run.transcript) if e.kind == "result" and e.status == "done" and e.tool in finds]
    newest = said_so[-1].result if said_so else None
    return isinstance(newest, dict) and newest.get(finds[said_so[-1].tool]) is False


def close(run: Run) -> None:
    """Name the end, leave an unfinished case with a human, and see to it that the customer hears the truth."""
    if run.end in ("limit", "loop", "failed") and is_told(run):
        run.end, run.reason = natural_end(run)  # only the note was left, and that spoils nothing
        _note(run)
    run.stop(*natural_end(run))
    if run.under or run.end == "ignored":  # whom it is told is no customer: a flow, an operator, or a machine
        return
    waiting = run.team.flow.open_matters(run.transcript)[1:]
    requests = [" ".join(m.request.split()) for m in waiting if m.request]
    if run.end == "awaiting_approval":
        _inform(run, _waiting_text(run))
    if run.end in ("awaiting_customer", "awaiting_approval") and requests:
        rest = "; ".join(said("case.quoted", run.language, words=cut(request, MOST_QUOTED)) for request in requests)
        _inform(run, said("case.rest", run.language, rest=rest))
    if is_just_handed_back(run.transcript):
        _tell_of_hand_back(run)
    elif left := _not_taken_up(run):
        _inform(run, said("case.not_done", run.language, calls="; ".join(left)))
    if run.end == "escalated":
        _tell_who_has_it(run)
    if run.end in ("escalated", "awaiting_approval") and (left := _unanswered(run)):
        _inform(run, said("case.not_done", run.language, calls="; ".join(left)))
    if run.end in UNFINISHED:
        run.add(MessageEntry(_voice(run), _closing_text(run, what_was_done(run), _rescue(run))))
        if run.end != "cancelled":  # an operator who stops a run lets no further row be written
            _note(run)
    elif not reply(run):
        run.add(MessageEntry(_voice(run), _joined(said("case.thanks", run.language), what_was_done(run))))
    elif untold := _untold(run):
        _inform(run, said("case.done", run.language, done="; ".join(untold)))


def is_told(run: Run) -> bool:
    """Whether the customer has their answer, and nothing was left to do but the note."""
    closer, spoken = run.team.flow.closer, [i for i, e in enumerate(run.transcript) if e.kind == "message" and not e.meanwhile]
    if run.under or closer is None or not spoken or run.transcript[spoken[-1]].speaker == CUSTOMER:
        return False
    before, since = run.transcript[: spoken[-1] + 1], run.transcript[spoken[-1] + 1 :]
    if any(closer not in (e.speaker, getattr(e, "to", "")) for e in since):
        return False
    return run.team.flow.next(before, live=False) == Speaker(closer)


def _untold(run: Run) -> list[str]:
    """The changes of which no answer says anything: a model's, or one in whose place a person got the case."""
    return [in_words(run, e) for e in untold_changes(run, "")]


def _inform(run: Run, text: str) -> None:
    """Tell the customer how things stand; the case goes on, so this answers nothing."""
    run.add(MessageEntry(_voice(run), text, meanwhile=True))


def _tell_of_hand_back(run: Run) -> None:
    """Tell the customer what no agent did because an operator took the case over; or ask what is open, where nobody said it."""
    dropped = [e for e in since_last_words(run.transcript) if e.kind == "result" and e.dropped]
    undone = [in_words(run, e) for e in dropped if (tool := run.team.tools.get(e.tool)) and tool.changes]
    language = run.language
    given, still_open = said("case.given_back", language), said("case.still_open", language)
    if undone:
        _inform(run, f"{given} {said('case.not_done', language, calls='; '.join(undone))} {still_open}")
    elif not any(e.by == "human" or e.asks for e in answers(run.transcript)):
        _inform(run, f"{given} {still_open}")


def _not_taken_up(run: Run) -> list[str]:
    """What was not done because an operator took the case, and no agent has called anew since it was given back, in words."""
    given = max((i for i, e in enumerate(run.transcript) if e.kind == "decision" and e.handed_back), default=0)
    since = run.transcript[given + 1 :]
    if any(e.kind == "message" and e.speaker == CUSTOMER for e in since):
        return []  # it was told when the case came back
    before = takewhile(lambda e: e.kind == "result" and e.dropped, reversed(run.transcript[:given]))
    dropped = [e for e in before if e.kind == "result" and (tool := run.team.tools.get(e.tool)) and tool.changes]
    again = {(e.tool, _about(run, e)) for e in since if e.kind == "call"}
    return [in_words(run, e) for e in reversed(dropped) if (e.tool, _about(run, e)) not in again]


def _about(run: Run, call: CallEntry | ResultEntry) -> str:
    """What a call is about, where its tool says that; else nothing, so that any other of the tool takes its place."""
    tool = run.team.tools.get(call.tool)
    return str(call.arguments.get(tool.about)) if tool and tool.about else ""


def _tell_who_has_it(run: Run) -> None:
    """Tell the customer that an operator took the case over, or the number under which a human has it, where no agent did."""
    if not is_with_a_human(run.transcript):
        _inform(run, _joined(said("case.taken_over", run.language), what_was_done(run)))
        return
    handed_over = _handed_over(run)
    if any(number not in reply(run) for number in run.team.vocabulary.references(handed_over)):
        _inform(run, handed_over)


def _unanswered(run: Run) -> list[str]:
    """What was read back to the customer, who said neither yes nor no to it, and neither was done nor waits since, in words."""
    stances = {e.call_id: e.stance for e in run.transcript if e.kind == "consent"}
    left: dict[tuple[str, str], str] = {}
    for e in run.transcript:
        if e.kind != "result":
            continue
        what = (e.tool, _about(run, e))
        if e.status in ("done", "waiting") or stances.get(e.call_id) == "no":
            left.pop(what, None)
        elif stances.get(e.call_id) == "other":
            left[what] = in_words(run, e)
    return list(left.values())


def _handed_over(run: Run) -> str:
    """What the newest call told that gave the case to a human."""
    return [str(e.result) for e in run.transcript if e.kind == "result" and e.ends][-1]


def _waiting_text(run: Run) -> str:
    waiting = [in_words(run, e) for e in run.transcript if e.kind == "result" and e.status == "waiting"]
    sent = sent_before(run)
    left = [call for call in waiting if call not in sent]  # of the others nobody can say that they are not done
    need = said("case.approval", run.language, calls="; ".join(left)) if left else ""
    return _joined(need, what_was_done(run), said("case.decided", run.language))


def what_was_done(run: Run) -> str:
    """What was done, and what nobody knows yet to be done or not, be it sent in this case or in another; that nothing was
    changed only where that is sure.
    """
    done, unclear, language = done_list(run), not_known_list(run), run.language
    sent = [call for call in sent_before(run) if call not in unclear]
    told = [said("case.not_known", language, calls="; ".join(unclear))] if unclear else []
    told += [said("case.sent_before", language, calls="; ".join(sent))] if sent else []
    told += [said("case.done", language, done="; ".join(done))] if done else []
    return _joined(*told, said("case.nothing_done", language) if is_unchanged(run) else "")


def tell_what_was_done(run: Run) -> None:
    """Tell the customer, where no agent does."""
    run.add(MessageEntry(_voice(run), what_was_done(run) or said("case.thanks", run.language)))


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _voice(run: Run) -> str:
    """Who speaks for the team when no agent can: the entry agent."""
    return run.team.flow.entry


def close_failed(run: Run, error: BaseException) -> None:
    """The end of a run that could not be closed: what was done is told, and a human has the case, where anybody hears of it."""
    run.end, run.reason = "failed", type(error).__name__
    if not reply(run):
        further = _rescue(run) if isinstance(error, Exception) and not run.under else ""
        run.add(MessageEntry(_voice(run), _closing_text(run, what_was_done(run), further)))


def _rescue(run: Run) -> str:
    """Leave the case with a human, where the team can. Returns what the customer hears of that; it never raises."""
    alone = said("case.write_again", run.language)
    try:
        return _left_with_a_human(run, alone)
    except Exception:
        log.exception("case %s could not be handed over", run.id)
        return alone


def _left_with_a_human(run: Run, alone: str) -> str:
    if is_with_a_human(run.transcript):
        return f"{said('case.has_case', run.language)} {_handed_over(run)}"
    if run.team.rescue is None or run.end == "cancelled":
        return alone
    call = run.team.rescue(run.transcript)
    spoke = [e.speaker for e in reversed(run.transcript)]
    holders = [spec.name for spec in run.team.members.values() if spec.tool(call.tool)]
    holder = next((name for name in [*spoke, *holders] if name in holders), None)
    if holder is None:
        return alone
    made = _call(run, holder, call)
    number = f" {made.result}" if isinstance(made.result, str) else ""
    return f"{said('case.has_details', run.language)}{number}" if made.status == "done" else alone


def _call(run: Run, agent: str, call: Call) -> ResultEntry:
    """A call after the group chat is over. Returns its result."""
    call_id = run.next_call_id()
    run.add(CallEntry(agent, tool=call.tool, arguments=dict(call.arguments), call_id=call_id))
    return do_call(run, call_id, call)


def _note(run: Run) -> None:
    """The case note of a run whose chat did not come to one; the closer's rules write it."""
    closer = run.team.members.get(run.team.flow.closer or "")
    if closer is None or any(
        e.kind == "result" and e.to == closer.name and e.status == "done" for e in since_last_words(run.transcript)
    ):
        return
    rules = rules_of(closer, run.team)
    move = otherwise(rules(run.view(closer.name)))
    if isinstance(move, Calls):
        for call in move.calls:
            _call(run, closer.name, call)
        move = otherwise(rules(run.view(closer.name)))
    if isinstance(move, Note):
        run.add(NoteEntry(closer.name, move.text))


def _closing_text(run: Run, done: str, further: str) -> str:
    """How the run ended, what was done, and how it goes on."""
    if run.end == "cancelled" and any(e.speaker == OPERATOR and e.kind == "message" for e in run.transcript):
        return said("case.closed", run.language)  # what a colleague did with their own hands is in their own words
    return _joined(said(f"case.{run.end}", run.language), done, further)
