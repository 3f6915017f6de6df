"""What a question names, which stands in a source as that word, or the source is about something else."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from switchboard.search.passages import Passage
from switchboard.search.words import STOP_WORDS, terms

NAME = re.compile(r"(?<=[^\W_]\s)[A-Z][\w&.-]*")
OPTION = re.compile(r"(?<![\w-])--[A-Za-z][\w-]{0,60}|(?<!\S)-[A-Za-z](?![\w-])|(?<!\S)%[A-Za-z](?![\w%])")
QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{2,80})[\"“”»]")
PROGRAM_AFTER = re.compile(
    r"(?<![\w-])--?[A-Za-z][\w-]{0,60},? (?:(?:option|flag|switch|argument|parameter) )?(?:of|in|for|with|von|bei|de|du) "
    r"(?:the |der |dem )?([\w.+-]{2,40})",
    re.IGNORECASE,
)
PROGRAM_BEFORE = re.compile(r"([\w.+-]{2,40}) --[A-Za-z]")
OPTION_OF = re.compile(
    r"\b(?:options?|flags?|switch|subcommand|command-line argument) (?:of|in) ([a-z][\w.+-]{1,40})(?=\s|[?.,]|$)"
)
"""Whose an option is."""
OF_OPTIONS = frozenset(("option", "options", "flag", "switch", "argument", "parameter", "und", "der", "die", "das"))
NUMBERED = re.compile(
    r"\b(?:[A-Z]\w{0,30}|version|release|section|article|chapter|error|appendix|clause|rule)[ -]"
    r"(?P<number>\d[\d.]{0,15}(?<!\.))"
    r"(?![\w%])(?! ?(?:days?|hours?|weeks?|months?|years?|minutes?|seconds?|times|percent)\b)"
)
"""A number that names a thing, and is no amount."""
NOUNS_HAVE_CAPITALS = re.compile(
    r"\b(?:der|die|das|den|dem|ein|eine|einen|ist|sind|wie|welche[mnrs]?|wird|und|für)\b", re.IGNORECASE
)
ASKS_TABLE = re.compile(
    r"\b(?:in|of|from|der|dans|en) (?:the |this |le |la )?(?:table|tabelle|tableau|tabla|csv|spreadsheet)\b", re.I
)
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|ignoriere|vergiss)\b[^.!?]{0,30}\b(?:instructions?|prompts?|anweisungen)\b"
    r"|\byou are (?:now )?(?:the|an?) (?:assistant|planner|writer|critic|researcher|model|ai)\b"
    r"|\A\W*(?:assistant|system|ai|llm)\s?[:,]"
    r"|\b(?:assistants?|ais?|language models?|llms?)\b[^.!?]{0,30}\b(?:must|should|shall) "
    r"(?:say|answer|reply|respond|write|report)\b",
    re.IGNORECASE,
)
"""How a sentence begins or goes that orders whoever answers what to say, and is no finding."""


@dataclass(frozen=True)
class Named:
    """`near`: what a passage or its headings hold, of each group one; `about`: what its document holds, all of it."""

    near: tuple[tuple[str, ...], ...] = ()
    about: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    """Names of the wider question, of which a document holds one."""

    def stand_in(self, passage: Passage, document: Callable[[str], str]) -> bool:
        here = f"{passage.source}\n{passage.title}\n{passage.heading}\n{passage.text}"
        if not all(any(stands(one, here) for one in several) for several in self.near):
            return False
        missing = [one for one in self.about if not stands(one, here)]
        if not missing and (not self.any_of or any(stands(one, here) for one in self.any_of)):
            return True
        whole = f"{here}\n{document(passage.source)}"
        return all(stands(one, whole) for one in missing) and (
            not self.any_of or any(stands(one, whole) for one in self.any_of)
        )


def named_in(question: str, about: str = "") -> Named:
    """What a question names: options with whose they are, quoted words, names and numbers of things."""
    names = _names(question)
    near = [*filter(None, (tuple(OPTION.findall(question)), tuple(QUOTED.findall(question))))]
    programs = [*PROGRAM_AFTER.findall(question), *PROGRAM_BEFORE.findall(question), *OPTION_OF.findall(question)]
    near += [(program.rstrip("."),) for program in programs if program.lower() not in STOP_WORDS | OF_OPTIONS]
    numbers = tuple(found["number"] for found in NUMBERED.finditer(question))
    return Named(tuple(near), (*names, *numbers), () if names else _names(about))


def stands(word: str, text: str) -> bool:
    """Whether a word stands in a text as that word, not as the beginning of another one; of a name its plural, too."""
    if word.startswith("-"):
        return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None
    parts = r"[\s_-]+".join(map(re.escape, re.split(r"[\s_-]+", word)))
    return re.search(rf"(?<![^\W_]){parts}(?:['’]?s)?(?!\.?\d|[^\W_])", text, re.IGNORECASE) is not None


def _names(question: str) -> tuple[str, ...]:
    """Words with a capital that begin no sentence, where not every noun has one."""
    found = [name.rstrip(".-") for name in NAME.findall(question)]
    names = tuple(dict.fromkeys(name for name in found if terms(name)))
    is_heading = 2 * len(names) > len(terms(question))
    return () if is_heading or len(NOUNS_HAVE_CAPITALS.findall(question)) > 1 else names
