"""Handing a customer over to a person: when that is asked for, what the person reads, and what the customer hears."""

from agents.cases.chargebacks import told_of_bank
from agents.cases.contact import contact_of
from agents.reasons import Reason
from agents.requests.reading import read
from agents.routing.danger import danger_of
from agents.routing.mood import ONLY_A_PERSON, is_furious, wants_human
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.moves import Calls, HandOff, Say, call
from switchboard.declare.play import Play
from switchboard.declare.transcript import View
from switchboard.reading.languages import language_in, said
from tools.vocabulary import vocabulary

TRANSFER = "transfer_to_human_agents"
MOST_QUOTED = 500
LEAST_QUOTED = 12
"""Words from which on what stands beside the customer's own is a letter, and no signature of a telephone."""
DAMAGE_SAID = (
    "I am sorry that it came to you like this. Please keep it with all of its packing and take photos of both: a new one or "
    "your money costs you nothing."
)


def asks_for_person(view: View) -> bool:
    """Whether the newest words ask for a person, in a sentence or as "human please", or need one at once: they tell of danger.

    Every specialist's rules ask it first.
    """
    if danger_of(view.latest):
        return True
    return wants_human(view.latest) or bool(ONLY_A_PERSON.fullmatch(view.latest[:100]))


def passes_on(view: View) -> bool:
    """Whether the newest message is words above another's letter, for the entry agent, who sees the whole case."""
    wrote = [e for e in view.case if e.kind == "message" and e.speaker == CUSTOMER]
    return bool(wrote) and any(c.isalpha() for c in wrote[-1].text) and len(wrote[-1].quoted.split()) >= LEAST_QUOTED


def of_another_matter(view: View) -> HandOff | None:
    """The hand-back of a matter that a ticket was opened for, where the newest words ask for something else; None otherwise."""
    newest = read(view.latest)
    ours = ("unknown", "thanks", "greeting", "complaint", "technical", "contact_me", "human")
    if not view.questions or (newest.request.kind in ours and not newest.facts.order_ids):
        return None
    facts = {"kind": newest.request.kind}
    return HandOff("triage", "Something else is asked for.", facts, reason=Reason.OTHER_DEPARTMENT, request=view.latest)


def transfer(view: View, why: str) -> Calls:
    """Hand the customer to a human, and say why; the tool adds the case. `transferred` says how it went."""
    danger = danger_of(view.text)
    why = f"{danger.for_operators} {why}" if danger else why
    return call(TRANSFER, summary=f"{why} They wrote: {' '.join(view.latest.split())[:MOST_QUOTED] or '-'}")


def first_said(view: View, play: Play | None) -> str:
    """What stands before a hand-over: a warning where somebody may be in danger, that we are sorry where one is due."""
    if danger := danger_of(view.text):
        return f"{danger.said} "
    if is_furious(view.text):
        return "I am sorry that it came to this. "
    if play:
        return f"{play.says} "
    return f"{DAMAGE_SAID} " if read(view.text).request.kind == "damaged" else ""


def then_said(view: View, language: str) -> str:
    """What happens next, and when, and how we reach somebody of whom we know no way."""
    when = said("first_of_all" if danger_of(view.text) else "soon", language)
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
    danger = danger_of(view.text)
    earlier = language_in(e.text for e in reversed(view.case) if e.kind == "message" and e.speaker == CUSTOMER)
    language = read(view.text).language or (danger.language if danger else "") or earlier
    first = first_said(view, play) if not language or danger else ""
    bank = told_of_bank(view, reported=not first)
    words = f"{first}{said('handed_over', language, ticket=', '.join(vocabulary.references(tried.result)))}"
    return Say("\n\n".join(part for part in (bank, words, then_said(view, language)) if part))
