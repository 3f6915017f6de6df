"""The customer's words as they stand in the transcript: what they say yes or no to, and no codes."""

from switchboard.consent.answers import answers_to
from switchboard.consent.codes import awaited
from switchboard.consent.record import asked_again, last_read_back
from switchboard.consent.typed_codes import NOTHING_HIDDEN, Hiding
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import ConsentEntry, DecisionEntry, MessageEntry
from switchboard.events.masking import spoken
from switchboard.loop.codes.trying import try_written
from switchboard.loop.executor import do_call
from switchboard.loop.state import Run
from switchboard.mail.history import apart, own_words, without_courtesies

MOST_WORDS = 200_000
"""Characters of one message of a customer."""


def customer_words(run: Run, text: str | None, *, before: bool = False) -> str:
    """Record what the customer says next, or that they left. What they wrote `before` the newest question is no yes to it, and
    the call is read back again; a no is one, whenever they wrote it.
    """
    text = spoken(text or "")[:MOST_WORDS]
    if not text:
        run.add(DecisionEntry(CUSTOMER, "The customer left the conversation.", "human"))
        return "The customer left the conversation."
    asked, awaits, hiding = last_read_back(run.transcript), awaited(run.transcript), run.hiding()
    written = hiding.written_in(own_words(text))
    said = words_of_customer(text, hiding)
    if run.came_on:
        run.days[len(run.transcript)] = run.came_on
    run.add(said)
    answer = without_courtesies(said.text, [run.customer_id or "", *run.known.values()])
    again = asked_again(run.transcript, answer, run.team.language) if asked else None
    if again:
        run.add(again)
        return said.text or " "
    for call_id, stance in answers_to(answer, asked).items():
        if before and stance == "yes":
            continue
        bound = next(call.bound for call in asked if call.call_id == call_id)
        run.add(ConsentEntry(CUSTOMER, by="human", call_id=call_id, bound=bound, stance=stance))
    if awaits and written and (made := try_written(run, awaits, written)):
        do_call(run, *made)
    return said.text or " "  # AutoGen wants some text


def words_of_customer(text: str, hiding: Hiding = NOTHING_HIDDEN) -> MessageEntry:
    """A message of the customer: their own words, and what stood beside them, without codes."""
    own, rest = apart(text)
    return MessageEntry(CUSTOMER, hiding.without_codes(own), "human", quoted=hiding.without_codes(rest))
