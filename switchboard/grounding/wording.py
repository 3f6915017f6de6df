"""Text as it is compared: one form for all ways to write it, cut into sentences, clauses and words."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
SENTENCE_END = re.compile(
    r"(?<=[.!?。！？])(?!(?<=\d\.)\s(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))[\"”»)\]]*\s+|\n+"  # "am 21. November"
)
SPELLED_OUT = re.compile(r"(?<![^\W_])[^\W\d_](?:[-._ ]{1,3}[^\W\d_]){4}(?![^\W_])")
"""Single letters in a row, as nobody writes to a customer."""
CLAUSE_END = re.compile(r"[,;:()—–]\s|\s[—–-]\s|\s(?:and|but|so|und|aber|denn|et|mais|donc|y|pero|e|ma)\s", re.IGNORECASE)
SHORT = {
    "won't": "will not",
    "n't": " not",
    "'ve": " have",
    "'re": " are",
    "'ll": " will",
    "'m": " am",
    "'s": " is",
    "'d": " would",
}
CONTROLS = {code: None for code in (*range(32), 127) if chr(code) not in "\n\t"}
SHORTENED = re.compile("|".join(SHORT))
BEGUN = 5
"""Words are the same that begin with the same so many letters: "cancelled" and "cancellation" are."""
COURTESY = re.compile(
    r"\b(?:anything else|further questions|something else|help you with|else i can|noch etwas|sonst noch|weiterhelfen|"
    r"autre chose|algo mas|otra cosa|(?:does|did) (?:that|this) (?:answer|help))\b"
)
"""A question that keeps nothing open."""


def plain(text: str) -> str:
    """The text in one form (NFKC), without what nobody sees: codes for direction, joiners, soft hyphens, controls."""
    if text.isascii():
        return text.translate(CONTROLS)
    seen = (c for c in unicodedata.normalize("NFKC", text) if c in "\n\t" or not _is_unseen(c))
    return "".join(seen).replace("’", "'")


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co") or "\ufe00" <= char <= "\ufe0f"


def hides_something(text: str) -> bool:
    """Whether a word is not what it looks like: something that nobody sees stands in it, it is written in letters of several
    scripts, or it is spelled out.
    """
    if SPELLED_OUT.search(text):
        return True
    if text.isascii() and text.isprintable():
        return False
    text = unicodedata.normalize("NFKC", text)
    inside = zip(text, text[1:], text[2:], strict=False)
    if any(_is_unseen(b) and b not in "\n\t" and a.isalnum() and c.isalnum() for a, b, c in inside):
        return True
    return any(len(scripts_of(word) - {"DIGIT"}) > 1 for word in WORD.findall(text) if not word.isascii())


def scripts_of(word: str) -> set[str]:
    """The scripts of a word's letters; those that are written together count as one."""
    return {script(char) for char in word if char.isalpha()}


@lru_cache(4096)
def script(char: str) -> str:
    name = unicodedata.name(char, "UNKNOWN").split()[0]
    return {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "MICRO": "GREEK", "MASCULINE": "LATIN"}.get(name, name)


def folded(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def sentences(text: str) -> list[str]:
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def clauses(sentence: str) -> list[str]:
    return [part.strip() for part in CLAUSE_END.split(sentence) if part.strip()]


def accented(text: str) -> list[str]:
    """The words in small letters, short forms written out: "it's" is "it is"."""
    return WORD.findall(SHORTENED.sub(lambda match: SHORT[match[0]], text.lower()))


@lru_cache(512)
def words(text: str) -> tuple[str, ...]:
    """The same without accents."""
    return tuple(accented(folded(text)))


def begun(word: str) -> str:
    """What of a word stands for all of its forms."""
    if not word.isalpha():
        return word
    return word[:BEGUN] if len(word) > BEGUN else word.rstrip("s") if len(word) > 3 else word
