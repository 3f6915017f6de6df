"""A call on its way through the checks, and the two ways in which it waits for the customer or is dropped by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from switchboard.consent.record import MOST_READ_BACK, in_words
from switchboard.consent.spans import words_of
from switchboard.declare.agent import AgentSpec
from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import By, Entry, digest
from switchboard.errors import Refused, ToolError
from switchboard.mail.history import own_words
from switchboard.money import amounts, money_in


@dataclass(frozen=True)
class Wanted:
    """A call that was checked and is to be decided on: `arguments` are as the tool takes them, `moved` the cents that approval
    rules count beside its own, as a large amount may come in small parts, `due` whether the rows say that it is owed, and
    `looked` what its `check` found. `own` are the cents of the call itself, none where they are not known; `unknown` says when
    and where such a call was sent in other cases, of which nobody knows what came. `by` is what the call is of.
    """

    spec: AgentSpec
    call_id: str
    call: Call
    tool: Tool
    arguments: Mapping[str, Any]
    moved: int
    own: int | None = None
    due: bool = False
    looked: Any = None
    unknown: Sequence[str] = ()
    by: By = "rules"

    @property
    def amount(self) -> int | None:
        """What approval rules look at, in cents; None of a tool that moves no money, and where it is not known."""
        return None if self.own is None else self.moved + self.own

    @property
    def bound(self) -> str:
        """What a customer's answer is bound to, beside the words that they read."""
        return digest([self.tool.name, self.arguments])

    def confirmed_in(self, team: TeamSpec) -> bool:
        """Whether the customer must say yes to it: also to a write that no rule asks about, where a program proposed it and
        they have not asked for it in words of theirs. A draft that is left to a person changes nothing of theirs.
        """
        proposed = self.by == "program" and self.tool.effect == "write"
        return proposed or team.confirms(self.tool, self.amount, due=self.due)

    def shown(self, language: str) -> str:
        """What an operator's yes is bound to: the call, and of one on another side also what its check found, as its card tells
        it, and its amount.
        """
        if not (self.tool.remote and self.tool.check):
            return self.bound
        try:
            text = in_words(self.tool, self.arguments, self.looked, language)
        except ToolError as untold:
            text = str(untold)
        return digest([self.tool.name, self.arguments, text, self.own])

    def found(self, looked: Any, transcript: Sequence[Entry], currency: str) -> "Wanted":
        """The call with what its check has found: whether it is owed, and its amount, where that is what the check reads."""
        reader = (self.tool.amount_read or "").partition(".")[0]
        reads = self.tool.check is not None and self.tool.check.name == reader
        found = replace(self, looked=looked, own=self.tool.cents_read(looked) if reads else self.own)
        other = is_of_another_amount(found, transcript, currency)
        return replace(
            found, due=self.call.approved or (self.tool.is_due(looked) and not other)
        )  # operators give what they like


def own_amount(tool: Tool, arguments: Mapping[str, Any], transcript: Sequence[Entry], tools: Mapping[str, Tool]) -> int | None:
    """The cents of a call: of its argument, or of what was read last of the same record and not changed since. None where it
    has none, or they are not known.
    """
    if tool.amount:
        cents = tool.cents_given(arguments)
        is_known = tool.per_unit > 1 or cents is None or cents == Decimal(str(arguments[tool.amount]))
        return cents if is_known else None  # 189.50 are units, of which nobody said so
    reader = (tool.amount_read or "").partition(".")[0]
    for entry in reversed(transcript) if reader else ():
        if entry.kind != "result" or not _is_of_same(tool, arguments, entry.arguments):
            continue
        if entry.tool == reader and entry.status == "done":
            return tool.cents_read(entry.result)
        other = tools.get(entry.tool)
        if other and other.effect == "write" and entry.status in ("done", "failed"):
            return None
    return None


def _is_of_same(tool: Tool, arguments: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether two calls are about the same record: by the argument that the first is about, else by those that both take."""
    if tool.about:
        return arguments.get(tool.about) in ([others[tool.about]] if tool.about in others else [*others.values()])
    both = arguments.keys() & others.keys()
    return bool(both) and all(arguments[name] == others[name] for name in both)


def is_of_another_amount(wanted: Wanted, transcript: Sequence[Entry], currency: str) -> bool:
    """Whether the customer named amounts, and none of them is what the call moves: so much they have not asked for, though they
    may be owed it. What was taken too much, of two amounts, and the half of what was taken twice are named.
    """
    if not wanted.tool.has_amount:
        return False
    money = money_in(currency)
    named = {cents for text in words_of(transcript) for cents in amounts(own_words(text), money)}
    own = wanted.own
    return bool(named) and (own is None or not any(own == one or 2 * own == one or one - own in named for one in named))


class NotConfirmed(Refused):
    """The customer was asked and did not say yes: the call is as if it had never been made, and their words decide."""


class MustConfirm(Exception):
    """The customer must say yes to the call first; this is what is read back to them of it."""

    def __init__(self, text: str, call: Call) -> None:
        super().__init__(text)
        self.text, self.call = text, call


def asking(wanted: Wanted, text: str) -> MustConfirm:
    """What has the customer asked about a call in these words. Raises Refused where they are too many."""
    if len(text) > MOST_READ_BACK:
        raise Refused("This is too long to be read back to the customer. Hand over to a human.", code="too_long_to_read_back")
    return MustConfirm(text, replace(wanted.call, tool=wanted.tool.name, arguments=wanted.arguments))
