"""Which play a message surely is, by the examples of the plays against those of the departments."""

import pkgutil
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from zlib import crc32

import agents.plays.for_a_person as for_a_person
from agents.plays.for_a_person import ticket_state
from agents.requests.lexicon import features, lexicon, words
from agents.requests.reading import read
from agents.routing.learned import HERE, examples, made_from
from agents.routing.listed import listed
from switchboard.declare.play import Play
from switchboard.reading.learning.classifier import Classifier, kept_or_learned, learned_from
from switchboard.reading.left_alone import CUT
from switchboard.search.nearest import Sentences, sentences_of

LEARNED = HERE / "learned_plays.json"
OTHER = "other"
SURE, LIKELY = 0.6, 0.3
"""The probability from which on a sentence is such a request, and from which on it is where the examples nearest to it are;
measured on messages that are in no example.
"""
AS_MANY = 4
"""How often each example of a play is learned: they are few beside the departments'."""
MOST_OF_A_PLAY = 40
"""Examples of a play that stand against what an article answers, or what others do: more would outvote those, which are few."""
MOST_SENTENCES, MOST_OF_ONE = 12, 300
FEWEST_WORDS = 3
"""Words, beside numbers, below which a clause alone says nothing: "delivered 3/9/2026"."""


@cache
def plays() -> dict[str, Play]:
    """The desk's plays by name: every module of `agents.plays.for_a_person` declares one."""
    names = sorted(module.name for module in pkgutil.iter_modules(for_a_person.__path__))
    return {name: import_module(f"{for_a_person.__name__}.{name}").play for name in names}


def learned() -> Classifier:
    """What is learned from the examples of the plays and, as none of them, of the departments."""
    rows = [(sentence, OTHER, 0) for sentence, _ in examples()]
    rows += [(sentence, OTHER, n) for play in plays().values() for sentence in play.unlike for n in range(AS_MANY)]
    rows += [(sentence, play.name, n) for play in plays().values() for sentence in play.examples for n in range(AS_MANY)]
    mixed = sorted(rows, key=lambda row: (crc32(f"{row[0]}{row[2]}".encode()), row))  # learning depends on the order
    return learned_from(((sentence, label) for sentence, label, _ in mixed), lexicon())


def plays_made_from() -> str:
    """A hash of all that learning depends on."""
    files = sorted(Path(str(for_a_person.__file__)).parent.glob("*.py"))
    return sha256("\0".join([made_from(), *(file.read_text("utf-8") for file in files)]).encode()).hexdigest()


@cache
def _sentences() -> Sentences:
    """All examples, to be compared with, in a third of a second: few messages need it."""
    rows = [(sentence, OTHER) for sentence, _ in examples()]
    rows += [(sentence, OTHER) for play in plays().values() for sentence in play.unlike]
    rows += [(sentence, play.name) for play in plays().values() for sentence in play.examples]
    return sentences_of(rows, features)


def nearest_examples(sentence: str) -> str:
    """The play of which the examples nearest to a sentence are; `OTHER` where they are of none."""
    near = _sentences().nearest(sentence)
    return near.label if near else OTHER


@cache
def play_classifier() -> Classifier:
    """From `learned_plays.json`, or learned anew, in two seconds, where that file is missing or was made from others."""
    return kept_or_learned(LEARNED, plays_made_from(), lexicon(), learned)


def telling(sentence: str) -> list[str]:
    return [word for word in words(sentence) if word != "num"]


def play_of(text: str) -> Play | None:
    """The play that a message surely is; None where it is none of them, or may be another."""
    return read(text).once(_play)


def _play(text: str) -> Play | None:
    if read(text).language:
        return None  # the examples tell of English words alone
    parts = [part for item in listed(text) or [text] for part in CUT.split(item)]
    parts = [part for part in parts if part and len(telling(part)) >= FEWEST_WORDS][:MOST_SENTENCES]
    best, found = LIKELY, None
    for sentence in (*parts, text[:MOST_OF_ONE]):
        for name, score in play_classifier().scores(sentence).items():
            if name == OTHER or score < best or not plays()[name].is_named(sentence):
                continue
            if score >= SURE or nearest_examples(sentence) == name:
                best, found = score, name
    if found is None and read(text).facts.ticket_ids and not read(text).facts.order_ids:
        found = ticket_state.play.name
    return plays()[found] if found else None
