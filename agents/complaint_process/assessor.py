"""The assessor, while a complaint is `weighed`: whether it can wait for its turn."""

import re

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Unsure
from switchboard.declare.transcript import View

CANNOT_WAIT = re.compile(
    r"\b(?:smoke|fire|burn\w*|shock|sparks?|injur\w*|hurt|leak\w*|lawyer|child|"
    r"rauch\w*|qualm\w*|feuer|brenn\w*|brann\w*|verbrann\w*|brand|stromschlag|funken|verletz\w*|anwalt|anwältin|kind(?:er)?|"
    r"fumée|feu|brûl\w*|étincelles?|bless\w*|fuit\w*|avocate?|enfants?|"
    r"humo|fuego|quem\w*|chispas?|descarga|herid\w*|fuga|abogad[oa]|niñ[oa]s?)\b",
    re.I,
)
PROMPT = """\
You weigh complaints. Hand off to manager what may hurt somebody or cannot wait, else to clerk; back to intake what \
nobody could work on as it is."""


def without_model(view: View) -> Move | Unsure:
    sign = CANNOT_WAIT.search(view.text)
    if sign:
        return HandOff("manager", f"It cannot wait: {sign[0]}.")
    return Unsure(HandOff("clerk", "It can wait for its turn."))


agent = AgentSpec(
    name="assessor",
    description="Weighs complaints.",
    prompt=PROMPT,
    rules_first=True,
    without_model=without_model,
)
