"""Plans, offers, delivery and other terms, from the articles; alone, or beside the products that are asked about."""

import re

from agents.articles.articles import answers_to, query_of, quoted
from agents.articles.passages import HELPS, article_borne_out
from agents.plays.sales.asked import CATALOGUE, WHOLE, asked_of, names_none
from agents.plays.searching import SEARCHES, queries
from agents.products.products import without_names
from agents.requests.reading import read
from switchboard.declare.moves import Call, Say
from switchboard.declare.play import Play, Process, Slot
from switchboard.declare.transcript import View

CHEAPER = "cheaper(?! (?:one|model|version|option|variant|colou?r|size|item|product)s?\\b)"
"""A wish for a lower price; "the cheaper one" chooses between products."""
ARTICLE = re.compile(
    r"\b(?:plus|member\w*|plans?|subscri\w+|trial|discount\w*|coupons?|promo\w*|codes?|vouchers?|students?|teachers?|"
    r"newsletter|price.?match\w*|match\w*|sales?|deals?|offers?|delivery|deliver|shipping|ship|warrant\w+|guarantee\w*|"
    rf"\d+ ?%|off|gift.?cards?|bulk|wholesale|pay|payment|returns?|tax|vat|invoices?|{CHEAPER})\b",
    re.IGNORECASE,
)
DISCOUNT = re.compile(
    rf"\b(?:discount\w*|{CHEAPER}|deals?|better price|\d+ ?(?:%|percent) off|haggle|negotiat\w+|promotions?|on sale|"
    r"(?:an?|any|other|some|special|current|new|best|better|good) (?:\w+ )?offer|(?:on|more|your|the|this) offer|offers)\b",
    re.IGNORECASE,
)
"""What is asked of prices below the catalogue's; "what do you offer" is about the catalogue."""
SELLS = re.compile(r"\b(?:do|would|can) you (?:also |still )?(?:sell|stock|carry|have for sale)\b", re.IGNORECASE)
"""Whether something is sold here: what an article says of a thing that it goes with is no answer."""
PLAN = re.compile(r"\b(?:plus|plans?|member\w*|subscription)\b", re.IGNORECASE)
OUR_PLANS = re.compile(r"\b(?:fernhill|plus|your|member\w*|famil\w*|year\w*|annual\w*|month\w*|trial)\b", re.IGNORECASE)
"""What tells our plans from those of others: we have none for phones."""
ON_PLANS = ("plan_question", "subscription_change")
OFFERS = "discounts: current offers for everyone"
PLANS = "Fernhill Plus plans and prices"
PLAN_QUERY = "plans price"


def topic_of(view: View) -> str:
    """What is asked for beside products: the parts of it that speak of plans, prices for all, or terms."""
    question, named = asked_of(view)
    products = [name for name, _ in named.sure]
    rest = without_names(question, products)
    terms = [part for part in re.split(r"[.,;?!]\s|\band\b", rest) if ARTICLE.search(part)]
    return " ".join(terms) if products and terms else rest


def is_on_terms(view: View) -> bool:
    return bool(ARTICLE.search(topic_of(view))) or read(asked_of(view)[0]).request.kind in ON_PLANS


def topics(view: View) -> list[str]:
    """What to look for, best first: where no article names what is asked about a plan or a discount, what there is answers."""
    topic, (_, named) = topic_of(view), asked_of(view)
    if names_none(view) or (not is_on_terms(view) and (named.sure or not query_of(topic))):
        return []
    known, what_there_is = (DISCOUNT, OFFERS) if DISCOUNT.search(topic) else (PLAN, PLANS)
    others = [word for word in query_of(topic).split() if not known.search(word)]
    if known is PLAN and not (PLAN.search(topic) and (not others or OUR_PLANS.search(topic))):
        return [topic]
    return [topic, what_there_is] if others or known is PLAN else [what_there_is]


def queries_on(topic: str) -> list[str]:
    return [*queries(topic), *([PLAN_QUERY] if PLAN.search(topic) else [])]


def from_articles(view: View) -> str:
    """The words of the first article that fits; empty where none does, or while none was looked for."""
    return next((text for one in topics(view) if (text := _said_on(view, one))), "")


def _said_on(view: View, topic: str) -> str:
    article = article_borne_out(answers_to(view, *(Call(SEARCHES.tool, {"query": one}) for one in queries_on(topic))), topic)
    if article is None:
        return ""
    if DISCOUNT.search(topic) and not DISCOUNT.search(f"{article.excerpt.title} {article.excerpt.text}"):
        return ""
    promise = "\nI can only give the discounts that are named there." if DISCOUNT.search(topic) else ""
    unsure = "" if article.sure else f"\n\n{HELPS}"
    return f"{article.excerpt.heading}:\n{quoted(article, '' if topic == OFFERS else topic)}{promise}{unsure}"


def is_answered(view: View) -> bool:
    """Whether an article answers, where no product is named for sure."""
    question, named = asked_of(view)
    on_goods = named.near or SELLS.search(question)
    return bool(from_articles(view)) and (is_on_terms(view) or not on_goods)


def told(view: View, _: object) -> Say:
    text = from_articles(view)
    return Say(text, asks=text.endswith(HELPS))


QUERIES = Slot("queries", find=lambda view, _: [*dict.fromkeys(one for topic in topics(view) for one in queries_on(topic))])

play = Play(
    name="terms",
    about="The customer asks about plans, offers or terms.",
    process=Process(slots=(WHOLE, QUERIES), reads=(CATALOGUE, SEARCHES), told=told),
    of_customer=False,
)
