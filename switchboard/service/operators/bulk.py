"""Answers to many calls that wait, of one kind and by one rule: each bound to what was seen of it, and recorded on its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from switchboard.cases.approvals import WaitingCall
from switchboard.cases.people.inside import reason
from switchboard.declare.transcript import digest
from switchboard.errors import OperatorError
from switchboard.service.approvals import Card, approve, card, deny, list_approvals, waiting_call
from switchboard.service.place import Place

MOST = 20
"""How many calls are answered together."""
MOST_LOOKED_AT = 1000
MOST_TRIED = 3 * MOST
"""Of so many calls of a kind it is looked up whether they can be answered together; each is tried for that."""
ON_ITS_OWN = "It needs a look of its own."
CHANGED = "What is known of it has changed since you saw it. Look at it again."


@dataclass(frozen=True)
class Kind:
    """Calls that can be answered together: of one tool of one team, for one reason, which is the sentence of a rule."""

    key: str
    team: str
    tool: str
    why: str
    count: int


@dataclass(frozen=True)
class Seen:
    """A call with its card; `mark` is another one as soon as anything of what is shown of it is."""

    call: WaitingCall
    card: Card
    mark: str

    @property
    def is_plain(self) -> bool:
        """Whether nothing about it asks for a look at its own page: one like it was not sent with an unknown outcome, the rows
        say that it is owed where they can, and would let it pass, and its customer has not written since.
        """
        known = not self.card.is_unknown and self.card.is_due is not False
        return known and not self.card.refused and not self.call.since


@dataclass(frozen=True)
class Offered:
    """The calls of a kind that are answered together, and how many of those looked at are left to their own pages."""

    calls: list[Seen]
    left: int


@dataclass(frozen=True)
class Became:
    """What became of one of the calls: whether the answer counts, and what there is to say of it."""

    case_id: str
    done: bool
    told: str


def kinds(place: Place) -> list[Kind]:
    """What waits by kinds, the largest first."""
    found: dict[str, list[WaitingCall]] = {}
    for call in _first_of_each(place):
        found.setdefault(_kind_of(call), []).append(call)
    every = [Kind(key, calls[0].team, calls[0].tool, calls[0].why, len(calls)) for key, calls in found.items()]
    return sorted(every, key=lambda kind: (-kind.count, kind.tool, kind.why))


def of_kind(place: Place, key: str) -> Offered:
    """The calls of a kind that can be answered together, the nearest deadline first, and as many as that."""
    found: list[Seen] = []
    left = 0
    for call in [one for one in _first_of_each(place) if _kind_of(one) == key][:MOST_TRIED]:
        if len(found) == MOST:
            break
        seen = _seen(place, call)
        if seen.is_plain:
            found.append(seen)
        else:
            left += 1
    return Offered(found, left)


def answer_these(place: Place, key: str, chosen: Mapping[str, str], operator: str, *, yes: bool, why: str = "") -> list[Became]:
    """Say yes, or no for a reason, to the calls of some cases, each by the mark of what was seen of it.

    What changed meanwhile is left out, and said. Raises OperatorError where that is no answer to anything.
    """
    if not chosen:
        raise OperatorError("No call is chosen. Nothing was done.")
    if len(chosen) > MOST:
        raise OperatorError(f"At most {MOST} calls are answered together. Nothing was done.")
    if not yes:
        why = reason(why, "Say why, so that the agents can tell the customers. Nothing was done.")
    # A no is known of the next call about the same thing at once, and makes no other of it; a yes is to be looked at there.
    before = {} if yes else {case_id: _bound(place, key, case_id, mark) for case_id, mark in chosen.items()}
    return [
        _answered(place, case_id, before.get(case_id) or _bound(place, key, case_id, mark), operator, yes=yes, why=why)
        for case_id, mark in chosen.items()
    ]


def _bound(place: Place, key: str, case_id: str, mark: str) -> WaitingCall | str:
    """The call of a case where it is as it was seen, else why it is not answered."""
    try:
        call = waiting_call(place, case_id)
        seen = _seen(place, call)
    except OperatorError as error:
        return str(error)
    if _kind_of(call) != key or seen.mark != mark:
        return CHANGED
    return call if seen.is_plain else ON_ITS_OWN


def _answered(place: Place, case_id: str, call: WaitingCall | str, operator: str, *, yes: bool, why: str) -> Became:
    if isinstance(call, str):
        return Became(case_id, False, call)
    try:
        answer = approve(place, call, operator, {}) if yes else deny(place, call, operator, why)
    except OperatorError as error:
        return Became(case_id, False, str(error))
    told = "Noted. Another operator must approve it, too." if answer.needs_another else "Approved." if yes else "Refused."
    return Became(case_id, True, told)


def _first_of_each(place: Place) -> list[WaitingCall]:
    """The call of each case that is the next one to be answered there, but for those that somebody has edited."""
    found: dict[str, WaitingCall] = {}
    for call in list_approvals(place, MOST_LOOKED_AT):
        found.setdefault(call.case_id, call)
    return [call for call in found.values() if not call.edited and call.team in place.environment.teams]


def _kind_of(call: WaitingCall) -> str:
    return "" if call.edited else digest([call.team, call.tool, call.why, call.operators])


def _seen(place: Place, call: WaitingCall) -> Seen:
    found = card(place, call)
    shown = [call.hash, call.since, call.approved_by, found.in_words, found.refused, found.is_due, list(found.changed)]
    shown.append(list(found.decided_before))
    return Seen(call, found, digest(shown))
