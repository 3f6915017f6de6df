"""Calls that programs propose for customers: each once under its key, in a case of its own, where the executor makes it after
the customer's yes, and after that of operators where the team's rules want one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from switchboard.cases.entries import lines_of
from switchboard.cases.intake import Kept, Message
from switchboard.cases.standing import new_lines
from switchboard.cases.tables import CaseRow
from switchboard.characters import washed_data
from switchboard.consent.admitted import MOST_TEXT
from switchboard.consent.record import last_read_back
from switchboard.declare.beginnings import Proposed
from switchboard.declare.tool import Tool
from switchboard.declare.transcript import Entry, ResultEntry, as_json, as_key, digest
from switchboard.errors import NotThere, OperatorError
from switchboard.loop.recording.proposals import proposable, proposal_in
from switchboard.reading.languages import said
from switchboard.service.conversations import known
from switchboard.service.place import Place, case_here
from switchboard.service.programs.messages import case_under, kept
from switchboard.toolsets.same_record import same

Status = Literal["working", "asks", "waiting", "done", "refused", "failed"]
ELSE = "The customer is asked about something else by now, or has answered, so nothing was said for them. Look at the case."


@dataclass(frozen=True)
class Asked:
    """What the customer is asked: in these words, at the end of the case's run `run`. A yes is bound to the hash of them and of
    the call that they read back.
    """

    text: str
    hash: str
    run: int


@dataclass(frozen=True)
class Proposal:
    """How a proposed call stands: `asked` is for the customer to answer where it `asks` them, `waiting` is for operators, to
    decide on it or because one has the case. `why` says why it is not done, `result` what the tool gave where it is. One that
    was `refused` stays so until the same is asked for once more in its case, by whomever: then it stands as that call does.
    """

    status: Status
    result: Any = None
    why: str = ""
    asked: Asked | None = None


def propose(place: Place, team: str, tool: str, arguments: Mapping[str, Any], email: str, key: str, name: str) -> Kept:
    """Open a case in which this call of a team's tool is proposed by the program of `name`, for the customer with this address,
    which the program vouches for. The same key again is the same case. Raises OtherMessage, and ToolError for arguments that
    the tool does not take.
    """
    if tool not in (offered := proposable(place.environment.teams[team])):
        raise NotThere(f"There is no tool {tool[:60]!r} that changes something.")
    given = washed_within(arguments)
    _, its = offered[tool]
    its.validated(given)
    return kept(place, team, "", Message(key, its.named(given), known(email), proposed=Proposed(tool, given, name)), by=name)


def washed_within(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as a record can hold them. Raises OperatorError for what is too deep or too long for one."""
    try:
        given: dict[str, Any] = washed_data(dict(arguments))
        if len(as_json(given)) <= MOST_TEXT:
            return given
    except RecursionError:
        raise OperatorError("These arguments are nested too deeply.") from None
    raise OperatorError(f"These arguments have more than {MOST_TEXT} characters.")


def say(place: Place, case_id: str, asked_hash: str, run: int, key: str, *, yes: bool) -> None:
    """Answer for the customer what was asked at the end of a run, in their words for yes or no, once under a key. Raises
    OperatorError where it is not what they are asked by now.
    """
    if case_under(place, key):
        return
    stand = case_here(place, case_id)

    def is_still_asked(session: Session, _: str) -> None:
        row = session.get_one(CaseRow, stand.case_id)
        found = _asked(lines_of(session, row.id, row.run), run)
        if (row.run, row.end) != (run, "awaiting_customer") or not found or found.hash != asked_hash:
            raise OperatorError(ELSE)

    words = said(f"read_back.{'yes' if yes else 'no'}", place.environment.teams[stand.team].language)
    kept(place, stand.team, stand.case_id, Message(key, words, {}), before=is_still_asked)


def came_of(place: Place, case_id: str) -> Proposal:
    """How the call stands that was proposed in a case."""
    stand, lines = case_here(place, case_id), [line for _, line in new_lines(place.engine, case_id)]
    if stand.end is None:
        return Proposal("working")
    if stand.end == "awaiting_customer" and (asked := _asked(lines, stand.run)):
        return Proposal("asks", why="The customer has to say yes to it first.", asked=asked)
    results = _results(lines)
    if not results and stand.is_with_human:
        return Proposal("waiting", why=stand.document["reason"])
    if not results:
        return Proposal("failed", why=stand.document["reason"] or "It was not made.")
    if came := next((one for one in results if one.status == "done"), None):
        return Proposal(came.status, came.result, came.text)
    others = [as_json(one.arguments) for one in _others_done(lines, place.environment.teams[stand.team].tools)]
    also = f" With other arguments it was made since: {', '.join(others)}." if others else ""
    return Proposal(results[-1].status, results[-1].result, f"{results[-1].text}{also}")


def _calls(lines: list[Entry]) -> set[str]:
    """The ids of the call that was proposed, and of those since then with the same arguments: as when the customer wrote other
    words first, and agents asked them anew.
    """
    if (call := proposal_in(lines)) is None:
        return set()
    key, since = as_key(call.arguments), lines[lines.index(call) + 1 :]
    alike = [e for e in since if e.kind == "call" and e.tool == call.tool and as_key(e.arguments) == key]
    return {e.call_id for e in (call, *alike)}


def _others_done(lines: list[Entry], tools: Mapping[str, Tool]) -> list[ResultEntry]:
    """What was done since with the same tool about the same thing, but with other arguments."""
    call = proposal_in(lines)
    about = (its.about if call and (its := tools.get(call.tool)) else None) or ""
    if call is None or not about:
        return []
    done = [e for e in lines[lines.index(call) :] if isinstance(e, ResultEntry) and (e.tool, e.status) == (call.tool, "done")]
    return [e for e in done if same(e.arguments.get(about), call.arguments.get(about))]


def _results(lines: list[Entry]) -> list[ResultEntry]:
    calls = _calls(lines)
    return [e for e in lines if isinstance(e, ResultEntry) and e.call_id in calls]


def _asked(lines: list[Entry], run: int) -> Asked | None:
    """What the customer is asked about the proposed call, as long as nothing came of it, as where an operator took the case."""
    calls, results = _calls(lines), _results(lines)
    over = {e.call_id for e in results if e.status != "waiting"}
    for read in last_read_back(lines) if all(e.status != "done" for e in results) else ():
        if read.call_id in calls - over:
            question = _question(lines, read.call_id)
            return Asked(question, digest([read.bound, read.text, question]), run)
    return None


def _question(lines: list[Entry], call_id: str) -> str:
    """The newest question about a call, whatever was said beside it since; where it only asks once more, behind all that a yes
    to it is to.
    """
    asked = next(e for e in reversed(lines) if e.kind == "message" and call_id in e.confirms)
    return "\n".join([*(read for _, read in asked.confirms.values() if read not in asked.text), asked.text])
