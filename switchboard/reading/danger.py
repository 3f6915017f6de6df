"""Danger to somebody, in seven languages: it is looked for in every message before anything else, and goes to a person.

Closed lists (`danger.txt`), and no classifier: what stands there is meant, whatever else the message is about. A word that is
a danger only beside a device, a body or a threat stands there with it.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from switchboard.reading.languages import said
from switchboard.reading.words import lines

Kind = Literal["self_harm", "threat", "device", "health"]
"""The gravest first."""
LOOKED_AT = 20_000
"""Characters of a message that are looked at."""
FOR_OPERATORS: dict[Kind, str] = {
    "self_harm": "URGENT: the customer writes of harming themselves.",
    "threat": "URGENT: the customer threatens somebody.",
    "device": "URGENT: a device may be dangerous.",
    "health": "URGENT: somebody may be hurt.",
}


@dataclass(frozen=True)
class Danger:
    """What a person must see at once, the words that tell it, and their language; "" for English."""

    kind: Kind
    words: str
    language: str = ""

    @property
    def said(self) -> str:
        """What is said first, in the language of those words; in English where we have no words in it."""
        return said(f"danger.{self.kind}", self.language)

    @property
    def for_operators(self) -> str:
        return f"{FOR_OPERATORS[self.kind]} “{self.words}”."


@cache
def _forms() -> dict[tuple[str, str], re.Pattern[str]]:
    """The forms of each kind in each language; those of no danger under "harmless"."""
    forms, section = defaultdict[tuple[str, str], list[str]](list), ("", "")
    for line in lines(Path(__file__).parent / "danger.txt"):
        if line.startswith("= "):
            kind, _, language = line.removeprefix("= ").partition(" ")
            section = (kind, language)
        elif not line.startswith("#"):
            forms[section].append(line)
    words = {f"{{{name}}}": f"(?:{'|'.join(some)})" for (kind, name), some in forms.items() if kind == "words"}
    classes = re.compile("|".join(map(re.escape, words)))
    written = {name: [classes.sub(lambda found: words[found[0]], one) for one in some] for name, some in forms.items()}
    return {name: re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)", re.IGNORECASE) for name, some in written.items()}


HARMLESS_HERE: list[re.Pattern[str]] = []
"""What a project says is no danger in its trade."""


def say_harmless(phrases: Collection[str]) -> None:
    """Let these phrases tell of no danger from now on; those of a project before are forgotten."""
    escaped = "|".join(re.escape(one.strip()) for one in sorted(phrases, key=len, reverse=True))
    HARMLESS_HERE[:] = [re.compile(rf"(?<!\w)(?:{escaped})(?!\w)", re.IGNORECASE)] if escaped else []


def danger_in(text: str) -> Danger | None:
    """The gravest danger that a text speaks of; None where it speaks of none."""
    text = text[:LOOKED_AT].replace("’", "'")
    for harmless in (_forms()["harmless", ""], *HARMLESS_HERE):
        text = harmless.sub(" ", text)
    for kind in get_args(Kind):
        for (of, language), form in _forms().items():
            if of == kind and (found := form.search(text)):
                return Danger(kind, found[0], language)
    return None
