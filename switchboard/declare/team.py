"""Teams: members, flow, limits and approval rules, checked when they are built."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Literal, get_args

from switchboard.declare.agent import SUGGESTS, AgentSpec
from switchboard.declare.flow import CUSTOMER, END, EXECUTOR, HUMAN, OPERATOR, Flow
from switchboard.declare.moves import Call
from switchboard.declare.play import Play
from switchboard.declare.tool import Effect, Tool
from switchboard.declare.transcript import Entry
from switchboard.declare.vocabulary import Vocabulary
from switchboard.errors import DeclarationError, kind_of
from switchboard.money import MARKS

MOST_TOOLS = 10
"""Of an agent: six of its own, and beside them articles, a person to hand over to, and those that verify."""
LANGUAGES = tuple(MARKS)
"""Those that the library speaks wholly."""
NOBODYS = (CUSTOMER, EXECUTOR, OPERATOR, HUMAN, END)
"""Names that mean something else where agents are named: who speaks, to whom a matter goes, and that nobody speaks."""
Decision = Literal["approve", "confirm", "ask", "reject"]


@dataclass(frozen=True)
class Limits:
    """What one case may use. Turns, calls and repeats count anew with each message of the customer.

    Tokens are prompt plus completion; `seconds` counts the time of models and tools.
    """

    customer_messages: int = 50
    turns: int = 40
    replies_in_a_row: int = 10
    tool_calls: int = 25
    same_call: int = 3
    same_text: int = 3
    handoffs_between_two: int = 4
    tokens: int = 120_000
    cost_usd: float = 1.0
    seconds: float = 900.0


@dataclass(frozen=True)
class Rule:
    """One line of a team's approvals; it matches when all that it names matches. Amounts are cents, `up_to` inclusive.

    What it decides: `approve` lets the call pass, `ask` has so many different `operators` approve it, `reject` refuses it.
    `confirm` has the customer say yes to the very call, which is read back to them; then the next rule that matches decides,
    and where there is none the call passes; with `unless_due` they are not asked about what the rows say they are owed.
    `because` is the project's sentence for operators: why they are asked.
    """

    decision: Decision
    effect: Effect | None = None
    tool: str | None = None
    up_to: int | None = None
    above: int | None = None
    operators: int = 1
    unless_due: bool = False
    because: str = ""

    def __post_init__(self) -> None:
        if self.decision not in get_args(Decision):  # what is none of these would be taken for consent
            raise DeclarationError(f"An approval rule decides {self.decision!r}, not {' or '.join(get_args(Decision))}.")
        if self.effect is not None and self.effect not in get_args(Effect):
            raise DeclarationError(
                f"An approval rule names the effect {self.effect!r}; there is {', '.join(get_args(Effect))}."
            )
        if self.unless_due and self.decision != "confirm":
            raise DeclarationError(f"An approval rule that decides {self.decision!r} looks at nothing that is due.")
        if self.operators < 1:
            raise DeclarationError(f"An approval rule asks {self.operators} operators; one is the least.")

    def in_words(self, money: Callable[[int], str]) -> str:
        """What the rule says, such as "pay above 1,000.00 USD asks 2 operators."; then why, where it says that."""
        whose = self.tool or (f"every call with the effect {self.effect}" if self.effect else "every call")
        named = {"above": self.above, "up to": self.up_to}
        bounds = [f"{word} {money(cents)}" for word, cents in named.items() if cents is not None]
        asks = "one operator" if self.operators == 1 else f"{self.operators} operators"
        does = {"approve": "passes", "confirm": "asks the customer", "ask": f"asks {asks}", "reject": "is refused"}
        return " ".join(part for part in (whose, " and ".join(bounds), f"{does[self.decision]}.", self.because) if part)

    def matches(self, tool: Tool, amount: int | None) -> bool:
        if self.effect not in (None, tool.effect) or self.tool not in (None, tool.name):
            return False
        if tool.runs_code and self.decision == "approve" and self.tool is None:
            return False  # what passes by its effect, or with all else, was not thought of as code
        if self.up_to is not None and (amount is None or amount > self.up_to):
            return False
        if self.above is not None and amount is None:  # of what moves money, an amount that is not known may be any
            return tool.has_amount and self.decision != "approve"
        return self.above is None or (amount is not None and amount > self.above)


@dataclass(frozen=True, eq=False)
class TeamSpec:
    """A team, which equals itself alone. `policy` is the Markdown file that comes first in every prompt, byte-identical.

    `language` is the one that the team answers in: "en", "de", "fr" or "es". What the library says of itself is said in the
    customer's where it speaks that one, and else in the team's.

    `hours` are when people answer, by weekday (0 is Monday), in the `time_zone`; customers hear them where a person gets it.

    `rescue(transcript)` is the call that leaves the case with a human when a run ends without being able to finish.
    """

    name: str
    description: str
    members: Mapping[str, AgentSpec]
    flow: Flow
    approvals: Sequence[Rule]
    limits: Limits = Limits()
    policy: Path | None = None
    rescue: Callable[[Sequence[Entry]], Call] | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    language: str = "en"
    hours: Sequence[tuple[int, str]] = ()
    time_zone: str = ""

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise DeclarationError(f"Team {self.name}: `language` is one of {', '.join(LANGUAGES)}, and not {self.language!r}.")
        if self.vocabulary.language != self.language:
            object.__setattr__(self, "vocabulary", replace(self.vocabulary, language=self.language))
        self._check_kinds()
        self._check_members()
        self._check_tools()

    @property
    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for spec in self.members.values() for tool in spec.tools}

    def rule_for(self, tool: Tool, amount: int | None) -> Rule:
        """The first matching rule that does not ask the customer decides; no match is a rejection."""
        last = Rule("approve" if self.confirms(tool, amount) else "reject")
        return next((r for r in self.approvals if r.decision != "confirm" and r.matches(tool, amount)), last)

    def confirms(self, tool: Tool, amount: int | None, *, due: bool = False) -> bool:
        """Whether the customer must say yes to the call before anything else is decided on it."""
        first = takewhile(lambda rule: rule.decision == "confirm" or not rule.matches(tool, amount), self.approvals)
        return any(rule.matches(tool, amount) and not (due and rule.unless_due) for rule in first)

    def _check_kinds(self) -> None:
        if not isinstance(self.approvals, Sequence) or not all(isinstance(rule, Rule) for rule in self.approvals):
            raise DeclarationError(f"Team {self.name}: `approvals` must be a list of Rules; a tuple of one ends in a comma.")
        for name, spec in self.members.items():
            if not isinstance(spec, AgentSpec):
                raise DeclarationError(f"Team {self.name}: the member {name!r} is no AgentSpec, but {kind_of(spec)}.")
            if spec.name != name:
                raise DeclarationError(f"Team {self.name}: the member {name!r} is an agent called {spec.name!r}.")

    def _check_members(self) -> None:
        for name in self.flow.members:
            if name not in self.members:
                raise DeclarationError(f"Team {self.name}: the flow names {name!r}, which is not a member.")
        for name in self.members:
            if name in NOBODYS or not name.isidentifier():  # as the file is called that declares it
                raise DeclarationError(f"Team {self.name}: no agent may be called {name!r}.")
            if name not in self.flow.members:
                raise DeclarationError(f"Team {self.name}: no rule of the flow ever reaches {name!r}.")

    def _check_tools(self) -> None:
        seen: dict[str, Tool] = {}
        plays: dict[str, Play] = {}
        for play in (one for spec in self.members.values() for one in spec.plays):
            if plays.setdefault(play.name, play) is not play:
                raise DeclarationError(f"Team {self.name}: two plays are called {play.name!r}.")
        if not any(tool.verifies for tool in self.tools.values()) and not all(tool.public for tool in self.tools.values()):
            raise DeclarationError(f"Team {self.name}: not all of its tools are public, and none verifies the customer.")
        for spec in self.members.values():
            if len(spec.tools) > MOST_TOOLS:
                raise DeclarationError(f"Agent {spec.name} holds {len(spec.tools)} tools; {MOST_TOOLS} is the most.")
            for tool in spec.tools:
                if tool.amount and not tool.arguments.model_fields[tool.amount].is_required():
                    raise DeclarationError(f"Tool {tool.name}: its amount must be given with each call, so it has no default.")
                if spec.drafts and tool.name == SUGGESTS and not self._waits(tool):
                    why = f"an answer is left to a person first: have a rule `approve` {SUGGESTS}, before those that do not"
                    raise DeclarationError(f"Team {self.name}: {spec.name} has `drafts`, and {why}.")
                if seen.setdefault(tool.name, tool) is not tool:
                    raise DeclarationError(f"Team {self.name}: two tools are called {tool.name!r}.")
                if tool.remote and tool.changes and not tool.keyed and self._may_pass(tool):
                    why = "the other side takes no key of it, so it could be made twice: have a rule `ask` an operator"
                    raise DeclarationError(f"Team {self.name}: {tool.name} may pass without a person, and {why}.")
                if not any(rule.tool in (None, tool.name) and rule.effect in (None, tool.effect) for rule in self.approvals):
                    raise DeclarationError(f"Team {self.name}: no approval rule covers the tool {tool.name!r}.")

    def _waits(self, tool: Tool) -> bool:
        """Whether nobody is asked about a draft first: the customer would hear it, and an operator decide on it twice."""
        covered = [rule for rule in self.approvals if rule.matches(tool, None)]
        return not covered or covered[0].decision == "approve"

    def _may_pass(self, tool: Tool) -> bool:
        """Whether a call of the tool, of whatever amount, may be made without an operator's yes."""
        for rule in self.approvals:
            if rule.decision == "confirm" or rule.tool not in (None, tool.name) or rule.effect not in (None, tool.effect):
                continue
            if rule.decision == "approve":
                return True
            if rule.up_to is None and rule.above is None:
                return False
        return self.confirms(tool, None)
