"""Whose a matter is, and of what kind: the classifier's word, corrected by what an order id and the request itself say."""

import re

from agents.requests.deeds import DEEDS
from agents.requests.facts import Facts
from agents.requests.kinds import ABOUT_OWN_CASE, KINDS_OF, homes, is_general_question, kind_in
from agents.requests.our_rules import ON_RULES
from agents.requests.reading import read
from agents.requests.requests import Request, RequestKind
from agents.routing.departments import route
from agents.routing.mood import is_denied, praises
from switchboard.declare.moves import HandOff
from switchboard.events.masking import CARD, card_numbers
from switchboard.reading.facts.details import LOOKED_AT

OF_A_PLAN: tuple[str, ...] = ("plan_question", "subscription_change")
KINDS_WITH_ROWS = {**KINDS_OF, "account": ("user_address", "close_account", *OF_A_PLAN)}
"""Departments and their requests that are about the customer's own rows, so that the customer must be known first."""
SURE = 0.85
CLEAR = 0.7
"""The confidence from which on a request says whose it is, where the classifier is not sure."""
ABOUT_ROWS = {*KINDS_OF["billing"], *KINDS_OF["orders"]}
PROFILE = re.compile(
    r"\b(?:change|update|correct|fix|replace|wrong|edit)\b[^.?!\n]{0,30}\bmy (?:\w+ ){0,2}?"
    r"(?:e-?mail|phone|(?:mobile|telephone|cell) number|number on file|name|surname|birthday)\b",
    re.IGNORECASE,
)
NEW_ADDRESS = re.compile(r"\W*(?:and\W+)?(?:my|our) (?:new |home |default )*address (?:is|will be|changed)\b", re.IGNORECASE)
COMPLAINS = re.compile(
    r"\b(?:file|make|submit|lodge|raise|register|have|open)\b[^.?!\n]{0,20}\b(?:complaint|reclamation|grievance)s?\b",
    re.IGNORECASE,
)
NOT_NEEDED = re.compile(
    r"\b(?:(?:not|isn['’]?t|aren['’]?t|no longer) (?:needed|wanted)|(?:do not|don['’]?t|no longer) (?:need|want))\b",
    re.IGNORECASE,
)
OWN_PLAN = re.compile(
    r"\b(?:my|our) (?:[\w-]+ ){0,3}?(?:plan|subscription|membership|plus)\b|\bunsubscribe\b"
    r"|\b(?:plan|subscription|membership)s? (?:am i|are we|do (?:i|we) have|i am|i['’]m|(?:i|we) have)\b"
    r"|^\W*(?:please |i (?:want|need|would like|wish) to |i['’]d like to )?(?:cancel|pause|stop|end|resume|renew) "
    r"(?:the )?(?:[\w-]+ ){0,3}?(?:subscription|membership|plan|plus)\b",
    re.IGNORECASE,
)
"""A plan that the writer has, in words: what it is and what becomes of it stands on their account."""
RETURNS = re.compile(
    r"\b(?:to|please|and|i['’]?ll|can i|could i|may i|let me) "
    r"(?:return|(?:send|give) (?:(?!money|cash|funds|payment|charge|me )\w+ ){0,3}back)\b"
    r"(?! policy|(?: (?:me|us|my|the|all))* money)",
    re.IGNORECASE,
)
"""Goods that the customer wants to send back now."""
CHANGES_OWN = re.compile(
    r"\b(?:change|switch|swap|modify|adjust) my (?:[\w-]{2,20} ){0,2}"
    r"(?!(?:address|password|e-?mail|name|surname|phone|number|card|payment|method|plan|account|mind|subscription|membership|"
    r"order|login|profile|language|details|data|birthday) )[\w-]{3,20} (?:to|into|for)\b",
    re.IGNORECASE,
)
"""A thing of the writer's that is to become another one."""
PAID_FOR = re.compile(r"\b(?:did|have) (?:i|we) (?:pay|paid|spend|spent)\b[^.!?\n]{0,30}\b(?:order|purchase)\b", re.IGNORECASE)
"""What an order cost, which stands in it."""
OF_GOODS: tuple[RequestKind, ...] = ("return_items", "exchange_items")
BESIDE_A_DEED = ("price_question", "product_question", "payment_method", "unknown")
"""What is asked beside what is to be done, and is no matter of its own: what the others cost, where the money goes."""
PLAIN = 3.0
"""The score from which on the words for a deed leave no doubt."""
OWN_GOODS = re.compile(
    r"\b(?:my|mine|our|ours|own|i['’]ve got|"
    r"(?:i|we)(?: have)?(?: just| already| recently)? (?:got|received|bought|ordered|have))\b",
    re.IGNORECASE,
)
COMPARES = re.compile(r"\b(?:which|what)\b[^.?!\n]*\b(?:\w{3,}(?:er|est)|best)\b", re.IGNORECASE)
OF_ORDER = re.compile(r"\b(?:its|the (?:order|parcel)['’]?s|(?:order|delivery|shipping) address)\b", re.IGNORECASE)


OWN_GIFT_CARD = re.compile(
    r"(?=.*\b(?:my|our) (?:\w+ )?(?:gift ?cards?|vouchers?)\b)(?=.*\b(?:balance|left|remain\w*|credit|worth|value|how much)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""What is asked of a gift card of the writer's own: what it holds stands on their account."""
BALANCE = re.compile(
    r"\W*(?:(?:hi|hello|hey|please|pls|can|could|may|you|i|want|would like|like|need|to|know|see|check|tell|show|give|get|view|"
    r"find out|me|us|what|whats|what['’]s|is|s|how much|do|my|the|our|on|in|of|for|your|their|total|current|available|present|"
    r"remaining|account|acc?(?:oun)?t?|a/c|shop|customer)\W+){0,12}balance"
    r"(?:\W+(?:please|pls|now|today|of|in|on|my|the|account|acc?t?|a/c|is|left|do|i|have|with|you|there|and|thanks?|"
    r"thank you|[ei]nquiry|check)){0,8}\W*",
    re.IGNORECASE,
)
"""A question after a balance that names nothing which holds one."""
NO_USE = re.compile(
    r"\bbut\b[^.!?\n]{0,60}\b(?:not|cannot|still|again|no longer)\b|\bbut\b[^.!?\n]{0,60}n['’]t\b|\bstill (?:not|does|do|is)\b",
    re.IGNORECASE,
)
"""Thanks for what did not help."""
HELD = re.compile(
    r"\b(?:i have(?! (?:got )?to\b)|do i|on file|saved|invoices?|bills?|my (?:payment )?methods?)\b", re.IGNORECASE
)
OF_AN_ORDER = re.compile(
    r"\b(?:orders?|order(?:ed|ing)|purchas\w*|bought|parcels?|packages?|shipments?|shipp\w*|deliver\w*|arriv\w*|receiv\w*|"
    r"items?|tracking|return\w*|send\w*|sent)\b",
    re.IGNORECASE,
)
"""What a message about somebody's order speaks of."""


def assigned(piece: str, own: Facts, orders: tuple[str, ...]) -> tuple[str, str]:
    """The department and the kind of a matter. `own` are the facts of its words; `orders` may come from the whole message.

    A question on our rules goes to general unless its department answers it without the customer's rows: asking who
    somebody is before telling them how long a refund takes helps nobody.
    """
    department: str = route(piece).department
    asked = read(piece).request
    kind: str = kind_in(piece, department)
    if praises(piece):
        department, kind = "general", "thanks"
    elif kind == "thanks" and NO_USE.search(piece):
        department, kind = "support", "technical"
    elif is_denied(piece) and not own.order_ids:
        department, kind = "general", "denied"
    elif own.order_ids:
        department, kind = of_order(department, kind, asked, bool(own.addresses), bool(NOT_NEEDED.search(piece)))
    elif (kind == "refund_full" or asked.kind == "return_items") and RETURNS.search(piece) and not is_general_question(piece):
        department, kind = "orders", "return_items"  # the money follows the goods
    elif kind in BESIDE_A_DEED and (deed := own_deed(piece)):
        department, kind = "orders", deed
    elif kind in ("unknown", "payment_method") and not orders and PAID_FOR.search(piece):
        department, kind = "orders", "order_status"
    elif COMPLAINS.search(piece) and kind in ("order_status", "unknown") and not orders:
        department, kind = "general", "complaint"
    elif ON_RULES.search(piece) and kind in ("technical", "unknown"):
        department, kind = "general", "unknown"
    elif OWN_PLAN.search(piece) and kind == "cancel_order" and not orders and not OF_AN_ORDER.search(piece):
        department, kind = "account", "subscription_change"  # what ends a plan ends no order
    elif OWN_PLAN.search(piece) and kind in (*OF_A_PLAN, "unknown", "price_question"):
        department, kind = "account", kind if kind in OF_A_PLAN else own_plan(piece)
    elif own.addresses and NEW_ADDRESS.match(piece):
        department, kind = "account", "user_address"
    elif PROFILE.search(piece):
        department, kind = "account", "unknown"
    elif orders and ((kind == "user_address" and OF_ORDER.search(piece)) or (kind == "unknown" and own.addresses)):
        department, kind = "orders", "change_address"
    elif department in ("general", "sales") and kind == "unknown" and CHANGES_OWN.search(piece):
        department, kind = "orders", "change_items"
    elif department == "general" and kind == "unknown" and COMPARES.search(piece) and route(piece).confidence < CLEAR:
        department, kind = "sales", "product_question"
    elif asked.kind == "complaint" and department == "sales":
        department = "general"
    elif is_general_question(piece):
        needs_rows = kind in ABOUT_ROWS or department in KINDS_OF or kind in KINDS_WITH_ROWS.get(department, ())
        if kind == "product_question" and (needs_rows or department == "general"):
            department = "sales"
        return ("general" if needs_rows and department != "sales" else department), kind
    elif (CARD in piece or card_numbers(piece)) and kind in ("payment_method", "unknown"):
        return "general", "payment_method"
    elif homes(asked.kind) and department not in homes(asked.kind) and overrules(piece, department, asked):
        department, kind = homes(asked.kind)[0], asked.kind
    elif department == "orders" and kind == "unknown" and not orders and not OF_AN_ORDER.search(piece):
        department = "orders" if route(piece).confidence >= CLEAR else "general"
    return department, kind


def own_deed(piece: str) -> str:
    """What is plainly asked to be done with something of the writer's own, whatever is asked beside it; empty where nothing."""
    if not OWN_GOODS.search(piece) or is_general_question(piece):
        return ""
    best = max(OF_GOODS, key=lambda kind: read(piece).scores.get(kind, 0.0))
    return best if read(piece).scores.get(best, 0.0) >= PLAIN and read(piece).verdict(best) in ("asked", "open") else ""


def asks_own_balance(piece: str) -> bool:
    """Whether what is left on a gift card of the writer's own is asked for."""
    return bool(OWN_GIFT_CARD.match(piece[:LOOKED_AT])) and not read(piece).facts.order_ids


def asks_some_balance(piece: str) -> bool:
    """Whether a balance is asked for, and nothing is named that holds it."""
    return bool(BALANCE.fullmatch(piece[:LOOKED_AT]))


def wants_done(piece: str, department: str, kind: str) -> bool:
    """Whether a matter is about the customer's own rows: something to be looked up or done, and no question on our terms."""
    if kind not in KINDS_WITH_ROWS.get(department, ()) or is_general_question(piece):
        return False
    own = ABOUT_OWN_CASE.search(piece) or OWN_PLAN.search(piece)
    if kind == "payment_method":  # "my card was declined" is about cards; which of them are on file stands in the rows
        own = HELD.search(piece)
    return bool(own) or (kind in DEEDS and read(piece).verdict(kind) == "asked")


def needs_customer(item: HandOff) -> bool:
    """Whether a matter is about rows of the customer, who must be known first."""
    asked = KINDS_WITH_ROWS.get(item.to, ())
    if item.facts.get("kind") == "payment_method" and not (HELD.search(item.request) or item.facts.get("order_ids")):
        return False  # about cards, and not about which of them are on file
    return item.facts.get("kind") in asked or bool(asked and item.facts.get("order_ids"))


def own_plan(piece: str) -> str:
    return "subscription_change" if re.search(r"\bunsubscribe\b", piece, re.IGNORECASE) else "plan_question"


def overrules(piece: str, department: str, asked: Request) -> bool:
    """Whether the request says better than the classifier whose a matter is: where that is not sure, or cannot have it."""
    if asked.kind == "price_question" and department == "billing":
        return False  # the price is named to say that another amount was taken
    no_place = department == "general" or (department == "sales" and asked.kind in ABOUT_ROWS)
    return no_place or (asked.confidence >= CLEAR and route(piece).confidence < SURE)


def of_order(department: str, kind: str, asked: Request, with_address: bool, unneeded: bool) -> tuple[str, str]:
    """Whose a matter is that names an order: a request for an order or its money decides, whatever else is said."""
    if kind == "unknown" and unneeded:
        return "orders", "cancel_order"
    if asked.kind == "user_address" or (with_address and (asked.kind == "unknown" or hardly_items(asked))):
        return "orders", "change_address"
    if asked.kind in ABOUT_ROWS:
        its = kind if department in homes(asked.kind) else asked.kind
        return (department if department in homes(asked.kind) else homes(asked.kind)[0]), its
    if asked.kind == "unknown" and department in ("sales", "general", "account"):
        return "orders", kind
    return (homes(kind)[0] if department == "general" and homes(kind) else department), kind


def hardly_items(asked: Request) -> bool:
    """Whether the words that speak for other items may speak of another address: "to ... instead"."""
    return asked.kind == "change_items" and asked.confidence < CLEAR
