"""Danger that is told in words of no closed list: likeness to messages that tell of some, against all that the desk is asked.

The examples are in `dangers/`: a file for each kind, in seven languages, and `none.txt` for what only sounds like it.
"""

import re
from functools import cache
from hashlib import sha256
from typing import cast
from zlib import crc32

from agents.requests.lexicon import features, lexicon
from agents.requests.reading import read
from agents.routing import learned as departments
from agents.routing.learned import HERE, examples
from agents.routing.plays import plays
from switchboard.reading.danger import Danger, Kind
from switchboard.reading.languages import language_of
from switchboard.reading.learning.classifier import Classifier, kept_or_learned, learned_from
from switchboard.reading.words import lines
from switchboard.search.nearest import Sentences, sentences_of

GOODS, FOLDER, LEARNED = HERE / "goods.txt", HERE / "dangers", HERE / "learned_dangers.json"
ASKED_OF_GOODS = (
    "I want to exchange the {} for a bigger one", "please cancel the {} in my order", "return the {} and the other one",
    "is the {} available in black or grey?", "how much is the {}?", "where is the {} that I ordered?",
    "I no longer need the {}", "the {} does not work", "the {}, the cheaper one please", "both, the {} from the first order",
    "the {} came in the wrong colour", "what is the {} made of, and how heavy is it?", "and then the {}, please",
    "now the {} as well", "yes, but keep the {}", "the {} from my other order too",
)  # fmt: skip
"""What is asked of any goods: that a thing is named tells of no danger. Each of them is asked some of these."""
OF_EACH = 4
NONE = "none"
SURE, LIKELY = 0.85, 0.4
"""The probability, of all kinds together, from which on a sentence tells of danger, and from which on it does where the
examples that it is nearest to do, too.

Measured on messages by other hands than the examples (tests/data): 92 of 100 that tell of danger are noticed, and 6 of 250 that
do not; of 1,073 of public sets, and of 397 in conversations on orders, none is.
"""
LANGUAGES = ("", "de", "fr", "es", "it", "nl", "pt")
"""Those of the examples; in another one what is unknown looks like anything."""
SENTENCE, MOST_SENTENCES, FEWEST_WORDS, MOST_WORDS_TOLD = re.compile(r"(?<=[.!?;])\s+|\n+"), 40, 3, 200


def danger_of(text: str) -> Danger | None:
    """The danger that a text tells of, in words that always do or much like those that do; None where it tells of none."""
    return read(text).danger or read(text).once(_alike)


def _alike(text: str) -> Danger | None:
    """The danger of the sentence, or of the whole text, that is most surely like those which tell of some."""
    best, found, language = LIKELY, None, language_of(text)
    if language not in LANGUAGES:
        return None
    parts = [part for part in (*SENTENCE.split(text)[:MOST_SENTENCES], text) if len(part.split()) >= FEWEST_WORDS]
    for sentence in dict.fromkeys(parts):
        scores = _classifier().scores(sentence)
        score = 1 - scores.pop(NONE)
        if score >= best and (score >= SURE or is_nearest_to_some(sentence)):
            best, found = score, (max(scores, key=lambda kind: scores[kind]), sentence)
    return Danger(cast(Kind, found[0]), found[1][:MOST_WORDS_TOLD], language) if found else None


def is_nearest_to_some(sentence: str) -> bool:
    near = _sentences().nearest(sentence)
    return near is not None and near.label != NONE


@cache
def _sentences() -> Sentences:
    """All examples, to be compared with, in half a second: few messages need it."""
    return sentences_of(_rows(), features)


def _rows() -> list[tuple[str, str]]:
    rows = [(line, file.stem) for file in FOLDER.glob("*.txt") for line in lines(file)]
    rows += [(sentence, NONE) for sentence, _ in examples()]
    rows += [(sentence, NONE) for play in plays().values() for sentence in play.examples]
    rows += [(ASKED_OF_GOODS[(i * OF_EACH + n) % len(ASKED_OF_GOODS)].format(one), NONE)
             for i, one in enumerate(lines(GOODS)) for n in range(OF_EACH)]  # fmt: skip
    return sorted(rows, key=lambda row: (crc32(row[0].encode()), row))


def learned() -> Classifier:
    """What is learned from the examples of danger and, as none of it, from all that the desk is asked."""
    return learned_from(_rows(), lexicon())


def dangers_made_from() -> str:
    """A hash of all that learning depends on."""
    kinds = "\0".join(file.name + file.read_text("utf-8") for file in sorted(FOLDER.glob("*.txt")))
    asked = "\0".join(sentence for play in plays().values() for sentence in play.examples)
    goods = GOODS.read_text("utf-8") + "\0".join(ASKED_OF_GOODS)
    return sha256("\0".join([departments.made_from(), kinds, asked, goods]).encode()).hexdigest()


@cache
def _classifier() -> Classifier:
    """From `learned_dangers.json`, or learned anew, in some seconds, where that file is missing or was made from others."""
    return kept_or_learned(LEARNED, dangers_made_from(), lexicon(), learned)
