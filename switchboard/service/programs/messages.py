"""What programs write for customers: each message once under its key, whoever works on it, and how its case stands then."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from switchboard.cases.intake import Also, Kept, Message, OtherMessage, Seen, cases_of, keep_once, nothing_more
from switchboard.cases.people.tried import note_by_token
from switchboard.cases.standing import end_of, new_lines, standing
from switchboard.consent.answers import stance_of
from switchboard.declare.document import Document
from switchboard.declare.transcript import Entry, as_json
from switchboard.errors import OperatorError
from switchboard.loop.summary import reply_in
from switchboard.mail.history import own_words
from switchboard.service.conversations import case_of, known, waiting_words
from switchboard.service.place import Place, case_here


@dataclass(frozen=True)
class Told:
    """A case as a program hears of it. `reply` is what its customer is told by now, also where that is only whom it waits for;
    `waits_for` says the latter alone, "" where it waits for nobody but them.
    """

    document: Document
    reply: str
    waits_for: str

    @property
    def run(self) -> int:
        """The number of its newest run."""
        return int(self.document["run_id"].rpartition(":")[2])


def own_key(protocol: str, name: str, key: str) -> str:
    """What a message is known by: keys of two who ask, or of two protocols, have nothing to do with each other."""
    return f"{protocol}:{sha256(as_json([name, key]).encode()).hexdigest()[:40]}"


def begin(
    place: Place, team: str, words: str, email: str, key: str, thread: str = "", also: Also = nothing_more, by: str = ""
) -> Kept:
    """Begin a case of a team with a message. The same key again is the same case, which is found by the key of its thread, too;
    `also` is done in the transaction that keeps it. `by` is whose token the program shows. Raises OtherMessage.
    """
    return kept(place, team, "", Message(key, words, known(email)), thread, also, by=by)


def say_more(
    place: Place,
    case_id: str,
    words: str,
    email: str,
    key: str,
    seen: Seen | None = None,
    before: Also = nothing_more,
    by: str = "",
) -> Kept:
    """A further message of a case's customer, who has `seen` as much of it, once under its key; `before` is done in the
    transaction that keeps it, and `by` is whose token the program shows. Raises OtherMessage, and what `before` does.
    """
    stand = case_of(place, case_id, email)
    return kept(place, stand.team, stand.case_id, Message(key, words, {}, seen=seen), before=before, by=by)


class SaidBefore(OperatorError):
    """Words that may be a message which was kept already."""

    def __init__(self) -> None:
        super().__init__(
            "The same was said in this case before, so it may be that message again. Send each with a key of its own."
        )


def say_alone(place: Place, case_id: str, words: str, email: str, protocol: str, name: str) -> Kept:
    """A further message of a case's customer that came without a key, and with nothing that tells it from one that was sent
    again. So in a case each is heard once, and a yes once, however it is worded. Raises SaidBefore.
    """
    is_yes = stance_of(own_words(words)) == "yes"
    key = own_key(protocol, name, as_json([case_here(place, case_id).case_id, "yes" if is_yes else words]))
    try:
        found = say_more(place, case_id, words, email, key, by=name)
    except OtherMessage:
        raise SaidBefore from None
    if not found.is_new:
        raise SaidBefore
    return found


def case_under(place: Place, key: str) -> str:
    """The case of a message, or of a thread, by its key, "" where there is none; so nobody finds that of somebody else."""
    return cases_of(place.engine, [key]).get(key, "")


def kept(
    place: Place,
    team: str,
    case_id: str,
    message: Message,
    thread: str = "",
    also: Also = nothing_more,
    before: Also = nothing_more,
    by: str = "",
) -> Kept:
    """Keep what a program writes once, in a case or as a new one, and have it worked on. Raises OtherMessage."""

    def noted(session: Session, case_id: str) -> None:
        also(session, case_id)
        note_by_token(session, case_id, by)

    found = keep_once(place.environment, team, case_id, message, thread, noted, before)
    if found.run:
        with place.worker(found.case_id) as worker:
            worker.put_on_queue()
    return found


def is_over(place: Place, case_id: str) -> bool:
    """Whether nobody works on a case at the moment, nor is about to."""
    return end_of(place.engine, case_id) is not None


def told(place: Place, case_id: str, instead: str = "") -> Told:
    """How a case stands, for its customer; `instead` is what became of their words where no run began with them."""
    stand = standing(place.engine, case_id)
    waits_for = waiting_words(stand, place.environment.teams[stand.team].language)
    said = stand.document["reply"] if stand.end else ""  # else it may be that of the words before
    return Told(stand.document, instead or said or waits_for, waits_for)


def lines_since(place: Place, case_id: str, number: int) -> list[tuple[int, Entry]]:
    """The lines of a case after one, each with its own number."""
    return new_lines(place.engine, case_id, number)


def newest_line(place: Place, case_id: str) -> int:
    """The number of the newest line of a case; what is said from now on comes after it."""
    return max((number for number, _ in new_lines(place.engine, case_id)), default=0)


def said_since(place: Place, case_id: str, number: int) -> str:
    """What was said to the customer after a line of their case, since their last words."""
    return reply_in([entry for _, entry in new_lines(place.engine, case_id, number)])
