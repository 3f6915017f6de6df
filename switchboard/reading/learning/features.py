"""What a classifier sees of a text: words, pairs of words, letters, and the concepts that words stand for."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from switchboard.events.masking import EMAIL
from switchboard.reading.tongues import letters, tongue_of, with_verbs
from switchboard.reading.words import word_groups, written_out

LIMIT = 2_000  # characters that are read; a matter that is not named by then is not named
CONCEPT_WEIGHT = 2.0  # of a concept against a word

_SPELLINGS = ((EMAIL, " "),)
_NUMBERS = ((r"#?\b[a-z]*-?\d[\w-]*", " num "), (r"\bwi-fi\b", "wifi"))
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y", "al")
_DOES_NOT = re.compile(
    r"\b(not|never|stopped|quit|no longer|unable to|fails to|trouble|refuses to)\b( \w+){0,3} "
    r"(work|open|load|start|connect|respond|turn on|function|play|install|recogni[sz]e|download|print|charg|pair|"
    r"launch|read|accept|show|updat|run)(e|s|ed|ing)?\b"
)


@cache
def stem(word: str, language: str = "en") -> str:
    """The word without the first ending of its language that leaves at least three letters."""
    tongue = tongue_of(language)
    endings = tongue.endings if tongue else _ENDINGS
    return next((word[: -len(e)] for e in endings if word.endswith(e) and len(word) - len(e) >= 3), word)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The words of a project: `concepts`, word stem -> what the word stands for; `spellings`, what is written in small letters
    -> what it is read as, before all numbers are one. `language` is that of its texts.
    """

    concepts: Mapping[str, Sequence[str]]
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    language: str = "en"

    def words(self, text: str) -> list[str]:
        """Lower-case words of the first `LIMIT` characters: contractions opened, numbers as `num`, no e-mails."""
        text = text[:LIMIT]
        text = (
            with_verbs(letters(text, self.language), self.language) if tongue_of(self.language) else written_out(text.lower())
        )
        for pattern, replacement in self.spellings:
            text = pattern.sub(replacement, text)
        return re.findall(r"[^\W\d_]+", text)

    def features(self, text: str, known: frozenset[str]) -> dict[str, float]:
        """Feature -> how strongly it is seen: words, pairs, letters (against typing errors), concepts, what is unknown."""
        plain = self.words(text)
        stems = [stem(word, self.language) for word in plain]
        seen: dict[str, float] = {s: float(n) for s, n in Counter(stems).items()}
        for a, b in zip(["^", *stems], [*stems, "$"], strict=True):
            seen[f"{a} {b}"] = 1.0
        for a, b in zip(stems, stems[2:], strict=False):
            seen[f"{a} _ {b}"] = 1.0
        for word in plain:
            framed = f"<{word[:30]}>"
            for i in range(len(framed) - 3):
                seen["#" + framed[i : i + 4]] = 1.0
        unknown = sum(s not in known for s in stems)
        if unknown:
            seen[f"~unknown {min(unknown, 3)}"] = 1.0
        named = sorted({c for s in stems for c in self.concepts.get(s, ())})
        for i, a in enumerate(named):
            seen["@" + a] = CONCEPT_WEIGHT
            for b in named[i + 1 :]:
                seen[f"@{a} {b}"] = 1.0
        if not named:
            seen["@none"] = 1.0
        tongue = tongue_of(self.language)
        if (tongue.does_not if tongue else _DOES_NOT).search(" ".join(plain)):
            seen["@does not"] = 1.0
        return seen


def lexicon_of(concepts: Path, spellings: Sequence[tuple[str, str]] = (), language: str = "en") -> Lexicon:
    """The lexicon of a file of concepts (`group: word word`), and of the forms that a project's ids have."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept, members in word_groups(concepts).items():
        for key in dict.fromkeys(stem(letters(word, language), language) for word in members):
            found[key].append(concept)
    read = tuple((re.compile(form), instead) for form, instead in (*_SPELLINGS, *spellings, *_NUMBERS))
    return Lexicon(dict(found), read, language)
