"""The things that results tell of, such as an order, its items or a line of a price list, each with its own facts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from switchboard.declare.vocabulary import Vocabulary
from switchboard.grounding.evidence import Evidence, passages_of
from switchboard.grounding.figures import COUNTS, UNITS, dates_in, days_in, measures
from switchboard.grounding.policy.measured import measures_of
from switchboard.grounding.wording import begun, plain, sentences, words
from switchboard.money import cents_in, money_in
from switchboard.search.words import STOP_WORDS

Fact = tuple[str, Any]
"""Its kind ("cents", "date", "day", "id", "measure", "number" or "word") and its value; a day is one of any year."""
NAMED = ("name", "title", "plan", "label")
"""The fields that name what a mapping is of."""
LONG_NUMBER = re.compile(r"(?<![\w.,])\d{6,}(?![\w.,]\d|\w)")
LABEL = re.compile(r"^(?:[-*] )?\*\*([^*:\n]{2,60}):?\*\*:? ?(\S.*)$|^\|([^|\n]{2,60})\|(.+)\|$", re.MULTILINE)
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
SHORTEST = 3
"""Letters of a word that may be said of something."""


@dataclass(eq=False)
class Thing:
    """Something that a result tells of. `called` are its ids and the words of its name; `fields` its facts by the first word of
    the field; `parent` what it is part of.
    """

    called: frozenset[str] = frozenset()
    parent: "Thing | None" = None
    parts: list["Thing"] = field(default_factory=list)
    fields: dict[str, set[Fact]] = field(default_factory=dict)

    @property
    def own(self) -> set[Fact]:
        return set[Fact]().union(*self.fields.values())

    def holds(self, fact: Fact) -> bool:
        """Whether it is a fact of this one, of what it is part of, or of a part; an amount is of this one alone."""
        if fact[0] == "cents":
            return fact in self.own
        return any(fact in one.own for one in (*self.above(), *self.below()))

    def above(self) -> Iterator["Thing"]:
        if self.parent:
            yield self.parent
            yield from self.parent.above()

    def below(self) -> Iterator["Thing"]:
        yield self
        for part in self.parts:
            yield from part.below()

    def top(self) -> "Thing":
        return self.parent.top() if self.parent else self

    def related(self, other: "Thing") -> bool:
        return self is other or other in self.above() or self in other.above()


@dataclass
class Family:
    """Things of which each can be taken for another: all that rows tell of, or the lines of one passage."""

    things: list[Thing] = field(default_factory=list)
    earlier: Thing = field(default_factory=Thing)
    """What was so before a call changed it."""
    of_rows: bool = False

    def roots(self) -> list[Thing]:
        return [one for one in self.things if one.parent is None]

    def names(self) -> dict[str, list[Thing]]:
        """Whom a word names: no word that names all of what stands side by side."""
        found = dict[str, list[Thing]]()
        for thing in self.things:
            beside = [one for one in self.things if one.parent is thing.parent and one is not thing]
            for word in thing.called:
                if word not in UNITS and (not beside or any(word not in one.called for one in beside)):
                    found.setdefault(word, []).append(thing)
        return found


def families_of(evidence: Evidence) -> list[Family]:
    """What the results of a case tell of, and the lists and tables of each passage."""
    passages = {str(one["citation"]): one for e in evidence.results for one in passages_of(e.result)}
    return [_of_rows(evidence), *(_of_passage(str(one["text"])) for one in passages.values())]


def facts_in(text: str, vocabulary: Vocabulary) -> set[Fact]:
    """The facts of a text; of its words those that can be said of something."""
    found: set[Fact] = {("cents", cents) for cents in cents_in("", text, money_in(vocabulary.currency))}
    found |= {("day", day) for day in days_in(text)} | {("id", one) for one in LONG_NUMBER.findall(text)}
    found |= {("date", one) for one in dates_in(text)} | {("measure", one) for one in measures(text)}
    found |= {("number", str(COUNTS.get(word, word))) for word in words(text) if word in COUNTS or word.isdecimal()}
    return found | {("word", word) for word in words(text) if says_something(word)}


def says_something(word: str) -> bool:
    return len(word) >= SHORTEST and word.replace("-", "").isalpha() and word not in STOP_WORDS and word not in COUNTS


def _of_rows(evidence: Evidence) -> Family:
    family, known = Family(of_rows=True), dict[str, Thing]()
    for entry in evidence.results:
        if not isinstance(entry.result, Mapping) or passages_of(entry.result):
            continue
        ids = evidence.vocabulary.references(" ".join(str(v) for v in (*entry.arguments.values(), *_scalars(entry.result))))
        name = ids[0].lower() if evidence.vocabulary.ids and ids else ""
        root = known.get(name) or Thing(frozenset({name} - {""}))
        if root not in family.things:
            family.things.append(root)
        known.update({name: root} if name else {})
        _read(family, root, entry.result, evidence.vocabulary)
    return family


def _read(family: Family, thing: Thing, mapping: Mapping[str, Any], vocabulary: Vocabulary, anew: bool = True) -> None:
    """Add what a mapping tells of a thing. What it tells anew is no more what it was; what has names of its own is a part."""
    for name, value in mapping.items():
        key = words(name.replace("_", " "))[0] if words(name.replace("_", " ")) else name
        several = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
        inner = [one for one in several if isinstance(one, Mapping)]
        called = [_called(one, inner) for one in inner]
        if inner and all(called):
            new = [(one, n) for one, n in zip(inner, called, strict=True) if n not in {part.called for part in thing.parts}]
            for one, names in new:
                part = Thing(names, thing)
                thing.parts.append(part)
                family.things.append(part)
                _read(family, part, one, vocabulary)
        elif isinstance(value, Mapping):
            _read(family, thing, value, vocabulary)
        elif inner:  # such as charges, which have no name
            for one in inner:
                _read(family, thing, one, vocabulary, anew=False)
        else:
            told = _facts(name, value, vocabulary)
            if anew and isinstance(value, str) and key in thing.fields:
                family.earlier.fields.setdefault(key, set()).update(thing.fields[key] - told)
                thing.fields[key] = told
            thing.fields.setdefault(key, set()).update(told)


def _facts(name: str, value: Any, vocabulary: Vocabulary) -> set[Fact]:
    if isinstance(value, bool) or value is None:
        return {("word", word) for word in words(name.replace("_", " ")) if value and says_something(word)}
    if isinstance(value, list):
        return set[Fact]().union(*(_facts(name, one, vocabulary) for one in value))
    if isinstance(value, int) and not name.endswith("cents"):
        return {("number", str(value))}
    if isinstance(value, int | float):
        return {("cents", cents) for cents in cents_in(name, value)}
    return facts_in(plain(str(value)).replace("_", " "), vocabulary)


def _called(one: Mapping[str, Any], beside: list[Mapping[str, Any]]) -> frozenset[str]:
    """The words that name a part: those of its name, and its id; of one without a name what tells it from those beside it."""
    named = [str(one[key]) for key in NAMED if isinstance(one.get(key), str)]
    first = next(iter(one.items()), ("", ""))
    ids = [str(first[1]).lower()] if first[0].endswith("id") and isinstance(first[1], str) else []
    if named:
        return frozenset([*ids, *_beginnings(named)])
    if isinstance(one.get("options"), Mapping) and len(beside) > 1:
        options = [key if value == "yes" else value for key, value in one["options"].items() if value != "no"]
        return frozenset([*ids, *_beginnings(map(str, options))])
    return frozenset(ids)


def _beginnings(texts: Iterable[str]) -> list[str]:
    spoken = [word for text in texts for word in (*words(plain(text)), *DECIMAL.findall(text))]
    return [begun(word) for word in spoken if says_something(word) or "." in word]


def _scalars(mapping: Mapping[str, Any]) -> list[str]:
    return [value for value in mapping.values() if isinstance(value, str)]


def _of_passage(text: str) -> Family:
    """The lines of a list or a table that begin with what they are about."""
    family = Family()
    for match in LABEL.finditer(text):
        label, told = (match[1], match[2]) if match[1] else (match[3], match[4])
        label = f"{label} {told.partition(')')[0] if told.startswith('(') else ''}"  # "Bulky goods (garden furniture)"
        names = frozenset(_name(word) for word in words(plain(label)) if says_something(word))
        if names:
            told = sentences(plain(told.replace("|", " . ")))
            family.things.append(Thing(names, None, [], {"": set[Fact]().union(*(_numbers(one) for one in told))}))
    return family


def _name(word: str) -> str:
    """The beginning of a word that names something, or all of it where that is a unit: "monthly" names a plan, "month" none."""
    return word if begun(word) in UNITS and word not in UNITS else begun(word)


def _numbers(text: str) -> set[Fact]:
    found = {fact for fact in facts_in(text, Vocabulary()) if fact[0] == "cents"}
    return found | {("measure", one) for one in measures_of(text)}
