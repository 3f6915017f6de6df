"""The customer's answer to a call that was read back to them: a plain yes, a plain no, or other words.

A closed list of words in English, German, French and Spanish decides, and no model. A sentence in which any word says more
than yes, or than what the question itself said, is no yes: its words are new words.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from switchboard.consent.choices import TWO, chosen
from switchboard.consent.repeated import WORD, repeats, says_amount, says_deed
from switchboard.reading.words import words_of

Stance = Literal["yes", "no", "other"]


YES = words_of("""
    yes yeah yep yup yea aye sure ok okay okey correct confirm confirmed confirming agree agreed affirmative absolutely
    exactly certainly definitely proceed
    ja jawohl jep klar einverstanden bestätige bestätigt passt genau natürlich selbstverständlich
    oui ouais confirme confirmé entendu exactement exact
    sí si vale confirmo confirmado afirmativo claro exacto correcto
""")
NO = words_of("""
    no nope nah negative don't dont stop refuse refused
    nein nee nö ablehnen lassen
    non annuler refuse laissez laisse
    rechazo déjalo déjelo
""")
POLITE = words_of("""
    please pls plz thanks thx thank you very much many kindly it's sir
    go ahead do it that that's thats this is i i'm im am of course all
    alright fine whatever good great perfect with to so then now and both them everything hi hello dear
    bitte danke schön vielen dank gern gerne mache machen mach sie das es so ist in ordnung gut und beide beides alles
    ich bin
    tun s'il vous svp faites-le plaît plait merci beaucoup d'accord allez y allez-y c'est cela ça ca bon bien parfait tout et
    les deux faites le comme
    je por favor gracias muchas adelante hágalo hazlo está bien de acuerdo eso es perfecto todo y ambos lo
""")
"""What may stand beside a yes or a no and changes nothing."""
AGREED = (
    "go ahead", "do it", "please do", "of course", "that's right", "that is right", "go for it", "sounds good",
    "d'accord", "allez-y", "allez y", "bien sûr", "tout à fait", "de acuerdo", "adelante", "por supuesto", "desde luego",
    "claro que sí", "hágalo", "hazlo", "in ordnung", "c'est bon pour moi", "je veux bien",
    "na klar", "mach das", "machen sie das", "tun sie das", "tun sie es",
)  # fmt: skip
"""A yes without a word of YES."""
REFUSED = (
    "do not", "do nothing", "leave it", "keep it", "never mind", "forget it", "no way", "not at all", "of course not",
    "absolutely not", "definitely not", "certainly not", "do not agree", "don't agree", "do not confirm", "don't want it",
    "don't want that", "do not want it", "do not want that", "bitte nicht", "auf keinen fall", "lass es", "laisse tomber",
    "ne faites rien", "pas du tout", "surtout pas", "no lo haga", "no gracias", "claro que no", "por supuesto que no",
)  # fmt: skip
"""A no, without a word of NO."""
WANTED = re.compile(
    r"\b(?:je le (?:veux|souhaite)|das (?:will|möchte) ich|i (?:do )?want (?:it|that)|(?:yo )?lo quiero)\b(?! (?!bien\b)\w)"
)
"""What says no more than the yes that it stands behind, at the end of its clause."""
COURTESY = re.compile(
    r"[,.;!]?\s{0,3}\b(?:(?:et|and|und|y)\s)?(?:merci (?:d'avance|par avance)|bon week-end|bien à vous|cordialement|à bientôt"
    r"|(?:une )?(?:très )?bonne (?:fin de )?(?:journée|soirée)|(?:thanks|thank you) in advance|(?:best|kind) regards"
    r"|have a (?:nice|good|great|lovely) (?:day|evening|weekend)|(?:vielen )?dank im voraus|danke im voraus"
    r"|(?:einen )?schönen (?:tag|abend)(?: noch)?|(?:ein )?schönes wochenende|(?:viele|liebe) grüsse|mit freundlichen grüssen"
    r"|(?:muchas )?gracias de antemano|(?:que )?tenga (?:un )?buen día|(?:un )?buen día|buenas tardes|(?:un )?saludos?"
    r"|feliz (?:día|tarde))\b(?=\W{0,5}(?:\Z|[.,;!)]|\b(?:et|and|und|y)\b))"
)
"""How one thanks and takes leave: it says nothing to a question."""
SEVERAL = words_of("both all everything them beide beides alles les deux tout tous toutes los las dos ambos ambas todo todos")
"""Words by which a yes may mean more than the one call."""
WHY_NOT = re.compile(r"\b(?:pourquoi pas|why not|warum nicht|por qué no)\b")
TO_BE_DONE = words_of("confirm confirme bestätige correct proceed")
"""Words of YES that also tell somebody to do so ("please correct it"): a yes where they have a subject, or stand alone."""
STATED = words_of("correct confirmed confirmé bestätigt einverstanden entendu agreed genau exactement exact correcto")
"""Words of YES that may follow "it is"; "it's ok, thanks" is as often a no."""
SUBJECTS = words_of("i je ich is that's thats it's est c'est es all everything both alles beides tout todo")
UNDERSTOOD = words_of("klar claro")
"""A yes, but not behind "all": so one says that it was understood."""
IS = words_of("is that's thats it's its am i'm im are be ist bin est c'est es está")
NOT_BEHIND = words_of("is are ist est es of")
"""What makes no yes of the word before it: "sure is", "sure of"."""
THANKS = words_of("thanks thank you very much danke vielen dank merci beaucoup gracias muchas")
BEGGING = words_of("please kindly bitte s'il favor")
DE_ACUERDO = words_of("de acuerdo por")
OPENERS = words_of("yes yeah ok okay sure")
GREETINGS = words_of("hi hello dear")
ASKED_FIRST = re.compile(
    r"(?:(?:so|and|then|now|please|und|et|y) )*"
    r"(?:(?:is|are|am|was|does|did) |do (?:i|you|we|they)\b|(?:ist|bin|sind|passt) (?:das|es|alles|ich|sie)\b|est ce\b)"
)
"""A question by the order of its words, where its mark is missing."""
AND = words_of("and und et y")
UNFINISHED = words_of("and with to of then it's und et y de i the if wenn")
"""A sentence that ends with one of these has not said all."""
NEGATIONS = words_of("""
    not no never none nor nothing neither without except but only instead unless rather cannot can't won't
    nicht kein keine keinen nie ohne außer aber sondern stattdessen
    pas ne jamais sans sauf mais
    nunca ni sin excepto pero sino
""")
"""Words that change what a yes means, also where the question said them."""
ASKING = words_of("""
    when what where why how which who whose
    wann was wo wohin warum wieso wie welche welcher welches welchen wer wieviel
    quand quoi où pourquoi comment quel quelle quels quelles qui combien
    cuándo qué dónde cómo cuál cuáles quién cuánto cuánta cuántos cuántas
""")
"""What a question begins with, also where its mark is missing."""
BEHIND = re.compile(r"(?<=[.!;])\s+|\n+|(?<!\s)\s+(?=(?:but|aber|mais|pero)\b)", re.IGNORECASE)
AND_BUT = re.compile(r"^\W*(?:(?:but|and|aber|und|mais|et|pero|y)\W+)+", re.IGNORECASE)
MOST_ANSWER = 400
"""Characters of a plain answer: who writes more says more."""
KIND = frozenset("👍👌🙏🙂😊😀😃😄❤🎉✅\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\ufe0f")
"""Pictures that stand beside a yes or a no and change nothing; alone they say neither."""
MORE_THAN_PLACES = re.compile(r"[?%€$£/\"]|\d[.,]\d")
"""Marks of a question, an amount or a share."""
SAYS_SOMETHING = re.compile(r"[^\W_]{2}|\d|\?")
CLAUSE = re.compile(r"[;:!()\"\n]|[.,](?!\d)|[.,](?=\s|$)")


@dataclass(frozen=True)
class ReadBack:
    """A call as it was read back, in the `text` that the customer saw; `bound` is the hash of the call."""

    call_id: str
    bound: str
    text: str


def stance_of(words: str, question: str = "") -> Stance:
    """What words say to a question. They may say again what it begins with, its deed, its amount or an id in it, and nothing
    else of it.
    """
    stance, said_again = _stance_and_rest(words)
    if not said_again or stance == "other":
        return stance
    text = folded(question)
    alone = stance == "yes" and not SEVERAL & {*WORD.findall(folded(words))}
    again = all(repeats(part, text) or (alone and (says_deed(part, text) or says_amount(part, text))) for part in said_again)
    return stance if again and (stance == "yes" or _denies(words)) else "other"


def _stance_and_rest(words: str) -> tuple[Stance, list[list[str]]]:
    """What words say if what else is in them says nothing but the question's own; and that, piece by piece."""
    text = folded(words)
    if len(text) > MOST_ANSWER or "?" in text or not _is_plain(text):
        return "other", []
    text = WANTED.sub(" ", COURTESY.sub(" ", text))
    said = WORD.findall(text)
    if not said:
        return "other", []
    clauses = [part for clause in CLAUSE.split(text) if (part := WORD.findall(clause))]
    if NO & {*said} or _has(said, REFUSED):
        phrases = {word for phrase in REFUSED if _has(said, (phrase,)) for word in phrase.split()}
        refusing = NO | POLITE | phrases
        is_mixed = bool((YES - phrases) & {*said})
        return ("other" if is_mixed else "no"), _pieces(clauses, refusing)
    if (
        NEGATIONS & {*said}
        or said[-1] in UNFINISHED
        or GREETINGS & {*said[1:]}
        or any(ASKED_FIRST.match(" ".join(part) + " ") for part in clauses)
    ):
        return "other", []
    agreeing = [_agrees(part, said) for part in clauses]
    if None in agreeing or not any(agreeing):
        return "other", []
    return "yes", _pieces(
        clauses, YES | POLITE | {word for phrase in AGREED if _has(said, (phrase,)) for word in phrase.split()}
    )


def _agrees(clause: Sequence[str], said: Sequence[str]) -> bool | None:
    """Whether a clause says yes; None where a word of it that can mean yes means something else, as in "please correct it"."""
    agrees = _has(clause, AGREED)
    for n, word in enumerate(clause):
        before, behind = clause[:n], clause[n + 1 :]
        if word not in YES or (word in UNDERSTOOD and SUBJECTS & {*before[-1:]}):
            continue
        if word in TO_BE_DONE and not SUBJECTS & {*before[-1:]}:
            begs = BEGGING & {*clause} or (BEGGING & {*said} and not (YES - TO_BE_DONE) & {*said})
            if begs or not {*behind} <= THANKS:
                return None
        if word == "si" and (said[0] != word or before or not {*behind} <= THANKS | BEGGING | DE_ACUERDO):
            return None
        if word in STATED or not (IS & {*before} or {*behind[:1]} & NOT_BEHIND or (word in OPENERS and behind == ["so"])):
            agrees = True
    return agrees


def _pieces(clauses: Sequence[Sequence[str]], known: frozenset[str]) -> list[list[str]]:
    """What each part of clauses says beside known words; nothing of a part that says no more."""
    found = []
    for clause in clauses:
        for part in _parts(clause):
            rest = [word for word in part if word not in known]
            if rest:
                found.append(rest)
    return found


def _parts(clause: Sequence[str]) -> Iterator[list[str]]:
    """A clause, divided where it says "and"."""
    part: list[str] = []
    for word in clause:
        if word in AND:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _denies(words: str) -> bool:
    """Whether a no denies the deed itself: of "no, cancel it" nobody knows."""
    said = WORD.findall(folded(words))
    return bool({"don't", "dont"} & {*said}) or _has(said, ("do not",))


def _has(said: Sequence[str], phrases: Sequence[str]) -> bool:
    text = f" {' '.join(said)} "
    return any(f" {phrase} " in text for phrase in phrases)


def asks_something(words: str) -> bool:
    """Whether an answer to a read-back asks something, and says neither no nor that it is to be otherwise."""
    *_, text = WHY_NOT.split(folded(words), maxsplit=1)
    said = WORD.findall(text)
    if not said or (NO | NEGATIONS) & {*said} or _has(said, REFUSED):
        return False
    return "?" in text or said[0] in ASKING


def behind_no(words: str) -> str:
    """What is asked behind a plain no: "no, leave it. When does it arrive?"; empty where there is no such no or question."""
    return asked_behind(words, "no")


def asked_behind(words: str, stance: Stance) -> str:
    """What is asked behind a sentence that says no more than this; empty where there is no such sentence or question."""
    first, *rest = BEHIND.split(words[: 2 * MOST_ANSWER].strip(), maxsplit=1)
    asks = bool(rest) and asks_something(AND_BUT.sub("", rest[0]))
    return rest[0].strip() if asks and stance_of(first) == stance else ""


def says_nothing(words: str) -> bool:
    """Whether an answer holds neither a word nor a number: a letter, marks, or a code in whose place others stand."""
    return not SAYS_SOMETHING.search(folded(words))


def answers_to(words: str, calls: Sequence[ReadBack]) -> Mapping[str, Stance]:
    """What words say to each of the calls that were read back together, by call id.

    A yes that names some of them, by their place in the list, or by an id or the beginning of the text that no other has, is a
    yes to these alone, and so is a choice of places without a yes.
    """
    if (places := _chosen(words, calls)) is not None:
        return {call.call_id: "yes" if n in places else "other" for n, call in enumerate(calls, start=1)}
    if len(calls) == 1:
        return {call.call_id: stance_of(words, call.text) for call in calls}
    stance, said_again = _stance_and_rest(words)
    both_of_more = len(calls) > 2 and TWO & {*WORD.findall(folded(words))}
    if stance == "other" or both_of_more or (said_again and stance == "no"):
        return {call.call_id: "other" for call in calls}
    if not said_again:
        return {call.call_id: stance for call in calls}
    named = [{call.call_id for call in calls if repeats(part, folded(call.text))} for part in said_again]
    chosen_ids = set().union(*named) if all(len(one) == 1 for one in named) else set[str]()
    return {call.call_id: "yes" if call.call_id in chosen_ids else "other" for call in calls}


def _chosen(words: str, calls: Sequence[ReadBack]) -> frozenset[int] | None:
    """The places of the list that words choose; None where they choose none, or no more than one call was read back."""
    text = folded(words)
    said = WORD.findall(text)
    refuses = NO & {*said} or _has(said, REFUSED)
    if len(calls) < 2 or len(text) > MOST_ANSWER or MORE_THAN_PLACES.search(text) or refuses or not _is_plain(text):
        return None
    agreed = (YES | POLITE) - TWO - {"of"} if YES & {*said} else frozenset[str]()  # "1 of them" is any one of them
    return chosen(said, agreed, [frozenset(WORD.findall(folded(call.text))) for call in calls])


def folded(text: str) -> str:
    """An answer as its words are read."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip()


def _is_plain(text: str) -> bool:
    """Whether all of a text is letters, digits and the marks of a sentence: what hides in it is not plain."""
    return all(c.isalnum() or c.isspace() or c in "#.,;:!'’-_()&/\"%€$£" or c in KIND for c in text)
