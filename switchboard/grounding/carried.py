"""How much of a text is carried by what it rests on: the share of its telling words that stand there too."""

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from switchboard.grounding.amounts.sums import calls_it_otherwise, tells_a_sum
from switchboard.grounding.evidence import Evidence, passages_of
from switchboard.grounding.figures import COUNTS, MONTHS, UNITS, WEEKDAYS, days_in, measures
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, clauses, plain, sentences, words
from switchboard.money import cents, money_in
from switchboard.search.words import STOP_WORDS

LEAST_OF_A_NOTE = 0.34
WORD_FOR_WORD, FROM_A_PASSAGE, FEW = 0.8, 0.6, 3
"""The share of a sentence that a passage it is from holds; one of fewer telling words is from none."""


UNITS_BEGUN = frozenset(map(begun, (*UNITS, "half")))
YES = frozenset(("yes", "sure", "certainly", "absolutely"))
MOST_TO_OPEN = 6
MOST_NEW, WORTH = 1, 3
"""New words of a sentence for each one that is known, at most; so many known words a figure is worth."""
NAMES_OF_DAYS = frozenset(begun(name) for name in (*MONTHS, *(name for names in WEEKDAYS for name in names)))
"""They are looked at as dates."""


def telling(text: str, tongue: Tongue) -> list[str]:
    """The words of a text that say something of a case, by their beginnings."""
    said = words(text)
    empty = (tongue.small | tongue.polite | STOP_WORDS) - tongue.moving
    return [begun(w) for w in said if len(w) > 1 and w not in empty and w not in COUNTS]


@lru_cache(512)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(map(begun, words(plain(text))))


def is_from_a_passage(evidence: Evidence, sentence: str, word: str = "", share: float = FROM_A_PASSAGE) -> bool:
    """Whether a sentence says, for the most part, what one passage or one line of the policy says, that word included."""
    said = telling(sentence, JUDGED["en"])
    if len(said) < (2 if share == 1 else FEW):
        return False
    held = map(_beginnings, evidence.told_to_all)
    return any((not word or word in one) and sum(w in one for w in said) >= share * len(said) for one in held)


def is_not_carried(evidence: Evidence, text: str, language: str) -> str | None:
    """The part of an answer that nothing carries; None where it rests on results or passages.

    What was only heard from the customer counts for nothing. In a language that the results are not written in only their
    names and numbers can be found again.
    """
    tongue = JUDGED[language]
    for sentence in sentences(text):
        other = calls_it_otherwise(evidence, sentence, tongue)
        if other:
            return f"{other!r} is not what was calculated"
    left = [sentence for sentence in sentences(text) if not tells_a_sum(evidence, sentence)]
    if len(left) < len(sentences(text)):
        return (
            is_not_carried(evidence, " ".join(left), language) if left and len(telling(" ".join(left), tongue)) >= FEW else None
        )
    heard = frozenset[str]() if tongue.denials & set(words(text)) else evidence.customer_words  # a no may repeat the question
    found = {word for word in telling(text, tongue) if word in evidence.told_words or evidence.is_state(word)}
    if not found - heard and not _is_told(evidence, text) and not (set(days_in(text)) & set(days_in(evidence.everything))):
        agrees = language == "en" and says(text) is not None and says(text) == verdict(evidence)
        return None if agrees and len(found) <= FEW else "nothing in it comes from a result or an article"
    if language != "en":
        return None
    if not evidence.is_about_rows and not _is_on_the_matter(evidence, text, tongue):
        return "it is not about what the customer wrote"
    for sentence in sentences(text):
        name = next((one for one in evidence.names_of_customer if one in words(sentence)), None)
        if name and not evidence.is_about_rows and not tongue.denials & set(words(sentence)):
            return f"{sentence[:80]!r} affirms something of {name}, of which no article speaks"
        parts = [(sentence, FEW), *((one, FEW) for one in clauses(sentence))] if not evidence.is_about_rows else [(sentence, 1)]
        opens = sentence.endswith(":") and len(words(sentence)) <= MOST_TO_OPEN  # "Here is an overview:"
        if (
            not opens
            and not is_from_a_passage(evidence, sentence, share=WORD_FOR_WORD)
            and any(is_made_up(evidence, one, tongue, few) for one, few in parts)
        ):
            return f"{sentence[:80]!r} stands in no result or article"
    return None


def verdict(evidence: Evidence) -> bool | None:
    """Whether the articles say yes or no to what was asked last, by whether they deny what they say of most of its words;
    None where they do neither.
    """
    tongue = JUDGED["en"]
    asked = {word for word in telling(evidence.said_last, tongue) if word.isalpha() and word not in light(tongue)}
    if evidence.is_about_rows or not words(evidence.said_last)[:1] or not asked:
        return None
    most = max((len(asked & one.beginnings) for one in evidence.clauses), default=0)
    best = [one for one in evidence.clauses if len(asked & one.beginnings) == most > 0]
    if best and all(one.denied for one in best):
        return False
    for word in asked:
        of_it = [one for one in evidence.clauses if word in one.own and not one.own <= evidence.words_of_headings]
        if of_it and all(one.denied == word for one in of_it):
            return False  # articles speak of it only to say that there is none
    return True if len(asked) > 1 and most == len(asked) and not any(one.denied for one in best) else None


def says(text: str) -> bool | None:
    """Whether a sentence begins with a yes (True), or a no; None where with neither."""
    said, tongue = words(text), JUDGED["en"]
    if said[:1] and said[0] in YES:
        return True
    return False if tongue.denials & set(said[:6]) else None


def is_of_no_case(evidence: Evidence, text: str) -> str | None:
    """Why a note is of no case: next to nothing of it stands in the customer's words, a result or a passage; else None."""
    said = telling(text, JUDGED["en"])
    there = sum(word in evidence.told_words or word in evidence.customer_words for word in said)
    return None if there >= LEAST_OF_A_NOTE * len(said) else "next to nothing of it is of this case"


def _is_on_the_matter(evidence: Evidence, text: str, tongue: Tongue) -> bool:
    """Whether an answer shares a word that tells with the customer's words, or many with what the rules would answer."""
    said = set(telling(text, tongue))
    asked = _codes(evidence.said_last)
    about = [_beginnings(one) for one in evidence.passages if asked & set(words(plain(one)))]
    if about and not asked & set(words(text)) and all(len(said & one) < len(said) / 2 for one in about):
        return False  # of an error code, another passage tells
    if all(is_from_a_passage(evidence, sentence, share=1.0) for sentence in sentences(text)):
        return True
    if len(said) <= FEW and says(text) is not None and says(text) == verdict(evidence):
        return True  # "No, we don't offer that." says nothing but the verdict
    return bool(said & evidence.customer_words) or len(said & _beginnings(evidence.ruled)) >= max(2, len(said) / 3)


def is_made_up(evidence: Evidence, sentence: str, tongue: Tongue, few: int = 1) -> bool:
    """Whether much of what a sentence says is new: of rows, neither theirs nor the customer's; else in no one text for all."""
    shown = [form for deed in evidence.shown for form in deed.words]
    said = [word for word in telling(sentence, tongue) if word.isalpha() and word not in light(tongue)]
    said = [word for word in said if not word.startswith(tongue.looking) and word not in UNITS_BEGUN]
    theirs = evidence.customer_words | evidence.words_of_speakers
    denies = bool(tongue.hedges & set(words(sentence)))  # what it denies stands nowhere
    facts = len(facts_of(evidence, sentence) - _codes(sentence))
    if len(said) < few and len(_texts(evidence, sentence)) > 1:
        return False
    fields = evidence.names_of_fields - _beginnings(evidence.ruled)

    def is_new_to(held: frozenset[str]) -> bool:
        new = [w for w in said if w not in held | theirs and not (evidence.is_state(w) or any(f.startswith(w) for f in shown))]
        if denies:
            new = [word for word in new if not evidence.vocabulary.speaks_of(word)]
        old = [word for word in said if word not in new and word not in fields]
        if len(new) <= 1 and not facts and tongue.polite & set(words(sentence)):
            return False  # "Sorry about the delay."
        return len(new) > MOST_NEW * (len(old) + WORTH * facts)

    return all(map(is_new_to, _texts(evidence, sentence)))


def _texts(evidence: Evidence, sentence: str) -> list[frozenset[str]]:
    """What a sentence can rest on, by the beginnings of its words: all rows together, or one article or list alone. What a
    passage calls with letters and digits, such as a code, is of that passage.
    """
    if evidence.is_about_rows:
        return [evidence.told_words]
    of_them = [text for text in evidence.passages if _codes(sentence) & set(words(text)[:1])]
    if of_them:
        return list(dict.fromkeys(map(_beginnings, of_them)))
    return [_beginnings(text) for text in (*evidence.told_to_all, *evidence.listed, evidence.told_by_rules)]


def _codes(sentence: str) -> set[object]:
    """Its words of letters and digits."""
    return {word for word in words(sentence) if not word[0].isdecimal() and word[-1].isdecimal()}


def facts_of(evidence: Evidence, sentence: str) -> set[object]:
    """The figures of a sentence: amounts, days, measures, numbers. That the case knows them is looked at elsewhere. An id only
    names what is spoken of.
    """
    money = money_in(evidence.vocabulary.currency)
    rest = money.sub(" ", evidence.vocabulary.id_pattern.sub(" ", sentence))
    found = {*(cents(m) for m in money.finditer(sentence)), *days_in(rest), *measures(rest)}
    return found or {word for word in words(rest) if any(c.isdigit() for c in word)}


@lru_cache
def light(tongue: Tongue) -> frozenset[str]:
    """The beginnings of words that say nothing new of a case; days and counts are looked at elsewhere."""
    return frozenset(map(begun, tongue.light | tongue.over | tongue.modest | tongue.usual | COUNTS.keys())) | NAMES_OF_DAYS


def _is_told(evidence: Evidence, text: str) -> bool:
    """Whether an answer names what was changed."""
    said = frozenset(words(text))
    return any(said & frozenset(words(" ".join(map(str, e.arguments.values())))) for e in evidence.changed)


def by_passages(evidence: Evidence, citations: Collection[str]) -> Evidence:
    """The evidence with these passages as its only results."""
    kept = [
        replace(entry, result=[one for one in passages_of(entry.result) if one["citation"] in citations])
        if entry.kind == "result"
        else entry
        for entry in evidence.transcript
    ]
    return replace(evidence, transcript=[e for e in kept if e.kind != "result" or e.result], rests_on=())


def unfound(evidence: Evidence, citations: Collection[str]) -> list[str]:
    """Those of the citations that no search of the case has found."""
    results = [entry for entry in evidence.transcript if entry.kind == "result" and entry.status == "done"]
    found = {one["citation"] for entry in results for one in passages_of(entry.result)}
    return [one for one in citations if one not in found]
