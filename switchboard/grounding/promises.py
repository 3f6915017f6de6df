"""What a text promises: deeds to come, what is always so, never, for sure or for nothing. Each needs a text that says it."""

import re
from collections.abc import Iterable

from switchboard.declare.transcript import as_json
from switchboard.grounding.carried import NAMES_OF_DAYS, is_from_a_passage, is_made_up, light, telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, clauses, plain, sentences, words

MOSTLY = 0.6
"""The share of a promise's other words that the text has which carries it."""
AT_LEAST_HALF = 0.5
MOST_BEHIND = 3
"""Telling words behind an "only" that say of whom alone something is so."""
NARROWING = frozenset(("if", "when", "while", "once", "unless"))
NO_WIDENING = re.compile(r"(?i)\b(?:(?:at|after|first of) all|all (?:set|done|you)|both .{1,40} and)\b")


def promised(evidence: Evidence, sentence: str, language: str) -> str | None:
    """The first promise of a sentence that nothing carries; None where there is none."""
    tongue = JUDGED[language]
    if "?" in sentence:
        return None
    for clause in clauses(sentence.replace(" as soon as ", " when ")):
        said = words(clause)
        by_who_has_it = any(e.ends for e in evidence.results) and not tongue.me & set(said)
        theirs = by_who_has_it and not any(map(evidence.vocabulary.names_a_deed, map(begun, said)))
        if _is_to_come(said, tongue) and not theirs and not _is_carried(evidence, clause, sentence, tongue):
            return f"{clause[:120]!r}, which nobody is about to do"
        known = set(words(plain("\n".join([*evidence.passages, evidence.ruled]))))
        told = tongue.days & set(said) <= known and _is_carried(evidence, clause, sentence, tongue)
        if _is_on_a_day(evidence, clause, tongue) and not told:
            return f"{clause[:120]!r}, of which nothing tells the day"
        if _holds(said, tongue.must) and "you" in said and not _is_carried(evidence, clause, sentence, tongue):
            return f"{clause[:120]!r}, which no article asks for"
        reason = next((place for place, word in enumerate(said) if word in tongue.causes), None)
        if reason is not None and evidence.is_about_rows and not _is_a_reason(evidence, " ".join(said[reason + 1 :]), tongue):
            return f"{clause[:120]!r}, of which no result gives the reason"
        own = tongue.yours & set(said) and not (tongue.hedges | tongue.conditions) & set(words(sentence))
        if reason is not None and own and not evidence.is_about_rows and said[reason] == "because":
            return f"{clause[:120]!r}, and no article knows the reason in this case"
        secret = any(one in clause.lower() for one in tongue.secrets)
        wide = None if evidence.is_about_rows else _is_widened(evidence, clause, tongue)
        if wide:
            return f"{clause[:120]!r} ({wide}), which no article says"
        for sure in tongue.absolutes if said[:1] != ("never",) or not secret else ():  # "Never send us your password" asks
            if _holds(said, sure) and not _says_so(evidence, clause, sure, language):
                return f"{clause[:120]!r}, which no article says"
    return None


def _is_to_come(said: tuple[str, ...], tongue: Tongue) -> bool:
    return (
        bool(tongue.to_come & set(said))
        and not (tongue.can | tongue.denials) & set(said)
        and not (tongue.modest & set(said) and tongue.me & set(said))
    )


def _is_widened(evidence: Evidence, clause: str, tongue: Tongue) -> str | None:
    """A word by which a clause says it of more, or of these alone, where no article that has most of its words does."""
    everyone, every, only = tongue.widening
    every = every - {"both", "each"} if evidence.listed else every  # which of a list they are, the list's own facts tell
    said = words(NO_WIDENING.sub(" ", clause))
    for place, word in enumerate(said):
        if word not in everyone | every | only or (word not in only and tongue.denials & set(said)):
            continue
        behind = telling(" ".join(said[place + 1 :]), tongue)[: 1 if word in every else MOST_BEHIND]
        enough = 1.0 if word in every else MOSTLY if word in only else AT_LEAST_HALF
        what = (
            behind
            if word in every or (word in only and behind)
            else [one for one in telling(clause, tongue) if one not in light(tongue)]
        )
        kind = (
            everyone if word in everyone else everyone | every | {"per"} if word in every else only | tongue.denials | NARROWING
        )
        texts = [one for text in evidence.told_to_all for one in ([text] if word in only else sentences(plain(text)))]
        held = [words(plain(text)) for text in texts]
        rest = [one for one in telling(clause, tongue) if word in every and one not in light(tongue)]
        shares = (
            (_share(what, held), _share(rest, held)) for one in held if kind & set(one) for held in [frozenset(map(begun, one))]
        )
        if what and not any(share >= enough and of_all >= AT_LEAST_HALF for share, of_all in shares):
            return word
    return None


def _is_on_a_day(evidence: Evidence, clause: str, tongue: Tongue) -> bool:
    """Whether something happens on a day that only the clock names; what a field promised may be of that day."""
    said = [word for word in telling(clause, tongue) if word.isalpha() and word not in map(begun, tongue.days)]
    return bool(tongue.days & set(words(clause))) and bool(said) and not evidence.names_of_days & set(said)


def _is_carried(evidence: Evidence, clause: str, sentence: str, tongue: Tongue) -> bool:
    """Whether an article or the rules say it, or a call of this case that changed something."""
    if is_from_a_passage(evidence, sentence) or is_from_a_passage(evidence, clause):
        return True
    if not evidence.is_about_rows:
        return not is_made_up(evidence, clause, tongue)
    said = [word for word in telling(clause, tongue) if word.isalpha()]
    deeds = {word for word in said if evidence.vocabulary.names_a_deed(word)}
    ruled = [frozenset(map(begun, words(one))) for one in sentences(plain(evidence.ruled))]
    unsure = {begun(word) for word in tongue.hedges | tongue.conditions | tongue.usual} - set(map(begun, words(clause)))
    spoken = words(clause)
    shall = next((place for place, word in enumerate(spoken) if word in tongue.to_come), len(spoken))
    deeds |= set(
        [one for one in telling(" ".join(spoken[shall:]), tongue) if one not in light(tongue)][:1]
    )  # what will be done
    ruled = [one for one in ruled if deeds <= one and not unsure & one]
    if any(_share(said, one) >= MOSTLY for one in ruled):
        return True
    done = " ".join(f"{e.tool} {as_json(e.arguments)} {as_json(e.result)}" for e in evidence.changed)
    told = frozenset(map(begun, words(plain(re.sub(r"[_\s]+", " ", done)))))
    return bool(done) and _share(said, told) >= AT_LEAST_HALF and not tongue.days & set(words(clause))


def _is_a_reason(evidence: Evidence, text: str, tongue: Tongue) -> bool:
    said = [word for word in telling(text, tongue) if word.isalpha() and word not in NAMES_OF_DAYS]
    return _share(said, (evidence.told_words | evidence.customer_words) - evidence.names_of_fields) > AT_LEAST_HALF


def _share(said: list[str], held: Iterable[str]) -> float:
    return sum(word in held for word in said) / len(said) if said else 1.0


def _holds(said: tuple[str, ...], sure: frozenset[str]) -> bool:
    """Whether a text has one of these words; "no+cost" are two in a row."""
    spoken = f" {' '.join(said)} ".replace(" feel free ", " ")
    return any(f" {one.replace('+', ' ')} " in spoken for one in sure)


def _says_so(evidence: Evidence, clause: str, sure: frozenset[str], language: str) -> bool:
    """Whether one sentence for everybody, or of the rules, says that of the same; in other languages, of anything."""
    parts = {part for one in sure for part in map(begun, one.split("+"))}
    said = [word for word in telling(clause, JUDGED[language]) if word not in parts]
    english = next(one for one in JUDGED["en"].absolutes if one & sure)
    for text in (*evidence.told_to_all, evidence.ruled, *(as_json(e.result) for e in evidence.results)):
        for sentence in sentences(plain(text)):
            held = words(sentence)
            here = next((set(map(begun, words(one))) for one in clauses(sentence) if _holds(words(one), english)), set(said))
            if (set(said) & set(map(begun, held))) - here and not evidence.is_about_rows and language == "en":
                continue
            if _holds(held, english) and (language != "en" or _share(said, frozenset(map(begun, held))) >= AT_LEAST_HALF):
                return True
    return False
