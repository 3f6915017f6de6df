"""The customer's answer to a call that was read back to them: a plain yes, a plain no, or other words.

A closed list of words in English, German, French and Spanish decides, and no model. A sentence in which any word says more
than yes, or than what the question itself said, is no yes: its words are new words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from switchboard.consent.choices import TWO, chosen

Stance = Literal["yes", "no", "other"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES = _words("""
    yes yeah yep yup yea aye sure ok okay okey correct confirm confirmed confirming agree agreed affirmative absolutely
    ja jawohl jep klar einverstanden bestätige bestätigt passt
    oui ouais confirme confirmé entendu
    sí si vale confirmo confirmado afirmativo
""")
NO = _words("""
    no nope nah negative don't dont stop refuse refused
    nein nee nö ablehnen lassen
    non annuler refuse
    rechazo
""")
POLITE = _words("""
    please thanks thank you very much many kindly go ahead do it that that's thats this is i i'm im am of course all right
    alright fine good great perfect with to so then now and both them everything me hi hello dear
    bitte danke schön vielen dank gern gerne machen sie mach das es so ist in ordnung gut und beide beides alles genau tun
    s'il vous plaît plait merci beaucoup d'accord allez y allez-y c'est cela ça ca bon bien parfait tout et les deux faites le
    je por favor gracias muchas adelante hágalo hazlo está bien de acuerdo eso es correcto perfecto todo y ambos lo
""")
"""What may stand beside a yes or a no and changes nothing."""
AGREED = (
    "go ahead", "do it", "please do", "d'accord", "de acuerdo", "in ordnung", "allez-y", "allez y", "mach das", "adelante",
)  # fmt: skip
"""A yes without a word of YES."""
REFUSED = (
    "do not", "do nothing", "leave it", "never mind", "lass es", "laisse tomber", "ne faites rien", "no lo haga", "no gracias",
)  # fmt: skip
"""A no, without a word of NO."""
NEGATIONS = _words("""
    not no never none nor nothing neither without except but only instead unless rather cannot can't won't
    nicht kein keine keinen nie ohne außer aber sondern stattdessen
    pas ne jamais sans sauf mais
    nunca ni sin excepto pero sino
""")
"""Words that change what a yes means, also where the question said them."""
ASKING = _words("""
    when what where why how which who whose
    wann was wo wohin warum wieso wie welche welcher welches welchen wer wieviel
    quand quoi où pourquoi comment quel quelle quels quelles qui combien
    cuándo qué dónde cómo cuál cuáles quién cuánto cuánta cuántos cuántas
""")
"""What a question begins with, also where its mark is missing."""
MOST_ANSWER = 400
"""Characters of a plain answer: who writes more says more."""
WORD = re.compile(r"#?\w+(?:['’-]\w+)*")
MORE_THAN_PLACES = re.compile(r"[?%€$£/\"]|\d[.,]\d")
"""Marks of a question, an amount or a share."""
QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


@dataclass(frozen=True)
class ReadBack:
    """A call as it was read back, in the `text` that the customer saw; `bound` is the hash of the call."""

    call_id: str
    bound: str
    text: str


def stance_of(words: str, question: str = "") -> Stance:
    """What words say to a question. Words that the question said change no yes, such as the number of the order."""
    text = _folded(QUOTED.sub("", words))
    said = WORD.findall(text)
    if not said or len(text) > MOST_ANSWER or "?" in text or not _is_plain(text):
        return "other"
    if NO & {*said} or any(phrase in text for phrase in REFUSED):
        rest = {*said} - NO - POLITE - {word for phrase in REFUSED for word in phrase.split()}
        return "other" if rest or (YES - {"si", "sí"}) & {*said} else "no"
    if NEGATIONS & {*said}:
        return "other"
    asked = {*WORD.findall(_folded(question))}
    agrees = bool(YES & {*said}) or any(phrase in text for phrase in AGREED)
    return "yes" if agrees and not {*said} - YES - POLITE - asked else "other"


def asks_something(words: str) -> bool:
    """Whether an answer to a read-back asks something, and says neither no nor that it is to be otherwise."""
    text = _folded(QUOTED.sub("", words))
    said = WORD.findall(text)
    if not said or (NO | NEGATIONS) & {*said} or any(phrase in text for phrase in REFUSED):
        return False
    return "?" in text or said[0] in ASKING


def answers_to(words: str, calls: Sequence[ReadBack]) -> Mapping[str, Stance]:
    """What words say to each of the calls that were read back together, by call id.

    A yes that names some of them, by their place in the list or by a word that stands in no other, is a yes to these alone,
    and so is a choice of places without a yes.
    """
    if (places := _chosen(words, calls)) is not None:
        return {call.call_id: "yes" if n in places else "other" for n, call in enumerate(calls, start=1)}
    stance = stance_of(words, " ".join(f"{n} {call.text}" for n, call in enumerate(calls, start=1)))
    if stance != "yes" or len(calls) == 1:
        return {call.call_id: stance for call in calls}
    if len(calls) > 2 and TWO & {*WORD.findall(_folded(words))}:  # both of which
        return {call.call_id: "other" for call in calls}
    said = {*WORD.findall(_folded(words))} - YES - POLITE
    theirs = [{*WORD.findall(call.text.casefold())} | {str(n)} for n, call in enumerate(calls, start=1)]
    own = [mine - set().union(*(other for other in theirs if other is not mine)) for mine in theirs]
    named = [bool(said & words_of_it) for words_of_it in own]
    if not any(named):
        return {call.call_id: "other" if said else "yes" for call in calls}
    return {call.call_id: "yes" if is_named else "other" for call, is_named in zip(calls, named, strict=True)}


def _chosen(words: str, calls: Sequence[ReadBack]) -> frozenset[int] | None:
    """The places of the list that words choose; None where they choose none, or no more than one call was read back."""
    text = _folded(QUOTED.sub("", words))
    said = WORD.findall(text)
    refuses = NO & {*said} or any(phrase in text for phrase in REFUSED)
    if len(calls) < 2 or len(text) > MOST_ANSWER or MORE_THAN_PLACES.search(text) or refuses or not _is_plain(text):
        return None
    agreed = (YES | POLITE) - TWO - {"of"} if YES & {*said} else frozenset[str]()  # "1 of them" is any one of them
    return chosen(said, agreed, [frozenset(WORD.findall(_folded(call.text))) for call in calls])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip()


def _is_plain(text: str) -> bool:
    """Whether all of a text is letters, digits and the marks of a sentence: what hides in it is not plain."""
    return all(c.isalnum() or c.isspace() or c in "#.,;:!'’-_()&/\"%€$£" for c in text)
