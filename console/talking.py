"""What customers do: ask, talk live, and come back to a case."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.commands import Document, shown
from console.operator import AtTerminal, BrokenOff, spoken_line
from console.screen import say
from console.standing import Seen, standing, waiting_words
from console.workplace import Workplace
from runtime.cases import GOES_ON, Leg, hear
from runtime.errors import OperatorError

if TYPE_CHECKING:
    from runtime.shift import Shift


def known(email: str) -> dict[str, str]:
    return {"email": email.strip()} if email.strip() else {}


def ask_desk(message: str, email: str, data: Path | None, json: bool) -> Document:
    place = Workplace(data)
    with place.shift() as shift:
        leg = shift.open_case("desk", message, known=known(email), on_entry=Seen(json).show)
        return hinted(shown(shift.work(leg), json))


def ask_again(run_id: str, message: str, email: str, data: Path | None, json: bool) -> Document:
    """A further message of the customer on a case."""
    place = Workplace(data)
    run_id = case_of(place, run_id, email)
    with place.shift() as shift:
        leg, instead = hear(place.engine, run_id, message, shift.durable.executor)
        if leg is None:
            say(instead)
            stands = standing(place.engine, run_id).end
            return shown({**shift.document(run_id), "end": stands, **({"reply": ""} if stands is None else {})}, json)
        shift.company.watchers[run_id] = Seen(json).show
        return hinted(shown(shift.work(leg), json))


def hinted(document: Document) -> Document:
    """Say how a case that waits goes on."""
    hints = {
        "awaiting_customer": "`switchboard ask --run {} …` goes on with the case.",
        "awaiting_approval": "`switchboard approve {}` shows the call and asks.",
    }
    if document["end"] in hints:
        say(hints[document["end"]].format(document["run_id"]))
    return document


def case_of(place: Workplace, run_id: str, email: str) -> str:
    """The whole id of a case to which its own customer comes back. Raises OperatorError for another one."""
    stand = standing(place.engine, run_id)
    if email.strip() and email.strip().casefold() != stand.email.casefold():
        raise OperatorError(f"{stand.run_id} was not begun with that e-mail address. Leave --email out, or ask without --run.")
    return stand.run_id


def chat_with_desk(run_id: str, mode: str, email: str, data: Path | None, json: bool) -> Document:
    """A live conversation; the first line is the opening message, or the next one of a case that is there."""
    place = Workplace(data)
    place.engine  # noqa: B018 - what cannot be opened is said before the customer has typed
    run_id = run_id and case_of(place, run_id, email)
    say("You speak as the customer. An empty line or Ctrl-D ends the conversation.")
    human, seen = AtTerminal(mode, place.called("")), Seen(json)
    if run_id:
        seen.catch_up(standing(place.engine, run_id).document["transcript"])
        with place.shift() as shift:
            talk = Conversation(shift, run_id, human, seen)
            talk.follow(talk.next_leg())
            return shown(shift.document(run_id), json)
    opening = spoken_line()
    if not opening:
        raise OperatorError("Nothing was said, so nothing was done.")
    with place.shift() as shift:
        leg = shift.open_case("desk", opening, known=known(email), human=human, on_entry=seen.show)
        Conversation(shift, leg.run_id, human, seen).follow(leg)
        return shown(shift.document(leg.run_id), json)


class Conversation:
    """A case whose customer sits here: legs are worked on here, and what others do with the case is shown as it comes."""

    def __init__(self, shift: "Shift", run_id: str, human: AtTerminal, seen: Seen) -> None:
        self._shift, self._run_id, self._human, self._seen = shift, run_id, human, seen
        self._engine = shift.company.engine
        self._told: Any = None
        self._claimed: Leg | None = None
        human.is_called_away = self._is_called_away
        shift.company.humans[run_id] = human
        shift.company.watchers[run_id] = seen.show

    def follow(self, leg: Leg | None) -> None:
        """Work on a leg and on those that come of it, until the customer leaves or the case is over."""
        while leg:
            self._shift.work(leg)
            if self._human.left:
                break
            leg = self.next_leg()
        if standing(self._engine, self._run_id).end in (None, *GOES_ON):
            say(f"The case stays. `switchboard chat --run {self._run_id}` goes on with it.")

    def next_leg(self) -> Leg | None:
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
            leg, instead = hear(self._engine, self._run_id, words, self._shift.durable.executor, self._human)
            if leg:
                return leg
            say(instead)

    def _tell(self) -> None:
        """Show what has happened since, and what the case waits for."""
        before, self._told = self._told, standing(self._engine, self._run_id)
        if self._told.end:
            self._seen.catch_up(self._told.document["transcript"])
        stands = waiting_words(self._told)
        if stands and (before is None or waiting_words(before) != stands):
            say(stands)

    def _has_news(self) -> bool:
        self._claimed = self._shift.claim(self._run_id)
        stand = standing(self._engine, self._run_id)
        return bool(self._claimed) or (stand.end is not None and stand != self._told)

    def _is_called_away(self) -> bool:
        stand = standing(self._engine, self._run_id)
        return bool(stand.held_by or stand.cancelled_by)
