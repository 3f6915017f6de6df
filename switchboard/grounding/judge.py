"""Whether an answer may be sent as far as its words tell: each fact is known, each deed done, and it is for this customer."""

import re
from collections.abc import Collection
from typing import Literal

from switchboard.grounding.amounts.direction import turned_round
from switchboard.grounding.amounts.sums import wrong_sum
from switchboard.grounding.asking import asks_for_a_secret, leaves_out
from switchboard.grounding.carried import FEW, is_not_carried, telling
from switchboard.grounding.deeds import not_done
from switchboard.grounding.echoes import told_of_us
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.facts import first_unknown
from switchboard.grounding.languages import JUDGED, is_in, language_of
from switchboard.grounding.policy.measured import measured_otherwise
from switchboard.grounding.policy.polarity import contradicted
from switchboard.grounding.policy.prose import told_as_ours, without_quotations
from switchboard.grounding.policy.strange import strange_in
from switchboard.grounding.promises import promised
from switchboard.grounding.things.joined import joined_wrongly
from switchboard.grounding.things.members import not_of_the_deed
from switchboard.grounding.things.possible import possible_while
from switchboard.grounding.things.ties import tied_wrongly
from switchboard.grounding.wording import hides_something, plain, sentences, words
from switchboard.search.citations import CITATION, citations_in

Kind = Literal["answer", "question"]
SEEN = re.compile(r"(?i)\b(?:I|we) can (?:see|confirm|tell you|assure you|report|say)(?: that)? ")
"""What follows is said to be so, and not only possible."""
NO_PROBLEM = re.compile(r"(?i)\bno (?:problem|worries|trouble)\b")
"""A yes, and not the no that it holds."""


def why_untrue(evidence: Evidence, text: str, members: Collection[str] = ()) -> str | None:
    """The first thing in a text that the case does not carry, in words for who wrote it; None where all is."""
    if hides_something(text):
        return "it holds letters of several scripts in a word, or codes that nobody sees"
    said = NO_PROBLEM.sub("fine", SEEN.sub("", without_quotations(evidence.prose, plain(text))))
    language = spoken_by(evidence, said)
    strange = _in_another_language(said, language)
    if strange:
        return strange
    tongue = JUDGED[language]
    ours = told_of_us(evidence, said, tongue, members)
    if ours:
        return f"it tells {ours}"
    secret = asks_for_a_secret(evidence, said, tongue)
    if secret:
        return f"it asks for a {secret}"
    theirs = told_as_ours(evidence, said, tongue)
    if theirs:
        return f"it says {theirs[:120]!r}, which only a record says: leave it out, or say that the record says so, and quote it"
    unknown = first_unknown(evidence, said, language)
    if unknown:
        return f"it says {unknown}, which stands in no result, article or word of the customer"
    undone = not_done(evidence, said, language)
    if undone:
        return f"it says {undone}, which no result carries"
    opposite = contradicted(evidence, said) if language == "en" else None
    if opposite:
        return f"it says {opposite[:120]!r}, and what is known says the opposite"
    wrong = wrong_sum(said)
    if wrong:
        return f"it says {wrong!r}, which does not come out"
    measure = next((one for s in sentences(said) if language == "en" and (one := measured_otherwise(evidence, s))), None)
    if measure:
        return f"it says {measure}, where an article says something else"
    turned = next((one for s in sentences(said) if language == "en" and (one := turned_round(evidence, s))), None)
    if turned:
        return f"it says {turned[:120]!r}, and that amount goes to the customer"
    other_state = next(
        (one for s in sentences(said) if language == "en" and (one := possible_while(evidence, s, language))), None
    )
    if other_state:
        return f"it says what can be done otherwise than an article: {other_state}"
    strange = next((one for s in sentences(said) if language == "en" and (one := strange_in(evidence, s))), None)
    if strange:
        return f"it says {strange[:120]!r}, of which nothing tells"
    promise = next((one for one in (promised(evidence, s, language) for s in sentences(said)) if one), None)
    if promise:
        return f"it says {promise}"
    part = not_of_the_deed(evidence, said, language)
    if part:
        return f"it says {part[:120]!r}, which is so of something else"
    apart = joined_wrongly(evidence, said)
    if apart:
        return f"it says {apart!r}, which stands in no record together"
    other = tied_wrongly(evidence, said, language)
    return f"it says {other}, which the results tell of something else" if other else None


def why_not_carried(evidence: Evidence, text: str) -> str | None:
    """Why a true text answers nothing; None where it rests on what was found."""
    if text.count("**") % 2:  # emphasis that is only closed, or only opened
        return "it is a piece that was cut out of a text"
    unknown = next((one for one in citations_in(text) if one not in evidence.everything), None)
    if unknown:
        return f"there is no {unknown[:80]}"
    whole = CITATION.sub(" ", plain(text))
    said = without_quotations(evidence.prose, whole)
    language = spoken_by(evidence, said)
    missing = leaves_out(evidence, said, JUDGED[language]) if language in JUDGED else None
    if missing:
        return f"it tells {missing}"
    if said != whole and language in JUDGED and len(telling(said, JUDGED[language])) <= FEW:
        return None  # the record says it, and nothing else is said
    return is_not_carried(evidence, said, language)


def spoken_by(evidence: Evidence, answer: str = "") -> str:
    """The customer's language; where it cannot be told that of an answer which has one of their words, such as an
    "Bestellung"; else that of the team. It is "other" for one in which no answer can be judged.
    """
    wrote = plain(evidence.said_by_customer)
    found = language_of(wrote)
    if not found and answer and (theirs := language_of(answer)) in JUDGED:
        shared = {word for word in words(wrote) if word.isalpha()} & {*words(answer)}
        found = theirs if shared else ""
    return (found if found in JUDGED else "other") if found else evidence.vocabulary.language


def _in_another_language(text: str, language: str) -> str | None:
    if language not in JUDGED:
        return "the customer writes in a language in which no answer can be checked"
    other = next((s for s in sentences(text) if not is_in(s, language)), None)
    return f"it is not in the customer's language ({language}): {other[:80]!r}" if other else None
