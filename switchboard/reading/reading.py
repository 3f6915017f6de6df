"""A text, read once: what it holds, and how it is meant. Each of that is found when it is first asked for, and then kept.

A project makes its readings by one function that keeps them by their text, so that each message of a case is read once.
"""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from switchboard.reading.danger import Danger, danger_in
from switchboard.reading.facts.details import Details, Id, details_in
from switchboard.reading.languages import courtesy_in, language_of
from switchboard.reading.learning.features import Lexicon
from switchboard.reading.left_alone import Part, parts_of
from switchboard.reading.mood import Sentiment, Urgency, sentiment, urgency
from switchboard.reading.stance import IN_THEORY, Clause, clauses_of, without_forged

Found = TypeVar("Found")


@dataclass(frozen=True)
class Trade:
    """What a project says of its trade, so that texts can be read.

    `ids` finds its numbers in a text; `plain` makes them one word (`ID_WORD`), for the stance of a clause. `no_names` are words
    that are nobody's name, `deeds` those that ask for something to be done, and `lexicon` says what words stand for.
    """

    ids: Callable[[str], Iterable[Id]]
    plain: Callable[[str], str]
    no_names: frozenset[str]
    deeds: re.Pattern[str]
    lexicon: Callable[[], Lexicon]


@dataclass(frozen=True, eq=False)
class Reading:
    """A text of that trade, as it was washed where it came in. Two readings are never equal: there is one of each text."""

    text: str
    trade: Trade = field(repr=False)
    _found: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def language(self) -> str:
        """The code of its language where that is not English, "other" for a script that we do not know; "" for English."""
        return language_of(self.text)

    @cached_property
    def courtesy(self) -> str:
        """ "greeting" or "thanks" where it is nothing else in its language, which is not English; else empty."""
        return courtesy_in(self.text, self.language)

    @cached_property
    def danger(self) -> Danger | None:
        """The gravest danger that it speaks of."""
        return danger_in(self.text)

    @cached_property
    def details(self) -> Details:
        """The ids, e-mail addresses, names, numbers, amounts and measures that it names, and where the ids stand."""
        return details_in(self.text, self.trade.ids, self.trade.no_names)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its clauses, where they stand, and whether they leave alone what they speak of."""
        return parts_of(self.text, self.trade.deeds)

    @cached_property
    def asking(self) -> str:
        """The clauses in which something may be asked for; empty where all of them leave something alone."""
        return "".join(part.text + part.mark for part in self.parts if not part.left_alone).strip()

    @property
    def asked(self) -> str:
        """The text without the clauses that leave something alone; all of it where nothing else is left."""
        return self.asking or self.text

    @cached_property
    def left_alone(self) -> str:
        """The clauses that leave something alone."""
        return " , ".join(part.text.strip() for part in self.parts if part.left_alone)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses that are judged at the word that names a deed; none where it is only imagined. See `stance.verdicts`."""
        return list(clauses_of(self.trade.plain(self._unforged)))

    @cached_property
    def is_talk(self) -> bool:
        """Whether it says nothing, or says it in theory, so that no deed of it is asked for or denied."""
        return not self._unforged.strip() or bool(IN_THEORY.search(self._unforged))

    @cached_property
    def urgency(self) -> Urgency:
        """`high` for danger, deadlines and "now"; `low` where they say that there is time."""
        return urgency(self.text)

    @cached_property
    def sentiment(self) -> Sentiment:
        """The feeling that is put into words; a fault or a loss alone is not a feeling."""
        return sentiment(self.text, self.trade.lexicon())

    @cached_property
    def _unforged(self) -> str:
        return without_forged(self.text)

    def once(self, find: Callable[[str], Found]) -> Found:
        """What a project's function finds in the text beside that, looked for once."""
        if find not in self._found:
            self._found[find] = find(self.text)
        found: Found = self._found[find]
        return found
