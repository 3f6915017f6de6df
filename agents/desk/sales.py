"""Sales: what the shop sells, what it costs and what is there, from the catalogue; plans and offers from the articles."""

from agents.articles.passages import by_passage, went_on
from agents.cases.handover import asks_for_person
from agents.plays.sales import by_name, by_number, not_sold, terms
from agents.plays.sales.asked import asked_of, nothing_new
from agents.reasons import Reason
from agents.routing.assignment import own_deed
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import HandOff, Move, Unsure
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.plays.process import step_of
from tools.calculators import calculate
from tools.catalog import get_item_details, get_product_details, list_all_product_types
from tools.knowledge import search_articles

PROMPT = """\
You help customers choose, without pushing. list_all_product_types shows what we sell, get_product_details the options, \
prices and availability of a product, get_item_details one item. search_articles has Fernhill Plus, delivery, discounts and \
warranty; name its citation. calculate adds up. Quote prices and availability only as the tools give them, at most three \
options with the difference that matters. Promise no discount. You place no orders: customers order in the shop. Orders, \
charges and wishes for a person (reason needs_human) go back to triage."""


def without_model(view: View) -> Move | Unsure:
    """A person where one is needed, the passage that answers, else what the play of the question has next."""
    if asks_for_person(view):
        return HandOff("triage", "the customer asks for a person", reason=Reason.NEEDS_HUMAN)
    if view.questions and (deed := own_deed(view.latest)):
        other = {"kind": deed, "turned": True}
        return HandOff("triage", "Something else is asked for.", other, reason=Reason.OTHER_DEPARTMENT, request=view.latest)
    if answered := by_passage(view):
        return answered
    if nothing_new(view) and not by_number.numbers(view):
        return went_on(view) or HandOff("triage", "The catalogue does not answer it.", reason=Reason.NEEDS_HUMAN)
    play = play_for(view)
    assert play.process
    return step_of(play.process, view)


def play_for(view: View) -> Play:
    """The play on what is named: numbers, else products, else what an article answers. What names none is not sold here."""
    if by_number.numbers(view):
        return by_number.play
    _, named = asked_of(view)
    if not named.sure and terms.is_answered(view):
        return terms.play
    return by_name.play if named.sure or len(named.near) == 1 else not_sold.play


agent = AgentSpec(
    name="sales",
    description="Answers on products, prices, availability, plans and offers before buying.",
    prompt=PROMPT,
    tools=(list_all_product_types, get_product_details, get_item_details, search_articles, calculate),
    plays=(by_number.play, by_name.play, terms.play, not_sold.play),
    temperature=0.3,
    without_model=without_model,
    reasons=(Reason.NEEDS_HUMAN, Reason.OTHER_DEPARTMENT),
)
