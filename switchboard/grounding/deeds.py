"""Whether a text says that something was done which no call did. Clause by clause, by closed lists of small words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from switchboard.declare.transcript import as_json
from switchboard.declare.vocabulary import Deed
from switchboard.grounding.amounts.paid import another_amount, denies_what_is, is_money_back
from switchboard.grounding.carried import WORD_FOR_WORD, is_from_a_passage, light, telling
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import days_in, measures
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.spoken import Clause, clauses_of, named
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, words

WHOLE = frozenset(("everything", "all", "alles", "tout", "todo"))
SHORT = 4
"""A clause of so few words need have no verb."""
OBJECTS = frozenset(("it", "this", "that", "them", "our", "us", "you"))
NEAR = 5
"""So many words before a participle its auxiliary stands, at most; in German anywhere in the clause."""


WAY = re.compile(r" (?:by|via|(?:to|on|onto|into|from) your) (\w{1,30})(?= )")
FAILED = re.compile(r" (\w{1,30}(?: \w{1,30})?) (?:could|did|was|were) not (?:able to )?(\w{1,30}) ")


class Claim(NamedTuple):
    """A deed (None for a participle of any other verb) that a clause says was done, with the word that says so."""

    deed: Deed | None
    word: str
    by_us: bool
    clause: Clause


def not_done(evidence: Evidence, text: str, language: str) -> str | None:
    """The first thing that a text says was done, or is about to be, and that no call and no result shows; else None."""
    tongue = JUDGED[language]
    for clause in clauses_of(text, tongue):
        for claim in claims(evidence, clause, tongue, language):
            if not _is_carried(evidence, claim, tongue, language):
                return f"{claim.clause.text[:120]!r} ({claim.word})"
        amount = another_amount(evidence, clause, tongue)
        if amount:
            return amount
        if language == "en" and denies_what_is(evidence, clause, tongue):
            return f"{clause.text[:120]!r}, and the rows have it"
        if language == "en" and _is_an_event(evidence, clause, tongue):
            return f"{clause.text[:120]!r}, and no result tells of it"
        if _is_put_off(evidence, clause, tongue):
            return f"{clause.text[:120]!r}, and nothing more is done after an answer"
    return None


def _is_an_event(evidence: Evidence, clause: Clause, tongue: Tongue) -> bool:
    """Whether a clause tells of something that failed, or is so already, in words that no row of this case has."""
    said, spoken = clause.words, f" {' '.join(clause.words)} "
    if _is_renewed(evidence, clause, tongue):
        return True
    if not evidence.is_about_rows or "?" in clause.sentence or clause.conditional or tongue.conditions & set(said):
        return False
    failed = FAILED.search(spoken)
    told = telling(clause.text, tongue) if "already" in said else []
    if failed and set(failed[1].split()) & (tongue.me | {"you"}):
        return False
    if "already" in said and any(unit == "day" for e in evidence.changed for _, unit in measures(as_json(e.result))):
        return any(deed.pays for _, deed in named(evidence, said)) or "back" in said
    known = evidence.told_words | evidence.customer_words | light(tongue) | {begun(one) for one in tongue.by_now}
    tried = any(e.kind == "result" and e.status != "done" for e in evidence.transcript)
    happened = (
        [begun(failed[2])]
        if failed and not tried and begun(failed[2]) not in evidence.told_words | evidence.customer_words
        else []
    )
    ways = [begun(m[1]) for m in WAY.finditer(spoken) if begun(m[1]) not in known]
    new = [*happened, *ways, *(word for word in told if word not in known)]
    return any(word.isalpha() and not evidence.vocabulary.speaks_of(word) for word in new)


def _is_renewed(evidence: Evidence, clause: Clause, tongue: Tongue) -> bool:
    """Whether something of the customer's is said to be another by now, in words that no row has, where nothing changed."""
    said = set(clause.words)
    if evidence.changed or not {"new", "now"} <= said or not tongue.yours & said or (tongue.hedges | tongue.conditions) & said:
        return False
    known = evidence.row_words | evidence.customer_words | light(tongue) | {"new", *map(begun, tongue.by_now)}
    return any(word.isalpha() and word not in known for word in telling(clause.text, tongue))


def _is_put_off(evidence: Evidence, clause: Clause, tongue: Tongue) -> bool:
    """Whether somebody is to wait for what nobody does: "one moment", "I will look into it", "our team will call you"."""
    if "?" in clause.sentence or clause.conditional or tongue.conditions & set(clause.words):
        return False
    if any(e.ends for e in evidence.results) and not tongue.me & set(clause.words):
        return False  # the colleague who has the case now does
    spoken = f" {' '.join(clause.words)} "
    known = f" {' '.join(words(' '.join([evidence.ruled, *evidence.passages])))} "
    if any(f" {phrase} " in spoken and f" {phrase} " not in known for phrase in tongue.soon):
        return True
    for place, word in enumerate(clause.words[:-1] if not tongue.to_come else ()):  # else these are promises
        who = next((one for one in clause.words[max(0, place - 2) : place] if one in tongue.ours), None)
        if who and word in tongue.shall and not set(clause.words[place + 1 : place + 3]) & tongue.polite:
            return f" {word} {clause.words[place + 1]} " not in known
    return False


def claims(evidence: Evidence, clause: Clause, tongue: Tongue, language: str) -> Iterator[Claim]:
    """What a clause says was done."""
    found = list(named(evidence, clause.words))
    deeds = dict(found)
    told = [place for place in range(len(clause.words)) if _is_participle(clause, place, tongue)]
    done = [place for place in told if _is_done(clause, place, tongue, language)]
    for place in done:
        if not _is_only_possible(clause, place, tongue, by_us=_by_us(clause, place, tongue)):
            by_us = _by_us(clause, place, tongue)
            if not found or clause.words[place] not in tongue.light:  # of "I put in the order" the order tells
                yield Claim(deeds.get(place), clause.words[place], by_us, clause)
            others = [] if tongue.only_looks(clause.words[place]) else found  # what was looked at was not done
            yield from (Claim(deed, clause.words[p], by_us, clause) for p, deed in others if p != place and not _to(clause, p))
    says_so = evidence.is_about_rows or bool((tongue.perfect | tongue.present | tongue.me) & set(clause.words))
    for place, deed in found if says_so else ():
        us = _by_us(clause, place, tongue)
        offered = us and "?" in clause.sentence  # it says what it would do, and asks for leave
        ours = (
            us
            or _is_yours(clause, place, tongue)
            or bool(tongue.moving & set(clause.words))
            or (deed.pays and evidence.is_about_rows and _paired(clause, deed))
        )
        only = offered or _to(clause, place) or _is_only_possible(clause, place, tongue, by_us=us)
        if ours and place not in done and not only:
            yield Claim(deed, clause.words[place], us and place in told, clause)


def _paired(clause: Clause, deed: Deed) -> bool:
    """Whether two words that only together name a deed stand in a clause."""
    pairs = [form.split("+") for form in deed.words if "+" in form]
    return any(all(any(word.startswith(part) for word in clause.words) for part in pair) for pair in pairs)


def _is_participle(clause: Clause, place: int, tongue: Tongue) -> bool:
    """Whether a word is a participle; one that looks like it behind an article is a noun."""
    before = clause.words[place - 1] if place else ""
    return tongue.is_participle(clause.accented[place]) and before not in tongue.before_nouns


def _is_done(clause: Clause, place: int, tongue: Tongue, language: str) -> bool:
    """Whether a participle has an auxiliary of what was done or is, or, in English, somebody who did it."""
    near = clause.words if language == "de" else clause.words[max(0, place - NEAR) : place]
    done = bool((tongue.perfect | tongue.present) & set(near)) or _is_alone(clause, place, tongue, language)
    return (
        done
        or (language in ("en", "es") and bool(tongue.me & set(near)))
        or (language == "es" and clause.accented[place].endswith(("é", "amos", "imos")))
    )


def _is_alone(clause: Clause, place: int, tongue: Tongue, language: str) -> bool:
    """Whether a participle says it without an auxiliary: "Cancelled.", or, in English, "A colleague lost it"."""
    verbs = tongue.perfect | tongue.present | tongue.me | tongue.shall
    if not verbs & set(clause.words) and (len(clause.words) <= SHORT or place == len(clause.words) - 1):
        return language == "en"
    following, before = set(clause.words[place + 1 : place + 2]), clause.words[place - 1] if place else "be"
    return language == "en" and before != "be" and bool(following & (tongue.yours | tongue.before_nouns | OBJECTS))


def _by_us(clause: Clause, place: int, tongue: Tongue) -> bool:
    return bool(tongue.me & set(clause.words[:place])) or clause.accented[place].endswith(("amos", "imos"))


def _is_yours(clause: Clause, place: int, tongue: Tongue) -> bool:
    return bool(tongue.yours & set(clause.words[max(0, place - 3) : place]))


def _to(clause: Clause, place: int) -> bool:
    """Whether a word is an infinitive: what can be done, and not what was."""
    return place > 0 and clause.words[place - 1] == "to"


def _is_only_possible(clause: Clause, place: int, tongue: Tongue, *, by_us: bool) -> bool:
    """Whether it is denied, only possible, or hangs on a condition, which what "we" did does not."""
    if tongue.hedges & set(clause.words) - {"to"}:
        return True
    if by_us:
        return bool(tongue.conditions & set(clause.words[max(0, place - NEAR) : place]))
    return clause.conditional or bool(tongue.conditions & set(clause.words))


def _is_carried(evidence: Evidence, claim: Claim, tongue: Tongue, language: str) -> bool:
    if claim.deed is not None:
        days = set(days_in(claim.clause.text))
        tried = any(e.kind == "result" and claim.deed.part in e.tool for e in evidence.transcript)
        if tried and claim.by_us and {"asked", "requested", "tried"} & set(claim.clause.words):
            return True  # whatever came of it
        ours = claim.by_us and not (days and days <= set(days_in(evidence.rows)))  # what has its day was done before
        if ours and claim.deed.pays and "we" in claim.clause.words and is_money_back(evidence, claim.clause):
            return True
        return claim.deed in (evidence.done if ours else evidence.shown) or _is_a_rule(evidence, claim, tongue)
    word = claim.word
    over = any(word in one.split("+") and set(one.split("+")) <= set(claim.clause.words) for one in tongue.over)
    if over and WHOLE & set(claim.clause.words):  # whatever single thing a row says to be over
        return bool(evidence.changed)
    if (tongue.only_looks(word) and "being" not in claim.clause.words) or (over and evidence.changed):
        return True
    said = set(claim.clause.words)
    states = {
        row
        for row, forms in evidence.vocabulary.states
        for one, _, other in (form.partition("+") for form in forms.split())
        if word.startswith(one) and (not other or other in said)
    }
    stands = any(begun(form) in evidence.row_words for form in (_forms(word) if evidence.is_about_rows else {word}))
    if stands or any(begun(state) in evidence.row_words for state in states):
        return not claim.by_us or bool(evidence.changed) or is_money_back(evidence, claim.clause)
    if claim.by_us and is_money_back(evidence, claim.clause):
        return True
    return _is_a_rule(evidence, claim, tongue)


def _forms(word: str) -> set[str]:
    """An English participle, and its verb: "scanned" is of "scan", "used" of "use"."""
    bare = word.removesuffix("ed")
    return {word} if bare == word else {word, bare, f"{bare}e", bare[:-1] if bare[-2:-1] == bare[-1:] else bare}


def _is_a_rule(evidence: Evidence, claim: Claim, tongue: Tongue) -> bool:
    """Whether a clause tells what a passage or the policy says of every case: nobody did it, and it is not "yours"."""
    own, by_us = tongue.perfect | tongue.me | tongue.yours, claim.by_us
    if claim.word == begun(claim.word) or not tongue.is_participle(claim.word):  # "when we send it" tells of every case
        own, by_us = own - tongue.me, False
        if is_from_a_passage(evidence, claim.clause.sentence, begun(claim.word), share=WORD_FOR_WORD):
            return True
    if by_us or own & set(claim.clause.words) or evidence.vocabulary.id_pattern.search(claim.clause.text):
        return False
    if claim.deed is None and not evidence.is_about_rows and tongue.present & set(claim.clause.words):
        return True  # "it is used first"
    if evidence.listed and not evidence.is_about_rows:  # what a list for all tells, such as that something is sold out
        return True
    return any(is_from_a_passage(evidence, claim.clause.sentence, begun(form)) for form in _forms(claim.word))
