"""Which of the sentences that are known a text is nearest to: cosine of TF-IDF, with a vote of the nearest few."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VOTERS = 5
UNKNOWN = 0.6
"""What a feature of no known sentence weighs, as a share of the rarest known one: a text of unknown words is near nothing."""
DIGITS = 3  # after the point, of a rarity
WHOLE = 1000
"""What a feature weighs that is all of a sentence: weights are kept as whole numbers, which are read faster."""
NOWHERE: tuple[Sequence[int], Sequence[int]] = ((), ())

Features = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True)
class Near:
    """The label that the nearest sentences have, how near the nearest of them is, and its share of their vote (0 to 1)."""

    label: str
    likeness: float
    share: float


class Sentences:
    """Labelled sentences, to be compared with; `features` says what is seen of a text, and how strongly.

    `rarity` is that of each feature, and `held` says of each one in which sentences it is, by their numbers, and what it weighs
    there, of `WHOLE`.
    """

    def __init__(
        self,
        labels: Sequence[str],
        rarity: Mapping[str, float],
        held: Mapping[str, tuple[Sequence[int], Sequence[int]]],
        features: Features,
    ) -> None:
        self.labels, self.rarity, self.held, self._features = labels, rarity, held, features
        self._unknown = UNKNOWN * max(rarity.values(), default=0.0)

    def nearest(self, text: str) -> Near | None:
        """The label of the sentences nearest to a text; None where it shares nothing with any."""
        likeness: defaultdict[int, float] = defaultdict(float)
        for name, weight in _weighed(self._features(text), self.rarity, self._unknown).items():
            for row, other in zip(*self.held.get(name, NOWHERE), strict=True):
                likeness[row] += weight * other / WHOLE
        best = sorted(likeness, key=lambda row: (-likeness[row], row))[:VOTERS]
        if not best:
            return None
        votes: defaultdict[str, float] = defaultdict(float)
        for row in best:
            votes[self.labels[row]] += likeness[row] ** 2
        label = max(votes, key=lambda name: votes[name])
        near = max(likeness[row] for row in best if self.labels[row] == label)
        return Near(label, near, votes[label] / sum(votes.values()))


def sentences_of(rows: Iterable[tuple[str, str]], features: Features) -> Sentences:
    """The sentences of (sentence, label) rows."""
    seen = [(features(sentence), label) for sentence, label in rows]
    counts = Counter(name for found, _ in seen for name in found)
    rarity = {name: round(math.log(1 + len(seen) / n), DIGITS) for name, n in counts.items()}
    held: dict[str, tuple[list[int], list[int]]] = {name: ([], []) for name in rarity}
    for row, (found, _) in enumerate(seen):
        for name, weight in _weighed(found, rarity, 0.0).items():
            held[name][0].append(row)
            held[name][1].append(round(weight * WHOLE))
    return Sentences([label for _, label in seen], rarity, held, features)


def stored(sentences: Sentences, source: str) -> str:
    """What is kept of them; `source`, the hash of what they were made from, stands first."""
    held = {name: [sentences.rarity[name], *places] for name, places in sentences.held.items()}
    whole = {"made_from": source, "labels": sentences.labels, "held": held}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def kept_or_made(file: Path, source: str, features: Features, make: Callable[[], Sentences]) -> Sentences:
    """The sentences that are kept in a file, or made anew where that is missing or was made from something else."""
    text = file.read_text("utf-8") if file.exists() else ""
    if not text.startswith(f'{{"made_from":"{source}"'):
        return make()
    whole = json.loads(text)
    rarity = {name: rare for name, (rare, _, _) in whole["held"].items()}
    held = {name: (at, weights) for name, (_, at, weights) in whole["held"].items()}
    return Sentences(whole["labels"], rarity, held, features)


def _weighed(found: Mapping[str, float], rarity: Mapping[str, float], unknown: float) -> dict[str, float]:
    weights = {name: value * rarity.get(name, unknown) for name, value in found.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {name: weight / length for name, weight in weights.items()}
