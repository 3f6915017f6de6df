"""The words of a team's trade: the ids that it gives, what its tools do, its currency. The library knows none of them."""

import re
from dataclasses import dataclass
from functools import cached_property

NEVER = r"(?!)"
REFERENCE = re.compile(r"(?<![\w#-])[\w#-]*\d[\w#-]*")


@dataclass(frozen=True)
class Deed:
    """How a text says that something was done: patterns of participles, infinitives, nouns that are "processed", and
    participles in German, French and Spanish (`elsewhere`, with the nouns in `nouns_elsewhere`).

    `part` is the part of a name that the tools have which do it; `evidence` is what a result reads like that tells of it,
    `about` what must be in the sentence for it to speak of that. Where `pays`, an amount that a text says of it must be one
    that such a call moved; a result in which a field of `unconfirmed` has that value carries nothing yet.
    """

    part: str
    done: str
    to_do: str
    noun: str
    elsewhere: str
    evidence: str
    about: str = ""
    nouns_elsewhere: str = NEVER
    pays: bool = False
    unconfirmed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """What a team's texts are held to beside what holds in every trade. A team without one names no ids and claims no deeds.

    `ids` are patterns of numbers that may not be invented; where one has a group, that part of it is enough to be known.
    `currency` stands behind an amount in words. `rules` are beginnings of sentences that tell a rule, and `conditions` words
    that tell a condition, where the trade has its own ("orders", "orders that"). `nothing_done` puts a text right that told
    of a deed where there was none.
    """

    ids: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()
    currency: str = ""
    rules: str = NEVER
    conditions: str = NEVER
    nothing_done: str = "To be clear: nothing was changed in this conversation."

    @cached_property
    def id_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.ids) or NEVER, re.IGNORECASE)

    def first_unknown_id(self, text: str, heard: str) -> str | None:
        """The first id in a text that is not among the words that were heard."""
        heard = heard.upper()
        found = self.id_pattern.finditer(text)
        return next((m[0] for m in found if m[m.lastindex or 0].upper() not in heard), None)

    def references(self, text: str) -> list[str]:
        """The numbers in a text under which something is kept: the ids, or all words with a digit where none are declared."""
        pattern = self.id_pattern if self.ids else REFERENCE
        return [match[0] for match in pattern.finditer(text)]

    def money(self, cents: int) -> str:
        """`4999` as "49.99 USD", in the team's currency."""
        sign = "-" if cents < 0 else ""
        return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d} {self.currency}".rstrip()
