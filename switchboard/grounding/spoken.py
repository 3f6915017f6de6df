"""The clauses of a text, and the deeds that they name."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from switchboard.declare.vocabulary import Deed
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.grounding.wording import accented, clauses, folded, sentences

CARRIED_ON = 50
"""So many words go on into the next clause, at most."""


class Clause(NamedTuple):
    """Some words that belong together: with their accents, and without; the sentence, and whether a condition came before."""

    accented: list[str]
    words: list[str]
    sentence: str
    text: str
    conditional: bool


def clauses_of(text: str, tongue: Tongue) -> Iterator[Clause]:
    """The clauses of a text. One that has no verb of its own goes on with the one before it."""
    for sentence in sentences(text):
        conditional, before = False, list[str]()
        for part in clauses(sentence):
            spoken = accented(part)
            plain = [folded(word) for word in spoken]
            if before and not (set(plain) & (tongue.perfect | tongue.present | tongue.me)):
                spoken = [*before, *spoken]
                plain = [folded(word) for word in spoken]
            yield Clause(spoken, plain, sentence, part, conditional)
            conditional = conditional or bool(tongue.conditions & set(plain))
            before = spoken[-CARRIED_ON:]


def named(evidence: Evidence, spoken: Sequence[str]) -> Iterator[tuple[int, Deed]]:
    """The deeds that a clause names, each with the place of the word."""
    for deed in evidence.vocabulary.deeds:
        for form in deed.words:
            one, _, other = form.partition("+")
            places = [place for place, word in enumerate(spoken) if word.startswith(one)]
            if not other or any(word.startswith(other) for word in spoken):
                yield from ((place, deed) for place in places)
