"""The executor: the only one who runs tools. Who may call what is checked here, below any prompt."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from switchboard.consent.admitted import check_call
from switchboard.consent.answers import ReadBack
from switchboard.consent.before import check_not_before, check_open, check_rule, held_tool, ruled, stricter, why_asked
from switchboard.consent.identity import needs_code
from switchboard.consent.record import agreed_text, asked_often, consent_on, in_words, question, waits_for_yes, was_denied
from switchboard.consent.wanted import MustConfirm, NotConfirmed, Wanted, asking, own_amount
from switchboard.declare.agent import SUGGESTS, AgentSpec
from switchboard.declare.flow import EXECUTOR, OPERATOR
from switchboard.declare.human import Approval, Asked
from switchboard.declare.moves import Call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import CallEntry, DecisionEntry, MessageEntry, ResultEntry, as_json, digest
from switchboard.errors import Refused, ToolError
from switchboard.loop.codes.sending import send_code
from switchboard.loop.effects import CHANGED, OTHER_TERMS, ToolReply, human_answer, tool_call
from switchboard.loop.limits import stop_if_over
from switchboard.loop.looking.before_call import check_asked_for, looked_up, no_longer, note_unknown
from switchboard.loop.looking.moved import moved_before
from switchboard.loop.state import Run
from switchboard.loop.summary import case_in_words
from switchboard.loop.summary import in_words as in_words_of
from switchboard.reading.languages import said
from switchboard.toolsets.functions import refusal, told

log = logging.getLogger("switchboard")


def run_next_call(run: Run) -> str:
    """Do the next pending call and record its result. Returns the text that goes into the group chat."""
    if run.end == "awaiting_approval":
        return "This call waits behind another one."  # it stays pending, to be made when the run goes on
    call_id, call = run.pending.popleft()
    if run.end or stop_if_over(run):
        call = replace(call, refusal="The run has ended; this call was not made.")
    try:
        entry = do_call(run, call_id, call)
    except MustConfirm as first:
        run.held.append((call_id, first.call, first.text))
        entry = None
    if run.held and (run.end or not run.pending):
        _read_back(run)
    return entry.text or as_json(entry.result) if entry else "This call waits for the customer's yes."


def run_pending(run: Run) -> None:
    """Do the calls that are pending where a run goes on, up to one that somebody must be asked about."""
    while run.pending and not run.end and not waits_for_yes(run.transcript):
        run_next_call(run)


def _read_back(run: Run) -> None:
    """Ask the customer about the calls of this turn that need a yes; where the run has ended they only wait."""
    held, run.held = run.held, []
    run.pending.extend((call_id, call) for call_id, call, _ in held)
    if run.end:
        return
    calls = [ReadBack(call_id, digest([call.tool, call.arguments]), text) for call_id, call, text in held]
    agent = next(e.speaker for e in run.transcript if e.kind == "call" and e.call_id == held[0][0])
    telling = "\n\n".join(dict.fromkeys(call.telling for _, call, _ in held if call.telling))
    confirms = {call.call_id: [call.bound, call.text] for call in calls}
    run.add(MessageEntry(agent, question(calls, run.language, telling), asks=True, confirms=confirms))


def do_call(run: Run, call_id: str, call: Call) -> ResultEntry:
    """Decide on a recorded call, do it if it may be done, and record its result, which is returned. Raises MustConfirm."""
    agent = next(e.speaker for e in run.transcript if e.kind == "call" and e.call_id == call_id)
    arguments: Mapping[str, Any] = call.arguments if call.raw is None else {"raw": call.raw}
    dropped = False
    try:
        reply, arguments = _decided(run, run.team.members[agent], call_id, call)
    except MustConfirm:
        raise
    except ToolError as error:
        dropped = isinstance(error, NotConfirmed)
        reply = ToolReply("refused", None, 0.0, customer_id=run.customer_id, **refusal(error))
    except Exception as error:
        log.exception("case %s: %s failed", run.id, call.tool)
        reply = ToolReply("failed", None, 0.0, f"{call.tool} failed: {told(error)}", run.customer_id, code="failed")
        run.stop("failed", reply.text)
    run.customer_id = reply.customer_id
    run.used.seconds += reply.seconds
    if reply.unforeseen:
        run.stop("failed", reply.text)
    if reply.status == "waiting":
        run.stop("awaiting_approval", reply.text)
        run.pending.appendleft((call_id, call))
    tool = run.team.tools.get(call.tool)
    entry = ResultEntry(
        EXECUTOR,
        reply.text,
        "tool",
        tool=call.tool,
        arguments={name: one.model_dump(mode="json") if isinstance(one, BaseModel) else one for name, one in arguments.items()},
        result=reply.result,
        status=reply.status,
        call_id=call_id,
        to=agent,
        code=reply.code,
        data=dict(reply.data),
        ends=tool.ends if tool and reply.status == "done" and not _is_left_beside(run, tool) else None,
        refused_by=reply.refused_by,
        dropped=dropped,
        rule=run.ruled.pop(call_id, ""),
    )
    entry = replace(entry, called=in_words_of(run, entry) if tool and tool.changes and tool.called else "")
    run.add(entry)
    if dropped and reply.code == "said_no" and not run.pending and not run.view(agent).read_again:
        run.add(MessageEntry(agent, said("read_back.left", run.language)))
    return entry


def _is_left_beside(run: Run, tool: Tool) -> bool:
    """Whether an answer is left to a person beside calls that the customer is asked about: with these the case goes on."""
    return tool.name == SUGGESTS and bool(run.pending or run.held)


def _decided(run: Run, spec: AgentSpec, call_id: str, call: Call) -> tuple[ToolReply, Mapping[str, Any]]:
    """Check, decide, run. Returns the reply and the arguments in the form that the tool took them.
    Raises Refused or ToolError with a sentence that says what would work, and MustConfirm where the customer is to be asked.
    """
    if call.refusal is not None:
        raise Refused(call.refusal, code="not_let_pass")
    tool, arguments = _checked(run, spec, call)
    asked_by = next(e.by for e in run.transcript if e.kind == "call" and e.call_id == call_id)
    check_call(tool, call, asked_by, run.transcript, run.known, run.identity)
    wanted = replace(_weighed(run, spec, call_id, call, tool, arguments), by=asked_by)
    rule = _rule(run, wanted)
    check_rule(rule, tool, arguments, run.transcript, in_branch=run.under is not None)
    if tool.check and (tool.remote or rule.decision == "ask" or run.team.confirms(tool, wanted.amount)):
        late, wanted = looked_up(run, wanted, tool.check)
        if late:
            return late, arguments
        rule = _rule(run, wanted)  # by the amount that is found now
        check_rule(rule, tool, arguments, run.transcript, in_branch=run.under is not None)
    if asked_by == "model":
        check_asked_for(run, wanted)
    refused = no_longer(run, wanted) or _unconfirmed(run, wanted)
    if not refused and rule.decision == "ask":
        refused, wanted = _approved(run, wanted, rule)
    if not refused and needs_code(tool, call, asked_by, run.known, run.identity, run.customer_id):
        refused = send_code(run, spec.name, call_id, wanted.tool, wanted.arguments)
    return refused or _made(run, wanted), wanted.arguments


def _weighed(run: Run, spec: AgentSpec, call_id: str, call: Call, tool: Tool, arguments: Mapping[str, Any]) -> Wanted:
    """The call with what its rule goes by: its amount, what was moved before, and what was sent elsewhere and may be done."""
    own = own_amount(tool, arguments, run.transcript, run.team.tools)
    before = moved_before(run, call_id, tool, arguments)
    wanted = Wanted(spec, call_id, call, tool, arguments, before.cents, own, unknown=before.unknown)
    note_unknown(run, wanted)
    return wanted


def _made(run: Run, wanted: Wanted) -> ToolReply:
    """What the call gives. Raises MustConfirm where our rows have changed so that it is another than the customer agreed to."""
    tool, agreed = wanted.tool, ""
    if tool.rehearses and wanted.confirmed_in(run.team):
        agreed = agreed_text(run.transcript, wanted.call_id)
    what = (wanted.call_id, tool, wanted.arguments, case_in_words(run) if tool.ends else "")
    reply = tool_call(run, wanted.spec.name, *what, moved=wanted.moved, own=wanted.own, agreed=agreed)
    if reply.code == OTHER_TERMS and agreed and not asked_often(run.transcript, wanted.call_id):
        raise asking(wanted, reply.data["text"])
    return reply


def _unconfirmed(run: Run, wanted: Wanted) -> ToolReply | None:
    """None where no yes is needed, or the customer said it to this very call; what the rows refuse of it, where they would.

    Raises Refused where the customer said no or something else, and MustConfirm where they were not asked yet.
    """
    tool, arguments = wanted.tool, wanted.arguments
    if not wanted.confirmed_in(run.team):
        return None
    stance = consent_on(run.transcript, wanted.call_id, wanted.bound)
    if stance == "yes" and not tool.remote:
        return None
    if stance == "no":
        raise NotConfirmed("The customer said no to this, so it was not done.", code="said_no")
    if stance == "other":
        raise NotConfirmed("The customer did not say yes to this, so it was not done. Their newest words count.")
    if was_denied(run.transcript, wanted.bound):
        raise NotConfirmed("The customer said no to this and asks something else. Answer that.", code="said_no")
    foreseen = wanted.looked if tool.remote else None
    if tool.rehearses:
        tried = tool_call(run, wanted.spec.name, f"{wanted.call_id}.rehearsal", tool, arguments, rehearsed=True)
        run.used.seconds += tried.seconds
        if tried.status != "done":
            return tried
        foreseen = tried.result
    text = in_words(tool, arguments, foreseen, run.team.language)
    if stance == "yes" and text == agreed_text(run.transcript, wanted.call_id):  # what would be another by now is asked anew
        return None
    if stance == "yes" and asked_often(run.transcript, wanted.call_id):
        raise Refused(CHANGED, code=OTHER_TERMS)
    raise asking(wanted, text)


def _approved(run: Run, wanted: Wanted, rule: Rule) -> tuple[ToolReply | None, Wanted]:
    """Have operators decide on a call. Returns the reply where it is not to be made (now), and the call as they let it pass.

    Raises Refused where what they said does not fit, and MustConfirm where the customer is to say yes to what they edited.
    """
    tool, arguments = wanted.tool, wanted.arguments
    named = in_words_of(run, CallEntry(wanted.spec.name, tool=tool.name, arguments=arguments, call_id=wanted.call_id))
    approval = run.answered.pop(wanted.call_id, None)
    fits = ("", wanted.bound, wanted.shown(run.team.language))
    if approval and tool.remote and approval.answer == "approve" and approval.bound not in fits:
        changed = f"approved {named}, which would be something else by now, so it is asked anew"
        run.add(DecisionEntry(approval.by, changed, "human", call_id=wanted.call_id))
        approval = None
    voices = (approval.voices or (approval.by,)) if approval and approval.answer == "approve" else ()
    if approval and voices and not approval.arguments and len(voices) < rule.operators:  # by now it needs more of them
        wanted = replace(wanted, call=replace(wanted.call, approved=True, by=approval.by, voices=tuple(voices)))
        approval = None
    approval = approval or _asked(run, wanted, rule)
    if approval is None:
        waits = f"{named[:1].upper()}{named[1:]} waits for an operator's approval."
        return ToolReply("waiting", None, 0.0, waits, run.customer_id), wanted
    did = "approved" if approval.answer == "approve" else "did not approve"
    said = f"{did} {named}{approval.reason and f': {approval.reason}'}"
    run.add(DecisionEntry(approval.by, said, "human", call_id=wanted.call_id))
    if approval.bound not in fits and not tool.remote:
        raise Refused("The approval was given for other arguments, so nothing was done.", code="approval_unfit")
    if approval.answer == "refuse":
        why = approval.reason or "The operator did not approve it."
        reply = ToolReply("refused", None, 0.0, why, run.customer_id, refused_by=approval.by, code="not_approved")
        return replace(reply, data={"why": approval.reason} if approval.reason else {}), wanted
    if not approval.arguments:
        return None, wanted
    edited = _edited(run, wanted, approval)
    return _unconfirmed(run, edited), edited


def _edited(run: Run, wanted: Wanted, approval: Approval) -> Wanted:
    """The call with an operator's arguments. Raises Refused where they need more approval than was asked for."""
    tool, arguments = _checked(run, wanted.spec, Call(wanted.tool.name, approval.arguments))
    call = Call(tool.name, arguments, approved=True, by=approval.by, voices=approval.voices)
    edited = replace(_weighed(run, wanted.spec, wanted.call_id, call, tool, arguments), due=wanted.due, by=wanted.by)
    late = None
    if tool.check and tool.remote:
        late, edited = looked_up(run, edited, tool.check)
    if late := late or no_longer(run, edited):
        raise Refused(late.text, code=late.code, **late.data)
    stricter = run.team.rule_for(tool, edited.amount)
    if stricter.decision == "reject" or stricter.operators > len(approval.voices or (approval.by,)):
        raise Refused("The operator's edit needs more approval than was asked for, so nothing was done.", code="approval_unfit")
    return edited


def _asked(run: Run, wanted: Wanted, rule: Rule) -> Approval | None:
    """What the operator who is here says; None, and a note of who is to be asked, where nobody is or one is not enough."""
    agent, call, tool = wanted.spec.name, wanted.call, wanted.tool
    why = why_asked(rule, wanted.moved, run.team.vocabulary.money)
    said: tuple[Approval, ...]
    if call.approved:  # who let it pass has one voice
        said = tuple(Approval("approve", name) for name in call.voices or (call.by or OPERATOR,))
    else:
        approval = human_answer(run, f"approve {wanted.call_id}", lambda: run.human.approve(agent, call, why))
        assert isinstance(approval, Approval)
        if approval.answer == "refuse":
            return approval
        said = (approval,) if approval.answer else ()
    if len(said) >= rule.operators:
        return said[0] if len(said) == 1 else Approval("approve", call.by)
    bound = wanted.shown(run.team.language)
    run.asking.append(Asked(wanted.call_id, agent, tool.name, wanted.arguments, why, rule.operators, said, bound))
    return None


def _rule(run: Run, wanted: Wanted) -> Rule:
    """What decides on a call, in this case."""
    forked = run.forked.case_id if run.forked and run.journal.newest > run.forked.after else ""
    rule = run.team.rule_for(wanted.tool, wanted.amount)
    rule = stricter(rule, wanted, run.team.flow.closer, reviewed=run.reviewed, forked=forked)
    run.ruled[wanted.call_id] = ruled(rule, wanted.moved, run.team)
    return rule


def _checked(run: Run, spec: AgentSpec, call: Call) -> tuple[Tool, dict[str, Any]]:
    """The tool and its validated arguments, if this agent may make this call now."""
    tool = held_tool(spec, call, run.team.flow.reaches.get(spec.name, ()))
    arguments = {name: value for name, value in tool.validated(call.arguments).items() if name in call.arguments}
    if not tool.public and run.customer_id is None:
        verifying = " or ".join(name for name, t in run.team.tools.items() if t.verifies)
        why = f"{tool.name} needs a verified customer. Ask for what {verifying} needs, and call that first."
        raise Refused(why, code="not_verified")
    check_open(tool, code=run.allows_code, web=run.allows_web)
    check_not_before(tool, arguments, spec.name, run.transcript)
    return tool, arguments
