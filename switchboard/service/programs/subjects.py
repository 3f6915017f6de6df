"""What a notification is about, and who hears of it: people, programs, or both."""

from dataclasses import dataclass
from typing import get_args

from switchboard.cases.spending.budgets import BUDGET
from switchboard.notifications.rows import ALSO_TOLD, Notification
from switchboard.notifications.table import Notified
from switchboard.tickets.deadlines import Alert


@dataclass(frozen=True)
class RunOver:
    """A run that ended; what programs alone hear of beside is `also`, one of `ALSO_TOLD`."""

    also: str = ""


@dataclass(frozen=True)
class BudgetUsed:
    """So many per cent of a budget of models are used."""

    share: str
    budget: str


Subject = RunOver | BudgetUsed | Alert


def subject_of(one: Notification) -> Subject | None:
    """What it is about; None where nobody here knows, as of a later version that has written it."""
    if one.case_id == BUDGET:
        share, _, budget = one.about.partition(" % ")
        return BudgetUsed(share, budget)
    if not one.about or one.about in ALSO_TOLD.values():
        return RunOver(one.about)
    try:
        return Alert.from_text(one.about)
    except ValueError:
        return None


def is_for_people(subject: Subject, one: Notification) -> bool:
    """Whether people are told of it, who hear of no run that leaves nothing to them."""
    if isinstance(subject, RunOver):
        return not subject.also and one.end in get_args(Notified)
    return not (isinstance(subject, Alert) and subject.what == "opened")
