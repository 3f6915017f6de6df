"""Answers that a person sends: in draft mode the customer hears that one has the case; where a person has it already, an
operator asks the agents for a suggestion, of which the customer hears nothing.
"""

from dataclasses import replace

from switchboard.consent.before import NOT_IN_A_BRANCH
from switchboard.consent.record import to_read_again
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import Next, Speaker, ToCustomer
from switchboard.declare.moves import Call, Calls, Move, Say, Unsure
from switchboard.declare.transcript import By, MessageEntry, ResultEntry, View
from switchboard.events.rendering import cut
from switchboard.flows.matters import is_with_a_human, since_hand_back
from switchboard.loop.answers import is_surer, only_asks, told_before
from switchboard.loop.state import End, Run
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
        again = with_read_back(run, spec, move)
        if not isinstance(again, Calls):
            return Calls((suggested,)), by
        first = replace(again.calls[0], telling=said("case.added", run.language))
        return Calls((suggested, first, *again.calls[1:])), by
    return Say(told_of_hand_over(left.result, run.team, view, None) if left.done else alone(view)), "rules"


NOT_SURE = "The agents are not sure what to answer."
LEFT_TO_PEOPLE = "The agents would leave this to a person."
NO_ANSWER = "The agents come to no answer."


def check_sure(run: Run, move: Move, by: By, ruled: Move | Unsure) -> None:
    """End a suggestion where rules only guess: what no passage carries and they are not sure of is none."""
    guesses = by == "rules" and isinstance(ruled, Unsure) and isinstance(move, Say)
    if guesses and isinstance(move, Say) and move.confidence is None and not CITATION.search(move.text):
        run.stop("not_found", NOT_SURE)


def is_suggested(run: Run, following: Next) -> bool:
    """Whether a suggestion has all that it will have: only the customer or the closer would be next, or a call that it may not
    make was asked for.
    """
    if not run.suggests_for:
        return False
    closes = isinstance(following, Speaker) and following.name == run.team.flow.closer
    return closes or isinstance(following, ToCustomer) or _not_made(run) is not None


def end_of_suggestion(run: Run) -> tuple[End, str]:
    """How a suggestion ended that nothing stopped: with an answer or a question, or else why there is none."""
    if left := _not_made(run):
        tool = run.team.tools.get(left.tool)
        first = f"The agents would do {left.tool} first. Hand the case back to have that done."
        return "not_found", LEFT_TO_PEOPLE if tool and tool.ends else first
    said = _said_in(run)
    return ("awaiting_customer" if said[-1].asks else "resolved", "") if said else ("not_found", NO_ANSWER)


def suggestion_in(run: Run) -> str:
    """The answer that a run suggests; "" where it has none."""
    told = run.end in ("resolved", "awaiting_customer")
    return cut("\n\n".join(line.text for line in _said_in(run)), MOST_DRAFT - 2) if told else ""


def _said_in(run: Run) -> list[MessageEntry]:
    return [line for line in since_hand_back(run.transcript) if line.kind == "message" and not line.meanwhile]


def _not_made(run: Run) -> ResultEntry | None:
    """The first call that was refused since it would change something, or somebody would have to be asked about it."""
    own = since_hand_back(run.transcript)
    return next((line for line in own if line.kind == "result" and line.code == NOT_IN_A_BRANCH), None)


def with_read_back(run: Run, spec: AgentSpec, move: Move) -> Move:
    """An answer to what the customer asked in place of a yes or no, with the calls that wait for one: they are made anew, to be
    read back after it, and each stays whose it is. Every other move as it is.
    """
    again = to_read_again(run.transcript, spec.name) if isinstance(move, Say) and not move.asks else []
    if not again or not isinstance(move, Say):
        return move
    made_by = {e.call_id: e.by for e in run.transcript if e.kind == "call"}
    calls = [Call(e.tool, e.arguments, made_by=made_by[e.call_id]) for e in again]
    calls[0] = replace(calls[0], telling=move.text)
    return Calls(tuple(calls))


def _answer_in(run: Run, spec: AgentSpec, move: Move, by: By, ruled: Move | Unsure) -> str:
    """What a move would tell the customer; "" where it only asks, or tells nothing."""
    if isinstance(move, Say):
        tells = not move.asks or CITATION.search(move.text) or (by == "model" and not only_asks(run, spec, move, ruled))
        return move.text if tells else ""
    return told_before(move)
