"""What the desk has learned of its departments, from the example sentences in this folder; kept in `learned.json`."""

from functools import cache
from pathlib import Path
from zlib import crc32

from agents.requests.lexicon import CONCEPTS, lexicon
from switchboard.reading.learning.classifier import Classifier, hash_of, kept_or_learned, learned_from
from switchboard.reading.words import lines

HERE = Path(__file__).parent
LEARNED = HERE / "learned.json"


def examples() -> list[tuple[str, str]]:
    """(sentence, label) of every line in `examples/LABEL.txt` and `LABEL-WHAT.txt`, in an order that mixes the labels and never
    changes.
    """
    rows = [(line, file.stem.partition("-")[0]) for file in (HERE / "examples").glob("*.txt") for line in lines(file)]
    return sorted(rows, key=lambda row: (crc32(row[0].encode()), row))


def made_from() -> str:
    """A hash of all that learning depends on: the examples, the concepts, and the code that learns from them."""
    return hash_of([*sorted((HERE / "examples").glob("*.txt")), CONCEPTS, CONCEPTS.with_name("lexicon.py")])


def learned() -> Classifier:
    return learned_from(examples(), lexicon())


@cache
def classifier() -> Classifier:
    """From `learned.json`, in 20 ms, or learned anew, in half a second, where that file is missing or was made from others
    (`python -m agents.learn` writes it)."""
    return kept_or_learned(LEARNED, made_from(), lexicon(), learned)
