"""What is known of a language in which answers can be judged."""

import re
from dataclasses import dataclass
from functools import cached_property

from switchboard.grounding.wording import folded


def listed(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


def beginnings(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


NO_PARTICIPLES = frozenset(("indeed", "need", "speed", "feed", "seed", "hundred", "red", "bed", "exceed", "proceed", "shed"))
"""English words that only end like one."""


@dataclass(frozen=True)
class Tongue:
    """A language, by lists of its words in small letters without accents.

    `small`: words that every other sentence holds. `me`: who speaks. `yours`: what makes a noun one of this case. `perfect`:
    what stands before a participle that says that something was done, `present`: that it is so. `participle`: the endings of
    participles; `irregular` ones beside. `looking`: deeds that change nothing, by their beginnings. `hedges`: conditions,
    denials and what is only possible. `over`: that all is finished; `by_now`: that it is so
    already. `moving`: that something is on its way. `please`: words of
    a request; `give`: verbs that ask somebody to tell something; `secrets`: what nobody may be asked for. `polite`: words that
    say nothing of a case. `third`: how the customer is called who is not spoken to. `before_nouns`: behind these no participle
    stands. `soon`: how somebody puts off; `ours`: who else does something for us, `shall`: what they will. `can`: that it is
    possible. `to_come`: what makes a verb one of the future alone. `absolutes`: words for what costs nothing, is sure, always
    so, never; each list has one English word of its kind. `widening`: words
    that make a rule hold for more, or for that alone. `days`: words for days that are not named, as "tomorrow". `modest`:
    what somebody says they cannot do who does not know; `must`: that somebody has to; `causes`: what begins a reason or an
    end; `usual`: that something is mostly so; `light`: words that say nothing new of a case; `how_much`: what
    asks for a number. `refusals` and `consents`: that somebody who decides said no, or yes, by their beginnings.
    """

    small: frozenset[str]
    me: frozenset[str] = frozenset()
    yours: frozenset[str] = frozenset()
    perfect: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    participle: str = "(?!)"
    irregular: frozenset[str] = frozenset()
    looking: tuple[str, ...] = ()
    conditions: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    denials: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    by_now: frozenset[str] = frozenset()
    moving: frozenset[str] = frozenset()
    please: frozenset[str] = frozenset()
    give: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()
    polite: frozenset[str] = frozenset()
    third: tuple[str, ...] = ()
    before_nouns: frozenset[str] = frozenset()
    soon: tuple[str, ...] = ()
    ours: frozenset[str] = frozenset()
    shall: frozenset[str] = frozenset()
    can: frozenset[str] = frozenset()
    to_come: frozenset[str] = frozenset()
    absolutes: tuple[frozenset[str], ...] = ()
    widening: tuple[frozenset[str], ...] = (frozenset(), frozenset(), frozenset())
    days: frozenset[str] = frozenset()
    modest: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    how_much: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()

    @cached_property
    def _participle(self) -> re.Pattern[str]:
        return re.compile(self.participle)

    def is_participle(self, word: str) -> bool:
        """Of a word with its accents."""
        return folded(word) in self.irregular or (word not in NO_PARTICIPLES and bool(self._participle.fullmatch(word)))

    def only_looks(self, word: str) -> bool:
        return word.startswith(self.looking) if self.looking else False
