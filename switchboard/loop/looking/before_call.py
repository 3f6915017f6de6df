"""What is looked at once more right before a call: what its own check finds, and what the plays that do it demand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from switchboard.consent.record import consent_on
from switchboard.consent.wanted import Wanted
from switchboard.declare.flow import EXECUTOR
from switchboard.declare.moves import Call
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import CallEntry, DecisionEntry, ResultEntry
from switchboard.errors import Refused
from switchboard.loop.effects import ToolReply, tool_call
from switchboard.loop.state import Run
from switchboard.loop.summary import in_words, sent_before
from switchboard.plays.demands import Broken, broken, is_read_since, last_read, processes_of


def looked_up(run: Run, wanted: Wanted, check: Tool) -> tuple[ToolReply | None, Wanted]:
    """The call with what the rows say of it, by the tool that looks and changes nothing; its reply where they refuse it."""
    looked = tool_call(run, wanted.spec.name, f"{wanted.call_id}.check", check, of_check(check, wanted.arguments))
    run.used.seconds += looked.seconds
    if looked.status != "done":  # what the rows refuse anyway, nobody need be asked for
        return looked, wanted
    return None, wanted.found(looked.result, run.transcript, run.team.vocabulary.currency)


def of_check(check: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call that its check takes, too."""
    return {name: value for name, value in arguments.items() if name in check.arguments.model_fields}


def check_asked_for(run: Run, wanted: Wanted) -> None:
    """Refuse what a model wants to change and the customer did not ask for, where they are not asked for a yes to it."""
    spec, tool = wanted.spec, wanted.tool
    if tool.effect != "write" or not spec.allows or wanted.call.approved:
        return
    if wanted.confirmed_in(run.team):
        return
    whole = replace(run.view(spec.name), case=tuple(run.transcript))  # what is asked for may stand anywhere in it
    if why_not := spec.allows(whole, Call(tool.name, wanted.arguments)):
        raise Refused(why_not, code="not_asked_for")


def note_unknown(run: Run, wanted: Wanted) -> None:
    """Keep in the transcript that such a call was sent in another case and may be done: it is told to whoever asks."""
    named = _named(run, wanted)
    if wanted.unknown and named not in sent_before(run):
        text = f"{named} was {' and '.join(wanted.unknown)}, and nobody knows what came of it"
        run.add(DecisionEntry(EXECUTOR, text, call_id=wanted.call_id, sent_before=named))


def _named(run: Run, wanted: Wanted) -> str:
    return in_words(run, CallEntry(wanted.spec.name, tool=wanted.tool.name, arguments=wanted.arguments, call_id=""))


def why_not(found: Broken) -> str:
    """Why a call is not made, for operators and for models."""
    if not found.of:
        return f"It goes by what {' and '.join(found.reads)} finds, which was not called. Call that first."
    wanted = " or ".join(str(one) for one in found.values)
    return f"{found.of} is {found.value}, and this is done only where it is {wanted}."


class _NotRead(Exception):
    def __init__(self, reply: ToolReply) -> None:
        self.reply = reply


def no_longer(run: Run, wanted: Wanted) -> ToolReply | None:
    """None where all still is as the plays demand that do this call, or it is not to be made anyhow; the reply of what cannot
    be read. What has been read before a person's last words is read anew. A tool that writes in our rows looks at them in the
    transaction in which it writes.

    Raises Refused where it is not so (any more); what was found stands in the transcript before, so that the play says it.
    """
    approval = run.answered.get(wanted.call_id)
    is_denied = consent_on(run.transcript, wanted.call_id, wanted.bound) in ("no", "other")
    if wanted.tool.rehearses or not wanted.tool.changes or is_denied or (approval and approval.answer == "refuse"):
        return None
    processes = processes_of(run.team, wanted.spec.name, wanted.tool.name)
    came: list[tuple[str, Mapping[str, Any], Any]] = []

    def read(name: str, given: Mapping[str, Any]) -> Any:
        check = wanted.tool.check
        if (
            wanted.looked is not None
            and check
            and name == check.name
            and given.items() <= of_check(check, wanted.arguments).items()
        ):
            result = wanted.looked
        elif approval is None and is_read_since(name, given, run.transcript):
            result = last_read(name, given, run.transcript)
        else:
            reply = tool_call(run, wanted.spec.name, f"{wanted.call_id}.again", run.team.tools[name], given)
            run.used.seconds += reply.seconds
            if reply.status != "done":
                raise _NotRead(reply)
            result = reply.result
        came.append((name, given, result))
        return result

    said = (run.language, run.team.vocabulary.currency)
    try:
        found = broken(processes, wanted.arguments, run.customer_id, run.transcript, read, *said)
    except _NotRead as not_read:
        return not_read.reply
    if found:
        for name, given, result in came:
            if result != last_read(name, given, run.transcript):
                _note_read(run, wanted.spec.name, name, given, result)
        _refuse(run, wanted, found)
    return None


def _note_read(run: Run, agent: str, name: str, given: Mapping[str, Any], result: Any) -> None:
    """Put what was read into the transcript as the agent's own look: its play goes by the newest, and so does a model."""
    call_id = run.next_call_id()
    run.add(CallEntry(agent, tool=name, arguments=dict(given), call_id=call_id))
    read = ResultEntry(
        EXECUTOR, "", "tool", tool=name, arguments=dict(given), result=result, status="done", call_id=call_id, to=agent
    )
    run.add(read)


def _refuse(run: Run, wanted: Wanted, found: Broken) -> None:
    approval = run.answered.pop(wanted.call_id, None)
    if approval:
        said = f"approved {_named(run, wanted)}, which was not done: {why_not(found)}"
        run.add(DecisionEntry(approval.by, said, "human", call_id=wanted.call_id))
    told = f" The customer is to hear: {found.told}" if found.told else ""
    raise Refused(f"{wanted.tool.name} was not done. {why_not(found)}{told}", code=found.code)
