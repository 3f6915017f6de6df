"""Where use cases work: the rows, what the process gives to runs, and the process itself when it has to work."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine

from switchboard.cases.cases import RunRef
from switchboard.cases.documents import load
from switchboard.cases.standing import Standing, standing
from switchboard.characters import is_plain, same
from switchboard.declare.document import Document
from switchboard.declare.flow import CUSTOMER, EXECUTOR
from switchboard.declare.transcript import DEADLINE
from switchboard.errors import OperatorError
from switchboard.events.stream import Listener

if TYPE_CHECKING:
    from switchboard.cases.runs import Environment
    from switchboard.engine.worker import Worker

MOST_NAME = 60


class Place(Protocol):
    """Its parts may be costly, so each is asked for only where a use case needs it."""

    @property
    def engine(self) -> Engine: ...

    @property
    def environment(self) -> "Environment": ...

    def worker(self, about: str = "") -> "AbstractContextManager[Worker]":
        """This process at work, for as long as it lasts. `about` is the case that it is asked to do something with: that one
        it does not tell of as of others, which it takes up beside.
        """


@dataclass(frozen=True)
class Worked:
    """What became of a case. `document` has its end as it is now: None while it is being worked on.

    `here` says whether it was worked on here; where it was not, `instead` is a sentence on who goes on with it and when,
    or "" where nothing began.
    """

    document: Document
    here: bool = False
    instead: str = ""


def case_here(place: Place, case_id: str) -> Standing:
    """How a case stands that agents are to go on with here. Raises OperatorError where it is another project's."""
    stand = standing(place.engine, case_id)
    if stand.team not in place.environment.teams:
        why = f"{stand.case_id} is a case of the team {stand.team!r}, which this project does not have"
        raise OperatorError(f"{why}. Name the project that has it with --project.")
    return stand


def name_of_operator(environment: "Environment", given: str) -> str:
    """The name that what an operator does is recorded under. Raises OperatorError where it could be taken for another's."""
    found = " ".join(given.split())
    voices = {voice for team in environment.teams.values() for voice in team.members} | {CUSTOMER, EXECUTOR, DEADLINE}
    if not found or len(found) > MOST_NAME or not is_plain(found) or any(same(found, voice) for voice in voices):
        raise OperatorError(f"{found[:MOST_NAME]!r} cannot be an operator's name. Give your own with --as NAME.")
    return found


def go_on(place: Place, case_id: str, begin: Callable[[str | None], RunRef | None], listener: Listener | None = None) -> Worked:
    """Begin the next run of a case and work on it here, or leave it to a worker.

    `begin` takes the process that is to work on it, or None, and gives the run, if one begins.
    """
    with place.worker() as worker:
        instead = worker.left_to(case_id)
        ref = begin(None if instead else worker.workflows.executor)
        if ref and not instead:
            return Worked(work(worker, ref, listener), here=True)
        return Worked(load(place.engine, case_id), instead=instead if ref else "")


def work(worker: "Worker", ref: RunRef, listener: Listener | None = None) -> Document:
    """Work on a run here and now, and on what follows at once, for whoever listens."""
    leave = worker.environment.stream.listen(listener, ref.case_id) if listener else lambda: None
    try:
        return worker.work(ref)
    finally:
        leave()


def see_out(worker: "Worker", refs: list[RunRef], tell: Callable[[Document], object] = lambda _: None) -> None:
    """Wait for runs that this process goes on with beside its own, and for those that come of them; tell what each led to."""
    while refs:
        for ref in refs:
            tell(worker.wait_for(ref))
        refs = worker.take_up()
