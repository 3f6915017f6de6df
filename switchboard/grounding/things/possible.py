"""Whether it is so that something can be done with a thing, or cannot: by its state, and by the states that the rules name."""

from collections.abc import Iterable

from switchboard.declare.vocabulary import Deed
from switchboard.grounding.asking import QUOTED
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.things.records import Thing
from switchboard.grounding.wording import begun, plain, sentences, words


def possible_or_not(evidence: Evidence, said: Iterable[str], things: Iterable[Thing], language: str) -> str | None:
    """What a clause says wrongly of what can be done; None where that is so, or nobody can tell."""
    tongue, spoken = JUDGED[language], set(said)
    if not spoken & tongue.can or tongue.conditions & spoken:
        return None
    denies = bool(tongue.denials & spoken)
    for deed in _deeds(evidence, spoken):
        allowed = [_is_allowed(evidence, deed, thing) for thing in things]
        if not denies and allowed and all(one is False for one in allowed):
            return f"{deed.part}, which its state does not allow"
        if denies and allowed and not any(one is False for one in allowed) and not _is_refused(evidence, deed):
            return f"not {deed.part}, which nothing rules out"
    return None


def possible_while(evidence: Evidence, clause: str, language: str) -> str | None:
    """A state in which a clause says that something can be done, or cannot, where the articles say otherwise of that state."""
    tongue, said = JUDGED[language], words(clause)
    states = [word for word in said if word in _states(evidence)]
    if evidence.is_about_rows or len(states) != 1 or not tongue.can & set(said):
        return None
    denies = bool(tongue.denials & set(said))
    for deed in _deeds(evidence, set(said) - {*states}):
        allowed = _allowed_in(evidence, deed, {*states})
        if allowed is not None and allowed == denies:
            return f"{deed.part} when {states[0]}"
    return None


def _states(evidence: Evidence) -> set[str]:
    return {word for group in evidence.vocabulary.alternatives[:1] for word in group}


def _names(deed: Deed, word: str) -> bool:
    return any(
        word.startswith(form) or (len(word) > 4 and begun(word) == begun(form)) for form in deed.words if "+" not in form
    )


def _deeds(evidence: Evidence, spoken: set[str]) -> list[Deed]:
    return [deed for deed in evidence.vocabulary.deeds if any(_names(deed, word) for word in spoken)]


def _is_allowed(evidence: Evidence, deed: Deed, thing: Thing) -> bool | None:
    """Whether the rules name the state of a thing for a deed (True) or only others (False); None where they name none. What is
    closed by a row is so whatever the state.
    """
    if deed.closed_by and words(deed.closed_by.replace("_", " "))[0] in thing.top().fields:
        return False
    its = {word for kind, word in thing.top().fields.get("status", ()) if kind == "word"} & _states(evidence)
    return _allowed_in(evidence, deed, its) if "status" in thing.top().fields else None


def _allowed_in(evidence: Evidence, deed: Deed, its: set[str]) -> bool | None:
    """Whether the rules name one of these states for a deed (True) or only others (False); None where they name none."""
    found, states = list[bool](), _states(evidence)
    for text in (*evidence.told_to_all, evidence.ruled):
        for sentence in sentences(plain(text)):
            said = set(words(QUOTED.sub(" ", sentence)))
            named = {state for state in states & said if not _names(deed, state)}
            if named and any(_names(deed, word) for word in said):
                found.append(bool(named & its) != bool(JUDGED["en"].denials & said))
    return any(found) if found else None


def _is_refused(evidence: Evidence, deed: Deed) -> bool:
    """Whether a passage, the rules or a refusal deny that it can be done, or a call of it was refused."""
    refused = any(e.kind == "result" and e.status != "done" and deed.part in e.tool for e in evidence.transcript)
    forms = {begun(form) for form in deed.words if "+" not in form}
    return refused or any(forms & held for held in evidence.denials)
