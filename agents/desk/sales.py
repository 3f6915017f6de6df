"""Sales: what the shop sells, what it costs and what is there, from the catalogue; plans and offers from the articles."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.articles.articles import answers_to, asked_in, not_made, query_of, quoted, searches_for
from agents.articles.beside import not_told, terms_beside
from agents.articles.passages import HELPS, article_borne_out, by_passage, went_on
from agents.cases.handover import asks_for_person
from agents.orders.status import price
from agents.products.products import Named, compared, fitting, not_offered, products_in, quantity, without_names
from agents.products.unnamed import WHICH_PRODUCT, names_nothing, which_one
from agents.reasons import Reason
from agents.requests.reading import read
from agents.routing.assignment import own_deed
from agents.routing.follow_ups import CHOOSES
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call, Calls, HandOff, Move, Say
from switchboard.declare.transcript import CallResult, View
from tools.calculators import calculate
from tools.catalog import get_item_details, get_product_details, list_all_product_types
from tools.knowledge import search_articles

PROMPT = """\
You help customers choose, without pushing. list_all_product_types shows what we sell, get_product_details the options, \
prices and availability of a product, get_item_details one item. search_articles has Fernhill Plus, delivery, discounts and \
warranty; name its citation. calculate adds up. Quote prices and availability only as the tools give them, at most three \
options with the difference that matters. Promise no discount. You place no orders: customers order in the shop. Orders, \
charges and wishes for a person (reason needs_human) go back to triage."""

LIST: Call = Call("list_all_product_types")
MOST_PRODUCTS = 3
MOST_ITEMS = 6
CHEAPER = "cheaper(?! (?:one|model|version|option|variant|colou?r|size|item|product)s?\\b)"
"""A wish for a lower price; "the cheaper one" chooses between products."""
ARTICLE = re.compile(
    r"\b(?:plus|member\w*|plans?|subscri\w+|trial|discount\w*|coupons?|promo\w*|codes?|vouchers?|students?|teachers?|"
    r"newsletter|price.?match\w*|match\w*|sales?|deals?|offers?|delivery|deliver|shipping|ship|warrant\w+|guarantee\w*|"
    rf"\d+ ?%|off|gift.?cards?|bulk|wholesale|pay|payment|returns?|tax|vat|invoices?|{CHEAPER})\b",
    re.IGNORECASE,
)
DISCOUNT = re.compile(
    rf"\b(?:discount\w*|{CHEAPER}|deals?|better price|\d+ ?(?:%|percent) off|haggle|negotiat\w+)\b", re.IGNORECASE
)
SELLS = re.compile(r"\b(?:do|would|can) you (?:also |still )?(?:sell|stock|carry|have for sale)\b", re.IGNORECASE)
"""Whether something is sold here: what an article says of a thing that it goes with is no answer."""
BUDGET = re.compile(r"\b(?:under|below|less than|up to|at most|max(?:imum)?|within|budget)\b", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:total|together|altogether|in all|sum|all of)\b", re.IGNORECASE)
PLAN = re.compile(r"\b(?:plus|plans?|member\w*|subscription)\b", re.IGNORECASE)
WISHES = re.compile(
    r"\b(?:buy\w*|to purchase|to order|purchasing|sell|stock|looking for|prices?|cost|want|need|require\w*)\b", re.IGNORECASE
)
FITS = re.compile(
    r"\b(?:compatib\w+|(?:work|pair|go|be used|connect)s? (?:together )?with|fits? (?:on|in|to|my))\b", re.IGNORECASE
)
"""Where it is asked whether one thing goes with another."""
OF_GOODS = ("price_question", "product_question")
OUR_PLANS = re.compile(r"\b(?:fernhill|plus|your|member\w*|famil\w*|year\w*|annual\w*|month\w*|trial)\b", re.IGNORECASE)
"""What tells our plans from those of others: we have none for phones."""
SOME = 6
"""Products that are named where nothing was found."""
OFFERS = "discounts: current offers for everyone"
PLANS = "Fernhill Plus plans and prices"
PLAN_SEARCH = Call("search_articles", {"query": "plans price"})


def without_model(view: View) -> Move:
    """Items by their number, else products by their name, else what an article says, else what we sell."""
    question = view.text if CHOOSES.match(view.latest) else asked_in(view)
    if asks_for_person(view):
        return HandOff("triage", "the customer asks for a person", reason=Reason.NEEDS_HUMAN)
    if view.questions and (deed := own_deed(view.latest)):
        other = {"kind": deed, "turned": True}
        return HandOff("triage", "Something else is asked for.", other, reason=Reason.OTHER_DEPARTMENT, request=view.latest)
    if answered := by_passage(view):
        return answered
    facts = read(question).facts
    ids = (*facts.item_ids, *facts.product_ids)[:MOST_PRODUCTS]
    if ids:
        return numbered(view, question, ids)
    if missing := not_made(view, LIST):
        return Calls(missing)
    listed = answers_to(view, LIST)[0]
    named = products_in(question, listed.result) if listed.done else Named((), ())
    if listed.done and not (named.sure or named.near or view.questions) and names_nothing(question):
        return Say(WHICH_PRODUCT, asks=True)
    if view.questions and named.sure and not_told(view, question, named):
        newest = products_in(view.latest, listed.result)
        if not newest.sure and not CHOOSES.match(view.latest):
            return went_on(view) or HandOff("triage", "The catalogue does not answer it.", reason=Reason.NEEDS_HUMAN)
        question, named = (view.latest, newest) if newest.sure else (question, named)
    topic = beside(question, [name for name, _ in named.sure])
    by_article = bool(ARTICLE.search(topic)) or read(question).request.kind in ("plan_question", "subscription_change")
    on_terms = by_article or (query_of(topic) and not named.sure)
    topics = topics_of(topic) if on_terms else []
    if missing := not_made(view, *(c for one in topics for c in searches(one))):
        return Calls(missing)
    told = next((text for one in topics if (text := from_article(answers_to(view, *searches(one)), one))), "")
    if named.sure and not told:
        terms = terms_beside(view, question, named)
        if isinstance(terms, Calls):
            return terms
        told = terms
    if named.sure:
        also = [f"We also have: {', '.join(name for name, _ in named.near)}."] if named.near else []
        said = about(view, question, [product for _, product in named.sure], after=[*also, *([told] if told else [])])
        return said if told or not isinstance(said, Say) else with_what_is_open(said, view, question, named)
    if told and (by_article or not (named.near or SELLS.search(question))):
        return Say(told, asks=told.endswith(HELPS))
    if len(named.near) == 1:
        return about(view, question, [named.near[0][1]], before=["This is the nearest that we sell."])
    return unknown(question, named, listed)


def with_what_is_open(said: Say, view: View, question: str, named: Named) -> Say:
    """What is told of products; where more is asked than the catalogue tells, it is no answer yet."""
    if FITS.search(question):
        fits = "The catalogue does not say what it works with. Write which device it is to go with, and a colleague finds out."
        return Say(f"{said.text}\n\n{fits}", asks=True)
    if not_told(view, question, named):
        return Say(f"{said.text}\n\nThis is all that the catalogue says. {HELPS}", asks=True)
    return said


def beside(question: str, products: list[str]) -> str:
    """What a question asks for beside these products: the parts of it that speak of plans, prices for all, or terms."""
    rest = without_names(question, products)
    terms = [part for part in re.split(r"[.,;?!]\s|\band\b", rest) if ARTICLE.search(part)]
    return " ".join(terms) if products and terms else rest


def topics_of(topic: str) -> list[str]:
    """What to look for, best first: where no article names what is asked about a plan or a discount, what there is answers."""
    if not DISCOUNT.search(topic):
        others = [word for word in query_of(topic).split() if not PLAN.search(word)]
        return [topic, PLANS] if PLAN.search(topic) and (not others or OUR_PLANS.search(topic)) else [topic]
    others = [word for word in query_of(topic).split() if not DISCOUNT.search(word)]
    return [topic, OFFERS] if others else [OFFERS]


def searches(question: str) -> list[Call]:
    return [*searches_for(question), *([PLAN_SEARCH] if PLAN.search(question) else [])]


def from_article(results: list[CallResult], question: str) -> str:
    """The article's words on plans, prices and offers; empty where none fits."""
    article = article_borne_out(results, question)
    if article is None:
        return ""
    if DISCOUNT.search(question) and not DISCOUNT.search(f"{article.excerpt.title} {article.excerpt.text}"):
        return ""
    promise = "\nI can only give the discounts that are named there." if DISCOUNT.search(question) else ""
    unsure = "" if article.sure else f"\n\n{HELPS}"
    return f"{article.excerpt.heading}:\n{quoted(article, '' if question == OFFERS else question)}{promise}{unsure}"


def numbered(view: View, question: str, ids: tuple[str, ...]) -> Move:
    """Items by their ten digits; a number that is no item's may be a product's, which looks the same."""
    items = [Call("get_item_details", {"item_id": number}) for number in ids]
    if missing := not_made(view, *items):
        return Calls(missing)
    found = answers_to(view, *items)
    products = [c.arguments["item_id"] for c in found if not c.done]
    if products:
        return about(view, question, products, before=[item_line(c.result) for c in found if c.done])
    return Say("\n".join(item_line(c.result) for c in found))


def item_line(item: Mapping[str, Any]) -> str:
    state = "available" if item["available"] else "not available at present"
    return f"{item['name']} ({options(item)}), item {item['item_id']}: {price(item['price'])}, {state}."


def about(view: View, question: str, products: list[str], before: Sequence[str] = (), after: Sequence[str] = ()) -> Move:
    """The products' prices, options and availability, and what several of them cost; `before` and `after` stand around it."""
    lookups = [Call("get_product_details", {"product_id": product}) for product in products[:MOST_PRODUCTS]]
    if missing := not_made(view, *lookups):
        return Calls(missing)
    results = answers_to(view, *lookups)
    found = [c.result for c in results if c.done]
    sums = sums_for(question, found)
    if missing := not_made(view, *sums):
        return Calls(missing)
    parts = [*before, *(described(product, question) for product in found)]
    parts += [f"There is no product or item {c.arguments['product_id']}; please check it." for c in results if not c.done]
    parts += [total(c, question, found) for c in answers_to(view, *sums)]
    return Say("\n\n".join([*parts, *after]))


def described(product: Mapping[str, Any], question: str) -> str:
    """One product: price range, what is available of what was asked for, and the cheapest of it."""
    variants = product["variants"]
    amounts = read(question).facts.amounts
    budget = amounts[0].cents if amounts and BUDGET.search(question) else None
    chosen = fitting(variants, question, budget)
    prices = sorted(v["price"] for v in variants.values())
    span = price(prices[0]) if prices[0] == prices[-1] else f"{price(prices[0])} to {price(prices[-1])}"
    absent, there_are = not_offered(variants, question, product["name"])
    if absent and chosen:
        told = (
            f"no, it does not come in {absent}; there is {', '.join(there_are)}"
            if there_are
            else f"nothing is listed in {absent}"
        )
        return "\n".join([f"{product['name']}: {told}.", *available(chosen, span)])
    if not chosen:
        return f"{product['name']}: {span}. Nothing of it is within {price((budget or 0) / 100)}."
    option, values = compared(variants, question)
    most = [f"By {option}: {values[0]} is the most, {values[-1]} the least."] if option else []
    return "\n".join([f"{product['name']}: {span}.", *most, *available(chosen, "")])


def available(chosen: Mapping[str, Any], span: str) -> list[str]:
    """What there is of these variants, the cheapest first, and what is not there; `span` stands for the prices, if any."""
    there = sorted((v for v in chosen.values() if v["available"]), key=lambda v: v["price"])
    gone = [v for v in chosen.values() if not v["available"]]
    lines = [f"Its prices: {span}."] if span else []
    lines += [f"- {options(v)}: {price(v['price'])}" for v in there[:MOST_ITEMS]]
    if len(there) > 1 and there[0]["price"] < there[-1]["price"]:
        lines.append(f"The cheapest available is {options(there[0])} at {price(there[0]['price'])}.")
    if gone:
        lines.append(f"Not available at present: {'; '.join(options(v) for v in gone)}.")
    return lines


def sums_for(question: str, products: list[Mapping[str, Any]]) -> list[Call]:
    """The sum of what is asked for, at the cheapest fitting price; none where one piece of one product is asked for."""
    terms = [(wanted_of(p, question), cheapest(p, question)) for p in products]
    parts = [f"{count} * {item['price']:.2f}" for count, item in terms if item]
    several = any(count > 1 for count, _ in terms) or (len(parts) > 1 and TOTAL.search(question))
    return [Call("calculate", {"expression": " + ".join(parts)})] if parts and several else []


def wanted_of(product: Mapping[str, Any], question: str) -> int:
    """How many of a product are asked for; the number in the name of an option, as in "USB 3", is none."""
    values = {value for v in product["variants"].values() for value in v["options"].values() if re.search(r"\d", value)}
    named = [re.escape(value).replace(r"\ ", r"[\s-]?") for value in values if re.search(r"[^\W\d_]", value)]
    return quantity(re.sub("|".join(named), " ", question, flags=re.IGNORECASE) if named else question, product["name"])


def total(result: CallResult, question: str, products: list[Mapping[str, Any]]) -> str:
    """What the sum comes to, with what it is of."""
    if not result.done:
        return f"I could not add this up: {result.text}"
    items = [(wanted_of(p, question), p["name"], cheapest(p, question)) for p in products]
    told = " and ".join(f"{count} × {name} ({options(item)})" for count, name, item in items if item)
    return f"{told}: {price(float(result.result))} in total, at today's price."


def cheapest(product: Mapping[str, Any], question: str) -> Mapping[str, Any] | None:
    there = [v for v in fitting(product["variants"], question).values() if v["available"]]
    return min(there, key=lambda v: v["price"]) if there else None


def unknown(question: str, named: Named, listed: CallResult) -> Move:
    """No product and no article: say so, with the nearest names, or what we sell; what is about no goods goes back."""
    if not listed.done:
        return Say("I cannot read our catalogue right now. Please ask again in a few minutes.")
    if named.near:
        names = ", ".join(name for name, _ in named.near[:MOST_PRODUCTS])
        return Say(
            f"I find no product of exactly that name. The nearest that we sell: {names}. Which one shall I look up?",
            asks=True,
        )
    if not WISHES.search(question) and read(question).request.kind not in OF_GOODS:
        return HandOff("triage", "No goods are asked for.", reason=Reason.OTHER_DEPARTMENT)
    if which := which_one(question):
        return Say(which, asks=True)
    some = list(listed.result)[:: max(len(listed.result) // SOME, 1)][:SOME]
    return Say(
        "I find nothing of that kind in our catalogue. We sell goods for home and kitchen, for outdoors, and electronics, "
        f"such as {', '.join(some)}. Is it about one of our products? Then write which, and I give you prices and options; "
        "if it is about something else, write what it is.",
        asks=True,
    )


def options(item: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in item["options"].items())


agent = AgentSpec(
    name="sales",
    description="Answers on products, prices, availability, plans and offers before buying.",
    prompt=PROMPT,
    tools=(list_all_product_types, get_product_details, get_item_details, search_articles, calculate),
    temperature=0.3,
    without_model=without_model,
    reasons=(Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
)
