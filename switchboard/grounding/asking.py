"""What an answer asks of the customer, whether it may, and whether it tells how much where the customer asks that."""

import re

from switchboard.grounding.carried import telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import COUNTS
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import COURTESY, begun, clauses, folded, plain, sentences, words
from switchboard.reading.languages import languages

QUOTED = re.compile(r"[“\"„«][^”\"“»\n]{0,80}[”\"“»]")
SINCE = ("did", "do", "have", "can")
"""So begins a question on what became of a secret, such as "Did you forget your password?", and none for it."""
TO_DO = frozenset(("enter", "type", "submit"))
"""What an instruction also says: "Please enter the code at checkout."."""
ONCE = frozenset(("one", "once"))
ASKED_LAST = 2
"""A question that the matter waits for stands in one of the last so many sentences."""


def asks_customer(text: str) -> bool:
    """Whether a text ends with a question that the matter depends on, not with a courtesy."""
    spoken = sentences(QUOTED.sub(" ", plain(text)))[-ASKED_LAST:]
    return any("?" in sentence and not COURTESY.search(folded(sentence)) for sentence in spoken)


def requests(text: str, language: str) -> bool:
    """The same, or a request: "Please send me the address." asks without a mark."""
    tongue = JUDGED.get(language)
    if asks_customer(text) or tongue is None:
        return asks_customer(text)
    last = [set(words(sentence)) for sentence in sentences(plain(text))[-ASKED_LAST:]]
    return any(said & tongue.please and (said & tongue.give - TO_DO or language != "en") for said in last)


def tells_beside(text: str, language: str, known: str) -> str:
    """The first clause of a question that tells something: a word or a number that is not in what is `known` and that no
    question needs, or that does not begin as a question does; "" where it only asks.
    """
    tongue, ours = JUDGED.get(language, JUDGED["en"]), languages().get(language, languages()["en"])
    begins = re.compile(rf"[¿ ]{{0,3}}(?:{ours.requests}|{ours.questions})(?!\w)")
    heard = {begun(word) for word in words(plain(known))} | {
        begun(word) for word in tongue.give | tongue.please | tongue.can | tongue.perfect
    }
    for sentence in sentences(plain(text)):
        has_asked = False
        for clause in clauses(sentence):
            asks = begins.match(folded(clause))
            behind = folded(clause)[asks.end() if asks else 0 :]
            said = [word for word in words(behind) if word in COUNTS or word[0].isdigit() or word in tongue.denials]
            said += telling(behind, tongue)
            has_asked = has_asked or asks is not None
            if any(begun(word) not in heard for word in said) or (said and not asks and (len(said) > 1 or not has_asked)):
                return clause
    return ""


def asks_for_a_secret(evidence: Evidence, text: str, tongue: Tongue) -> str | None:
    """The secret that a text asks for: a password, a code, the number of a card; None where it asks for none."""
    for sentence in sentences(QUOTED.sub(" ", text)):  # a button may be called "Forgot password?"
        said = words(sentence)
        spoken = " ".join(said)
        secret = next((one for one in tongue.secrets if re.search(rf"\b{one}", spoken)), None)
        wanted = tongue.give & set(said) or ("?" in sentence and not (said[0] in SINCE and said[1:2] == ("you",)))
        if secret and _is_told_to(evidence, secret, tongue.give & set(said)):
            continue
        if secret and wanted and not {"not", "never", "nie", "nicht", "jamais", "nunca", "no"} & set(said):
            return secret
    return None


def _is_told_to(evidence: Evidence, secret: str, verbs: frozenset[str]) -> bool:
    """Whether a passage tells the customer to do just that with it, such as to enter it in the app, and does not warn of it."""
    for sentence in (one for passage in evidence.passages for one in sentences(plain(passage))):
        held = words(sentence)
        if secret in " ".join(held) and verbs <= set(held) and not JUDGED["en"].denials & set(held):
            return True
    return False


def is_open(evidence: Evidence, text: str, language: str) -> bool:
    """Whether a question is on what the rules would ask, as far as words can tell: by a word that tells."""
    if language != "en":
        return True
    asked = sentences(text)[-ASKED_LAST:]
    said = set(telling(" ".join(asked), JUDGED["en"]))
    theirs = set(map(begun, words(evidence.ruled)))
    return bool(said & theirs)


def leaves_out(evidence: Evidence, text: str, tongue: Tongue) -> str | None:
    """What an answer has not that was asked for last, in words for who wrote it; None where it lacks nothing of that kind."""
    asked = [one for one in sentences(plain(evidence.said_last)) if "?" in one or one.startswith("how ")]
    number = any(asks_how_much(one, tongue) for one in asked)
    return "no number, and the customer asks for one" if number and not _tells_how_much(text, tongue) else None


def asks_how_much(sentence: str, tongue: Tongue) -> bool:
    said = f" {' '.join(words(sentence))} "
    return any(f" {one} " in said for one in tongue.how_much)


def _tells_how_much(text: str, tongue: Tongue) -> bool:
    said = frozenset(words(text))
    free = frozenset().union(*tongue.absolutes[:1])
    return any(c.isdigit() for c in text) or bool(said & (COUNTS.keys() | free | tongue.denials | tongue.days | ONCE))
