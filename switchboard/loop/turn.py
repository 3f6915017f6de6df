"""One turn of one agent: its rules or a model decide a move, a human may review it, the transcript records it."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from switchboard.consent.admitted import admitted, bounded
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import HUMAN, OPERATOR
from switchboard.declare.human import Review
from switchboard.declare.moves import (
    HAND_OFF,
    REPLY,
    Call,
    Calls,
    HandOff,
    Move,
    Note,
    Say,
    Unsure,
    call_from,
    otherwise,
    same_calls,
)
from switchboard.declare.outcomes import Answer, ModelOutcome
from switchboard.declare.transcript import (
    By,
    DecisionEntry,
    View,
    as_json,
)
from switchboard.errors import DeclarationError, Stopped, kind_of
from switchboard.flows.fallback import taken_over
from switchboard.loop.answers import MOST_ANSWER, requests, unfilled, why_no_note, why_not_sent
from switchboard.loop.drafts import check_sure, held_back, with_read_back
from switchboard.loop.effects import human_answer, model_call
from switchboard.loop.prompts.lines import wire_id
from switchboard.loop.prompts.offered import in_the_form_of, options
from switchboard.loop.prompts.sent import messages
from switchboard.loop.recording.moves import record_move
from switchboard.loop.state import Run, Used
from switchboard.models.answers.arguments import object_in as json_part
from switchboard.plays.default import looks_up, rules_of
from switchboard.toolsets.functions import BY_HAND, told

log = logging.getLogger("switchboard")
MOST_NAME = 60
TERMINATE = re.compile(r"\bTERMINATE\b[.!]?")


def take_turn(run: Run, spec: AgentSpec) -> Move:
    """Decide, review and record the next move of an agent. Raises Stopped when the operator stops the run."""
    move, by, ruled = _decide(run, spec)
    if run.suggests_for:
        check_sure(run, move, by, ruled)
    else:
        move, by = held_back(run, spec, run.view(spec.name), move, by, ruled)
        move = with_read_back(run, spec, move)
    review = _reviewed(run, spec, move) if run.reviewed else Review()
    if review.action == "stop":
        raise Stopped(review.text or BY_HAND)
    if review.action == "retry":
        run.add(DecisionEntry(OPERATOR, review.text, "human", to=spec.name))
        return Note(review.text)
    if review.action == "replace" and review.move is not None:
        move, by = review.move, by if same_calls(move, review.move) else "human"
    record_move(run, spec, move, by)
    return move


def _reviewed(run: Run, spec: AgentSpec, move: Move) -> Review:
    effects: dict[str, str] = {name: "code" if tool.runs_code else tool.effect for name, tool in run.team.tools.items()}
    review = human_answer(run, f"review {spec.name}", lambda: run.human.review(spec.name, move, effects))
    assert isinstance(review, Review)
    return review


def _decide(run: Run, spec: AgentSpec) -> tuple[Move, By, Move | Unsure]:
    """The rules where they are sure or alone, else a model, else the rules' second best. They look for an article first, so
    that a model knows what there is before it answers, or passes the matter on. What the rules say comes with it.
    """
    view = run.view(spec.name)
    ruled = _ruled(run, spec, view)
    if not isinstance(ruled, Move | Unsure):
        raise DeclarationError(f"The rules of {spec.name} answered {kind_of(ruled)}, which is no move, such as Say(…).")
    sure = None if isinstance(ruled, Unsure) else ruled
    by_rules = (spec.rules_first and sure is not None) or looks_up(spec, ruled) or is_handed_over(spec, view)
    if not run.asks_model or by_rules:
        return sure or otherwise(ruled), "rules", ruled
    asked = messages(run, spec, view)
    move = None
    for again in (False, True):
        given = options(run, spec, view, ruled, asked)
        offered = [] if "tool_choice" in given else given["tools"]  # where it stands, there is nothing left to call
        reply = model_call(run, spec.name, spec.model, asked, **given)
        _count(run, reply)
        if reply.answer is None:
            run.add(DecisionEntry(spec.name, f"{reply.error} The rules answer.", "rules"))
            break
        if reply.answer.after:
            run.add(DecisionEntry(spec.name, f"A model answered after this: {reply.answer.after}", "rules"))
        answer, escalation = bounded(reply.answer, offered), spec.escalation.name if spec.escalation else ""
        move = _move_from(answer, run, spec, view)
        if answer.calls or not isinstance(move, Calls):  # what the agent's own `read` calls, no model has chosen
            move = _without_verifying(run, view, admitted(move, offered, run.transcript, run.known, escalation))
        why = _not_usable(run, spec, view, move) or why_not_sent(run, spec, view, move, ruled)
        if not why:
            break
        move = None
        then = "The rules answer." if again else "It is asked once more."
        said = _said(answer)
        run.add(DecisionEntry(spec.name, f"The model's answer was not sent: {why}. {then}", "rules", not_sent=said))
        asked = [*asked, *_told_why(said, why, spec)]
    return (move, "model", ruled) if move else (sure or otherwise(ruled), "rules", ruled)


def _ruled(run: Run, spec: AgentSpec, view: View) -> Move | Unsure:
    """What the rules say. Where they fail, and the flow has who takes over from them, that one gets it."""
    try:
        return rules_of(spec, run.team)(view)
    except Exception as error:
        if not (move := taken_over(run.team.flow, spec.name, told(error))):
            raise
        log.exception("the rules of %s failed in case %s", spec.name, run.id)
        return move


def _not_usable(run: Run, spec: AgentSpec, view: View, move: Move | None) -> str | None:
    """Why the model's answer is none that the case can go on with, whatever it says; None when it is one."""
    if move is None and spec.output is not None:
        return "it is not in the form that was asked for"
    if not isinstance(move, Calls):
        return None
    for call in move.calls:
        if not call.offered and call.tool != HAND_OFF and spec.tool(call.tool) is None:
            held = ", ".join(tool.name for tool in spec.tools)
            return f"there is no tool {call.tool[:MOST_NAME]!r} for you; you have {held or 'none'}"
        if blank := unfilled(run, as_json(call.arguments)):
            return f"{blank!r} was left to be filled in, in a call of {call.tool}"
    if view.customer_id and move.calls and all(_verifies(run, call) for call in move.calls):
        return f"the customer is verified already, as {view.customer_id}: go on with what they want"
    effects = {name: tool.effect for name, tool in run.team.tools.items()}
    wrote = max((i for i, c in enumerate(view.calls) if c.done and effects.get(c.tool) in ("write", "send")), default=-1)
    known = [(call.tool, call.arguments) for call in view.calls[wrote + 1 :] if call.done]
    again = all((call.tool, call.arguments) in known for call in move.calls)
    return f"{move.calls[0].tool} was called already, and its result stands above" if again and move.calls else None


def _without_verifying(run: Run, view: View, move: Move | None) -> Move | None:
    """A move without the calls that verify a customer who is verified, where it has others beside them."""
    left = [call for call in move.calls if not _verifies(run, call)] if isinstance(move, Calls) and view.customer_id else []
    return replace(move, calls=tuple(left)) if isinstance(move, Calls) and left else move


def _verifies(run: Run, call: Call) -> bool:
    tool = run.team.tools.get(call.tool)
    return tool is not None and tool.verifies


def _said(answer: Answer) -> str:
    """What a model answered, as text."""
    return (answer.text or ", ".join(f"{call.name}({call.arguments})" for call in answer.calls))[:MOST_ANSWER]


def _told_why(said: str, why: str, spec: AgentSpec) -> list[dict[str, object]]:
    """The answer that was not sent, and the operator's line that tells the model why."""
    then = "Answer again from the results, or call a tool." if spec.output is None else in_the_form_of(spec.output)
    line = f"The operator, not the customer, says: Not sent: {why}. {then}"
    return [{"role": "assistant", "content": said}, {"role": "user", "content": line}]


def is_handed_over(spec: AgentSpec, view: View) -> bool:
    """Whether the agent left the matter to a human: that is told by the rules, and not done a second time."""
    handed = view.last(*spec.endings) if spec.endings else None
    return handed is not None and handed.done


def _count(run: Run, reply: ModelOutcome) -> None:
    """Count what was asked for, whether it can be used or not."""
    took = reply.took
    run.used.add(Used(took.answers, took.tokens, took.cost_usd, took.unpriced, reply.seconds))


def _move_from(answer: Answer, run: Run, spec: AgentSpec, view: View) -> Move | None:
    """The model's answer as a move; None when it cannot be used and the rules must answer."""
    if answer.calls and spec.name == run.team.flow.closer:
        return None  # who writes the note has no tools: what it calls is no note
    if answer.calls:
        if len(answer.calls) == 1 and answer.calls[0].name == REPLY and spec.read is None:
            return _replied(call_from(REPLY, answer.calls[0].arguments).arguments, run)
        if len(answer.calls) == 1 and answer.calls[0].name == HAND_OFF:
            asked = call_from(HAND_OFF, answer.calls[0].arguments).arguments
            to, note = asked.get("to"), str(asked.get("note", ""))
            if to == HUMAN and spec.escalation:
                return Calls((Call(spec.escalation.name, {next(iter(spec.escalation.arguments.model_fields)): note}),))
            if to in run.team.flow.reaches.get(spec.name, ()):
                reason = str(asked.get("reason", ""))
                handed = HandOff(str(to), note, reason=reason if reason in spec.reasons else "")
                return spec.read(note, view) if spec.read and not spec.output else handed
        calls = (replace(call_from(c.name, c.arguments), fields=c.fields) for c in answer.calls)
        return Calls(tuple(calls), answer.text)
    text = TERMINATE.sub("", answer.text).strip()
    if not text:
        return None
    if spec.output is not None and spec.read is not None:
        try:
            return spec.read(spec.output.model_validate_json(json_part(text)), view)
        except (ValidationError, DeclarationError):
            return None
    if spec.name == run.team.flow.closer and why_no_note(run, text):
        return None
    if spec.read is not None:
        return spec.read(text, view)
    return Note(text) if spec.name == run.team.flow.closer else Say(text, asks=requests(run, text))


def _replied(given: Mapping[str, Any], run: Run) -> Move | None:
    """The answer that a model gave as a structure."""
    text, grounds = TERMINATE.sub("", str(given.get("text") or "")).strip(), given.get("rests_on")
    made = {wire_id(line.call_id): line.call_id for line in run.transcript if line.kind == "result"}
    rests_on = tuple(made.get(str(one), str(one)) for one in grounds) if isinstance(grounds, list) else ()
    return Say(text, asks=bool(given.get("asks")) or requests(run, text), rests_on=rests_on) if text else None
