"""Every function that reads a text from outside: a customer's message, a model's answer, a file."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, get_type_hints

from support.patterns import modules

ROOMS = (
    "agents.",
    "tools.",
    "switchboard.characters",
    "switchboard.consent.",
    "switchboard.declare.moves",
    "switchboard.events.",
    "switchboard.grounding.",
    "switchboard.loop.",
    "switchboard.models.",
    "switchboard.money",
    "switchboard.plays.",
    "switchboard.search.",
    "switchboard.toolsets.",
)
OF_A_WORD = {"agents.reading.words.one_less"}
"""What is given single words of a known length, and no text."""
PARTS = (
    *("a", " ", "1", "(((", '"', "\n", "@", "1.1.1.", "http://", "'", "{", "[", "é", "a ", "1 2 ", "a, ", "no. ", "\n\n"),
    *("[a#b]", "<a>", "and ", "a@b.c ", "$1 ", "not ", "4111 ", "- a\n", "*a", "#W1234567 ", "I want a refund for #W1 and "),
)


def text_functions() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Those that need one text and nothing else, by where they stand."""
    for _, name in modules():
        if name.startswith(ROOMS):
            module = import_module(name)
            for called, function in vars(module).items():
                where = f"{name}.{called}"
                own = inspect.isfunction(function) and function.__module__ == name
                if own and where not in OF_A_WORD and _takes_a_text(function):
                    yield where, _read_by(function)


def _takes_a_text(function: Callable[..., Any]) -> bool:
    try:
        hints = get_type_hints(function)
    except NameError:  # a type that only a checker imports
        return False
    needed = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(needed) == 1 and needed[0].kind in positional and hints.get(needed[0].name) is str


def _read_by(function: Callable[[str], Any]) -> Callable[[str], None]:
    def read(text: str) -> None:
        with suppress(Exception):  # what it makes of such a text is not looked at here
            found = function(text)
            if isinstance(found, Iterator):
                list(found)

    return read


def long_texts(length: int) -> list[str]:
    return [(part * (length // len(part) + 1))[:length] for part in PARTS]
