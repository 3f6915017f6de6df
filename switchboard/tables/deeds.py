"""What a project's texts may say was done: by the words with which its plays are asked for it."""

import re
from collections.abc import Iterable, Iterator

from switchboard.declare.agent import AgentSpec
from switchboard.declare.vocabulary import Deed
from switchboard.grounding.wording import folded
from switchboard.reading.tongues import FEWEST_LETTERS, Tongue, tongue_of

FEWEST = 4
"""Letters of a word that is taken from the deeds of a play: shorter ones begin too many others."""
PARTS = re.compile(r"[^|()?:]+")
PLAIN = re.compile(r"[^\W\d_]+")


def deeds_of(members: Iterable[AgentSpec], language: str) -> tuple[Deed, ...]:
    """A deed for each call that a play makes: a text that says it was done is only sent where the call did it.

    A word that asks for it names it ("cancel"), and so does its participle: in German "absag" is "abgesagt" once it is done.
    """
    tongue = tongue_of(language)
    found: dict[str, set[str]] = {}
    pays = {tool.name for spec in members for tool in spec.tools if tool.amount}
    for spec in members:
        for process in (play.process for play in spec.plays if play.process):
            if process.does and isinstance(process.deeds, str):
                found.setdefault(process.does.tool, set()).update(_words(process.deeds, tongue))
    return tuple(Deed(tool, tuple(sorted(words)), pays=tool in pays) for tool, words in found.items() if words)


def _words(deeds: str, tongue: Tongue | None) -> Iterator[str]:
    for part in PARTS.findall(deeds):
        word = folded(part)
        if not PLAIN.fullmatch(word) or len(word) < FEWEST or (tongue and _tells_nothing(word, tongue)):
            continue
        yield word
        for prefix in sorted(tongue.prefixes) if tongue else ():
            if word.startswith(prefix) and len(word) - len(prefix) >= FEWEST_LETTERS:
                yield f"{prefix}ge{word.removeprefix(prefix)}"


def _tells_nothing(word: str, tongue: Tongue) -> bool:
    """Whether it begins a small word, such as "gern", or is one half of a verb, such as "zurück"."""
    return word in tongue.prefixes or any(one.startswith(word) for one in tongue.small)
