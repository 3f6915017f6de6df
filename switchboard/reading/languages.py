"""The languages that customers write in: which one a text is in, and what is said in it.

A language is a file of `languages/`: `small` (words that every other sentence holds), `greetings` and `thanks`, or
`letters` of its script, and `says`, its messages by id. What a language does not say is said in English. Those of `SPOKEN` say
all that there is to say, and have `spelling` and `reading`, by which requests are read: see `switchboard/reading/tongues.py`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from switchboard.money import MARKS

FOLDER = Path(__file__).parent / "languages"
OURS = "en"
SPOKEN = tuple(MARKS)
LOOKED_AT = 2000
"""Characters of a message that are looked at."""
LEAST_OF_ENGLISH, MOST_COURTESY = 2, 8
"""Small words of English from which on a text of no other language is English; words of one that only greets or thanks."""
MOST_MESSAGE = 1000
LISTS = ("speaks", "finite", "record", "of_it", "thanking", "beside_thanks")
IN_PLACE: dict[str, dict[str, str]] = {}
"""What the open project says in place of these messages, by language and id."""
NO_LATIN = re.compile(r"[^\W\d_a-zA-Z\u00aa-\u024f\u1e00-\u1eff]")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"(?<![\w#])[^\W\d_]+(?:'[^\W\d_]+)?(?!\w)")


@dataclass(frozen=True)
class Language:
    """`trade`: beginnings of its words on goods and money. With `alone` no other language has its `letters`."""

    small: frozenset[str]
    greetings: frozenset[str]
    thanks: frozenset[str]
    trade: tuple[str, ...]
    letters: re.Pattern[str] | None
    alone: bool
    says: Mapping[str, str] = field(repr=False)
    spelling: Mapping[str, Any] = field(repr=False)
    reading: Mapping[str, Any] = field(repr=False)
    days: Mapping[str, str] = field(repr=False)
    speaks: frozenset[str] = frozenset()
    """Who speaks and who is spoken to; `finite`: verbs that make a sentence; `record`: what a record is called; and in folded
    letters `of_it`: what a question says that asks only for what was said ("is that possible?"), `claims`: what says that
    something was done, given or promised, `leaning`: how a sentence begins that says nothing without the one before it,
    `questions`: how a question does, `relative`: the words of these that behind a comma begin none, but a clause on what stands
    before it, and `requests`: the words by which a sentence asks for something."""
    thanking: frozenset[str] = frozenset()
    """In folded letters, as `beside_thanks`, which holds what is polite beside them."""
    beside_thanks: frozenset[str] = frozenset()
    finite: frozenset[str] = frozenset()
    record: frozenset[str] = frozenset()
    of_it: frozenset[str] = frozenset()
    claims: str = "(?!)"
    leaning: str = "(?!)"
    questions: str = "(?!)"
    relative: str = "(?!)"
    requests: str = "(?!)"


@cache
def languages() -> dict[str, Language]:
    """Every language that there is a file of, by its code."""
    return {file.stem: _read(tomllib.loads(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.toml"))}


def _read(found: Mapping[str, Any]) -> Language:
    small, greetings, thanks = (frozenset(found.get(name, "").split()) for name in ("small", "greetings", "thanks"))
    letters = re.compile(f"[{found['letters']}]", re.IGNORECASE) if "letters" in found else None
    says = dict(_flat(found["says"]))
    read = (found.get("spelling", {}), found.get("reading", {}), found.get("days", {}))
    lists = {name: frozenset(found.get(name, "").split()) for name in LISTS}
    own = {**lists, **{name: found.get(name, "(?!)") for name in ("claims", "leaning", "questions", "relative", "requests")}}
    return Language(small, greetings, thanks, tuple(found.get("trade", ())), letters, "alone" in found, says, *read, **own)


def _flat(says: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, text in says.items():
        found += _flat(text, f"{before}{name}.") if isinstance(text, dict) else [(f"{before}{name}", text)]
    return found


def said(message: str, language: str, **fields: str) -> str:
    """A message by its id, such as "soon", in that language, in English where it has no such words. Raises KeyError for an
    id that English does not have."""
    spoken = languages().get(language)
    text = IN_PLACE.get(language, {}).get(message) or (spoken.says.get(message) if spoken else None)
    return (text or languages()[OURS].says[message]).format(**fields)


def say_in_place(given: Mapping[str, Any]) -> None:
    """Say a project's own messages from now on, by language and id, in place of these; those of a project before are forgotten.

    Raises ValueError for a language without messages, an id that there is none of, and a field that a message has not.
    """
    own = {language: dict(_flat(says)) for language, says in given.items() if isinstance(says, dict)}
    for language, says in own.items():
        if language not in SPOKEN:
            raise ValueError(f"{language}: messages are said in {', '.join(SPOKEN)}")
        for message, text in says.items():
            ours = languages()[language].says.get(message)
            if ours is None:
                raise ValueError(f"{language}: there is no message {message!r}; `switchboard messages` lists them")
            if strange := _fields(text) - _fields(ours):
                raise ValueError(f"{language}, {message}: it has no {{{min(strange)}}}, which that message does not know")
    IN_PLACE.clear()
    IN_PLACE.update(own)


def _fields(text: Any) -> set[str]:
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_MESSAGE:
        raise ValueError(f"a message is a text of up to {MOST_MESSAGE} characters, and not {str(text)[:40]!r}")
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def language_in(texts: Iterable[str]) -> str:
    """The code of the language of whoever wrote texts, the newest first: of the first that tells it; "" for English."""
    for text in texts:
        spoken = language_of(text)
        words = WORD.findall(text[:LOOKED_AT].lower())
        if spoken or sum(word in languages()[OURS].small for word in words) >= LEAST_OF_ENGLISH:
            return spoken
    return ""


def language_for(texts: Iterable[str], ours: str) -> str:
    """The language in which whoever wrote texts, the newest first, is spoken to: theirs where it is spoken here, else ours."""
    told = next((found for text in texts if (found := language_told(text[:LOOKED_AT], ours))), ours)
    return told if told in SPOKEN else ours


@lru_cache(512)
def language_told(text: str, ours: str) -> str:
    """The code of the language that a text tells it is in, where others are told from `ours` by words that ours does not have;
    "other" for a script without a file; "" where it tells none.
    """
    if ours == OURS:
        words = WORD.findall(text[:LOOKED_AT].lower())
        return language_of(text) or (OURS if sum(w in languages()[OURS].small for w in words) >= LEAST_OF_ENGLISH else "")
    text = text[:LOOKED_AT].lower().replace("’", "'")
    letters, foreign = len(LETTER.findall(text)), len(NO_LATIN.findall(text))
    if foreign > 2 and foreign * 2 > letters:
        return _by_script(text)
    words, own = WORD.findall(text), common(ours)
    mine = sum(word in own for word in words)
    counts = {name: _words_in(one, words, own) for name, one in languages().items() if name != ours and one.small}
    best = max(counts, key=lambda name: counts[name])
    ours_alone = sum(word in own and word not in common(best) for word in words)
    if counts[best] >= 2 and counts[best] > 2 * ours_alone:
        return best
    return ours if mine else next((name for name in counts if courtesy_in(text, name)), "")


@cache
def common(language: str) -> frozenset[str]:
    """The words that every other sentence of a language holds."""
    one = languages()[language]
    return one.small | one.greetings | one.thanks


def language_of(text: str) -> str:
    """The code of a text's language where that is not English; "other" for a script without a file; "" for English."""
    text = text[:LOOKED_AT].lower().replace("’", "'")
    letters, foreign = len(LETTER.findall(text)), len(NO_LATIN.findall(text))
    if foreign > 2 and foreign * 2 > letters:
        return _by_script(text)
    words = WORD.findall(text)
    english = sum(word in languages()[OURS].small for word in words)
    spoken = {name: one for name, one in languages().items() if name != OURS and one.small}
    counts = {name: _words_in(one, words, languages()[OURS].small) for name, one in spoken.items()}
    best = max(counts, key=lambda name: counts[name])
    if counts[best] >= 2 and counts[best] > 2 * english:
        return best
    return next((name for name in spoken if not english and courtesy_in(text, name)), "")


def _by_script(text: str) -> str:
    found = [name for name, one in languages().items() if one.letters and one.letters.search(text)]
    return next((name for name in found if languages()[name].alone), found[0] if found else "other")


def _words_in(one: Language, words: list[str], ours: frozenset[str]) -> int:
    """How many words are that language's and none of ours; beginnings of words of trade count beside others."""
    own = [word for word in words if word not in ours]
    small = sum(word in one.small or word in one.greetings for word in own)
    return small + sum(word.startswith(one.trade) for word in own) if small and one.trade else small


def courtesy_in(text: str, language: str) -> str:
    """ "greeting" or "thanks" where a text in that language is nothing else; empty where it is."""
    one = languages().get(language)
    words = WORD.findall(text[:LOOKED_AT].lower().replace("’", "'"))
    if one is None or len(words) > MOST_COURTESY or not all(w in one.small | one.greetings | one.thanks for w in words):
        return ""
    if any(word in one.thanks - one.greetings for word in words):
        return "thanks"
    return "greeting" if any(word in one.greetings for word in words) else ""
