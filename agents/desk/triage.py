"""Triage: finds out who writes and what each matter is, and hands it to the specialist for it."""

from typing import Literal

from pydantic import BaseModel, Field

from agents.reading.case import DEPARTMENT_OF, KINDS_OF, NEEDS_HUMAN, kind_in, transfer, transferred
from agents.reading.extraction import Facts, facts_in
from agents.reading.mood import is_unclear, sentiment, urgency, wants_human
from agents.reading.requests import request_in
from agents.reading.routing import Department, matters, route
from runtime.agent import AgentSpec
from runtime.moves import HandOff, HandOffs, Move, Say, Unsure, call
from runtime.transcript import View
from tools.identity import find_user_id_by_email, find_user_id_by_name_zip
from tools.tickets import transfer_to_human_agents

SURE = 0.7
"""Routing by rules at or above this confidence spares the model call; see tests/bench/routing.py for what it costs."""
NEEDS_CUSTOMER = {"billing": KINDS_OF["billing"], "orders": KINDS_OF["orders"], "account": ("user_address", "close_account")}
"""Departments and their requests that are about the customer's own rows, so that the customer must be known first."""

PROMPT = """\
You are triage. Decide which department the customer's message belongs to: billing (charges, refunds, invoices, payment \
methods), orders (where it is, delivery, cancel, change, return, exchange), support (something technical does not work), \
sales (products, prices, plans, offers before buying), account (sign-in, personal details, closing an account), general \
(everything else). Answer with department, confidence from 0 to 1, urgency, sentiment and one sentence of reasoning. If \
the message holds a second matter for another department, name it in `also`. Only where you cannot know, put one short \
clarifying question into `question`. Do not solve the case yourself."""


class Matter(BaseModel):
    """A further matter in the same message: whose it is, and the customer's words on it."""

    department: Department
    request: str


class Decision(BaseModel):
    """What triage decides on a message."""

    department: Department
    confidence: float = Field(ge=0, le=1)
    urgency: Literal["low", "normal", "high"]
    sentiment: Literal["negative", "neutral", "positive"]
    reasoning: str
    also: list[Matter] = []
    question: str = ""


def without_model(view: View) -> Move | Unsure:
    """Who writes, whether a human is wanted, what it is about: in this order."""
    facts = facts_in(view.text)
    said = transferred(view)
    if said:
        return said
    if view.note:
        return handed_back(view)
    lookup = identify(view, facts)
    if lookup:
        return lookup
    if wants_human(view.text):
        return transfer(view, "The customer asks for a human.")
    if is_unclear(view.text):
        return unclear(view)
    pieces = telling(matters(view.text))
    items = tuple(hand_on(piece, facts) for piece in pieces)
    if not view.customer_id and any(needs_customer(item) for item in items):
        return ask_who(view)
    sure = all(route(piece).confidence >= SURE for piece in pieces)
    return HandOffs(items) if sure else Unsure(HandOffs(items))


def telling(pieces: list[str]) -> list[str]:
    """The matters, where what is no request in itself ("Please tell me what to do.") stays with the one before it."""
    found = pieces[:1]
    for piece in pieces[1:]:
        if route(piece).department == "general" and request_in(piece).kind == "unknown":
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def needs_customer(item: HandOff) -> bool:
    asked = NEEDS_CUSTOMER.get(item.to, ())
    return item.facts["kind"] in asked or bool(asked and item.facts.get("order_ids"))


def identify(view: View, facts: Facts) -> Move | None:
    """Look the customer up by what is known and was not tried yet."""
    if view.customer_id:
        return None
    tried = [dict(c.arguments) for c in view.calls]
    known = str(view.facts.get("email", ""))
    for email in (*([known] if known else []), *facts.emails):
        if {"email": email} not in tried:
            return call("find_user_id_by_email", email=email)
    if facts.zips:
        for name in facts.names:
            arguments = {"first_name": name.first, "last_name": name.last or "", "zip": facts.zips[-1]}
            if name.last and arguments not in tried:
                return call("find_user_id_by_name_zip", **arguments)
    return None


def ask_who(view: View) -> Move:
    """Ask who the customer is; after two questions a human helps."""
    if view.questions > 1:
        return transfer(view, "The customer could not be verified.")
    failed = [c for c in view.calls if not c.done]
    opening = "I cannot find an account with that." if failed else "I can look into that."
    return Say(f"{opening} What is the e-mail address of your account, or your first name, last name and zip code?", asks=True)


def unclear(view: View) -> Move:
    earlier = [e for e in view.case if e.kind == "handoff" and e.speaker == view.agent and e.to]
    if earlier and not view.questions:  # "still does not work": the one who answered before knows what it is about
        before = str(earlier[-1].facts.get("request", ""))
        return HandOff(str(earlier[-1].to), "again", {**earlier[-1].facts, "request": f"{before}\n{view.text}"})
    if view.questions:
        return HandOff("general", "The message stays unclear after a question.", {"kind": "unknown", "request": view.text})
    return Say(
        "I would like to help. What is it about: an order, a charge, a product, your account, or something technical?",
        asks=True,
    )


def handed_back(view: View) -> Move:
    """A specialist gave the matter back: to a human where its note says so, else to whom the words or facts point."""
    if view.note.lower().startswith(NEEDS_HUMAN):
        return transfer(view, f"{view.note}.")
    came_from = [e.speaker for e in view.case if e.kind == "handoff" and e.to == view.agent]
    kinds = (request_in(view.note).kind, request_in(view.text).kind, view.facts.get("kind", "unknown"))
    targets = [DEPARTMENT_OF[kind] for kind in kinds if kind in DEPARTMENT_OF]
    target = next((t for t in targets if t not in came_from), "general")
    if target in NEEDS_CUSTOMER and not view.customer_id:
        return ask_who(view)
    return HandOff(target, view.note, {"kind": kind_in(view.text, target)})


def hand_on(piece: str, whole: Facts) -> HandOff:
    """One matter with its facts as data; ids that only another part of the message names are not mixed in."""
    department: str = route(piece).department
    kind = kind_in(piece, department)
    if department == "general" and kind in DEPARTMENT_OF:
        department = DEPARTMENT_OF[kind]
    own = facts_in(piece)
    orders = own.order_ids or (whole.order_ids if len(whole.order_ids) == 1 else ())
    facts = {"kind": kind, "order_ids": list(orders), "urgency": urgency(piece), "sentiment": sentiment(piece)}
    facts = {name: value for name, value in facts.items() if value not in ([], "normal", "neutral")}
    return HandOff(department, kind.replace("_", " "), {**facts, "request": piece})


def read(decision: Decision, view: View) -> Move:
    """The model's decision as a move, with the facts that the rules extract."""
    if decision.question and not view.questions and decision.confidence < SURE:
        return Say(decision.question, asks=True)
    whole = facts_in(view.text)
    items = [HandOff(decision.department, decision.reasoning, hand_on(view.text, whole).facts)]
    items += [HandOff(m.department, m.request, hand_on(m.request, whole).facts) for m in decision.also[:2]]
    if not view.customer_id and any(needs_customer(item) for item in items):
        return ask_who(view)
    return HandOffs(tuple(items))


agent = AgentSpec(
    name="triage",
    description="Finds out who writes and what about, and hands over to the specialist for it.",
    prompt=PROMPT,
    tools=(find_user_id_by_email, find_user_id_by_name_zip, transfer_to_human_agents),
    temperature=0.1,
    output=Decision,
    read=read,
    rules_first=True,
    without_model=without_model,
)
