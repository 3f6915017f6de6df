"""Draft mode: an agent's answer is left to a person, who edits and sends it; the customer hears that one has the case."""

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say, Unsure
from switchboard.declare.transcript import By, View
from switchboard.events.rendering import cut
from switchboard.loop.answers import only_asks, told_before
from switchboard.loop.state import Run
from switchboard.plays.default import alone, told_of_hand_over
from switchboard.search.citations import CITATION
from switchboard.toolsets.built_in.drafts import MOST_DRAFT, suggest_answer


def held_back(run: Run, spec: AgentSpec, view: View, move: Move, by: By, ruled: Move | Unsure) -> tuple[Move, By]:
    """The move of an agent, or in place of an answer the call that leaves it to a person, and then what the customer hears.

    A question goes out, as what is asked for is needed for the answer: but for one that tells what an article says, and that of
    a model which tells more than the rules would ask for. `ruled` is what these say in its place.
    """
    if not spec.drafts or (spec.drafts == "model" and by != "model") or run.parent:
        return move, by
    text = _answer_in(run, spec, move, by, ruled)
    endings = [name for name in spec.endings if name != suggest_answer.name]
    handed = view.last(*endings) if endings else None
    if not text or (handed and (handed.done or by == "rules")):
        return move, by
    left = view.last(suggest_answer.name)
    if left is None:
        return Calls((Call(suggest_answer.name, {"answer": cut(text, MOST_DRAFT - 2)}),)), by
    return Say(told_of_hand_over(left.result, run.team, view, None) if left.done else alone(view)), "rules"


def _answer_in(run: Run, spec: AgentSpec, move: Move, by: By, ruled: Move | Unsure) -> str:
    """What a move would tell the customer; "" where it only asks, or tells nothing."""
    if isinstance(move, Say):
        tells = not move.asks or CITATION.search(move.text) or (by == "model" and not only_asks(run, spec, move, ruled))
        return move.text if tells else ""
    return told_before(move)
