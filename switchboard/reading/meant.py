"""Whether words ask for a deed, in each of the languages that may be meant; the most careful reading of them counts.

English is read by `stance.py`, at the word that names the deed. The others are read clause by clause: what denies, reports,
imagines or asks about it anywhere in the clause is no request. What reads as neither is "open": the customer is asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from switchboard.reading.languages import SPOKEN, language_told
from switchboard.reading.stance import LOOKED_AT, Verdict, clauses_of, verdicts, without_forged
from switchboard.reading.tongues import MONTH, Tongue, folded_form, letters, tongue_of, with_verbs

SENTENCE = re.compile(r"[^.!?;\n]*(?:[.!?;\n]+|$)")
POINT = re.compile(rf"(?<=\d)\.(?=\d|\s?{MONTH})")
"""The point of a number or of a date, which ends no sentence."""
MOST_LINES, MOST_BEHIND = 40, 3
CAREFUL: tuple[Verdict, ...] = ("denied", "settled", "open", "asked")


@dataclass(frozen=True)
class Clause:
    """In folded letters, and with the verbs that its parts make; `behind` are the clauses before it in its sentence."""

    text: str
    whole: str
    behind: str
    asked: bool


def languages_of(text: str, language: str, ours: str) -> list[str]:
    """Those in which a text may be meant: the customer's, the team's, and those that its lines tell."""
    lines = dict.fromkeys(text[:LOOKED_AT].splitlines()[:MOST_LINES])
    told = (language_told(line, ours) for line in lines)
    return list(dict.fromkeys([ours, language, *(one for one in told if one in SPOKEN)]))


def meant(text: str, deed: re.Pattern[str], languages: Iterable[str]) -> Verdict | None:
    """What a text wants of a deed: the newest clause that asks for it or denies it, else the newest that names it; None where
    none does. Of several readings the most careful.
    """
    found = [one for language in languages if (one := _newest(verdicts_in(text, deed, language)))]
    return min(found, key=CAREFUL.index, default=None)


def _newest(judged: list[Verdict]) -> Verdict | None:
    answers = [one for one in judged if one in ("asked", "denied")]
    return answers[-1] if answers else judged[-1] if judged else None


def verdicts_in(text: str, deed: re.Pattern[str], language: str) -> list[Verdict]:
    """The verdict of each clause that names the deed, as that language means it."""
    one = tongue_of(language)
    if one is None:
        return verdicts(list(clauses_of(without_forged(text))), deed)
    said: list[Verdict] = []
    form = folded_form(deed.pattern, language)
    for sentence in SENTENCE.findall(POINT.sub(" ", letters(without_forged(text), language))):
        clauses = list(_clauses(sentence, one, language))
        if not any(form.search(clause.whole) for clause in clauses) and form.search(with_verbs(sentence, language)):
            clauses = [Clause(sentence, with_verbs(sentence, language), "", "?" in sentence)]  # its parts stand far apart
        for clause in clauses:
            if said and one.taken_back.search(clause.text):
                said = ["denied"]
            elif found := form.search(clause.whole):
                said.append(_judged(clause, found[0], form, one))
            elif said and said[-1] == "asked" and _is_given(clause.text, one):
                said[-1] = "open"
    return said


def _clauses(sentence: str, one: Tongue, language: str) -> Iterator[Clause]:
    """The clauses of a sentence. One of particles alone, such as "bitte nicht" or "ab", belongs to the first."""
    texts: list[str] = []
    for part in re.split(rf",(?=\s|$)|\s[-–—]\s|\s(?={one.cut.pattern})", sentence):
        text = " ".join(part.split())
        rest = one.fragment.sub(" ", one.negation.sub(" ", text))
        if texts and text and not any(c.isalnum() for c in rest):
            texts[0] = f"{texts[0].rstrip('.!?; ')} {text}"
        elif text:
            texts.append(text)
    for n, text in enumerate(texts):
        if n and one.dependent.search(text):  # "I do not want, that it is cancelled": the clauses before say what of it
            text = " ".join(texts[max(0, n - MOST_BEHIND) : n + 1])
        yield Clause(text, with_verbs(text, language), " ".join(texts[max(0, n - MOST_BEHIND) : n]), "?" in sentence)


def _is_given(text: str, one: Tongue) -> bool:
    """Whether a clause begins with a condition that more than asks for what can be done."""
    return bool(one.condition.match(one.leading.sub("", one.possible.sub("", text)).strip()))


def _judged(clause: Clause, named: str, form: re.Pattern[str], one: Tongue) -> Verdict:
    text = one.no_denial.sub(" ", clause.text)
    beside = " ".join(form.sub(" ", text).split())
    reported = one.reports.search(beside) and one.done.fullmatch(named) and not one.to_do.search(clause.text)
    asks = bool(one.asks.match(clause.text.lstrip("¿¡ ")))
    polite = one.polite.search(clause.text)
    if one.negation.search(text):
        if clause.asked or asks:
            return "open"
        return "settled" if reported and not polite else "denied"
    if one.undone.search(beside):
        return "denied"
    if reported and not polite:
        return "settled"
    framed = one.possible.sub(" ", f"{clause.behind} {clause.text}")
    if one.third.search(framed) or one.hedged.search(framed) or one.condition.search(framed) or asks:
        return "open"
    if polite and not one.modal.search(clause.text):
        return "asked"
    return "open" if clause.asked or one.modal.search(clause.text) else "asked"
