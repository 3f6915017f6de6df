"""A part of a sentence, read for things that it may be about: which ones it names, which facts it tells, and of which."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from switchboard.grounding.evidence import Evidence
from switchboard.grounding.figures import ISO, NUMERIC_DATE, SMALL_WORDS_OF_DAYS, UNITS, days_in, measures, spoken_days
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.policy.measured import measures_of
from switchboard.grounding.things.records import Fact, Family, Thing, facts_in, says_something
from switchboard.grounding.tongues.tongue import listed
from switchboard.grounding.wording import begun, folded
from switchboard.money import cents, money_in

TOKEN = re.compile(r"#?[^\W_]+(?:(?:[-'’]|(?<=\d)\.(?=\d))[^\W_]+)*")
BETWEEN = re.compile(
    r"[\s(,*:-]*(?:(?:and|the|a|an|your|und|die|der|das|et|la|le|votre|y|el|su|order|item)\b[\s(,*:-]*)*", re.IGNORECASE
)
"""What may stand between names that are said together."""
BOUNDARY = re.compile(r"[,;:]\s|\s(?:and|but|und|aber|et|mais|y|pero)\s", re.IGNORECASE)
CLAUSE = re.compile(r"[,:()]\s|\s(?:and|but|und|et|y)\s")
PART_OF = listed("of in with from for on under with von in mit aus de du dans avec para con en del")
OTHER = listed("other others rest andere anderen autre autres otro otra")
BOTH = listed("both all beide alle ambos")
WITHOUT = listed("without no not ohne keine sans sin")
EARLIER = listed("instead rather was were before from old previous earlier statt anstatt zuvor lieu ancienne antes anterior")
AHEAD = re.compile(r"[\w.]*:\s")
LONGEST_DAY = 20
"""Characters of a day and a month."""


@dataclass
class Group:
    """Things that a text names in one breath, and where: as what another one has (`complement`), in brackets (`inside`).
    `first` are those that its first word names, `last` those that its last name does.
    """

    start: int
    end: int
    things: list[Thing]
    complement: bool = False
    inside: bool = False
    first: tuple[Thing, ...] = ()
    last: tuple[Thing, ...] = ()


class Reading:
    """One part of a sentence, read for one family of things. `before` is what was spoken of last, `named` whether by a name."""

    def __init__(
        self, evidence: Evidence, family: Family, language: str, text: str, before: list[Thing], *, named: bool
    ) -> None:
        self.evidence, self.family, self.language, self.text, self.before = evidence, family, language, text, before
        self.tongue = JUDGED[language]
        self.named = named
        self.tokens = list(TOKEN.finditer(text))
        self.groups = list(self._groups())

    def spoken_of(self) -> list[Thing]:
        heads = [group for group in self.groups if not group.complement]
        return heads[-1].things if heads else self.groups[0].things if self.groups else []

    def _groups(self) -> Iterator[Group]:
        names, group = self.family.names(), None
        for place, token in enumerate(self.tokens):
            things = self.of(names, place)
            if things and not (group and self._belongs(group, place, things)):
                if group:
                    yield group
                inside = self._is_inside(token.start())
                group = Group(
                    token.start(), token.end(), things, self._is_complement(place), inside, tuple(things), tuple(things)
                )
        if group:
            yield group

    def of(self, names: Mapping[str, list[Thing]], place: int) -> list[Thing]:
        """What a word names; "without a lid" those beside what has one."""
        word = folded(self.tokens[place][0])
        things = names.get(word) or names.get(word.lstrip("#")) or names.get(begun(word)) or []
        if things and WITHOUT & set(self._words_before(place, 2)):
            return [t for t in self.family.things if t not in things and t.parent in {one.parent for one in things}]
        return list(things)

    def _belongs(self, group: Group, place: int, things: list[Thing]) -> bool:
        """Whether a word names with the group before it; what both name is then meant."""
        token = self.tokens[place]
        same = [one for one in things if one in group.things]
        if BETWEEN.fullmatch(self.text, group.end, token.start()):
            adjacent = not self.text[group.end : token.start()].strip(" -")
            of_last = tuple(one for one in things if one in group.last) if adjacent else ()
            before = [one for one in group.things if one not in group.last] if of_last else group.things
            group.last = of_last or tuple(things)
            group.things = same if same and adjacent and not of_last else [*before, *group.last]
            group.end = token.end()
            return True
        if same and self._is_complement(place) and not self.is_apart(group.end, token.start()):
            group.things = same
            return True
        return False

    def _words_before(self, place: int, many: int) -> list[str]:
        return [folded(token[0]) for token in self.tokens[max(0, place - many) : place]]

    def _is_complement(self, place: int) -> bool:
        near = not self.is_apart(self.tokens[max(0, place - 3)].start(), self.tokens[place].start())
        return near and bool((PART_OF | WITHOUT) & set(self._words_before(place, 3)))

    def _is_inside(self, place: int) -> bool:
        return self.text[:place].count("(") > self.text[:place].count(")")

    def is_apart(self, start: int, end: int) -> bool:
        """Whether a clause ends between two places."""
        return bool(BOUNDARY.search(self.text[start:end]))

    def facts(self) -> Iterator[tuple[int, int, Fact]]:
        """Each fact of the text that a thing of the family holds, with its place."""
        named = [(group.start, group.end) for group in self.groups]
        held = set[Fact]().union(*(one.own for one in self.family.things), self.family.earlier.own)
        for start, end, fact in self.told:
            apart = fact[0] == "id" or not any(a <= start < b for a, b in named)
            if fact in held and apart and not self._is_unsure(start, fact):
                yield start, end, fact

    @cached_property
    def told(self) -> list[tuple[int, int, Fact]]:
        """All facts of the text, with their places."""
        return [*self._amounts_and_days(), *self._words_and_numbers()]

    def _amounts_and_days(self) -> Iterator[tuple[int, int, Fact]]:
        for match in money_in(self.evidence.vocabulary.currency).finditer(self.text):
            yield match.start(), match.end(), ("cents", cents(match))
        yield from days_at(self.text, self.tokens)

    def _words_and_numbers(self) -> Iterator[tuple[int, int, Fact]]:
        for place, token in enumerate(self.tokens):
            word = folded(token[0])
            if token[0].isdecimal() and len(token[0]) >= 6:
                yield token.start(), token.end(), ("id", token[0])
            if word in UNITS:
                for measure in measures(self.text[self.tokens[max(0, place - 4)].start() : token.end()]):
                    yield token.start(), token.end(), ("measure", measure)
            for count in measures_of(self.text[token.start() : self.tokens[min(place + 1, len(self.tokens) - 1)].end()]):
                yield token.start(), token.end(), ("measure", count)
            if says_something(word):
                yield from ((token.start(), token.end(), ("word", one)) for one in self._forms(word))

    def _forms(self, word: str) -> Iterator[str]:
        """A word, and what of the rows it is another word for."""
        held = {fact[1] for one in (*self.family.things, self.family.earlier) for fact in one.own if fact[0] == "word"}
        states = [row for row, forms in self.evidence.vocabulary.states if word.startswith(tuple(forms.split()))]
        found = {word} & held or {one for one in held if any(one.startswith(state) for state in states)}
        yield from sorted(found)[:1]

    def _is_unsure(self, start: int, fact: Fact) -> bool:
        """Whether the customer said it, or, of a word, whether it is denied, only possible, or of a time before."""
        if fact in facts_in(self.evidence.customer, self.evidence.vocabulary):
            return True
        before = max((m.end() for m in CLAUSE.finditer(self.text[:start])), default=0)
        after = CLAUSE.search(self.text, start)
        said = {folded(t[0]) for t in TOKEN.finditer(self.text, before, after.start() if after else len(self.text))}
        if fact in self.family.earlier.own and said & EARLIER:
            return True
        unsure = self.tongue.hedges | self.tongue.conditions | self.tongue.shall | self.tongue.denials
        return fact[0] == "word" and bool(said & unsure or re.search(r"n['’]t\b", self.text[before:start]))

    def said_of(self, start: int) -> tuple[list[Thing], bool, bool]:
        """What a fact at this place is said of; whether it was named just before; whether of each of several."""
        inside = self._is_inside(start)
        ahead = [g for g in self.groups if g.start > start]
        if ahead and AHEAD.match(self.text, start):
            return [*ahead[0].things, *self.before], False, False
        ahead = [g for g in ahead if not self.is_apart(start, g.start)]
        earlier = [g for g in self.groups if g.end <= start]
        if not inside:
            earlier = [g for g in earlier if not g.inside] or earlier
        here = earlier[-1:]
        for one, other in list(pairwise(earlier))[::-1]:  # of "the lamp of order 7" the lamp
            if here == [other] and other.complement and not self.is_apart(one.end, other.start):
                here = [one]
        if here and ahead and self.is_apart(here[0].end, start):
            here = ahead[:1]
        if here:
            parents = [t.parent for g in earlier for t in g.things if t.parent]
            several = [p for p in parents if parents.count(p) > 1]
            return [*here[0].things, *several], True, False
        both = [t for t in self.tokens if folded(t[0]) in BOTH and t.start() < start]
        if both and len([one for one in self.family.roots() if one.called]) > 1:
            return [one for one in self.family.roots() if one.called], False, True
        if both and (parts := [one for one in self.family.things if one.parent and not one.parent.called]):
            return parts, False, True
        if OTHER & {folded(t[0]) for t in self.tokens if t.start() < start}:
            return self.others(), False, False
        return (ahead[0].things if ahead else self.before), False, False

    def others(self) -> list[Thing]:
        """What there is beside what was spoken of."""
        return [one for one in self.family.roots() if one.called and one not in {thing.top() for thing in self.before}]


def days_at(text: str, tokens: Sequence[re.Match[str]]) -> Iterator[tuple[int, int, Fact]]:
    """The days that a text names, with their places."""
    for match in (*ISO.finditer(text), *NUMERIC_DATE.finditer(text)):
        yield from ((match.start(), match.end(), ("day", day)) for day in days_in(match[0]))
    spoken = [token for token in tokens if folded(token[0]) not in SMALL_WORDS_OF_DAYS]
    for one, other in pairwise(spoken):
        if len(one[0] + other[0]) < LONGEST_DAY and any(c.isdigit() for c in one[0] + other[0]):
            yield from ((one.start(), other.end(), ("day", day)) for day in spoken_days(f"{one[0]} {other[0]}"))
