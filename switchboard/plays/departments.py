"""Whose matter a message is, by example sentences of each department: learned in a moment, and sure or silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path

from switchboard.plays.which import NONE, features_of, small_talk_rows
from switchboard.reading.learning.classifier import Classifier, hash_of, kept_or_learned, learned_from, stored
from switchboard.reading.learning.features import Lexicon
from switchboard.search.nearest import Sentences, sentences_of

SURE, LIKELY = 0.8, 0.5
"""Of the classifier: surely, where the nearest example is not far; and likely enough where the nearest ones agree."""
ALIKE, FAR, AGREED = 0.4, 0.2, 0.5
"""How near the nearest example is, and which share of the vote of the nearest ones is of that department."""


@dataclass(frozen=True)
class Routed:
    """Where a message belongs; "" is nobody's for sure. `confidence` is a probability, 0 to 1."""

    department: str
    confidence: float


class Router:
    """Finds the department of a message by `examples`, department -> sentences of its customers. What it learned may be `kept`
    in a file; it is learned anew where that was made from other sentences.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]], language: str = "en", kept: Path | None = None) -> None:
        rows = {(sentence, name) for name, sentences in examples.items() for sentence in sentences}
        self.rows = sorted({*rows, *small_talk_rows(language)}) if rows else []
        self._lexicon, self._kept = Lexicon({}, (), language), kept

    def route(self, text: str) -> Routed:
        """The department that the words surely are of, else none."""
        near = self._sentences.nearest(text) if self.rows and text.strip() else None
        if near is None:
            return Routed(NONE, 0.0)
        scores = self._classifier.scores(text)
        best = max(scores, key=lambda name: (scores[name], name))
        agrees = near.label == best and near.likeness >= ALIKE and near.share >= AGREED
        is_sure = scores[best] >= SURE and near.likeness >= FAR
        if best != NONE and (is_sure or (scores[best] >= LIKELY and agrees)):
            return Routed(best, scores[best])
        return Routed(NONE, scores[best] if best == NONE else 1 - scores[best])

    @cached_property
    def made_from(self) -> str:
        """A hash of all that learning depends on: the sentences, the language, and the code that learns."""
        texts = "\0".join(f"{name}\0{sentence}" for sentence, name in self.rows)
        return sha256(f"{hash_of(())}\0{self._lexicon.language}\0{texts}".encode()).hexdigest()

    def as_kept(self) -> str:
        """What is learned, as a file keeps it."""
        return stored(learned_from(self.rows, self._lexicon), self.made_from)

    @cached_property
    def _classifier(self) -> Classifier:
        learn = partial(learned_from, self.rows, self._lexicon)
        return kept_or_learned(self._kept, self.made_from, self._lexicon, learn) if self._kept else learn()

    @cached_property
    def _sentences(self) -> Sentences:
        return sentences_of(self.rows, partial(features_of, self._lexicon.language))
