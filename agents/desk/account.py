"""Account: the customer's own data, sign-in trouble, and closing an account."""

import re
from collections.abc import Mapping
from typing import Any

from agents.articles.articles import answers_to, asked_in, not_made, plain, quoted, searches_for
from agents.articles.passages import HELPS, article_borne_out, by_passage
from agents.cases.accounts import other_account
from agents.cases.answers import once_more, says_no, wanted
from agents.cases.case import addresses_given, facts_of, kind_of
from agents.cases.handover import asks_for_person, transfer, transferred
from agents.orders.account import own_plan, subscriptions, told_of
from agents.orders.known_addresses import OF_ACCOUNT, order_for_account
from agents.orders.second_thoughts import read_back_or_not
from agents.orders.status import address_line
from agents.plays import cancel_subscription
from agents.reasons import Reason
from agents.requests.deeds import DEEDS
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say, call
from switchboard.declare.play import Process, Slot, Step
from switchboard.declare.transcript import CallResult, View
from switchboard.plays.process import NotSettled, walk
from switchboard.reading.facts.people import Address
from tools.accounts import get_user_details, modify_user_address
from tools.knowledge import search_articles
from tools.orders import get_order_details
from tools.tickets import transfer_to_human_agents

PROMPT = """\
You look after the customer's account. get_user_details shows what is on file; read out only what is needed. \
modify_user_address changes the default address, from street, city, state, country and zip; orders keep theirs, so hand \
those back to triage. For passwords, locked accounts and sign-in codes give the steps from search_articles with their \
citation, such as [file.md#heading]; you can neither see nor set a password. Closing an account, a new name or signs of \
someone else in it: hand_off to human with a summary. A good answer repeats the new value, or gives the next step."""

INTRUDER = re.compile(
    r"\b(?:hacked|hijacked|compromised|phish\w*|stole\w* my (?:account|password)|not me who|did(?: not|n['’]t) sign in)\b"
    r"|\b(?:someone|somebody)(?: else)? (?:is |has |was )?(?:us\w+|in|got|get\w*|sign\w*|log\w*|access\w*|chang\w+|took)\b",
    re.IGNORECASE,
)
ON_FILE = re.compile(
    r"\b(?:what|which|show|tell|see|check|confirm|is)\b[^.!?\n]{0,60}\b(?:on file|do you have|you have|(?:in|on|with|of) my "
    r"(?:account|profile)|my (?:account|profile) details)\b",
    re.IGNORECASE,
)
STREET_MEANT = re.compile(
    r"\b(?:street|home|postal|shipping|delivery|billing|default|zip|mov(?:e|ed|ing)|live)\b", re.IGNORECASE
)
CONTACT_MEANT = re.compile(r"\be-?mail|\bmail address|\bphone|\btelephone|\b(?:mobile|cell) number|\bname\b", re.IGNORECASE)
HOW_TO = re.compile(r"\bhow (?:do|can|to|should|would)\b|\bwhat happens\b|\bis it possible\b", re.IGNORECASE)
PLAN_NAMED = re.compile(r"\b(?:my|our|the) ((?:[\w-]+ ){0,3}?)(?:plus|subscription|membership|plan)\b", re.IGNORECASE)
OF_ADDRESS = re.compile(
    r"\b(?:ad+res+e?s?|mov(?:e|ed|ing)|relocat\w*|street|house|home|flat|apartment|zip|live|living)\b", re.IGNORECASE
)
WHICH_DETAIL = (
    "What would you like to change? A new address you can write to me here: number and street, city, state and zip code. Your "
    "name, e-mail address and phone number stand under Account > Profile, where you change them yourself."
)
OF_ANY_PLAN = ("monthly", "yearly", "annual", "current", "own", "paid", "old", "whole")
"""Words before a plan that do not tell which one it is."""
ENDS_PLAN = re.compile(r"\b(?:cancel|end|stop|terminate|quit)\b", re.IGNORECASE)
PLANS = ("subscription_change", "plan_question")
STRANGER = "I think that someone else uses my account"
CLOSING = "Before you close the account: gift card, Plus, open orders"
SHORT = 700
"""Characters of a section that is quoted whole; of a longer one only what answers."""
NO_HELP = re.compile(
    r"\bstill (?:not|can|cannot|does|is|locked)|\bdid(?: not|n['’]t) (?:work|help)\b|\b(?:does|do)(?: not|n['’]t) help\b"
    r"|\btried (?:that|this|it|everything|all)\b|\bno luck\b",
    re.IGNORECASE,
)


def without_model(view: View) -> Move:
    """A person where one is needed, what is on file, a new address, else the article that answers."""
    said = transferred(view)
    if said:
        return handed_over(view, said)
    if asks_for_person(view):
        return transfer(view, "The customer asks for a person about their account.")
    if handed := other_account(view):
        return handed
    ends = view.facts.get("ends")
    if view.customer_id and (ends or (kind_of(view) in PLANS and ends_plan(view.text))) and (none := no_such_plan(view)):
        return none
    if ends or (view.questions and kind_of(view) in PLANS and ends_plan(view.text) and not says_no(view)):
        return HandOff("triage", cancel_subscription.play.about, reason=Reason.NEEDS_HUMAN)
    if told := by_passage(view):
        return told
    if says_no(view):
        return Say("All right, I leave it as it is.")
    if view.latest != view.text and NO_HELP.search(view.latest):
        return transfer(view, "The steps of the articles did not help the customer.")
    question = asked_in(view)
    kind = kind_of(view)
    if ON_FILE.search(question):
        return on_file(view, question)
    facts = facts_of(view)
    copied = kind == "user_address" and not facts.addresses and order_for_account(view.text)
    if facts.order_ids and not copied and (facts.addresses or kind in ("user_address", "change_address")):
        why = f"This is about the address of order {facts.order_ids[0]}, not about the account's."
        return HandOff("triage", why, {"kind": "change_address"}, reason=Reason.OTHER_DEPARTMENT)
    if kind == "user_address" and not facts.addresses and OF_ACCOUNT.search(question):
        why = "This is about sending an order to the account's address."
        return HandOff("triage", why, {"kind": "change_address"}, reason=Reason.OTHER_DEPARTMENT)
    if kind == "user_address" and (facts.addresses or STREET_MEANT.search(question) or not CONTACT_MEANT.search(question)):
        return new_address(view)
    return from_articles(view, kind, question)


def on_file(view: View, question: str) -> Move:
    """What the account holds of what is asked for, and no more of it."""
    found = account(view)
    if not isinstance(found, dict):
        return found
    return Say("\n".join(f"- {line}" for line in told_of(found, question)))


def account(view: View) -> dict[str, Any] | Move:
    """The account, or the move that is needed before it can be read."""
    if not view.customer_id:
        return verified_first()
    found = view.last("get_user_details")
    if found is None:
        return call("get_user_details", user_id=view.customer_id)
    return dict(found.result) if found.done else transfer(view, f"The account could not be found: {found.text}")


def ends_plan(text: str) -> bool:
    """Whether a text asks for a plan of the writer to be ended, and not how that is done."""
    return bool(ENDS_PLAN.search(text) and PLAN_NAMED.search(text)) and not HOW_TO.search(text)


def no_such_plan(view: View) -> Move | None:
    """What is said where a subscription is to be ended that the customer does not have; None where they have it."""
    found = account(view)
    if not isinstance(found, dict):
        return found
    plans = [str(one["plan"]).lower() for one in found.get("subscriptions", [])]
    named = PLAN_NAMED.search(view.text)
    words = [word for word in (named[1] if named else "").lower().split() if word not in OF_ANY_PLAN]
    if any(not words or any(word in plan for word in words) for plan in plans) or (view.questions and plans):
        return None
    if view.questions:
        return transfer(view, "The customer wants a subscription ended which their account does not have.")
    what = named[0].split(" ", 1)[1] if named and words else "subscription"
    ask = "Is it one of these that you want to end?" if plans else "With which other e-mail address may it have been ordered?"
    held = f", so nothing was ended. {subscriptions(found)}." if plans else "."
    return Say(f"There is no {what} on your account{held} {ask}", asks=True)


def verified_first() -> HandOff:
    why = "The customer is not verified yet, and the matter is about their account."
    return HandOff("triage", why, reason=Reason.NOT_VERIFIED)


def told_of_address(found: Mapping[str, Any]) -> str:
    return (
        f"Your default address is now {address_line(found['result']['address'])}. Orders that were already placed keep their "
        "address; tell me the order number if one that was not sent yet should go to the new one."
    )


ADDRESS = Slot(
    "address",
    "What is the full new address: number and street, city, state and zip code?",
    find=lambda view: vars(given[-1]) if (given := addresses_given(view)) else None,
)
PARTS = {name: f"address.{name}" for name in Address.__annotations__}
NEW_ADDRESS = Process(
    slots=(ADDRESS,),
    does=Step("modify_user_address", {"user_id": "customer", **PARTS}),
    told=told_of_address,
    deeds=DEEDS["user_address"],
    most_questions=2,
)


def new_address(view: View) -> Move:
    """Another default address, once it is complete; what the shop does not take is asked for again."""
    if not view.customer_id:
        return verified_first()
    if not addresses_given(view) and (order := order_for_account(view.text)) and (copied := copied_from(view, order)):
        return copied
    if not view.questions and not addresses_given(view) and not OF_ADDRESS.search(view.text):
        return Say(WHICH_DETAIL, asks=True)
    done = any(c.done for c in view.calls if c.tool == modify_user_address.name)
    try:
        return (None if done else not_asked(view)) or walk(NEW_ADDRESS, view)
    except NotSettled as why:
        return transfer(view, f"The customer wants another default address. {why}")


def copied_from(view: View, order: str) -> Move | None:
    """The default address as that of an order, which is read first; None where it could not be read."""
    found = next((c for c in view.calls if c.tool == "get_order_details" and c.arguments["order_id"] == order), None)
    if found is None:
        return call("get_order_details", order_id=order)
    made = view.last(modify_user_address.name)
    if made and made.done:
        return Say(
            f"Your default address is now {address_line(made.result['address'])}. Orders that were already placed keep theirs."
        )
    if not found.done or made:
        return None
    wanted_call = Call(modify_user_address.name, {"user_id": view.customer_id, **found.result["address"]})
    return not_asked(view) or read_back_or_not(view, wanted_call)


def not_asked(view: View) -> Move | None:
    """What to say instead of a change that was made already or is not wanted; else None."""
    want = wanted(view, "user_address")
    if want in ("asked", "open"):
        return None
    if want == "settled":
        return transfer(view, "The customer says that they did not change their address. Somebody else may be in the account.")
    return Say("All right, I leave your default address as it is.")


def from_articles(view: View, kind: str, question: str) -> Move:
    """The article that answers; a person for what only a person may do, and where no article fits."""
    searches = searches_for(topic(kind, question))
    needed = [*searches]
    if kind in PLANS and view.customer_id:
        needed.append(Call("get_user_details", {"user_id": view.customer_id}))
    missing = not_made(view, *needed)
    if missing:
        return Calls(missing)
    if INTRUDER.search(question):
        return transfer(view, "Somebody else may be in the customer's account.")
    if topic(kind, question) == CLOSING:
        return transfer(view, "The customer wants their account closed.")
    answer = article(topic(kind, question), answers_to(view, *searches))
    held = view.last("get_user_details")
    own = own_plan(held.result) if held and held.done else []
    if own and answer is None and held and not held.result.get("subscriptions"):
        return once_more(view, Say(f"{own[0]} With which other e-mail address may it have been ordered?", asks=True))
    if own:
        return Say("\n\n".join([*own, *([answer] if answer else [])]))
    if answer is None:
        return transfer(view, "A question about the account that no article answers.")
    if answer.endswith(HELPS):
        return Say(answer, asks=True)
    return Say(f"{answer}\n\nIf that does not help, write to me again, and a colleague takes over.")


def topic(kind: str, question: str) -> str:
    """The question that the articles are asked."""
    if INTRUDER.search(question):
        return STRANGER
    if kind == "close_account" and not HOW_TO.search(question):
        return CLOSING
    return f"How to do it: {question}" if kind == "subscription_change" else question


def article(question: str, results: list[CallResult]) -> str | None:
    """What the best article says, under its heading and with its citation; None where none fits well."""
    found = article_borne_out(results, question)
    if found is None:
        return None
    lines = [plain(line) for line in found.excerpt.text.splitlines() if line.strip()]
    whole = "\n".join([*lines, found.cited])
    said = f"{found.excerpt.heading}:\n{whole if len(whole) <= SHORT else quoted(found, question)}"
    return said if found.sure else f"{said}\n\n{HELPS}"


def handed_over(view: View, said: Say) -> Say:
    """How the hand-over went, with what the customer can do meanwhile against a stranger, or before an account is closed."""
    asked = topic(kind_of(view), asked_in(view))
    words = article(asked, [c for c in view.calls if c.tool == "search_articles"]) if asked in (STRANGER, CLOSING) else None
    return Say(f"{said.text}\n\n{words}") if words else said


agent = AgentSpec(
    name="account",
    description="The customer's own data, sign-in trouble, closing an account.",
    prompt=PROMPT,
    tools=(get_user_details, get_order_details, modify_user_address, search_articles, transfer_to_human_agents),
    temperature=0.1,
    without_model=without_model,
)
