"""What customers do: ask, talk live, and come back to a case."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from switchboard.cases.cases import GOES_ON, RunRef, hear
from switchboard.console.app import Workplace
from switchboard.console.terminal.commands import Document, shown
from switchboard.console.terminal.operator import AtTerminal, BrokenOff, spoken_line
from switchboard.console.terminal.screen import say
from switchboard.console.terminal.standing import Seen, standing, waiting_words
from switchboard.errors import OperatorError

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker


def known(email: str) -> dict[str, str]:
    return {"email": email.strip()} if email.strip() else {}


def ask_desk(message: str, email: str, data: Path | None, json: bool) -> Document:
    place = Workplace(data)
    with place.worker() as worker:
        ref = worker.open_case(place.project.team_name(), message, known=known(email), on_entry=Seen(json).show)
        return hinted(shown(worker.work(ref), json))


def ask_again(case_id: str, message: str, email: str, data: Path | None, json: bool) -> Document:
    """A further message of the customer on a case."""
    place = Workplace(data)
    case_id = case_of(place, case_id, email)
    with place.worker() as worker:
        ref, instead = hear(place.engine, case_id, message, worker.workflows.executor)
        if ref is None:
            say(instead)
            stands = standing(place.engine, case_id).end
            return shown({**worker.document(case_id), "end": stands, **({"reply": ""} if stands is None else {})}, json)
        worker.environment.watchers[case_id] = Seen(json).show
        return hinted(shown(worker.work(ref), json))


def hinted(document: Document) -> Document:
    """Say how a case that waits goes on."""
    hints = {
        "awaiting_customer": "`switchboard ask --run {} …` goes on with the case.",
        "awaiting_approval": "`switchboard approve {}` shows the call and asks.",
    }
    if document["end"] in hints:
        say(hints[document["end"]].format(document["case_id"]))
    return document


def case_of(place: Workplace, case_id: str, email: str) -> str:
    """The whole id of a case to which its own customer comes back. Raises OperatorError for another one."""
    stand = standing(place.engine, case_id)
    if email.strip() and email.strip().casefold() != stand.email.casefold():
        raise OperatorError(f"{stand.case_id} was not begun with that e-mail address. Leave --email out, or ask without --run.")
    return stand.case_id


def chat_with_desk(case_id: str, mode: str, email: str, data: Path | None, json: bool) -> Document:
    """A live conversation; the first line is the opening message, or the next one of a case that is there."""
    place = Workplace(data)
    place.engine  # noqa: B018 - what cannot be opened is said before the customer has typed
    case_id = case_id and case_of(place, case_id, email)
    say("You speak as the customer. An empty line or Ctrl-D ends the conversation.")
    human, seen = AtTerminal(mode, place.called("")), Seen(json)
    if case_id:
        seen.catch_up(standing(place.engine, case_id).document["transcript"])
        with place.worker() as worker:
            talk = Conversation(worker, case_id, human, seen)
            talk.follow(talk.next_run())
            return shown(worker.document(case_id), json)
    opening = spoken_line()
    if not opening:
        raise OperatorError("Nothing was said, so nothing was done.")
    with place.worker() as worker:
        ref = worker.open_case(place.project.team_name(), opening, known=known(email), human=human, on_entry=seen.show)
        Conversation(worker, ref.case_id, human, seen).follow(ref)
        return shown(worker.document(ref.case_id), json)


class Conversation:
    """A case whose customer sits here: runs are worked on here, and what others do with the case is shown as it comes."""

    def __init__(self, worker: "Worker", case_id: str, human: AtTerminal, seen: Seen) -> None:
        self._worker, self._case_id, self._human, self._seen = worker, case_id, human, seen
        self._engine = worker.environment.engine
        self._told: Any = None
        self._claimed: RunRef | None = None
        human.is_called_away = self._is_called_away
        worker.environment.humans[case_id] = human
        worker.environment.watchers[case_id] = seen.show

    def follow(self, ref: RunRef | None) -> None:
        """Work on a run and on those that come of it, until the customer leaves or the case is over."""
        while ref:
            self._worker.work(ref)
            if self._human.left:
                break
            ref = self.next_run()
        if standing(self._engine, self._case_id).end in (None, *GOES_ON):
            say(f"The case stays. `switchboard chat --run {self._case_id}` goes on with it.")

    def next_run(self) -> RunRef | None:
        """What goes on next: the customer's next words, or what operators decided. None when the customer leaves."""
        while True:
            self._tell()
            if self._told.end in ("failed", "cancelled", "limit", "loop"):
                return None
            try:
                words = spoken_line(self._has_news)
            except BrokenOff:
                claimed, self._claimed = self._claimed, None
                if claimed:
                    return claimed
                continue
            if not words:
                self._human.left = True
                return None
            ref, instead = hear(self._engine, self._case_id, words, self._worker.workflows.executor, self._human)
            if ref:
                return ref
            say(instead)

    def _tell(self) -> None:
        """Show what has happened since, and what the case waits for."""
        before, self._told = self._told, standing(self._engine, self._case_id)
        if self._told.end:
            self._seen.catch_up(self._told.document["transcript"])
        stands = waiting_words(self._told)
        if stands and (before is None or waiting_words(before) != stands):
            say(stands)

    def _has_news(self) -> bool:
        self._claimed = self._worker.claim(self._case_id)
        stand = standing(self._engine, self._case_id)
        return bool(self._claimed) or (stand.end is not None and stand != self._told)

    def _is_called_away(self) -> bool:
        stand = standing(self._engine, self._case_id)
        return bool(stand.held_by or stand.cancelled_by)
