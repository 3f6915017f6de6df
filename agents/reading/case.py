"""What every specialist's rules need to know of a case: its facts, its order, and the questions that are asked often."""

import re

from agents.reading.contact import contact_of
from agents.reading.danger import danger_in
from agents.reading.disputes import told_of_bank
from agents.reading.extraction import Facts, facts_in
from agents.reading.languages import language_of, said
from agents.reading.mood import sentiment, wants_human
from agents.reading.requests import RequestKind, request_in
from agents.reasons import Reason
from switchboard.declare.moves import Calls, HandOff, Move, Say, call
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.events.masking import emails
from tools.vocabulary import vocabulary

TRANSFER = "transfer_to_human_agents"
LOOKED_AT = 20_000
MOST_QUOTED = 500

A_PERSON = r"(?:human|person|agent|representative|rep|operator|manager|supervisor|advisor|somebody|someone|staff|people)s?"
ONLY_A_PERSON = re.compile(
    r"\W*(?:(?:no|please|pls|just|i|we|want|need|would like|get|give|me|to|an?|the|some|any|real|live|actual|other)\W+)*"
    rf"{A_PERSON}"
    r"(?:\W+(?:please|pls|now|thanks|thank you|being|help|support|here|there))*\W*",
    re.IGNORECASE,
)
THREATENS = re.compile(
    r"\b(?:lawyers?|attorneys?|solicitors?|legal action|(?:will|going to|gonna|['’]ll|shall|want to|have to) sue|sue you|suing|"
    r"see you in court|"
    r"take (?:this|you|it) to court|small claims|trading standards|consumer (?:protection|ombudsman)|ombudsman)\b",
    re.IGNORECASE,
)
DAMAGE_SAID = (
    "I am sorry that it came to you like this. Please keep it with all of its packing and take photos of both: a new one or "
    "your money costs you nothing."
)
SHOUTED = 12
"""So many capital letters, and hardly a small one, are shouting; fewer may be a name or a code."""
OWN_ADDRESS = re.compile(
    r"(?:\b(?:i am|i['’]m|this is|it is|it['’]s|i meant?|sorry|no|try|use|under|actually|rather|instead|with|check|"
    r"(?:account|e-?mail(?: address)?|order|it) (?:is|was)"
    r"(?: (?:with|under|on|at|from))?|ordered (?:with|under|from))[\s,:]{1,3}|^\W*)$",
    re.IGNORECASE,
)
SOMEBODYS = re.compile(r"\b(?:of|for|about|on behalf of|e-?mail(?: address)? to)\W*$", re.IGNORECASE)
CHANGES_ADDRESS = re.compile(r"\b(?:change|update|new|replace|set)\b", re.IGNORECASE)
ASKS_IN_GENERAL = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hi there|good (?:morning|day|evening)|please|thanks|and|also|so|quick question|just wondering|"
    r"(?:can|could) you (?:please )?tell me|i (?:want|would like) to know|tell me|i wonder|do you know)\b\W*)*"
    r"(?:how|what|which|when|where can|who|do (?:you|i)|does|are there|is (?:it|there|a|an)|can (?:i|you|one|we|a|customers)|"
    r"may i|will you|must i|should i|would you|your \w+ policy)\b",
    re.IGNORECASE,
)
ABOUT_OWN_CASE = re.compile(
    r"\b(?:my|mine|our|ours|me|us|him|her|i (?:was|am|had|paid|bought|ordered|got|received|see|sent|returned|owe|have(?! to))|"
    r"i['’](?:ve|m)|did(?:n['’]t)? (?:i|you|it|they)|have you|has (?:the|it)|was i|am i|on file|do i owe|status of|"
    r"(?:will|does|did|is|are|was|can you|could you) "
    r"(?:(?:it|that|this|they|them)(?! (?:take|cost|work|possible)\b)|the \w+ (?:arrive|come|be))|"
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
    found = request_in(text, KINDS_OF[department]).kind if department in KINDS_OF else "unknown"
    return found if found != "unknown" else request_in(text).kind


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


def asks_for_person(view: View) -> bool:
    """Whether the newest words ask for a person, in a sentence or as "human please", or need one at once: they tell of danger.

    Every specialist's rules ask it first.
    """
    if danger_in(view.latest):
        return True
    return wants_human(view.latest) or bool(ONLY_A_PERSON.fullmatch(view.latest[:100]))


def is_furious(text: str) -> bool:
    """Whether somebody threatens with a lawyer, or shouts abuse in capitals: an answer by rules makes that worse."""
    text = text[:LOOKED_AT]
    capitals, small = sum(c.isupper() for c in text), sum(c.islower() for c in text)
    shouts = capitals >= SHOUTED and capitals > 4 * small
    return bool(THREATENS.search(text)) or (shouts and sentiment(text.lower()) == "negative")


def other_account(view: View, to: str = "triage") -> HandOff | None:
    """Back where a verified customer names an e-mail address as theirs in answer to a question; None where they do not.

    Triage looks whether it is the verified customer's after all, and says what holds where it is not.
    """
    named = named_account(view.latest) if view.customer_id and view.questions else ""
    return passed_back(to, named) if named else None


def passed_back(to: str, account: str) -> HandOff:
    note = "The customer names another account as theirs."
    return HandOff(to, note, {"account": account}, reason=Reason.OTHER_ACCOUNT)


def named_account(text: str) -> str:
    """The e-mail address that a text names as the writer's own; one that is to be put into the account is none."""
    text = text[:LOOKED_AT]
    if CHANGES_ADDRESS.search(text):
        return ""
    return next((m[0].lower() for m in emails(text) if OWN_ADDRESS.search(text[max(0, m.start() - 60) : m.start()])), "")


def claimed(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a text, without those that it speaks of as somebody's: "the orders of a@example.com"."""
    found = emails(text[:LOOKED_AT])
    return tuple(dict.fromkeys(m[0].lower() for m in found if not SOMEBODYS.search(text[max(0, m.start() - 60) : m.start()])))


def is_general_question(text: str) -> bool:
    """Whether a text asks for our rules and terms, which anybody may know, and not for anything of the writer's own."""
    text = text[:LOOKED_AT]
    if facts_in(text).order_ids or facts_in(text).item_ids:
        return False
    asked = bool(ASKS_IN_GENERAL.match(text)) or bool(re.fullmatch(r"\W*(?:the |your )?\w+ policy\W*", text, re.IGNORECASE))
    return asked and not ABOUT_OWN_CASE.search(text)


def facts_of(view: View) -> Facts:
    return facts_in(view.text)


def kind_of(view: View) -> RequestKind:
    """What is asked for: what triage read from the words, else what they say now."""
    return view.facts.get("kind") or request_in(view.text).kind


def orders_of(view: View) -> tuple[str, ...]:
    """The order ids of the case: the newest words first, then the handoff's."""
    spoken = (*facts_in(view.latest).order_ids, *facts_of(view).order_ids)
    return tuple(dict.fromkeys((*spoken, *view.facts.get("order_ids", ()))))


def ask_which_order(view: View, known: tuple[str, ...] = ()) -> Move:
    """Ask for the order number once; the second time a human helps."""
    if view.questions > 1:
        return transfer(view, "The customer could not name the order.")
    listed = f" Your orders are {', '.join(known)}." if known else ""
    return Say(f"Which order is it about? The number begins with #W and stands in the confirmation e-mail.{listed}", asks=True)


def transfer(view: View, why: str) -> Calls:
    """Hand the customer to a human, and say why; the tool adds the case. `transferred` says how it went."""
    danger = danger_in(view.text)
    why = f"{danger.for_operators} {why}" if danger else why
    return call(TRANSFER, summary=f"{why} They wrote: {' '.join(view.latest.split())[:MOST_QUOTED] or '-'}")


def first_said(view: View, play: Play | None) -> str:
    """What stands before a hand-over: a warning where somebody may be in danger, that we are sorry where one is due."""
    if danger := danger_in(view.text):
        return f"{danger.said} "
    if is_furious(view.text):
        return "I am sorry that it came to this. "
    if play:
        return f"{play.says} "
    return f"{DAMAGE_SAID} " if request_in(view.text).kind == "damaged" else ""


def then_said(view: View, language: str) -> str:
    """What happens next, and when, and how we reach somebody of whom we know no way."""
    when = said("first_of_all" if danger_in(view.text) else "soon", language)
    known = view.customer_id or view.facts.get("email") or contact_of(view).ways
    return when if known else f"{when} {said('reach', language)}"


def transferred(view: View, play: Play | None = None) -> Say | None:
    """What to say once the transfer was tried, with what the play of the message has to say; None while it was not.

    It is said in the language of the customer's words, where we have words in it.
    """
    tried = view.last(TRANSFER)
    if tried is None:
        return None
    if not tried.done:
        return Say("I cannot reach a colleague right now. Nothing was changed. Please write again, and a human will see it.")
    danger = danger_in(view.text)
    language = language_of(view.text) or (danger.language if danger else "")
    first = first_said(view, play) if not language or danger else ""
    bank = told_of_bank(view, reported=not first)
    words = f"{first}{said('handed_over', language, ticket=', '.join(vocabulary.references(tried.result)))}"
    return Say("\n\n".join(part for part in (bank, words, then_said(view, language)) if part))
