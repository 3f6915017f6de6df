"""What customers do: ask, come back to a case, and talk live while operators elsewhere decide, speak and hand back."""

import re
from typing import TYPE_CHECKING

from switchboard.cases.cases import GOES_ON, RunRef, hear
from switchboard.cases.documents import load
from switchboard.cases.standing import Standing, new_lines, standing
from switchboard.characters import is_plain_address, same
from switchboard.declare.document import Document
from switchboard.declare.flow import CUSTOMER
from switchboard.declare.human import Human
from switchboard.declare.transcript import Entry
from switchboard.errors import OperatorError
from switchboard.events.rendering import cut
from switchboard.events.stream import Listener
from switchboard.reading.languages import language_for, said
from switchboard.service.place import Place, Worked, case_here, work

if TYPE_CHECKING:
    from switchboard.engine.worker import Worker


ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
"""All that an address must have to be taken for one; whether anybody is reached by it only a mail would tell."""
MOST_ADDRESS = 320
"""Characters of an e-mail address: 64, an @ and 255 (RFC 5321, section 4.5.3.1)."""


def known(email: str) -> dict[str, str]:
    """What is known of a customer beside their words. Raises OperatorError for what is no address, or looks like another."""
    if email.strip() and not ADDRESS.fullmatch(email.strip()):
        raise OperatorError(
            f"{cut(email.strip(), 60)!r} is no e-mail address. Write one like name@example.com, or leave it out."
        )
    if not is_plain_address(email.strip()):
        why = "it mixes the letters of several alphabets, or holds one that stands for another"
        raise OperatorError(f"{email.strip()!r} is not taken for an address: {why}. Write it out again.")
    if len(email.strip()) > MOST_ADDRESS:
        raise OperatorError(f"The address has more than {MOST_ADDRESS} characters, which none has. Write it out again.")
    return {"email": email.strip()} if email.strip() else {}


def ask(place: Place, team: str, words: str, email: str = "", listener: Listener | None = None) -> Document:
    """Let a team work on the message that opens a case."""
    with place.worker() as worker:
        return work(worker, worker.open_case(team, words, known=known(email)), listener)


def ask_again(place: Place, case_id: str, words: str, email: str = "", listener: Listener | None = None) -> Worked:
    """A further message of the customer on a case; where somebody else is at it, the reply says who, and what becomes of it."""
    case_id = case_of(place, case_id, email).case_id
    with place.worker() as worker:
        at = worker.environment
        owner = worker.workflows.executor
        ref, instead = hear(place.engine, case_id, words, owner, allows_code=at.allows_code)
        if ref:
            return Worked(work(worker, ref, listener), here=True)
        return Worked({**load(place.engine, case_id), "reply": instead}, instead=instead)


def case_of(place: Place, case_id: str, email: str = "") -> Standing:
    """The case to which its own customer comes back. Raises OperatorError for another one."""
    stand = case_here(place, case_id)
    if email.strip() and not same(email, stand.email):
        raise OperatorError(
            f"{stand.case_id} was not begun with that e-mail address. Leave --email out, or ask without --case."
        )
    if stand.parent:
        raise OperatorError(f"{stand.case_id} is a branch of {stand.parent}, in which nobody can speak. Name {stand.parent}.")
    return stand


class Conversation:
    """A case whose customer sits at this process: its runs are worked on here, and what others do with it shows up."""

    def __init__(self, worker: "Worker", case_id: str, human: Human, listener: Listener) -> None:
        self.case_id = case_id
        self._worker, self._human = worker, human
        self._seen: Standing | None = None
        self._claimed: RunRef | None = None
        worker.environment.humans[case_id] = human
        self._leave = worker.environment.stream.listen(listener, case_id)

    @property
    def language(self) -> str:
        """That of the team which the customer talks to."""
        return self._worker.environment.teams[self._stands().team].language

    def close(self) -> None:
        """The customer is gone; the case goes on without them."""
        self._leave()
        self._worker.environment.humans.pop(self.case_id, None)

    def look(self) -> Standing:
        """How the case stands; what comes later is news."""
        self._seen = self._stands()
        return self._seen

    def lines(self, number: int) -> list[tuple[int, Entry]]:
        """The lines after an entry's number, whoever made them, each with its own."""
        return new_lines(self._worker.environment.engine, self.case_id, number)

    def hear(self, words: str) -> tuple[RunRef | None, str]:
        """The customer's next words: the run that they begin, or what becomes of them instead."""
        worker, at = self._worker, self._worker.environment
        owner = worker.workflows.executor
        return hear(at.engine, self.case_id, words, owner, self._human, allows_code=at.allows_code)

    def work(self, ref: RunRef) -> Document:
        """Work on a run, with the customer here for it, and on what follows at once."""
        return self._worker.work(ref)

    def has_news(self) -> bool:
        """Whether something has happened elsewhere since one looked. A run that somebody has begun and nobody works on is
        taken for this process, and `claimed` gives it.
        """
        self._claimed = self._worker.claim(self.case_id)
        stand = self._stands()
        return bool(self._claimed) or (stand.end is not None and stand != self._seen)

    def claimed(self) -> RunRef | None:
        """The run that `has_news` has taken for this process, once."""
        claimed, self._claimed = self._claimed, None
        return claimed

    def is_called_away(self) -> bool:
        """Whether an operator has the case by now, or wants it ended."""
        stand = self._stands()
        return bool(stand.held_by or stand.cancelled_by)

    def stays(self) -> bool:
        """Whether the case is not over when the customer leaves."""
        return self._stands().end in (None, *GOES_ON)

    def document(self) -> Document:
        return self._worker.document(self.case_id)

    def _stands(self) -> Standing:
        return standing(self._worker.environment.engine, self.case_id)


def open_conversation(
    worker: "Worker", team: str, words: str, human: Human, listener: Listener, email: str = ""
) -> tuple[Conversation, RunRef]:
    """A new case whose customer sits here, and its first run, which is still to be worked on."""
    ref = worker.open_case(team, words, known=known(email), human=human)
    return Conversation(worker, ref.case_id, human, listener), ref


def waiting_words(stand: Standing, ours: str) -> str:
    """What a case waits for, in words for whoever looks at it; "" where it waits for nobody but the customer."""
    theirs = [line for line in stand.document["transcript"] if line["speaker"] == CUSTOMER and line["kind"] == "message"]
    language = language_for((line["text"] for line in reversed(theirs)), ours)
    if stand.held_by:
        return said("case.with_operator", language, who=stand.held_by)
    if stand.is_with_human:
        return said("case.with_human", language)
    if stand.end is None:
        return said("case.being_worked_on", language)
    if stand.approvals:
        waiting = (line for line in stand.document["transcript"] if line.get("status") == "waiting")
        named = [line["called"] for line in waiting if line.get("called")]
        asked = named[-1] if named else stand.approvals[0].tool.replace("_", " ")
        return said("case.waits_for", language, call=asked)
    return ""
