"""A small softmax classifier over words, learned from example sentences and kept in a file."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from switchboard.reading.learning.features import Lexicon, stem

EPOCHS = 8
STEP = 2.0  # of the first epoch; each further one is 15 % smaller
GOOD_ENOUGH = 0.05  # an example that is missed by less than this teaches nothing more
DIGITS = 2  # after the point, of every number that is learned; more would hardly change an answer

Vector = list[tuple[list[float], float]]
"""(slopes, value) of each feature that is seen and known; the values have length 1."""


@dataclass(frozen=True)
class Classifier:
    """Multinomial logistic regression on TF-IDF of `features`."""

    labels: list[str]
    known: frozenset[str]  # word stems that are in more than one example
    rarity: dict[str, float]  # of each feature: the logarithm of 1 + examples / examples that have it
    slopes: dict[str, list[float]]  # of each feature: one per label
    base: list[float]  # one per label
    lexicon: Lexicon

    def scores(self, text: str) -> dict[str, float]:
        """Label -> probability; they sum to 1."""
        return dict(zip(self.labels, self.probabilities(self.vector(self.lexicon.features(text, self.known))), strict=True))

    def vector(self, seen: dict[str, float]) -> Vector:
        values = [(self.slopes[f], x * self.rarity[f]) for f, x in seen.items() if f in self.rarity]
        length = math.sqrt(sum(x * x for _, x in values)) or 1.0
        return [(slopes, x / length) for slopes, x in values]

    def probabilities(self, vector: Vector) -> list[float]:
        sums = list(self.base)
        for slopes, x in vector:
            for i, slope in enumerate(slopes):
                sums[i] += x * slope
        top = max(sums)
        powers = [math.exp(s - top) for s in sums]
        total = sum(powers)
        return [p / total for p in powers]


def learned_from(rows: Iterable[tuple[str, str]], lexicon: Lexicon) -> Classifier:
    """Learn from (sentence, label) rows, by stochastic gradient descent in the order of the rows. Deterministic."""
    rows = list(rows)
    labels = sorted({label for _, label in rows})
    counts = Counter(s for text, _ in rows for s in dict.fromkeys(stem(word, lexicon.language) for word in lexicon.words(text)))
    known = frozenset(s for s, n in counts.items() if n > 1)
    seen = [(lexicon.features(text, known), labels.index(label)) for text, label in rows]
    in_rows = Counter(name for found, _ in seen for name in found)
    rarity = {name: round(math.log(1 + len(rows) / n), DIGITS) for name, n in in_rows.items() if n > 1}
    classifier = Classifier(labels, known, rarity, {name: [0.0] * len(labels) for name in rarity}, [0.0] * len(labels), lexicon)
    descend(classifier, [(classifier.vector(found), label) for found, label in seen])
    for numbers in (classifier.base, *classifier.slopes.values()):
        numbers[:] = [round(n, DIGITS) for n in numbers]
    return classifier


def descend(classifier: Classifier, rows: list[tuple[Vector, int]]) -> None:
    """Move slopes and base, in place, towards what the rows (vector, number of the right label) want."""
    step = STEP
    for _ in range(EPOCHS):
        for vector, label in rows:
            missed = classifier.probabilities(vector)
            missed[label] -= 1
            if max(-missed[label], *missed) < GOOD_ENOUGH:
                continue
            for i, miss in enumerate(missed):
                move = step * miss
                classifier.base[i] -= move / 10
                for slopes, x in vector:
                    slopes[i] -= move * x
        step *= 0.85


def hash_of(files: Iterable[Path]) -> str:
    """A hash of what is learned from, beside the code that learns: these files, by their names."""
    code = [Path(__file__), Path(__file__).with_name("features.py"), Path(__file__).parent.with_name("words.py")]
    return sha256("\0".join(f"{file.name}\0{file.read_text('utf-8')}" for file in (*files, *code)).encode()).hexdigest()


def stored(classifier: Classifier, source: str) -> str:
    """What is kept of it; `source`, the hash of what it was made from, stands first, so that a file that does not fit need not
    be read on.
    """
    whole = {
        "made_from": source,
        "labels": classifier.labels,
        "known": " ".join(sorted(classifier.known)),
        "base": in_units(classifier.base),
        "features": {f: in_units([classifier.rarity[f], *classifier.slopes[f]]) for f in sorted(classifier.rarity)},
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def restored(text: str, lexicon: Lexicon) -> Classifier:
    """The classifier that was stored as this text."""
    whole = json.loads(text)
    both: dict[str, list[int]] = whole["features"]
    rarity = {name: units[0] / 10**DIGITS for name, units in both.items()}
    slopes = {name: [n / 10**DIGITS for n in units[1:]] for name, units in both.items()}
    base = [n / 10**DIGITS for n in whole["base"]]
    return Classifier(whole["labels"], frozenset(whole["known"].split()), rarity, slopes, base, lexicon)


def in_units(numbers: list[float]) -> list[int]:
    """Whole numbers of the smallest unit that is kept: a third shorter than with a point."""
    return [round(n * 10**DIGITS) for n in numbers]


def kept_or_learned(file: Path, source: str, lexicon: Lexicon, learn: Callable[[], Classifier]) -> Classifier:
    """The classifier that is kept in a file, or learned anew where that is missing or was made from something else."""
    text = file.read_text("utf-8") if file.exists() else ""
    return restored(text, lexicon) if text.startswith(f'{{"made_from":"{source}"') else learn()
