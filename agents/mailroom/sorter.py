"""The sorter: which of three kinds a letter is."""

import re

from agents.mailroom.kinds import Kind
from agents.reasons import Reason
from agents.requests.our_rules import without_rules
from agents.sourced.says import says
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.flows.routing import question_of, routed

SIGNS = {
    Kind.COMPLAINT: re.compile(r"\b(?:complain\w*|broken?|broke|wrong|late|rude|unhappy|angry|disappoint\w*|never)\b", re.I),
    Kind.SUGGESTION: re.compile(r"\b(?:suggest\w*|ideas?|should (?:offer|sell|add|have)|would be (?:nice|good))\b", re.I),
    Kind.QUESTION: re.compile(r"\?|\b(?:how|what|when|where|which|who|can i|do you)\b", re.I),
}
PROMPT = "You sort letters: a question wants to know something, a complaint is about what went wrong, a suggestion is an idea."


def without_model(view: View) -> Move | Unsure:
    """The kind with the most signs, where one has; a model is asked where two have as many, or none has any. What is about our
    own rules is a sign of nothing, and no model is asked about it.
    """
    text = without_rules(view.text)
    count = {kind: len(form.findall(text)) for kind, form in SIGNS.items()}
    most = max(count.values())
    kinds = [kind for kind, signs in count.items() if signs == most]
    if not most:
        return Unsure(unclear(view)) if text else unclear(view)
    move = HandOff(kinds[0], f"It reads like a {kinds[0]}.")
    return move if len(kinds) == 1 else Unsure(move)


def unclear(view: View) -> Move:
    """The question which it is; what stays unclear after it is for a person."""
    if view.questions:
        return HandOff(Kind.QUESTION, "It stays unclear what they would like.", reason=Reason.UNCLEAR)
    return Say(says(view, "which_kind"), asks=True)


agent = AgentSpec(
    name="sorter",
    description="Tells what kind of letter it is.",
    prompt=PROMPT,
    rules_first=True,
    output=question_of(Kind),
    read=routed,
    without_model=without_model,
)
