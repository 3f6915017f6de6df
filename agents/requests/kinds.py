"""Whose a kind of request is, which of them a department tells apart, and what asks for our rules alone."""

import re

from agents.requests.reading import read
from agents.requests.requests import RequestKind
from switchboard.reading.facts.details import LOOKED_AT

ASKS_IN_GENERAL = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hi there|good (?:morning|day|evening)|please|thanks|and|also|so|quick question|just wondering|"
    r"thank you|thx|ok|okay|by the way|btw|(?:one|another) (?:more |other )?(?:thing|question)|"
    r"(?:can|could) you (?:please )?tell me|i (?:want|would like) to know|tell me|i wonder|do you know)\b\W*)*"
    r"(?:how|what(?:['’]?s)?|which|when|where can|who|do (?:you|i)|does|are there|"
    r"is (?:it|there|a|an)|can (?:i|you|one|we|a|customers)|may i|will you|must i|should i|would you|your \w+ policy)\b",
    re.IGNORECASE,
)
WANT = (
    r"(?:(?:can|could|would|will) (?:you|u|ya|someone|somebody)|"
    r"(?:i|we) (?:just )?(?:would like|want|wanted|need|require|have)|i['’]d like|looking for|in need of)"
)
HELP = r"(?:help|assistance|assist|support|info|information|guidance|instructions)"
FIND_OUT = r"(?:check|see|know|find(?: out)?|list|learn|understand|ask)"
FOR_HELP = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hi there|please|pls|kindly|so|and|but)\b\W*)*"
    rf"(?:(?:{WANT}\W+)?(?:please )?(?:to )?(?:have |get |some |any |your |with |the )*{HELP}\b\W*(?:me|us)?\W*|"
    r"(?:i|we) (?:do not|don['’]?t|dont) know (?=how|what|where|which|when|if|whether)|"
    rf"(?:i (?:have|got|want|need|would like|am trying)|i['’]d like) (?:got )?to {FIND_OUT}\b\W*)"
    r"(?:(?:to|with|about|on|in|for|regarding|of|please)\b\W*)*",
    re.IGNORECASE,
)
"""Words that ask for help or information, and not yet for what."""
MEANS = r"(?:payment|shipping|shipment|delivery|refund|return)"
OF_THE_SHOP = re.compile(
    rf"\b(?:available|accepted|possible|existing|offered|all|different)\W+(?:\w+ )?{MEANS}\W+"
    r"(?:method|option|mode|modalit|way|polic)\w*|"
    rf"\b{MEANS}\W+(?:methods?|options?|modes?) (?:are )?(?:available|there are|you (?:have|offer|accept))\b|"
    rf"\b(?:your|ur|the|which|what|see|check|list) {MEANS}\W+(?:methods?|options?|modes?|modalit\w*)\b|"
    r"\b(?:delivery|shipping) (?:is )?(?:available|possible) (?:in|at|to|for|here)\b|"
    r"\bis (?:delivery|shipping) (?:available|possible)\b|"
    r"\b(?:your|ur) (?:[\w-]+ ){0,3}?(?:polic(?:y|ies)|guarantee|terms|conditions|rules|opening hours|hours)\b",
    re.IGNORECASE,
)
"""What the shop has for everybody, however it is asked for."""
HAS_ORDERED = re.compile(
    r"(?:^\W{0,20}|\b(?:but|and|hi|hello)\W{1,20})(?:i|we)(?: have| had| just| already){0,4} "
    r"(?:placed|made|ordered|bought|paid)\b",
    re.I,
)
"""A report of what the writer has done, which asks for nothing yet."""
LONG_NUMBER = re.compile(r"\d{5}")
"""The number of something of the writer's, although of none of our orders."""
SHOW_ME = re.compile(r"\b(?:show|tell|give|send|let|help) (?:me|us)\b", re.IGNORECASE)
IF_EVER = re.compile(r"\b(?:if|when|in case) (?:i|we)\b[^,.;?!\n]{0,80}", re.IGNORECASE)
"""A case that is only thought of, beside a question on what holds for everybody."""
THANKED = re.compile(r"^\W*(?:hi|hello|hey|thanks|thank you|thx)\b[^.!?\n]{0,80}[.!\n]\s*", re.IGNORECASE)
"""A sentence of thanks or greeting before the question."""
DELIVERS = re.compile(r"\bd[ei]l[ei]v\w*|\bship\w*|\bcouriers?\b|\bdispatch\w*", re.IGNORECASE)
OF_SOME_ORDER = re.compile(
    r"\b(?:my|mine|our|ours|orders?|ordered|bought|purchas\w*|paid|parcels?|packages?|consignments?|numbers?|track\w*|status|"
    r"updates?|where|late|delay\w*|overdue|arriv\w*|receiv\w*|came|comes?|reach\w*|yet|still|already|not|never|no|today|tomorrow|"
    r"yesterday|expected|instead|rather|change\w*|new|other|another|different|wrong|"
    r"(?:it|that|this|them)(?! (?:time|moment|situation|period|season|area|place|location|city|town|state|country|region|"
    r"pin|zip)))\b|n['’]t\b|#\d|\b\d{7,9}\b|\b\d{11,}\b",
    re.IGNORECASE,
)
"""What speaks of an order that was placed, beside a word of delivering."""
MY_PLACE = re.compile(
    r"\b(?:my|our) (?:[\w-]+ )?(?:area|address|city|town|village|place|home|house|location|locality|region|state|country|"
    r"district|street|(?:zip|pin|postal|post)[ -]?code|pin|zip|door|doorstep)\b(?:\W+(?:\w+\W+)?\d{4,6}\b)?"
    r"|\b(?:zip|pin|postal|post)[ -]?(?:code)?\W+(?:\w+\W+)?\d{4,10}\b",
    re.IGNORECASE,
)
"""Where the writer lives, which is no matter of theirs."""
OF_DELIVERY = ("order_status", "late_parcel", "change_address", "price_question", "product_question", "unknown")
IN_WHICH_CASES = re.compile(
    r"\b(?:in|under|on) (?:what|which) (?:cases?|situations?|circumstances?|conditions?|terms)\b|\bin general\b", re.IGNORECASE
)
MONEY_BACK = re.compile(r"\bmy money\b", re.IGNORECASE)
"""What anybody calls a refund."""
ABOUT_OWN_CASE = re.compile(
    r"\b(?:my|mine|our|ours|me|(?-i:us)|him|her|"
    r"i (?:was|am|had|paid|bought|ordered|got|received|see|sent|returned|owe|have(?! to))|"
    r"i['’](?:ve|m)|did(?:n['’]t)? (?:i|you|it|they)|have you|has (?:the|it)|was i|am i|on file|do i owe|status of|"
    r"(?:will|does|did|is|are|was|can you|could you) "
    r"(?:(?:it|that|this|they|them)(?! (?:take|cost|work|possible|available|"
    r"(?:deliver(?:ed|able)?|shipped|sent|sold) (?:in|to|at|abroad))\b)|the \w+ (?:arrive|come|be))|"
    r"(?:the|this|that|these|those) (?:orders?|parcels?|packages?|delivery|shipments?|charges?|payment)"
    r"(?! (?:polic|rule|method|time|cost)))\b"
    r"|\b(?:cancel|return|exchange|change|refund|track|get|expect|send)\w* (?:it|this|that|them|these|those)\b",
    re.IGNORECASE,
)
KINDS_OF: dict[str, tuple[RequestKind, ...]] = {
    "billing": (
        "refund_duplicate", "refund_full", "refund_partial", "refund_status", "explain_charge", "invoice", "payment_method",
        "change_payment",
    ),
    "orders": (
        "order_status", "late_parcel", "cancel_order", "change_address", "change_items", "change_payment", "return_items",
        "exchange_items", "damaged", "refund_full", "refund_status",
    ),
}  # fmt: skip
"""What can be asked of a department whose requests differ in what is done; the others take every kind."""


def kind_in(text: str, department: str) -> RequestKind:
    """What is asked for, read as that department reads it: "give it back" is money in billing and a parcel in orders."""
    found = read(text).request_among(KINDS_OF[department]).kind if department in KINDS_OF else "unknown"
    return found if found != "unknown" else read(text).request.kind


DEPARTMENT_OF: dict[str, str] = {
    **dict.fromkeys(KINDS_OF["orders"], "orders"),
    **dict.fromkeys(KINDS_OF["billing"], "billing"),
    **dict.fromkeys(("plan_question", "price_question", "product_question", "subscription_change"), "sales"),
    **dict.fromkeys(("password", "locked", "two_factor", "user_address", "close_account"), "account"),
    "technical": "support",
}
"""Whose a request is, where its words alone say so; the others can be anyone's."""


def homes(kind: str) -> tuple[str, ...]:
    """The departments that do what is asked, the likeliest first; none for what can be anyone's."""
    also = (name for name, kinds in KINDS_OF.items() if kind in kinds)
    return tuple(dict.fromkeys((*([DEPARTMENT_OF[kind]] if kind in DEPARTMENT_OF else []), *also)))


def without_help(text: str) -> str:
    """A text without the words before it that ask for help or information, and not yet for what."""
    rest = FOR_HELP.sub("", text[:LOOKED_AT], count=1)
    return rest if rest.strip(" .!?") else text


def asks_how(text: str) -> bool:
    """Whether help or information is asked for with something that is not of the writer's own: "assistance with paying"."""
    rest = without_help(text)
    names_one = read(text).facts.order_ids or LONG_NUMBER.search(rest)
    return rest != text and not names_one and not ABOUT_OWN_CASE.search(rest)


def of_delivering(text: str) -> bool:
    """Whether a text speaks of how, or whereto, the shop delivers, and of no order that anybody placed."""
    text = text[:LOOKED_AT]
    if not DELIVERS.search(text) or read(text).facts.order_ids or read(text).request.kind not in OF_DELIVERY:
        return False
    return not OF_SOME_ORDER.search(MY_PLACE.sub(" ", without_help(text)))


def is_general_question(text: str) -> bool:
    """Whether a text asks for our rules and terms, which anybody may know, and not for anything of the writer's own."""
    if of_delivering(text):
        return True
    facts = read(text[:LOOKED_AT]).facts
    text = THANKED.sub("", text[:LOOKED_AT])
    if facts.order_ids or facts.item_ids or facts.ticket_ids:
        return False
    asked = bool(ASKS_IN_GENERAL.match(text)) or bool(re.fullmatch(r"\W*(?:the |your )?\w+ policy\W*", text, re.IGNORECASE))
    asked = asked or bool(IN_WHICH_CASES.search(text) or OF_THE_SHOP.search(text))
    told = MONEY_BACK.sub(" ", text) if IN_WHICH_CASES.search(text) else text
    told = IF_EVER.sub(" ", SHOW_ME.sub(" ", told)) if OF_THE_SHOP.search(text) else told
    return asked and not ABOUT_OWN_CASE.search(told)
