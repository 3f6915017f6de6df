"""What a message asks as a continuation of an earlier matter: "and #W1000001?", "still not", "and cancel it"."""

import re
from typing import Any

from agents.reasons import Reason
from agents.requests.kinds import homes
from agents.requests.reading import read
from agents.routing.assignment import ABOUT_ROWS
from agents.routing.mood import is_denied, is_unclear
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import HandOff
from switchboard.declare.transcript import HandoffEntry, View

FOLLOWS = re.compile(
    r"^\W*(?:and|or|what about|how about|same (?:for|with|question)|also for|ok(?:ay)?,? (?:and|but|so)|but|so)\b"
    r"|\b(?:still|again|it|that|this|them|those|there)\b",
    re.IGNORECASE,
)
CHOOSES = re.compile(
    r"\W*(?:(?:and|ok|okay|what about|how about|i mean|then)\W+)*the \w+(?: \w+)? (?:one|model|version)\b", re.I
)
"""A choice among the products of the message before, which alone names none."""
NEXT_THING = re.compile(
    r"^\W*(?:(?:and|now|then|next|also|plus|ok|okay|please|finally)\b\W*){1,4}(?:with )?(?:the|my|both|these)\b[^?.!;:]*\W*$",
    re.I,
)
"""A further thing for which the same is wished, in hardly more than its name."""
ONE_MORE = re.compile(
    r"^\W*(?:and|also)\b[^.!?\n]*?\b(?:too|as well|also)\b|\bsame (?:(?:thing )?(?:again )?(?:for|with|on)|goes for)\b",
    re.IGNORECASE,
)
"""The same once more for another order."""
WHEN = re.compile(r"\b(?:when|how (?:long|soon|many days)|by what (?:day|date)|where is)\b", re.IGNORECASE)
QUESTION = re.compile(r"^\W*(?:do|does|will|when|how|am|is|where)\b[^.!]*$", re.IGNORECASE)
CLOSES = re.compile(
    r"\W*(?:(?:ok(?:ay)?|great|perfect|fine|good|nice|cool|super|alright|all right|got it|i see|understood|no|nope|"
    r"that(?:['’]s| is|) (?:all|it|fine|good|great)|(?:yes\W+)?(?:that|this|it) (?:really |has )?(?:helps|helped|works|worked)|"
    r"thanks?(?: you)?|thx|(?:good)?bye|see you|for now|"
    r"have a (?:nice|good|great) (?:day|evening|one))\W*){1,4}",
    re.IGNORECASE,
)
OTHER_ORDER = re.compile(r"\b(?:the|my|an) other (?:order|parcel|purchase|package)\b|\banother order\b", re.IGNORECASE)
"""An order that is not the one spoken of before."""
MOST_WORDS = 9
"""A message of more words says itself what it is about."""
IS_DONE = {
    **dict.fromkeys(("refund_duplicate", "refund_full", "refund_partial", "return_items", "cancel_order"), "refund_status"),
    **dict.fromkeys(("exchange_items", "change_items", "change_address"), "order_status"),
}
"""What "when do I get it?" asks after a request of that kind."""
WHENS = ("order_status", "late_parcel", "refund_status")


def follow_up(view: View) -> HandOff | None:
    """What the newest message asks as a continuation of an earlier matter: "and #W1000001?", "still not", "and cancel it"."""
    earlier = [e for e in view.case if e.kind == "handoff" and e.speaker == view.agent and is_matter(e)]
    own = read(view.text).request.kind
    if view.case and is_denied(view.text) and not read(view.text).facts.order_ids:
        return HandOff("general", "denied", {"kind": "denied"}, reason=Reason.COURTESY, request=view.text)
    if closes(view):
        return HandOff("general", "thanks", {"kind": "thanks"}, reason=Reason.COURTESY, request=view.text)
    if not earlier or view.questions or own in ("thanks", "greeting", "human", "complaint"):
        return None
    chooses = earlier[-1].to == "sales" and len(view.text.split()) <= MOST_WORDS and CHOOSES.match(view.text)
    if chooses or too_little(view.text, own) or asks_after(view.text, own, earlier[-1]):
        return resumed(view, earlier[-1], own)
    if own == "unknown" and len(view.text.split()) <= MOST_WORDS and NEXT_THING.match(view.text) and "?" not in view.text:
        kind = str(earlier[-1].facts.get("kind", "unknown"))
        return same_again(view, earlier[-1], kind) if earlier[-1].to == "orders" and kind in IS_DONE else None
    if not points_back(view.text):
        return None
    theirs = [e for e in earlier if e.to in homes(own)]
    with_order = earlier[-1:] if own in ABOUT_ROWS and earlier[-1].facts.get("order_ids") else []
    found = theirs or with_order
    return resumed(view, found[-1], own) if found else None


def closes(view: View) -> bool:
    """Whether the newest words say no more than that an answer was enough."""
    return answered_before(view) and not view.questions and bool(CLOSES.fullmatch(view.text[:100]))


def same_again(view: View, matter: HandoffEntry, kind: str) -> HandOff:
    """The deed of an earlier matter for another thing."""
    return HandOff(matter.to, "again", {"kind": kind, **told_of(view)}, reason=Reason.FOLLOW_UP, request=view.text)


def told_of(view: View) -> dict[str, Any]:
    """The order that the last answer told of, where that was one: the one that "it" and "that order" may mean."""
    told = [e.text for e in view.case if e.kind == "message" and e.speaker != CUSTOMER and not e.asks]
    orders = read(told[-1]).facts.order_ids if told else ()
    return {"told_of": orders[0]} if len(orders) == 1 else {}


def answered_before(view: View) -> bool:
    """Whether a matter of this case was handed to somebody before these words."""
    return any(e.kind == "handoff" and e.speaker == view.agent for e in view.case)


def resumed(view: View, matter: HandoffEntry, own: str) -> HandOff:
    """An earlier matter with the newest words. A request of their own replaces its kind, an order id its orders."""
    facts, said = dict(matter.facts), read(view.text).facts
    other = bool(OTHER_ORDER.search(view.text))
    if other:
        facts.pop("order_ids", None)
    kind, words, to = str(facts.get("kind", "unknown")), view.text, matter.to
    if said.order_ids:
        facts["order_ids"] = list(said.order_ids)
    if asks_after(view.text, own, matter):
        facts["kind"] = IS_DONE.get(kind, kind)
    elif own in ABOUT_ROWS and own != kind:
        facts["kind"] = own
        to = to if to in homes(own) else homes(own)[0]
    elif not said.order_ids:
        words = f"{matter.request}\n{view.text}"
    return HandOff(
        to,
        "again",
        {**facts, **({} if other else told_of(view)), **left_before(view, to)},
        reason=Reason.FOLLOW_UP,
        request=words,
    )


def asks_after(text: str, own: str, matter: HandoffEntry) -> bool:
    """Whether a short question is after what was done in a matter: when it arrives, or whether the money comes back."""
    kind = str(matter.facts.get("kind", "unknown"))
    if len(text.split()) > MOST_WORDS or read(text).facts.order_ids or kind not in (*IS_DONE, *WHENS):
        return False
    if WHEN.search(text) and own in ("unknown", *WHENS):
        return bool(FOLLOWS.search(text)) or is_unclear(text)
    return kind in IS_DONE and own in ("refund_full", "refund_status") and bool(QUESTION.search(text))


def is_matter(handoff: HandoffEntry) -> bool:
    return handoff.to != "general" or handoff.facts.get("kind") not in ("thanks", "greeting", "unknown")


def too_little(text: str, own: str) -> bool:
    """Whether a message says nothing by itself of what it is about."""
    if is_unclear(text):
        return True
    short = len(text.split()) <= MOST_WORDS or bool(read(text).facts.order_ids and ONE_MORE.search(text))
    return own == "unknown" and short and bool(read(text).facts.order_ids or FOLLOWS.search(text))


def points_back(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and bool(FOLLOWS.search(text))


def left_before(view: View, department: str) -> dict[str, Any]:
    """The ticket that the department opened for a human in this conversation, so that it opens no second one."""
    tickets = [e.result for e in view.case if e.kind == "result" and e.tool == "open_ticket" and e.status == "done"]
    asked = [e for e in view.case if e.kind == "message" and e.speaker == CUSTOMER]
    return {"ticket": tickets[-1]["ticket_id"]} if tickets and asked and department == "support" else {}
