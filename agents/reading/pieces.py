"""The matters of one message: what the routing tells apart, and what its requests tell apart beyond that."""

import re

from agents.reading.case import homes
from agents.reading.extraction import facts_in
from agents.reading.requests import request_in
from agents.reading.routing import matters, route

LIKELY = 0.5
"""The confidence from which on a clause's own words say what it asks for."""
MOST_CLAUSES = 12
"""A message of more clauses is a story, and its matters are those that the routing finds."""
LONGEST = 4000
"""Characters; a longer matter stays whole."""
ASKS = (
    r"(?:please|can|could|would|will|what|where|when|why|how|which|who|is|are|do|does|did|"
    r"(?:i|we)(?:['’]d| would)? (?:also )?(?:want|need|wish|like)|tell|cancel|return|refund|exchange|"
    r"change|update|send|close|track|swap|check|ship|give|show|reset|let|help)"
)
CUT = re.compile(
    rf"(?<=[.!?;])\s+|\n+|,?\s+(?=(?:and|but|then|plus)\b\s+(?:(?:also|then|please|secondly|as well)\s+)*{ASKS}\b)"
    rf"|,?\s+(?=also\s+{ASKS}\b)",
    re.IGNORECASE,
)
AT_THE_END = re.compile(r"[\s,]+(?:and|but|then|plus)$", re.IGNORECASE)
REQUEST = re.compile(rf"\W*(?:(?:and|but|then|plus|also|secondly|please|so)\W+)*{ASKS}\b|[^?]*\?", re.IGNORECASE)
REMEDY = re.compile(
    r"\b(?:money back|(?:a|my|full) (?:full )?refund|refund (?:me|it|this|that)|compensation|replacement|"
    r"(?:return|exchange|replace|refund|cancel|fix) (?:it|this|that|them|these|those|one))\b",
    re.IGNORECASE,
)


def pieces_of(text: str) -> list[str]:
    """The matters of a message in order, in the customer's words; one where nothing tells more of them apart."""
    return [part for piece in telling(matters(text)) for part in by_request(piece)]


def telling(pieces: list[str]) -> list[str]:
    """The matters, where what is no request in itself ("Please tell me what to do.") stays with the one before it."""
    found = pieces[:1]
    for piece in pieces[1:]:
        if route(piece).department == "general" and request_in(piece).kind == "unknown":
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def by_request(piece: str) -> list[str]:
    """A matter, cut where a clause asks for what no department of the clauses before it does."""
    if len(piece) > LONGEST:
        return [piece]
    clauses = [clause for clause in CUT.split(re.sub(r"[^\S\n]+", " ", piece)) if clause.strip()]
    if not 1 < len(clauses) <= MOST_CLAUSES:
        return [piece]
    found = clauses[:1]
    for clause in clauses[1:]:
        if is_another(found[-1], clause):
            found.append(clause)
        else:
            found[-1] = f"{found[-1]} {clause}"
    return [AT_THE_END.sub("", part.strip()) for part in found] if len(found) > 1 else [piece]


def is_another(before: str, clause: str) -> bool:
    """Whether a clause asks another department for something else, and not for the remedy of what was told before it.

    An error code before it asks for help by itself, so that a remedy beside it is a second matter.
    """
    theirs, its = wanted_from(before), wanted_from(clause)
    if not REQUEST.match(clause) or not its or not theirs or set(theirs) & set(its):
        return False
    return not REMEDY.search(clause) or bool(facts_in(before).error_codes and facts_in(clause).order_ids)


def wanted_from(clause: str) -> tuple[str, ...]:
    """The departments that could do what a clause asks for; none where it asks for nothing that can be told."""
    asked = request_in(clause)
    if asked.confidence >= LIKELY and homes(asked.kind):
        return homes(asked.kind)
    facts, routed = facts_in(clause), route(clause)
    if facts.error_codes:
        return ("support",)
    if facts.order_ids and (facts.addresses or routed.department not in ("billing", "orders")):
        return ("orders",)
    return (routed.department,) if facts.order_ids and routed.confidence >= LIKELY else ()
