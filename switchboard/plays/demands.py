"""What plays demand of records before the one call that they do: their conditions, for calls that rules and models make alike.

A play looks at its conditions when its rules walk. Between that and the call lie the yes of a customer and of operators, which
may take days, and a model walks no play at all: so whoever makes the call asks here again, with a way to read records anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switchboard.declare.flow import CUSTOMER
from switchboard.declare.play import CUSTOMER_ID, Condition, Play, Process, Step
from switchboard.declare.team import TeamSpec
from switchboard.declare.transcript import Entry, ResultEntry
from switchboard.plays.slots import in_words, told_in, value_at

NO_LONGER, NOT_READ = "no_longer_so", "not_read_before"
"""The codes of calls that are not made: a record is not (any more) as the play demands, and what it demands was never read."""
Read = Callable[[str, Mapping[str, Any]], Any]
"""What a call that reads gives now, by its tool and its arguments. What it raises says why the record cannot be read."""


@dataclass(frozen=True)
class Broken:
    """What no longer holds for a call: a field, what it is now, what it may be, and what the play says to the customer then.

    Without a field nobody has read what the play demands, and `reads` are the calls that do.
    """

    of: str = ""
    value: Any = None
    values: Sequence[Any] = ()
    told: str = ""
    reads: Sequence[str] = ()

    @property
    def code(self) -> str:
        return NO_LONGER if self.of else NOT_READ


def processes_of(team: TeamSpec, agent: str, tool: str) -> list[Process]:
    """The processes that do this call: of the agent that makes it, or where it has none those of the whole team."""
    members = team.members.values()
    mine = [one for member in members if member.name == agent for one in _doing(member.plays, tool)]
    return mine or [one for member in members for one in _doing(member.plays, tool)]


def _doing(plays: Iterable[Play], tool: str) -> Iterator[Process]:
    return (play.process for play in plays if play.process and play.process.does and play.process.does.tool == tool)


def broken(
    processes: Sequence[Process],
    arguments: Mapping[str, Any],
    customer_id: str | None,
    transcript: Sequence[Entry],
    read: Read,
    language: str,
    currency: str,
) -> Broken | None:
    """What forbids a call now; None where all that one play demands that does it holds. Of several plays those count whose
    demands held when the case read last. A condition that is a function looks at words, too, and is left to its play.
    """
    if not processes or not all(any(_demands(process)) for process in processes):
        return None

    def then(tool: str, given: Mapping[str, Any]) -> Any:
        return _newest(tool, given, transcript).result

    before = [one for one in processes if not _checked(one, arguments, customer_id, transcript, then, language, currency)]
    first = None
    for process in before or processes:
        found = _checked(process, arguments, customer_id, transcript, read, language, currency)
        if found is None:
            return None
        first = first or found
    return first


def is_read_since(tool: str, given: Mapping[str, Any], transcript: Sequence[Entry]) -> bool:
    """Whether these arguments were read after the last words or decision of a person: as soon as anything can be."""
    people = (e.speaker == CUSTOMER or (e.kind == "decision" and e.by == "human") for e in reversed(transcript))
    back = next((n for n, is_person in enumerate(people) if is_person), len(transcript))
    return bool(_results(tool, given, transcript[len(transcript) - back :]))


def last_read(tool: str, given: Mapping[str, Any], transcript: Sequence[Entry]) -> Any:
    """What the case has read last with these arguments; None where it has not."""
    found = _results(tool, given, transcript)
    return found[-1].result if found else None


class _Unread(Exception):
    """The case has not read what a play demands, and nothing says how to."""


def _checked(
    process: Process,
    arguments: Mapping[str, Any],
    customer_id: str | None,
    transcript: Sequence[Entry],
    read: Read,
    language: str,
    currency: str,
) -> Broken | None:
    given = process.does.arguments.items() if process.does else ()
    found: dict[str, Any] = {source: arguments[name] for name, source in given if name in arguments and "." not in source}
    found[CUSTOMER_ID] = customer_id
    steps = list(_needed(process))
    try:
        for step in steps:
            found[step.tool] = read(step.tool, _arguments(step, found, transcript))
    except _Unread:
        return Broken(reads=[step.tool for step in steps])
    for condition in _demands(process):
        value = value_at(found, str(condition.of))
        if value not in condition.values:
            shown = in_words(found, process.words)
            said = condition.otherwise if isinstance(condition.otherwise, str) else ""
            values = list(condition.values) if isinstance(condition.values, Sequence) else []
            return Broken(str(condition.of), value, values, told_in(said, shown, language, currency))
    return None


def _demands(process: Process) -> Iterator[Condition]:
    """Its conditions on fields of what a step reads once."""
    read = {step.tool for step in process.reads if not step.each}
    yield from (one for one in process.conditions if isinstance(one.of, str) and one.of.split(".")[0] in read)


def _needed(process: Process) -> Iterator[Step]:
    """The steps that its demands go by, with those that give them their arguments."""
    names = {str(one.of).split(".")[0] for one in _demands(process)}
    for step in reversed(process.reads):
        if step.tool in names:
            names |= {source.split(".")[0] for source in step.arguments.values()}
    yield from (step for step in process.reads if step.tool in names and not step.each)


def _arguments(step: Step, found: Mapping[str, Any], transcript: Sequence[Entry]) -> dict[str, Any]:
    """The arguments of a step: by what the call itself says, and where it does not, as the case has read it last."""
    given = {name: value_at(found, source) for name, source in step.arguments.items() if source.split(".")[0] in found}
    known = {name: value for name, value in given.items() if value is not None}
    return known if given.keys() == step.arguments.keys() else dict(_newest(step.tool, known, transcript).arguments)


def _newest(tool: str, given: Mapping[str, Any], transcript: Sequence[Entry]) -> ResultEntry:
    found = _results(tool, given, transcript)
    if not found:
        raise _Unread
    return found[-1]


def _results(tool: str, given: Mapping[str, Any], transcript: Sequence[Entry]) -> list[ResultEntry]:
    """What the case has read by a tool with these arguments, and maybe more of them."""
    read = (e for e in transcript if e.kind == "result" and e.tool == tool and e.status == "done")
    return [e for e in read if given.items() <= dict(e.arguments).items()]
