"""How much of a text is carried by what it rests on: the share of its telling words that stand there too."""

import re
from functools import lru_cache

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import COUNTS, MONTHS, UNITS, WEEKDAYS, days_in
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.things.sums import calls_it_otherwise, tells_a_sum
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import begun, clauses, folded, plain, sentences, words
from switchboard.search.index import STOP_WORDS

LEAST_SHARE, LEAST_OF_A_SENTENCE = 0.45, 0.34
LONG_SENTENCE, SHORT_SENTENCE = 3, 5
"""Telling words from which on a sentence is judged by its share, and up to which it says one thing."""
WORD_FOR_WORD, FROM_A_PASSAGE, FROM_THE_ONLY, FEW = 0.8, 0.6, 0.7, 3
"""The share of a sentence that a passage it is from holds, also where there is nothing else; one of fewer telling words is
from none."""


UNITS_BEGUN = frozenset(map(begun, UNITS))
WITHOUT = re.compile(r"\bwithout (?:any |an? |the )?([^\W\d_]{4,})", re.IGNORECASE)
MOST_NEW = 0.4
"""New words of a sentence for each word of the rows, at most."""
NAMES_OF_DAYS = frozenset(begun(name) for name in (*MONTHS, *(name for names in WEEKDAYS for name in names)))
"""They are looked at as dates."""


def telling(text: str, tongue: Tongue) -> list[str]:
    """The words of a text that say something of a case, by their beginnings."""
    said = words(text)
    empty = (tongue.small | tongue.polite | STOP_WORDS) - tongue.moving
    return [begun(w) for w in said if len(w) > 1 and w not in empty]


@lru_cache(512)
def _beginnings(text: str) -> frozenset[str]:
    return frozenset(map(begun, words(plain(text))))


def is_from_a_passage(evidence: Evidence, sentence: str, word: str = "", share: float = FROM_A_PASSAGE) -> bool:
    """Whether a sentence says, for the most part, what one passage or one line of the policy says, that word included."""
    said = telling(sentence, JUDGED["en"])
    if len(said) < FEW:
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
    held, heard = evidence.told_words, evidence.customer_words
    found = {word for word in telling(text, tongue) if word in held or evidence.is_state(word)}
    if not found - heard and not _is_told(evidence, text) and not (set(days_in(text)) & set(days_in(evidence.everything))):
        return "nothing in it comes from a result or an article"
    if language != "en":
        return None
    if not evidence.is_about_rows and not _is_on_the_matter(evidence, text, tongue):
        return "it is not about what the customer wrote"
    shown = [form for deed in evidence.shown for form in deed.words]
    told, carried = 0, 0
    for sentence in sentences(text):
        said = [word for word in telling(sentence, tongue) if word in held or word not in heard | _light(tongue)]
        if tongue.hedges & set(words(sentence)):  # what it denies stands nowhere
            said = [word for word in said if word in held or not evidence.vocabulary.names_a_deed(word)]
        there = [w for w in said if w in held or evidence.is_state(w) or any(form.startswith(w) for form in shown)]
        from_one = is_from_a_passage(evidence, sentence)
        if not evidence.is_about_rows and (why := _no_article_says(evidence, sentence, tongue)):
            return f"{sentence[:80]!r} {why}"
        if evidence.is_about_rows and not from_one and _is_mostly_new(evidence, sentence, tongue):
            return f"{sentence[:80]!r} says what stands in no result or article"
        if not from_one and _hangs_in_the_air(evidence, sentence, said, there, tongue):
            return f"{sentence[:80]!r} stands in no result or article"
        told, carried = told + len(said), carried + (len(said) if from_one else len(there))
    return None if carried >= LEAST_SHARE * told else "most of it stands in no result or article"


def is_of_no_case(evidence: Evidence, text: str) -> str | None:
    """Why a note is of no case: next to nothing of it stands in the customer's words, a result or a passage; else None."""
    said = telling(text, JUDGED["en"])
    there = sum(word in evidence.told_words or word in evidence.customer_words for word in said)
    return None if there >= LEAST_OF_A_SENTENCE * len(said) else "next to nothing of it is of this case"


def _is_on_the_matter(evidence: Evidence, text: str, tongue: Tongue) -> bool:
    """Whether an answer shares a word that tells with the customer's words, or many with what the rules would answer."""
    said = set(telling(text, tongue))
    if all(is_from_a_passage(evidence, sentence, share=1.0) for sentence in sentences(text)):
        return True
    return bool(said & evidence.customer_words) or len(said & _beginnings(evidence.ruled)) >= max(2, len(said) / 3)


def _no_article_says(evidence: Evidence, sentence: str, tongue: Tongue) -> str | None:
    """What is wrong with a sentence that can rest on articles alone; None for one that does, or says next to nothing."""
    if _says_how_it_stands(evidence, sentence, tongue):
        return "tells how things stand, which no article knows"
    said = [word for word in telling(sentence, tongue) if word.isalpha()]  # a number is looked for by its value elsewhere
    denies = tongue.denials & set(words(sentence))
    name = next((one for one in evidence.names_of_customer if one in words(sentence)), None)
    if name and not denies:
        return f"affirms something of {name}, of which no article speaks"
    if (
        said
        and not denies
        and not sentence.endswith(":")
        and any(_is_denied(evidence, one, tongue) for one in _that_say(sentence, tongue))
    ):
        return "affirms what the articles deny"
    if _denies_what_is_told(evidence, sentence):
        return "denies what the articles say"
    said = [word for word in said if word not in _light(tongue)]
    if len(said) < FEW or sum(word in _beginnings(evidence.ruled) for word in said) >= FROM_THE_ONLY * len(said):
        return None
    parts = [[w for w in telling(one, tongue) if w.isalpha()] for one in clauses(sentence)]
    told = _is_told_to_all(evidence, said) or (len(parts) > 1 and all(_is_told_to_all(evidence, one) for one in parts))
    return None if told else "stands in no article"


def _is_told_to_all(evidence: Evidence, said: list[str]) -> bool:
    """Whether one article or list holds most words of a sentence, with those that the customer wrote; of a short one, whether
    three sentences in a row do.
    """
    if any(sum(word in _beginnings(one) for word in said) > LEAST_OF_A_SENTENCE * len(said) for one in evidence.listed):
        return True
    held = evidence.told_together if len(said) <= SHORT_SENTENCE else evidence.told_to_all
    asked = evidence.customer_words
    texts = [_beginnings(text) for text in held]
    new = {word for word in said if word not in asked}
    return any(
        sum(word in one or word in asked for word in said) >= FROM_THE_ONLY * len(said) and (not new or new & one)
        for one in texts
    )


def _is_denied(evidence: Evidence, sentence: str, tongue: Tongue) -> bool:
    """Whether a sentence affirms what stands in passages only as a clause that denies it."""
    spoken = frozenset(telling(sentence, tongue))
    said = frozenset(word for word in spoken if word not in _light(tongue) and word not in UNITS_BEGUN)
    if not said or (tongue.denials | {"only"}) & set(words(sentence)):
        return False
    told = evidence.clauses_of_passages
    fully = [held for held in told if len(spoken & held.beginnings) >= FROM_THE_ONLY * len(spoken)]
    saying = fully or [held for held in told if len(said & held.beginnings) >= FROM_THE_ONLY * len(said)]
    new = frozenset(word for word in said if word not in evidence.customer_words and word.isalpha())
    saying = saying or [held for held in told if new and new <= held.beginnings]
    under_denial = [word for word in new if (held := [one.denies for one in told if word in one.beginnings]) and all(held)]
    return (bool(saying) and all(held.denies for held in saying)) or len(under_denial) > 1


def _that_say(sentence: str, tongue: Tongue) -> list[str]:
    """A sentence and those of its clauses that have somebody who does something."""
    return [sentence, *(one for one in clauses(sentence) if (tongue.me | {"you"}) & set(words(one)))]


def _denies_what_is_told(evidence: Evidence, sentence: str) -> bool:
    """Whether a sentence has nothing of what passages speak of, and none denies: "without any check"."""
    for match in WITHOUT.finditer(sentence):
        held = [one for one in evidence.clauses_of_passages if begun(folded(match[1])) in one.beginnings]
        if held and not any(one.denies for one in held):
            return True
    return False


def _says_how_it_stands(evidence: Evidence, sentence: str, tongue: Tongue) -> bool:
    """Whether a sentence tells of something of the customer's that it is so by now, in words that no passage has."""
    said = words(sentence)
    if not tongue.by_now & set(said) or not tongue.yours & set(said) or (tongue.hedges | tongue.conditions) & set(said):
        return False
    return not any(tongue.by_now & set(said) <= set(words(plain(passage))) for passage in evidence.passages)


def _hangs_in_the_air(evidence: Evidence, sentence: str, said: list[str], there: list[str], tongue: Tongue) -> bool:
    """Whether next to nothing of a sentence is held. What only names a field does not count; all its numbers count as one."""
    nothing = evidence.names_of_fields | (frozenset(map(begun, tongue.over)) if evidence.changed else frozenset())
    of_case = [word for word in said if word.isalpha() and word not in nothing and word not in NAMES_OF_DAYS]
    of_case = [word for word in of_case if not word.startswith(tongue.looking) and word not in _light(tongue)]
    in_words, in_numbers = sum(word in there for word in of_case), any(not word.isalpha() for word in there)
    rests = in_words + in_numbers
    if not in_words and (len(of_case) > 1 or not in_numbers):
        return len(of_case) > 1 or (len(of_case) == 1 and not tongue.polite & set(words(sentence)))
    return len(of_case) >= LONG_SENTENCE and rests < LEAST_OF_A_SENTENCE * len(of_case)


def _is_mostly_new(evidence: Evidence, sentence: str, tongue: Tongue) -> bool:
    """Whether much of what a sentence says of rows is new: neither theirs, nor the customer's, nor light of meaning."""
    light = _light(tongue)
    shown = [form for deed in evidence.shown for form in deed.words]
    said = [word for word in telling(sentence, tongue) if word.isalpha() and word not in light]
    said = [word for word in said if not word.startswith(tongue.looking)]
    known = evidence.told_words | evidence.customer_words | frozenset(map(begun, words(plain(evidence.known))))
    new = [w for w in said if w not in known and not evidence.is_state(w) and not any(form.startswith(w) for form in shown)]
    if tongue.hedges & set(words(sentence)):  # what it denies stands nowhere
        new = [word for word in new if not evidence.vocabulary.speaks_of(word)]
    if len(new) <= 1 and not re.search(r"\d", sentence) and tongue.polite & set(words(sentence)):
        return False  # "Sorry about the delay."
    old = [word for word in said if word not in new and word not in evidence.names_of_fields]
    return len(new) > len(old) * MOST_NEW


@lru_cache
def _light(tongue: Tongue) -> frozenset[str]:
    """The beginnings of words that say nothing new of a case; days and counts are looked at elsewhere."""
    return frozenset(map(begun, tongue.light | tongue.over | tongue.modest | tongue.usual | COUNTS.keys())) | NAMES_OF_DAYS


def _is_told(evidence: Evidence, text: str) -> bool:
    """Whether an answer names what was changed."""
    said = frozenset(words(text))
    return any(said & frozenset(words(" ".join(map(str, e.arguments.values())))) for e in evidence.changed)
