"""A small softmax classifier over words: learned at first use from the example sentences in this folder."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent
LIMIT = 2_000  # characters that are read; a matter that is not named by then is not named
EPOCHS = 8
STEP = 2.0  # of the first epoch; each further one is 15 % smaller
GOOD_ENOUGH = 0.05  # an example that is missed by less than this teaches nothing more
CONCEPT_WEIGHT = 2.0  # of a concept against a word

_SPELLINGS = [(re.compile(a), b) for a, b in (
    (r"[‘’`´]", "'"),
    (r"\S+@\S+", " "),
    (r"#?\b[a-z]*-?\d[\w-]*", " num "),
    (r"\bwon'?t\b", "will not"),
    (r"\b(can'?t|cannot)\b", "can not"),
    (r"\b(do|does|did|is|was|are|were|has|have|had|could|would|should)n'?t\b", r"\1 not"),
    (r"'m\b", " am"), (r"'re\b", " are"), (r"'ve\b", " have"), (r"'ll\b", " will"), (r"'d\b", " would"),
    (r"\b(what|where|it|that|there|who|how|when)'?s\b", r"\1 is"),
    (r"\bwi-fi\b", "wifi"),
)]  # fmt: skip
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "e", "y", "al")
_DOES_NOT = re.compile(
    r"\b(not|never|stopped|quit|no longer|unable to|fails to|trouble|refuses to)\b( \w+){0,3} "
    r"(work|open|load|start|connect|respond|turn on|function|play|install|recogni[sz]e|download|print|charg|pair|"
    r"launch|read|accept|show|updat|run)(e|s|ed|ing)?\b"
)


def words(text: str) -> list[str]:
    """Lower-case words of the first `LIMIT` characters: contractions opened, numbers as `num`, no e-mails."""
    text = text[:LIMIT].lower()
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return re.findall(r"[^\W\d_]+", text)


@cache
def stem(word: str) -> str:
    """The word without the first English ending that leaves at least three letters."""
    return next((word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), word)


def word_groups(file_name: str) -> dict[str, list[str]]:
    """Group -> its words, from lines of `group: word word ...`; a group may go over several lines."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in _lines(HERE / file_name):
        group, _, members = line.partition(":")
        groups[group] += members.split()
    return dict(groups)


@cache
def concepts() -> dict[str, list[str]]:
    """Word stem -> the concepts it stands for, from `concepts.txt`."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept, members in word_groups("concepts.txt").items():
        for key in dict.fromkeys(stem(word) for word in members):
            found[key].append(concept)
    return dict(found)


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """(sentence, label) of every line in `examples/LABEL.txt`, in an order that mixes the labels and never changes."""
    rows = [(line, file.stem) for file in (HERE / "examples").glob("*.txt") for line in _lines(file)]
    return tuple(sorted(rows, key=lambda row: (crc32(row[0].encode()), row)))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line.strip()]


def _features(text: str, known: set[str]) -> dict[str, float]:
    """What is seen in a text: words, pairs, letters (against typing errors), concepts, and how much is unknown."""
    plain = words(text)
    stems = [stem(word) for word in plain]
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
    named = sorted({c for s in stems for c in concepts().get(s, ())})
    for i, a in enumerate(named):
        seen["@" + a] = CONCEPT_WEIGHT
        for b in named[i + 1 :]:
            seen[f"@{a} {b}"] = 1.0
    if not named:
        seen["@none"] = 1.0
    if _DOES_NOT.search(" ".join(plain)):
        seen["@does not"] = 1.0
    return seen


class Classifier:
    """Multinomial logistic regression on TF-IDF of `_features`, by stochastic gradient descent. Deterministic."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        rows = list(rows)
        self.labels = sorted({label for _, label in rows})
        counts = Counter(s for text, _ in rows for s in dict.fromkeys(stem(word) for word in words(text)))
        self.known = {s for s, n in counts.items() if n > 1}
        seen = [(_features(text, self.known), self.labels.index(label)) for text, label in rows]
        in_rows = Counter(name for features, _ in seen for name in features)
        self._weight = {name: math.log(1 + len(rows) / n) for name, n in in_rows.items() if n > 1}
        self._slopes = {name: [0.0] * len(self.labels) for name in self._weight}
        self._base = [0.0] * len(self.labels)
        self._learn([(self._vector(features), label) for features, label in seen])

    def _learn(self, rows: list[tuple[list[tuple[list[float], float]], int]]) -> None:
        step = STEP
        for _ in range(EPOCHS):
            for vector, label in rows:
                missed = self._probabilities(vector)
                missed[label] -= 1
                if max(-missed[label], *missed) < GOOD_ENOUGH:
                    continue
                moves = [step * m for m in missed]
                for slopes, x in vector:
                    for i, move in enumerate(moves):
                        slopes[i] -= move * x
                self._base = [b - move / 10 for b, move in zip(self._base, moves, strict=True)]
            step *= 0.85

    def _vector(self, features: dict[str, float]) -> list[tuple[list[float], float]]:
        """(slopes, value) of each feature that is known, at length 1."""
        values = [(self._slopes[f], x * self._weight[f]) for f, x in features.items() if f in self._weight]
        length = math.sqrt(sum(x * x for _, x in values)) or 1.0
        return [(slopes, x / length) for slopes, x in values]

    def _probabilities(self, vector: list[tuple[list[float], float]]) -> list[float]:
        sums = list(self._base)
        for slopes, x in vector:
            for i, slope in enumerate(slopes):
                sums[i] += x * slope
        top = max(sums)
        powers = [math.exp(s - top) for s in sums]
        total = sum(powers)
        return [p / total for p in powers]

    def scores(self, text: str) -> dict[str, float]:
        """Label -> probability; they sum to 1."""
        return dict(zip(self.labels, self._probabilities(self._vector(_features(text, self.known))), strict=True))


@cache
def classifier() -> Classifier:
    """The classifier of this folder's examples; learning takes about half a second, once per process."""
    return Classifier(examples())
