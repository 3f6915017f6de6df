"""What is none of the shop's: a bank's card, a flight, the program of another; and which passage says who does that."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

from agents.requests.lexicon import lexicon, words
from agents.requests.reading import read
from agents.routing.danger import danger_of
from agents.routing.plays import plays
from switchboard.reading.learning.classifier import Classifier, hash_of, kept_or_learned, learned_from
from switchboard.reading.learning.features import stem
from switchboard.reading.left_alone import CUT
from switchboard.reading.words import lines, word_groups
from switchboard.search.index import index_of
from switchboard.search.passages import Passage
from tools.knowledge import ARTICLES

HERE = Path(__file__).parent
NAMES, OURS = HERE / "foreign" / "names.txt", HERE / "foreign" / "ours.txt"
EXAMPLES = HERE / "examples"
ANY = "not-offered-services.md#questions-beside-our-goods"
"""The passage on whatever has no passage of its own."""
LEARNED = HERE / "learned_elsewhere.json"
NOT_OFFERED = "not-offered"
"""What the files of the articles on it begin with."""
OWN, FOREIGN = "own", "foreign"
AS_MANY = 2
"""How often a sentence about what is ours in the words of others is learned."""
STAR, GOODS = "*", "ours"
UNMISTAKABLE, SURE, SURE_UNNAMED = 0.05, 0.5, 0.97
"""The probability from which on a text is about what others do: with a word that hardly means anything else, with one that
names it, and with none.
"""
SURE_BESIDE_OURS = 0.9
"""The probability that is needed where goods of the shop or its deliveries are spoken of too."""
OF_OUR_POST = re.compile(
    r"\b(?:(?:my|the|an|this|that) orders?|ordered|parcels?|couriers?|shipments?|ship|shipping|deliver\w*|invoices?|tracking|"
    r"fernhill|(?:write|mail|text|send it) to me|your (?:e-?)?mails?|(?:e-?)?mails? from you)\b",
    re.IGNORECASE,
)
LEFT_OPEN = 0.04
"""The probability of a whole text below which no part of it makes it another's."""
FEWEST_WORDS, KNOWN = 5, 0.7
"""Words of a text that names nothing, and the share of them that was learned: a text of unknown words says nothing."""
SPEAKS_OF_US = re.compile(
    r"\b(?:orders?|ordered|purchase\w*|bought|parcels?|couriers?|packages?|shipments?|deliver\w*|tracking|"
    r"your|fernhill|plus|shop|store|site|website|charg\w+|refund\w*|password|discount\w*)\b",
    re.IGNORECASE,
)
"""What a part of a text speaks of that another part does not make another's."""
MOST_SENTENCES, MOST_OF_ONE = 12, 300


@cache
def not_offered() -> dict[str, Passage]:
    """The passages on what the shop does not offer, by their citation."""
    return {cited: one for cited, one in index_of(ARTICLES).sections.items() if cited.startswith(NOT_OFFERED) and one.asked}


@cache
def names() -> dict[str, dict[str, float]]:
    """Citation -> what names it, one to four words -> the probability that is enough beside it."""
    groups = word_groups(NAMES)
    return {cited: dict(map(_name, groups[one.anchor])) for cited, one in not_offered().items()}


def _name(written: str) -> tuple[str, float]:
    return written.rstrip(STAR).replace("_", " "), UNMISTAKABLE if written.endswith(STAR) else SURE


@cache
def goods() -> frozenset[str]:
    """The words for the shop's own goods."""
    return frozenset(word_groups(NAMES)[GOODS])


def rows() -> list[tuple[str, str]]:
    """(sentence, citation or `own`) of all that is learned from."""
    found = [(line, cited) for cited, one in not_offered().items() for line in (*one.asked, one.heading)]
    found += [(name, cited) for cited, said in names().items() for name in said for _ in (1, 2)]
    found += [(line, OWN) for line in lines(OURS) if not line.startswith("#") for _ in range(AS_MANY)]
    ours = (one for cited, one in index_of(ARTICLES).sections.items() if cited not in not_offered())
    found += [(line, OWN) for one in ours for line in (*one.asked, one.heading)]
    found += [(example, OWN) for play in plays().values() for example in (*play.examples, *play.unlike)]
    found += [(line, OWN) for line in lines(EXAMPLES / "orders.txt")]
    found += [(line, named(line) or ANY) for line in lines(EXAMPLES / "general-errands.txt")]
    others = (line for name in ("account", "billing", "sales", "support") for line in lines(EXAMPLES / f"{name}.txt"))
    found += [(line, cited) for line in others if (cited := named(line, UNMISTAKABLE))]
    return sorted(found, key=lambda row: (crc32(row[0].encode()), row))


def named(sentence: str, enough: float = SURE) -> str:
    """The passage that most words of a sentence name, where this probability is enough beside them; empty where none does."""
    said = words(sentence)
    groups = {" ".join(said[at : at + n]) for n in (1, 2, 3, 4) for at in range(len(said))}
    found = {c: sum(_weight(name, known) for name in groups if known.get(name, 2.0) <= enough) for c, known in names().items()}
    best = max(found, key=lambda cited: found[cited])
    return best if found[best] else ""


def _weight(name: str, known: dict[str, float]) -> int:
    """How much a name says: several words say more than one, and what is unmistakable says more than what is not."""
    return len(name.split()) + (known[name] == UNMISTAKABLE)


def learned() -> Classifier:
    return learned_from(((sentence, OWN if cited == OWN else FOREIGN) for sentence, cited in rows()), lexicon())


def elsewhere_made_from() -> str:
    """A hash of all that learning depends on."""
    return hash_of([*sorted(ARTICLES.glob("*.md")), *sorted(EXAMPLES.glob("*.txt")), NAMES, OURS])


@cache
def elsewhere_classifier() -> Classifier:
    return kept_or_learned(LEARNED, elsewhere_made_from(), lexicon(), learned)


def elsewhere(text: str) -> str:
    """The citation of the passage that says whose a matter is that is none of the shop's; empty for what may be ours."""
    return read(text).once(_elsewhere)


def is_all_elsewhere(text: str, matters: Sequence[str]) -> bool:
    """Whether a message as a whole is about what is none of the shop's, and none of its matters speaks of an order."""
    return bool(elsewhere(text)) and not any(speaks_of_us(one) for one in matters if not elsewhere(one))


def _elsewhere(text: str) -> str:
    facts = read(text).facts
    if facts.order_ids or facts.item_ids or facts.product_ids or facts.ticket_ids or facts.error_codes or danger_of(text):
        return ""
    if read(text).language:
        return ""
    whole = text[:MOST_OF_ONE]
    if (found := _of(whole)) or foreign(whole) < LEFT_OPEN:
        return found
    parts = [part for part in CUT.split(text) if part][:MOST_SENTENCES]
    theirs = {part: cited for part in parts if (cited := _of(part))}
    return "" if any(speaks_of_us(part) for part in parts if part not in theirs) else next(iter(theirs.values()), "")


def speaks_of_us(text: str) -> bool:
    """Whether a text speaks of an order, of the shop or of its goods."""
    return bool(SPEAKS_OF_US.search(text)) or not goods().isdisjoint(words(text))


def _of(sentence: str) -> str:
    likely, said = foreign(sentence), words(sentence)
    if likely < SURE_BESIDE_OURS and (OF_OUR_POST.search(sentence) or not goods().isdisjoint(said)):
        return ""
    says_much = likely >= SURE_UNNAMED and len(said) >= FEWEST_WORDS and _are_known(said)
    return named(sentence, likely) or (ANY if says_much else "")


def foreign(sentence: str) -> float:
    """How likely it is, 0 to 1, that a sentence is about what is none of the shop's."""
    return elsewhere_classifier().scores(sentence)[FOREIGN]


def _are_known(said: list[str]) -> bool:
    return sum(stem(word) in elsewhere_classifier().known for word in said) >= KNOWN * len(said)
