"""The postman: hands each letter in, which an operator approves, and tells what became of it."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.transcript import CallResult, View
from tools.outreach.letters import send_letter
from tools.outreach.rows import became


def without_model(view: View) -> Move:
    made = {one.arguments.get("to"): one for one in view.calls if one.tool == send_letter.name}
    letters = view.facts["letters"]
    left = [one["letter"] for one in letters if one["letter"]["to"] not in made]
    if left:
        return Calls(tuple(Call(send_letter.name, letter) for letter in left))
    lines = [line_of(n, one, made[one["letter"]["to"]]) for n, one in enumerate(letters, 1)]
    return Say("\n".join([str(view.facts["found"]), *lines]))


def line_of(number: int, letter: Mapping[str, Any], made: CallResult) -> str:
    """A company with its points, the reasons for them, and what became of its letter."""
    told = became(made.result["state"], made.result.get("why", "")) if made.done else f"not sent: {made.text}"
    return f"{number}. {letter['name']}, {letter['score']} of 100 ({'; '.join(letter['reasons'])}): {told}"


agent = AgentSpec(
    name="postman",
    description="Hands the letters in, and tells what became of them.",
    prompt="You hand letters in.",
    tools=(send_letter,),
    rules_first=True,
    without_model=without_model,
)
