"""Sentiment: which words of a text are glad and which are not."""

import re

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Say
from switchboard.declare.transcript import View

GLAD = re.compile(
    r"\b(?:good|great|glad|happy|love[ds]?|lovely|excellent|thank\w*|quick\w*|friendly|perfect\w*|pleased|recommend\w*)\b", re.I
)
SORRY = re.compile(
    r"\b(?:bad|poor|late|slow\w*|broken?|broke|sad|angry|hate[ds]?|terribl\w*|awful|disappoint\w*|rude|never|fail\w*)\b",
    re.I,
)


def without_model(view: View) -> Move:
    glad, sorry = GLAD.findall(view.text), SORRY.findall(view.text)
    found = ", ".join(dict.fromkeys(word.lower() for word in [*glad, *sorry]))
    kind = "mixed" if glad and sorry else "positive" if glad else "negative" if sorry else "neutral"
    return Say(f"{kind} ({found})" if found else kind)


agent = AgentSpec(
    name="sentiment",
    description="Tells how a text feels.",
    prompt="Say whether the text is positive, negative, mixed or neutral, and quote the words that show it. One line.",
    without_model=without_model,
)
