"""A call that a program proposes for a customer, in a case of its own: it is made by the executor, as any other call is, and no
agent is asked what else might be done.
"""

from collections.abc import Iterator, Mapping, Sequence

from switchboard.consent.record import last_read_back
from switchboard.declare.beginnings import Proposed
from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import By, CallEntry, Entry
from switchboard.flows.matters import since_hand_back, since_last_words
from switchboard.loop.closing import tell_what_was_done
from switchboard.loop.executor import do_call
from switchboard.loop.state import Run


def proposable(team: TeamSpec) -> dict[str, tuple[str, Tool]]:
    """The tools that a program may propose calls of, by name, each with an agent that holds it: what changes something of a
    customer, who must be known for it.
    """
    found: dict[str, tuple[str, Tool]] = {}
    for agent, spec in team.members.items():
        for tool in spec.tools if agent != team.flow.closer else ():
            if tool.effect == "write" and not (tool.public or tool.verifies or tool.ends):
                found.setdefault(tool.name, (agent, tool))
    return found


def propose(run: Run, given: Proposed) -> None:
    """Find out who the customer is, by what the channel knows of them, and leave the call to the executor."""
    if verifying := next(_verifying(run.team, run.known), None):
        agent, tool = verifying
        do_call(run, *_called(run, agent, tool.name, {name: run.known[name] for name in _known_by(tool)}))
    holder, _ = proposable(run.team).get(given.tool, (run.team.flow.entry, None))  # who holds it no more is told so
    asked = f"Proposed by a program of {given.name}."
    run.pending.append(_called(run, holder, given.tool, given.arguments, "program", asked))


def settle(run: Run) -> None:
    """End a run in which a proposed call waits for the customer's yes, or has come to something: there is nothing to go on
    with. Where they wrote other words, or an operator gave the case back, agents go on.
    """
    call = proposal_in(run.transcript)
    if call is None or run.end or run.live:
        return
    if any(read.call_id == call.call_id for read in last_read_back(run.transcript)):
        run.stop("awaiting_customer", "")
    lately = since_last_words(since_hand_back(run.transcript))
    for came in (e for e in lately if e.kind == "result" and e.call_id == call.call_id and not e.dropped):
        if came.status != "failed":  # else a person gets it, as from every run that fails
            tell_what_was_done(run)
        run.stop("failed" if came.status == "failed" else "resolved", came.text if came.status == "failed" else "")


def proposal_in(transcript: Sequence[Entry]) -> CallEntry | None:
    """The newest call that a program proposed."""
    return next((e for e in reversed(transcript) if e.kind == "call" and e.by == "program"), None)


def _verifying(team: TeamSpec, known: Mapping[str, str]) -> Iterator[tuple[str, Tool]]:
    """The tools that verify a customer by no more than what is known of them, each with an agent that holds it."""
    for name, spec in team.members.items():
        yield from ((name, tool) for tool in spec.tools if tool.verifies and {*_known_by(tool)} <= {*known})


def _known_by(tool: Tool) -> list[str]:
    """The arguments that a tool must be given."""
    return [name for name, field in tool.arguments.model_fields.items() if field.is_required()]


def _called(
    run: Run, agent: str, tool: str, arguments: Mapping[str, object], by: By = "rules", text: str = ""
) -> tuple[str, Call]:
    call_id = run.next_call_id()
    run.add(CallEntry(agent, text, by, tool=tool, arguments=dict(arguments), call_id=call_id))
    return call_id, Call(tool, dict(arguments))
