"""The sentences of the sources that answer a question best, each as a quote that leads back to its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePath

from pydantic import BaseModel

from switchboard.reports.asked import ASKS_TABLE, NAME, ORDERS, named_in
from switchboard.reports.tables import cells_of
from switchboard.reports.words.language import saying_nothing
from switchboard.reports.words.measures import Measure, measure_of, needed
from switchboard.reports.words.stems import stem, stems
from switchboard.search.copies import adds
from switchboard.search.index import Index
from switchboard.search.passages import Passage

MOST_PASSAGES = 24
"""Read for a question."""
MOST_PER_SECTION, MOST_LISTED = 3, 8
"""Sentences of a section, and rows of a table that is asked for as a whole."""
SHORTEST, LONGEST, MOST_WITH_LIST = 20, 500, 600
"""Characters of a sentence that says something and can be read."""
ON_IT, SAYS_IT, NAMES_IT = 0.5, 0.3, 0.5
"""The least share of the question, rare words counting more, that a passage holds with its headings, and a sentence in itself.
What a heading names counts as half said."""
ASKS_FOR_ALL = 0.8
"""The least share that the headings of a short table hold of a question about all of its rows."""
FRAGMENT = 0.6
"""What a sentence is worth whose beginning stands elsewhere."""
NAMED = 1.5
"""How much more a name in a question counts than its other words: it has no synonym."""
LETTERS = 0.6
"""The least share of letters in what is a sentence, and no code, address or list of names of versions."""
LEANING = re.compile(
    r"(?:It|This|These|They|That|Those|Others?|Such|Then|But|Here|Both|Only)\b"
    r"|(?:In that case|If they|If it|The rest|The gain)\b"
)
"""How a sentence begins that leans on the one before it, with which it is quoted, and says little when it stands alone."""
ASKS_NUMBER = re.compile(
    r"""\bhow\ (?:much|many|long|often|far|old|fast|big|high|hot|large|heavy|expensive)\b|\bwhen\b
    |\bwhat\ (?:is\ the\ )?(?:price|cost|rate|amount|number|year|date|percentage|share|size|temperature)\b""",
    re.IGNORECASE | re.VERBOSE,
)
BULLET = re.compile(r"\A\s*(?:[-*+•·]|\d{1,3}[.)]|\([a-z\d]{1,3}\))\s+")
BLOCKS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+•·]|\d{1,3}[.)])\s|[A-Z][\w-]{1,40}:[ \t]\S)")
FIELD = re.compile(r"[A-Z][\w-]{1,40}: (?![A-Z][a-z]+ [a-z])\S.{0,200}(?<![.!?])")
"""A line of a head or a form, such as "Width: 20 cm"."""
UNTOLD = re.compile(r"\S{0,300}://\S{0,300}|<[^<>]{0,300}>|\S{0,80}::\S{0,80}|`{3}")
"""Addresses, tags and marks, which tell a reader nothing."""
WORD = re.compile(r"[^\W\d_]{2,}")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,?\d{3}){0,3}(?:\.\d{1,2})?(?![\w]|[.,]\d)")
NAVIGATES = re.compile(r"(?:Next|Prev(?:ious)?|Up|Home|Contents): ")
"""How a line of a manual begins that leads to its other pages."""
ASKING = frozenset(("happen", "allow", "say", "tell"))
"""Stems of words that belong to the question alone."""
COUNTING = """
    add added altogether amount average combined count highest least lowest maximum mean median minimum number overall row sum
    table total totals gesamt gesamte gesamten summe durchschnitt tabelle total totale somme moyenne tableau suma promedio tabla
"""
"""Words of computing: a row of totals answers what it is the total of, and no other question."""
RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+\s*")


class Quote(BaseModel):
    """A sentence of a source, or a row of one of its tables. `score` (0 to 1) is the share of the question that it holds."""

    text: str
    citation: str
    title: str
    heading: str
    score: float


@dataclass(frozen=True)
class _Candidate:
    text: str
    passage: Passage
    own: frozenset[str]
    above: frozenset[str]
    is_row: bool
    follows: int
    """How many sentences of the passage stand before it."""
    is_listed: bool
    """A row of a table that is asked for as a whole."""


def best_sentences(index: Index, question: str, most: int = 6, about: str = "") -> list[Quote]:
    """At most so many sentences on a question, best first, each said once; none where the sources are about something else.

    `about` is the wider question that it is a part of: its words choose among what answers.
    """
    weights = _by_stem(_telling(index, question), _names(question))
    if not weights:
        return []
    whole = _by_stem(_telling(index, about), _names(about)) if about else {}
    wider = {stem: weight for stem, weight in whole.items() if stem not in weights}
    named, in_table = named_in(question, about), bool(ASKS_TABLE.search(f"{question} {about}"))
    measure = measure_of(question)
    looked_up = [question, f"{question} {measure.words}"] if measure else [question]
    ranked_ones = {(one.citation, one.text): one for query in looked_up[::-1] for one in index.search(query, MOST_PASSAGES)}
    passages = [one for one in ranked_ones.values() if named.stand_in(one, index.document)]
    found = [one for passage in passages for one in _on_it(passage, weights, measure, in_table=in_table)]
    if tells := needed(question):
        found = [one for one in found if one.is_row or tells.search(f"{one.passage.heading} {one.text}")]
    wants_number = bool(ASKS_NUMBER.search(f"{question} {about}"))
    ranked = sorted(found, key=lambda one: (-_worth(one, weights, wider, wants_number), one.passage.citation, one.follows))
    if in_table:  # in the order of its rows, the table of the best one first
        best = [one.passage.source for one in ranked]
        ranked = sorted(found, key=lambda one: (best.index(one.passage.source), _row_of(one.passage), one.follows))
    chosen: list[_Candidate] = []
    for one in ranked:
        if len(chosen) < most and _adds_to(chosen, one):
            chosen.append(one)
    return [
        Quote(
            text=one.text,
            citation=one.passage.citation,
            title=one.passage.title,
            heading=one.passage.heading,
            score=round(_share(one.own | one.above, weights), 2),
        )
        for one in chosen
    ]


def sentences_in(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a text, word for word but for how lines are broken, and the rows of its tables below their header, which
    are told so; headings, running heads and bare names are none.
    """
    lines = text.splitlines()
    rows = {n: line for n, line in enumerate(lines) if line.lstrip().startswith("|")}
    for n in rows:
        if n - 1 in rows and not RULE.fullmatch(lines[n].strip()):
            yield " ".join(lines[n].split()), True
    kept = ("" if n in rows or line.lstrip().startswith("#") else line for n, line in enumerate(lines))
    for block in BLOCKS.split("\n".join(kept)):
        whole = " ".join(BULLET.sub("", block, count=1).split())
        if NAVIGATES.match(whole):
            continue
        if FIELD.fullmatch(whole):
            yield whole, True
            continue
        for sentence in re.split(r"(?<=[.!?])\s+(?=[\W_]?[^\W_a-z])", whole):
            if _says_something(sentence, is_whole=sentence == whole):
                yield sentence, False


def _says_something(sentence: str, *, is_whole: bool) -> bool:
    """A sentence that ends as one, or a list's item of some words, which are mostly written small."""
    words = WORD.findall(UNTOLD.sub(" ", sentence))
    if not SHORTEST <= len(sentence) <= LONGEST or len(words) < 4 or not _reads(sentence):
        return False
    ends = sentence.rstrip("\"'”’)*_").endswith((".", "!", ":", ";"))
    named = sum(word[0].isupper() for word in words) > len(words) / 2
    return ends if named else ends or (is_whole and len(words) >= 6)


def _reads(text: str) -> bool:
    """Whether it is words, with numbers among them, and no code, output or list of addresses."""
    told = NUMBER.sub("", UNTOLD.sub(" ", text))
    return sum(map(len, WORD.findall(told))) >= LETTERS * len(told)


def _on_it(passage: Passage, weights: Mapping[str, float], measure: Measure | None, *, in_table: bool) -> Iterator[_Candidate]:
    above = stems(f"{passage.title} {passage.heading} {PurePath(passage.source).stem}")
    if _share(_held(passage.text, measure) | above, weights) < ON_IT:
        return
    head = _header(passage.text)
    sentences = [*sentences_in(passage.text)]
    is_listed = sum(is_row for _, is_row in sentences) <= MOST_LISTED and _share(above | head, weights) >= ASKS_FOR_ALL
    whole = " ".join(passage.text.split())
    question = frozenset[str]()
    of = {name: weight for name, weight in weights.items() if name not in stems(COUNTING)} or weights
    thing = {name: weight for name, weight in weights.items() if not (measure and name in measure.adjectives | measure.leaning)}
    if in_table:  # the first rows of the one that its headings say is meant, and nothing else
        is_listed = bool(head) and _share(above | head, of) >= ON_IT * sum(of.values())
    for n, (text, is_row) in enumerate(sentences):
        if ORDERS.search(text) or (in_table and not (is_row and is_listed)):
            continue
        if text.endswith("?"):  # what follows answers it
            question = stems(text)
            continue
        before = sentences[n - 1][0] if n and LEANING.match(text) else ""
        if before and not before.endswith("?") and len(joined := f"{before} {text}") <= LONGEST and joined in whole:
            text = joined
        if text.endswith(":") and not is_row:
            text = _with_list(text, passage.text)
        answers = n > 0 and sentences[n - 1][0].endswith("?")
        own = _held(text, measure) | question if answers else _held(text, measure)
        around = above | question | (head if is_row else frozenset())
        if _share(own | around, of) < (ON_IT * sum(of.values()) if is_row else min(of.values())):
            continue
        if measure and _share(own | around, thing) < ON_IT * sum(thing.values()):
            continue  # how long something else is
        listed = is_listed and is_row
        if listed or _share(own, weights) >= SAYS_IT or (own & weights.keys() and _said(own, around, weights) >= NAMES_IT):
            yield _Candidate(text, passage, own, around, is_row, n, listed)


def _held(text: str, measure: Measure | None) -> frozenset[str]:
    return measure.held(text) if measure else stems(text)


def _with_list(text: str, source: str) -> str:
    """A sentence that opens a list with as much of the list as can be read, word for word; alone where nothing follows."""
    opens = re.search(r"\s+".join(map(re.escape, text.split())), source)
    if opens is None:
        return text
    first, *more = re.split(r"\n\s*\n", source[opens.end() : opens.end() + 2 * MOST_WITH_LIST].strip("\n") + "\n")
    items = [first, *takewhile(BULLET.match, more)]
    whole = " ".join(" ".join(items).split())
    rest = whole[: MOST_WITH_LIST - len(text)]
    ends = [found.end() for found in re.finditer(r"[.;!?](?=\s|$)|\S(?=\s[-*•]\s)", rest)]
    listed = rest if rest == whole and len(source) < opens.end() + 2 * MOST_WITH_LIST else rest[: ends[-1]] if ends else ""
    return f"{text} {listed}" if listed and _reads(listed) else text


def _row_of(passage: Passage) -> int:
    """Where the part of a table begins that a passage is."""
    number = re.search(r"\d+", passage.anchor)
    return int(number[0]) if number else 0


def _header(text: str) -> frozenset[str]:
    return stems(next((line for line in text.splitlines() if line.lstrip().startswith("|")), ""))


def _names(question: str) -> frozenset[str]:
    """The stems of the names in a question; of one that is written like a heading none is told from its other words."""
    found = stems(" ".join(NAME.findall(question)))
    return found if 2 * len(found) <= len(stems(question)) else frozenset()


def _telling(index: Index, question: str) -> dict[str, float]:
    """What each word of a question weighs, but for those that every other sentence of its language holds."""
    weights, small = index.weights(question), saying_nothing(question)
    return {word: weight for word, weight in weights.items() if word not in small} or weights


def _by_stem(weights: Mapping[str, float], names: frozenset[str]) -> dict[str, float]:
    """The share of each stem in the whole: no word that the sources do not hold counts more than their rarest one does."""
    found: dict[str, float] = {}
    for word, weight in weights.items():
        if stem(word) in ASKING and len(weights) > 2:
            continue
        counted = weight * (NAMED if stem(word) in names else 1.0)
        found[stem(word)] = max(counted, found.get(stem(word), 0.0))
    whole = sum(found.values()) or 1.0
    return {name: weight / whole for name, weight in found.items()}


def _share(held: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weight for name, weight in weights.items() if name in held)


def _said(own: frozenset[str], above: frozenset[str], weights: Mapping[str, float]) -> float:
    return _share(own, weights) + _share(above - own, weights) / 2


def _worth(one: _Candidate, weights: Mapping[str, float], wider: Mapping[str, float], wants_number: bool) -> float:
    said = _said(one.own, one.above, weights) + _said(one.own, one.above, wider) / 2
    has_number = bool(re.search(r"\d", one.text))
    number = (1.4 if wants_number else 1.1) if has_number else 1.0
    form = (
        FRAGMENT
        if one.text.endswith(":")
        else 0.5
        if LEANING.match(one.text)
        else (1.0 if wants_number else 0.8)
        if one.is_row
        else 1.0
    )
    about = stems(cells_of(one.text)[0]) if one.is_row else frozenset[str]()
    form = 1.2 if about and about <= weights.keys() else form  # the row of what is asked for, and not one that mentions it
    if one.text[:1].islower() and not stems(one.text.split()[0]) & weights.keys():
        form *= FRAGMENT  # an item of a list, which says nothing without what stands before the list
    opens = 1.1 if one.follows == 0 else 1.0
    return said * number * form * opens * (0.5 + one.passage.score)


def _adds_to(chosen: Sequence[_Candidate], one: _Candidate) -> bool:
    """True unless it is said already, or its section has its share."""
    same_section = sum(other.passage.citation == one.passage.citation for other in chosen)
    repeated = any(_is_same(other, one) for other in chosen)
    return same_section < (MOST_LISTED if one.is_listed else MOST_PER_SECTION) and not repeated


def _is_same(one: _Candidate, other: _Candidate) -> bool:
    """Whether another says the same as one that is told: a row where it has the same words, as a sentence without a number, a
    negation or a name of its own.
    """
    if one.is_row or other.is_row:
        return one.own == other.own
    shared = len(one.own & other.own)
    return shared > 0.7 * min(len(one.own), len(other.own)) and not adds(other.text, one.text)
