"""Text as a list of plain words: one case, no contractions, likely typing errors put right."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

CONTRACTIONS = tuple(
    (re.compile(form), meaning)
    for form, meaning in (
        (r"[‘’`´]", "'"), (r"\bwon'?t\b", "will not"), (r"\bcan(?:'?t|not)\b", "can not"), (r"\bshan'?t\b", "shall not"),
        (r"\bain'?t\b", "is not"), (r"n't\b", " not"),
        (r"\b(do|does|did|is|was|are|were|has|have|had|could|would|should)nt\b", r"\1 not"),
        (r"\bi'?m\b", "i am"), (r"\bi'?ve\b", "i have"), (r"'re\b", " are"), (r"'ve\b", " have"), (r"'ll\b", " will"),
        (r"'d\b", " would"), (r"\b(what|where|it|that|there|who|how|when)'?s\b", r"\1 is"),
    )
)  # fmt: skip


def written_out(text: str) -> str:
    """A text in small letters with its contractions opened: "don't" and "dont" as "do not"."""
    for form, meaning in CONTRACTIONS:
        text = form.sub(meaning, text)
    return text


def lines(file: Path) -> list[str]:
    """The lines of a file that hold something."""
    return [line for line in file.read_text("utf-8").splitlines() if line.strip()]


def word_groups(file: Path) -> dict[str, list[str]]:
    """Group -> its words, from lines of `group: word word ...`; a group may go over several lines."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in lines(file):
        group, _, members = line.partition(":")
        groups[group] += members.split()
    return dict(groups)


def words_of(text: str) -> frozenset[str]:
    """A word list, written as text."""
    return frozenset(text.split())


SENTENCE = re.compile(r"(?<![.!?;\n])[.!?;\n]+(?=\s|$)|\n+|\bbut\b|\bthough\b", re.IGNORECASE)
TOKEN = re.compile(r"#?[^\W_]+(?:['’][^\W_]+)?")
NO_IDS = (re.compile(r"(?!)"), "")
SHORTEST_MENDED = 5
LONGEST_MENDED = 20
# Real words one letter away from words that requests are read by; they stay what they are.
REAL_WORDS = words_of(
    """after chairs chance chances changer chargers charming closer closet locker looked broker models motel odder older
    plane planes plants point prince prints receiver resets shopped skipped stone store stoves tables tracks truck wrote
    addressed batter blacks blank blanks block bread cancer chain chose closes contract credits defeat denied detail
    expert extras forget format freeze leaving logic manage moves newer party piece pride prime prize quoted record
    recovery resent senior shock smart stick stopper struck there trail troubled wright writer"""
)


def sentences(text: str, known: "Spelling") -> Iterator[list[str]]:
    """The words of each sentence. An id becomes the word that stands for it; "don't" two words, "do not"."""
    for part in SENTENCE.split(unicodedata.normalize("NFKC", text)):
        words: list[str] = []
        for token in TOKEN.findall(written_out(part.lower())):
            words.append(plain_word(token, known))
        if words:
            yield words


def plain_word(token: str, known: "Spelling") -> str:
    form, instead = known.ids
    if form.fullmatch(token):
        return instead
    return known.mended(token.removesuffix("'s").replace("'", "").removeprefix("#"))


class Spelling:
    """Puts right what is one letter (missing, extra, wrong or swapped) away from a known word of five letters or more.

    `meant` words are mended to; `other` words are right as they are. A word is found by what is left of it when one
    letter is taken out, so a look-up costs as many steps as the word has letters, however many words are known. `ids` is the
    form of what is an id and no word, and the word that stands for it.
    """

    def __init__(self, meant: Iterable[str], other: Iterable[str] = (), ids: tuple[re.Pattern[str], str] = NO_IDS) -> None:
        self.ids = ids
        meant = frozenset(meant)
        self.words = meant.union(other, REAL_WORDS)
        self.shortened: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(meant):
            if SHORTEST_MENDED <= len(word) <= LONGEST_MENDED:
                for form in {word, *one_less(word)}:
                    self.shortened[form].append(word)

    def mended(self, word: str) -> str:
        """The known word that is meant, or the word as it is. The first letter is taken to be right."""
        if word in self.words or not SHORTEST_MENDED - 1 <= len(word) <= LONGEST_MENDED:
            return word
        for form in (word, *one_less(word)):
            for candidate in self.shortened.get(form, ()):
                if candidate[0] == word[0] and one_apart(word, candidate):
                    return candidate
        return word


def one_less(word: str) -> list[str]:
    """A word without each of its letters in turn; of a word that is too long to be mended there are none."""
    return [word[:i] + word[i + 1 :] for i in range(len(word))] if len(word) <= LONGEST_MENDED else []


def one_apart(a: str, b: str) -> bool:
    """Whether one letter put in, left out, replaced, or swapped with its neighbour turns `a` into `b`."""
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[start + 1 : start + 2] + a[start : start + 1] == b[start : start + 2]
        return a[start + 1 :] == b[start + 1 :] or (swapped and a[start + 2 :] == b[start + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) - len(shorter) == 1 and longer[start + 1 :] == shorter[start:]
