"""tau2-bench retail tasks as conversations: a simulated customer talks with the desk, and what counts is what the rows say.

The customer is played by the models that are configured (Yao et al. 2024), or, without one, says what the task tells of them:
why they call, who they are, a yes to just the calls that the task's reference makes, and a no to any other.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.consent.record import last_read_back
from switchboard.database import open_engine, sqlite_url
from switchboard.declare.document import spent
from switchboard.declare.human import Approval, Prepared
from switchboard.declare.moves import Call
from switchboard.declare.team import TeamSpec
from switchboard.errors import ModelUnavailable, OperatorError
from switchboard.evaluations.results import Evaluation, Trial
from switchboard.loop.drive import drive
from switchboard.loop.recording.words import customer_words
from switchboard.loop.state import Run
from tools.tau2_files import read_store, read_tasks
from tools.tau2_rows import Json, alike, changed_rows, fresh_store

if TYPE_CHECKING:
    from switchboard.models.gateway import Gateway

MOST_WORDS = 15
"""Messages of one customer."""
STOP = "###STOP###"
PLAYS = f"""You play a customer who writes to a shop. You are told who you are and what you want; that is all you know.
Write one short message at a time, as that customer would, and give a detail only when it is asked for or needed.
Invent nothing. Say yes or no when you are asked whether something shall be done. When all is done, or cannot be, write
{STOP}."""
OWN = {
    "you are": "I am", "you're": "I'm", "you were": "I was", "you have": "I have", "you've": "I've", "you'd": "I'd",
    "you'll": "I'll", "yourself": "myself", "yours": "mine", "your": "my", "you": "I",
}  # fmt: skip
SECOND_PERSON = re.compile(rf"\b(?:{'|'.join(OWN)})\b", re.IGNORECASE)


def play_files(
    team: TeamSpec, store: tuple[Path, Path, Path], tasks: Path, times: int, *, with_models: bool, json: bool
) -> int:
    """The command: play all tasks that have an end to compare with, and show it. Returns 1 where one came out otherwise."""
    from switchboard.console.app import Workplace
    from switchboard.console.terminal.evaluating.showing import RULES, models_of, show_evaluations
    from switchboard.console.terminal.screen import say

    gateway = Workplace(None).gateway if with_models else None
    there = read_tasks(tasks)
    compared = [task for task in there if task.get("expected_diff") is not None]
    if not compared:
        raise OperatorError(f'{tasks} holds no task with an "expected_diff", and so nothing to compare with.')
    if left_out := len(there) - len(compared):
        say(f'{left_out} of {len(there)} tasks have no "expected_diff", and are left out.')
    trials = tuple(play(team, read_store(*store), compared, gateway, times))
    return show_evaluations([Evaluation("tau2", models_of(gateway) if gateway else RULES, trials)], json)


def play(
    team: TeamSpec, store: tuple[Json, Json, Json], tasks: Sequence[Json], gateway: "Gateway | None", times: int = 1
) -> Iterator[Trial]:
    """Play each task so often, on a fresh copy of the store each time."""
    with fresh_store(*store) as fresh:
        for task in tasks:
            for number in range(times):
                copy = fresh.with_name(f"played-{number}.db")
                shutil.copyfile(fresh, copy)
                yield _played(team, task, copy, fresh, gateway)
                copy.unlink()


def _played(team: TeamSpec, task: Json, copy: Path, fresh: Path, gateway: "Gateway | None") -> Trial:
    engine = open_engine(sqlite_url(copy))
    customer = Played(task, gateway) if gateway else Scripted(task)
    run = Run(f"tau2-{task['id']}", team, engine, customer, gateway, identity="typed")
    customer.run = run
    result = drive(run, lambda: customer_words(run, customer.next_words("") or "Hello"))
    calls = [call for call in result.document["tool_calls"] if call["status"] == "done"]
    wrote = [call["arguments"] for call in calls if team.tools[call["tool"]].effect == "write"]
    wanted = task["expected_diff"]
    changed = changed_rows(engine, copy, fresh, {given.get(name) for given in wrote for name in ("order_id", "user_id")})
    engine.dispose()
    right = alike({**{"orders": {}, "users": {}}, **wanted}, changed)
    strange = [key for kind, rows in changed.items() for key in rows if key not in wanted.get(kind, {})]
    why = [f"{key} was changed, which the task leaves alone." for key in strange]
    why += [] if right or strange else [f"It ended {result.end}, and the rows are not what the task wants."]
    return Trial(str(task["id"]), right, tuple(why), result.document["model_calls"], spent(result.document))


class Customer(Prepared):
    """A customer who lives a task; operators approve just the calls of its reference. `run` is theirs, as far as it is."""

    run: Run

    def __init__(self, task: Json) -> None:
        super().__init__()
        self.task = task

    def approve(self, agent: str, call: Call, why: str) -> Approval:
        return Approval("approve" if self.wants(call.tool, call.arguments) else "refuse")

    def wants(self, tool: str, arguments: Json) -> bool:
        """Whether the task's reference makes this call."""
        same = (action["kwargs"] for action in self.task["actions"] if action["name"] == tool)
        return any(all(_ordered(arguments.get(name)) == _ordered(value) for name, value in one.items()) for one in same)


class Scripted(Customer):
    """Says what the task tells, in the first person: why they call, who they are, and both again; then nothing more."""

    def __init__(self, task: Json) -> None:
        super().__init__(task)
        told = {name: first_person(str((task.get("user") or {}).get(name) or "")) for name in ("reason_for_call", "known_info")}
        why, who = told["reason_for_call"], told["known_info"]
        self._left = [why, who, why, f"{who} {why}"]

    def next_words(self, question: str) -> str | None:
        if asked := last_read_back(self.run.transcript):
            made = {line.call_id: line for line in self.run.transcript if line.kind == "call"}
            yes = all(self.wants(made[one.call_id].tool, made[one.call_id].arguments) for one in asked)
            return "Yes, please." if yes else "No, that is not what I want."
        return self._left.pop(0) if self._left else None


class Played(Customer):
    """Is played by a model, which knows the task's customer and what was said."""

    def __init__(self, task: Json, gateway: "Gateway") -> None:
        super().__init__(task)
        told = " ".join(str(text) for text in (task.get("user") or {}).values() if isinstance(text, str))
        self._gateway, self._said = gateway, [{"role": "system", "content": f"{PLAYS}\n\n{told}"}]

    def next_words(self, question: str) -> str | None:
        if len(self._said) > 2 * MOST_WORDS:
            return None
        self._said.append({"role": "user", "content": question or "How can I help you?"})
        try:
            words = self._gateway.ask("", self._said).text
        except ModelUnavailable:
            return None
        self._said.append({"role": "assistant", "content": words})
        return None if STOP in words or not words.strip() else words


def first_person(told: str) -> str:
    """What a task tells its customer, as they say it themselves: "You want your money back" is "I want my money back"."""
    return SECOND_PERSON.sub(lambda found: OWN[found[0].lower()], told)


def _ordered(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value
