"""The words of a team's trade: the ids that it gives, what its tools do, its currency. The library knows none of them."""

import re
from dataclasses import dataclass
from functools import cached_property

from switchboard.money import spelled

NEVER = r"(?!)"
REFERENCE = re.compile(r"(?<![\w#-])[\w#-]*\d[\w#-]*")


@dataclass(frozen=True)
class Deed:
    """Something that the tools do, and how texts speak of it.

    `part` is the part of a name that the tools have which do it. `words` are the beginnings of the words that name it, in
    small letters without accents, in every language that the team answers in; "money+back" are two that stand in one clause.
    `shown` is what stands in a result (compact JSON) that tells of it. Where `pays`, an amount that a text says of it must be
    one that such a call moved; a result in which a field of `unconfirmed` has that value carries nothing yet.
    Of what has the field `closed_by` it can no longer be done.
    """

    part: str
    words: tuple[str, ...]
    shown: tuple[str, ...] = ()
    pays: bool = False
    unconfirmed: tuple[tuple[str, str], ...] = ()
    closed_by: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """What a team's texts are held to beside what holds in every trade. A team without one names no ids and claims no deeds.

    `ids` are patterns of numbers that may not be invented; where one has a group, that part of it is enough to be known.
    `currency` stands behind an amount in words, which is spelled as in the team's `language`. `states` says, for a word of a
    result, how it begins in other languages.
    `alternatives` are lists of words of which a thing has one alone, such as its states, the ways in which it was paid.
    """

    ids: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()
    currency: str = ""
    language: str = "en"
    states: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def id_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.ids) or NEVER, re.IGNORECASE)

    def names_a_deed(self, word: str) -> bool:
        """Whether a word, or its beginning, names something that the tools do."""
        return any(form.startswith(word) or word.startswith(form) for deed in self.deeds for form in deed.words)

    def speaks_of(self, word: str) -> bool:
        """Whether a word, or its beginning, names a deed or a state."""
        states = (form for _, forms in self.states for form in forms.split())
        return self.names_a_deed(word) or any(form.startswith(word) or word.startswith(form) for form in states)

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
        """`4999` as "49.99 USD", in the team's currency and as its language spells it: "49,99 EUR"."""
        return f"{spelled(cents, self.language, self.currency, grouped=True)} {self.currency}".rstrip()
