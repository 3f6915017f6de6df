"""Handing a customer over to a person: when that is asked for, what the person reads, and what the customer hears."""

from agents.cases.chargebacks import told_of_bank
from agents.cases.contact import contact_of
from agents.requests.requests import request_in
from agents.routing.mood import ONLY_A_PERSON, is_furious, wants_human
from switchboard.declare.moves import Calls, Say, call
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.reading.danger import danger_in
from switchboard.reading.languages import language_of, said
from tools.vocabulary import vocabulary

TRANSFER = "transfer_to_human_agents"
MOST_QUOTED = 500
DAMAGE_SAID = (
    "I am sorry that it came to you like this. Please keep it with all of its packing and take photos of both: a new one or "
    "your money costs you nothing."
)


def asks_for_person(view: View) -> bool:
    """Whether the newest words ask for a person, in a sentence or as "human please", or need one at once: they tell of danger.

    Every specialist's rules ask it first.
    """
    if danger_in(view.latest):
        return True
    return wants_human(view.latest) or bool(ONLY_A_PERSON.fullmatch(view.latest[:100]))


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
