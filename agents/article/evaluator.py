"""The evaluator: judges a draft by its length, its citations and what of the question it speaks of."""

import re

from agents.sourced.quotes import begun
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move
from switchboard.declare.transcript import View
from switchboard.flows.loop import Verdict, verdict_to

PROMPT = """\
You judge a short article made of quotes. Grade clarity, completeness and accuracy from 1 to 10; it passes where all are 7 \
or more. In `feedback` say in one sentence what to change. Do not write the article yourself."""
MOST_WORDS = 80
CITED = re.compile(r"^- .+ \[[^\]\s]+\]$")
passed_back = verdict_to("writer")


def without_model(view: View) -> Move:
    text = str(view.said[-1].facts.get("draft", "")) if view.said else ""
    lines, length, asked = text.splitlines(), len(text.split()), begun(view.text)
    cited = sum(bool(CITED.match(line)) for line in lines)
    clarity = 10 if length <= MOST_WORDS else max(1, 10 - (length - MOST_WORDS) // 10 - 4)
    accuracy = max(1, 10 * cited // max(1, len(lines)))
    completeness = max(1, min(10, 12 * len(asked & begun(text)) // max(1, len(asked))))
    wants = {
        f"It has {length} words; {MOST_WORDS} are the most.": clarity < 7,
        f"{len(lines) - cited} lines cite nothing.": accuracy < 7,
    }
    feedback = " ".join(one for one, is_so in wants.items() if is_so)
    return passed_back(
        Verdict(clarity=clarity, completeness=completeness, accuracy=accuracy, passes=not feedback, feedback=feedback), view
    )


agent = AgentSpec(
    name="evaluator",
    description="Judges a draft, and says what to change.",
    prompt=PROMPT,
    output=Verdict,
    read=passed_back,
    without_model=without_model,
)
