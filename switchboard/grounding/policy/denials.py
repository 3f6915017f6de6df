"""The clauses of an English text, and what each of them denies."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from switchboard.grounding.languages import JUDGED
from switchboard.grounding.wording import begun, clauses, plain, sentences, words
from switchboard.search.words import STOP_WORDS


class Told(NamedTuple):
    """A clause under its headings, by the beginnings of its words, that of the word that it denies, of its `own` words, and
    of the `whole` of what it denies: "ship abroad".
    """

    beginnings: frozenset[str]
    denied: str = ""
    own: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()


MOST_DENIED = 2
MOST_WORDS = 60
"""Words of a clause, with those that it goes on with, at most."""


def told_in(head: str, text: str) -> Iterator[Told]:
    """The clauses of a text under a heading; no question. One without a verb goes on with the one before it."""
    tongue, above = JUDGED["en"], frozenset(map(begun, words(plain(head))))
    who = tongue.me | {"you", "it", "they", "that", "this"}
    verbs = tongue.perfect | tongue.present | tongue.denials | who
    said, denied = tuple[str, ...](), ""
    for sentence in sentences(plain(text)):
        if not sentence.startswith("- "):
            said, denied = (), ""
        parts = map(words, clauses(sentence) if "?" not in sentence else ())
        for part in (one for one in parts if set(one) - tongue.denials):
            alone = bool(verbs & set(part))
            before, said = said, part[:MOST_WORDS] if alone else (*said, *part)[-MOST_WORDS:]
            denied = denied_in(part) or ("" if alone else denied)
            whole = frozenset(_behind_denial(part))
            yield Told(above.union(own := frozenset(map(begun, said))), denied, own, whole)
            if not who & set(part):  # it may be said of what the clause before is about
                yield Told(above.union(own, map(begun, before)), denied, own, whole)


def denied_in(said: Sequence[str]) -> str:
    """How the first word begins that tells behind a denial; empty where nothing is denied: a "no" at the end is a value."""
    return next(iter(_behind_denial(said)), "")


def _behind_denial(said: Sequence[str]) -> list[str]:
    tongue = JUDGED["en"]
    place = next((place for place, word in enumerate(said) if word in tongue.denials), len(said))
    small = tongue.small | tongue.hedges | STOP_WORDS
    return [begun(word) for word in said[place + 1 :] if word.isalpha() and word not in small][:MOST_DENIED]
