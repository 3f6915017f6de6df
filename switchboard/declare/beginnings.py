"""What begins a run of a case: words of the customer, or what an operator or the engine decided, as values and as JSON data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from switchboard.declare.human import Approval
from switchboard.declare.transcript import Entry, entry_from


@dataclass(frozen=True)
class Words:
    """What the customer wrote; `live` says that they can answer within the run, `reviewed` that an operator sees each move,
    `allows_code` that agents may run code from now on, `thanks` that they thank and want nothing, `before` that they wrote it
    while the agents worked, and so before they were asked what stands last: it is no yes to that.
    """

    words: str
    live: bool = False
    reviewed: bool = False
    allows_code: bool = False
    thanks: bool = False
    before: bool = False
    kind: Literal["words"] = "words"


@dataclass(frozen=True)
class Proposed:
    """A call that a program proposes for the customer whom its channel knows, who has not been asked yet; `name` is whose
    program it is.
    """

    tool: str
    arguments: Mapping[str, Any]
    name: str
    kind: Literal["proposed"] = "proposed"


@dataclass(frozen=True)
class Ignored:
    """What came in and is answered with silence, and `why`: no person wrote it."""

    words: str
    why: str
    kind: Literal["ignored"] = "ignored"


@dataclass(frozen=True)
class Answered:
    """Operators' answer to the call that waited, or the deadline's."""

    call_id: str
    approval: Approval
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True)
class Cancelled:
    """The case is to end; `by` is the operator who wants that."""

    by: str
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True)
class HandedBack:
    """The operator who had the case gives it to the agents, with a note that they see."""

    by: str
    note: str
    kind: Literal["handed_back"] = "handed_back"


@dataclass(frozen=True)
class Unfinished:
    """The run before could not go on, and `why`; `lines` are those that it did not come to write."""

    why: str
    lines: Sequence[Entry] = ()
    kind: Literal["given_up"] = "given_up"


@dataclass(frozen=True)
class Branched:
    """A branch of the case `parent`: its agent is told the task alone, and may use so much of each limit."""

    parent: str
    agent: str
    task: str
    limits: Mapping[str, Any]
    kind: Literal["branch"] = "branch"


@dataclass(frozen=True)
class Suggested:
    """An answer to the customer of the case `of` is to be suggested, as `by` asked: to what stands up to its entry `upto`, in
    its run of that number.
    """

    of: str
    run: int
    upto: int
    by: str
    kind: Literal["suggested"] = "suggested"


Beginning = Words | Proposed | Ignored | Answered | Cancelled | HandedBack | Unfinished | Branched | Suggested

KINDS: dict[str, type[Beginning]] = {beginning.kind: beginning for beginning in get_args(Beginning)}


def as_data(beginning: Beginning) -> dict[str, Any]:
    """A beginning as JSON data."""
    match beginning:
        case Unfinished(why, lines, kind):
            return {"kind": kind, "why": why, "lines": [line.document() for line in lines]}
        case _:
            return asdict(beginning)


def beginning_from(data: Mapping[str, Any]) -> Beginning:
    """The beginning that `as_data` wrote down, by this version or 0.2.0, which left out what was not so."""
    kind = KINDS[data["kind"]]
    given = {f.name: data[f.name] for f in fields(kind) if f.name in data}
    if kind is Answered:
        given["approval"] = Approval.from_data(given["approval"])
    if kind is Unfinished:
        given["lines"] = tuple(entry_from(line) for line in given["lines"])
    return kind(**given)
