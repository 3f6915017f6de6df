"""An operator asks for a suggested reply: agents prepare it, beside whatever is done in the case meanwhile."""

from dataclasses import dataclass
from typing import Literal

from switchboard.cases.people.drafts import WaitingDraft, drafts
from switchboard.cases.people.suggesting import ask_for_suggestion, prepared
from switchboard.service.place import Place, case_here


@dataclass(frozen=True)
class Suggestion:
    """How a suggested reply stands: it is being `prepared`, it `waits` as a `draft` to be edited and sent, or there is `none`;
    where it was asked for, `why` is a sentence. `prepared_in` is the case in which it is prepared, "" where it waits.
    """

    case_id: str
    state: Literal["prepared", "waits", "none"]
    draft: WaitingDraft | None = None
    why: str = ""
    prepared_in: str = ""

    @property
    def told(self) -> str:
        """Why there is none, in a line."""
        return f"No suggestion: {self.why[:1].lower()}{self.why[1:]}" if self.why else ""


def suggest(place: Place, case_id: str, operator: str, *, waits: bool = False) -> Suggestion:
    """Have the agents suggest an answer to what the customer wrote last: on the queue, or with `waits` here and now. Nothing is
    changed, and the customer hears nothing. Raises OperatorError where the case is not the operator's to answer.
    """
    case_id = case_here(place, case_id).case_id
    with place.worker() as worker:
        mine = waits and not worker.workers()
        asked = ask_for_suggestion(place.engine, case_id, operator, worker.workflows.executor if mine else None)
        if asked and waits:
            (worker.work if mine and asked.is_new else worker.wait_for)(asked.ref)
    return suggestion_of(place, case_id)


def suggestion_of(place: Place, case_id: str) -> Suggestion:
    """How the suggested reply of a case stands, by its whole id."""
    if found := drafts(place.engine, case_id=case_id):
        return Suggestion(case_id, "waits", found[-1])
    newest = prepared(place.engine, case_id)
    if newest is None:
        return Suggestion(case_id, "none")
    if not newest.is_over:
        return Suggestion(case_id, "prepared", prepared_in=newest.case_id)
    return Suggestion(case_id, "none", why=newest.why, prepared_in=newest.case_id)
