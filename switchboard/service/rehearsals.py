"""What a call that waits would do now, and what the records that it goes by hold now: on rows of which all is undone."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from switchboard.cases.amounts import unknown_elsewhere
from switchboard.cases.approvals import WaitingCall
from switchboard.cases.documents import find
from switchboard.cases.entries import lines_of
from switchboard.database import is_away
from switchboard.declare.outcomes import ToolOutcome
from switchboard.declare.team import TeamSpec
from switchboard.declare.tool import Context, Tool
from switchboard.declare.transcript import Entry, ResultEntry
from switchboard.errors import GaveUp, ToolError
from switchboard.events.rendering import cut, in_facts
from switchboard.loop.journal import Amount
from switchboard.loop.looking.before_call import of_check, why_not
from switchboard.loop.looking.moved import counted_for
from switchboard.plays.demands import broken, last_read, processes_of
from switchboard.service.place import Place
from switchboard.toolsets.functions import Timed

log = logging.getLogger(__name__)
MOST_CHANGED, MOST_VALUE = 10, 80


@dataclass
class Rehearsed:
    """What comes of a call now: of one on our rows what it gave, of one on another side what its check finds there; None where
    neither is asked. `refused` is why it would not be made, `is_due` whether the rows say that it is owed (None where the tool
    cannot tell), `before` what the case had looked up about the same thing or goes by, and `now` what is there by now. `sent`
    says when and where such a call was sent in other cases, of which nobody knows what came.
    """

    outcome: ToolOutcome | None = None
    is_due: bool | None = None
    refused: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    sent: tuple[str, ...] = ()

    @property
    def looked_up(self) -> tuple[str, ...]:
        """What is known about the thing, as it is by now where that was asked."""
        found = self.before | self.now
        return tuple(f"{name.replace('_', ' ')}: {in_facts(result)}" for name, result in found.items())

    @property
    def changed(self) -> tuple[str, ...]:
        """What is otherwise by now than the case had read it, which the customer's yes went by."""
        found = (
            f"{name.replace('_', ' ')}: {one}"
            for name, result in self.before.items()
            if name in self.now
            for one in _differences(result, self.now[name])
        )
        return tuple(islice(found, MOST_CHANGED))


def rehearsed(place: Place, asked: WaitingCall, tool: Tool, arguments: Mapping[str, Any]) -> Rehearsed:
    """Try a call that waits. What it goes by is read before, since it changes that: each call on its own, and none while a
    transaction holds up others, as another side may take its time. What is tried on our rows is undone.

    A tool that is late ends the try, and so does a database that is away; what they say of that is the refusal.
    """
    team, found = place.environment.teams[asked.team], Rehearsed()

    def outcome(made: Tool, given: Mapping[str, Any], *, writes: bool = False) -> ToolOutcome:
        with Session(place.engine.execution_options(reading=not writes)) as session:  # which ends without a commit
            context = Context(asked.case_id, "rehearsal", asked.agent, session, asked.customer_id)
            context.services = place.environment.services
            return Timed(made, given, context).outcome()

    def read(name: str, given: Mapping[str, Any]) -> Any:
        if name not in found.now:
            looked = outcome(team.tools[name], given)
            if looked.status != "done":
                raise ToolError(looked.text)
            found.now[name] = looked.result
            if (was := last_read(name, given, transcript)) is not None:
                found.before.setdefault(name, was)
        return found.now[name]

    with _late_is_refused(found):
        transcript, found.sent = _known(place, asked, tool, arguments)
        looks = _looks(transcript, team, arguments.get(tool.about) if tool.about else None)
        found.before = {name: entry.result for name, entry in looks.items()}
        if tool.check and (tool.due or tool.remote):
            looked = outcome(tool.check, of_check(tool.check, arguments))
            found.is_due = looked.status == "done" and tool.is_due(looked.result) if tool.due else None
            found.outcome = looked if tool.remote else None
            if looked.status == "done":
                found.now[tool.check.name] = looked.result
        for name, entry in looks.items():
            if team.tools[name].effect == "read" and team.tools[name].rehearses and name not in found.now:
                again = outcome(team.tools[name], entry.arguments)
                found.now |= {name: again.result} if again.status == "done" else {}
        if tool.rehearses:
            found.outcome = outcome(tool, arguments, writes=True)
        elif not found.outcome or found.outcome.status == "done":
            found.refused = _no_longer(team, asked, arguments, transcript, read)
    if found.outcome and found.outcome.status != "done":
        found.refused = found.outcome.text
    return found


def _known(place: Place, asked: WaitingCall, tool: Tool, arguments: Mapping[str, Any]) -> tuple[list[Entry], tuple[str, ...]]:
    """The lines of the case, and what such a call was sent for in other cases, of which nobody knows what came."""
    with Session(place.engine.execution_options(reading=True)) as session:
        row, sent = find(session, asked.case_id), list[str]()
        if tool.remote:
            made = Amount(tool.name, *counted_for(asked.customer_id or row.id, tool, arguments), 0)
            sent = unknown_elsewhere(session, row.id, made, arguments)
        told = (f"{one}: nobody knows what came of it; look before you let it pass" for one in sent)
        return lines_of(session, row.id, row.run), tuple(told)


@contextmanager
def _late_is_refused(found: Rehearsed) -> Iterator[None]:
    try:
        yield
    except GaveUp as late:
        found.refused = str(late)
    except DBAPIError as error:
        if not is_away(error):
            raise
        log.warning("a call that waits could not be tried: %s", error.orig)
        found.refused = "The database could not be asked. Look again in a moment."


def _no_longer(team: TeamSpec, asked: WaitingCall, arguments: Mapping[str, Any], transcript: list[Entry], read: Any) -> str:
    """Why the plays that do a call forbid it by now; "" where they do not."""
    said = (team.language, team.vocabulary.currency)
    try:
        found = broken(processes_of(team, asked.agent, asked.tool), arguments, asked.customer_id, transcript, read, *said)
    except ToolError as error:
        return str(error)
    return why_not(found) if found else ""


def _looks(transcript: Sequence[Entry], team: TeamSpec, about: Any) -> dict[str, ResultEntry]:
    """What the case's calls that only read have found about a thing, each tool's newest result."""
    found = {}
    for line in transcript if about is not None else ():
        is_look = line.kind == "result" and line.status == "done" and line.tool in team.tools
        if line.kind == "result" and is_look and not team.tools[line.tool].changes and about in line.arguments.values():
            found[line.tool] = line
    return found


def _differences(before: Any, now: Any, at: str = "") -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*before, *now)):
            yield from _differences(before.get(name), now.get(name), f"{at} {name.replace('_', ' ')}".strip())
    elif before != now:
        was, is_now = (cut(in_facts(one, ()), MOST_VALUE) or "nothing" for one in (before, now))
        yield f"{at} was {was}, is {is_now}" if at else f"was {was}, is {is_now}"
