"""What customers do: ask, come back to a case, and talk live."""

import sys
from pathlib import Path

from switchboard.cases.cases import RunRef
from switchboard.cases.standing import Standing
from switchboard.console.app import Workplace
from switchboard.console.terminal.accounts.who import at_keyboard
from switchboard.console.terminal.live.at_terminal import AtTerminal, spoken_line
from switchboard.console.terminal.live.keyboard import BrokenOff
from switchboard.console.terminal.screen import Seen, say, show_line, show_result
from switchboard.declare.document import Document
from switchboard.errors import OperatorError
from switchboard.events.rendering import Line
from switchboard.mail.received import MOST_BYTES
from switchboard.mail.settings import mail_settings, writer_from
from switchboard.service import conversations, mails
from switchboard.service.conversations import Conversation, waiting_words
from switchboard.service.mails import Incoming

HINTS = {
    "awaiting_customer": "`switchboard ask --case {} …` goes on with the case.",
    "awaiting_approval": "`switchboard approve {}` shows the call and asks.",
}


def ask_team(team: str, case_id: str, message: str, email: str, data: Path | None, json: bool) -> Document:
    """A message of a customer to a team, "" being the one that the project speaks with; or a further one on a case."""
    with_its_team(team, case_id)
    place, seen = Workplace(data), Seen(json, to_customer=True)
    if not case_id:
        document = conversations.ask(place, place.project.team_name(team), message, email, seen)
        return hinted(show_result(document, json))
    worked = conversations.ask_again(place, case_id, message, email, seen)
    if not worked.here and not json:
        show_line(Line(worked.document["team"], worked.instead, "message", ""))
    return hinted(show_result(worked.document, json))


def with_its_team(team: str, case_id: str) -> None:
    """Refuse to name a team for a case, which has one. Raises OperatorError."""
    if team and case_id:
        raise OperatorError("A case stays with its team. Leave --team out, or --case to begin a new one.")


def ask_by_mail(team: str, email: str, data: Path | None, json: bool) -> Document:
    """A whole mail on standard input: of a customer, or of a machine, which is answered with silence."""
    place, content = Workplace(data), sys.stdin.buffer.read(MOST_BYTES + 1)
    worked = mails.ask_by_mail(place, place.project.team_name(team), content, email, incoming(place), Seen(json))
    if not worked.here:
        say(worked.instead)
        return show_result(worked.document, json)
    return hinted(show_result(worked.document, json))


def incoming(place: Workplace) -> Incoming:
    """How this project takes mails in."""
    return Incoming(*writer_from(place.project.file.mail, mail_settings()))


def hinted(document: Document) -> Document:
    """Say how a case that waits goes on."""
    if document["end"] in HINTS:
        say(HINTS[document["end"]].format(document["case_id"]))
    return document


def chat_with_team(team: str, case_id: str, mode: str, email: str, data: Path | None, json: bool) -> Document:
    """A live conversation; the first line is the opening message, or the next one of a case that is there."""
    with_its_team(team, case_id)
    place = Workplace(data)
    name = "" if case_id else place.project.team_name(team)  # as what cannot be opened, said before the customer has typed
    place.engine  # noqa: B018
    before = conversations.case_of(place, case_id, email) if case_id else None
    if mode == "never":
        return _talk(place, name, before, AtTerminal(mode, place.called("")), email, json)
    with at_keyboard(place) as (operator, still_may):
        return _talk(place, name, before, AtTerminal(mode, operator, still_may), email, json)


def _talk(place: Workplace, name: str, before: Standing | None, human: AtTerminal, email: str, json: bool) -> Document:
    say("You speak as the customer. An empty line or Ctrl-D ends the conversation.")
    seen = Seen(json, to_customer=True)
    if before:
        with place.worker() as worker:
            talk = Conversation(worker, before.case_id, human, seen)
            return show_result(Chat(talk, human, seen).follow(None), json)
    opening = spoken_line()
    if not opening:
        raise OperatorError("Nothing was said, so nothing was done.")
    with place.worker() as worker:
        talk, ref = conversations.open_conversation(worker, name, opening, human, seen, email)
        return show_result(Chat(talk, human, seen).follow(ref), json)


class Chat:
    """A conversation on this terminal: what the customer types, and what others do with the case as it comes."""

    def __init__(self, talk: Conversation, human: AtTerminal, seen: Seen) -> None:
        self._talk, self._human, self._seen = talk, human, seen
        self._told = ""
        human.is_called_away = talk.is_called_away

    def follow(self, ref: RunRef | None) -> Document:
        """Work on a run, or on what goes on next, until the customer leaves or the case is over."""
        ref = ref or self.next_run()
        while ref:
            self._talk.work(ref)
            if self._human.left:
                break
            ref = self.next_run()
        if self._talk.stays():
            say(f"The case stays. `switchboard chat --case {self._talk.case_id}` goes on with it.")
        self._talk.close()
        return self._talk.document()

    def next_run(self) -> RunRef | None:
        """What goes on next: the customer's next words, or what operators decided. None when the customer leaves."""
        is_first = True
        while True:
            if self._look().end in ("failed", "cancelled", "limit", "loop"):
                return None
            if is_first:  # what they type in a row while somebody else is at the case is kept
                self._human.forget_early_words()
            is_first = False
            try:
                words = spoken_line(self._talk.has_news)
            except BrokenOff:
                if claimed := self._talk.claimed():  # the run before it may have been worked on elsewhere
                    self._seen.catch_up(self._talk.lines(self._seen.number))
                    return claimed
                continue
            if not words:
                self._human.left = True
                return None
            ref, instead = self._talk.hear(words)
            if ref:
                return ref
            say(instead)

    def _look(self) -> Standing:
        """Show what has happened since, and what the case waits for."""
        stand = self._talk.look()
        self._seen.catch_up(self._talk.lines(self._seen.number))
        waits = waiting_words(stand, self._talk.language)
        if waits and waits != self._told:
            say(waits)
        self._told = waits
        return stand
