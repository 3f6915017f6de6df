"""Plays: the process of one kind of request, declared once, as data."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal

from switchboard.declare.moves import Call, Move, Say, Unsure
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError, about, did_you_mean

FEW = 8
"""Examples below which no words can be told apart."""
CUSTOMER_ID = "customer"
"""The names under which a process knows who the customer is, what came of its last call, and what is known of a refusal."""
RESULT, REFUSAL = "result", "refusal"
MONEY, UNITS, DATE, WEEKDAY, TIME = "money", "units", "date", "weekday", "time"
"""How a template has a value spelled in the team's language: an amount in cents ("{result.cents:money}"), one in units of the
currency (29.9, or "29.90"; never guessed from the number, since 30 may be either), an ISO 8601 date, the same with its
weekday, and a time.
"""
FUTURE, PAST, ANY = "future", "past", "any"
"""Where a day must lie that a slot reads, as it stands to the day on which the customer writes."""
FORMS = ("", MONEY, UNITS, DATE, WEEKDAY, TIME)

Wanted = Literal["asked", "denied", "settled", "open"]
"""What words want of a deed. `settled`: they say that it was done already, or that it never was."""
Found = Mapping[str, Any]
"""What a process knows, by name: its slots, and what its steps found."""
Told = str | Callable[[View, Found], "str | Move | Unsure"]
"""What the customer is told: a template, or a function where none can say it, which may give another move, too."""


@dataclass(frozen=True)
class Slot:
    """What must be known before a call can be made, and `ask`, the question for it.

    It is read from the customer's words: by `form`, a regular expression whose first group, or else all of it, is the value; by
    `choices`, value -> a regular expression of how customers say it; as a `date` ("future", "past" or "any"), such as
    "2031-03-05", by how they name days ("tomorrow", "5 March"); or by `find(view, found)`, which gives the value, None, or
    the move or call that is due instead; with it, what nobody is asked for has no `ask`. With `among` it is one of a list that
    an earlier step has found ("list_bookings.bookings"): `key` is the field that is the value, `label` what a customer sees of
    one, such as "{id} on {day}"; where there is but one, it is that.
    """

    name: str
    ask: str = ""
    form: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    among: str = ""
    key: str = ""
    label: str = ""
    find: Callable[[View, Found], Any] | None = None
    date: str = ""

    def __post_init__(self) -> None:
        if not self.name.isidentifier() or self.name in (CUSTOMER_ID, RESULT, REFUSAL):
            raise DeclarationError(f"{self.name!r} is no name for a slot.")
        if not self.ask and not self.find:
            raise DeclarationError(f"Slot {self.name}: `ask` is the question for it.")
        if not (self.form or self.choices or self.among or self.find or self.date):
            raise DeclarationError(
                f"Slot {self.name}: nothing says how it is read: give it a form, choices, among, date or find."
            )
        if self.date not in ("", FUTURE, PAST, ANY) or (self.date and (self.form or self.choices or self.among or self.find)):
            raise DeclarationError(f"Slot {self.name}: `date` is future, past or any, and stands alone.")
        if self.among and not self.key:
            raise DeclarationError(f"Slot {self.name}: `key` names the field of {self.among} that is its value.")
        _check_patterns(f"Slot {self.name}", self.form, *self.choices.values())
        fields_of(self.label)


@dataclass(frozen=True)
class Step:
    """One call: for each argument where its value is from: a slot, `customer`, or a field of a result ("get_booking.day").

    With `each`, a slot whose value is a list, it is a call for each of its values, and what it finds is a list.
    """

    tool: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    each: str = ""


@dataclass(frozen=True)
class Condition:
    """What must be so before anything is done: the field, or what a function finds, has one of these values; else the customer
    is told `otherwise`.
    """

    of: str | Callable[[View, Found], Any]
    values: Collection[Any]
    otherwise: Told

    def __post_init__(self) -> None:
        if isinstance(self.values, str):
            raise DeclarationError(f"The condition on {self.of}: its values are a tuple, such as ({self.values!r},).")


@dataclass(frozen=True)
class Listed:
    """A list that a step has found, as sentences name it: behind `before` a line for each of `of`, as `label` has it; `none`
    where it is empty.
    """

    of: str
    label: str
    none: str
    before: str = ""

    def __post_init__(self) -> None:
        if not self.label or not self.none:
            raise DeclarationError(
                f"The list of {self.of}: `label` is what is told of one, and `none` what is where there is none."
            )
        fields_of(self.label)


@dataclass(frozen=True)
class Process:
    """What is done about a request, in this order: `reads`, `slots`, `conditions`, the one call that it `does`, what is `told`.

    A slot is asked for when a step needs it. `told` and the sentences of the other parts are templates: "{booking}" is a slot,
    "{get_booking.day}" a field of what a step found, "{result.cents:money}" one of what came of the last call, as an amount in
    cents (`:units` spells one in units of the currency, `:date`, `:weekday` and `:time` an ISO 8601 date and time), and one of
    `lists` stands for all of it; a sentence that names what was not found is left out. `words` say how values of a field are
    told: field -> value -> words.

    `deeds` are the words that ask for what it does, a regular expression, or a function that says what the words want, or gives
    the move that is due instead; where a message denies them, nothing is done. `refused` is what is told where the call was
    refused, by the code of the refusal ("{refusal.state}" is a field of its data); without it a person is asked, as after
    `most_questions`. `again` says what becomes of a call that is due and may have been read back before, without a yes or a no
    to it; else `read_back` of `switchboard/plays/` does.
    """

    told: Told
    slots: tuple[Slot, ...] = ()
    reads: tuple[Step, ...] = ()
    conditions: tuple[Condition, ...] = ()
    does: Step | None = None
    deeds: str | Callable[[View], "Wanted | Move"] = ""
    refused: Mapping[str, Told] = field(default_factory=dict)
    lists: Mapping[str, Listed] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    again: Callable[[View, Call], Call | Say] | None = None
    most_questions: int = 3

    def __post_init__(self) -> None:
        if self.does and not self.deeds:
            raise DeclarationError(f"A play that calls {self.does.tool} says by which words it is asked for: give it `deeds`.")
        _check_patterns("The deeds of a play", *([self.deeds] if isinstance(self.deeds, str) else []))
        slots = [slot.name for slot in self.slots]
        known = {CUSTOMER_ID, *slots}
        for number, step in enumerate(self.steps):
            with about(*(("reads", number) if number < len(self.reads) else ("does",))):
                self._check(step.tool, [*step.arguments.values(), *([step.each] if step.each else [])], known)
            known.add(step.tool)
        late = [slot.among for slot in self.slots if slot.among]
        self._check("slots", late, known)
        self._check("conditions", [one.of for one in self.conditions if isinstance(one.of, str)], known)
        told = [self.told, *(one.otherwise for one in self.conditions), *self.refused.values()]
        named = [name for text in told if isinstance(text, str) for name in fields_of(text)]
        self._check("words", list(self.words), {*known, RESULT})
        self._check("lists", [one.of for one in self.lists.values()], {*known, RESULT})
        self._check("told", named, {*known, *self.lists, RESULT, REFUSAL})

    @property
    def steps(self) -> tuple[Step, ...]:
        """The calls that it makes, in their order."""
        return (*self.reads, *([self.does] if self.does else ()))

    @property
    def tools(self) -> list[str]:
        """The names of the tools that it calls, in their order."""
        return [step.tool for step in self.steps]

    @property
    def deed(self) -> re.Pattern[str]:
        """The words that ask for what it does, to their ends; none where it does nothing."""
        is_said = self.deeds and isinstance(self.deeds, str)
        return re.compile(rf"\b(?:{self.deeds})\w*" if is_said else "(?!)", re.IGNORECASE)

    def _check(self, where: str, sources: Collection[str], known: Collection[str]) -> None:
        for source in sources:
            if source.split(".")[0] in known:
                continue
            with about(where):
                raise DeclarationError(f"The process of a play names {source!r} in {where}, which nothing before it finds.")


@dataclass(frozen=True)
class Play:
    """A kind of request: how customers put it, and what becomes of it: a `process`, or else a person who settles it.

    `examples` are sentences of customers; a message that is surely like them, and not like those in `unlike`, is such a
    request. `about` stands first in the hand-over, `says` is what the customer hears beside it: that it was understood, what
    to do, and what happens next. `names` are beginnings of words, in small letters, of which one must stand in the sentence
    too; with `of_customer` the customer must be known first. A process whose agent has rules that choose it needs no examples.
    """

    name: str
    about: str
    says: str = ""
    examples: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    of_customer: bool = True
    process: Process | None = None

    def __post_init__(self) -> None:
        chosen = self.process is not None and not self.examples
        with about("examples"):
            if len(self.examples) < FEW and not chosen:
                raise DeclarationError(f"Play {self.name}: {len(self.examples)} examples are too few; give it {FEW} at least.")
        with about("about" if not self.about.endswith(".") else "says"):
            if not self.about.endswith(".") or not (self.says.endswith(".") or chosen):
                raise DeclarationError(f"Play {self.name}: `about` and `says` are whole sentences.")

    def is_named(self, sentence: str) -> bool:
        """Whether a sentence names what the play is about, where it says what that is, and asks for what it does."""
        if self.process and self.process.does and not self.process.deed.search(sentence):
            return False
        return not self.names or any(word.startswith(self.names) for word in re.findall(r"\w+", sentence.lower()))


def _check_patterns(where: str, *patterns: str) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise DeclarationError(f"{where}: {pattern!r} is no regular expression: {error}.") from error


def fields_of(template: str) -> list[str]:
    """The fields that a template names. Raises DeclarationError where it is none."""
    try:
        fields = [(name, form) for _, name, form, _ in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise DeclarationError(f"The sentence {template!r} of a play is no template: {error}.") from error
    forms = ", ".join(f":{form}" for form in FORMS[1:])
    for name, form in fields:
        if not name or form not in FORMS:
            raise DeclarationError(
                f"The sentence {template!r} of a play: a field has a name, and at most one of {forms} behind it."
            )
    return [name for name, _ in fields]


def check_called(tool: str, called: str, arguments: Collection[str]) -> None:
    """Refuse a name of a tool's calls that could not be filled: they are named before they are made, too, by their arguments.

    Raises DeclarationError.
    """
    try:
        named = [(name, form) for _, name, form, _ in Formatter().parse(called) if name is not None]
    except ValueError as error:
        raise DeclarationError(f"{tool}: called is no template: {error}.") from None
    for name, form in named:
        if name not in arguments:
            raise DeclarationError(f"{tool}: called names {name!r}, which is no argument; {did_you_mean(name, arguments)}.")
        if form:
            raise DeclarationError(f"{tool}: called names {name!r} in a form ({form!r}), and takes none.")
