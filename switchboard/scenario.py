"""Scenarios: stories that run. The same value is a demonstration, a test and a live evaluation."""

import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Prepared
from switchboard.declare.team import TeamSpec
from switchboard.errors import OperatorError
from switchboard.loop.drive import RunResult, run_team
from switchboard.loop.prompts.instructions import system_text
from switchboard.models.scripted import Reply, Script
from switchboard.project_module import declared


@dataclass(frozen=True)
class Expected:
    """What must hold at the end. Rows count more than words.

    `tools` were done, in this order (others may stand between); `never_tools` were not; `rows` maps a query that gives
    one value to that value; `says` and `never_says` look at all that the customer was told, whatever the case.
    """

    end: str
    department: str | None = None
    tools: Sequence[str] = ()
    never_tools: Sequence[str] = ()
    rows: Mapping[str, Any] = field(default_factory=dict)
    says: Sequence[str] = ()
    never_says: Sequence[str] = ()


@dataclass(frozen=True)
class Twins:
    """A scenario told otherwise: what it decides must not hang on words, and must hang on the fact that decides it.

    `reworded` asks the same in other words, and `pressed` with a claim, a threat or an order that changes nothing: of both the
    scenario's own expectations hold. Where `fact` (statements on the sample's rows) or another `opening` has changed what
    decides it, `otherwise` holds; `turns` are what the customer writes later then, where that is not the same.
    """

    reworded: str
    pressed: str
    otherwise: Expected
    fact: Sequence[str] = ()
    opening: str = ""
    turns: Sequence[str] | None = None


@dataclass(frozen=True)
class Scenario:
    """A story: who writes what to which team, what people answer, and what must hold at the end.

    `email` is the address of the channel; `turns` are the customer's later messages; `approvals` the operator's answers;
    `script` what each agent's model says when the story runs with the scripted model; `runs_code` that agents run code in it;
    `twins` how else it is told when it is evaluated.
    """

    name: str
    title: str
    team: TeamSpec
    opening: str
    expected: Expected
    email: str = ""
    turns: Sequence[str] = ()
    approvals: Sequence[bool] = ()
    script: Mapping[str, Sequence[Reply]] = field(default_factory=dict)
    runs_code: bool = False
    twins: Twins | None = None

    def complaints(self, result: RunResult, engine: Engine) -> list[str]:
        """What did not come out as expected, one sentence each; empty when the story went as told."""
        want, document = self.expected, result.document
        done = [c["tool"] for c in document["tool_calls"] if c["status"] == "done"]
        told = " ".join(e.text for e in result.run.transcript if e.kind == "message" and e.speaker != CUSTOMER)
        found = []
        if document["end"] != want.end:
            found.append(f"The end is {document['end']}, not {want.end}. {document['reason']}".strip())
        if want.department and document["department"] != want.department:
            found.append(f"It went to {document['department']}, not to {want.department}.")
        if not in_order(want.tools, done):
            found.append(f"Done were {', '.join(done) or 'no tools'}; expected in this order: {', '.join(want.tools)}.")
        found += [f"{name} was done and should not have been." for name in want.never_tools if name in done]
        found += [f"The customer was not told {words!r}." for words in want.says if words.lower() not in told.lower()]
        found += [f"The customer was told {words!r}." for words in want.never_says if words.lower() in told.lower()]
        with engine.connect() as connection:
            for query, value in want.rows.items():
                is_now = connection.execute(text(query)).scalar()
                if is_now != value:
                    found.append(f"{query} gives {is_now!r}, not {value!r}.")
        return found


def in_order(wanted: Sequence[str], done: Sequence[str]) -> bool:
    """Whether all wanted tools occur in `done`, in their order."""
    rest = iter(done)
    return all(name in rest for name in wanted)


def agents_by_prompt(team: TeamSpec) -> dict[str, str]:
    """The agents of a team by the system prompt that a model server knows them by."""
    return {system_text(team, spec): name for name, spec in team.members.items()}


def scripted_by_agent(scenario: Scenario) -> Script:
    """The scenario's replies as a script for the model server, which knows an agent by its system prompt."""
    left = {name: list(replies) for name, replies in scenario.script.items()}
    prompts = agents_by_prompt(scenario.team)

    def reply(request: dict[str, Any]) -> Reply:
        name = prompts.get(request["messages"][0]["content"], "")
        return left[name].pop(0) if left.get(name) else 500

    return reply


def play(scenario: Scenario, engine: Engine, **options: Any) -> RunResult:
    """Run a scenario on an engine that holds a fresh seed."""
    human = options.pop("human", None) or Prepared(scenario.turns, scenario.approvals, live=bool(scenario.turns))
    known = {"email": scenario.email} if scenario.email else {}
    return run_team(
        scenario.team, scenario.opening, engine=engine, human=human, known=known, allows_code=scenario.runs_code, **options
    )


@dataclass(frozen=True)
class ScenarioFolder:
    """A project's `scenarios/`, whose modules but `script` declare one value each, called `scenario`."""

    path: Path

    def names(self) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules([str(self.path)]) if module.name != "script")

    def called(self, name: str) -> Scenario:
        """The scenario of that name. Raises OperatorError with the names there are."""
        if name not in self.names():
            raise OperatorError(f"There is no scenario {name!r}. There are: {', '.join(self.names()) or 'none'}.")
        return declared(f"scenarios.{name}", "scenario", Scenario, name)

    def all(self) -> list[Scenario]:
        return [self.called(name) for name in self.names()]
