"""Which of the sentences that are known a text is nearest to: cosine of TF-IDF, with a vote of the nearest few."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

VOTERS = 5
UNKNOWN = 0.6
"""What a feature of no known sentence weighs, as a share of the rarest known one: a text of unknown words is near nothing."""

Features = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True)
class Near:
    """The label that the nearest sentences have, how near the nearest of them is, and its share of their vote (0 to 1)."""

    label: str
    likeness: float
    share: float


class Sentences:
    """Labelled sentences, to be compared with; `features` says what is seen of a text, and how strongly."""

    def __init__(self, rows: Iterable[tuple[str, str]], features: Features) -> None:
        seen = [(features(sentence), label) for sentence, label in rows]
        self._features, self._labels = features, [label for _, label in seen]
        counts = Counter(name for found, _ in seen for name in found)
        self._rarity = {name: math.log(1 + len(seen) / n) for name, n in counts.items()}
        self._unknown = UNKNOWN * max(self._rarity.values(), default=0.0)
        self._held: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, (found, _) in enumerate(seen):
            for name, weight in self._weighed(found).items():
                self._held[name].append((row, weight))

    def _weighed(self, found: Mapping[str, float]) -> dict[str, float]:
        weights = {name: value * self._rarity.get(name, self._unknown) for name, value in found.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {name: weight / length for name, weight in weights.items()}

    def nearest(self, text: str) -> Near | None:
        """The label of the sentences nearest to a text; None where it shares nothing with any."""
        likeness: defaultdict[int, float] = defaultdict(float)
        for name, weight in self._weighed(self._features(text)).items():
            for row, other in self._held.get(name, ()):
                likeness[row] += weight * other
        best = sorted(likeness, key=lambda row: (-likeness[row], row))[:VOTERS]
        if not best:
            return None
        votes: defaultdict[str, float] = defaultdict(float)
        for row in best:
            votes[self._labels[row]] += likeness[row] ** 2
        label = max(votes, key=lambda name: votes[name])
        near = max(likeness[row] for row in best if self._labels[row] == label)
        return Near(label, near, votes[label] / sum(votes.values()))
