"""The executor: the only one who runs tools. Who may call what is checked here, below any prompt."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import EXECUTOR, HUMAN
from switchboard.declare.human import Approval, Asked
from switchboard.declare.moves import HAND_OFF, Call
from switchboard.declare.team import Rule
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import DecisionEntry, ResultEntry, as_json, as_key
from switchboard.errors import Refused, ToolError
from switchboard.flows.matters import since_hand_back
from switchboard.loop.effects import ToolReply, digest, human_answer, tool_call
from switchboard.loop.limits import since_last_words, stop_if_over
from switchboard.loop.state import Run
from switchboard.loop.summary import case_in_words
from switchboard.toolsets.functions import refusal, told

log = logging.getLogger("switchboard")
NOT_IN_A_BRANCH = "not_in_a_branch"
"""The code of a call that a branch may not make: what was changed there would be in no transcript that the rules read."""


def run_next_call(run: Run) -> str:
    """Do the next pending call and record its result. Returns the text that goes into the group chat."""
    if run.end == "awaiting_approval":
        return "This call waits behind another one."  # it stays pending, to be made when the run goes on
    call_id, call = run.pending.popleft()
    if run.end or stop_if_over(run):
        call = replace(call, refusal="The run has ended; this call was not made.")
    entry = do_call(run, call_id, call)
    return entry.text or as_json(entry.result)


def do_call(run: Run, call_id: str, call: Call) -> ResultEntry:
    """Decide on a recorded call, do it if it may be done, and record its result, which is returned."""
    agent = next(e.speaker for e in run.transcript if e.kind == "call" and e.call_id == call_id)
    arguments: Mapping[str, Any] = call.arguments if call.raw is None else {"raw": call.raw}
    try:
        reply, arguments = _decided(run, run.team.members[agent], call_id, call)
    except ToolError as error:
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
        arguments=dict(arguments),
        result=reply.result,
        status=reply.status,
        call_id=call_id,
        to=agent,
        code=reply.code,
        data=dict(reply.data),
        ends=tool.ends if tool and reply.status == "done" else None,
        refused_by=reply.refused_by,
    )
    run.add(entry)
    return entry


def _decided(run: Run, spec: AgentSpec, call_id: str, call: Call) -> tuple[ToolReply, Mapping[str, Any]]:
    """Check, decide, run. Returns the reply and the arguments in the form that the tool took them.

    Raises Refused or ToolError with a sentence that says what would work.
    """
    if call.refusal is not None:
        raise Refused(call.refusal, code="not_let_pass")
    tool, arguments = _checked(run, spec, call)
    asked_by = next(e.by for e in run.transcript if e.kind == "call" and e.call_id == call_id)
    if asked_by == "model" and tool.effect == "write" and spec.allows and not call.approved:
        why_not = spec.allows(run.view(spec.name), Call(tool.name, arguments))
        if why_not:
            raise Refused(why_not, code="not_asked_for")
    amount = _amount_so_far(run, tool, arguments)
    rule = run.team.rule_for(tool, amount)
    decision = "approve" if call.approved else rule.decision
    if run.parent and (tool.changes or decision == "ask"):
        why = f"{tool.name} is not done in a branch, where nothing is changed and nobody is asked. Say what you found out."
        raise Refused(why, code=NOT_IN_A_BRANCH)
    if decision == "reject":
        why = f"The rules of this team do not allow {tool.name} here. Offer a transfer to a human instead."
        raise Refused(why, code="against_rules")
    if decision == "ask":
        if _refused_before(run, tool, arguments):
            why = f"An operator refused this {tool.name} already. Do not ask again; tell the customer."
            raise Refused(why, code="refused_before")
        if tool.check:  # what the rows refuse anyway, nobody need be asked for
            known = {name: value for name, value in arguments.items() if name in tool.check.arguments.model_fields}
            checked = tool_call(run, spec.name, f"{call_id}.check", tool.check, known)
            run.used.seconds += checked.seconds
            if checked.status != "done":
                return checked, arguments
        approval = run.answered.pop(call_id, None) or _asked(run, spec, call_id, call, tool, arguments, rule)
        if approval is None:
            waiting = ToolReply("waiting", None, 0.0, f"{tool.name} waits for an operator's approval.", run.customer_id)
            return waiting, arguments
        said = f"{approval.answer}: {tool.name} {approval.reason}".strip()
        run.add(DecisionEntry(approval.by, said, "human", call_id=call_id))
        if approval.bound not in ("", digest([tool.name, arguments])):
            raise Refused("The approval was given for other arguments, so nothing was done.", code="approval_unfit")
        if approval.answer == "refuse":
            why = approval.reason or "The operator did not approve it."
            reply = ToolReply("refused", None, 0.0, why, run.customer_id, refused_by=approval.by, code="not_approved")
            return replace(reply, data={"why": approval.reason} if approval.reason else {}), arguments
        if approval.arguments:
            tool, arguments = _checked(run, spec, Call(call.tool, approval.arguments))
            stricter = run.team.rule_for(tool, _amount_so_far(run, tool, arguments))
            if stricter.decision == "reject" or stricter.operators > rule.operators:
                why = "The operator's edit needs more approval than was asked for, so nothing was done."
                raise Refused(why, code="approval_unfit")
    return tool_call(run, spec.name, call_id, tool, arguments, case_in_words(run) if tool.ends else ""), arguments


def _asked(
    run: Run, spec: AgentSpec, call_id: str, call: Call, tool: Tool, arguments: Mapping[str, Any], rule: Rule
) -> Approval | None:
    """What the operator who is here says; None, and a note of who is to be asked, where nobody is or one is not enough."""
    why = f"{tool.name} needs an approval." if rule.operators == 1 else f"{tool.name} needs {rule.operators} operators."
    approval = human_answer(run, f"approve {call_id}", lambda: run.human.approve(spec.name, call, why))
    assert isinstance(approval, Approval)
    if approval.answer == "refuse" or (approval.answer and rule.operators == 1):
        return approval
    said = (approval,) if approval.answer else ()
    run.asking.append(Asked(call_id, spec.name, tool.name, arguments, why, rule.operators, said))
    return None


def _amount_so_far(run: Run, tool: Tool, arguments: Mapping[str, Any]) -> int | None:
    """The amount of a call, with what the tool did in this run before: a large amount in small parts is a large one."""
    if tool.amount is None:
        return None
    done = [e for e in run.transcript if e.kind == "result" and e.status == "done" and e.tool == tool.name]
    return int(arguments[tool.amount]) + sum(int(e.arguments[tool.amount]) for e in done)


def _checked(run: Run, spec: AgentSpec, call: Call) -> tuple[Tool, dict[str, Any]]:
    """The tool and its validated arguments, if this agent may make this call now."""
    tool = spec.tool(call.tool)
    if call.tool == HAND_OFF:
        targets = [*run.team.flow.reaches.get(spec.name, ()), *([HUMAN] if spec.escalation else [])]
        goes_to = ", ".join(targets) or "nobody"
        raise Refused(f"{HAND_OFF} is called alone, with a note, and goes to one of: {goes_to}.", code="no_such_handoff")
    if tool is None:
        held = ", ".join(t.name for t in spec.tools) or "no tools"
        raise Refused(f"{spec.name} cannot call {call.tool!r}. It holds: {held}.", code="no_such_tool")
    if call.raw is not None:
        why = f"{tool.name} was not run: its arguments were not a JSON object. Send them again as one."
        raise ToolError(why, code="wrong_arguments")
    arguments = {name: value for name, value in tool.validated(call.arguments).items() if name in call.arguments}
    if not tool.public and run.customer_id is None:
        verifying = " or ".join(name for name, t in run.team.tools.items() if t.verifies)
        why = f"{tool.name} needs a verified customer. Ask for what {verifying} needs, and call that first."
        raise Refused(why, code="not_verified")
    if tool.ends and _handed_over(run, spec):
        raise Refused("The case is with a human already. Tell the customer so, with the number.", code="done_before")
    if tool.effect in ("write", "send") and _done_before(run, tool, arguments):
        why = f"{tool.name} was already done with the same arguments in this case. It is not done a second time."
        raise Refused(why, code="done_before")
    return tool, arguments


def _handed_over(run: Run, spec: AgentSpec) -> bool:
    """Whether this agent left the case to a human since the customer's last words: one hand-over is one, in whatever words."""
    lines = since_last_words(since_hand_back(run.transcript))
    return any(line.kind == "result" and line.ends and line.to == spec.name for line in lines)


def _done_before(run: Run, tool: Tool, arguments: Mapping[str, Any]) -> bool:
    same = as_key(arguments)
    lines = since_hand_back(run.transcript) if tool.ends else run.transcript  # who gave a case back can be given it again
    return any(e.kind == "result" and e.status == "done" and e.tool == tool.name and as_key(e.arguments) == same for e in lines)


def _refused_before(run: Run, tool: Tool, arguments: Mapping[str, Any]) -> bool:
    """Whether an operator said no to this very call, and the customer has written nothing new since."""
    same = as_key(arguments)
    results = [e for e in since_last_words(run.transcript) if e.kind == "result" and e.refused_by]
    return any(e.tool == tool.name and as_key(e.arguments) == same for e in results)


def parsed_json(text: str) -> Any:
    """The JSON in a text. Raises ValueError or RecursionError; NaN, Infinity and 1e999, which Python would take, too."""

    def finite(number: str) -> float:
        value = float(number)
        if not math.isfinite(value):
            raise ValueError(f"{number} is no number of JSON")
        return value

    return json.loads(text, parse_constant=finite, parse_float=finite)


def call_from(name: str, arguments: str) -> Call:
    """A call as a model wrote it; arguments that are not a JSON object are kept raw, so that the refusal can be told."""
    try:
        parsed = parsed_json(arguments or "{}")
    except (ValueError, RecursionError):
        return Call(name, {}, raw=arguments)
    return Call(name, parsed) if isinstance(parsed, dict) else Call(name, {}, raw=arguments)
