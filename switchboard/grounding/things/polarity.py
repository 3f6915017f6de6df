"""Whether a clause affirms what the texts of a case deny, or denies what they affirm."""

from switchboard.grounding.carried import light, telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import UNITS
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.things.denials import Told, denied_in
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, clauses, sentences, words

SAME = 0.6
"""The share of a clause's words that stand in one that says the same, or the opposite."""
MEASURES = frozenset(map(begun, UNITS))


def contradicted(evidence: Evidence, text: str) -> str | None:
    """The first clause of an English text of which all that is known says the opposite; None where there is none."""
    tongue = JUDGED["en"]
    for sentence in sentences(text):
        if "?" in sentence or sentence.endswith(":"):
            continue
        parts = clauses(sentence)
        denied = any(tongue.denials & set(words(one)) for one in parts)
        verbs = tongue.perfect | tongue.present | tongue.me | tongue.can | tongue.denials | {"you"}
        told = [one for one in parts if verbs & set(words(one))]  # a piece without a verb says nothing alone
        for clause in told if denied else dict.fromkeys((sentence, *told)):
            if _is_contradicted(evidence, clause, tongue):
                return clause
    return None


def _is_contradicted(evidence: Evidence, clause: str, tongue: Tongue) -> bool:
    spoken = words(clause)
    if tongue.conditions & set(spoken) or "only" in spoken:
        return False
    said = frozenset(one for one in telling(clause, tongue) if one.isalpha() and one not in light(tongue) | MEASURES)
    best, here = _saying(evidence, said), set(map(begun, spoken))
    if not tongue.denials & set(spoken):
        return all(one.denied for one in best) and any(one.denied in here for one in best)
    if evidence.is_about_rows and any(map(evidence.vocabulary.names_a_deed, said)):  # of an undone deed it is true
        return False
    best = [one for one in best if denied_in(spoken) in one.beginnings]  # not "do not worry", "do not forget to save it"
    return bool(best) and not any(one.denied for one in best)


def _saying(evidence: Evidence, said: frozenset[str]) -> list[Told]:
    """The clauses that hold the most of these words, if that is nearly all of them."""
    shares = [(len(said & one.beginnings), one) for one in evidence.clauses]
    most = max((share for share, _ in shares), default=0)
    return [one for share, one in shares if share == most] if len(said) > 1 and most >= SAME * len(said) else []
