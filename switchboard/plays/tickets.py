"""How a ticket stands that a customer names: told where that is all that they ask, and only to whose it is."""

import re

from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, Move, Say
from switchboard.declare.transcript import View
from switchboard.reading.languages import said

GET = "get_ticket"
NAMED = re.compile(r"(?<!\w)T\d{6,9}(?!\w)")
MOST, MOST_WORDS = 3, 25
"""Tickets of a message that are told of, and its words: who writes more wants more than to know how they stand."""


def ticket_told(spec: AgentSpec, view: View) -> Move | None:
    """What the customer hears of the tickets that they ask about; None where somebody has to see what they write."""
    numbers = tuple(dict.fromkeys(NAMED.findall(view.latest)))
    words = view.latest.split()
    if spec.tool(GET) is None or not 1 <= len(numbers) <= MOST or len(words) > MOST_WORDS or not _asks(view):
        return None
    looked = {call.arguments["ticket_id"]: call for call in view.calls if call.tool == GET}
    if missing := [number for number in numbers if number not in looked]:
        return Calls(tuple(Call(GET, {"ticket_id": number}) for number in missing))
    if not all(looked[number].done for number in numbers):
        return None
    return Say("\n".join(in_words(looked[number].result, view.language) for number in numbers))


def _asks(view: View) -> bool:
    """Whether the newest words are one question, or hardly more than the number."""
    return view.latest.rstrip().endswith("?") and view.latest.count("?") == 1 and not re.search(r"[.!;]\s", view.latest)


def in_words(found: dict[str, str | bool], language: str) -> str:
    """How a ticket stands, as its tool gives it."""
    fields = {name: str(found[name]) for name in ("ticket_id", "opened_on", "answered_on", "closed_on")}
    if found["state"] == "closed":
        return said("ticket.closed", language, **fields)
    return said("ticket.answered" if found["answered_on"] else "ticket.open", language, **fields)
