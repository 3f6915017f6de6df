"""What an article answers, with what the order says of the device: a fault, the warranty, something that came damaged."""

import re
from collections.abc import Callable

from agents.articles.articles import (
    NEGATED,
    VAGUE,
    Article,
    answers_to,
    asked_in,
    is_vague,
    of_other_device,
    query_of,
    quoted,
    search,
    search_remedy,
)
from agents.articles.passages import article_asked, article_borne_out
from agents.cases.case import orders_of
from agents.plays.searching import SEARCHES
from agents.requests.reading import read
from switchboard.declare.moves import Call, Calls, Say
from switchboard.declare.play import Condition, Found, Play, Process, Slot, Step
from switchboard.declare.transcript import CallResult, View
from switchboard.plays.process import NotSettled
from switchboard.reading.words import words_of
from tools.orders import get_order_details

DAMAGED = re.compile(
    r"\b(?:damaged?|dent(?:s|ed)?|crack(?:s|ed)?|smashed|shattered|scratch(?:es|ed)?|crushed)\b", re.IGNORECASE
)
ARRIVAL = re.compile(r"\b(?:arriv\w+|deliver\w+|parcel|package|unpack\w*|box|came)\b", re.IGNORECASE)
WARRANTY = re.compile(r"\b(?:warrant\w+|guarantee\w*|covered)\b", re.IGNORECASE)
SOME_PROGRAM = words_of("""
    software softwares program programs application applications app system systems server servers status update updates
    updated updating version latest periodic missing check load loaded loading slow proper global facing sir open opening
""")
"""Words that name no device or program, and no fault that an article could be found by."""
SOME_PLATFORM = re.compile(
    r"\b(?:soft ?wares?|programs?|programmes?|applications?|systems?|net ?works?|servers?)\b", re.IGNORECASE
)
NAMED = re.compile(
    r"\b(?:fernhill|your (?:app|website|site|shop)|lamps?|speakers?|routers?|mesh|plugs?|monitors?|earbuds?|vacuum\w*|robot|"
    r"machines?|grinders?|e-?bikes?|power ?banks?|headlamps?|error|code|checkout|cart|two-factor|sync\w*|pair\w*|firmware)\b",
    re.IGNORECASE,
)
"""What tells of what some program or network has a fault."""
DAMAGE_QUESTION = "Damaged on delivery: what to tell us within days, with photos"
WARRANTY_QUERY = "what warranty covered devices"
IF_NOT = "If that does not help, reply with what happened, and I open a ticket with our technical support."
WHICH_WAY = "Reply with what is damaged and whether you prefer a replacement or a refund."
STEPS = 8
OWN = Slot("orders", find=lambda view, _: orders_of(view)[:2] if view.customer_id else ())
ORDERS = Step(get_order_details.name, {"order_id": OWN.name}, each=OWN.name)


def passage(view: View) -> Article | Calls | None:
    """What triage found a first message to ask for: nothing else is looked for then."""
    return article_asked(view) if view.text.endswith(view.latest) and not view.questions else None


def bought(order: CallResult) -> str:
    """What an order says of the device, or why it could not be read."""
    if not order.done:
        return f"I could not look up order {order.arguments['order_id']}: {order.text}"
    names = ", ".join(item["name"] for item in order.result["items"])
    when = order.result.get("delivered_on")
    state = f"delivered on {when}" if when else order.result["status"]
    return f"Your order {order.result['order_id']} ({names}): {state}."


def found_by(
    name: str,
    about: str,
    question: Callable[[View], str],
    *conditions: Condition,
    remedy: Callable[[str], Call] = search_remedy,
    then: str = "",
) -> Play:
    """A play that the article on a question, or on its remedy, settles; `then` says what the customer can do next."""

    def searches(view: View) -> list[Call]:
        return [search(question(view)), remedy(question(view))]

    def article(view: View, _: Found) -> Article | Calls | None:
        if asked := passage(view):
            return asked
        found = article_borne_out(answers_to(view, *searches(view)), question(view))
        return None if found and of_other_device(found.excerpt, question(view)) else found

    def told(view: View, found: Found) -> str:
        if not found["article"]:
            raise NotSettled("No article fits.")
        orders = answers_to(view, *(Call(ORDERS.tool, {"order_id": one}) for one in found["orders"]))
        steps = f"{found['article'].excerpt.heading}:\n{quoted(found['article'], question(view), STEPS)}"
        return "\n\n".join([steps, *map(bought, orders), *filter(None, [then])])

    def queries(view: View, _: Found) -> list[object]:
        return [] if passage(view) else [one.arguments["query"] for one in searches(view)]

    process = Process(told, (Slot("queries", find=queries), OWN, Slot("article", find=article)), (SEARCHES, ORDERS), conditions)
    return Play(name, about, process=process, of_customer=False)


FAULT = re.compile(
    r"n['’]?t\b|[?]|\b(?:not|no|never|stop\w*|fail\w*|brok\w*|dead|error|crash\w*|slow\w*|freez\w*|stuck|loud|nois\w*|sound|drop\w*|"
    r"los(?:e|es|t|ing)|disconnect\w*|flicker\w*|leak\w*|smell\w*|hot|beep\w*|blink\w*|wrong|problems?|issues?|troubles?|help|how|fix|"
    r"reset|set|setup|connect\w*|install\w*|pair\w*|updat\w*|keeps?|only|still|cannot|won|hums?|stutter\w*|damag\w*|crack\w*|"
    r"scratch\w*|dent\w*|warrant\w*|guarantee\w*|off|out|empty|red|white)\b",
    re.IGNORECASE,
)
"""What tells that something is amiss, or to be set up; a thing alone opens no ticket."""


def is_named(view: View, _: Found) -> bool:
    """Whether the words say which device has a fault, and which fault: "my software needs an update" does not."""
    asked = asked_in(view)
    says = read(asked).facts.error_codes or set(query_of(asked).split()) - VAGUE - SOME_PROGRAM
    found = answers_to(view, search(asked), search_remedy(asked))
    if not FAULT.search(asked) and not read(asked).facts.error_codes:
        return passage(view) is not None or article_borne_out(found, asked) is not None
    if SOME_PLATFORM.search(asked) and not (NAMED.search(asked) or read(asked).facts.error_codes):
        return passage(view) is not None
    return passage(view) is not None or bool(says and not is_vague(asked, found))


def ask(view: View, _: Found) -> Say:
    if view.questions:
        raise NotSettled("What is wrong could not be told from the customer's words.")
    return Say("Which device is it, and what exactly does it do or show? An error code helps most.", asks=True)


def on_warranty(view: View) -> str:
    """The warranty, or the fault that is said to be covered by it."""
    asked = asked_in(view)
    return asked if NEGATED.search(asked) or read(asked).facts.error_codes else WARRANTY_QUERY


TERMS = Call(SEARCHES.tool, {"query": WARRANTY_QUERY})
fault = found_by("fault", "Something does not work.", asked_in, Condition(is_named, (True,), ask), then=IF_NOT)
warranty = found_by("warranty", "The customer asks about the warranty.", on_warranty, remedy=lambda _: TERMS)
damage = found_by("damage", "Something came damaged.", lambda _: DAMAGE_QUESTION, then=WHICH_WAY)


def play_for(view: View) -> Play:
    asked = asked_in(view)
    if DAMAGED.search(asked) and ARRIVAL.search(asked):
        return damage
    return warranty if WARRANTY.search(asked) else fault
