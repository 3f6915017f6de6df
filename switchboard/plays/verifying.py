"""Finding out who writes, for an agent without rules of its own: by the channel, by what they give, by a code that is sent."""

from collections.abc import Mapping
from typing import Any

from switchboard.consent.identity import NOT_OF_CHANNEL
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import CallResult, View
from switchboard.errors import NOT_ANSWERED
from switchboard.events.masking import EMAIL
from switchboard.reading.languages import said
from switchboard.reading.tongues import letters, tongue_of

NOBODY = "The customer could not be verified."
MOST_CODES = 2
"""How often one is asked for without an answer before a person helps."""
ENGLISH_NO_CODE = (
    "again",
    "another",
    "resend",
    "new code",
    "nothing",
    "no code",
    "no mail",
    "not arrive",
    "not get",
    "n't get",
)


def verifying_tool(spec: AgentSpec) -> Tool | None:
    """The agent's tool that finds a customer by one thing that they give."""
    return next((tool for tool in spec.tools if tool.verifies and len(tool.arguments.model_fields) == 1), None)


def verified_by(tool: Tool, view: View) -> Move | str:
    """The next call or question that tells who writes; or why a person must find that out."""
    name = next(iter(tool.arguments.model_fields))
    of_channel = [view.facts[known] for known in (name, "email") if known in view.facts][:1]
    typed = list(dict.fromkeys(found[0] for found in EMAIL.finditer(view.latest)))
    given = [*typed, *of_channel] if len(typed) <= 1 else []  # of two neither is guessed: one of them is asked for
    tried = [dict(call.arguments) for call in view.calls if call.tool == tool.name]
    new = next(({name: one} for one in given if {name: one} not in tried), None)
    if new:
        return Calls((Call(tool.name, new),))
    last = view.last(tool.name)
    if last and last.code in NOT_ANSWERED:  # which is not that nobody has this address
        return f"The customer could not be verified by {tool.name}: {last.text}"
    if last and last.code in ("code_sent", "code_wrong", "code_late"):
        return _by_code(tool, view, last)
    closed = any(call.code == NOT_OF_CHANNEL for call in view.calls)  # whatever they type, it verifies nobody here
    if closed or view.questions > 1 or (last and last.code.startswith(("code_", "too_many_codes"))):
        return NOBODY
    who = said("play.who", view.language)
    return Say(f"{said('play.not_found', view.language)} {who}" if tried else who, asks=True)


def _by_code(tool: Tool, view: View, last: CallResult) -> Move | str:
    """What is said of a code that was sent, or was wrong; another one where it is late, or did not arrive."""
    again = Calls((Call(tool.name, dict(last.arguments)),))
    if last.code == "code_late":
        return again
    if not view.wrote_since:
        return Say(_told_of(last.code, last.data, view.language), asks=True)
    if _did_not_arrive(view):
        return again
    still = said("code.still", view.language)
    return NOBODY if view.questions > MOST_CODES + 1 else Say(still, asks=True)


def _told_of(code: str, data: Mapping[str, Any], language: str) -> str:
    if code == "code_wrong":
        return said("code.wrong", language, left=str(data.get("left", 1)))
    to, minutes = str(data.get("to", "")), str(data.get("minutes", ""))
    return said("code.sent_to", language, to=to, minutes=minutes) if to else said("code.sent", language, minutes=minutes)


def _did_not_arrive(view: View) -> bool:
    tongue = tongue_of(view.language)
    words = letters(view.latest, view.language)
    return bool(tongue.no_code.search(words)) if tongue else any(form in words for form in ENGLISH_NO_CODE)
