"""Every function that reads a text from outside: a customer's message, a model's answer, a file."""

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any, get_type_hints

from agents.requests.facts import Facts, ids_in
from agents.requests.lexicon import lexicon
from agents.requests.reading import DEEDS, Message, read
from groupchats import desk, research
from support.patterns import modules
from switchboard.consent.spans import quoted_lines
from switchboard.declare.agent import AgentSpec
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.transcript import MessageEntry, View
from switchboard.grounding.evidence import Evidence
from switchboard.grounding.judge import why_not_carried, why_untrue
from switchboard.grounding.languages import JUDGED
from switchboard.grounding.tongues.tongue import Tongue
from switchboard.models.answers.arguments import mended, name_of
from switchboard.models.answers.written_calls import holds_marks_of_calls, written_calls
from switchboard.reading.facts.details import Id
from switchboard.reading.learning.features import Lexicon
from switchboard.reading.reading import Reading
from switchboard.reading.words import Spelling

ROOMS = (
    "agents.",
    "tools.",
    "switchboard.characters",
    "switchboard.console.channels.mailbox",
    "switchboard.consent.",
    "switchboard.declare.moves",
    "switchboard.events.",
    "switchboard.grounding.",
    "switchboard.loop.",
    "switchboard.mail.",
    "switchboard.models.",
    "switchboard.money",
    "switchboard.plays.",
    "switchboard.reading.",
    "switchboard.search.",
    "switchboard.service.intake",
    "switchboard.service.mails",
    "switchboard.tables.toml_lines",
    "switchboard.toolsets.",
)
OF_PROJECTS = ("say_harmless",)
"""What is set of a project's file, and would stay for whatever is measured next."""
NUMBERS = count()
OFFERED = {"find_user": {"type": "object", "properties": {"name": {"type": "string"}}}}
PARTS = (
    *("a", " ", "1", "(((", '"', "\n", "@", "1.1.1.", "http://", "'", "{", "[", "é", "a ", "1 2 ", "a, ", "no. "),
    *("[a#b]", "<a>", "and ", "a@b.c ", "$1 ", "not ", "4111 ", "- a\n", "*a", "#W1234567 ", "I want a refund for #W1 and "),
    *(
        ".",
        "-",
        "_",
        ",",
        ":",
        "/",
        "\\",
        "=",
        "&",
        "a-",
        "a_a ",
        "A",
        "Aa ",
        "> a\n",
        "a: a\n",
        "From: a@b.c\n",
        "\r\n",
        "\u0662 ",
    ),
    *("=?utf-8?q?a?=", "--\n", "\u2022", "123456 ", "...\na", "then also please "),
)
LONG: dict[object, Callable[[str], object]] = {
    str: lambda text: text,
    bytes: lambda text: text.encode(),
    **dict.fromkeys((Sequence[str], Iterable[str], Collection[str], list[str]), lambda text: [text]),
    **dict.fromkeys((set[str], frozenset[str]), lambda text: {text}),
    tuple[str, ...]: lambda text: (text,),
    Mapping[str, Any]: lambda text: {"text": text},
    View: lambda text: View("triage", text, text, customer_id="ada"),
    Facts: lambda text: read(text).facts,
    **dict.fromkeys((Reading, Message), read),
    Evidence: lambda text: Evidence([MessageEntry(CUSTOMER, text, "human")], desk.team.vocabulary),
}
"""What a function can be given that reads a text, by the type that it takes: made of the text."""
BESIDE: dict[object, object] = {
    int: 100,
    bool: True,
    Mapping[str, str]: {},
    Mapping[str, Mapping[str, Any]]: OFFERED,
    Tongue: JUDGED["en"],
    re.Pattern[str]: DEEDS,
    Lexicon: lexicon(),
    Callable[[str], Iterable[Id]]: ids_in,
    Spelling: Spelling(["cancel", "refund", "order"]),
}
"""What stands beside it, of a type that holds no text."""
Use = Callable[[str], Any]


def text_functions() -> Iterator[tuple[str, Use]]:
    """Those that need texts and what can be made for them, by where they stand: with all that they need made of the same long
    text, and with one of it alone.
    """
    for _, name in modules():
        if name.startswith(ROOMS):
            for called, function in vars(import_module(name)).items():
                if inspect.isfunction(function) and function.__module__ == name and called not in OF_PROJECTS:
                    yield from _uses(f"{name}.{called}", function)


def _uses(where: str, function: Callable[..., Any]) -> Iterator[tuple[str, Use]]:
    needed = _needed(function)
    long = [name for name, kind in needed.items() if kind in LONG]
    if not long or not all(kind in LONG or kind in BESIDE for kind in needed.values()):
        return
    yield where, _read_by(partial(_given, function, needed, long))
    if len(long) > 1:
        yield from ((f"{where}({one})", _read_by(partial(_given, function, needed, [one]))) for one in long)


def _needed(function: Callable[..., Any]) -> dict[str, object]:
    """The parameters that must be given, with their types."""
    try:
        hints = get_type_hints(function)
    except NameError:  # a type that only a checker imports
        return {}
    given = inspect.signature(function).parameters.values()
    varied = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {one.name: hints.get(one.name) for one in given if one.default is one.empty and one.kind not in varied}


def _given(function: Callable[..., Any], needed: Mapping[str, object], long: Collection[str], text: str) -> object:
    made = {
        name: LONG[kind](text if name in long else "a refund") if kind in LONG else BESIDE[kind]
        for name, kind in needed.items()
    }
    spec = inspect.signature(function).bind(**made)
    return function(*spec.args, **spec.kwargs)


def _read_by(function: Use) -> Use:
    def used(text: str) -> None:
        with suppress(Exception):  # what it makes of such a text is not looked at here
            found = function(f"{text} {next(NUMBERS)}")  # none twice: what is kept from before costs nothing
            if isinstance(found, Iterator):
                list(found)

    return used


def long_texts(length: int) -> list[str]:
    return [part * (length // len(part)) for part in PARTS]


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
