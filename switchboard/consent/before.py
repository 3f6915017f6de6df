"""What a case's own past lets no call do: what was done, handed over or refused before, and what its rule forbids."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from switchboard.consent.wanted import Wanted
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import HUMAN
from switchboard.declare.moves import HAND_OFF, Call
from switchboard.declare.team import Rule, TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import DEADLINE, Entry, as_key
from switchboard.errors import NotKnown, Refused, ToolError
from switchboard.flows.matters import since_hand_back, since_last_words

NOT_IN_A_BRANCH = "not_in_a_branch"
"""The code of a call that a branch may not make: what was changed there would be in no transcript that the rules read."""
UNSEEN = "An operator was to see each step of this case, and none has seen this one."
SENT = "It was {}, and nobody knows what came of it."
NOT_OWED = "A program asks for this money, and no row says that the customer is owed it."
FORKED = "This case was forked from {}, in which it may have been done already."


def held_tool(spec: AgentSpec, call: Call, reached: Sequence[str]) -> Tool:
    """The tool that an agent calls, if it holds it. Raises Refused or ToolError where it does not, or the call is none."""
    tool = spec.tool(call.tool)
    if call.tool == HAND_OFF:
        targets = [*reached, *([HUMAN] if spec.escalation else [])]
        one_of = f"one of: {', '.join(targets) or 'nobody'}"
        raise Refused(f"{HAND_OFF} is called alone, with a note, and goes to {one_of}.", code="no_such_handoff")
    if tool is None:
        held = ", ".join(t.name for t in spec.tools)
        raise Refused(f"{spec.name} cannot call {call.tool!r}. It holds: {held or 'no tools'}.", code="no_such_tool")
    if call.raw is not None:
        why = f"{tool.name} was not run: its arguments were not a JSON object. Send them again as one."
        raise ToolError(why, code="wrong_arguments")
    return tool


def check_not_before(tool: Tool, arguments: Mapping[str, Any], agent: str, transcript: Sequence[Entry]) -> None:
    """Let a call pass that does nothing a second time. Raises Refused with the code done_before."""
    if tool.ends and _handed_over(agent, transcript):
        raise Refused("The case is with a human already. Tell the customer so, with the number.", code="done_before")
    if tool.changes and _done_before(tool, arguments, transcript):
        why = f"{tool.name} was already done with the same arguments in this case. It is not done a second time."
        raise Refused(why, code="done_before")
    if tool.changes and _is_not_known(tool, arguments, transcript):
        why = f"Whether {tool.name} was done before in this case is not known. It is not made again; a human finds out."
        raise Refused(why, code=NotKnown.code)


def is_open(tool: Tool, *, code: bool, web: bool) -> bool:
    """Whether a case may make calls of a tool, which may run `code` or ask the `web`, or not."""
    return (code or not tool.runs_code) and (web or not tool.web)


def check_open(tool: Tool, *, code: bool, web: bool) -> None:
    """Let a call pass that is open to its case. Raises Refused with the code code_not_allowed or web_not_allowed."""
    if tool.web and not web:
        why = f"{tool.name} asks the web, which this case may not: it was begun without --web. Answer without it."
        raise Refused(why, code="web_not_allowed")
    if not is_open(tool, code=code, web=web):
        why = f"{tool.name} runs code, which this case may not: it was begun without --allow-code. Answer without it."
        raise Refused(why, code="code_not_allowed")


def _is_not_known(tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry]) -> bool:
    """Whether such a call about the same thing was sent, and nobody knows what came of it."""
    same = as_key(arguments)
    sent = (e for e in since_hand_back(transcript) if e.kind == "result" and e.tool == tool.name and e.code == NotKnown.code)
    return any(
        as_key(e.arguments) == same or (tool.about and e.arguments.get(tool.about) == arguments.get(tool.about)) for e in sent
    )


ASKED_ALONE = "No rule speaks of it but one by which the customer is asked."


def check_rule(rule: Rule, tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry], *, in_branch: bool) -> None:
    """Let a call pass that somebody may still say yes to. Raises Refused where its rule, an operator or the branch that it is
    made in does not allow it.
    """
    if in_branch and (tool.changes or rule.decision == "ask"):
        why = f"{tool.name} is not done in a branch, where nothing is changed and nobody is asked. Say what you found out."
        raise Refused(why, code=NOT_IN_A_BRANCH)
    if rule.decision == "reject":
        why = f"The rules of this team do not allow {tool.name} here. Offer a transfer to a human instead."
        raise Refused(why, code="against_rules")
    if rule.decision == "ask" and _refused_before(tool, arguments, transcript):
        why = f"An operator refused this {tool.name} already. Do not ask again; tell the customer."
        raise Refused(why, code="refused_before")


def why_asked(rule: Rule, moved: int, money: Callable[[int], str]) -> str:
    """Why operators are asked: the rule in its own words, and the cents that rules count beside the call's own amount. They
    may have led here by a rule that does not match for them, so they are told whatever the rule is.
    """
    before = f" It counts {money(moved)} that was done before, or may have been." if moved else ""
    return f"{rule.in_words(money)}{before}"


def ruled(rule: Rule, moved: int, team: TeamSpec) -> str:
    """By which rule a call is decided on, for operators, as `why_asked` says it; where none of the team's matches, that."""
    if rule.tool is None and rule not in team.approvals:
        return ASKED_ALONE if rule.decision == "approve" else "No rule lets it pass."
    return why_asked(rule, moved, team.vocabulary.money)


def _handed_over(agent: str, transcript: Sequence[Entry]) -> bool:
    """Whether this agent left the case to a human since the customer's last words: one hand-over is one, in whatever words."""
    lines = since_last_words(since_hand_back(transcript))
    return any(line.kind == "result" and line.ends and line.to == agent for line in lines)


def _done_before(tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry]) -> bool:
    same = as_key(arguments)
    lines = since_last_words(since_hand_back(transcript)) if tool.ends else transcript  # what is new can be handed over again
    return any(e.kind == "result" and e.status == "done" and e.tool == tool.name and as_key(e.arguments) == same for e in lines)


def _refused_before(tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry]) -> bool:
    """Whether an operator said no to what the tool does about this, whatever was asked for in its place since.

    The deadline's no holds for the very call, until the customer writes again. Who hands the case back takes it up anew.
    """
    lately = since_last_words(transcript)
    for e in since_hand_back(transcript):
        if e.kind == "result" and e.refused_by and e.tool == tool.name:
            about_it = tool.about and e.arguments.get(tool.about) == arguments.get(tool.about)
            same = as_key(e.arguments) == as_key(arguments)
            if (same and e in lately) if e.refused_by == DEADLINE else (about_it or same):
                return True
    return False


def stricter(rule: Rule, wanted: Wanted, closer: str | None, *, reviewed: bool, forked: str) -> Rule:
    """The rule for a call in its case. What was sent in another one and may be done waits for an operator, who finds out; so
    does a write that no operator has seen, where one was to see each step, and all that changes something where the case
    goes another way than the one that it was `forked` from; but not what the closer keeps for operators, or that a person
    gets the case. So does money that a program asks for and no row bears out, which rules alone would not give.
    """
    tool = wanted.tool
    if rule.decision == "approve" and wanted.unknown and not wanted.call.approved:
        return Rule("ask", tool=tool.name, because=SENT.format(" and ".join(wanted.unknown)))
    if rule.decision != "approve" or wanted.call.approved or wanted.spec.name == closer or tool.ends:
        return rule
    if wanted.by == "program" and tool.has_amount and not wanted.due:
        return Rule("ask", tool=tool.name, because=NOT_OWED)
    if forked and tool.changes:
        return Rule("ask", tool=tool.name, because=FORKED.format(forked))
    return Rule("ask", tool=tool.name, because=UNSEEN) if reviewed and tool.effect == "write" else rule
