"""Moves as they stand in the transcript, and as messages of the group chat."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HAND_OFF, Calls, HandOff, HandOffs, Move, Note, Say
from switchboard.declare.transcript import By, CallEntry, HandoffEntry, MessageEntry, NoteEntry
from switchboard.errors import DeclarationError
from switchboard.grounding.evidence import passages_of, tells_of
from switchboard.loop.state import Run
from switchboard.search.citations import citations_in

MOST_GROUNDS, MOST_LOOKED_AT = 12, 20


def record_move(run: Run, spec: AgentSpec, move: Move, by: By) -> None:
    """Put a move into the transcript; calls also wait for the executor."""
    match move:
        case Say(text, asks):
            run.add(MessageEntry(spec.name, text, by, asks=asks, rests_on=grounds_of(run, spec, move)))
        case Note(text):
            run.add(NoteEntry(spec.name, text, by))
        case HandOff():
            record_move(run, spec, HandOffs((move,)), by)
        case HandOffs(items):
            for item in items:
                if item.to not in run.team.flow.reaches.get(spec.name, ()):
                    raise DeclarationError(f"{spec.name} cannot hand off to {item.to!r} in team {run.team.name}.")
                facts, reason = dict(item.facts), str(item.reason)
                entry = HandoffEntry(spec.name, item.note, by, to=item.to, facts=facts, reason=reason, request=item.request)
                run.add(entry)
        case Calls(calls, text):
            made = []
            for index, call in enumerate(calls):
                call_id = run.next_call_id()
                arguments = dict(call.arguments) if call.raw is None else {"raw": call.raw}
                words = text if index == 0 else ""
                fields = dict(call.fields)
                whose = call.made_by or by
                run.add(CallEntry(spec.name, words, whose, tool=call.tool, arguments=arguments, call_id=call_id, fields=fields))
                made.append((call_id, call))
            run.pending.extendleft(reversed(made))  # one that waits for the customer's yes stays behind them


def grounds_of(run: Run, spec: AgentSpec, said: Say) -> list[str]:
    """What carries an agent's text, for people: what it names itself, else the passages that it cites, and those of the agent's
    newest results of whose ids or amounts it tells.
    """
    done = [e for e in run.transcript if e.kind == "result" and e.status == "done" and e.to == spec.name][-MOST_LOOKED_AT:]
    by_id = {e.call_id: f"{e.tool} {e.call_id}" for e in done}
    if said.rests_on:
        return [by_id.get(one, one) for one in said.rests_on][:MOST_GROUNDS]
    told = [by_id[e.call_id] for e in done if not passages_of(e.result) and tells_of(said.text, e)]
    return list(dict.fromkeys([*citations_in(said.text), *told]))[:MOST_GROUNDS]


def as_message(run: Run, move: Move) -> dict[str, object]:
    """The move as the message that goes into the group chat."""
    match move:
        case Calls(calls, text):
            ids = [call_id for call_id, _ in run.pending]
            items = [
                # Arguments and unknown names stay in our record: AutoGen would answer them itself, past our checks.
                {
                    "id": i,
                    "type": "function",
                    "function": {"name": call.tool if call.tool in run.team.tools else HAND_OFF, "arguments": "{}"},
                }
                for i, call in zip(ids, calls, strict=False)
            ]
            return {"content": text or None, "tool_calls": items}
        case HandOff(to, note):
            return {"content": note or f"Handed to {to}."}
        case HandOffs(items):
            return {"content": "\n".join(item.note or f"Handed to {item.to}." for item in items)}
        case Say(text) | Note(text):
            return {"content": text or " "}
