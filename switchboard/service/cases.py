"""Cases as operators see and move them: lists, how one stands and how far it is, taking over, speaking, handing back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from switchboard.cases import cases, documents
from switchboard.cases.people import escalating, reopening
from switchboard.cases.people.escalating import Escalated, EscalatedAs
from switchboard.cases.people.holding import may_take_from
from switchboard.cases.standing import Standing, steps_recorded
from switchboard.cases.standing import standing as standing_of
from switchboard.cases.words.search import about
from switchboard.events.stream import Listener
from switchboard.service.place import Place, Worked, case_here, go_on
from switchboard.service.programs.messages import own_key
from switchboard.service.tickets.working import Desk


@dataclass(frozen=True)
class ListedCase:
    """`run_id` is of the newest run; `end` is None while it is being worked on, or was cut off. Moments are in UTC.

    `outcome`, and `because` where a person has it, are out of the lists in `switchboard/cases/outcomes/`.
    """

    case_id: str
    run_id: str
    team: str
    end: str | None
    held_by: str | None
    department: str | None
    opening: str
    created_at: datetime
    seconds: float
    outcome: str
    because: str | None
    thumb: str | None


@dataclass(frozen=True)
class ListedRun:
    """`began_with` is `words`, `proposed`, `ignored`, `answer`, `handed_back`, `cancel` or `given_up`; `end` is None while
    it is being worked on, or was cut off; `attempts` counts how often it was taken over from a process that died, since it last
    came further.
    """

    run_id: str
    case_id: str
    number: int
    team: str
    began_with: str
    started_at: datetime
    end: str | None
    attempts: int


def list_cases(place: Place, limit: int, words: str = "") -> list[ListedCase]:
    """The newest cases, newest first; with words those alone that operators find by them."""
    which = [about(place.engine.dialect.name, words, for_operators=True)] if words.strip() else []
    return [ListedCase(**row) for row in documents.listing(place.engine, limit, *which)]


def list_runs(place: Place, limit: int) -> list[ListedRun]:
    """The newest runs, newest first. A case that was played on rows that are gone has none."""
    return [ListedRun(**row) for row in documents.runs_of(place.engine, limit)]


@dataclass(frozen=True)
class Progress:
    """How far a run that is not over is: how many of its steps are recorded, and the process, as host:pid, that works on it.

    Without one, `waits_for_worker` tells a run that a worker takes up from one that was cut off.
    """

    steps: int
    worker: str | None
    waits_for_worker: bool


@dataclass(frozen=True)
class Shown:
    """A case to be looked at; of one that is not over, `progress` says how far it is."""

    standing: Standing
    progress: Progress | None = None


def show(place: Place, case_id: str) -> Shown:
    """A case as it is now: what was said and done, how it stands, and who works on it."""
    stand = standing_of(place.engine, case_id)
    if stand.end:
        return Shown(stand)
    from switchboard.engine.heartbeat import alive, works_on

    whole = standing_of(place.engine, stand.parent) if stand.parent else stand  # who owns it works on its branches
    steps, worker = steps_recorded(place.engine, stand.newest_run), works_on(place.engine, whole.newest_run)
    waits = not worker and (steps == 0 or bool(alive(place.engine, takes_cases=True)))
    return Shown(stand, Progress(steps, worker, waits))


@dataclass(frozen=True)
class Taken:
    """A case that an operator has taken over; `told` is a sentence on what they must know."""

    standing: Standing
    told: str


def take(place: Place, case_id: str, operator: str, instead_of: str = "") -> Taken:
    """Take a case over, from another operator where that one is named: its agents fall silent."""
    case_id = standing_of(place.engine, case_id).case_id
    told = cases.take(place.engine, case_id, operator, instead_of)
    return Taken(standing_of(place.engine, case_id), told)


def may_take(place: Place, holder: str | None, operator: str) -> bool:
    """Whether an operator may take a case over, by who has it."""
    with Session(place.engine.execution_options(reading=True)) as session:
        return not holder or (holder != operator and may_take_from(session, holder, operator))


def speak(place: Place, case_id: str, operator: str, words: str, key: str = "") -> Standing:
    """Speak to the customer of a case that is with a human, once under the key of a form, where there is one."""
    case_id = standing_of(place.engine, case_id).case_id
    cases.speak(place.engine, case_id, operator, words, key and own_key("reply", operator, key))
    return standing_of(place.engine, case_id)


def hand_back(place: Place, case_id: str, operator: str, note: str, listener: Listener | None = None) -> Worked:
    """Give a case back to the agents, who go on with it here or with a worker."""
    case_id = case_here(place, case_id).case_id
    return go_on(place, case_id, lambda executor: cases.hand_back(place.engine, case_id, operator, note, executor), listener)


def escalate(place: Desk, case_id: str, operator: str, urgency: EscalatedAs, why: str) -> Escalated:
    """Have who is on call look at a case; it stays with whoever has it."""
    case_id = standing_of(place.engine, case_id).case_id
    return escalating.escalate(place.engine, case_id, operator, urgency, why, place.project.file.notifications)


def reopen(place: Place, case_id: str, operator: str, why: str) -> str:
    """Open a case again that is over: it waits for a person, with the ticket whose number is returned."""
    return reopening.reopen(place.engine, standing_of(place.engine, case_id).case_id, operator, why)


def end(place: Place, case_id: str, operator: str, listener: Listener | None = None) -> Worked:
    """End a case; the customer hears what was and what was not done, once whoever works on it comes to that."""
    case_id = case_here(place, case_id).case_id
    return go_on(place, case_id, lambda executor: cases.cancel(place.engine, case_id, operator, executor), listener)
