"""A call on its way through the checks, and the two ways in which it waits for the customer or is dropped by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switchboard.consent.spans import words_of
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import Entry
from switchboard.errors import Refused
from switchboard.mail.history import own_words
from switchboard.money import amounts, money_in


@dataclass(frozen=True)
class Wanted:
    """A call that was checked and is to be decided on: `arguments` are as the tool takes them, `moved` the cents that approval
    rules count beside its own, as a large amount may come in small parts, `due` whether the rows say that it is owed, and
    `looked` what its `check` found.
    """

    spec: AgentSpec
    call_id: str
    call: Call
    tool: Tool
    arguments: Mapping[str, Any]
    moved: int
    due: bool = False
    looked: Any = None

    @property
    def amount(self) -> int | None:
        """What approval rules look at, in cents; None of a tool that moves no money."""
        return self.moved + self.tool.cents(self.arguments[self.tool.amount]) if self.tool.amount else None


def is_of_another_amount(wanted: Wanted, transcript: Sequence[Entry], currency: str) -> bool:
    """Whether the customer named amounts, and none of them is what the call moves: so much they have not asked for, though they
    may be owed it. What was taken too much, of two amounts, and the half of what was taken twice are named.
    """
    if wanted.tool.amount is None:
        return False
    money = money_in(currency)
    named = {cents for text in words_of(transcript) for cents in amounts(own_words(text), money)}
    own = wanted.tool.cents(wanted.arguments[wanted.tool.amount])
    return bool(named) and not any(own == one or 2 * own == one or one - own in named for one in named)


class NotConfirmed(Refused):
    """The customer was asked and did not say yes: the call is as if it had never been made, and their words decide."""


class MustConfirm(Exception):
    """The customer must say yes to the call first; this is what is read back to them of it."""

    def __init__(self, text: str, call: Call) -> None:
        super().__init__(text)
        self.text, self.call = text, call
