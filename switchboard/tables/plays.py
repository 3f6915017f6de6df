"""A play as a file, `agents/plays/NAME.toml`: the process of one kind of request, without a line of Python."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from switchboard.declare.play import Condition, Found, Listed, Play, Process, Slot, Step
from switchboard.declare.transcript import View
from switchboard.errors import DeclarationError, about
from switchboard.ids import IdForm
from switchboard.plays.asked.questions import NO_DEED, asked_in

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w{0,60}$")]
Value = str | int | float | bool
TABLE = ConfigDict(extra="forbid", frozen=True, strict=True)


class SlotTable(BaseModel):
    """What must be known: read from the customer's words by `id`, `form`, `choices`, `date` or `among`, else asked for."""

    model_config = TABLE

    name: Name
    """What it is called in the play."""
    ask: Sentence
    """The question for it."""
    id: Name | None = None
    """The kind of number that it is, out of the project's `[ids]`."""
    form: Word = ""
    """A regular expression; its first group, or else all of it, is the value."""
    choices: dict[str, Word] = Field(default_factory=dict, max_length=50)
    """Value -> a regular expression of how customers say it."""
    date: Literal["future", "past", "any"] | None = None
    """It is a day, which customers name as they like ("tomorrow", "next Monday", "5 March"), and its value is such as
    "2031-03-05": of today or later, of today or before, or any."""
    among: Word = ""
    """A list that an earlier step has found, such as "list_loans.rows": it is one of that list."""
    key: Word = ""
    """The field of one of the list that is the value."""
    label: Sentence = ""
    """What customers see of one of the list, such as "{title}, due {due:date}"."""

    def made(self, ids: Mapping[str, IdForm]) -> Slot:
        if self.id is not None and self.id not in ids:
            there = f"there is {', '.join(ids)}" if ids else "there is no table [ids.…]"
            raise DeclarationError(f"the slot {self.name} is read by the id {self.id!r}; {there}")
        find = partial(_id_in, ids[self.id]) if self.id and not self.among else None
        form = self.form or (ids[self.id].pattern.pattern if self.id else "")
        listed = (self.among, self.key, self.label)
        return Slot(self.name, self.ask, form, self.choices, *listed, find, self.date or "")


def _id_in(form: IdForm, view: View, found: Found) -> str | None:
    """The id of that form that the newest words give which give any; None where they give none, or several."""
    for words in (view.latest, *reversed(view.words), view.text):
        if ids := form.found_in(asked_in(words, NO_DEED)):
            return ids[0] if len(ids) == 1 else None
    return None


class StepTable(BaseModel):
    """One call."""

    model_config = TABLE

    tool: Name
    """The tool, which the department holds."""
    arguments: dict[Name, Word] = Field(default_factory=dict, max_length=40)
    """For each argument where its value is from: a slot, `customer`, or a field of an earlier result ("get_booking.day")."""
    each: Word = ""
    """A slot that holds a list: it is a call for each of its values."""

    def made(self) -> Step:
        return Step(self.tool, self.arguments, self.each)


class ConditionTable(BaseModel):
    """What must be so before anything is done or told."""

    model_config = TABLE

    of: Word
    """The field, such as "get_booking.state"."""
    values: list[Value] = Field(min_length=1, max_length=50)
    """What it may be."""
    otherwise: Sentence
    """What the customer is told where it is none of these."""


class ListTable(BaseModel):
    """A list that a step has found, as the sentences name it: "{free}"."""

    model_config = TABLE

    of: Word
    """The list, such as "free_slots.slots"."""
    label: Sentence
    """What the customer is told of one of it, such as "{day:weekday}, {day:time}"."""
    none: Sentence
    """What stands in its place where it is empty."""
    before: Sentence | None = None
    """The line above it."""

    def made(self) -> Listed:
        return Listed(self.of, self.label, self.none, self.before or "")


class PlayTable(BaseModel):
    """A kind of request, and what becomes of it: with `told` the rules do it, in this order: `reads`, `slots`, `conditions`,
    what it `does`; else a person does. A slot is asked for when a step needs it.

    ```toml
    about = "The customer asks where an order is."
    examples = [
        "where is my order", "when does my order come", "has it left yet", "how far is my order",
        "is my order on its way", "I wait for my order", "when will it arrive", "track my order",
    ]
    told = "Order {order} is {get_order.state}. It comes on {get_order.day:date}."

    [[slots]]
    name = "order"
    ask = "Which order is it?"
    id = "order"

    [[reads]]
    tool = "get_order"
    arguments = { id = "order" }

    [words."get_order.state"]
    IN_TRANSIT = "on its way"
    ```
    """

    model_config = TABLE

    about: Sentence
    """What is wanted, in one sentence: it stands first where a person gets it."""
    says: Sentence = ""
    """What the customer hears where a person gets it."""
    examples: list[Word] = Field(max_length=2000)
    """Eight sentences of customers at least, by which it is found."""
    unlike: list[Word] = Field(default_factory=list, max_length=2000)
    """Sentences that are near and no such request."""
    names: list[Word] = Field(default_factory=list, max_length=100)
    """Beginnings of words, in small letters, of which the request must hold one."""
    of_customer: bool = True
    """Whether the customer must be known first."""
    told: Sentence | None = None
    """What the customer is told in the end: "{order}" is a slot, "{get_order.state}" a field of what a step found,
    "{result.cents:money}" one of what it does: an amount in cents (`:units` is one in units of the currency; `:date`,
    `:weekday`, `:time` spell a date and time). A sentence that names what was not found is left out."""
    words: dict[Word, dict[Word, Word]] = Field(default_factory=dict, max_length=20)
    """How values of a field are told: field -> value -> words, such as "get_order.state" -> IN_TRANSIT -> "on its way"."""
    slots: list[SlotTable] = Field(default_factory=list, max_length=12)
    """What must be known for it."""
    reads: list[StepTable] = Field(default_factory=list, max_length=12)
    """What is looked up, in this order."""
    conditions: list[ConditionTable] = Field(default_factory=list, max_length=20)
    """What must be so."""
    does: StepTable | None = None
    """The one call that changes something."""
    deeds: Word = ""
    """The words that ask for what it does, a regular expression such as "cancel|call off"."""
    lists: dict[Name, ListTable] = Field(default_factory=dict, max_length=12)
    """Lists that steps have found, by the names that the sentences have for them."""
    refused: dict[Name, Sentence] = Field(default_factory=dict, max_length=40)
    """What is told where the call that it `does` was refused, by the code of the refusal, in small letters; without it a person
    has it."""

    def made(self, name: str, ids: Mapping[str, IdForm], says: str) -> Play:
        """The play; `says` is what the customer hears where the table gives no sentence. Raises DeclarationError."""
        process = None
        if self.told is not None:
            slots = []
            for number, slot in enumerate(self.slots):
                with about("slots", number):
                    slots.append(slot.made(ids))
            process = Process(
                told=self.told,
                slots=tuple(slots),
                reads=tuple(step.made() for step in self.reads),
                conditions=tuple(Condition(one.of, tuple(one.values), one.otherwise) for one in self.conditions),
                does=self.does.made() if self.does else None,
                deeds=self.deeds,
                refused=self.refused,
                words=self.words,
                lists={name: one.made() for name, one in self.lists.items()},
            )
        elif self.slots or self.reads or self.does:
            raise DeclarationError("`told` says what the customer hears in the end; without it a person does all of it")
        sentences: dict[str, Any] = {"examples": tuple(self.examples), "unlike": tuple(self.unlike), "names": tuple(self.names)}
        return Play(name, self.about, self.says or says, **sentences, of_customer=self.of_customer, process=process)
