"""Which texts say nearly the same: candidates by the words that few of them hold, compared letter by letter."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

RAREST, MOST_CANDIDATES, MOST_COMPARED = 8, 200, 2_000
"""How many of a text's rarest words are looked up, how many texts are compared, and how many letters of each."""
THE_SAME, SHARED = 80.0, 85.0
"""From which likeness on two texts of one writer say the same, as wholes and in the words that both have: typing errors, a
greeting more, words in another order.
"""
LEAST_WORDS = 3
"""A shorter text says the same only word for word."""
WORD = re.compile(r"\w+")


class Known(NamedTuple):
    """A text by a key, and who wrote it, "" where nobody knows."""

    key: str
    writer: str
    text: str


class Like(NamedTuple):
    """A text that is like another one, by its key; `score` is 0 to 100."""

    key: str
    score: float


class Texts:
    """Texts, the oldest first, among which like ones are found."""

    def __init__(self, texts: Iterable[Known] = ()) -> None:
        self._texts: list[tuple[Known, str]] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for one in texts:
            self.add(one)

    def add(self, one: Known) -> None:
        words = WORD.findall(one.text[:MOST_COMPARED].casefold())
        for word in dict.fromkeys(words):
            self._holding[word].append(len(self._texts))
        self._texts.append((one, " ".join(words)))

    def like(self, text: str, most: int, least: float) -> list[Like]:
        """Those that are like a text, the likest first; of such that are as like, the oldest."""
        from rapidfuzz import fuzz  # 30 ms, which only those wait for who compare

        words = WORD.findall(text[:MOST_COMPARED].casefold())
        joined = " ".join(words)
        scored = [(fuzz.token_sort_ratio(joined, self._texts[n][1], score_cutoff=least), -n) for n in self._candidates(words)]
        best = sorted((one for one in scored if one[0] > 0), reverse=True)[:most]
        return [Like(self._texts[-n][0].key, score) for score, n in best]

    def the_same(self, one: Known) -> str:
        """The key of the oldest text of the same writer that says the same, in the same numbers; "" where there is none."""
        from rapidfuzz import fuzz

        words = WORD.findall(one.text[:MOST_COMPARED].casefold())
        joined, is_short = " ".join(words), len(words) < LEAST_WORDS
        for known, other in (self._texts[n] for n in sorted(self._candidates(words))):
            if known.writer != one.writer or _numbers(other.split()) != _numbers(words):
                continue
            whole, shared = fuzz.token_sort_ratio(joined, other), fuzz.token_set_ratio(joined, other)
            if joined == other or (not is_short and whole >= THE_SAME and shared >= SHARED):
                return known.key
        return ""

    def _candidates(self, words: list[str]) -> list[int]:
        held = sorted((len(self._holding[word]), word) for word in dict.fromkeys(words) if word in self._holding)
        counts = Counter(n for _, word in held[:RAREST] for n in self._holding[word][:MOST_COMPARED])
        return [n for n, _ in counts.most_common(MOST_CANDIDATES)]


def _numbers(words: Iterable[str]) -> Counter[str]:
    """What tells one thing from another that is asked about in the same words."""
    return Counter(word for word in words if any(character.isdigit() for character in word))
