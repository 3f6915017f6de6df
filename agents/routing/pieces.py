"""The matters of one message: what the routing tells apart, and what its requests tell apart beyond that."""

import re

from agents.requests.kinds import homes
from agents.requests.reading import read
from agents.routing.assignment import NEW_ADDRESS, NOT_NEEDED
from agents.routing.departments import route
from agents.routing.gist import gist
from agents.routing.listed import listed
from agents.routing.matters import matters
from agents.routing.mood import is_nothing_yet
from switchboard.reading.learning.features import LIMIT

LIKELY = 0.5
"""The confidence from which on a clause's own words say what it asks for."""
MOST_CLAUSES = 12
"""A message of more clauses is a story, and its matters are those that the routing finds."""
ASKS = (
    r"(?:please|can|could|would|will|what|where|when|why|how|which|who|is|are|do|does|did|"
    r"(?:i|we)(?:['’]d| would)? (?:also )?(?:want|need|wish|like)|tell|cancel|return|refund|exchange|"
    r"change|update|send|close|track|swap|check|ship|give|show|reset|let|help)"
)
CUT = re.compile(
    rf"(?<=[.!?;])\s+|\n+|,?(?<!\s)\s+(?=(?:and|but|then|plus)\b\s+(?:(?:also|then|please|secondly|as well)\s+){{0,4}}{ASKS}\b)"
    rf"|,?(?<!\s)\s+(?=also\s+{ASKS}\b)",
    re.IGNORECASE,
)
AT_THE_END = re.compile(r"(?<![\s,])[\s,]+(?:and|but|then|plus)$", re.IGNORECASE)
REQUEST = re.compile(rf"\W*(?:(?:and|but|then|plus|also|secondly|please|so)\W+)*{ASKS}\b|[^?]*\?", re.IGNORECASE)
ONLY_ASKS = re.compile(
    r"\W*(?:(?:can|could|would|will) (?:you|someone|somebody)|please|kindly|i (?:want|need|would like) (?:you )?to)"
    r"(?: please| kindly)? (?:update|change|fix|correct|do|sort|look into|check|adjust|amend|help)(?: me| us)?(?: with| out)?"
    r"(?: (?:it|this|that|my (?:account|profile|details|data|record|file)))?(?: please| for me| then| accordingly)*\W*",
    re.IGNORECASE,
)
"""A clause that asks for something and does not say for what: that stands before it."""
APART = re.compile(r",?(?<!\s)\s+(?=(?:and|but|plus)\s)|,\s+", re.IGNORECASE)
"""Where a clause may begin that asks for something else without a word of asking: "..., my order #2 is not needed"."""
IS_BROKEN = re.compile(r"(?:and|but|plus)\s+(?:my|our) ", re.IGNORECASE)
NEEDS_NO_ADDRESS = ("cancel_order", "return_items", "refund_duplicate", "refund_full", "refund_partial", "invoice")
SENT_BACK = ("return_items", "exchange_items")
THING = re.compile(
    r"\b(?:the|my|our|those|these) (?!orders?\b|whole|money|rest|other|amount|cost|price|it\b)[^\W\d_]{3,}", re.IGNORECASE
)
OR = re.compile(r"^\W*(?:or|otherwise|else|if)\b", re.IGNORECASE)
REMEDY = re.compile(
    r"\b(?:(?:a|another) (?:new|fresh) (?:one|pair|set)|"
    r"money back|(?:a|my|full) (?:full )?refund|refund (?:me|it|this|that)|compensation|replacement|"
    r"(?:return|exchange|replace|refund|cancel|fix) (?:it|this|that|them|these|those|one))\b",
    re.IGNORECASE,
)


def pieces_of(text: str) -> list[str]:
    """The matters of a message in order, in the customer's words; one where nothing tells more of them apart."""
    return counted(text) or [part for piece in telling(matters(text)) for part in by_request(piece)]


def counted(text: str) -> list[str]:
    """The matters that a customer counts, but what is no request in itself with the one before it; empty where none are."""
    found: list[str] = []
    for item in listed(text):
        if found and not says_something(item):
            found[-1] = f"{found[-1]} {item}"
        else:
            found.append(item)
    return found if len(found) > 1 else []


def says_something(item: str) -> bool:
    """Whether an item asks or tells of something that a department could take up."""
    return read(item).request.kind != "unknown" or route(item).department != "general" or "?" in item


def telling(pieces: list[str]) -> list[str]:
    """The matters, where what is no request in itself ("Please tell me what to do.") stays with the one before it.

    So does the new address that an order is to be sent to.
    """
    found = pieces[:1]
    for piece in pieces[1:]:
        if is_why(found[-1], piece):
            found[-1] = f"{found[-1]} {piece}"  # why it is to be changed
            continue
        says_where = NEW_ADDRESS.match(piece) and read(found[-1]).request.kind not in NEEDS_NO_ADDRESS
        if (
            says_where
            or is_nothing_yet(piece)
            or ONLY_ASKS.fullmatch(piece)
            or (route(piece).department == "general" and read(piece).request.kind == "unknown")
        ):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def is_why(before: str, piece: str) -> bool:
    """Whether the words before say that somebody moved, and ask for nothing, and the piece for the address that follows."""
    said, asked = read(before), read(piece).request.kind
    moved = said.request.kind == "user_address" and not said.facts.addresses and not REQUEST.match(before)
    return moved and "?" not in before and asked in ("change_address", "user_address")


def by_request(piece: str) -> list[str]:
    """A matter, cut where a clause asks for what no department of the clauses before it does."""
    if len(piece) > LIMIT:
        found = by_request(gist(piece))
        return found if len(found) > 1 else [piece]
    clauses = [clause for clause in CUT.split(re.sub(r"[^\S\n]+", " ", piece)) if clause.strip()]
    if len(clauses) <= MOST_CLAUSES:
        clauses = [part for clause in clauses for part in taken_apart(clause)]
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
    if ONLY_ASKS.fullmatch(clause) or is_why(before, clause) or is_nothing_yet(clause):
        return False
    if NEW_ADDRESS.match(clause):
        return bool(read(clause).facts.addresses) and read(before).request.kind in NEEDS_NO_ADDRESS
    if is_apart(before, clause) or of_two_orders(before, clause):
        return True
    theirs, its = wanted_from(before), wanted_from(clause)
    if not REQUEST.match(clause) or not its or not theirs or set(theirs) & set(its):
        return False
    return not REMEDY.search(clause) or bool(read(before).facts.error_codes and read(clause).facts.order_ids)


def of_two_orders(before: str, clause: str) -> bool:
    """Whether one of them cancels and the other sends a thing back, without the number of its order: what can still be
    cancelled was not sent yet, so it is in another.
    """
    kinds = {read(text).request.kind: text for text in (before, clause)}
    back = next((text for kind, text in kinds.items() if kind in SENT_BACK), "")
    return bool("cancel_order" in kinds and THING.search(back) and not read(back).facts.order_ids and not OR.search(clause))


def taken_apart(clause: str) -> list[str]:
    """A clause, cut at the first "and" or comma after which it surely speaks of something else."""
    for place in list(APART.finditer(clause))[:MOST_CLAUSES]:
        before, rest = clause[: place.start()], clause[place.end() :]
        if is_apart(before, rest):
            return [before, *taken_apart(rest)]
    return [clause]


def is_apart(before: str, rest: str) -> bool:
    """Whether words ask for something else although they hold no word of asking.

    They speak of another order and surely of another department's work, of an order after a sum or an area, or of a
    device after what only billing does.
    """
    kind, had, has = read(before).request.kind, read(before).facts.order_ids, read(rest).facts.order_ids
    if kind in ("area", "arithmetic"):
        return bool(has) and not had and bool(homes(read(rest).request.kind))
    if homes(kind) != ("billing",):
        return False
    if had and has:
        asks = homes(read(rest).request.kind) == ("orders",) or bool(read(rest).facts.addresses or NOT_NEEDED.search(rest))
        return not set(had) & set(has) and asks
    routed = route(rest)
    is_device = routed.department == "support" and routed.confidence >= LIKELY
    return bool(IS_BROKEN.match(rest)) and is_device and not has and not homes(read(rest).request.kind)


def wanted_from(clause: str) -> tuple[str, ...]:
    """The departments that could do what a clause asks for; none where it asks for nothing that can be told."""
    asked = read(clause).request
    if asked.confidence >= LIKELY and homes(asked.kind):
        return homes(asked.kind)
    facts, routed = read(clause).facts, route(clause)
    if facts.error_codes:
        return ("support",)
    if facts.order_ids and (facts.addresses or routed.department not in ("billing", "orders")):
        return ("orders",)
    return (routed.department,) if facts.order_ids and routed.confidence >= LIKELY else ()
