"""The language of a question: in which a report on it is, and which of its words say nothing."""

import re
from functools import cache

from switchboard.reading.languages import OURS, SPOKEN, common, languages

LOOKED_AT = 2_000
"""Characters of a question that are looked at."""
LEAST = 2
WORD = re.compile(r"[^\W\d_]+|¿")
ASKING = {
    "en": "what which who whose when where why how does did is are can may must should",
    "de": "was welche welcher welches welchen wer wessen wann wo woher wohin wofür womit warum wieso wie wieviel gibt",
    "fr": "que qui quel quelle quels quelles quand où comment combien pourquoi quoi est",
    "es": "¿ qué cuál cuáles quién quiénes cuándo dónde cómo cuánto cuánta cuántos cuántas que cual cuando donde como cuanto",
}
"""The words by which a question is told as one of a language, beside those that its every other sentence holds."""
SMALL = {"fr": "l d de des du qu n y sur par", "es": "de del para por", "de": "bei zwischen durch über ohne"}
ASKS = {code: frozenset(words.split()) for code, words in ASKING.items()}


def language_of_question(question: str, ours: str = OURS) -> str:
    """The language of a question where it surely is one that is spoken here, else `ours`.

    Questions are short: each word counts that the language's sentences hold, twice where it asks, and no other language, also
    of those that are not spoken here, may have as many.
    """
    words = WORD.findall(question[:LOOKED_AT].lower())
    held = {code: sum(_counts(word, code) for word in words) for code in languages()}
    best, *others = sorted(held, key=lambda code: -held[code])
    is_sure = held[best] >= LEAST and held[best] > held[others[0]] and best in SPOKEN
    return best if is_sure else ours


def saying_nothing(text: str) -> frozenset[str]:
    """The words of a text's language that say nothing of what it is about; none of English, whose are no terms of a search."""
    language = language_of_question(text)
    return small_words(language) if language != OURS else frozenset()


@cache
def small_words(language: str) -> frozenset[str]:
    """The words that every other sentence or question of a language holds."""
    return common(language) | ASKS.get(language, frozenset()) | frozenset(SMALL.get(language, "").split())


def _counts(word: str, code: str) -> int:
    return 2 if word in ASKS.get(code, ()) else int(word in small_words(code))
