"""The postman: hands each letter in, which an operator approves, and tells what became of it."""

from collections.abc import Mapping
from typing import Any

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.transcript import CallResult, View
from tools.outreach.letters import send_letter
from tools.outreach.rows import became


def without_model(view: View) -> Move:
    letters = view.facts["letters"]
    made = [made_of(view, one["letter"]) for one in letters]
    left = [one["letter"] for one, call in zip(letters, made, strict=True) if call is None]
    if left:
        return Calls(tuple(Call(send_letter.name, letter) for letter in left))
    lines = [line_of(n, one, call) for n, (one, call) in enumerate(zip(letters, made, strict=True), 1) if call]
    return Say("\n".join([str(view.facts["found"]), *lines]))


def made_of(view: View, letter: Mapping[str, str]) -> CallResult | None:
    """The call that handed a letter in: an operator may have put its address right, or its words."""
    calls = [one for one in view.calls if one.tool == send_letter.name]
    same = (one for one in calls if one.arguments.get("to") == letter["to"] or one.arguments.get("text") == letter["text"])
    return next(same, None)


def line_of(number: int, letter: Mapping[str, Any], made: CallResult) -> str:
    """A company with its points, the reasons for them, and what became of its letter."""
    told = became(made.result["state"], made.result.get("why", "")) if made.done else f"not sent: {made.text}"
    to = made.arguments.get("to")
    other = f" to {to}" if to != letter["letter"]["to"] else ""
    return f"{number}. {letter['name']}, {letter['score']} of 100 ({'; '.join(letter['reasons'])}){other}: {told}"


agent = AgentSpec(
    name="postman",
    description="Hands the letters in, and tells what became of them.",
    prompt="You hand letters in.",
    tools=(send_letter,),
    rules_first=True,
    without_model=without_model,
)
