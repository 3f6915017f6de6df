"""How requests are put in the languages beside English that the library speaks: the `[reading]` of their files, compiled.

All of it is written, and looked for, in folded letters: small, without accents, ß as ss, and in German "ae", "oe" and "ue" as
the vowel alone, so that "Kuendigen Sie", "KÜNDIGEN SIE" and "kündigen Sie" read the same.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from switchboard.characters import plain_letters
from switchboard.reading.languages import OURS, SPOKEN, common, languages

UMLAUT = re.compile(r"(?<![aeiouq])([aou])e")
WORD = re.compile(r"[^\W\d_]+")
MONTH = "(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
"""How a month begins behind the point of a German date, "3. August", which ends no sentence."""
END_OF_CLAUSE = re.compile(r"[ \t]{0,5}(?:[.,;:!?\n]|\b(?:und|oder|aber|weil|denn)\b|$)")
FEWEST_LETTERS, MOST_BEFORE = 3, 20
"""Of the rest of a verb; and the words among which the verb is looked for whose prefix ends a clause."""
LOOKED_AT = 20_000
"""Characters of a text that are read."""


@dataclass(frozen=True)
class Tongue:
    """The closed lists of one language. Each stands for itself in `switchboard/reading/meant.py` and `left_alone.py`."""

    cut: re.Pattern[str]
    leading: re.Pattern[str]
    reason: re.Pattern[str]
    fragment: re.Pattern[str]
    negation: re.Pattern[str]
    no_denial: re.Pattern[str]
    reports: re.Pattern[str]
    done: re.Pattern[str]
    hedged: re.Pattern[str]
    condition: re.Pattern[str]
    dependent: re.Pattern[str]
    to_do: re.Pattern[str]
    possible: re.Pattern[str]
    asks: re.Pattern[str]
    polite: re.Pattern[str]
    modal: re.Pattern[str]
    taken_back: re.Pattern[str]
    undone: re.Pattern[str]
    third: re.Pattern[str]
    keeps: re.Pattern[str]
    ruled_out: re.Pattern[str]
    praise: re.Pattern[str]
    does_not: re.Pattern[str]
    no_code: re.Pattern[str]
    person: re.Pattern[str]
    endings: tuple[str, ...]
    prefixes: frozenset[str]
    small_talk: tuple[str, ...]
    small: frozenset[str] = field(repr=False)
    """Words that tell nothing of what a text is about."""


@dataclass(frozen=True)
class Folded:
    """A text in folded letters; `places` says for each of them, and for the end, where it stands in the text."""

    text: str
    places: tuple[int, ...]


WHOLE, BEGINS = r"(?!\w)", "ruled_out"
"""The forms are of whole words, but for the one that says what must follow."""
LISTS = ("endings", "prefixes", "small_talk", "small")


@cache
def tongue_of(language: str) -> Tongue | None:
    """The closed lists of a language; None of English, whose lists stand where they are used, and of one without."""
    if language == OURS or language not in SPOKEN:
        return None
    one = languages()[language]
    names = [name for name in Tongue.__dataclass_fields__ if name not in LISTS]
    forms = {name: re.compile(rf"(?<!\w)(?:{one.reading[name]}){'' if name == BEGINS else WHOLE}") for name in names}
    small = frozenset(folded(word, language).text for word in (*common(language), *one.reading["empty"].split()))
    endings, prefixes = one.reading["endings"].split(), one.reading["prefixes"].split()
    talk = tuple(one.reading["small_talk"])
    return Tongue(**forms, endings=tuple(endings), prefixes=frozenset(prefixes), small_talk=talk, small=small)


def letters(text: str, language: str) -> str:
    """A text in folded letters; in English in small ones."""
    return folded(text, language).text if tongue_of(language) else text.lower()


def leans(sentence: str, language: str) -> bool:
    """Whether a sentence says nothing without the one before it, by how it begins."""
    return bool(_leaning(language).match(letters(sentence, language)))


@cache
def _leaning(language: str) -> re.Pattern[str]:
    return re.compile(rf"\A\W{{0,20}}(?:{languages().get(language, languages()[OURS]).leaning})\b")


@lru_cache(64)
def folded(text: str, language: str) -> Folded:
    """A text in folded letters, and where each of them is from."""
    found: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text[:LOOKED_AT].replace("’", "'")):
        plain = character.lower()
        if not plain.isascii():
            plain = plain_letters(plain).replace("ß", "ss").replace("œ", "oe")
        found.append(plain)
        places.extend([place] * len(plain))
    whole, places = "".join(found), [*places, len(text[:LOOKED_AT])]
    if language != "de":
        return Folded(whole, tuple(places))
    gone = {match.end() - 1 for match in UMLAUT.finditer(whole)}
    kept = [n for n in range(len(whole)) if n not in gone]
    return Folded("".join(whole[n] for n in kept), (*(places[n] for n in kept), places[-1]))


@lru_cache(512)
def folded_form(form: str, language: str) -> re.Pattern[str]:
    """A project's regular expression, to be looked for in folded letters. What stands behind a backslash is left as it is."""
    parts = re.split(r"(\\.)", form)
    plain = [part if part.startswith("\\") else _without_accents(part, language) for part in parts]
    return re.compile("".join(plain), re.IGNORECASE)


def _without_accents(form: str, language: str) -> str:
    kept = plain_letters(form).replace("ß", "ss")
    return UMLAUT.sub(r"\1", kept) if language == "de" else kept


def with_verbs(text: str, language: str) -> str:
    """Folded letters, with the verbs behind them whose parts stand apart in them: "sagen sie den termin ab" says "absagen"."""
    one = tongue_of(language)
    if one is None or not one.prefixes:
        return text
    whole = [
        f"{prefix}{word[len(prefix) + 2 :]}" for word in WORD.findall(text) for prefix in one.prefixes if _has(word, prefix)
    ]
    before = list[str]()
    for match in WORD.finditer(text):
        if match[0] in one.prefixes and END_OF_CLAUSE.match(text, match.end()):
            whole += [f"{match[0]}{word}" for word in before[-MOST_BEFORE:]]
        before.append(match[0])
    return f"{text} {' '.join(whole)}" if whole else text


def _has(word: str, prefix: str) -> bool:
    """Whether a word is that prefix, "zu" or "ge", and the rest of a verb: "abzusagen", "abgesagt"."""
    rest = word[len(prefix) :]
    return word.startswith(prefix) and rest.startswith(("zu", "ge")) and len(rest) > 2 + FEWEST_LETTERS
