"""Support: gets things working again with the steps of an article, or leaves the case with technical support."""

from agents.cases.handover import asks_for_person, transfer, transferred
from agents.plays.support import by_article, ticket
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Move, Unsure
from switchboard.declare.transcript import View
from switchboard.plays.process import NotSettled, step_of
from tools.knowledge import search_articles
from tools.orders import get_order_details
from tools.tickets import add_case_note, open_ticket, transfer_to_human_agents

PROMPT = """\
You get things working again. Search first: search_articles with the product and the symptom or error code. Give the \
steps of the article that fits, in order, with its citation, such as [file.md#heading]. Invent no steps. \
get_order_details shows which model was bought and when. If the steps were tried or do not fit, open_ticket for support \
with product, symptom, code and what was tried, once per matter, and give its number; a customer who is not verified is \
asked for name and e-mail or phone, kept by add_case_note. At heat, smoke or a swollen battery tell the \
customer to stop using it, and hand_off to human. Sign-in trouble and returns go back to triage."""


def without_model(view: View) -> Move | Unsure:
    """Danger and wishes for a person first, then what the play of the request has next; what it cannot settle gets a ticket."""
    if said := transferred(view):
        return said
    if asks_for_person(view):
        return transfer(view, "The customer asks for a human.")
    if view.last(open_ticket.name) or ticket.did_not_help(view):
        return ticket.left(view)
    process = by_article.play_for(view).process
    assert process
    try:
        return step_of(process, view)
    except NotSettled as why:
        return ticket.left(view, str(why))


agent = AgentSpec(
    name="support",
    description="Solves technical problems with devices and the app, and answers on warranty and damage.",
    prompt=PROMPT,
    tools=(search_articles, get_order_details, open_ticket, add_case_note, transfer_to_human_agents),
    plays=(by_article.fault, by_article.warranty, by_article.damage, ticket.play),
    temperature=0.2,
    without_model=without_model,
)
