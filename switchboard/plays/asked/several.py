"""The matters of a message that concerns several departments, each with the words of the customer that are about it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from switchboard.declare.play import Play
from switchboard.plays.asked.questions import NO_DEED, is_asked
from switchboard.plays.which import gives_a_value, is_ruled_out, play_of
from switchboard.reading.left_alone import LOOKED_AT, Part, parts_of

SENTENCE_ENDS = re.compile(r"[.!?;\n]\s*\Z")

Routes = Callable[[str], str]


@dataclass(frozen=True)
class Share:
    """What one department is to see of a message; `play` is the play of it that the words surely are, if one is."""

    to: str
    words: str
    play: Play | None = None


def matters_in(text: str, plays: Mapping[str, Sequence[Play]], routes: Routes | None, language: str = "en") -> list[Share]:
    """The matters of a text that is surely about those of several departments, in their order; none where it is about one.

    A clause belongs where a play is that it surely is; a sentence of which no clause does, and that asks for something, where
    its words are routed. What belongs nowhere stays with the words before it, or with those about the same record.
    """
    parts = parts_of(text, NO_DEED, language)
    owners = [owner for sentence in _sentences(parts) for owner in _owners(sentence, plays, routes, language)]
    named = list(dict.fromkeys(to for to, _ in filter(None, owners)))
    if len(named) < 2:
        return []
    words, found, last = {to: list[str]() for to in named}, dict[str, Play | None](), named[0]
    for part, owner in zip(parts, owners, strict=True):
        about = [to for to in named if any(gives_a_value(play, part.text, language) for play in plays.get(to, ()))]
        last = owner[0] if owner else about[0] if len(about) == 1 else last
        words[last].append(part.text + part.mark)
        found[last] = found.get(last) or (owner[1] if owner else None)
    words[last].append(text[LOOKED_AT:])  # what is not read goes to somebody
    return [Share(to, "".join(said).strip(), found.get(to)) for to, said in words.items()]


def _sentences(parts: Sequence[Part]) -> list[list[Part]]:
    found: list[list[Part]] = [[]]
    for part in parts:
        found[-1].append(part)
        if SENTENCE_ENDS.search(part.text + part.mark):
            found.append([])
    return [one for one in found if one]


def _owners(
    sentence: Sequence[Part], plays: Mapping[str, Sequence[Play]], routes: Routes | None, language: str
) -> list[tuple[str, Play | None] | None]:
    """Whose each clause of a sentence is."""
    found = [None if part.left_alone else _of_play(part.text, plays, language) for part in sentence]
    if any(found):
        return list(found)
    whole = "".join(part.text + part.mark for part in sentence if not part.left_alone).strip()
    owner = _of_play(whole, plays, language)
    if owner is None and routes and is_asked(whole, language) and (to := routes(whole)):
        owner = (to, None)
    return [owner] * len(sentence)


def _of_play(words: str, plays: Mapping[str, Sequence[Play]], language: str) -> tuple[str, Play | None] | None:
    found = play_of([play for theirs in plays.values() for play in theirs], words, language)
    if found is None or is_ruled_out(found, words, language):
        return None
    return next(to for to, theirs in plays.items() if found in theirs), found
