"""Triage: finds out who writes and what each matter is, and hands it to the specialist for it."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, Field

from agents.articles.abroad import asked_from_abroad
from agents.articles.beside import is_one_question
from agents.articles.passages import MONEY, WHERE, Asked, passage_asked
from agents.cases.accounts import named_account
from agents.cases.codes import by_code, without_code
from agents.cases.handover import asks_for_person, passes_on, transfer, transferred
from agents.cases.identification import LOOKUPS, ask_who, for_another, identify, other_address
from agents.cases.of_a_kind import of_a_kind
from agents.products.unnamed import WHICH_PRODUCT, comes_again, wants_goods, which_goods
from agents.reasons import Reason
from agents.requests.facts import Facts
from agents.requests.kinds import HAS_ORDERED, KINDS_OF, asks_how, homes, is_general_question, kind_in, without_help
from agents.requests.reading import read
from agents.routing.assignment import KINDS_WITH_ROWS, asks_own_balance, asks_some_balance, assigned, needs_customer, wants_done
from agents.routing.danger import danger_of
from agents.routing.departments import Department, route
from agents.routing.elsewhere import elsewhere, is_all_elsewhere
from agents.routing.follow_ups import closes, follow_up, told_of
from agents.routing.mood import asks_nothing, is_furious, is_settled, says_little, urgency, wants_human
from agents.routing.pieces import THING, of_two_orders, pieces_of
from agents.routing.plays import play_of
from switchboard.consent.spans import span_of
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import HandOff, HandOffs, Move, Say, Unsure
from switchboard.declare.transcript import Entry, HandoffEntry, View
from switchboard.reading.facts.people import without_who
from switchboard.reading.languages import said
from tools.identity import find_user_id_by_email, find_user_id_by_name_zip
from tools.tickets import get_ticket, transfer_to_human_agents

SURE = 0.7
"""Routing by rules at or above this confidence spares the model call; see tests/bench/routing.py for what it costs."""
MOST_REPORTED = 8
"""Words of a report that says no more than that something was ordered."""
OF_THINGS = ("return_items", "exchange_items", "change_items", "damaged")
"""What is done with things that were ordered here."""
OF_A_LETTER = "What the customer wants stands in what they pass on or answer, which no rule reads."
HOW_TO = re.compile(r"\W*(?:(?:hi|hello|hey|please)\W+)*how (?:do|does|can|could|should|to)\b", re.IGNORECASE)
"""Where it is asked how something is done, which who is not known is told rather than asked for their name."""
ONLY_WHO = re.compile(
    r"\W*(?:(?:hi|hello|hey)\W+)?(?:my (?:full |first |last )?name is|i am called|they call me)(?:\W+[^\W\d_]+){1,3}\W*",
    re.IGNORECASE,
)
"""A name with nothing said of what is wanted."""
ONLY_A_NUMBER = re.compile(
    r"\W*(?:(?:my|the|this|is|no|nos|number|phone|mobile|cell|contact|register(?:ed)?|here|it|its|pin|pincode|zip|code|area|and)\W+){0,8}"
    r"\+?[\d\s()/.-]{4,}(?:\W*(?:pin|pincode|zip|code|number))?\W*",
    re.IGNORECASE,
)
"""A number with nothing said of what is wanted with it."""
PROMPT = """\
You are triage. Decide which department the customer's message belongs to: billing (charges, refunds, invoices, payment \
methods), orders (where it is, delivery, cancel, change, return, exchange), support (something technical does not work), \
sales (products, prices, plans, offers before buying), account (sign-in, personal details, closing an account), general \
(everything else). Answer with department, confidence from 0 to 1, urgency, sentiment and one sentence of reasoning. If \
the message holds a second matter for another department, name it in `also` and quote what the customer wrote on it, word \
for word. Only where you cannot know, put one short \
clarifying question into `question`. Do not solve the case yourself."""


class Matter(BaseModel):
    """A further matter in the same message: whose it is, and the customer's words on it, quoted."""

    department: Department
    request: str = Field(max_length=4000)


class Decision(BaseModel):
    """What triage decides on a message."""

    department: Department
    confidence: float = Field(ge=0, le=1)
    urgency: Literal["low", "normal", "high"]
    sentiment: Literal["negative", "neutral", "positive"]
    reasoning: str = Field(max_length=2000)
    also: list[Matter] = Field(default=[], max_length=5)
    question: str = Field(default="", max_length=500)


def without_model(view: View) -> Move | Unsure:
    """Who writes, whether a human is wanted, what it is about: in this order."""
    facts = read(view.text).facts
    play = None if is_general_question(view.text) or elsewhere(view.text) else play_of(view.text)
    said = transferred(view, play)
    if said:
        return said
    if danger_of(view.text):
        return identify(view, facts) or transfer(view, "It cannot wait.")
    if coded := by_code(view, *LOOKUPS):
        return coded
    if view.note or view.reason:
        return handed_back(view, facts)
    lookup = identify(view, facts) or for_another(view, named_account(view.latest))
    if lookup:
        return lookup
    if asks_for_person(view) or wants_human(view.text):
        return transfer(view, "The customer asks for a human.")
    if is_furious(view.text):
        return transfer(view, "The customer is very upset.")
    if play:
        return of_a_kind(view, play)
    if spoken := read(view.text).language:
        return Unsure(in_another_language(view, spoken))
    if is_settled(view.text) and not (facts.order_ids or facts.error_codes or closes(view)):
        return HandOff("general", "settled", {"kind": "settled"}, reason=Reason.COURTESY, request=view.text)
    again = None if elsewhere(view.text) else follow_up(view)
    if again:
        if theirs := for_another(view, other_address(view)):
            return theirs
        return again if view.customer_id or not needs_customer(again) else ask_who(view)
    if comes_again(view.text) and not view.questions:
        return Say(WHICH_PRODUCT, asks=True)
    only_who = ONLY_WHO.fullmatch(view.text[:100])
    says_nothing = only_who or (
        (asks_nothing(view.text) or ONLY_A_NUMBER.fullmatch(view.text[:100]) or (not view.questions and says_little(view.text)))
        and not (
            facts.order_ids
            or passage_asked(view.text)
            or elsewhere(view.text)
            or wants_goods(view.text)
            or asked_from_abroad(view.text)
        )
    )
    return unclear(view) if says_nothing else routed(view, facts)


def routed(view: View, facts: Facts) -> Move | Unsure:
    """Each matter to its department; first the customer must be known where one needs that."""
    text = without_who(without_code(view.text))
    pieces = pieces_of(text)
    pieces = [text] if is_one_question(text, pieces, SURE) or is_all_elsewhere(text, pieces) else pieces
    apart = any(of_two_orders(one, other) for one, other in pairwise(pieces))
    items = tuple(hand_on(piece, replace(facts, order_ids=()) if apart else facts, view) for piece in pieces)
    if passes_on(view) and all(item.facts.keys() <= {"kind"} and item.facts["kind"] == "unknown" for item in items):
        return transfer(view, OF_A_LETTER)
    if not view.customer_id and any(needs_customer(item) for item in items):
        return ask_who(view)
    sure = all(elsewhere(piece) or route(piece).confidence >= SURE for piece in pieces)
    return HandOffs(items) if sure else Unsure(HandOffs(items))


def in_another_language(view: View, spoken: str) -> Move:
    """A greeting or thanks in their language; all else is for a person who reads it."""
    courtesy = read(view.text).courtesy
    if courtesy and not view.questions:
        return Say(said(courtesy, spoken), asks=courtesy == "greeting")
    return transfer(view, "The customer does not write English.")


def unclear(view: View) -> Move:
    if view.questions:
        note = "The message stays unclear after a question."
        return HandOff("general", note, {"kind": "unknown"}, reason=Reason.UNCLEAR, request=view.text)
    if passes_on(view):
        return transfer(view, OF_A_LETTER)
    if which := which_goods(view.text):
        return Say(which, asks=True)
    return Say(
        "I would like to help. What is it about: an order, a charge, a product, your account, or something technical? "
        "If you would rather have a person, say so.",
        asks=True,
    )


def handed_back(view: View, facts: Facts) -> Move:
    """A specialist gave the matter back: to a human where its reason is that, else to whom its facts or the words point."""
    if view.reason == Reason.NEEDS_HUMAN:
        return transfer(view, f"{view.note[:1].upper()}{view.note[1:]}" if view.note else "The customer needs a person.")
    if asks_for_person(view):
        return transfer(view, "The customer asks for a human.")
    matter = since_answer(view)
    returned = [e for e in matter if e.kind == "handoff" and e.to == view.agent]
    last = returned[-1] if returned else HandoffEntry("general", to=view.agent)
    words = words_of(view, matter)
    if view.reason == Reason.OTHER_ACCOUNT:
        other = for_another(view, str(view.facts.get("account", "")))
        return other or HandOff(last.speaker, "It is the same account.", reason=Reason.SAME_ACCOUNT, request=words)
    given = str(last.facts.get("kind", "unknown"))
    if last.facts.get("turned"):
        item = hand_on(last.request, read(last.request).facts, view)
        told = {name: value for name, value in last.facts.items() if name not in ("turned", "before")}
        item = replace(item, to=next(iter(homes(given)), item.to), facts={**item.facts, **told}, reason=Reason.PASSED_ON)
        return HandOffs((before_it(view, last), item)) if last.facts.get("before") else item
    if given == "elsewhere":
        return HandOff("general", view.note, last.facts, reason=Reason.PASSED_ON, request=words)
    kinds = (given, read(words).request.kind, str(view.facts.get("kind", "unknown")))
    only_unknown = view.reason == Reason.NOT_VERIFIED
    refused = [] if only_unknown else [e.speaker for e in returned if e.facts.get("kind", given) in (given, "unknown")]
    found = (home for kind in kinds for home in homes(kind) if home not in refused)
    target = last.speaker if only_unknown else next(found, "general")
    if not view.customer_id and target in KINDS_WITH_ROWS:
        return identify(view, facts) or ask_who(view)
    kind = given if given != "unknown" else kind_in(words, target)
    return HandOff(target, view.note, {"kind": kind}, reason=Reason.PASSED_ON, request=words)


def before_it(view: View, turned: HandoffEntry) -> HandOff:
    """The matter that an answer turned away from while its call was read back, and that comes first: it was not denied."""
    at, opened = [(i, e) for i, e in enumerate(view.case) if e.kind == "handoff" and e.to == turned.speaker][-1]
    said = [e.text for e in view.case[at + 1 :] if e.kind == "message" and e.speaker == CUSTOMER and e.text != turned.request]
    words = "\n".join([opened.request or view.case[0].text, *said])
    return HandOff(turned.speaker, opened.text, opened.facts, reason=Reason.FOLLOW_UP, request=words)


def since_answer(view: View) -> list[Entry]:
    """The part of the case after the last answer: all of it is about the matter that is open now."""
    answers = [i for i, e in enumerate(view.case) if e.kind == "message" and e.speaker != CUSTOMER and not e.asks]
    return list(view.case[answers[-1] + 1 :] if answers else view.case)


def words_of(view: View, matter: list[Entry]) -> str:
    """The customer's words on a matter that came back, with what they answered to the specialists who had it."""
    opened = next((i for i, e in enumerate(matter) if e.kind == "handoff" and e.speaker == view.agent), -1)
    said = [e.text for e in matter[opened + 1 :] if e.kind == "message" and e.speaker == CUSTOMER]
    return "\n".join([view.text, *(text for text in said if text not in view.text)])


def hand_on(piece: str, whole: Facts, view: View) -> HandOff:
    """One matter with its facts as data; ids that only another part of the message names are not mixed in."""
    own = read(piece).facts
    orders = own.order_ids or (whole.order_ids if len(whole.order_ids) == 1 else ())
    department, kind = assigned(piece, own, orders)
    if none_of_ours := elsewhere(piece):
        told = {"kind": "elsewhere", "passage": none_of_ours, "surely": True}
        if view.customer_id and kind in OF_THINGS and not is_general_question(piece):  # their orders may hold it
            return HandOff("orders", kind, {**told, "kind": kind}, reason=Reason.NEW_MATTER, request=piece)
        return HandOff("general", "none of ours", told, reason=Reason.NEW_MATTER, request=piece)
    if view.customer_id and (asks_own_balance(piece) or asks_some_balance(piece)):
        balance = {"kind": "payment_method", "balance": True}
        return HandOff("billing", "gift card balance", balance, reason=Reason.NEW_MATTER, request=piece)
    asked_how = asks_how(piece)
    reports = HAS_ORDERED.search(piece) and len(piece.split()) <= MOST_REPORTED and "?" not in piece
    done = wants_done(piece, department, kind) and not asked_how
    asked = None if orders or own.item_ids or reports else passage_asked(piece)
    if done and not (asked and asked.sure and HOW_TO.match(without_help(piece)) and not view.customer_id):
        asked = None
    if asked:
        department = "general" if department in KINDS_OF or asked_how else department
    elif view.customer_id and department == "general" and kind in OF_THINGS and THING.search(piece):
        department = "orders"  # which of their own may be sent back stands there
    if asks_some_balance(piece):
        asked, department = Asked(MONEY, False), "general"
    if not asked and kind in ("unknown", "technical") and department not in ("account", "billing") and wants_goods(piece):
        department, kind = "sales", "product_question"
    if not asked and not orders and asked_from_abroad(piece):
        asked, department = Asked(WHERE, False), "general"
    told = {"kind": kind, "order_ids": list(orders), "urgency": urgency(piece), "sentiment": read(piece).sentiment}
    facts: dict[str, Any] = {name: value for name, value in told.items() if value not in ([], "normal", "neutral")}
    facts |= told_of(view) if department == "orders" and not orders else {}
    if asked:
        facts |= {"passage": asked.citation, "surely": asked.sure}
    if view.facts.get("email") and not view.customer_id:
        facts["email"] = view.facts["email"]  # if the matter comes back, an address in the text still proves nothing
    return HandOff(department, kind.replace("_", " "), facts, reason=Reason.NEW_MATTER, request=piece)


def decided(decision: Decision, view: View) -> Move:
    """The model's decision as a move, with the facts that the rules extract. Of a further matter it points at the customer's
    words; what they did not write opens none, and what the rules found stays a matter of its own.
    """
    if decision.question and not view.questions and decision.confidence < SURE:
        return Say(decision.question, asks=True)
    whole, pieces = read(view.text).facts, pieces_of(without_who(without_code(view.text)))
    quoted = [(m.department, span_of(m.request, [view.text])) for m in decision.also[:2]]
    if len(pieces) > 1:
        items = [hand_on(piece, whole, view) for piece in pieces]
        said = [next((to for to, words in quoted if words and words in i.request), decision.department) for i in items]
        items = [i if route(i.request).confidence >= SURE else replace(i, to=to) for i, to in zip(items, said, strict=True)]
    else:
        first = replace(hand_on(view.text, whole, view), to=decision.department, note=decision.reasoning)
        items = [first, *(replace(hand_on(words, whole, view), to=to, note=words) for to, words in quoted if words)]
    if not view.customer_id and any(needs_customer(item) for item in items):
        return ask_who(view)
    return HandOffs(tuple(items))


agent = AgentSpec(
    name="triage",
    description="Finds out who writes and what about, and hands over to the specialist for it.",
    prompt=PROMPT,
    tools=(find_user_id_by_email, find_user_id_by_name_zip, get_ticket, transfer_to_human_agents),
    temperature=0.1,
    output=Decision,
    read=decided,
    rules_first=True,
    without_model=without_model,
)
