"""Every function that reads a text from outside: a customer's message, a model's answer, a file."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any, get_type_hints

from groupchats import desk, research
from support.patterns import modules
from switchboard.consent.spans import quoted_lines
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import MessageEntry, View
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.judge import why_not_carried, why_untrue
from switchboard.models.reading import mended, name_of
from switchboard.models.written_calls import holds_marks_of_calls, written_calls

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
NUMBERS = count()
OFFERED = {"find_user": {"type": "object", "properties": {"name": {"type": "string"}}}}
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
            found = function(f"{text} {next(NUMBERS)}")  # none twice: what is kept from before costs nothing
            if isinstance(found, Iterator):
                list(found)

    return read


def long_texts(length: int) -> list[str]:
    return [(part * (length // len(part) + 1))[:length] for part in PARTS]


def rules_and_judges() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """What reads a text beside a case: the rules of each agent, and whether an answer is carried."""
    for team in (desk.team, research.team):
        for spec in team.members.values():
            yield f"the rules of {spec.name}", _read_by(partial(_ruled, spec))
    for judge in (why_untrue, why_not_carried):
        for customer in ("", "Where is my order #W1000002? "):
            yield f"{judge.__name__} after {customer!r}", _read_by(partial(_judged, judge, customer))
    yield "the words that a model quotes", _read_by(lambda text: quoted_lines(text, [text]))
    yield "calls that a model wrote", _read_by(lambda text: written_calls(f"find_user {text}", OFFERED))
    yield "marks of calls", _read_by(lambda text: holds_marks_of_calls(f"find_user {text}", OFFERED))
    yield "arguments of a call", _read_by(lambda text: mended("{" + text, OFFERED["find_user"]))
    yield "the name of a tool", _read_by(lambda text: name_of(text, OFFERED))


def _ruled(spec: AgentSpec, text: str) -> object:
    return spec.without_model and spec.without_model(View(spec.name, text, text, customer_id="ada"))


def _judged(judge: Callable[[Evidence, str], object], customer: str, text: str) -> object:
    said = MessageEntry(CUSTOMER, customer or text, "human")
    return judge(Evidence([said], desk.team.vocabulary), text)
