"""What the customer says beside facts: yes or no to a question, and the request itself."""

import re
from collections.abc import Collection

from agents.cases.case import facts_of, kind_of
from agents.requests.clauses import words_on
from agents.requests.deeds import DEEDS
from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.declare.moves import Say
from switchboard.declare.transcript import View
from switchboard.reading.facts.details import LOOKED_AT
from switchboard.reading.stance import Verdict
from tools.ids import ORDER, described

YES = re.compile(
    r"^\W*(?:(?:(?:ha){2,5}h?|oh|ah|great|perfect|cool|awesome|good|nice|lovely|thanks|thank you)\b\W*){0,3}"
    r"(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please do|go ahead|do (?:it|that|so)|correct|right|exactly|fine|of course|"
    r"absolutely|confirm(?:ed)?|i (?:agree|confirm)|that(?:['’]s| is) (?:fine|right|ok|the one|correct))\b",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:(?:hm+|oh|ah|well|sorry|actually|wait|okay|ok)\b\W*){0,3}"
    r"(?:no|nope|nah|not? (?:now|yet|thanks?)|never ?mind|leave it|forget (?:it|that)|stop|do(?: not|n['’]?t)|"
    r"(?:i(?:['’]ll| will)? )?keep (?:it|them|everything|the order)|rather not|better not)\b",
    re.IGNORECASE,
)
KEEPS = re.compile(
    r"\b(?:keep(?:ing)? (?:it|them|everything|the order|my order)|leave it|never ?mind|forget (?:it|that)|too (?:expensive|"
    r"much|dear)|as it is|not worth|do(?: not|n['’]?t) (?:do|want|bother|need)|thanks?)\b",
    re.IGNORECASE,
)
BETTER = re.compile(
    r"#|\d|\b(?:another|other|different|instead|rather|but|wrong|mistake|accident\w*|want|would|need|the|one|longer|"
    r"gift card|paypal|card|visa|mastercard)\b",
    re.IGNORECASE,
)
"""In an answer that begins with no: what they mean instead."""
HEDGE = re.compile(r"\b(?:not (?:yet|sure|now)|but (?:not|do not|don['’]?t|wait)|what|how|why)\b|\?", re.IGNORECASE)
FURTHER = ("One thing is still open.", "I am sorry that I have to ask again.", "This is all that I still need.")
INSTEAD = re.compile(
    r"^\W*(?:(?:no|ok(?:ay)?|then|just|please|well|actually|so|in that case)\W+)*(?:i (?:want|would like) to )?cancel\b",
    re.IGNORECASE,
)
"""An answer that is another order: "cancel it then"."""
CANCELLING = re.compile(r"\bcancel\b", re.IGNORECASE)
SEND_TO = re.compile(r"\b(?:ship|send|sent|deliver|redirect|forward)\b[^.!?\n]{0,60}\bto\b", re.IGNORECASE)
DAMAGED = re.compile(r"\b(?:dents?|cracks?|scratch\w*|broke|hole|stains?|torn|defect\w*)\b", re.IGNORECASE)
METHOD_FOR = re.compile(
    r"\b(?:card|paypal|gift card|account|visa|mastercard|amex)\b[^.!?\n]{0,20}\bfor (?:the|any|a|my) refund\b", re.IGNORECASE
)
"""An answer that says where the money goes of what was read back, and asks for no refund."""
IN_GENERAL = re.compile(
    r"\bhow (?:long|many days|late)\b|\b(?:return|exchange|refund|cancellation|shipping|delivery)s? polic(?:y|ies)\b"
    r"|\bhow do(?:es)? (?:returns?|exchanges?|an exchange|a return|cancellations?) work\b|\bwhat happens if\b",
    re.IGNORECASE,
)


def says_yes(view: View) -> bool:
    """Whether the newest words are a yes to this agent's question."""
    return view.questions > 0 and bool(YES.search(view.latest)) and not HEDGE.search(view.latest)


def says_no(view: View) -> bool:
    """Whether the newest words are a no to this agent's question; one that names something better is none."""
    if not view.questions or not NO.search(view.latest):
        return False
    return bool(KEEPS.search(view.latest)) or not BETTER.search(NO.sub(" ", view.latest))


def wanted(view: View, kind: str, words: str | None = None) -> Verdict:
    """What the customer says of the deed: a yes to our question settles it, else their words (those on it, or all)."""
    if says_yes(view) or view.facts.get("agreed") == kind:
        return "asked"
    return read(view.text if words is None else words).verdict(kind)


def once_more(view: View, said: Say) -> Say:
    """A further question in other words than the one before, which the customer may not have understood."""
    if not said.asks or not view.questions:
        return said
    return Say(f"{FURTHER[min(view.questions, len(FURTHER)) - 1]} {said.text}", asks=True)


def misnumbered(view: View) -> tuple[str, ...]:
    """What the newest words give as an order number and is none."""
    return (read(view.latest).facts if view.questions else facts_of(view)).wrong_order_ids


def no_order_number(written: str) -> Say:
    return Say(
        f"{written} is not an order number: that is {described(ORDER)}, and stands in the confirmation e-mail. Please "
        "check it and send it again.",
        asks=True,
    )


def not_found(order_id: str) -> Say:
    return Say(f"I cannot find order {order_id} on your account. Please check the number and send it again.", asks=True)


def kind_on(view: View, kind: str, order_id: str, among: Collection[RequestKind]) -> str:
    """What is asked for on one of several orders of a matter; the matter's own kind where its words do not say."""
    words = words_on(view.text, order_id)
    if words == view.text:
        return kind
    found = read(words).request_among(among).kind
    if found == "unknown" and "change_address" in among and read(words).facts.addresses:
        return "change_address"
    return found if found != "unknown" else kind


def asked_for(view: View, among: Collection[RequestKind]) -> str:
    """What is asked for. What is none of `among` is read once more, the newest words first; else it is `unknown`."""
    kind = kind_of(view)
    if view.unconfirmed and (instead := asked_instead(view, among)):
        return instead
    vague = kind in ("order_status", "unknown", "change_items")
    sent_to = SEND_TO.search(view.text[:LOOKED_AT]) or kind == "change_items"
    if vague and sent_to and facts_of(view).addresses:
        return "change_address"
    answers = view.text.splitlines()[1:] if view.questions else []
    if "cancel_order" in among and any(INSTEAD.search(a) and read(a).verdict("cancel_order") == "asked" for a in answers):
        return "cancel_order"
    if "cancel_order" in among and kind in ("order_status", "late_parcel") and is_told_to_cancel(view.text):
        return "cancel_order"
    if kind == "unknown" and DAMAGED.search(view.text[:LOOKED_AT]):
        return "damaged"
    if kind in among:
        return kind
    answer = read(view.latest).request_among(among).kind if view.questions else "unknown"
    return answer if answer != "unknown" else read(view.text).request_among(among).kind


def is_told_to_cancel(text: str) -> bool:
    """Whether a message that asks where an order is asks for its cancellation beside that: "where is it? Else cancel it"."""
    return bool(CANCELLING.search(text)) and read(text).verdict("cancel_order") == "asked"


def asked_instead(view: View, among: Collection[RequestKind]) -> str:
    """The newest request in what was written after a call was read back; empty where none is made."""
    for line in reversed(view.text.splitlines()[1:]):
        kind = read(line).request_among(among).kind
        if kind == "refund_full" and METHOD_FOR.search(line):
            continue
        if kind in DEEDS and read(line).verdict(kind) == "asked":
            return kind
    return ""
