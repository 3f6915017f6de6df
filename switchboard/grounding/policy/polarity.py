"""Whether a clause affirms what the texts of a case deny, or denies what they affirm."""

from switchboard.grounding.carried import light, says, telling, verdict
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import UNITS
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.policy.denials import Told, denied_in
from switchboard.grounding.tongues.tongue import Tongue, listed
from switchboard.grounding.wording import begun, clauses, sentences, words

SAME, NEARLY_ALL, FEW = 0.6, 0.7, 2
"""The share of a clause's words that stand in one that says the same, or the opposite; and in one that forbids it, too."""
AGAINST = listed("harm harms damage damages avoid against except excluded excludes unfortunately instead without unable afraid")
"""Words that deny without a denial."""
URGED = frozenset(map(begun, ("forget", "hesitate", "worry")))
"""What is not to be done so that something is: "do not forget to save it"."""
MEASURES = frozenset(map(begun, UNITS))


def contradicted(evidence: Evidence, text: str) -> str | None:
    """The first clause of an English text of which all that is known says the opposite; None where there is none."""
    tongue, first = JUDGED["en"], sentences(text)[0]
    if not _against(evidence) & set(words(first)) and (says(first), verdict(evidence)) == (True, False):
        return first
    if first[:3].lower() in ("no,", "no.") and verdict(evidence):
        return first
    for sentence in sentences(text):
        if "?" in sentence or sentence.endswith(":"):
            continue
        parts = clauses(sentence)
        denied = any(tongue.denials & set(words(one)) for one in parts)
        verbs = tongue.perfect | tongue.present | tongue.me | tongue.can | tongue.denials | {"you"}
        told = [one for one in parts if verbs & set(words(one))]  # a piece without a verb says nothing alone
        for clause in told if denied else dict.fromkeys((sentence, *told)):
            if _warns_of_a_secret(clause, tongue):
                continue
            if _is_forbidden_by_nobody(evidence, clause, tongue):
                return clause
            if _is_contradicted(evidence, clause, tongue) or _is_of_what_is_denied(evidence, sentence, clause, tongue):
                return clause
    return None


def _against(evidence: Evidence) -> frozenset[str]:
    """Words that deny, and that are not what the customer asks about, such as damage."""
    return AGAINST - evidence.asked_words


def _is_forbidden_by_nobody(evidence: Evidence, clause: str, tongue: Tongue) -> bool:
    """Whether a clause tells the customer never to do something, where no text forbids the most of it."""
    spoken = words(clause)
    behind = spoken[1:] if spoken[:1] == ("never",) else spoken[2:] if spoken[:2] == ("do", "not") else ()
    told = [one for one in telling(" ".join(behind), tongue) if one not in light(tongue)]
    said = frozenset(told)
    if len(said) <= 1 or told[0] in URGED or evidence.is_about_rows:
        return False  # "do not worry"
    forbidden = [one for one in evidence.clauses if one.denied and told[0] in one.own]
    return not any(len(said & one.beginnings) >= NEARLY_ALL * len(said) for one in forbidden)


def _warns_of_a_secret(clause: str, tongue: Tongue) -> bool:
    """Whether the customer is told to give a secret to nobody, which is so whatever the articles say of it."""
    spoken = words(clause)
    told_not_to = spoken[:1] == ("never",) or spoken[:2] == ("do", "not")
    return told_not_to and bool(tongue.give & set(spoken)) and any(one in " ".join(spoken) for one in tongue.secrets)


def _is_contradicted(evidence: Evidence, clause: str, tongue: Tongue) -> bool:
    spoken = words(clause.replace(" as well", ""))
    if (tongue.conditions | _against(evidence)) & set(spoken) or "only" in spoken:
        return False
    said = frozenset(one for one in telling(clause, tongue) if one.isalpha() and one not in light(tongue) | MEASURES)
    best, here = _saying(evidence, said), set(map(begun, spoken))
    if not tongue.denials & set(spoken):
        return all(one.denied for one in best) and any(one.denied in here for one in best)
    if evidence.is_about_rows and any(map(evidence.vocabulary.names_a_deed, said)):  # of an undone deed it is true
        return False
    topics = [one for one in evidence.clauses for word in said & evidence.customer_words if word in one.own]
    if len(said) <= FEW and topics and not evidence.is_about_rows and not any(one.denied for one in topics):
        return True
    best = [one for one in best if denied_in(spoken) in one.beginnings]  # not "do not worry", "do not forget to save it"
    return bool(best) and not any(one.denied for one in best)


def _is_of_what_is_denied(evidence: Evidence, sentence: str, clause: str, tongue: Tongue) -> bool:
    """Whether a clause affirms something of what articles speak of only to deny it, such as a microphone that is not there."""
    against = tongue.denials | tongue.hedges - {"can", "could", "only"} | _against(evidence)
    if evidence.is_about_rows or against & set(words(sentence.replace(" as well", ""))):
        return False
    spoken = words(clause)
    upto = next((place for place, one in enumerate(spoken) if one in tongue.conditions), len(spoken))
    for word in telling(" ".join(spoken[:upto]), tongue):
        of_it = [one for one in evidence.clauses if word in one.own]
        if word not in light(tongue) and word in evidence.customer_words and of_it and all(one.denied for one in of_it):
            return any(one.whole <= {*map(begun, spoken)} for one in of_it)
    return False


def _saying(evidence: Evidence, said: frozenset[str]) -> list[Told]:
    """The clauses that hold the most of these words, if that is nearly all of them."""
    shares = [(len(said & one.beginnings), one) for one in evidence.clauses]
    most = max((share for share, _ in shares), default=0)
    return [one for share, one in shares if share == most] if len(said) > 1 and most >= SAME * len(said) else []
