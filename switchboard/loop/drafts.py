"""Draft mode: an agent's answer is left to a person, who edits and sends it; the customer hears that one has the case."""

from dataclasses import replace

from switchboard.consent.record import to_read_again
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say, Unsure
from switchboard.declare.transcript import By, View
from switchboard.events.rendering import cut
from switchboard.flows.matters import is_with_a_human
from switchboard.loop.answers import is_surer, only_asks, told_before
from switchboard.loop.state import Run
from switchboard.plays.default import alone, told_of_hand_over
from switchboard.reading.languages import said
from switchboard.search.citations import CITATION
from switchboard.toolsets.built_in.drafts import MOST_DRAFT, suggest_answer


def held_back(run: Run, spec: AgentSpec, view: View, move: Move, by: By, ruled: Move | Unsure) -> tuple[Move, By]:
    """The move of an agent, or in place of an answer the call that leaves it to a person, and then what the customer hears.

    A question goes out, as what is asked for is needed for the answer: but for one that tells what an article says, and that of
    a model which tells more than the rules would ask for. `ruled` is what these say in its place. Calls that wait for
    the customer's yes or no are read back once more, as the case goes on with these; the answer beside them waits.
    """
    if not spec.drafts or (spec.drafts == "model" and by != "model") or run.parent or is_surer(run, spec, move, by, ruled):
        return move, by
    text = _answer_in(run, spec, move, by, ruled)
    endings = [name for name in spec.endings if name != suggest_answer.name]
    handed = view.last(*endings) if endings else None
    if not text or (handed and (handed.done or by == "rules")):
        return move, by
    left = view.last(suggest_answer.name)
    if left is None or (left.done and not is_with_a_human(run.transcript)):
        suggested = Call(suggest_answer.name, {"answer": cut(text, MOST_DRAFT - 2)})
        again, whose = with_read_back(run, spec, move, by)
        if not isinstance(again, Calls):
            return Calls((suggested,)), by
        first = replace(again.calls[0], telling=said("case.added", run.language))
        return Calls((suggested, first, *again.calls[1:])), whose
    return Say(told_of_hand_over(left.result, run.team, view, None) if left.done else alone(view)), "rules"


def with_read_back(run: Run, spec: AgentSpec, move: Move, by: By) -> tuple[Move, By]:
    """An answer to what the customer asked in place of a yes or no, with the calls that wait for one: they are made anew, to be
    read back after it. Every other move as it is.
    """
    again = to_read_again(run.transcript, spec.name) if isinstance(move, Say) and not move.asks else []
    if not again or not isinstance(move, Say):
        return move, by
    calls = [Call(e.tool, e.arguments) for e in again]
    calls[0] = replace(calls[0], telling=move.text)
    return Calls(tuple(calls)), next(e.by for e in run.transcript if e.kind == "call" and e.call_id == again[0].call_id)


def _answer_in(run: Run, spec: AgentSpec, move: Move, by: By, ruled: Move | Unsure) -> str:
    """What a move would tell the customer; "" where it only asks, or tells nothing."""
    if isinstance(move, Say):
        tells = not move.asks or CITATION.search(move.text) or (by == "model" and not only_asks(run, spec, move, ruled))
        return move.text if tells else ""
    return told_before(move)
